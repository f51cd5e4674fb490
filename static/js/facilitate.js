// The facilitator page: parts are fetched again when the room changes, what is being typed stays, what is said goes
// through the outbox. Steering is never queued behind the room's back: it is tried again with the version it saw, and
// where the room was steered meanwhile it is dropped and listed. Without this file every act is a plain form.

import * as outbox from "./outbox.js";

const room = document.getElementById("room");
const sentence = room.querySelector("[data-sentence]");
const offline = room.querySelector("[data-away]");
const BEAT = 20_000;
const TRY_AGAIN = 3_000;

const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
const parts = () => [...room.querySelectorAll("[data-part]")];
const say = (text, level = "info") =>
  document.dispatchEvent(new CustomEvent("trellis:notice", { detail: { text, level } }));
const words = (name, text) => room.dataset[name].replace("%s", text);

// --- Parts fetched again ----------------------------------------------------------------------------------------------

const address = () => {
  const url = new URL(room.dataset.url, location.href);
  const show = new URLSearchParams(location.search).get("show");
  if (show) url.searchParams.set("show", show);
  return url;
};

async function refresh(names = parts().map((part) => part.dataset.part)) {
  const url = address();
  url.searchParams.set("parts", names.join());
  let answer;
  try {
    answer = await fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(15_000) });
  } catch {
    if (turned) setTimeout(refresh, TRY_AGAIN);
    return;
  }
  if (turned && answer.status >= 500) setTimeout(refresh, TRY_AGAIN);
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) return location.reload();
  if (answer.ok) show(await answer.text());
}

/** Put fresh parts in place. A part that is older than what it would replace is thrown away. */
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-fresh]");
  if (!fresh) return;
  const version = Number(fresh.dataset.version);
  room.dataset.liveVersion = Math.max(Number(room.dataset.liveVersion), version);
  room.dataset.control = Math.max(Number(room.dataset.control), Number(fresh.dataset.control));
  room.dataset.step = fresh.dataset.step;
  compareSides({ isHeard: true });
  for (const part of [...fresh.children]) {
    if (turned && ["step", "notes"].includes(part.dataset.part)) continue;
    const place = room.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!place || version < Number(place.dataset.version ?? 0)) continue;
    place.dataset.version = version;
    put(place, part);
  }
  tell(fresh.dataset.sentence);
  markTarget();
  showWaiting();
  document.dispatchEvent(new CustomEvent("trellis:fresh"));
}

const fieldsOf = (place) =>
  [...place.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.name);
const nameOf = (field) => {
  const fold = field.closest("[data-fold]")?.dataset.fold ?? "";
  const value = ["checkbox", "radio"].includes(field.type) ? field.value : "";
  return [field.form?.getAttribute("action") ?? "", fold, field.name, value].join("|");
};
const isTouched = (field) =>
  ["checkbox", "radio"].includes(field.type)
    ? field.checked !== field.defaultChecked
    : field.matches("select")
      ? [...field.options].some((one) => one.selected !== one.defaultSelected) && field.dataset.touched
      : field.value !== field.defaultValue;

/** Replace what a place shows; what was typed or marked, what is open, and where the keys are, stay. */
function put(place, part) {
  const typed = new Map(
    fieldsOf(place).filter(isTouched).map((field) => [nameOf(field), { value: field.value, checked: field.checked }]),
  );
  const folds = new Map([...place.querySelectorAll("details[data-fold]")].map((fold) => [fold.dataset.fold, fold.open]));
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const way = held && pathTo(held, place);
  const name = held?.name && nameOf(held);
  const range = held?.selectionStart === undefined ? null : [held.selectionStart, held.selectionEnd];
  const scroll = held && scrollY;
  place.replaceChildren(...part.childNodes);
  for (const fold of place.querySelectorAll("details[data-fold]")) {
    if (folds.has(fold.dataset.fold)) fold.open = folds.get(fold.dataset.fold);
  }
  for (const field of fieldsOf(place)) {
    const kept = typed.get(nameOf(field));
    if (kept && ["checkbox", "radio"].includes(field.type)) field.checked = kept.checked;
    else if (kept) field.value = kept.value;
    if (kept && field.matches("select")) field.dataset.touched = "1";
  }
  if (!held) return;
  const fold = held.matches("summary") && held.parentElement.dataset.fold;
  const again =
    (fold && place.querySelector(`[data-fold="${CSS.escape(fold)}"] > summary`)) ||
    (fieldsOf(place).find((field) => name && nameOf(field) === name) ?? follow(way, place));
  again?.focus({ preventScroll: true });
  if (range?.[0] !== null && range && again?.setSelectionRange && again.type !== "date") again.setSelectionRange(...range);
  if (scroll !== null) scrollTo(scrollX, scroll);
}

