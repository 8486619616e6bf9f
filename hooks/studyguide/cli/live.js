/* Put into pages by `make serve` alone: reloads the page when it has changed, and shows what is wrong while editing. */
(function () {
  "use strict";
  var has = document.currentScript.getAttribute("data-has");
  var source = new EventSource("/__live/events?page=" + encodeURIComponent(location.pathname) + "&has=" + has);
  var note = null;

  function show(text) {
    if (!note) {
      note = document.createElement("section");
      note.setAttribute("role", "alert");
      note.setAttribute("aria-label", "Problems");
      note.tabIndex = 0;
      Object.assign(note.style, {
        position: "fixed", inset: "auto 0 0 0", zIndex: "100", maxHeight: "45vh", overflow: "auto", margin: "0",
        padding: "1rem 1.5rem", background: "#2b1113", color: "#ffe9e6", borderTop: "4px solid #e5675c",
        font: "14px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap"
      });
      document.body.appendChild(note);
    }
    note.textContent = text;
  }

  // What is new first, without waiting for everything that a page loads; then the page, so that its scripts begin anew.
  function exchange(html) {
    var content = "[data-md-component=content]";
    var fresh = new DOMParser().parseFromString(html, "text/html").querySelector(content);
    var old = document.querySelector(content);
    if (fresh && old) old.replaceWith(fresh);
  }
  function reload() { location.reload(); }
  function reloadSoon() { setTimeout(reload, 150); } // once what is new has been painted

  source.addEventListener("reload", function () {
    fetch(location.href).then(function (answer) { return answer.text(); }).then(exchange).then(reloadSoon, reload);
  });
  source.addEventListener("problems", function (event) { show(JSON.parse(event.data)); });
  source.addEventListener("fixed", function () {
    if (note) { note.remove(); note = null; }
  });
})();
