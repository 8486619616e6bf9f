/* Definitions of glossary terms, shown beside the word on hover and focus (WCAG 2.2, 1.4.13): Escape dismisses, the
 * pointer may move onto the definition, and it stays until pointer and focus are elsewhere. Without this script the
 * browser shows the link's title on hover, and the style sheet on focus.
 */
(function () {
  "use strict";

  const terms = [...document.querySelectorAll("a.term[title]")];
  if (!terms.length) return;
  const EDGE = 8; // pixels kept free at both sides of the window
  const tip = document.createElement("div");
  tip.className = "sa-tip";
  tip.id = "sa-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);

  const definitions = new Map();
  let shown = null;
  let opened = null; // the term last tapped
  let leaving = 0;

  function place(term) {
    const word = term.getClientRects()[0];
    const width = document.documentElement.clientWidth;
    tip.style.left = "0";
    tip.style.top = "0";
    const box = tip.getBoundingClientRect();
    const left = Math.max(EDGE, Math.min(word.left, width - box.width - EDGE));
    // Below the word, touching it so that the pointer can cross; above, where there is no room below.
    const below = word.bottom + box.height <= window.innerHeight || word.top < box.height;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${(below ? word.bottom : word.top - box.height) + window.scrollY}px`;
  }

  function show(term) {
    clearTimeout(leaving);
    if (shown === term) return;
    hide();
    shown = term;
    tip.textContent = definitions.get(term);
    tip.hidden = false;
    term.setAttribute("aria-describedby", tip.id);
    place(term);
  }

  function hide() {
    clearTimeout(leaving);
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (shown && document.activeElement !== shown && !tip.matches(":hover") && !shown.matches(":hover")) hide();
    }, 150);
  }

  for (const term of terms) {
    definitions.set(term, term.title);
    term.removeAttribute("title"); // or the browser shows it a second time
    term.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(term));
    term.addEventListener("pointerleave", leave);
    term.addEventListener("focus", () => show(term));
    term.addEventListener("blur", leave);
    // A finger has no hover, and in a session a page left is an answer lost: there the word opens in place, and a second
    // tap on it leads to the glossary.
    term.addEventListener("click", (event) => {
      const follows = event.pointerType !== "touch" || opened === term;
      if (follows && !document.documentElement.classList.contains("sa-practising")) return;
      event.preventDefault();
      opened = term;
      show(term);
    });
  }
  tip.addEventListener("pointerleave", leave);
  window.addEventListener("resize", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
