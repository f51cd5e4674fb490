// A heading's box ticks what is seen below it; the server would take the whole branch anyway.
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-branch]");
  if (!box) return;
  for (const below of box.closest("details").querySelectorAll("input[type=checkbox]:not(:disabled)")) {
    below.checked = box.checked;
  }
  if (!box.checked) untickAbove(box);
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".tree input:not([data-branch])") && !event.target.checked) untickAbove(event.target);
});

function untickAbove(box) {
  for (let at = box.closest("details"); at; at = at.parentElement.closest("details")) {
    const whole = at.querySelector(":scope > p [data-branch]");
    if (whole && whole !== box) whole.checked = false;
  }
}
