// data-refetch="/address/": what is inside is fetched anew, from the same address as the page, when its stream says so
// (data-live-stream, and data-topic for what has no version). While a <progress> is inside, also every few seconds:
// a nudge may be lost, and the end of the work must not be.

const EVERY = 4_000;

for (const element of document.querySelectorAll("[data-refetch]")) {
  let fetching = false;
  const refetch = async () => {
    if (fetching) return;
    fetching = true;
    const answer = await fetch(element.dataset.refetch, { headers: { "HX-Request": "true" } }).catch(() => null);
    fetching = false;
    if (!answer?.ok || answer.redirected) return;
    element.innerHTML = await answer.text();
  };
  element.addEventListener("live:presence", ({ detail }) => detail.topic === element.dataset.topic && refetch());
  element.addEventListener("live:changed", ({ detail }) => {
    element.dataset.liveVersion = detail.version;
    refetch();
  });
  setInterval(() => element.querySelector("progress") && !document.hidden && refetch(), EVERY);
}
