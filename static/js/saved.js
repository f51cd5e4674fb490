// [data-saved] says whether what was typed is kept: "saved", "saving" or "unsaved", announced once per change.
// Any module tells it: document.dispatchEvent(new CustomEvent("trellis:saving", {detail: {key, state}})).
// The outbox tells it too. Forms marked [data-saves] tell it by themselves; leaving one unsaved asks first.

const states = new Map();

function summary() {
  const all = [...states.values()];
  return ["unsaved", "saving"].find((state) => all.includes(state)) ?? "saved";
}

function show() {
  const state = summary();
  for (const place of document.querySelectorAll("[data-saved]")) {
    if (place.dataset.state === state && state !== "saved") continue;
    place.dataset.state = state;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    place.textContent = place.dataset[`${state}Words`].replace("%s", time);
  }
}

function tell(key, state) {
  if ((states.get(key) ?? "") === state) return;
  if (state === "saved") states.delete(key);
  else states.set(key, state);
  show();
}

const form = (event) => event.target.closest?.("[data-saves]");

document.addEventListener("trellis:saving", (event) => tell(event.detail.key, event.detail.state));

document.addEventListener("outbox:state", ({ detail: { key, state } }) => {
  tell(key, { queued: "saving", saved: "saved" }[state] ?? "unsaved");
});

document.addEventListener("input", (event) => {
  if (form(event)) tell(form(event), "unsaved");
});

document.addEventListener("submit", (event) => {
  if (form(event)) tell(form(event), "saving");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (form(event) && event.detail.requestConfig.verb !== "get") tell(form(event), "saving");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const saves = event.detail.requestConfig.elt.closest("[data-saves]");
  if (saves && event.detail.requestConfig.verb !== "get") tell(saves, event.detail.successful ? "saved" : "unsaved");
});

window.addEventListener("beforeunload", (event) => {
  if ([...states].some(([key, state]) => key instanceof Element && state === "unsaved")) event.preventDefault();
});
