/* The list of all cards, narrowed and ordered (see filter.js). The rows are the page's own: they are shown, hidden and
 * moved, never made anew. The form is the truth, the address follows it, and an address sets the form. */
(function () {
  "use strict";

  const { filter, progress, days } = window.StrongAnswer;
  const root = document.querySelector("[data-sa-browse]");
  if (!root) return;

  const find = (id) => document.getElementById(id);
  const form = find("filters");
  const oneList = find("one-list");
  const count = find("count");
  const practise = find("practise");
  const practiceAddress = practise.getAttribute("href");

  // --- what is there ------------------------------------------------------------------------------------------------
  const ids = (text) => text.split(" ").filter(Boolean);
  const cards = [...root.querySelectorAll(".sa-row")].map((row) => {
    const card = {
      id: row.dataset.id,
      title: row.querySelector(".sa-row__title").textContent,
      line: row.querySelector(".sa-row__text").textContent,
      round: row.dataset.round,
      level: row.dataset.level,
      form: row.dataset.form,
      minutes: Number(row.dataset.minutes),
      roles: ids(row.dataset.roles),
      topics: ids(row.dataset.topics),
      evidence: "evidence" in row.dataset,
    };
    card.row = row;
    card.home = row.parentElement;
    card.text = filter.textOf(card);
    return card;
  });
  const rounds = [...root.querySelectorAll("[data-of]")].map((section) => ({
    section: section,
    number: section.querySelector("h2 small"),
    link: root.querySelector(`#jump a[href="#${section.dataset.of}"]`),
    id: section.dataset.of,
    all: cards.filter((card) => card.round === section.dataset.of).length,
  }));
  const groups = [...root.querySelectorAll("[data-group]")].map((group) => ({
    name: group.dataset.group,
    element: group,
    chosen: group.querySelector("[data-chosen]"),
    boxes: [...group.querySelectorAll("input")].map((box) => ({
      box: box,
      label: box.parentElement,
      count: box.parentElement.querySelector("[data-count]"),
    })),
  }));

  // --- the form and the address -------------------------------------------------------------------------------------
  function readForm() {
    const fields = new FormData(form);
    return filter.parse([...new Set(fields.keys())].map((name) => [name, fields.getAll(name).join(",")]));
  }

  function setForm(wanted) {
    form.elements.q.value = wanted.q;
    const minutes = form.elements.minutes;
    if (wanted.minutes && ![...minutes.options].some((option) => option.value === String(wanted.minutes))) {
      minutes.add(new Option(`at most ${wanted.minutes}`, String(wanted.minutes)));
    }
    minutes.value = wanted.minutes ? String(wanted.minutes) : "";
    form.elements.evidence.value = wanted.evidence;
    form.elements.sort.value = wanted.sort;
    for (const { name, element, boxes } of groups) {
      for (const { box } of boxes) box.checked = wanted[name].includes(box.value);
      if (wanted[name].length) element.open = true;
    }
  }

  /** Put the filter into the address. A choice is a step that Back undoes; the letters of one word are one step. */
  let typing = false;
  function setAddress(wanted, typed) {
    const query = filter.write(wanted);
    if (query === filter.write(filter.parse(location.search))) return;
    const address = location.pathname + (query ? `?${query}` : "");
    if (typed && typing) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    typing = typed;
  }

  // --- showing ------------------------------------------------------------------------------------------------------
  let order = "round"; // "" where it has to be made again
  function setOrder(sort) {
    if (sort === order) return;
    order = sort;
    for (const card of filter.sorted(cards, sort)) (sort === "round" ? card.home : oneList).append(card.row);
    root.classList.toggle("sa-browse--one", sort !== "round");
    oneList.hidden = sort === "round";
  }

  /** One pass over all cards: which are shown, and how many each box would show beside the other restrictions. */
  function show(wanted) {
    const tests = Object.entries(filter.tests(wanted, days.today(), (card) => card.text));
    const would = Object.fromEntries(groups.map(({ name }) => [name, new Map()]));
    const shown = [];
    for (const card of cards) {
      const failed = tests.filter(([, test]) => !test(card)).map(([name]) => name);
      const hidden = failed.length > 0;
      if (card.row.hidden !== hidden) card.row.hidden = hidden;
      if (!hidden) shown.push(card);
      for (const { name } of groups) {
        if (failed.some((other) => other !== name)) continue;
        for (const value of filter.VALUES[name](card)) would[name].set(value, (would[name].get(value) || 0) + 1);
      }
    }
    setOrder(wanted.sort);
    const one = wanted.sort !== "round";
    for (const { section, number, link, id, all } of rounds) {
      const here = shown.filter((card) => card.round === id).length;
      section.hidden = link.hidden = one || !here;
      number.textContent = here === all ? String(all) : `${here} of ${all}`;
    }
    for (const { name, chosen, boxes } of groups) {
      for (const { box, label, count: number } of boxes) {
        const many = would[name].get(box.value) || 0;
        if (number.textContent !== String(many)) number.textContent = many;
        label.classList.toggle("sa-group__empty", !many && !box.checked);
      }
      chosen.textContent = wanted[name].length ? `${wanted[name].length} chosen` : "";
      chosen.hidden = !wanted[name].length;
    }
    const minutes = shown.reduce((sum, card) => sum + card.minutes, 0);
    say(wanted, shown.length, minutes);
  }

  function say(wanted, shown, minutes) {
    const hours = minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
    const restricted = Object.keys(filter.tests(wanted)).length;
    const words = shown === cards.length && shown > 1 ? `All ${shown} cards` : `${shown} of ${cards.length} cards`;
    count.textContent = shown ? `${words}, ${hours} aloud` : words;
    find("reset").hidden = !restricted && wanted.sort === "round";
    find("filters-open").textContent = restricted ? `More filters (${restricted} in use)` : "More filters";
    find("none").hidden = shown > 0;
    practise.hidden = !shown;
    practise.textContent =
      shown === cards.length ? "Practice all" : shown === 1 ? "Practice this one" : `Practice these ${shown}`;
    const query = filter.write(wanted);
    practise.href = `${practiceAddress}?set=filter${query ? `&${query}` : ""}`;
  }

  /** Take over what the reader did with each card; marks.js writes it beside them. */
  function readStatuses() {
    const today = days.today();
    if (order === "due") order = "";
    for (const card of cards) card.statuses = progress.statuses(card.id, today);
  }

  // --- what readers do ----------------------------------------------------------------------------------------------
  function update(typed) {
    const wanted = readForm();
    setAddress(wanted, typed);
    show(wanted);
  }
  // At the root, because the choice of an order stands outside the form.
  root.addEventListener("input", (event) => update(event.target.name === "q"));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault(); // a reset goes back to what the page began with, and that may have been a filter
    setForm(filter.parse(""));
    update(false);
    if (document.activeElement === document.body || document.activeElement.type === "reset") form.elements.q.focus();
  });
  find("filters-open").addEventListener("click", (event) => {
    const open = root.classList.toggle("sa-browse--open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  window.addEventListener("popstate", () => {
    typing = false;
    setForm(filter.parse(location.search));
    show(readForm());
  });
  progress.listen(() => {
    readStatuses();
    show(readForm());
  });

  readStatuses();
  setForm(filter.parse(location.search));
  show(readForm());
})();
