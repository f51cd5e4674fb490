// Words not saved yet. They are kept in this browser, for this person only, and sent when that is possible, once:
// the id of a save is made before it is first sent, so sending again is answered with the same receipt.
//
// An entry: {key, url, fields: [[name, value], …], base, op, state, label, at}. `key` is the cell's address; state is
// "typing" (not handed in), "queued", or "refused" (the server said no; the words wait for their writer).
// Events on document: outbox:answer {entry, body}, outbox:state {key, state, sentence}.

// In a workshop the words belong to the participant, who needs no account: they are kept apart from an account's.
const WORDS = "trellis:words:";
const ROOM = "trellis:room:";
const { person = "", participant } = document.body.dataset;
const mine = participant ? `${ROOM}${participant}:` : `${WORDS}${person}:`;
const unkept = new Map(); // what a full or forbidden store did not take; sent from here as long as the page lives
const WAITS = [1000, 2000, 4000, 8000, 15000];

let failures = 0;
let timer = 0;
let sending = false;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

export function entries() {
  const kept = Object.keys(localStorage)
    .filter((key) => key.startsWith(mine))
    .map((key) => JSON.parse(localStorage[key]));
  return [...kept, ...unkept.values()].sort((a, b) => a.at - b.at);
}

export function entry(key) {
  const kept = localStorage[mine + key];
  return kept ? JSON.parse(kept) : unkept.get(key);
}

function keep(one) {
  try {
    localStorage[mine + one.key] = JSON.stringify(one);
    unkept.delete(one.key);
  } catch {
    unkept.set(one.key, one);
  }
}

function drop(key) {
  delete localStorage[mine + key];
  unkept.delete(key);
}

/** Without HTTPS (a laptop that hosts the room) browsers have neither locks nor randomUUID. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const alone = (work) => (navigator.locks ? navigator.locks.request("trellis-outbox", work) : work());

export function discard(key) {
  drop(key);
  show(key, "saved");
}

function show(key, state, sentence = "") {
  tell("outbox:state", { key, state, sentence });
  tell("trellis:saving", { key, state: { queued: "saving", saved: "saved" }[state] ?? "unsaved" });
}

/** Keep words that are being typed. */
export function draft(one) {
  keep({ ...one, op: null, state: "typing", at: Date.now() });
}

/** Hand words in: they are sent now, or as soon as that is possible. */
export function send(one) {
  const queued = { ...one, op: newId(), state: "queued", at: Date.now() };
  keep(queued);
  show(one.key, "queued");
  flush();
}

/** Hand in something that is added, in no cell: every such line is an entry of its own, {url, fields, label}. */
export function add(one) {
  send({ ...one, key: `${one.url}#${newId()}`, base: 0 });
}

export async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    // One tab at a time; the others find an empty box. A save the server cannot take holds nobody else's up.
    await alone(async () => {
      const tried = new Set();
      const next = () => entries().find((one) => one.state === "queued" && !tried.has(one.op));
      for (let one = next(); one; one = next()) {
        tried.add(one.op);
        if (!(await deliver(one))) break;
      }
    });
  } finally {
    sending = false;
  }
  if (entries().some((one) => one.state === "queued")) {
    timer = setTimeout(flush, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  } else {
    failures = 0;
  }
}

/** Sends one entry. True: it is settled, go on with the next; false: try again later. */
async function deliver(one, again = true) {
  // Between two steps of a sign-in, an answer to the session they leave would take the new one's cookie along.
  if (document.querySelector("#sign-in[open] form:not(:has([name=login]))")) return later(one, "signed-out");
  let response;
  try {
    const age = Math.max(0, Math.round((Date.now() - one.at) / 1000)); // so that the server knows the day it was done
    const body = new URLSearchParams([...one.fields, ["op_id", one.op], ["base_version", one.base], ["age", age]]);
    const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true", "X-Trellis-Person": person };
    response = await fetch(one.url, { method: "POST", body, headers, signal: AbortSignal.timeout(20000) });
  } catch {
    return later(one, "unsaved");
  }
  if (response.status === 401) return later(one, "signed-out");
  if (response.headers.get("X-Trellis-Reason") === "page-expired" && again) {
    await fetch(location.href).catch(() => null);
    return deliver(one, false);
  }
  if (response.status >= 500 || response.status === 429) return later(one, "unsaved") || response.status === 500;
  if ([200, 409].includes(response.status)) {
    const body = await response.json();
    settle(one, body);
    return true;
  }
  const told = response.headers.get("Content-Type")?.startsWith("application/json");
  keep({ ...one, state: "refused" });
  show(one.key, told ? "refused" : "denied", told ? (await response.json()).sentence : "");
  return true;
}

function later(one, state) {
  show(one.key, state);
  return false;
}

function settle(one, body) {
  const now = entry(one.key);
  if (now?.op === one.op) {
    drop(one.key);
    show(one.key, "saved");
  } else if (now && now.base === one.base && body.status === "saved") {
    keep({ ...now, base: body.cell_version });
  }
  failures = 0;
  tell("outbox:answer", { entry: one, body });
}

/** Another person's words never stay on a shared device, and are never sent under this one's name. */
function clear(prefix, keep) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && !(keep && key.startsWith(`${prefix}${keep}:`))) delete localStorage[key];
  }
}

export function begin() {
  clear(WORDS, person);
  if (participant !== undefined) clear(ROOM, participant);
  window.addEventListener("online", flush);
  window.addEventListener("focus", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  window.addEventListener("storage", (event) => {
    if (event.key?.startsWith(mine) && event.newValue === null) show(event.key.slice(mine.length), "saved");
  });
  flush();
}

export function signOut() {
  clear(WORDS);
  clear(ROOM);
}
