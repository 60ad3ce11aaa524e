// Small comforts. Every page works without this file.
(function () {
  "use strict";
  var on = document.addEventListener.bind(document);

  // A form came back with errors: say so first.
  function focusNews(root) {
    var news = root.querySelector("[data-focus]");
    if (news) news.focus();
  }

  // The button that was pressed says that we are at it; it is never switched off.
  function busy(button) {
    if (!button || button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    button.words = button.innerHTML;
    button.textContent = document.body.dataset.busy;
  }

  function ready() {
    document.querySelectorAll("button[aria-busy]").forEach(function (button) {
      button.removeAttribute("aria-busy");
      button.innerHTML = button.words;
    });
  }

  function sayNoConnection(event) {
    if (looksAgain(event)) return;
    var place = document.getElementById("messages");
    var note = document.getElementById("no-connection");
    ready();
    if (place && note) {
      place.replaceChildren(note.content.cloneNode(true));
      place.scrollIntoView({ block: "center" });
    }
  }

  on("DOMContentLoaded", function () { focusNews(document); offerVoice(); });

  // "Read aloud", where the browser can; a second tap stops.
  var voice = window.speechSynthesis;
  function offerVoice() {
    var button = document.querySelector("[data-read]");
    if (!voice || !button) return;
    var label = button.querySelector("span"), start = label.textContent;
    button.parentNode.hidden = false;
    button.addEventListener("click", function () {
      var reads = label.textContent !== start;
      voice.cancel();
      label.textContent = reads ? start : button.dataset.stop;
      if (reads) return;
      var text = new SpeechSynthesisUtterance(document.querySelector(button.dataset.read).innerText);
      text.lang = document.documentElement.lang;
      text.onend = text.onerror = function () { label.textContent = start; };
      voice.speak(text);
    });
    window.addEventListener("pagehide", voice.cancel.bind(voice));
  }

  on("submit", function (event) {
    if (!event.defaultPrevented) busy(event.submitter);
  });

  // Back to a page that was kept: buttons are ready again.
  window.addEventListener("pageshow", ready);

  // A part that looks for news by itself: not while nobody sees it, nor under somebody's hands.
  function looksAgain(event) {
    var config = event.detail.requestConfig;
    return config && config.elt.hasAttribute("data-looks-again");
  }

  on("htmx:beforeRequest", function (event) {
    var place = event.detail.target, held = document.activeElement;
    if (looksAgain(event) && (document.hidden || (held !== place && place.contains(held)))) return event.preventDefault();
    var cause = event.detail.requestConfig.triggeringEvent;
    if (cause && cause.type === "submit") busy(cause.submitter);
  });
  on("htmx:afterRequest", ready);
  // What had the focus may be gone: it moves to what came in its place.
  on("htmx:afterSettle", function (event) {
    if (looksAgain(event)) return;
    var place = event.detail.elt;
    if (place.querySelector("[data-focus]")) return focusNews(place);
    if (document.activeElement && document.activeElement !== document.body) return;
    if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    place.focus();
  });
  on("htmx:sendError", sayNoConnection);
  on("htmx:timeout", sayNoConnection);
  on("htmx:responseError", function (event) {
    if (event.detail.xhr.status > 500) sayNoConnection(event);
  });
})();
