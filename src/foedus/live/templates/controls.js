// The widgets of each control. A control's value is a text, written as in the address of the page:
// "0.02~0.08" is a range, "0.05" one value, "defence,none" a choice, "5 %" a margin.

const STEPS = 1000;
const made = new Map();  // by key: { box, setting, show, text }
let tell = () => {};

const tidy = (x) => Number(x.toPrecision(12));
const readable = (x) => x.toLocaleString("en", { maximumSignificantDigits: 6 }).replace("-", "−");
const element = (kind, properties, ...inside) => {
  const found = Object.assign(document.createElement(kind), properties);
  found.append(...inside);
  return found;
};

const place = ([low, high], log) => (log
  ? { at: (x) => STEPS * Math.log(x / low) / Math.log(high / low),
      of: (p) => Number((low * (high / low) ** (p / STEPS)).toPrecision(3)) }
  : { at: (x) => STEPS * (x - low) / (high - low),
      of: (p) => {
        const step = 10 ** Math.floor(Math.log10((high - low) / 100));
        return tidy(Math.min(high, Math.max(low, Math.round((low + (high - low) * p / STEPS) / step) * step)));
      } });

const range = (box, setting) => {
  const { key, title, factor, unit, ends, log, axis, own } = setting;
  let { at, of } = place(axis, log);
  // A number may be typed that lies beyond what the sliders reach: they then reach as far.
  const reach = () => {
    const known = values.filter(Number.isFinite);
    const wide = [Math.min(axis[0], ...known), Math.max(axis[1], ...known)];
    if (!log || wide[0] > 0) ({ at, of } = place(wide, log));
  };
  const sliders = element("div", { className: "sliders" });
  const band = element("span", { className: "band", ariaHidden: "true" });
  const numbers = element("div", { className: "numbers" });
  const fix = element("input", { type: "checkbox" });
  const fixed = element("label", { className: "fix" }, fix, " one value");
  box.querySelector(".title").after(sliders, numbers);
  let values = [];

  const text = () => values.map((x) => (Number.isFinite(x) ? String(tidy(x)) : "?")).join("~");
  const paint = () => {
    const from = values.length > 1 ? at(values[0]) : 0;
    const to = at(values.at(-1));
    band.style.left = `${Math.max(0, Math.min(100, from / 10))}%`;
    band.style.right = `${Math.max(0, Math.min(100, 100 - to / 10))}%`;
    sliders.querySelectorAll("input").forEach((slider, i) => {
      slider.value = at(values[i]);
      slider.ariaValueText = `${readable(values[i] * factor)} ${unit}`;
    });
    numbers.querySelectorAll("input[type=text]").forEach((number, i) => {
      if (document.activeElement !== number) number.value = String(tidy(values[i] * factor));
    });
    fix.checked = values.length === 1;
  };
  let halfway = false;
  const say = () => {
    if (halfway) tell(key, text(), false);
    halfway = false;
  };
  numbers.addEventListener("focusout", ({ relatedTarget }) => {
    if (!numbers.contains(relatedTarget)) say();
  });
  const slide = (i, slider, dragging) => {
    const low = i > 0 ? values[i - 1] : -Infinity;
    const high = i < values.length - 1 ? values[i + 1] : Infinity;
    values[i] = Math.min(high, Math.max(low, of(Number(slider.value))));
    paint();
    tell(key, text(), dragging);
  };
  const build = () => {
    sliders.replaceChildren(band);
    numbers.replaceChildren();
    ends[values.length].forEach((end, i) => {
      const slider = element("input", { type: "range", min: 0, max: STEPS, step: 1,
        ariaLabel: `${title}: ${end}` });
      slider.addEventListener("input", () => slide(i, slider, true));
      slider.addEventListener("change", () => tell(key, text(), false));
      sliders.append(slider);
      const number = element("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
      number.addEventListener("change", () => {
        values[i] = Number(number.value.trim().replace("−", "-") || NaN) / factor;
        reach();
        paint();
        // Of a range whose ends are typed one after the other, what is half-way is not yet said.
        halfway = values.some((x, j) => j > 0 && x < values[j - 1]);
        if (!halfway) tell(key, text(), false);
      });
      number.addEventListener("keydown", (event) => {
        if (event.key === "Enter") setTimeout(say);  // after what was typed has changed the range
      });
      numbers.append(element("label", {}, `${end} `, number));
    });
    numbers.append(element("span", { className: "unit" }, unit), fixed);
  };
  fix.addEventListener("change", () => {
    const ownRange = own.split("~").map(Number);
    const width = (axis[1] - axis[0]) / 8;
    if (fix.checked) {
      const [low, high] = [values[0], values.at(-1)];
      values = [values.length === 3 ? values[1] : tidy(log ? Math.sqrt(low * high) : (low + high) / 2)];
    } else if (ownRange.length > 1) values = ownRange;
    else values = log ? [values[0] / 1.5, values[0] * 1.5].map(tidy)
      : [Math.max(axis[0], values[0] - width), Math.min(axis[1], values[0] + width)].map(tidy);
    build();
    paint();
    tell(key, text(), false);
    fix.focus();
  });
  return (said) => {
    const next = said.split("~").map(Number);
    if (next.length > 3) return;
    const rebuild = next.length !== values.length;
    values = next;
    halfway = false;
    reach();
    if (rebuild) build();
    paint();
  };
};

const choice = (box, { key }) => {
  const boxes = [...box.querySelectorAll(".choices input")];
  for (const each of boxes) {
    each.addEventListener("change", () => {
      tell(key, boxes.filter((b) => b.checked).map((b) => b.value).join(","), false);
    });
  }
  return (said) => {
    const on = new Set(said.split(","));
    for (const each of boxes) each.checked = on.has(each.value);
  };
};

const margin = (box, { key, title, factor, unit, suffix }) => {
  const number = element("input", { type: "text", inputMode: "decimal", autocomplete: "off",
    ariaLabel: title });
  number.addEventListener("change", () => {
    const value = Number(number.value.trim().replace("−", "-") || NaN) / factor;
    tell(key, (Number.isFinite(value) ? String(tidy(value)) : "?") + suffix, false);
  });
  box.querySelector(".title").after(element("div", { className: "numbers" }, number,
    element("span", { className: "unit" }, unit)));
  return (said) => {
    if (document.activeElement !== number) number.value = String(tidy(parseFloat(said) * factor));
  };
};

const KINDS = { range, choice, margin };

// `starts` says where a lever begins that an option does not set yet.
export const setUp = (changed, starts) => {
  tell = changed;
  for (const box of document.querySelectorAll("[data-control]")) {
    const setting = JSON.parse(box.dataset.control);
    const show = KINDS[setting.kind](box, setting);
    made.set(setting.key, { box, setting, show });
    show(setting.own || starts[setting.key.split(":")[2]] || "");
    box.querySelector("[data-reset]").addEventListener("click", () => tell(setting.key, null, false));
  }
  for (const select of document.querySelectorAll("[data-add]")) {
    select.addEventListener("change", () => {
      const key = select.value;
      select.value = "";
      if (key) tell(key, starts[key.split(":")[2]], false);
      made.get(key)?.box.querySelector("input").focus();
    });
  }
};

export const own = (key) => made.get(key)?.setting.own;

// Show what a state says; a control it does not name shows what the case says.
export const showAll = (edits) => {
  for (const [key, { box, setting, show }] of made) {
    const said = edits.get(key);
    if (box.dataset.unset !== undefined) box.hidden = said === undefined;
    if (said !== undefined || setting.own || setting.kind === "choice") show(said ?? setting.own);
    box.querySelector("[data-reset]").hidden = said === undefined;
    box.classList.toggle("moved", said !== undefined);
  }
};

export const complain = (problems) => {
  const rest = [];
  for (const { box } of made.values()) box.querySelector(".problem").hidden = true;
  for (const { control, what, hint } of problems) {
    const box = made.get(control)?.box;
    const words = hint ? `${what}: ${hint}` : what;
    if (!box) rest.push(words);
    else Object.assign(box.querySelector(".problem"), { textContent: words, hidden: false });
  }
  return rest;
};

// A change in words: what it is of, and what it says now.
export const inWords = (key, said) => {
  const found = made.get(key);
  if (!found) return { title: key, now: said };
  const { title, factor, unit, kind } = found.setting;
  if (kind === "choice") {
    return { title, now: said ? said.split(",").map((each) => each.replaceAll("_", " ")).join(", ") : "none" };
  }
  const numbers = said.split("~").map((x) => readable(parseFloat(x) * factor));
  const ends = numbers.length > 1 ? `${numbers[0]} to ${numbers.at(-1)}` : numbers[0];
  return { title, now: `${ends} ${unit}`.trim() };
};

export const goTo = (key) => {
  const box = made.get(key)?.box;
  if (!box) return;
  for (let up = box.parentElement; up; up = up.parentElement) if (up.matches("details")) up.open = true;
  if (box.hidden) box.closest(".group").querySelector("[data-add]").focus();
  else box.querySelector("input").focus({ preventScroll: true });
  box.scrollIntoView({ block: "center" });
  box.classList.remove("pointed");
  requestAnimationFrame(() => box.classList.add("pointed"));
};

export const find = (words) => {
  let found = 0;
  const wanted = words.trim().toLowerCase();
  for (const { box, setting } of made.values()) {
    if (!box.closest(".moving")) continue;
    const fits = !wanted || `${setting.title} ${setting.key}`.toLowerCase().includes(wanted);
    box.classList.toggle("not-found", !fits);
    found += fits && !box.hidden;
  }
  for (const group of document.querySelectorAll(".moving .group")) {
    const any = group.querySelector("[data-control]:not(.not-found):not([hidden])");
    group.hidden = Boolean(wanted) && !any;
    if (wanted) group.open = Boolean(any);
  }
  return found;
};
