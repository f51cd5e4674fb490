// Signing out, or signing in as somebody else, leaves nobody's words on this device.

import { entries, signOut } from "./outbox.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-sign-out]");
  if (!form) return;
  if (entries().length && !window.confirm(form.dataset.signOut)) {
    event.preventDefault();
    return;
  }
  signOut();
});

if (!document.body.dataset.person) signOut();
