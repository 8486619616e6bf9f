/* The search from a folder on disk. Browsers start no worker for a page at file://, so there a hidden frame plays one.
 *
 * The offline plugin's own shim (iframe-worker) writes a script into that frame, which the site's policy forbids: inline
 * scripts run only by hash, and that one holds the folder's address. Here the frame stays empty but for a script element
 * with an address, and this script gives it what a worker has and the search uses: postMessage and the event "message".
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
      const inside = /** @type {any} */ (frame.contentWindow);
      // What the worker says to the page. Later, as with a real worker: never within the call.
      inside.postMessage = (data) => setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));

      const script = inside.document.createElement("script");
      script.src = new URL(address, location.href).href;
      const ready = new Promise((loaded, failed) => {
        script.onload = loaded;
        script.onerror = () => failed(new Error(`This file could not be loaded: ${script.src}`));
      });
      inside.document.body.append(script);
      this.postMessage = (data) =>
        ready.then(() => inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(data) })));
    }
  }

  window.Worker = /** @type {any} */ (FrameWorker);
})();