function pathTo(element, place) {
  const way = [];
  for (let one = element; one !== place; one = one.parentElement) way.unshift([...one.parentElement.children].indexOf(one));
  return way;
}

function follow(way, place) {
  const found = way.reduce((one, n) => one?.children[n], place);
  return found?.matches("a, button, input, select, textarea, summary") ? found : place.querySelector("button, a");
}

room.addEventListener("change", (event) => event.target.matches("select") && (event.target.dataset.touched = "1"));

function tell(text) {
  sentence.querySelector("p").textContent = text ?? "";
  sentence.hidden = !text;
}

const meant = (topics) =>
  parts()
    .filter((part) => !topics.length || part.dataset.topics.split(" ").some((topic) => topics.includes(topic)))
    .map((part) => part.dataset.part);

room.addEventListener("live:changed", ({ detail }) => {
  const names = meant(detail.topics);
  if (names.length) refresh(names);
  else room.dataset.liveVersion = detail.version;
});
room.addEventListener("live:presence", ({ detail }) => meant([detail.topic]).length && refresh(meant([detail.topic])));
room.addEventListener("live:ended", () => location.reload());

// --- Steering ---------------------------------------------------------------------------------------------------------

/** Where a form goes: where its button says (a button that says nothing has this page for its `formAction`). */
const goal = (form, button) => (button?.hasAttribute("formaction") ? button.formAction : form.action);

const waiting = []; // commands that found no connection: {url, body, label}
let sending = false;

room.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-control]")) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    body.set("op_id", outbox.newId());
    body.set("control_version", room.dataset.control);
    const url = goal(form, event.submitter);
    if ((turned || !navigator.onLine) && turnedTo(url)) return turn(turnedTo(url));
    waiting.push({ url, body, label: (event.submitter ?? form).textContent.trim() });
    steer();
  } else if (form.matches("[data-content]")) {
    event.preventDefault();
    add(form, event.submitter);
  } else if (form.matches("[data-capture]")) {
    event.preventDefault();
    capture(targets().find((one) => one === event.submitter) ?? chosen());
  }
});

async function steer() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const one = waiting[0];
    let answer;
    try {
      const headers = { "X-CSRFToken": cookie(), "HX-Request": "true" };
      answer = await fetch(one.url, { method: "POST", body: one.body, headers, signal: AbortSignal.timeout(8_000) });
    } catch {
      answer = null;
    }
    if (!answer || answer.status >= 500) {
      if (turnedTo(one.url)) {
        // Not queued: the page is turned here, and where the room stands is asked when it answers again.
        turn(turnedTo(waiting.shift().url));
        continue;
      }
      showOffline();
      setTimeout(steer, TRY_AGAIN);
      break;
    }
    waiting.shift();
    const dropped = one.tried && answer.status === 409;
    if (answer.status === 401) location.reload();
    else if (answer.status === 403 || answer.status === 404) refresh();
    else show(await answer.text());
    if (answer.ok) goOn(one);
    if (dropped) {
      tell("");
      say(words("notApplied", one.label), "warning");
    }
  }
  for (const one of waiting) one.tried = true;
  sending = false;
  showOffline();
}

/** What I pressed right after, on the same state, still holds after my own command; the same button again does not. */
function goOn(done) {
  for (const next of waiting) {
    const same = next.body.get("control_version") === done.body.get("control_version");
    if (same && next.url !== done.url) next.body.set("control_version", room.dataset.control);
  }
}

// --- Pages turned here, without a connection --------------------------------------------------------------------------

let turned = ""; // the step this device alone went to
const begun = new Map(); // steps' clocks as they run on here
const pages = [...room.querySelectorAll("template[data-page]")];
const sides = room.querySelector("[data-sides]");
const page = (key) => pages.find((one) => one.dataset.page === key);
const inAgenda = (key) => room.querySelector(`[data-fold="step-${key}"]`)?.closest("li");
const standing = () => pages.filter((one) => !inAgenda(one.dataset.page)?.classList.contains("skipped"));
const beside = (key, by) => {
  const listed = standing();
  return listed[listed.indexOf(page(key)) + by]?.dataset.page ?? "";
};

