// On every page: words that wait are sent as soon as they can be. Signing out, or signing in as somebody else, leaves
// nobody's words on this device.

import { begin, entries, signOut } from "./outbox.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-signs-out]");
  if (!form) return;
  if (entries().length && !window.confirm(form.dataset.signsOut)) {
    event.preventDefault();
    return;
  }
  signOut();
});

document.addEventListener("DOMContentLoaded", begin);
