/* A cram sheet narrowed to the reader's own: cards with a star, and cards missed last time. Paper shows what the screen does. */
(function () {
  "use strict";

  const { progress } = window.StrongAnswer;
  const place = document.querySelector("[data-cram]");
  const box = place.querySelector("input");
  const sections = [...document.querySelectorAll(".sa-cram > section")];
  const isMine = (id) => progress.own(id).star || progress.statuses(id).includes("missed");

  function show() {
    const mine = sections.filter((section) => isMine(section.id));
    place.hidden = !mine.length;
    place.querySelector("[data-count]").textContent = mine.length;
    for (const section of sections) section.hidden = !place.hidden && box.checked && !mine.includes(section);
    for (const list of document.querySelectorAll(".sa-cram"))
      list.previousElementSibling.hidden = [...list.children].every((section) => section.hidden);
  }

  box.addEventListener("change", show);
  progress.listen(show);
  show(); // a browser may have kept the tick
})();
