// The strategy table in the browser: cells open in place, saves go through the outbox, colleagues' changes arrive
// without a reload. Without this file every act still works by plain forms on the row's own page.

import { addLine, combine, fields, fill, preview, read } from "./cell.js";
import * as outbox from "./outbox.js";

const grid = document.getElementById("grid");
const rows = document.getElementById("rows");
const words = document.getElementById("words")?.dataset ?? {};
const editable = "editable" in grid.dataset;
const address = grid.dataset.url;
const tab = crypto.randomUUID();
const BEAT = 15000;

const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
const post = (url, body = {}) =>
  fetch(url, {
    method: "POST",
    body: body instanceof FormData ? body : new URLSearchParams(body),
    headers: { Accept: "application/json", "X-CSRFToken": cookie(), "HX-Request": "true" },
  });
const kindOf = (td) => td.dataset.cell;
const keyOf = (td) => `${address}strategies/${td.parentElement.dataset.row}/cells/${kindOf(td)}/`;
const cellAt = (key) => [...rows.querySelectorAll("td.cell")].find((td) => keyOf(td) === key);
const cellsOf = (tr) => [...tr.querySelectorAll("td.cell")];
const say = (text, level) => document.dispatchEvent(new CustomEvent("trellis:notice", { detail: { text, level } }));
const isWaiting = (td) => Boolean(outbox.entry(keyOf(td)));

let open = null; // {td, form, before, label of the first value, base, url, extra}

// --- Opening, leaving, handing in -------------------------------------------------------------------------------------

function edit(td, { value, url, extra = [], base } = {}) {
  if (open?.td === td) return;
  if (open) handIn();
  const kind = kindOf(td);
  const kept = outbox.entry(keyOf(td));
  const form = document.querySelector(`template[data-editor="${kind}"]`).content.cloneNode(true).firstElementChild;
  const stands = td.querySelector(".stands") ?? td;
  fill(form, read(kind, stands));
  const first = JSON.stringify(fields(form));
  if (value) fill(form, value);
  if (kept && !value) restore(form, kept);
  open = {
    td,
    form,
    first,
    base: base ?? kept?.base ?? Number(td.dataset.v),
    url: url ?? kept?.url ?? keyOf(td),
    extra: url ? extra : (kept?.fields.filter(([name]) => ["choice", "seen_version"].includes(name)) ?? []),
    before: [...td.childNodes],
  };
  td.replaceChildren(form);
  td.classList.add("open");
  if (kind === "responsible") suggestStaff();
  const field = form.querySelector("textarea, input:not([type=hidden])");
  field.focus();
  if (field.matches("textarea")) field.setSelectionRange(field.value.length, field.value.length);
  beat();
}

