/* The search box: Ctrl+K opens it, what is pasted or dictated is looked up at once, and Enter waits for what was asked. */
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

  let answered = ""; // what was asked for the list that is shown: search.js says it with its answer
  let waiting = false;

  input.addEventListener("keydown", (event) => {
    waiting = event.key === "Enter" && input.value.trim() !== "" && input.value !== answered;
    if (!waiting) return;
    event.preventDefault();
    event.stopPropagation(); // or the theme opens the first of what is still shown
  });

  window.component$.subscribe(({ asked }) => {
    if (asked === undefined) return;
    answered = asked;
    if (waiting && asked === input.value) list.querySelector(".md-search-result__item:not([hidden]) a")?.click();
  });
})();