/** The step that an act would go to, if it is one that turns pages. */
function turnedTo(url) {
  const [, isNext, key] = new URL(url, location.href).pathname.match(/\/(?:(next)|steps\/(\d+)\/enter)\/$/) ?? [];
  return isNext ? beside(turned || room.dataset.step, 1) : key && page(key) ? key : "";
}

function turn(key) {
  const [place, notes] = ["step", "notes"].map((name) => room.querySelector(`[data-part="${name}"]`));
  const held = place.contains(document.activeElement);
  if (!turned) setTimeout(refresh, TRY_AGAIN);
  const clock = place.querySelector("[data-clock]");
  if (!turned && room.dataset.step) begun.set(room.dataset.step, { ...clock?.dataset });
  turned = key;
  const shown = room.querySelector("template[data-turned]").content.cloneNode(true);
  const said = page(key).content.cloneNode(true);
  shown.querySelector("[data-title]").textContent = page(key).dataset.title;
  shown.querySelector("[data-people]").append(...[...said.children].filter((one) => one.matches("p")));
  if (!begun.has(key)) begun.set(key, { began: performance.now(), left: seconds(key) });
  const { began, left, ends, state } = begun.get(key);
  const counts = shown.querySelector("[data-clock]");
  counts.dataset.state = state ?? "running";
  counts.dataset.left = began === undefined ? left : left - (performance.now() - began) / 1000;
  if (ends) counts.dataset.ends = ends;
  for (const button of shown.querySelectorAll("[data-turn]")) {
    const to = beside(key, Number(button.dataset.turn));
    button.disabled = !to;
    if (button.dataset.words) button.textContent = button.dataset.words.replace("%s", page(to)?.dataset.title ?? "");
  }
  place.replaceChildren(shown);
  notes.replaceChildren(...said.children);
  if (held) place.querySelector(".next").focus();
  compareSides();
  document.dispatchEvent(new CustomEvent("trellis:fresh"));
}

/** What the agenda gives a step, in seconds. */
function seconds(key) {
  const [minutes, rest] = (inAgenda(key)?.querySelector(".num")?.textContent ?? "").split(":").map(Number);
  return minutes * 60 + rest || 0;
}

/** At the same step as the room all is well; else, once it is heard again, who runs it says which side wins. */
function compareSides({ isHeard = false } = {}) {
  if (turned === room.dataset.step && isHeard) turned = "";
  if (!turned) begun.clear();
  if (!sides) return;
  sides.hidden = !turned || (sides.hidden && !isHeard);
  const words = sides.querySelector("p");
  const there = page(room.dataset.step)?.dataset.title ?? room.dataset.workshop;
  words.textContent = words.dataset.text.replace("%1", there).replace("%2", page(turned)?.dataset.title ?? "");
}

sides?.addEventListener("click", ({ target }) => {
  const here = turned;
  if (!target.matches("button")) return;
  turned = "";
  compareSides();
  if ("bring" in target.dataset) {
    const url = new URL(`../steps/${here}/enter/`, new URL(room.dataset.url, location.href)).href;
    const body = new URLSearchParams({ op_id: outbox.newId(), control_version: room.dataset.control });
    waiting.push({ url, body, label: page(here).dataset.title });
    steer();
  } else refresh();
});

function showOffline() {
  const gone = !navigator.onLine;
  const texts = [gone ? room.dataset.local : "", waiting.length ? words("waiting", waiting.map((one) => one.label).join(", ")) : ""];
  offline.querySelector("p").textContent = texts.filter(Boolean).join(" ");
  offline.hidden = !texts.some(Boolean);
}

addEventListener("online", () => {
  showOffline();
  steer();
  refresh();
});
addEventListener("offline", showOffline);

// --- What is said -----------------------------------------------------------------------------------------------------

function add(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([name]) => !["op_id", "csrfmiddlewaretoken", "show"].includes(name));
  const typed = fieldsOf(form).find((field) => field.name === "text" || field.name === "label");
  outbox.add({ url: goal(form, submitter), fields, label: typed?.value || submitter?.textContent.trim() || "" });
  if ("keeps" in form.dataset) for (const field of fieldsOf(form)) field.defaultValue = field.value;
  else form.reset();
  const fold = form.closest("[data-closes]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
}

