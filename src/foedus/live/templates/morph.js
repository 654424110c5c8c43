// Make what is on the page say what a new fragment says, changing as little as can be: what is
// open stays open, what has the focus keeps it, and a chart stays drawn. What is sent later stays
// until it is sent anew.

const name = (node) => node.id || node.dataset?.chart || node.dataset?.save || "";
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && name(a) === name(b);
const KEPT = new Set(["open", "hidden"]);  // what a reader, or the script that draws, has set

const attributes = (from, to) => {
  for (const { name: each, value } of to.attributes) {
    if (!KEPT.has(each) && from.getAttribute(each) !== value) from.setAttribute(each, value);
  }
  for (const { name: each } of [...from.attributes]) {
    if (!KEPT.has(each) && !to.hasAttribute(each)) from.removeAttribute(each);
  }
};

const children = (from, to) => {
  const wanted = [...to.childNodes];
  wanted.forEach((each, i) => {
    const there = from.childNodes[i];
    if (!there) from.append(each.cloneNode(true));
    else if (!alike(there, each)) there.replaceWith(each.cloneNode(true));
    else if (each.nodeType !== Node.ELEMENT_NODE) {
      if (there.nodeValue !== each.nodeValue) there.nodeValue = each.nodeValue;
    } else if (!("later" in there.dataset)) {
      attributes(there, each);
      if (!there.dataset.chart) children(there, each);
    }
  });
  while (from.childNodes.length > wanted.length) from.lastChild.remove();
};

export const morph = (element, html) => {
  const made = document.createElement("template");
  made.innerHTML = html;
  children(element, made.content);
};