/** Names to choose from, fetched when the first cell of responsible people opens; without them one types. */
async function suggestStaff() {
  const list = document.getElementById("staff");
  if (!list || list.dataset.asked) return;
  list.dataset.asked = "1";
  const response = await fetch(`${address}staff/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok) return delete list.dataset.asked;
  list.append(...(await response.json()).names.map((name) => new Option(name, name)));
}

function restore(form, kept) {
  for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
  const place = form.querySelector("[data-people]");
  const names = kept.fields.filter(([name]) => name === "who").length;
  while (place && place.children.length < names) addLine(place);
  const seen = {};
  for (const [name, value] of kept.fields) {
    const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
    const choice = inputs.find((input) => ["checkbox", "radio"].includes(input.type) && input.value === value);
    seen[name] = (seen[name] ?? -1) + 1;
    if (choice) choice.checked = true;
    else if (inputs[seen[name]]) inputs[seen[name]].value = value;
  }
}

const current = () => ({
  key: keyOf(open.td),
  url: open.url,
  fields: [...open.extra, ...fields(open.form)],
  base: open.base,
  label: open.td.dataset.head,
});

function close(content) {
  const { td } = open;
  open = null;
  td.classList.remove("open");
  td.replaceChildren(...content);
  beat();
  if (td.dataset.later) refresh(true);
  delete td.dataset.later;
  return td;
}

function leave() {
  outbox.discard(keyOf(open.td));
  close(open.before).focus();
}

function handIn() {
  const { td, form, first, before } = open;
  if (JSON.stringify(fields(form)) === first && !open.extra.length && !outbox.entry(keyOf(td))) return close(before);
  const one = current();
  const shown = preview(kindOf(td), form);
  close([shown]);
  td.classList.add("saving");
  outbox.send(one);
  return td;
}

rows.addEventListener("submit", (event) => {
  if (event.target.matches("form.editor")) {
    event.preventDefault();
    handIn().focus();
  } else if (event.target.closest(".proposal")) {
    event.preventDefault();
    decide(event.target, event.submitter.value);
  }
});

rows.addEventListener("click", (event) => {
  const td = event.target.closest("td.cell");
  if (event.target.closest("[data-cancel]")) leave();
  else if (event.target.closest("[data-combine]")) combineIn(td, event);
  else if (event.target.closest("[data-draft]")) answerDraft(td, event.target);
  else if (event.target.closest("a.more, a.count")) openMenu(event);
  else if (td && editable && !event.target.closest("a, button, input, label, form") && !String(getSelection())) {
    if (!td.classList.contains("conflict")) edit(td);
  }
});

document.addEventListener("pointerdown", (event) => {
  if (open && !open.td.contains(event.target)) handIn();
});

rows.addEventListener("input", (event) => {
  if (!open) return;
  const line = event.target.closest(".people-line");
  if (line && event.target.name === "who") {
    line.querySelector("[name=who_id]").value = "";
    if (line === line.parentElement.lastElementChild) addLine(line.parentElement);
  }
  outbox.draft(current());
  document.dispatchEvent(new CustomEvent("trellis:saving", { detail: { key: keyOf(open.td), state: "unsaved" } }));
});

// --- Keys ------------------------------------------------------------------------------------------------------------

rows.addEventListener("keydown", (event) => {
  const td = event.target.closest("td.cell");
  if (!td) return;
  if (open?.td === td) return keysInside(event);
  if (event.target !== td) return;
  const tr = td.parentElement;
  const column = cellsOf(tr).indexOf(td);
  const go = (row, n) => row && cellsOf(row)[n]?.focus();
  const moves = {
    ArrowLeft: () => go(tr, column - 1),
    ArrowRight: () => go(tr, column + 1),
    ArrowUp: () => (event.altKey ? moveBy(tr, -1) : go(tr.previousElementSibling, column)),
    ArrowDown: () => (event.altKey ? moveBy(tr, 1) : go(tr.nextElementSibling, column)),
    Home: () => go(event.ctrlKey ? rows.firstElementChild : tr, 0),
    End: () => go(event.ctrlKey ? rows.lastElementChild : tr, 5),
    Enter: () => editable && (td.querySelector(".proposal button") ?? { focus: () => edit(td) }).focus(),
    F2: () => editable && edit(td),
  };
  if (!moves[event.key] || event.metaKey) return;
  event.preventDefault();
  moves[event.key]();
});

function keysInside(event) {
  const { td, form } = open;
  if (event.key === "Escape") {
    event.preventDefault();
    leave();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    handIn().focus();
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    const next = event.target.closest(".people-line")?.nextElementSibling?.querySelector("input");
    if (next) next.focus();
  } else if (event.key === "Tab" && !event.shiftKey) {
    const inputs = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
    if (event.target !== inputs.at(-1)) return;
    event.preventDefault();
    const cells = [...rows.querySelectorAll("td.cell")];
    handIn();
    (cells[cells.indexOf(td) + 1] ?? td).focus();
  }
}

// --- Answers ---------------------------------------------------------------------------------------------------------

document.addEventListener("outbox:state", ({ detail: { key, state, sentence } }) => {
  const td = cellAt(key);
  if (td && open?.td !== td) {
    td.classList.toggle("saving", state === "queued");
    td.classList.toggle("unsaved", ["unsaved", "signed-out", "refused", "denied"].includes(state));
  }
  if (state === "refused") {
    say(sentence, "warning");
    if (td && !open) edit(td);
  }
  if (state === "signed-out") say(words.signedOut, "warning");
  if (state === "denied") say(words.denied, "warning");
});

document.addEventListener("outbox:answer", ({ detail: { entry, body } }) => {
  const td = cellAt(entry.key);
  if (body.sentence) say(body.sentence, body.status === "merged" ? "info" : "warning");
  if (["saved", "merged"].includes(body.status)) remember(entry.key, body.cell_version);
  if (!td || open?.td === td || isWaiting(td)) return;
  swap(td, body.html);
});

/** Puts the server's cell in the place of the page's; focus stays. */
function swap(td, html) {
  const box = document.createElement("tbody");
  box.innerHTML = `<tr>${html}</tr>`;
  const fresh = box.querySelector("td");
  const focused = document.activeElement === td || (td.contains(document.activeElement) && document.activeElement !== document.body);
  td.replaceWith(fresh);
  prepare(fresh);
  if (focused) fresh.focus();
  return fresh;
}

function prepare(place) {
  for (const td of place.matches?.("td.cell") ? [place] : place.querySelectorAll("td.cell")) td.tabIndex = 0;
}

async function decide(form, choice) {
  const td = form.closest("td");
  const response = await post(form.action, { seen_version: form.elements.seen_version.value, choice }).catch(() => null);
  if (!response || ![200, 409].includes(response.status)) return say(words.unsaved, "warning");
  const body = await response.json();
  if (body.sentence) say(body.sentence);
  swap(td, body.html).focus();
}

function combineIn(td, event) {
  event.preventDefault();
  const proposal = event.target.closest(".proposal");
  const kind = kindOf(td);
  const form = proposal.querySelector("form");
  const seen = form.elements.seen_version.value;
  edit(td, {
    value: combine(kind, read(kind, td.querySelector(".stands")), read(kind, proposal.querySelector(".mine"))),
    url: form.action,
    extra: [["choice", "combine"], ["seen_version", seen]],
    base: Number(seen),
  });
}

// --- Taking back my own last edit of this tab ---------------------------------------------------------------------------

const edits = [];
const undo = document.querySelector("[data-undo]");

function remember(key, version) {
  edits.push({ key, version });
  if (undo) undo.hidden = false;
}

async function takeBack() {
  const last = edits.pop();
  if (undo) undo.hidden = edits.length === 0;
  if (!last) return;
  const response = await post(`${last.key}undo/`, { version: last.version }).catch(() => null);
  if (!response || ![200, 409].includes(response.status)) {
    remember(last.key, last.version);
    return say(words.unsaved, "warning");
  }
  const body = await response.json();
  if (body.sentence) say(body.sentence, "warning");
  const td = cellAt(last.key);
  if (td && td !== open?.td && !isWaiting(td)) swap(td, body.html).focus();
}

undo?.addEventListener("click", takeBack);
document.addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  takeBack();
});

// --- Pasting ---------------------------------------------------------------------------------------------------------

document.addEventListener("paste", (event) => {
  const td = event.target.closest?.("#rows td.cell");
  if (!td || open || !editable) return;
  const html = event.clipboardData.getData("text/html");
  const text = event.clipboardData.getData("text/plain");
  event.preventDefault();
  if (/<table/i.test(html) || text.includes("\t")) {
    const form = document.getElementById("paste").content.firstElementChild.cloneNode(true);
    form.elements.html.value = /<table/i.test(html) ? html : "";
    form.elements.text.value = text;
    form.elements.row.value = td.parentElement.dataset.row;
    form.elements.cell.value = kindOf(td);
    document.body.append(form);
    form.submit();
  } else if (text.trim() && !td.classList.contains("conflict")) {
    edit(td);
    const field = open.form.querySelector("textarea, input[type=text]");
    field?.setRangeText(text.trim(), field.value.length, field.value.length, "end");
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// --- What others do --------------------------------------------------------------------------------------------------

let refreshing = Promise.resolve();

function refresh(all = false) {
  refreshing = refreshing.then(() => fetchRows(all)).catch(() => null);
  return refreshing;
}

async function fetchRows(all) {
  const since = all ? 0 : grid.dataset.liveVersion;
  const response = await fetch(`${address}rows/?since=${since}&${grid.dataset.query}`, { headers: { "HX-Request": "true" } });
  if (!response.ok) return;
  const fresh = await response.json();
  const box = document.createElement("tbody");
  for (const [id, html] of Object.entries(fresh.rows)) {
    box.innerHTML = html;
    const tr = box.firstElementChild;
    const here = document.getElementById(`s-${id}`);
    if (!here) {
      rows.append(tr);
      prepare(tr);
    } else {
      update(here, tr);
    }
  }
  arrange(fresh.order);
  document.querySelector("h1").textContent = fresh.title;
  grid.dataset.liveVersion = fresh.version;
  showPresent(fresh.present);
}

function update(here, fresh) {
  const [more, freshMore] = [here, fresh].map((tr) => tr.querySelector(".grid-more"));
  if (more.innerHTML !== freshMore.innerHTML && !more.contains(document.activeElement)) more.innerHTML = freshMore.innerHTML;
  const old = cellsOf(here);
  cellsOf(fresh).forEach((td, n) => {
    if (old[n] === open?.td) old[n].dataset.later = "1";
    else if (!isWaiting(old[n]) && old[n].outerHTML !== td.outerHTML) swap(old[n], td.outerHTML);
  });
}

/** Rows in the server's order; a row that is gone leaves, unless somebody is writing in it. */
function arrange(order) {
  const focused = document.activeElement;
  for (const tr of [...rows.children]) {
    if (!order.includes(tr.dataset.row) && !tr.contains(open?.td ?? null)) tr.remove();
  }
  order.forEach((id, n) => {
    const tr = document.getElementById(`s-${id}`);
    if (tr && rows.children[n] !== tr) rows.insertBefore(tr, rows.children[n] ?? null);
  });
  if (focused?.isConnected && focused !== document.activeElement) focused.focus();
  const empty = document.querySelector("[data-empty]");
  if (empty) empty.hidden = rows.children.length > 0;
}

function showPresent(present) {
  for (const old of rows.querySelectorAll("td.theirs")) {
    old.classList.remove("theirs");
    old.querySelector(":scope > .face")?.remove();
  }
  const faces = document.querySelector("[data-present]");
  const people = [...new Map(present.map((one) => [one.person, one])).values()];
  faces.replaceChildren(...people.map((one) => face(one, words.here)));
  faces.hidden = people.length === 0;
  for (const one of present.filter((one) => one.place)) {
    const [row, cell] = one.place.split("/");
    const td = document.querySelector(`#s-${CSS.escape(row)} td[data-cell="${cell}"]`);
    if (!td || td === open?.td) continue;
    td.classList.add("theirs");
    if (!td.querySelector(":scope > .face")) td.prepend(face(one, words.writing));
  }
}

