// Signing out, or signing in as somebody else, leaves nobody's words on this device.

import { entries, signOut } from "./outbox.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-signs-out]");
  if (!form) return;
  if (entries().length && !window.confirm(form.dataset.signsOut)) {
    event.preventDefault();
    return;
  }
  signOut();
});

if (!document.body.dataset.person) signOut();
