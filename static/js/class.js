// A class in the browser: the grid (and a task's) by keys like a spreadsheet's, the list of one competency by taps.
// Marks go through the outbox, so they outlive the connection; what colleagues record arrives row by row.
//   table#class-grid   data-rate, -rest, -take-back: addresses (none: read only); data-rows or data-task: how it refreshes
//   ul#record          the same addresses; each li holds a form[data-rate-one]
// Without this file every act works by the plain forms of the list.

import * as outbox from "./outbox.js";

const grid = document.getElementById("class-grid");
const list = document.getElementById("record");
const place = grid ?? list;
const { rate, rest, takeBack, task = "" } = place?.dataset ?? {};
const words = document.getElementById("words")?.dataset ?? {};
const undo = document.querySelector("[data-undo]");
const rows = document.getElementById("rows");
let newest = 0; // the version that the answers to my own marks told of: what was fetched before is old
const acts = []; // what this page recorded, oldest first: {key, cells: [[learner, competency]], evidence, before}

const say = (text, level) => document.dispatchEvent(new CustomEvent("trellis:notice", { detail: { text, level } }));
const keyOf = (learner, competency) => `${rate}#${learner}/${competency}${task && `/${task}`}`;
const ofTask = task ? [["task", task]] : [];
const UNSAVED = ["unsaved", "signed-out", "refused", "denied"];

// --- Recording --------------------------------------------------------------------------------------------------------

function record(learner, competency, level, said = {}) {
  const key = keyOf(learner, competency);
  const fields = [["learner", learner], ["competency", competency], ["level", level], ...ofTask, ...Object.entries(said)];
  remember({ key, learner, competency });
  outbox.send({ key, url: rate, fields, base: 0, label: nameOf(learner) });
}

function recordRest(competency, level) {
  const key = `${rest}#${outbox.newId()}`;
  remember({ key });
  outbox.send({ key, url: rest, fields: [["competency", competency], ["level", level], ...ofTask], base: 0, label: "" });
}

function remember(act) {
  acts.push(act);
  if (undo) undo.hidden = false;
}

/** Takes back the last thing recorded here: what was not sent yet is dropped, what was is taken back by the server. */
function undoLast() {
  const last = acts.pop();
  if (undo) undo.hidden = acts.length === 0;
  if (!last) return;
  if (last.evidence) {
    const fields = last.evidence.map((one) => ["evidence", one]);
    if (fields.length) outbox.send({ key: `${takeBack}#${outbox.newId()}`, url: takeBack, fields, base: 0, label: "" });
  } else {
    outbox.discard(last.key);
  }
  if (last.learner) restore(last);
}

undo?.addEventListener("click", undoLast);
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (!rate || typing || event.altKey) return;
  if (event.key === "u" && !event.ctrlKey && !event.metaKey) undoLast();
  else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undoLast();
  else return;
  event.preventDefault();
});

document.addEventListener("outbox:answer", ({ detail: { entry, body } }) => {
  if (![rate, rest, takeBack].includes(entry.url)) return;
  const act = acts.find((one) => one.key === entry.key && !one.evidence);
  if (act) act.evidence = body.evidence ?? [];
  newest = Math.max(newest, body.version);
  if (entry.url === rest) say(words.rest);
  for (const cell of body.cells ?? []) show(...cell);
});

document.addEventListener("outbox:state", ({ detail: { key, state, sentence } }) => {
  if (state === "refused") say(sentence, "warning");
  if (state === "signed-out") say(words.signedOut, "warning");
  if (state === "denied") say(words.denied, "warning");
  const [learner, competency] = key.startsWith(`${rate}#`) ? key.slice(rate.length + 1).split("/") : [];
  const cell = learner && (grid ? cellOf(learner, competency) : itemOf(learner));
  cell?.classList.toggle("saving", state === "queued");
  cell?.classList.toggle("unsaved", UNSAVED.includes(state));
});

// --- Either page ------------------------------------------------------------------------------------------------------

const itemOf = (learner) => list?.querySelector(`li[data-l="${learner}"]`);
const rowOf = (learner) => rows?.querySelector(`tr[data-l="${learner}"]`);
const nameOf = (learner) => (rowOf(learner)?.cells[0] ?? itemOf(learner)?.querySelector("a"))?.textContent ?? "";

function show(learner, competency, html, shape, said) {
  if (outbox.entry(keyOf(learner, competency))) return; // a newer mark of mine is on its way
  if (grid) {
    const td = cellOf(learner, competency);
    if (td) swap(td, html);
  } else if (competency === list?.dataset.competency) {
    const item = itemOf(learner);
    if (!item) return;
    item.querySelector("[data-ring]").className = `lv ${shape}`;
    item.querySelector("[data-state]").textContent = said;
    press(item, /data-m=(\d)/.exec(html)?.[1]);
  }
}

