// [data-clock] counts by the server's clock: data-state idle, paused or running, data-left in seconds, data-ends in the
// server's milliseconds. The offset is that of the quickest of eight questions (Cristian), asked again each minute and
// on waking; between them the browser's steady clock counts, so a wrong or changed device clock does no harm. A page that
// came with the server's time (data-now: the phones, of which there are hundreds) begins with that and asks once. Below
// zero it counts up as "over". The timer itself is silent; [data-clock-says] says 60 s, 10 s and 0.

const came = document.querySelector("[data-now]")?.dataset.now;
const QUESTIONS = came ? 1 : 8;
const AGAIN = 60_000;

let offset = came ? Number(came) - performance.now() : null; // server's milliseconds − performance.now()

async function question() {
  const sent = performance.now();
  const answer = await fetch("/time/", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
  const received = performance.now();
  const { now } = await answer.json();
  return { took: received - sent, offset: now - (sent + received) / 2 };
}

let asking = false;

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    let best = null;
    for (let n = 0; n < QUESTIONS; n += 1) {
      const found = await question();
      if (!best || found.took < best.took) best = found;
    }
    offset = best.offset;
  } catch {
    // No connection: it goes on counting by what it knew.
  } finally {
    asking = false;
    tick();
  }
}

const two = (n) => String(n).padStart(2, "0");
const firstSeen = new WeakMap(); // a clock shown before the server's time is known counts from what the page said

/** Seconds left, below zero when over; the number the page came with while nothing better is known. */
export function left(clock) {
  const { state, ends, left: said } = clock.dataset;
  if (state !== "running") return Number(said);
  if (ends && offset !== null) return (Number(ends) - offset - performance.now()) / 1000;
  if (!firstSeen.has(clock)) firstSeen.set(clock, performance.now());
  return Number(said) - (performance.now() - firstSeen.get(clock)) / 1000;
}

let before = null;

function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) {
    before = null;
    return;
  }
  const seconds = left(clock);
  const whole = Math.abs(seconds > 0 ? Math.ceil(seconds) : Math.floor(-seconds));
  const over = seconds <= -1;
  const text = `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
  const shown = clock.querySelector("[data-clock-text]");
  const word = clock.querySelector("[data-clock-word]");
  if (shown.textContent !== text) shown.textContent = text;
  if (word.textContent !== (over ? word.dataset.clockWord : "")) word.textContent = over ? word.dataset.clockWord : "";
  clock.toggleAttribute("data-over", over);
  clock.toggleAttribute("data-soon", !over && seconds <= 60 && clock.dataset.state === "running");
  announce(clock, seconds);
}

function announce(clock, seconds) {
  const place = document.querySelector("[data-clock-says]");
  const same = before && before.ends === clock.dataset.ends;
  if (place && same && clock.dataset.state === "running") {
    for (const [at, name] of [[60, "minute"], [10, "ten"], [0, "zero"]]) {
      if (before.seconds > at && seconds <= at) place.textContent = place.dataset[name];
    }
  }
  before = { ends: clock.dataset.ends, seconds };
}

setInterval(tick, 200);
setInterval(ask, AGAIN);
document.addEventListener("visibilitychange", ask);
document.addEventListener("trellis:fresh", tick);
ask();
