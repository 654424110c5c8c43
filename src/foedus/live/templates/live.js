// The page one plays with: what was changed is in the address, the server is asked what follows,
// and the page is changed in place. `page.js`, the report's own script, draws the charts.
import { complain, find, goTo, inWords, own, setUp, showAll } from "./controls.js";
import { morph } from "./morph.js";

const $ = (id) => document.getElementById(id);
const settings = JSON.parse($("live-data").textContent);
const results = $("results");
const { specs, views, draw } = window.foedus;
const WAIT = 40;  // milliseconds between a movement and the question it asks: few movements come closer
const REST = 500;  // milliseconds without a movement until what takes longer is asked

let edits = new Map();
let against = null;  // a state to compare with; null for the case as written
let madeFor = settings.case;  // the case file that the state was made with: another one is told
let last = "";  // the state before the movement under way
const past = [];
const future = [];

// ---- The state and the address

const coded = (text) => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
const listed = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${coded(k)}=${coded(v)}`);
const query = () => {
  const parts = listed(edits);
  if (against !== null) parts.push(`vs=${coded(against)}`);
  return parts.length ? [`v=1`, `case=${madeFor}`, ...parts].join("&") : "";
};
const take = (said) => {
  edits = new Map(new URLSearchParams(said));
  against = edits.get("vs") ?? null;
  madeFor = edits.get("case") ?? settings.case;
  for (const key of ["v", "case", "vs"]) edits.delete(key);
};

const showState = () => {
  const said = query();
  history.replaceState(null, "", said ? `?${said}` : location.pathname);
  $("save").href = `/case.yaml${said ? `?${said}` : ""}`;
  $("undo").disabled = past.length === 0;
  $("redo").disabled = future.length === 0;
  $("reset").disabled = edits.size === 0;
  $("pin").ariaPressed = String(against !== null);
  $("pin").textContent = against === null ? "Compare from here" : "Stop comparing";
  $("changed").hidden = edits.size === 0;
  $("changed").querySelector("ul").replaceChildren(...[...edits].map(([key, value]) => {
    const { title, now } = inWords(key, value);
    const line = Object.assign(document.createElement("li"), {});
    const back = Object.assign(document.createElement("button"), {
      type: "button", textContent: "×", ariaLabel: `Back to the case: ${title}`,
    });
    back.addEventListener("click", () => change(key, null, false));
    const link = Object.assign(document.createElement("a"), { href: "#", textContent: title });
    link.dataset.go = key;
    line.append(back, " ", link, `: ${now}`);
    return line;
  }));
};

// Key presses that move one control on and on are one step back.
let stepped = { key: "", at: 0 };
const commit = (key = "") => {
  const now = query();
  if (now === last) return;
  const same = key !== "" && key === stepped.key && Date.now() - stepped.at < 1000;
  if (!same) past.push(last);
  stepped = { key, at: Date.now() };
  future.length = 0;
  last = now;
};

const change = (key, value, dragging) => {
  if (value === null || value === own(key)) edits.delete(key);
  else edits.set(key, value);
  if (!dragging) commit(key);
  if (!dragging || value === null) showAll(edits);
  showState();
  soon(dragging);
};

const go = (from, to) => {
  if (!from.length) return;
  stepped.key = "";
  to.push(last);
  last = from.pop();
  take(last);
  showAll(edits);
  showState();
  soon(false);
};

// ---- Asking, and showing the answer

let timer = null;
let asking = null;  // the question under way
let answering = false;  // whether questions are being asked, one after the other
let again = false;  // something moved since the last was asked
let worlds = settings.worlds;  // that are shown
let wanted = settings.usual;

const soon = (dragging) => {
  if (!dragging) wanted = settings.usual;
  unsettled();
  again = true;
  if (asking && asking.worlds > settings.preview) asking.stop.abort();  // it is of no use any more
  clearTimeout(timer);
  timer = setTimeout(answerAll, WAIT);
};

// One question at a time, a small one to its end while a hand moves: else none would be answered.
// Once nothing has moved since, larger ones: what was played before is part of them.
const answerAll = async () => {
  if (answering) return;
  answering = true;
  let answered = true;
  do {
    again = false;
    answered = await ask(settings.preview);
  } while (again);
  answering = false;
  for (const count of [...settings.closer, wanted]) if (answered && !again) answered = await ask(count);
};

const opened = () => [...document.querySelectorAll(".claim-row[open]")].slice(-8).map((row) => row.dataset.claimRow);
const asked = (count) => ({
  method: "POST", headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    state: query(), worlds: count, outcome: $("outcome-name").value, shapes: shapes(), claims: opened(),
  }),
});

const ask = async (count) => {
  asking?.stop.abort();
  const mine = { worlds: count, stop: new AbortController() };
  asking = mine;
  busy(true);
  try {
    const response = await fetch("/play", { ...asked(count), signal: mine.stop.signal });
    const answer = await response.json();
    if (asking !== mine) return false;
    if (response.status === 503 || response.status === 429) {  // others are before us
      notice(answer.refused);
      setTimeout(() => soon(true), 1000);
      return false;
    }
    if (!response.ok) return refused(answer);
    await apply(answer);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") refused({ refused: `The server does not answer (${error.message}). Is foedus still running?` });
    return false;
  } finally {
    if (asking === mine) {
      asking = null;
      busy(false);
    }
  }
};

const busy = (is) => {
  results.ariaBusy = String(is);
  $("count").textContent = is && asking
    ? `Playing ${asking.worlds.toLocaleString("en")} worlds …`
    : `${worlds.toLocaleString("en")} worlds`;
};

const notice = (words) => {
  $("notice").textContent = words;
  $("notice").hidden = !words;
};

const refused = ({ problems = [], refused: why = "" }) => {
  const rest = complain(problems);
  if (why) rest.push(why);
  notice(rest.join(" "));
  results.classList.add("stale");
  $("save").ariaDisabled = "true";
  return false;
};

const apply = async (answer) => {
  complain([]);
  const left = answer.refused ? `${answer.refused.toLocaleString("en")} of ${answer.worlds.toLocaleString("en")} worlds could not be computed and are left out: their numbers contradict one another.` : "";
  notice([answer.note, left].filter(Boolean).join(" "));
  results.classList.remove("stale");
  $("save").ariaDisabled = "false";
  worlds = answer.worlds;
  results.dataset.worlds = worlds;
  results.dataset.state = query();
  $("more").hidden = worlds >= settings.most;
  for (const [id, html] of Object.entries(answer.html)) if ($(id)) morph($(id), html);
  await drawAll(answer.charts);
  followed();
  if (worlds >= settings.usual) settle();
};

// ---- What takes longer, once nothing moves: when claims break, when help comes

let rest = null;
let looking = null;  // the question under way
let settled = "";  // what the last was asked about

const late = () => document.querySelectorAll("[data-later]");
const unsettled = () => {
  clearTimeout(rest);
  looking?.abort();
  for (const each of late()) each.classList.add("stale");
};
const settle = (wait = REST) => {
  clearTimeout(rest);
  rest = setTimeout(askLater, wait);
};

const askLater = async () => {
  const about = JSON.stringify([query(), worlds, opened()]);
  if (about !== settled) {
    looking?.abort();
    const mine = new AbortController();
    looking = mine;
    try {
      const response = await fetch("/later", { ...asked(worlds), signal: mine.signal });
      if (response.status === 503 || response.status === 429) return settle(1000);
      if (!response.ok) return;
      const answer = await response.json();
      if (mine.signal.aborted) return;
      for (const [id, html] of Object.entries(answer.html)) if ($(id)) morph($(id), html);
      await drawAll(answer.charts);
    } catch (error) {
      if (error.name !== "AbortError") console.info(`not worked out: ${error.message}`);
      return;
    }
    if (mine.signal.aborted) return;
    settled = about;
  }
  for (const each of late()) each.classList.remove("stale");
  results.dataset.settled = query();
};

// ---- Charts: rows alone where the shape is known, else drawn anew

const shapes = () => Object.fromEntries(
  Object.entries(specs).filter(([name]) => views.has(name)).map(([name, spec]) => [name, spec.usermeta?.shape ?? ""]),
);

const forget = async (name) => {
  const view = await views.get(name)?.catch(() => null);
  view?.finalize();
  views.delete(name);
};

let drawing = Promise.resolve();  // one after the other: two would draw into the same boxes
const drawAll = (charts) => {
  drawing = drawing.then(() => drawThem(charts)).catch(console.error);
  return drawing;
};
const drawThem = async (charts) => {
  for (const [name, { shape, data, spec }] of Object.entries(charts)) {
    if (spec) {
      specs[name] = { ...spec, datasets: data, usermeta: { shape } };
      await forget(name);
      document.querySelector(`[data-chart="${CSS.escape(name)}"]`)?.replaceChildren();
    } else {
      specs[name].datasets = data;
      const view = await views.get(name);
      for (const [rows, values] of Object.entries(data)) view?.data(rows, values);
      await view?.runAsync();
    }
  }
  const boxes = [...document.querySelectorAll("[data-chart]")];
  const there = new Set(boxes.map((box) => box.dataset.chart));
  for (const name of [...views.keys()]) if (!there.has(name)) await forget(name);
  for (const box of boxes) {
    if (!box.firstChild) await forget(box.dataset.chart);
    if (specs[box.dataset.chart]) await draw(box).catch(console.error);
  }
};

// ---- The claim one follows, kept in sight on a narrow page

let followedClaim = null;
const followed = () => {
  const row = followedClaim && document.querySelector(`[data-claim-row="${CSS.escape(followedClaim)}"]`);
  const name = row?.querySelector("[data-headline]");
  $("follow").hidden = !name;
  if (!name) return;
  const share = row.querySelector("data").textContent;
  $("follow").className = `follow tone-${name.dataset.tone}`;
  $("follow").textContent = `${followedClaim}: ${name.dataset.headline}, ${share} of worlds`;
};

// ---- Hands

if (matchMedia("(max-width: 56rem)").matches) $("moving").open = false;  // a phone shows what follows first
setUp(change, settings.starts);
take(location.search.slice(1));
last = query();
showAll(edits);
showState();
busy(false);

$("undo").addEventListener("click", () => go(past, future));
$("redo").addEventListener("click", () => go(future, past));
$("reset").addEventListener("click", () => {
  edits.clear();
  madeFor = settings.case;
  commit();
  showAll(edits);
  showState();
  soon(false);
});
$("pin").addEventListener("click", () => {
  against = against === null ? listed(edits).join("&") : null;
  commit();
  showState();
  soon(false);
});
$("share").addEventListener("click", async () => {
  const button = $("share");
  await navigator.clipboard?.writeText(location.href).then(
    () => { button.textContent = "Copied"; },
    () => { button.textContent = "Copy the address above"; },
  );
  setTimeout(() => { button.textContent = "Copy link"; }, 1500);
});
$("save").addEventListener("click", (event) => {
  if ($("save").ariaDisabled === "true") event.preventDefault();
});
$("more").addEventListener("click", () => {
  wanted = settings.most;
  ask(wanted);
});
$("outcome-name").addEventListener("change", () => ask(worlds));
$("find").addEventListener("input", () => {
  $("none-found").hidden = find($("find").value) > 0;
});
for (const row of document.querySelectorAll(".claim-row")) {
  row.addEventListener("toggle", () => {
    if (!row.open) return;
    followedClaim = row.dataset.claimRow;
    followed();
    ask(worlds);
  });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  if (!link) return;
  event.preventDefault();
  if ($("find").value) {
    $("find").value = "";
    find("");
  }
  goTo(link.dataset.go);
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text], input[type=search]")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) go(future, past);
  else go(past, future);
});

soon(false);
