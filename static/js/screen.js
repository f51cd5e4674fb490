// The projector: it asks for the version every two seconds, and fetches what is on the wall when that has changed.
// Without a connection it shows what it had, and the clock goes on.

const POLL = 2_000;
const screen = document.querySelector("[data-screen]");
const shown = () => screen.querySelector("[data-scene]").dataset.version;
const ask = (url, options) => fetch(url, { cache: "no-store", signal: AbortSignal.timeout(10_000), ...options });

async function look() {
  const answer = await ask(screen.dataset.versionUrl);
  if (answer.status === 404) return location.reload();
  if (!answer.ok) return;
  const { version } = await answer.json();
  if (String(version) === shown()) return;
  const fresh = await ask(location.href, { headers: { "HX-Request": "true" } });
  if (!fresh.ok) return;
  const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
  screen.replaceChildren(...page.body.childNodes);
  document.dispatchEvent(new CustomEvent("trellis:fresh"));
}

async function follow() {
  try {
    await look();
  } catch {
    // Held back or gone for a moment: the next turn asks again.
  }
  setTimeout(follow, POLL);
}

setTimeout(follow, POLL);
