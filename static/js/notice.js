// #notices: shows what the server or another module has to say, and the sentence for a request that failed.
// A module says: document.dispatchEvent(new CustomEvent("trellis:notice", {detail: {text, level}})); a response
// says it with the header HX-Trigger: {"trellis:notice": {"text": …, "level": …}}.

const place = document.getElementById("notices");

function say(text, level = "info") {
  if ([...place.querySelectorAll("p")].some((line) => line.textContent === text)) return;
  const notice = document.getElementById("notice-shape").content.firstElementChild.cloneNode(true);
  notice.classList.add(level);
  notice.querySelector("p").textContent = text;
  place.append(notice);
}

if (place) {
  place.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".notice").remove();
  });
  document.addEventListener("trellis:notice", (event) => say(event.detail.text, event.detail.level));
  document.addEventListener("htmx:sendError", () => say(place.dataset.offline, "warning"));
  document.addEventListener("htmx:responseError", () => say(place.dataset.failed, "warning"));
}
