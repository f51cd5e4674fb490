// A form whose answer a passkey gives: the browser asks for it, and what it says goes out with the form.
// Its options stand beside it as JSON; Safari before 18.4 cannot read them itself, so allauth's reader does.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    const options = JSON.parse(document.getElementById(form.dataset.passkey).textContent);
    try {
      const { create, get } = window.webauthnJSON;
      const answer = await (options.creation_options ? create(options.creation_options) : get(options.request_options));
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
