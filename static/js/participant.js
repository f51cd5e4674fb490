// A phone in the room. What is typed is kept at once, handed in through the outbox, and sent when that is possible.
// The room's part is fetched anew when it changed; nobody is taken away from what they are typing.

import { discard, draft, entries, entry, flush, send, signOut } from "./outbox.js";

const room = document.getElementById("room");
const own = document.getElementById("own");
const moved = document.querySelector("[data-moved]");
const LONGEST_SIDE = 1600; // px of a photo's longer side
const PHOTO_CHARS = 1_600_000; // of its data URL: with the form it stays under what the site reads at once

// Which words are being typed, and where

const KEPT_BACK = ["csrfmiddlewaretoken", "op_id", "base_version"];
const forms = () => [...own.querySelectorAll("form[data-kept]")];
const path = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
const place = (form) => `${path(form)}${form.elements.prompt?.value ?? form.elements.sheet?.value ?? form.elements.list?.value ?? ""}`;
const keyOf = (form) => (form.dataset.kept === "once" ? place(form) : `draft:${place(form)}`);
const written = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !KEPT_BACK.includes(name));
const typed = (form) => [...form.elements].filter((one) => one.matches("textarea, input:not([type=hidden], [type=radio], [type=checkbox])"));
const isTyping = () => forms().some((form) => typed(form).some((one) => one.value !== one.defaultValue));

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-kept]");
  if (!form || !own.contains(form) || "photo" in form.dataset) return;
  const key = keyOf(form);
  if (typed(form).every((one) => one.value === one.defaultValue)) discard(key);
  else draft({ key, url: path(form), fields: written(form), base: form.elements.base_version?.value ?? 0 });
});

function bringBack() {
  for (const form of forms()) {
    const kept = entry(keyOf(form));
    if (!kept) continue;
    for (const [name, value] of kept.fields) {
      const field = form.elements[name];
      if (!field || field.type === "hidden") continue;
      if (field instanceof RadioNodeList || field.type === "radio") {
        for (const one of form.querySelectorAll(`[name="${name}"]`)) if (one.value === value) one.checked = true;
      } else if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
  }
}

// Handing in

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("leaves" in form.dataset) {
    if (entries().length && !window.confirm(form.dataset.leaves)) event.preventDefault();
    else signOut();
    return;
  }
  if (!("kept" in form.dataset)) return;
  event.preventDefault();
  const { submitter } = event;
  const url = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), location.href).pathname;
  const fields = written(form);
  const label = fields.find(([name]) => ["text", "words", "first_step", "name"].includes(name))?.[1] ?? "";
  const base = form.elements.base_version?.value ?? 0;
  if ("photo" in form.dataset) {
    const file = form.elements.photo.files[0];
    if (!file) return;
    const photo = await smaller(file).catch(() => null);
    if (!photo) return form.submit(); // the site says in words what is wrong with it
    send({ key: url, url, fields: [...fields.filter(([name]) => name !== "photo_data"), ["photo_data", photo]], base, label: file.name });
    form.reset();
  } else if (form.id === "acts") {
    submitter.disabled = true;
    send({ key: url, url, fields, base: 0, label: "" });
  } else if (form.dataset.kept === "once") {
    send({ key: place(form), url, fields, base, label });
    for (const one of typed(form)) one.defaultValue = one.value;
  } else {
    discard(keyOf(form));
    send({ key: `${url}#${Date.now()}${Math.random()}`, url, fields, base: 0, label });
    form.reset();
    typed(form)[0]?.focus();
  }
});

async function smaller(file) {
  const image = await createImageBitmap(file);
  let scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  for (let quality = 0.85; ; quality -= 0.15) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const data = canvas.toDataURL("image/jpeg", quality);
    if (data.length <= PHOTO_CHARS || quality < 0.3) return data;
    scale *= 0.8;
  }
}

// What waits to be sent, and what could not be taken

const refusals = new Map();

function showWaiting() {
  const list = own.querySelector("[data-waiting]");
  if (!list) return;
  const waiting = entries().filter((one) => one.state !== "typing" && one.label);
  list.hidden = !waiting.length;
  list.replaceChildren(
    ...waiting.map((one) => {
      const line = document.createElement("li");
      const words = document.createElement("span");
      words.className = "own";
      words.textContent = one.label;
      const state = document.createElement("span");
      state.className = "why";
      state.textContent = one.state === "queued" ? list.dataset.queued : refusals.get(one.key) || list.dataset.denied;
      line.append(words, state);
      if (one.state === "refused") {
        const remove = document.createElement("button");
        remove.className = "btn btn-quiet";
        remove.type = "button";
        remove.textContent = list.dataset.remove;
        remove.addEventListener("click", () => {
          discard(one.key);
          showWaiting();
        });
        line.append(remove);
      }
      return line;
    }),
  );
}

document.addEventListener("outbox:state", ({ detail: { key, sentence } }) => {
  if (sentence) refusals.set(key, sentence);
  showWaiting();
});

