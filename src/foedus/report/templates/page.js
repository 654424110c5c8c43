"use strict";
// Draw every chart of the page; the specifications stand in the page itself.
const specs = JSON.parse(document.getElementById("charts").textContent);
for (const [name, spec] of Object.entries(specs)) {
  const box = document.getElementById(name);
  if (box) {
    vegaEmbed(box, spec, { renderer: "svg", ast: false, actions: { export: true, source: false, compiled: false, editor: false } })
      .catch((error) => { box.textContent = "This chart could not be drawn: " + error.message; });
  }
}
const filter = document.getElementById("filter");
if (filter) {
  filter.addEventListener("change", () => {
    for (const card of document.querySelectorAll("article.claim")) {
      card.hidden = filter.value !== "" && card.dataset.headline !== filter.value;
    }
  });
}