function restore({ learner, competency }) {
  if (grid) {
    const td = cellOf(learner, competency);
    td?.removeAttribute("data-m");
    td?.classList.remove("saving", "unsaved");
    if (td) go(td);
    refresh([learner]);
  } else {
    press(itemOf(learner), null);
  }
}

const press = (item, level) => {
  for (const button of item?.querySelectorAll("button[name=level]") ?? []) {
    button.setAttribute("aria-pressed", String(button.value === String(level)));
  }
};

// --- The grid ---------------------------------------------------------------------------------------------------------

const heads = grid ? [...grid.tHead.rows[0].cells] : [];
const isMark = (td) => td?.matches("td:not(.g)");
const skills = []; // the competency of each column, as the list of skills names them
const readSkills = () => skills.splice(0, skills.length, "", ...[...document.querySelectorAll("[data-part=columns] a")].map((one) => one.pathname.split("/").at(-2)));
const competencyOf = (td) => skills[td.cellIndex];
const learnerOf = (td) => td.parentElement.dataset.l;
const bar = document.querySelector("[data-mark-bar]");
let current = null;

function cellOf(learner, competency) {
  const n = skills.indexOf(competency);
  return n > 0 ? rowOf(learner)?.cells[n] : undefined;
}

/** One cell of the grid is reached by Tab; arrows move on from there. */
function go(td, focus = true) {
  if (!isMark(td)) return;
  if (current && current !== td) current.tabIndex = -1;
  current = td;
  td.tabIndex = 0;
  if (focus) td.focus();
  if (focus && bar) tell(td);
}

function tell(td) {
  const skill = document.querySelectorAll("[data-part=columns] .skill")[td.cellIndex - 1]?.textContent ?? "";
  bar.hidden = false;
  bar.querySelector("[data-who]").textContent = `${nameOf(learnerOf(td))} · ${heads[td.cellIndex].firstChild.textContent}`;
  bar.querySelector("[data-what]").textContent = skill;
  for (const button of bar.querySelectorAll("[data-level]")) {
    button.setAttribute("aria-pressed", String(button.dataset.level === td.dataset.m));
  }
  const link = bar.querySelector("[data-open]");
  const id = link.dataset.place;
  link.href = link.dataset.url.replace(id, learnerOf(td)).replace(id, competencyOf(td));
}

function swap(td, html) {
  const box = document.createElement("tbody");
  box.innerHTML = `<tr>${html}`;
  const fresh = box.querySelector("td");
  const focused = document.activeElement === td;
  td.replaceWith(fresh);
  if (td === current) go(fresh, focused);
}

function mark(td, level) {
  if (!rate) return;
  const said = {};
  for (const input of bar?.querySelectorAll("input") ?? []) {
    if (input.value.trim()) said[input.name] = input.value.trim();
    input.value = "";
  }
  td.dataset.m = level;
  for (const button of bar?.querySelectorAll("[data-level]") ?? []) button.setAttribute("aria-pressed", String(button.dataset.level === String(level)));
  record(learnerOf(td), competencyOf(td), level, said);
}

function markRest(td, level) {
  if (rate) recordRest(competencyOf(td), level);
}

grid?.addEventListener("focusin", (event) => isMark(event.target) && go(event.target, false) === undefined && bar && tell(event.target));
grid?.addEventListener("click", (event) => {
  const td = event.target.closest("td");
  const head = event.target.closest("thead th");
  if (isMark(td)) go(td);
  else if (skills[head?.cellIndex]) document.querySelectorAll("[data-part=columns] a")[head.cellIndex - 1].click();
});

