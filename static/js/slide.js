// Cards on a projector: arrows, the space bar and a presenter's remote (Page Up, Page Down) turn them over.

const keys = {
  ArrowRight: "next", PageDown: "next", " ": "next",
  ArrowLeft: "prev", PageUp: "prev",
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && event.target.matches("a, button")) return;
  const link = keys[event.key] && document.querySelector(`a[rel=${keys[event.key]}][href]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
