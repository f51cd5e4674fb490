// The meeting view: Page Down and Page Up go from row to row, unless somebody is writing.

const keys = { PageDown: "next", PageUp: "prev" };

document.addEventListener("keydown", (event) => {
  const link = keys[event.key] && document.querySelector(`a[rel=${keys[event.key]}][href]`);
  if (!link || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  link.click();
});