function face(one, what) {
  const shown = document.createElement("span");
  shown.className = "face";
  shown.title = `${one.name} ${what ?? ""}`;
  shown.innerHTML = '<span aria-hidden="true"></span><span class="visually-hidden"></span>';
  shown.firstChild.textContent = one.initials;
  shown.lastChild.textContent = shown.title;
  return shown;
}

grid.addEventListener("live:changed", () => refresh());
grid.addEventListener("live:presence", () => refresh());
grid.addEventListener("live:connected", () => refresh());
grid.addEventListener("live:ended", () => location.reload());

let beating = Promise.resolve();

/** One after the other: two beats on their way at once could arrive in the wrong order. */
function beat() {
  beating = beating.then(() => {
    const place = open ? `${open.td.parentElement.dataset.row}/${kindOf(open.td)}` : "";
    return document.hidden ? null : post(`${address}presence/`, { tab, place }).catch(() => null);
  });
}

setInterval(beat, BEAT);
window.addEventListener("pagehide", () => {
  const body = new FormData();
  for (const [name, value] of Object.entries({ tab, gone: "on", csrfmiddlewaretoken: cookie() })) body.append(name, value);
  navigator.sendBeacon(`${address}presence/`, body);
});

// --- Rows ------------------------------------------------------------------------------------------------------------

