// A session that ended while somebody wrote: they sign in again in a dialog (a second step is asked there too), and the
// page with their words stays. Somebody else signing in gets a fresh page, and the first person's words leave this device.

import { flush } from "./outbox.js";

const LOGIN = "/accounts/login/";
const dialog = document.getElementById("sign-in");
const parse = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");

function show(page) {
  const form = page.querySelector("main form");
  dialog.querySelector("[data-place]").replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  form.querySelector("input:not([type=hidden])")?.focus();
}

document.addEventListener("outbox:state", async ({ detail }) => {
  // Asked again while the dialog waits for a name: they may have signed in in another tab. Never between two steps.
  if (detail.state !== "signed-out" || (dialog.open && !dialog.querySelector("[name=login]"))) return;
  const response = await fetch(LOGIN).catch(() => null);
  if (!response?.ok) return;
  const page = await parse(response);
  const { person } = page.body.dataset;
  if (!person) return dialog.open || show(page);
  if (person !== document.body.dataset.person) return location.reload();
  dialog.close();
  flush();
});

dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(event.target, event.submitter);
  const response = await fetch(event.target.getAttribute("action"), { method: "POST", body }).catch(() => null);
  if (!response) return;
  const page = await parse(response);
  const person = page.body.dataset.person;
  if (!person) return show(page);
  if (person !== document.body.dataset.person) return location.reload();
  dialog.close();
  flush();
});

dialog?.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
