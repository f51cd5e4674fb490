// Live is a nudge: what changed, never what it says. An element with data-live-stream="table:<uuid>" and
// data-live-version="12" hears of it by bubbling events; its page module then fetches what it shows.
//   live:changed {stream, version, topics}   no topics: fetch everything; set data-live-version once that is shown
// An element with data-live-guest="screen:<token>" (or "participant", whose token is in a cookie) follows without account.
//   live:presence {stream, topic}            live:ended {stream}: may not be seen any more
//   live:connected                           a stream is open (again): what it does not number may have changed meanwhile
// data-live-immediate: nudges are never gathered. <html data-live="streaming|polling|offline"> says how it stands.
//
// One visible tab of a browser, the leader, holds the one stream for all and passes frames on. Where streams are held
// back it polls the versions, and tries a stream again now and then. Hidden pages hear nothing and catch up when shown.

const SILENT = 30_000; // ms without a frame or even a ping
const POLL = 2_000;
const RETRY = [4_000, 60_000]; // from, doubling, to
const GATHER = 1_000;
const MOST = 30; // streams one connection may ask for

// Without HTTPS there are no locks: then every page leads itself.
const alone = !navigator.locks;
const channel = alone ? null : new BroadcastChannel("trellis:live");
const me = Math.random().toString(36).slice(2);
const root = document.documentElement;
const between = (low, high) => low + Math.random() * (high - low);
// What is followed is written "table:<uuid>", or "workshop:<uuid> screen:<token>" where a guest follows.
const streamOf = (one) => one.split(" ")[0];
const query = (followed) =>
  new URLSearchParams([
    ...new Set(followed.map((one) => `s=${encodeURIComponent(streamOf(one))}`)),
    ...new Set(followed.filter((one) => one.includes(" ")).map((one) => `g=${encodeURIComponent(one.split(" ")[1])}`)),
  ].join("&"));
const ask = (streams) =>
  fetch(`/live/versions/?${query(streams)}`, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
const elements = (stream) =>
  [...document.querySelectorAll("[data-live-stream]")].filter((one) => !stream || one.dataset.liveStream === stream);

// This page: what it shows, and when it fetches.

const gathering = new WeakMap(); // element → what it was told since it last fetched

function nudge(element, version, topics) {
  const kept = gathering.get(element) ?? { version: 0, topics: [], timer: 0, fetched: -GATHER };
  gathering.set(element, kept);
  kept.version = version;
  kept.topics = topics.length && kept.topics ? [...new Set([...kept.topics, ...topics])] : null;
  if (kept.timer) return;
  const wait = Math.max(between(0, 150), kept.fetched + GATHER - performance.now());
  kept.timer = setTimeout(fetchNow, "liveImmediate" in element.dataset ? 0 : wait, element, kept);
}

function fetchNow(element, kept) {
  const detail = { stream: element.dataset.liveStream, version: kept.version, topics: kept.topics ?? [] };
  Object.assign(kept, { topics: [], timer: 0, fetched: performance.now() });
  tell(element, "changed", detail);
}

function tell(element, name, detail) {
  element.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail }));
}

const hear = {
  changed({ stream, version, topics }) {
    for (const one of elements(stream)) if (version > Number(one.dataset.liveVersion)) nudge(one, version, topics);
  },
  versions(versions) {
    for (const one of elements()) {
      const version = versions[one.dataset.liveStream] ?? Number(one.dataset.liveVersion);
      if (version !== Number(one.dataset.liveVersion)) nudge(one, version, []);
    }
  },
  presence(detail) {
    for (const one of elements(detail.stream)) tell(one, "presence", detail);
  },
  ended(detail) {
    for (const one of elements(detail.stream)) {
      delete one.dataset.liveStream;
      tell(one, "ended", detail);
    }
    follow();
  },
  status(status) {
    root.dataset.live = status;
    if (status === "streaming") for (const one of elements()) tell(one, "connected");
  },
};

// The pages of this browser, and what each follows while it is shown.

const following = new Map();
let said = "";

function say(kind, data) {
  channel?.postMessage({ from: me, kind, data });
}

function toAll(kind, data) {
  say(kind, data);
  if (!document.hidden) hear[kind](data);
}

