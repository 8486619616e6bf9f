/* A checklist: what is ticked stays ticked in this browser, until it is cleared.
 * Kept: {ticks: {<id of list>: [what items ask]}}; an item that asks something else is another. */
(function () {
  "use strict";

  const list = document.querySelector("[data-checklist]");
  if (!list) return;
  const guide = window.StrongAnswer;
  const id = list.dataset.checklist;
  const items = [...list.querySelectorAll("li")];
  const box = (item) => item.querySelector("input[type=checkbox]");
  const asks = (item) => item.querySelector(".sa-ask").textContent.trim();
  const { isRecord } = guide;
  const store = guide.keep("checklists", {
    version: 1,
    empty: () => ({ ticks: {} }),
    valid: (value) => isRecord(value) && isRecord(value.ticks) && Object.values(value.ticks).every(Array.isArray),
  });

  function show(value) {
    const ticked = value.ticks[id] || [];
    for (const item of items) box(item).checked = ticked.includes(asks(item));
    const here = items.filter((item) => box(item).checked).length;
    document.querySelector("[data-ticked]").textContent = `${here} of ${items.length} ticked`;
    document.querySelector("[data-clear]").disabled = !ticked.length;
  }

  list.addEventListener("change", () =>
    store.change((value) => (value.ticks[id] = items.filter((item) => box(item).checked).map(asks)))
  );
  document.querySelector("[data-clear]").addEventListener("click", () => {
    store.change((value) => delete value.ticks[id]);
    box(items[0]).focus(); // the button is off now, and would leave the focus nowhere
  });
  document.querySelector("[data-print]").addEventListener("click", () => window.print());
  document.querySelector("[data-checklist-tools]").hidden = false;
  store.listen(show);
  show(store.get());
})();
