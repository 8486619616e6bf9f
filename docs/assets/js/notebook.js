/* A notebook's solutions, hidden while somebody tries for themselves. For this visit of the page alone. */
(function () {
  "use strict";

  const button = document.querySelector("[data-solutions]");
  if (!button) return;
  const article = button.closest(".sa-notebook");
  button.addEventListener("click", () => {
    const hide = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(hide));
    article.classList.toggle("is-exercise", hide);
  });
  button.hidden = false;
})();