let stale = 0;
document.addEventListener("outbox:answer", () => {
  clearTimeout(stale);
  stale = setTimeout(fetchOwn, 50);
});

// What the room shows

const html = (text) => new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
let asking = null;

const ask = (url, headers) => fetch(url, { headers, signal: AbortSignal.timeout(20_000) }).catch(() => null);

async function fetchRoom(version) {
  if (asking) return void (asking.again = Math.max(asking.again, version));
  asking = { again: 0 };
  const answer = await ask(room.dataset.room, {});
  const { again } = asking;
  asking = null;
  if (answer?.status === 404) return location.assign(own.dataset.own);
  if (answer?.ok) takeRoom(html(await answer.text()));
  if (again > Number(room.dataset.liveVersion)) fetchRoom(again);
}

let waitingRoom = null;
// A whole room goes on at once: the step comes first, what is one's own after it, so many milliseconds a person apart.
const APART = 15;

function takeRoom(fresh) {
  room.dataset.liveVersion = fresh.dataset.version;
  const isOther = fresh.dataset.step !== room.firstElementChild.dataset.step;
  if (isOther && isTyping()) {
    waitingRoom = fresh;
    moved.hidden = false;
    return;
  }
  showRoom(fresh, isOther);
}

function showRoom(fresh, isOther) {
  moved.hidden = true;
  waitingRoom = null;
  const held = room.contains(document.activeElement) ? document.activeElement.dataset.second : "";
  room.replaceChildren(fresh);
  if (held) room.querySelector(`[data-second="${held}"]`)?.focus();
  else if (isOther) fresh.querySelector("h1").focus({ preventScroll: false });
  afterRoom();
  if (isOther) setTimeout(fetchOwn, Math.random() * APART * Number(fresh.dataset.people));
}

function afterRoom() {
  const mine = (own.firstElementChild?.dataset.seconded ?? "").split(" ");
  for (const one of room.querySelectorAll("[data-second]")) one.disabled = mine.includes(one.dataset.second);
  document.dispatchEvent(new CustomEvent("trellis:fresh"));
}

moved.querySelector("[data-go]").addEventListener("click", (event) => {
  if (!waitingRoom) return;
  event.preventDefault();
  showRoom(waitingRoom, true);
});

/** What is theirs: only while nothing is being typed there; else it waits until that is handed in. */
async function fetchOwn() {
  const answer = await ask(own.dataset.own, { "HX-Request": "true" });
  if (!answer?.ok) return;
  const fresh = html(await answer.text());
  if (isTyping() && room.firstElementChild.dataset.step === own.dataset.step) return keepTyping(fresh);
  own.dataset.step = room.firstElementChild.dataset.step;
  own.replaceChildren(fresh);
  bringBack();
  afterRoom();
  showWaiting();
}

/** Put what is new beside the words being typed: lists are taken, forms stay as they are. */
function keepTyping(fresh) {
  const focus = document.activeElement;
  const [start, end] = [focus?.selectionStart, focus?.selectionEnd];
  const id = own.contains(focus) ? focus.id : "";
  const now = new Map(forms().map((form) => [place(form), form]));
  for (const form of fresh.querySelectorAll("form[data-kept]")) {
    const kept = now.get(place(form));
    if (kept && typed(kept).some((one) => one.value !== one.defaultValue)) form.replaceWith(kept);
  }
  own.replaceChildren(fresh);
  const again = id && document.getElementById(id);
  if (again) {
    again.focus({ preventScroll: true });
    if (typeof start === "number" && again.matches("textarea, [type=text]")) again.setSelectionRange(start, end);
  }
  afterRoom();
  showWaiting();
}

const OF_ROOM = ["entries", "themes", "contrast", "alignment", "pictures", "elements", "debrief"];
const OF_OWN = ["groups", "pictures", "elements"];
const URGENT = ["step", "timer", "agenda"];
const names = (topics, wanted) => !topics.length || topics.some((one) => wanted.includes(one));

document.addEventListener("live:changed", ({ target, detail: { version, topics } }) => {
  const isUrgent = names(topics, URGENT);
  if ("stepNudge" in target.dataset) {
    target.dataset.liveVersion = version;
    if (isUrgent) fetchRoom(version);
    return;
  }
  if (target !== room) return;
  const counted = room.firstElementChild.dataset.reveal !== "nobody" && topics.includes("counts");
  if (names(topics, OF_ROOM) || counted) fetchRoom(version);
  else if (!isUrgent) room.dataset.liveVersion = version;
  if (names(topics, OF_OWN)) fetchOwn();
});

document.addEventListener("live:ended", () => location.assign(own.dataset.own));

own.dataset.step = room.firstElementChild.dataset.step;
bringBack();
afterRoom();
showWaiting();
setInterval(() => navigator.onLine && entries().some((one) => one.state === "queued") && flush(), 15_000);
