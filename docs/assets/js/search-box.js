/* The search box: Ctrl+K opens it, what is pasted or dictated is looked up at once, and Enter waits for the first result. */
(function () {
  "use strict";

  const input = document.querySelector("[data-md-component=search-query]");
  const toggle = document.getElementById("__search");
  const list = document.querySelector(".md-search-result__list");
  if (!input || !toggle || !list) return;

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!toggle.checked) toggle.click();
    input.focus();
  });

  // The theme listens to keys alone.
  input.addEventListener("input", () => input.dispatchEvent(new Event("keyup")));

  const first = () => list.querySelector(".md-search-result__item:not([hidden]) a");
  let waiting = null;

  input.addEventListener("keydown", (event) => {
    if (waiting) waiting.disconnect();
    waiting = null;
    if (event.key !== "Enter" || !input.value.trim() || first()) return;
    event.preventDefault();
    waiting = new MutationObserver(() => {
      const link = first();
      if (!link) return;
      waiting.disconnect();
      link.click();
    });
    waiting.observe(list, { childList: true });
  });
})();
