/* What the reader-side scripts share: a place in the browser to keep things, and a voice to say what happened.
 *
 * Nothing leaves the browser. A store is one JSON value in localStorage: {"version": n, "value": ...}. It survives
 * storage that is blocked, full, damaged or written by a newer version of the site: the page then works from memory,
 * says so once, and what was there is never overwritten (a damaged text is kept under the same name + ":damaged", the
 * next one under ":damaged:2"). When there is room again, what was in memory is written with the next change.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  /** The guide's own id: other guides may stand on the same host, and keep what is theirs. */
  guide.id = document.querySelector("meta[name=studyguide]").content;

  /** Say something in a line that screen readers hear; it stays until the next message or until it is closed. */
  guide.say = function (message) {
    let box = document.getElementById("sa-says");
    if (!box) {
      box = document.createElement("div");
      box.id = "sa-says";
      box.className = "sa-notice";
      box.setAttribute("role", "status");
      const words = document.createElement("span");
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = "Close";
      close.addEventListener("click", () => (box.hidden = true));
      box.append(words, close);
      (document.querySelector(".sa-practising .sa-dock") || document.body).append(box);
    }
    box.hidden = false;
    // Emptied first, so that the same message twice is heard twice.
    box.firstChild.textContent = "";
    requestAnimationFrame(() => (box.firstChild.textContent = message));
  };

  /**
   * Hand a text to the reader as a file. Its address is not revoked: a phone first asks whether to save, and reads the
   * file when the reader has answered, whenever that is. It goes with the page.
   */
  guide.download = function (name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  };

  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);

  /**
   * Load scripts, named from the folder of this one, in their order and of this one's version. Resolves when the last
   * has run; rejects where one of them does not load.
   */
  guide.load = (...names) =>
    Promise.all(
      names.map(
        (name) =>
          new Promise((done, failed) => {
            const script = document.createElement("script");
            script.async = false; // in this order
            script.src = src.replace("base.js", name);
            script.addEventListener("load", done);
            script.addEventListener("error", failed);
            document.head.append(script);
          })
      )
    );

  /** Copy a text; rejects where the browser does not let the page copy. */
  guide.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      // Browsers give pages from a folder no clipboard; the older way asks nobody.
      const asked = document.activeElement;
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "sa-unseen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      asked.focus();
      if (!done) throw error;
    }
  };

  /** Copy the address of this page with another end, and say so; or say the address. */
  guide.copyLink = function (end) {
    const address = location.href.split(/[?#]/)[0] + end;
    guide.copy(address).then(
      () => guide.say("The link is copied."),
      () => guide.say(`The browser did not let the page copy. This is the link: ${address}`)
    );
  };

  guide.isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  /**
   * A store named `name`.
   *
   * `empty()` makes the value of a new reader; `valid(value)` tells whether a value read has the right shape;
   * `migrate(value, version)` turns a value of an older version into one of this version, where there has been one.
   *
   * get() reads; change(fn) reads afresh, lets fn change the value in place, and writes, in one go, so that two tabs
   * add to each other's work; listen(fn) calls fn after a change in this tab or another; clear() forgets everything.
   * change() returns whether the value is kept beyond this page.
   */
  guide.keep = function (name, options) {
    const key = `${guide.id}:${name}`;
    const listeners = [];
    let memory = null; // the value, while storage cannot be used
    let based = null; // the text in storage that `memory` goes on from, where only the room was missing

    /** Say it once in a tab: its name is what outlives a page where storage is blocked. */
    function tell(message) {
      if (window.name.includes(message)) return;
      window.name += message;
      guide.say(message);
    }

    function fromMemory(message) {
      if (memory === null) memory = options.empty();
      tell(message);
      return memory;
    }

    const damagedKey = (number) => `${key}:damaged${number === 1 ? "" : `:${number}`}`;

    function setAside(text) {
      try {
        let number = 1;
        while (localStorage.getItem(damagedKey(number)) !== null) number += 1;
        localStorage.setItem(damagedKey(number), text);
        localStorage.removeItem(key);
        guide.say("What this browser kept for the page was damaged. It was set aside, and the page starts afresh.");
        return options.empty();
      } catch (_error) {
        return fromMemory(
          "What this browser kept for the page is damaged. Until you close the page, it works without."
        );
      }
    }

    function get() {
      if (memory !== null) return memory;
      let text;
      try {
        text = localStorage.getItem(key);
      } catch (_error) {
        return fromMemory("This browser keeps nothing for this site, so your work lasts until you close the page.");
      }
      if (text === null) return options.empty();
      let kept;
      try {
        kept = JSON.parse(text);
      } catch (_error) {
        return setAside(text);
      }
      if (!kept || !Number.isInteger(kept.version)) return setAside(text);
      if (kept.version > options.version) {
        return fromMemory("A newer version of this site kept your work here. It is left alone; reload to use it.");
      }
      try {
        const value = kept.version < options.version ? options.migrate(kept.value, kept.version) : kept.value;
        return options.valid(value) ? value : setAside(text);
      } catch (_error) {
        return setAside(text);
      }
    }

    /** Whether the value in memory may be written: nobody else wrote since the room ran out. */
    function mayWrite() {
      return memory === null || (based !== null && localStorage.getItem(key) === based.text);
    }

    function change(fn) {
      const value = get();
      fn(value);
      let kept = false;
      try {
        if (mayWrite()) {
          if (memory === null) based = { text: localStorage.getItem(key) };
          localStorage.setItem(key, JSON.stringify({ version: options.version, value: value }));
          memory = based = null;
          kept = true;
        }
      } catch (_error) {
        memory = value;
        tell("This browser has no room left for this site, so what you do now lasts until you close the page.");
      }
      listeners.forEach((listener) => listener(value));
      return kept;
    }

    function clear() {
      memory = based = null;
      try {
        const ours = Object.keys(localStorage).filter((name) => name === key || name.startsWith(`${key}:damaged`));
        ours.forEach((name) => localStorage.removeItem(name));
      } catch (_error) {
        // Nothing was kept, so there is nothing to forget.
      }
      listeners.forEach((listener) => listener(get()));
    }

    window.addEventListener("storage", (event) => {
      if (event.key === key || event.key === null) listeners.forEach((listener) => listener(get()));
    });

    /** The damaged texts that were set aside, oldest first. */
    function damaged() {
      const texts = [];
      try {
        for (let text; (text = localStorage.getItem(damagedKey(texts.length + 1))) !== null; ) texts.push(text);
      } catch (_error) {
        // Nothing is kept, so nothing was set aside.
      }
      return texts;
    }

    return { get: get, change: change, clear: clear, damaged: damaged, listen: (fn) => listeners.push(fn) };
  };
})();
