/* A plan: dates from a first day, rows to tick, and a calendar file. What is kept: see guide.plans in store.js. */
(function () {
  "use strict";

  const table = document.querySelector("[data-plan]");
  if (!table) return;
  const guide = window.StrongAnswer;
  const id = table.dataset.plan;
  const rows = [...table.tBodies[0].rows];
  const start = document.getElementById("plan-start");
  const button = document.getElementById("plan-calendar");

  const store = guide.plans;
  const mine = (value) => value.plans[id] || { start: "", done: [] };
  const box = (row) => row.querySelector("input[type=checkbox]");

  // --- days: counted in UTC, where each has 24 hours, whatever clocks do where the reader lives ----------------------

  const { today, valid: isDay } = guide.days;
  /** The day `number` of a plan (from 1) that begins on `first`, as "2026-11-30". */
  const dayOf = (first, number) => guide.days.later(first, number - 1);
  /** @type {Intl.DateTimeFormatOptions} */
  const SHORT = { weekday: "short", day: "numeric", month: "short" };
  /** @type {Intl.DateTimeFormatOptions} */
  const WITH_YEAR = { ...SHORT, year: "numeric" };

  const time = (day, format) => guide.element("time", { dateTime: day }, guide.days.words(day, format));

  // --- showing -----------------------------------------------------------------------------------------------------

  function show(value) {
    const plan = mine(value);
    if (start.value !== plan.start) start.value = plan.start;
    const dated = isDay(plan.start);
    button.disabled = !dated;
    let year = "";
    rows.forEach((row) => {
      const [first, last] = [row.dataset.first, row.dataset.last].map((day) =>
        dated ? dayOf(plan.start, Number(day)) : ""
      );
      const parts = [];
      if (dated) {
        const format = first.slice(0, 4) === year ? SHORT : WITH_YEAR;
        year = last.slice(0, 4);
        parts.push(time(first, format));
        if (last !== first) parts.push(" to ", time(last, last.slice(0, 4) === first.slice(0, 4) ? SHORT : WITH_YEAR));
      }
      row.querySelector(".sa-plan__dates").replaceChildren(...parts);
      row.classList.toggle("sa-plan__now", dated && first <= today() && today() <= last);
      box(row).checked = plan.done.includes(row.id);
      row.classList.toggle("sa-plan__done", box(row).checked);
    });
    const done = rows.filter((row) => box(row).checked).length;
    document.getElementById("plan-progress").value = done;
    const words = `${done} of ${rows.length} rows done`;
    const says = document.getElementById("plan-done");
    if (says.textContent !== words) says.textContent = words;
  }

  function change(fn) {
    store.change((value) => {
      const plan = mine(value);
      fn(plan);
      value.plans[id] = plan;
    });
  }

  // --- the calendar ------------------------------------------------------------------------------------------------

  const online = location.protocol === "http:" || location.protocol === "https:";
  const words = (row, part) => row.querySelector(`[data-part=${part}]`).textContent.trim().replace(/\s+/g, " ");

  function event(row) {
    const first = mine(store.get()).start;
    const use = [...row.querySelectorAll("[data-part=use] li")].map((item) => {
      const link = item.querySelector("a");
      const words = item.cloneNode(true);
      words.querySelectorAll(".sa-row__mine").forEach((mark) => mark.remove()); // the reader's, not the plan's
      return `- ${words.textContent.trim()}${online ? `: ${link.href}` : ""}`;
    });
    const page = location.href.split("#")[0].split("?")[0];
    return {
      // Made from the plan and the row alone: a file made again, or for another first day, moves what is there.
      uid: `${id}-${row.id}@${guide.id}`,
      first: dayOf(first, Number(row.dataset.first)),
      after: dayOf(first, Number(row.dataset.last) + 1),
      summary: words(row, "focus"),
      description: [words(row, "output"), "", "Use:", ...use].join("\n"),
      url: online ? `${page}#${row.id}` : "",
    };
  }

  /** Now, and in any case a second after the file before: a calendar tells the newer of two by it. */
  function stamp() {
    const now = Math.max(Date.now(), (mine(store.get()).made || 0) + 1000);
    change((plan) => (plan.made = now));
    return new Date(now);
  }

  function download() {
    const text = guide.calendar(rows.map(event), {
      product: `-//${table.dataset.guide}//Plans//EN`,
      name: table.dataset.title,
      stamp: stamp(),
    });
    guide.download(`${guide.id}-${id}.ics`, "text/calendar;charset=utf-8", text);
  }

  // --- the interview that it leads to -------------------------------------------------------------------------------

  const towards = document.getElementById("plan-towards");
  const short = document.getElementById("plan-short");
  const length = Math.max(...rows.map((row) => Number(row.dataset.last)));
  function showTowards() {
    const { on } = guide.interview.get();
    const first = on && dayOf(on, 2 - length);
    const { start } = mine(store.get());
    const tooLong = on && first < today();
    const theDay = on && `${guide.days.words(on, SHORT)}, the day of your interview`;
    towards.hidden = !on || tooLong || start === first;
    towards.textContent = `End it on ${theDay}`;
    // Not where it is under way and ends in time, nor after the interview.
    short.hidden = !tooLong || on < today() || (isDay(start) && start <= first);
    short.textContent = `It takes ${guide.count(length, "day")}, too long to end by ${theDay}.`;
  }
  towards.addEventListener("click", () => {
    change((plan) => (plan.start = dayOf(guide.interview.get().on, 2 - length)));
    button.focus(); // this one is hidden now
  });
  guide.settings.listen(showTowards);
  store.listen(showTowards);
  showTowards();

  // --- the page ----------------------------------------------------------------------------------------------------

  start.addEventListener("change", () => {
    if (start.validity.valid) change((plan) => (plan.start = start.value));
  });
  // Said when the reader leaves the field: while a year is typed, it passes through 0002, 0020 and 0202.
  start.addEventListener("blur", () => {
    if (!start.validity.valid) guide.say("The first day must be a day between 2000 and 2199.");
  });
  rows.forEach((row) =>
    box(row).addEventListener("change", () =>
      change((plan) => {
        plan.done = plan.done.filter((other) => other !== row.id);
        if (box(row).checked) plan.done.push(row.id);
      })
    )
  );
  button.addEventListener("click", download);
  document.querySelector(".sa-plan-tools").hidden = false;
  store.listen(show);
  show(store.get());
})();
