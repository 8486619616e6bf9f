/* Narrows a long list to the entries that hold the words typed: whole words, or the beginnings of some. */
(function () {
  "use strict";

  for (const place of document.querySelectorAll("[data-narrow]")) {
    const input = place.querySelector("input");
    const said = place.querySelector("[role=status]");
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const entries = [...document.querySelectorAll(place.dataset.narrow)].map((element) => ({
      element: element,
      words: fold(element.textContent).match(/[\p{L}\p{N}]+/gu) || [],
    }));
    const narrow = () => {
      const typed = fold(input.value).match(/[\p{L}\p{N}]+/gu) || [];
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
