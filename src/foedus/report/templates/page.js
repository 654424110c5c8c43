(() => {
  "use strict";
  const specs = JSON.parse(document.getElementById("chart-data").textContent);
  const boxes = [...document.querySelectorAll("[data-chart]")];
  const views = new Map();

  // Vega reads its charts without eval, so that a strict content security policy can stand.
  const options = {
    renderer: "svg", actions: false, ast: true, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },  // the style sheet has it: a page may allow no other
  };
  const draw = (box) => {
    const name = box.dataset.chart;
    if (!views.has(name)) {
      // A box inside the box: Vega renames what it draws in, and the outer one has the words.
      const inner = box.appendChild(document.createElement("div"));
      const spec = structuredClone(specs[name]);
      // A map is as high as it is wide, times its aspect; its key stands above it.
      if (spec.usermeta?.aspect) spec.height = 40 + Math.round(box.clientWidth * spec.usermeta.aspect);
      // Small multiples: as many side by side as there is room for, each as wide as that leaves.
      if (spec.facet) {
        const wide = box.clientWidth - 50, columns = Math.max(2, Math.floor(wide / 170));
        Object.assign(spec, { columns });
        spec.spec.width = Math.floor(wide / columns) - 22;
      }
      views.set(name, vegaEmbed(inner, spec, options).then((made) => {
        const save = document.querySelector(`[data-save="${CSS.escape(name)}"]`);
        if (save) save.hidden = false;
        return made.view;
      }).catch((error) => {
        inner.textContent = `This chart could not be drawn: ${error.message}`;
        throw error;
      }));
    }
    return views.get(name);
  };

  // What is in sight first, then the rest, so that print and search find every chart drawn.
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target).catch(() => {});
  }, { rootMargin: "300px" });
  const watch = (root) => {
    for (const box of root.querySelectorAll("[data-chart]")) seen.observe(box);
  };
  watch(document);
  window.foedus = { specs, views, draw, watch };  // the live page changes what is drawn
  const rest = async () => {
    for (const box of boxes) {
      await draw(box).catch(console.error);
      await new Promise((next) => setTimeout(next));
    }
    document.documentElement.dataset.charts = "drawn";
  };
  rest();

  const saveAs = (name, url) => {
    const link = Object.assign(document.createElement("a"), { download: name, href: url });
    document.body.append(link);
    link.click();
    link.remove();
  };
  const field = (value) => {
    const said = value === null || value === undefined ? "" : String(value);
    return /[",\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
  };
  // The shapes of a map are no numbers of this run; everything else that is drawn is kept.
  const largest = (spec) => Object.values(spec.datasets ?? {})
    .filter((rows) => !rows[0]?.geometry)
    .reduce((most, rows) => (rows.length > most.length ? rows : most), []);
  const csv = (rows) => {
    const told = (name) => typeof rows[0][name] === "string";
    const names = Object.keys(rows[0] ?? {}).sort((a, b) =>
      told(b) - told(a) || a.localeCompare(b, "en", { numeric: true }));
    const lines = [names, ...rows.map((row) => names.map((each) => row[each]))];
    return lines.map((line) => line.map(field).join(",")).join("\r\n");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-as]");
    if (!button) return;
    const name = button.closest("[data-save]").dataset.save;
    const as = button.dataset.as;
    if (as === "csv") {
      const text = new Blob([csv(largest(specs[name]))], { type: "text/csv" });
      const url = URL.createObjectURL(text);
      saveAs(`${name}.csv`, url);
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    } else {
      const view = await views.get(name);
      saveAs(`${name}.${as}`, await view.toImageURL(as, 2));
    }
  });

  const filter = document.getElementById("filter");
  if (filter) {
    filter.hidden = false;
    const claims = [...document.querySelectorAll("[data-claim]")];
    const wanted = (claim) => {
      const words = filter.elements.text.value.trim().toLowerCase();
      return ["headline", "kind", "by"].every((key) => {
        const value = filter.elements[key].value;
        return !value || claim.dataset[key] === value;
      }) && claim.textContent.toLowerCase().includes(words);
    };
    const apply = () => {
      for (const claim of claims) claim.hidden = !wanted(claim);
      const shown = claims.filter((claim) => !claim.hidden).length;
      filter.elements.count.value = `${shown} of ${claims.length} claims`;
    };
    filter.addEventListener("input", apply);
    filter.addEventListener("submit", (event) => event.preventDefault());
    // A link to a claim that the filter hides must still lead there.
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.hidden) {
        filter.reset();
        apply();
        target.scrollIntoView();
      }
    });
  }

  const closed = [];
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      closed.push(each);
      each.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const each of closed.splice(0)) each.open = false;
  });
})();
