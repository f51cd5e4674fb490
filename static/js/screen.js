// The projector: when the room changes it fetches what is on the wall. Without a connection it shows what it had, the
// clock goes on, and it is asked again when live hears from the room.

const screen = document.querySelector("[data-screen]");
const AGAIN = 3_000;
let timer = 0;

async function look(wanted) {
  clearTimeout(timer);
  const options = { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(10_000) };
  const answer = await fetch(location.href, options).catch(() => null);
  if (answer?.status === 404) return location.reload();
  if (!answer?.ok) {
    timer = setTimeout(look, AGAIN, wanted);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const version = Number(page.querySelector("[data-scene]").dataset.version);
  if (version < Number(screen.querySelector("[data-scene]").dataset.version)) return;
  screen.replaceChildren(...page.body.childNodes);
  screen.dataset.liveVersion = Math.max(version, wanted);
  document.dispatchEvent(new CustomEvent("trellis:fresh"));
}

screen.addEventListener("live:changed", ({ detail }) => look(detail.version));
screen.addEventListener("live:ended", () => location.reload());
