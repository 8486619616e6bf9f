/* On every page: what the theme leaves out for those who read by keyboard or by ear.
 *
 * The theme puts tables into boxes that scroll sideways where they are too wide, and no key reaches such a box. Its search
 * is a dialog without a name.
 */
(function () {
  "use strict";

  document.querySelector("[data-md-component=search]").setAttribute("aria-label", "Search");

  function reach(box) {
    const wide = box.scrollWidth > box.clientWidth;
    if (!wide) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      return;
    }
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Table, scrolls sideways");
  }

  // The theme makes its boxes when the document is there; after `load` they all are.
  window.addEventListener("load", () => {
    const observer = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap"))
      if (!box.closest(".nb-table, .sa-scroll")) observer.observe(box); // these scroll themselves
  });
})();