document.querySelector("form[data-add]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  form.dataset.op ??= crypto.randomUUID();
  const response = await post(form.action, { op_id: form.dataset.op }).catch(() => null);
  if (!response?.ok) return say(words.unsaved, "warning");
  delete form.dataset.op;
  const { row } = await response.json();
  await refresh();
  const tr = document.getElementById(`s-${row}`);
  tr.scrollIntoView({ block: "nearest" });
  edit(cellsOf(tr)[0]);
});

async function moveBehind(tr, after) {
  const focused = document.activeElement;
  const body = { after: after?.dataset.row ?? "", op_id: crypto.randomUUID() };
  const response = await post(`${address}strategies/${tr.dataset.row}/move/`, body).catch(() => null);
  if (!response?.ok) return say(words.unsaved, "warning");
  await refresh();
  focused?.focus();
}

const inOrder = !new URLSearchParams(grid.dataset.query).get("sort");

function moveBy(tr, step) {
  if (!editable || !inOrder) return;
  if (step < 0 && tr.previousElementSibling) moveBehind(tr, tr.previousElementSibling.previousElementSibling);
  if (step > 0 && tr.nextElementSibling) moveBehind(tr, tr.nextElementSibling);
}

const menu = document.getElementById("row-menu");

async function openMenu(event) {
  if (!menu) return;
  event.preventDefault();
  const link = event.target.closest("a.more, a.count");
  if (!(await fillMenu(link.href))) return (location.href = link.href);
  menu.dataset.from = link.href;
  menu.showModal();
  menu.onclose = () => link.isConnected && link.focus();
}