grid?.addEventListener("keydown", (event) => {
  const td = event.target;
  if (!isMark(td) || event.altKey || event.metaKey) return;
  const tr = td.parentElement;
  const n = td.cellIndex;
  const last = skills.length - 1;
  const at = (row, column) => row && go(row.cells[column]);
  const digit = /^(?:Digit|Numpad)([1-4])$/.exec(event.code)?.[1] ?? /^[1-4]$/.exec(event.key)?.[0];
  const moves = {
    ArrowLeft: () => n > 1 && at(tr, n - 1),
    ArrowRight: () => n < last && at(tr, n + 1),
    ArrowUp: () => at(tr.previousElementSibling, n),
    ArrowDown: () => at(tr.nextElementSibling, n),
    Home: () => at(event.ctrlKey ? rows.firstElementChild : tr, 1),
    End: () => at(event.ctrlKey ? rows.lastElementChild : tr, last),
    PageUp: () => at(rows.rows[Math.max(0, tr.sectionRowIndex - 10)], n),
    PageDown: () => at(rows.rows[Math.min(rows.rows.length - 1, tr.sectionRowIndex + 10)], n),
    Enter: () => bar && bar.querySelector("[data-open]").click(),
    w: () => openWords(),
  };
  if (digit && !event.ctrlKey) {
    if (event.shiftKey) markRest(td, digit);
    else {
      mark(td, digit);
      at(tr.nextElementSibling, n);
    }
  } else if (moves[event.key] && (!event.ctrlKey || ["Home", "End"].includes(event.key))) {
    moves[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

function openWords() {
  const fold = bar?.querySelector("[data-words]");
  if (!fold) return;
  fold.open = true;
  fold.querySelector("input").focus();
}

bar?.addEventListener("click", (event) => {
  const level = event.target.closest("[data-level]")?.dataset.level;
  if (!level || !current) return;
  mark(current, level);
  current.focus();
});
// In the words' fields Enter goes back to the cell, where a number then records both.
bar?.addEventListener("submit", (event) => event.preventDefault());
bar?.addEventListener("keydown", (event) => {
  if (!event.target.matches("input") || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  current?.focus();
});

document.querySelector("[data-filter]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());

// --- The list ---------------------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!rate || !form.matches("[data-rate-one], [data-rate-rest]")) return;
  event.preventDefault();
  const { competency, learner, level, said, next_thing: next } = form.elements;
  if (form.matches("[data-rate-rest]")) return recordRest(competency.value, level.value);
  const item = form.closest("li");
  press(item, event.submitter.value);
  record(learner.value, competency.value, event.submitter.value, said.value || next.value ? { said: said.value, next_thing: next.value } : {});
  said.value = next.value = "";
  form.querySelector("details").open = false;
});

document.addEventListener("click", async (event) => {
  const what = event.target.closest("[data-copy]")?.dataset.copy;
  if (!what) return;
  const lines = document.getElementById("copied").value;
  await navigator.clipboard.writeText(what === "both" ? lines : lines.split("\n").map((line) => line.split("\t")[1]).join("\n"));
  const told = document.querySelector("[data-copied]");
  told.textContent = told.dataset.copied;
});

// --- What colleagues record -------------------------------------------------------------------------------------------

let refreshing = Promise.resolve();

function refresh(learners = []) {
  refreshing = refreshing.then(() => (grid?.dataset.rows ? fetchRows(learners) : fetchPage())).catch(() => null);
}

async function fetchRows(learners) {
  const { rows: address, query } = grid.dataset;
  const response = await fetch(`${address}?${query}&only=${learners.join()}`, { headers: { "HX-Request": "true" } });
  if (!response.ok) return;
  const fresh = await response.json();
  if (fresh.version < newest) return refresh(learners);
  for (const [learner, html] of Object.entries(fresh.rows)) update(learner, html);
  for (const [name, html] of Object.entries(fresh.parts)) {
    const part = document.querySelector(`[data-part="${name}"]`);
    if (part && !part.contains(document.activeElement)) part.outerHTML = html;
  }
  grid.dataset.liveVersion = fresh.version;
}

/** A page whose rows have no address of their own is fetched whole; only what differs is put in. */
async function fetchPage() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(place.id);
  if (!fresh) return;
  if (Number(fresh.dataset.liveVersion) < newest) return refresh();
  for (const tr of grid ? fresh.querySelectorAll("tbody tr") : []) update(tr.dataset.l, tr.outerHTML);
  for (const li of grid ? [] : fresh.querySelectorAll("li[data-l]")) {
    const item = itemOf(li.dataset.l);
    if (!item || outbox.entry(keyOf(li.dataset.l, list.dataset.competency))) continue;
    item.querySelector(".record-level").innerHTML = li.querySelector(".record-level").innerHTML;
    press(item, li.querySelector("[aria-pressed=true]")?.value);
  }
  place.dataset.liveVersion = fresh.dataset.liveVersion;
}

function update(learner, html) {
  const here = rowOf(learner);
  if (!here) return;
  const box = document.createElement("tbody");
  box.innerHTML = html;
  [...box.rows[0].cells].forEach((cell, n) => {
    const old = here.cells[n];
    if (!old || n === 0) return;
    const same = old.className === cell.className && old.dataset.m === cell.dataset.m && old.textContent === cell.textContent;
    if (same || (skills[n] && outbox.entry(keyOf(learner, skills[n])))) return;
    swap(old, cell.outerHTML);
  });
}

place?.addEventListener("live:changed", ({ detail }) => refresh(detail.topics));
place?.addEventListener("live:ended", () => location.reload());

readSkills();

// --- Marks left over from before --------------------------------------------------------------------------------------

for (const kept of rate ? outbox.entries() : []) {
  if (!kept.key.startsWith(`${rate}#`)) continue;
  const [learner, competency, of = ""] = kept.key.slice(rate.length + 1).split("/");
  if (of !== task) continue;
  const level = kept.fields.find(([name]) => name === "level")?.[1];
  const cell = grid ? cellOf(learner, competency) : itemOf(learner);
  cell?.classList.add(kept.state === "queued" ? "saving" : "unsaved");
  if (grid && cell) cell.dataset.m = level;
  else if (competency === list?.dataset.competency) press(cell, level);
}
if (grid) go(rows.querySelector("td"), false);
