/* The search index and the worker that reads it come when somebody is about to search, not with every page.
 *
 * The theme asks for both as soon as a page is there, and has no setting for that: they would be most of what a card
 * weighs. Its request and its worker are held here until the reader moves to the search, or the address brings words to
 * look for or to mark. Runs before the theme's script, on a host only: from a folder the theme loads a script instead, at
 * no cost.
 */
(function () {
  "use strict";

  const address = new URLSearchParams(location.search);
  if (location.protocol === "file:" || address.has("q") || address.has("h")) return;

  const { open, send } = XMLHttpRequest.prototype;
  const held = [];

  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    this.bringsIndex = String(url).endsWith("/search/search_index.json");
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.bringsIndex) held.push(this);
    else send.call(this, body);
  };

  const { Worker } = window;
  const workers = [];

  /** A worker that begins its work later: what it is told until then is kept. */
  class LateWorker extends EventTarget {
    constructor(address) {
      super();
      this.address = address;
      this.told = [];
      this.postMessage = (data) => void this.told.push(data);
      workers.push(this);
    }

    begin() {
      const worker = new Worker(this.address);
      worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      this.postMessage = (data) => worker.postMessage(data);
      this.told.forEach(this.postMessage);
    }
  }
  window.Worker = /** @type {any} */ (LateWorker);

  function bring(event) {
    if (!event.target.closest("[data-md-component=search], [for=__search]")) return;
    for (const type of ["focusin", "pointerover"]) document.removeEventListener(type, bring);
    Object.assign(XMLHttpRequest.prototype, { open: open, send: send });
    for (const request of held) request.send();
    window.Worker = Worker;
    for (const worker of workers) worker.begin();
  }
  for (const type of ["focusin", "pointerover"]) document.addEventListener(type, bring);
})();
