/* Pick a set and start a session; at its end, how it went. The set is in the address, so that it can be shared; it holds
 * nothing about the reader but the name of the set. */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const { data, draw, queue, progress, results } = guide;
  const find = (name) => document.querySelector(`[data-${name}]`);
  const form = find("pick");
  if (!form) return;
  const cards = form.dataset.cards;
  const count = (number) => guide.count(number, "card");
  const FILTER = ["round", "level", "role", "topic", "minutes", "status"]; // fields of the form that make up a filter
  const FIELDS = { role: "must-do", collection: "collection" }; // of sets that one field of the form describes
  /** Sets that depend on what the reader did, with what is said where they have no card. */
  const EMPTY = {
    today: "Today's half hour is done, or nothing is left to do.",
    due: "Nothing is due today.",
    missed: "Nothing was missed last time.",
    weakest: "Nothing was answered yet.",
    starred: "No card has a star yet: put one on a card's own page.",
  };

  if (!new URLSearchParams(location.search).has("done")) return pick();
  return queue.read(location, "").ids.length ? showResults() : location.replace(location.pathname);

  function pick() {
    const field = (name) => form.elements[name];
    const query = new URLSearchParams(location.search);
    const seed = Number(query.get("seed")) || draw.newSeed();
    const given = takeOver(query);

    /** Set the form to what the address asks for. Returns a filter that the form has no fields for, as a query, or "". */
    function takeOver(asked) {
      for (const name of ["n", "order"]) if (asked.has(name)) guide.choose(field(name), asked.get(name));
      const set = asked.get("set");
      if (set === "filter") {
        const filter = guide.filter.parse(location.search);
        FILTER.forEach((name) => field(name) && guide.choose(field(name), String(filter[name] || "")));
        if (guide.filter.write(ofForm()) !== guide.filter.write(filter)) {
          FILTER.forEach((name) => field(name) && guide.choose(field(name), ""));
          return guide.filter.write(filter);
        }
      } else if (set === "plan" && field("plan")) {
        const plan = data.plans.find((one) => one.id === asked.get("plan"));
        const row = plan?.rows.find((one) => one.first <= asked.get("day") && asked.get("day") <= one.last);
        if (row) guide.choose(field("plan"), `${plan.id}:${row.first}`);
      } else if (field(FIELDS[set])) {
        guide.choose(field(FIELDS[set]), asked.get(set));
      }
      const radio = [...form.querySelectorAll("input[name=set]")].find((one) => one.value === set);
      if (radio) radio.checked = true;
      return "";
    }

    /** The fields of the form as a filter. */
    function ofForm() {
      const chosen = new URLSearchParams();
      for (const name of FILTER) if (field(name)?.value) chosen.set(name, field(name).value);
      return guide.filter.parse(chosen.toString());
    }

    /** What the form asks for, as the query of this page. */
    function asked() {
      const set = field("set").value;
      const parts = [`set=${set === "given" ? "filter" : set}`];
      if (set === "given") parts.push(given);
      if (set === "filter") parts.push(guide.filter.write(ofForm()));
      if (set === "plan") {
        const [plan, day] = field("plan").value.split(":");
        parts.push(`plan=${plan}&day=${day}`);
      }
      if (FIELDS[set]) parts.push(`${set}=${field(FIELDS[set]).value}`);
      parts.push(`n=${field("n").value}&order=${field("order").value}`);
      if (field("order").value === "shuffled") parts.push(`seed=${seed}`);
      return parts.filter(Boolean).join("&");
    }

    function render() {
      const drawn = draw.queue(data, asked());
      const some = drawn.cards.length === drawn.found.length ? "all of them" : `${drawn.cards.length} of them`;
      find("found").textContent = drawn.found.length
        ? `${count(drawn.found.length)}${drawn.found.length > 1 ? `; this session asks ${some}` : ""}.`
        : EMPTY[field("set").value] || "No card fits.";
      find("start").disabled = !drawn.cards.length;
    }

    function showCounts() {
      for (const set of Object.keys(EMPTY)) {
        find(`count="${set}"`).textContent = count(draw.members(data, `set=${set}`).cards.length);
      }
    }

    if (given) {
      find("given").hidden = false;
      find("given-words").textContent = wordsOf(guide.filter.parse(given));
      field("set").value = "given";
    } else if (!query.has("set") && draw.members(data, "set=due").cards.length) {
      field("set").value = "due";
    }
    form.addEventListener("change", (event) => {
      const part = event.target.closest(".sa-set");
      if (part && event.target.name !== "set") part.querySelector("input[name=set]").checked = true;
      history.replaceState(null, "", `?${asked()}`);
      render();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const drawn = draw.queue(data, asked());
      const ids = drawn.cards.map((card) => card.id);
      const filter = { filter: wordsOf(ofForm()) || "All cards", given: given && wordsOf(guide.filter.parse(given)) };
      const session = queue.begin("practise", ids, { name: filter[field("set").value] || drawn.name, set: asked() });
      location.assign(queue.cardAddress(session, cards));
    });
    for (const store of [progress, guide.settings]) store.listen(() => (showCounts(), render()));
    form.hidden = false;
    showCounts();
    render();
  }

  /** A filter in words. */
  function wordsOf(filter) {
    const titles = (list, ids) =>
      ids.map((id) => (list.find((one) => one.id === id) || { title: id }).title).join(" or ");
    const parts = [
      filter.q && `“${filter.q}”`,
      titles(data.rounds, filter.round),
      titles(data.levels, filter.level),
      titles(data.roles, filter.role),
      titles(data.topics, filter.topic),
      filter.status.join(" or "),
      filter.minutes && `at most ${filter.minutes} minutes`,
      filter.evidence && (filter.evidence === "yes" ? "with evidence" : "without evidence"),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  function showResults() {
    const session = queue.read(location, "");
    const list = results.answers(session, data.cards);
    results.fill(find, session, list, cards);
    const again = list.filter((answer) => !results.wasRated(answer) || results.weak([answer]).length);
    const ids = again.map((answer) => answer.card.id);
    if (ids.length) {
      find("again").hidden = false;
      const more = { name: "What did not sit", set: session.set };
      find("again").href = queue.cardAddress(queue.begin("practise", ids, more), cards);
    }
    if (session.set) {
      find("same").hidden = false;
      find("same").href = `?${session.set}`;
    }
    find("summary").hidden = false;
    find("heading").focus();
  }
})();
