// Small comforts. Every page works without this file.
const on = document.addEventListener.bind(document);

// A form came back with errors: say so first.
function focusNews(root) {
  root.querySelector("[data-focus]")?.focus();
}

// The button that was pressed says that we are at it; it is never switched off.
function busy(button) {
  if (!button || button.hasAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  button.words = button.innerHTML;
  button.textContent = document.body.dataset.busy;
}

function ready() {
  document.querySelectorAll("button[aria-busy]").forEach((button) => {
    button.removeAttribute("aria-busy");
    button.innerHTML = button.words;
  });
}

function sayNoConnection(event) {
  if (looksAgain(event)) return;
  const place = document.getElementById("messages"), note = document.getElementById("no-connection");
  ready();
  if (place && note) {
    place.replaceChildren(note.content.cloneNode(true));
    place.scrollIntoView({ block: "center" });
  }
}

on("DOMContentLoaded", () => focusNews(document));

// "Read aloud", where the browser can; a second tap stops.
const voice = window.speechSynthesis;
let quiet;
if (voice) {
  document.documentElement.dataset.voice = "";
  on("click", ({ target }) => {
    const button = target.closest("[data-read]");
    if (!button) return;
    voice.cancel();
    if (quiet) return quiet();
    const { dataset } = button, label = button.querySelector("span");
    const turn = () => [label.textContent, dataset.stop] = [dataset.stop, label.textContent];
    const end = quiet = () => { if (quiet === end) { turn(); quiet = 0; } };
    turn();
    const text = new SpeechSynthesisUtterance(document.querySelector(dataset.read).innerText);
    text.lang = document.documentElement.lang;
    text.onend = text.onerror = end;
    voice.speak(text);
  });
  window.addEventListener("pagehide", () => voice.cancel());
}

on("submit", (event) => event.defaultPrevented || busy(event.submitter));

// Back to a page that was kept: buttons are ready again.
window.addEventListener("pageshow", ready);

// A part that looks for news by itself: not while nobody sees it, nor under somebody's hands.
const looksAgain = ({ detail }) => detail.requestConfig?.elt.hasAttribute("data-looks-again");

on("htmx:beforeRequest", (event) => {
  const place = event.detail.target, held = document.activeElement, cause = event.detail.requestConfig.triggeringEvent;
  if (looksAgain(event) && (document.hidden || (held !== place && place.contains(held)))) return event.preventDefault();
  if (cause?.type === "submit") busy(cause.submitter);
});
on("htmx:afterRequest", ready);
// What had the focus may be gone: it moves to what came in its place.
on("htmx:afterSettle", (event) => {
  const place = event.detail.elt;
  if (looksAgain(event)) return;
  if (place.querySelector("[data-focus]")) return focusNews(place);
  if (document.activeElement && document.activeElement !== document.body) return;
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus();
});
on("htmx:sendError", sayNoConnection);
on("htmx:timeout", sayNoConnection);
on("htmx:responseError", (event) => event.detail.xhr.status > 500 && sayNoConnection(event));
