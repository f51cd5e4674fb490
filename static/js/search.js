// [data-search] opens the search dialog, and so does the key / outside fields (off: data-search-key="off" on the body).

const dialog = document.querySelector("[data-search-dialog]");
const FIELDS = "input, textarea, select, [contenteditable]";

function show() {
  dialog.showModal();
  dialog.querySelector("input").select();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.("[data-search]")) {
      event.preventDefault();
      show();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.body.dataset.searchKey === "off" || event.target.closest?.(FIELDS)) return;
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    show();
  });

  // Arrow keys walk from the words through the names found.
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [dialog.querySelector("input"), ...dialog.querySelectorAll(".hits a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}
