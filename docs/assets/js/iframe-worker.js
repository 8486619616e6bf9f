/* The search from a folder on disk. Browsers start no worker for a page at file://, so there a hidden frame plays one.
 *
 * The offline plugin's own shim (iframe-worker) writes a script into that frame, which the site's policy forbids: inline
 * scripts run only by hash, and that one holds the folder's address. Here the frame stays empty but for a script element
 * with an address, and this script gives it the functions that a worker has. As much of a Worker as the search uses:
 * postMessage, terminate, and the events "message" and "error".
 */
(function () {
  "use strict";

  if (location.protocol !== "file:") return;

  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "Search";
      document.body.append(frame);
      this.frame = frame;
      const inside = /** @type {any} */ (frame.contentWindow);

      const load = (url) =>
        new Promise((loaded, failed) => {
          const script = inside.document.createElement("script");
          script.src = url;
          script.onload = loaded;
          script.onerror = () => failed(new Error(`This file could not be loaded: ${url}`));
          inside.document.body.append(script);
        });

      // What the worker says to the page. Later, as with a real worker: never within the call.
      inside.postMessage = (data) =>
        setTimeout(() => this.tell("message", new MessageEvent("message", { data: data })));
      inside.importScripts = (...urls) => urls.reduce((before, url) => before.then(() => load(url)), Promise.resolve());
      inside.addEventListener("error", (event) =>
        this.tell("error", new ErrorEvent("error", { message: event.message, error: event.error }))
      );
      this.ready = load(new URL(address, location.href).href);
      this.ready.catch((error) =>
        this.tell("error", new ErrorEvent("error", { message: error.message, error: error }))
      );
    }

    tell(name, event) {
      this.dispatchEvent(event);
      if (typeof this[`on${name}`] === "function") this[`on${name}`](event);
    }

    postMessage(data) {
      this.ready.then(
        () => {
          const inside = /** @type {any} */ (this.frame.contentWindow);
          if (inside) inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(data) }));
        },
        () => {} // told already
      );
    }

    terminate() {
      this.frame.remove();
    }
  }

  window.Worker = /** @type {any} */ (FrameWorker);
})();