function follow(gone = document.hidden) {
  const followed = ({ dataset }) => [dataset.liveStream, dataset.liveGuest].filter(Boolean).join(" ");
  const streams = gone ? [] : [...new Set(elements().map(followed))];
  if (said === streams.join()) return;
  said = streams.join();
  say("follow", streams);
  wanted(me, streams);
}

function wanted(page, streams) {
  const before = asked().join();
  following.set(page, streams);
  if (!leading) return;
  if (asked().join() !== before) leading.open();
  else if (streams.length) leading.greet();
}

const asked = () => [...new Set([...following.values()].flat())].sort().slice(0, MOST);

channel?.addEventListener("message", ({ data: { from, kind, data } }) => {
  if (kind === "follow") wanted(from, data);
  else if (kind === "who") say("follow", following.get(me) ?? []);
  else if (!document.hidden) hear[kind](data);
});

// The leader: the tab that holds the lock, until it is hidden.

let leading = null;
let resign = null;

async function lead() {
  if (resign || document.hidden || !elements().length) return;
  const waiting = new AbortController();
  resign = () => waiting.abort();
  const reign = () =>
    new Promise((done) => {
      resign = done;
      leading = new Leader();
      for (const page of following.keys()) if (page !== me) following.delete(page);
      say("who");
      leading.open();
    });
  try {
    await (alone ? reign() : navigator.locks.request("trellis:live", { signal: waiting.signal }, reign));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
  leading?.close();
  leading = resign = null;
  lead();
}

class Leader {
  #source = null;
  #timer = 0; // until the stream counts as silent, or is tried again
  #polling = null; // the turn of polling that holds
  #failures = 0;
  #retry = RETRY[0];
  #told = {};

  open() {
    this.#drop();
    if (!asked().length) return this.close();
    this.#source = new EventSource(`/live/?${query(asked())}`);
    this.#timer = setTimeout(() => this.#silent(), SILENT);
    for (const kind of ["versions", "changed", "presence", "ended", "ping"]) {
      this.#source.addEventListener(kind, ({ data }) => this.#heard(kind, JSON.parse(data)));
    }
    this.#source.addEventListener("error", () => this.#lost());
  }

  close() {
    this.#drop();
    this.#polling = null;
  }

  /** A page was shown later than the rest: tell it what they know. */
  greet() {
    toAll("versions", this.#told);
    if (root.dataset.live) toAll("status", root.dataset.live);
  }

  #drop() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
  }

  #heard(kind, data) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silent(), SILENT);
    [this.#failures, this.#polling, this.#retry] = [0, null, RETRY[0]];
    if (kind === "versions") Object.assign(this.#told, data);
    if (kind === "changed") this.#told[data.stream] = data.version;
    if (kind !== "ping") toAll(kind, data);
    if (root.dataset.live !== "streaming" || kind === "versions") toAll("status", "streaming");
  }

  /** The server ends a stream now and then and the next is opened; twice with nothing heard between is a failure. */
  #lost() {
    this.#failures += 1;
    if (this.#failures >= 2) return this.#silent();
    this.#drop();
    this.#timer = setTimeout(() => this.open(), between(0, 250));
  }

  #silent() {
    this.#drop();
    this.#timer = setTimeout(() => this.open(), this.#retry * between(0.8, 1.2));
    this.#retry = Math.min(2 * this.#retry, RETRY[1]);
    if (!this.#polling) this.#poll();
  }

  async #poll() {
    const turn = (this.#polling = {});
    while (this.#polling === turn) {
      const streams = asked();
      const answer = await ask(streams);
      const versions = answer?.ok ? (await answer.json()).versions : null;
      if (this.#polling !== turn) return;
      toAll("status", versions ? "polling" : "offline");
      if (answer?.status === 401) return this.close();
      if (versions) {
        this.#told = versions;
        toAll("versions", versions);
        for (const stream of streams.map(streamOf)) if (!(stream in versions)) toAll("ended", { stream });
      }
      await new Promise((done) => setTimeout(done, POLL * between(0.8, 1.2)));
    }
  }
}

function shown() {
  follow();
  if (document.hidden) resign?.();
  else lead();
}

document.addEventListener("visibilitychange", shown);
document.addEventListener("htmx:load", shown);
addEventListener("pagehide", () => {
  follow(true);
  resign?.();
});
addEventListener("pageshow", ({ persisted }) => persisted && shown());
shown();
