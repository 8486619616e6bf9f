/* What the reader did with a card, beside its name wherever a page lists cards: a star, due, missed, learning, known. */
(function () {
  "use strict";

  const { progress, days, element } = window.StrongAnswer;
  const CARD = /(?:^|\/)cards\/([a-z0-9]+(?:-[a-z0-9]+)*)\.html$/;
  const places = [];
  const named = ".sa-row__title, .sa-deeper, :is(li, td, dd, h2, h3) > a";
  for (const link of document.querySelectorAll(`.md-content :is(${named})`)) {
    const id = CARD.exec(link.pathname);
    if (id) places.push({ id: id[1], link: link, mark: null });
  }

  function show() {
    const today = days.today();
    for (const place of places) {
      const words = progress.words(place.id, today);
      if (!words && !place.mark) continue;
      if (!place.mark) {
        place.mark = element("span", { className: "sa-row__mine" });
        const meta = place.link.parentElement.querySelector(":scope > .sa-row__meta");
        if (meta) meta.append(place.mark);
        else place.link.after(place.mark);
      }
      place.mark.textContent = words && ` · ${words}`;
      place.mark.dataset.status = progress.status(place.id, today);
    }
  }

  progress.listen(show);
  show();
})();
