/* Narrows a long list to the entries that hold the words typed: whole words, or the beginnings of some. */
(function () {
  "use strict";

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];

  for (const place of document.querySelectorAll("[data-narrow]")) {
    const input = place.querySelector("input");
    const said = place.querySelector("[role=status]");
    const elements = [...document.querySelectorAll(place.dataset.narrow)];
    const entries = elements.map((element) => ({ element, words: wordsOf(element.textContent) }));
    const narrow = () => {
      const typed = wordsOf(input.value);
      let count = 0;
      for (const { element, words } of entries) {
        const fits = typed.every((start) => words.some((word) => word.startsWith(start)));
        element.hidden = !fits;
        count += fits;
      }
      const some = count ? `${count} of ${entries.length}` : "Nothing has a word that begins so.";
      said.textContent = typed.length ? some : "";
    };
    input.addEventListener("input", narrow);
    place.hidden = false;
    narrow(); // a browser may have kept what was typed
  }
})();
