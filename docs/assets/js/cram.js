/* A cram sheet narrowed to one level, or to the reader's own: cards with a star, and cards missed last time.
 * Paper shows what the screen does. */
(function () {
  "use strict";

  const { progress } = window.StrongAnswer;
  const place = document.querySelector("[data-cram]");
  const level = place.querySelector("select");
  const box = place.querySelector("input");
  const practice = document.querySelector("a[data-practice]");
  const sections = [...document.querySelectorAll(".sa-cram > section")];
  const isMine = (id) => progress.own(id).star || progress.statuses(id).includes("missed");

  function show() {
    const mine = sections.filter((section) => isMine(section.id));
    box.parentElement.hidden = !mine.length;
    place.querySelector("[data-count]").textContent = mine.length;
    const only = mine.length && box.checked ? mine : sections;
    const chosen = only.filter((section) => !level.value || section.dataset.level === level.value);
    for (const section of sections) section.hidden = !chosen.includes(section);
    for (const list of document.querySelectorAll(".sa-cram"))
      list.previousElementSibling.hidden = [...list.children].every((section) => section.hidden);
    const narrowed = chosen.length < sections.length;
    place.querySelector("[data-shown]").textContent = narrowed ? `${chosen.length} of ${sections.length} cards` : "";
    const address = new URL(practice.href);
    address.searchParams.delete("level");
    if (level.value) address.searchParams.set("level", level.value);
    practice.href = address.href;
  }

  place.addEventListener("change", show);
  progress.listen(show);
  place.hidden = false;
  show(); // a browser may have kept what was chosen
})();
