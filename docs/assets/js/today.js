/* Today, for the interview that the reader prepares for: which and when are asked once, and kept in this browser (store.js);
 * then what to do today is listed (draw.js), with the way into it. On Home what that takes is loaded when it is needed. */
(function () {
  "use strict";

  const guide = window.StrongAnswer;
  const root = document.querySelector("[data-today]");
  if (!root) return;
  const { progress, interview, days, plans, count, element } = guide;
  const find = (name) => root.querySelector(`[data-part="${name}"]`);
  const form = find("ask");
  const first = { title: find("title").textContent, words: find("words").textContent };
  const MOST = 8; // cards named on the page

  let loading = null;
  function load(then) {
    if (guide.draw) return then();
    loading ||= guide.load("../data/cards.js", "filter.js", "queue.js", "draw.js");
    return loading.then(then);
  }

  /** "Thursday 3 December", of another year "Friday, 3 December 2027". */
  const nameOf = (day) => days.withYear(day, { weekday: "long", day: "numeric", month: "long" });

  const link = (words, address, after) =>
    element("li", {}, element("a", { href: root.dataset.root + address, textContent: words }), after || "");

  /** What to do besides cards: the plan's rows of today, and on the last evening and the day what is for them. */
  function more(what, left, today) {
    const [kind, id] = what.split(":");
    if (left === 0 || left === 1) {
      const role = kind === "role" && guide.data.roles.find((one) => one.id === id);
      const rounds = role ? role.rounds.slice(0, 3).map((one) => one.round) : kind === "round" ? [id] : [];
      const items = guide.data.rounds
        .filter((one) => rounds.includes(one.id))
        .map((one) => link(`Cram sheet: ${one.title}`, `cram/${one.id}.html`));
      if (!rounds.length) items.push(link("Cram sheets", "rounds/index.html#cram"));
      if (find("day-of")) items.push(element("li", {}, find("day-of").content.cloneNode(true)));
      return items;
    }
    const items = [];
    const laid = plans.get().plans;
    const lengthOf = (plan) => plan.rows.at(-1).last;
    /** Whether a plan with a first day goes on after the interview, which was moved or came later. */
    const isLate = (plan) => left !== null && days.between(today, laid[plan.id].start) + lengthOf(plan) - 1 > left;
    const late = (plan) => (isLate(plan) ? " (the plan ends after the interview)" : "");
    const followed = [];
    for (const row of plans.today(guide.data.plans, today)) {
      const plan = guide.data.plans.find((one) => one.id === row.plan);
      followed.push(plan);
      items.push(link(`Your plan: ${row.focus}`, `plans/${plan.id}.html#days-${row.first}-${row.last}`, late(plan)));
    }
    for (const plan of guide.data.plans.filter((one) => laid[one.id]?.start > today)) {
      followed.push(plan);
      const from = `, from ${nameOf(laid[plan.id].start)}`;
      items.push(link(`Your plan: ${plan.title}`, `plans/${plan.id}.html`, from + late(plan)));
    }
    if (left === null || followed.some((plan) => !isLate(plan))) return items;
    const [fitting] = guide.data.plans
      .filter((plan) => lengthOf(plan) <= left + 1)
      .sort((a, b) => lengthOf(b) - lengthOf(a));
    if (fitting)
      items.push(link(`A plan that fits: ${fitting.title}`, `plans/${fitting.id}.html`, ", laid to end on the day"));
    return items;
  }

  function wordsFor({ on, title }, set) {
    const subject = title || "The interview";
    const when = { 0: "today", 1: "tomorrow" }[set.left] || `on ${nameOf(on)}, in ${count(set.left, "day")}`;
    const parts = set.left === null ? (title ? [`${subject}.`] : []) : [`${subject}: ${when}.`];
    if (set.left === 0) parts.push("Nothing new now: read, and breathe.");
    else if (set.onlyDue) parts.push("Nothing new today.");
    if (set.cards.length) parts.push(`${count(set.cards.length, "card")}, ${count(set.minutes, "minute")} aloud.`);
    else if (set.full) parts.push("Your half hour is done.");
    else parts.push(set.others ? "None of its cards is due." : "No card is due.");
    if (set.done && set.cards.length) parts.push(`${count(set.done, "minute")} done today.`);
    return parts.join(" ");
  }

  function show() {
    const wanted = interview.get();
    const today = days.today();
    const past = wanted.on !== "" && wanted.on < today;
    if (!wanted.what && (!wanted.on || past) && !progress.ids().length)
      return ask(past ? `Your interview was on ${nameOf(wanted.on)}. ` : "");
    return load(() => {
      const set = guide.draw.today(guide.data, today);
      const subject = guide.draw.preparing(guide.data);
      find("title").textContent = "Today";
      find("words").textContent = (past ? `Your interview was on ${nameOf(wanted.on)}. ` : "") + wordsFor(subject, set);
      find("cards").replaceChildren(
        ...set.cards.slice(0, MOST).map((card) => link(card.title, `cards/${card.id}.html`, ` ${card.minutes} min`))
      );
      if (set.cards.length > MOST) find("cards").append(element("li", {}, `and ${set.cards.length - MOST} more`));
      find("more").replaceChildren(...more(subject.what, set.left, today));
      if (set.others)
        find("more").append(link(`All that is due: ${count(set.due, "card")}`, "practice/index.html?set=due"));
      find("start").hidden = !set.cards.length;
      find("set").hidden = false;
      root.classList.add("is-ready");
      form.hidden = find("change").getAttribute("aria-expanded") !== "true";
    });
  }

  function ask(before) {
    root.classList.add("is-ready");
    find("title").textContent = first.title;
    find("words").textContent = before + first.words;
    find("set").hidden = true;
    form.hidden = false;
  }

  function setForm() {
    const { what, on } = interview.get();
    form.elements.what.value = "";
    guide.choose(form.elements.what, what);
    form.elements.on.value = on;
    find("forget").hidden = !what && !on;
  }

  function close() {
    choosing = false;
    find("change").setAttribute("aria-expanded", "false");
    setForm();
    show();
    find("title").tabIndex = -1;
    find("title").focus();
  }

  find("start").addEventListener("click", (event) => {
    event.preventDefault();
    const { cards } = guide.draw.today(guide.data, days.today());
    const ids = cards.map((card) => card.id);
    const session = guide.queue.begin("practise", ids, { name: "Today", set: "set=today" });
    location.assign(guide.queue.cardAddress(session, `${root.dataset.root}cards/`));
  });
  find("change").addEventListener("click", () => {
    const open = find("change").getAttribute("aria-expanded") !== "true";
    find("change").setAttribute("aria-expanded", String(open));
    form.hidden = !open;
    if (open) form.elements.what.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { what, on } = form.elements;
    if (!what.value && !on.value) return what.focus();
    interview.set({ what: what.value, on: on.value });
    return close();
  });
  find("forget").addEventListener("click", () => {
    interview.set(null);
    close();
  });
  document.querySelector("[data-tomorrow]")?.addEventListener("click", (event) => {
    event.preventDefault();
    interview.set({ what: interview.get().what, on: days.later(days.today(), 1) });
    root.scrollIntoView({ block: "center" }); // clear of the header that stays
    close();
  });
  let choosing = false; // something is chosen that is not sent yet
  form.addEventListener("input", () => (choosing = true));
  if (document.documentElement.classList.contains("sa-returning") && root.closest(".sa-home")) {
    root.parentElement.prepend(root); // where the style sheet has it already: keys go as the eye does
  }
  setForm();
  progress.listen(show);
  guide.settings.listen(() => (choosing || setForm(), show()));
  show();
})();