const line = document.getElementById("said");
const targets = () => [...room.querySelectorAll("[data-target]")];
let choice = 1;
const chosen = () => targets()[choice - 1] ?? targets()[0];

function capture(target) {
  const text = line.value.trim();
  if (!target) return;
  choose(targets().indexOf(target) + 1);
  if (!text) return line.focus();
  const fields = [["text", text]];
  if (target.name) fields.push([target.name, target.value]);
  outbox.add({ url: target.formAction, fields, label: text });
  line.value = "";
  line.focus();
}

function choose(n) {
  choice = n;
  markTarget();
}

function markTarget() {
  for (const one of targets()) one.setAttribute("aria-pressed", String(one === chosen()));
}

if (line) line.required = false;
line?.addEventListener("keydown", (event) => {
  const n = Number(event.code.match(/^(?:Digit|Numpad)(\d)$/)?.[1]);
  const target = n && targets()[n - 1];
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    capture(chosen());
  } else if (target && event.altKey) {
    event.preventDefault();
    capture(target);
  } else if (target && !line.value && choice !== n && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    choose(n);
  }
});

room.addEventListener("click", (event) => {
  const target = event.target.closest("[data-target]");
  const tab = event.target.closest("a[data-show]");
  const opens = event.target.closest("[data-open]");
  const turns = event.target.closest("[data-turn]");
  if (turns) {
    turn(beside(turned, Number(turns.dataset.turn)));
  } else if (target) {
    event.preventDefault();
    capture(target);
  } else if (tab && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    history.replaceState(null, "", `?show=${tab.dataset.show}`);
    choice = 1;
    refresh();
  } else if (opens) {
    const fold = document.getElementById(opens.dataset.open);
    fold.open = true;
    fold.querySelector("summary").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey) return;
  const n = Number(event.code.match(/^Digit(\d)$/)?.[1]);
  if (event.altKey && event.code === "KeyN") {
    event.preventDefault();
    room.querySelector(".next")?.click();
  } else if (n && line && targets()[n - 1] && !event.altKey) {
    event.preventDefault();
    choose(n);
    line.focus();
  }
});
line?.addEventListener("keydown", (event) => {
  if (event.altKey && event.code === "KeyN") {
    event.preventDefault();
    room.querySelector(".next")?.click();
  }
});

/** Lines that are not with the server yet stand on their sheets, and say so. */
function showWaiting() {
  for (const one of room.querySelectorAll("li.unsent")) one.remove();
  for (const { url, fields, state } of outbox.entries()) {
    const said = Object.fromEntries(fields);
    const sheet = said.sheet && !said.response && room.querySelector(`[data-sheet="${CSS.escape(said.sheet)}"]`);
    if (!sheet || !new URL(url, location.href).href.startsWith(new URL("../", new URL(room.dataset.url, location.href)).href)) continue;
    const shown = document.createElement("li");
    shown.className = "unsent";
    shown.dataset.state = state;
    shown.append(Object.assign(document.createElement("span"), { textContent: said.text }));
    sheet.append(shown);
  }
}

document.addEventListener("outbox:state", ({ detail: { key, state, sentence: why } }) => {
  const one = outbox.entry(key);
  if (one && (state === "refused" || state === "denied")) {
    say(`${why} ${words("refused", one.label)}`.trim(), "warning");
    if (line && !line.value && one.fields.some(([name]) => name === "text")) line.value = Object.fromEntries(one.fields).text;
    outbox.discard(key);
  }
  showWaiting();
});
document.addEventListener("outbox:answer", () => refresh());

// --- Who is here ------------------------------------------------------------------------------------------------------

async function beat() {
  if (document.hidden) return;
  try {
    const answer = await fetch(room.dataset.presence, { method: "POST", headers: { "X-CSRFToken": cookie(), "HX-Request": "true" } });
    const takeOver = room.querySelector("[data-take-over]");
    if (answer.ok && takeOver) takeOver.hidden = !(await answer.json()).lead_away;
  } catch {
    // The next beat says so again.
  }
}

setInterval(beat, BEAT);
outbox.begin();
markTarget();
showWaiting();
showOffline();