async function fillMenu(href) {
  const response = await fetch(href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (response?.ok) menu.querySelector("[data-place]").innerHTML = await response.text();
  return response?.ok;
}

menu?.addEventListener("click", (event) => {
  const missing = event.target.closest("[data-go]");
  if (event.target === menu || event.target.closest("[data-close]") || missing) menu.close();
  if (!missing) return;
  event.preventDefault();
  const id = new URL(menu.dataset.from).pathname.split("/").at(-2);
  edit(document.querySelector(`#s-${id} td[data-cell="${missing.dataset.go}"]`));
});

menu?.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-row-act], [data-row-say]");
  if (!form) return;
  event.preventDefault();
  const response = await post(form.action, new FormData(form)).catch(() => null);
  if (!response?.ok) return say(words.unsaved, "warning");
  if ("rowSay" in form.dataset) await fillMenu(menu.dataset.from);
  else menu.close();
  await refresh();
});

document.querySelector("[data-filter]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());

if (editable && inOrder) {
  let dragged = null;
  for (const type of ["dragstart", "dragover", "drop", "dragend"]) {
    rows.addEventListener(type, (event) => {
      const tr = event.target.closest("tr");
      if (type === "dragstart" && event.target.closest("a.more")) {
        dragged = tr;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setDragImage(tr, 0, 0);
      } else if (dragged && type === "dragover" && tr) {
        event.preventDefault();
        const below = event.clientY > tr.getBoundingClientRect().top + tr.offsetHeight / 2;
        for (const row of rows.children) row.classList.remove("drop-above", "drop-below");
        tr.classList.add(below ? "drop-below" : "drop-above");
      } else if (dragged && type === "drop" && tr) {
        event.preventDefault();
        const after = tr.classList.contains("drop-below") ? tr : tr.previousElementSibling;
        if (after !== dragged) moveBehind(dragged, after === dragged ? dragged.previousElementSibling : after);
      } else if (type === "dragend") {
        for (const row of rows.children) row.classList.remove("drop-above", "drop-below");
        dragged = null;
      }
    });
  }
}

// --- Words left over from before -------------------------------------------------------------------------------------

function offerDraft(td, kept) {
  td.classList.add("unsaved");
  const note = document.createElement("div");
  note.className = "note clay";
  note.dataset.draft = "";
  note.innerHTML = '<p></p><div class="text"></div><p class="row"><button class="btn" value="save"></button><button class="btn" value="discard"></button></p>';
  note.querySelector("p").textContent = words.draft;
  note.querySelector(".text").textContent = kept.fields
    .filter(([name, value]) => ["text", "lines", "who", "why", "areas"].includes(name) && value)
    .map(([, value]) => value)
    .join("\n");
  const [save, discard] = note.querySelectorAll("button");
  save.textContent = words.keep;
  discard.textContent = words.discard;
  td.append(note);
}

function answerDraft(td, target) {
  const choice = target.closest("button")?.value;
  if (!choice) return edit(td);
  const kept = outbox.entry(keyOf(td));
  td.querySelector("[data-draft]").remove();
  td.classList.remove("unsaved");
  if (choice === "save" && kept) {
    td.classList.add("saving");
    outbox.send(kept);
  } else {
    outbox.discard(keyOf(td));
  }
  td.focus();
}

prepare(rows);
showPresent(JSON.parse(document.getElementById("present").textContent));
for (const kept of outbox.entries()) {
  const td = cellAt(kept.key);
  if (!td) continue;
  if (kept.state === "queued") td.classList.add("saving");
  else offerDraft(td, kept);
}
if (location.hash.startsWith("#s-")) document.querySelector(`${CSS.escape ? "#" + CSS.escape(location.hash.slice(1)) : location.hash} td.cell`)?.focus();
beat();
