/* Which cards, in which order: one description for the list of all cards, for practice and for shared addresses.
 *
 * In an address (and in the query of practice/index.html?set=filter&...) a filter is written with these names; what is
 * absent does not restrict. Several values are separated by commas and mean any of them; the names together mean all.
 *   q         words; each must begin a word of the card's title, of its question, or of its topics
 *   round, level, form, role, topic   ids; form is question, situation or story
 *   minutes   at most so many minutes aloud
 *   evidence  yes | no
 *   status    new, missed, due, learning, known (see statuses in store.js)
 *   sort      round (the order of the guide, also where absent) | title | level | minutes | due
 *
 * A card here is {id, title, line, round, level, form, minutes, roles, topics, evidence}, as in data/cards.js; the list of all
 * cards makes the same from its rows, and adds `statuses` where it knows them already.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  /** By name of a restriction to ids: a card's own ids of that kind. `day` is the day on which its status is asked for. */
  const VALUES = {
    round: (card) => [card.round],
    level: (card) => [card.level],
    form: (card) => [card.form],
    role: (card) => card.roles,
    topic: (card) => card.topics,
    status: (card, day) => card.statuses || guide.progress.statuses(card.id, day),
  };
  const LISTS = Object.keys(VALUES);
  const LEVELS = ["foundation", "practitioner", "senior"];
  const SORTS = ["round", "title", "level", "minutes", "due"];

  /** A query (its text, with or without "?", or its pairs) as a filter. What does not belong in one is left out. */
  function parse(query) {
    const given = new URLSearchParams(query);
    const filter = { q: (given.get("q") || "").trim() };
    for (const name of LISTS) {
      filter[name] = [...new Set((given.get(name) || "").split(",").map((id) => id.trim()))].filter(Boolean);
    }
    filter.minutes = /^\d{1,3}$/.test(given.get("minutes")) ? Number(given.get("minutes")) : 0;
    filter.evidence = ["yes", "no"].includes(given.get("evidence")) ? given.get("evidence") : "";
    filter.sort = SORTS.includes(given.get("sort")) ? given.get("sort") : "round";
    return filter;
  }

  /** A filter as a query without "?": always in the same order, and empty for no filter. */
  function write(filter) {
    const parts = [];
    const add = (name, value) => parts.push(`${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    if (filter.q) add("q", filter.q);
    for (const name of LISTS) if (filter[name].length) add(name, filter[name].join(","));
    if (filter.minutes) add("minutes", filter.minutes);
    if (filter.evidence) add("evidence", filter.evidence);
    if (filter.sort !== "round") add("sort", filter.sort);
    return parts.join("&");
  }

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  /** By word of a query: what finds it where a word begins. Scripts that put no spaces between words have no such place. */
  const beginnings = (query) =>
    (fold(query).match(/[\p{L}\p{N}]+/gu) || []).map((word) => new RegExp(`(?:^|[^\\p{Lu}\\p{Ll}\\p{N}])${word}`, "u"));
  /** What `q` looks into: one string, made once for a card. */
  const textOf = (card) => fold(`${card.title} ${card.line} ${card.topics.join(" ")}`);

  /**
   * By name of a restriction: whether a card passes it. Only those that restrict are in it. `today` is "YYYY-MM-DD", by
   * default today; `text(card)` may give a card's text where the caller has it already.
   */
  function tests(filter, today, text) {
    const day = today || guide.days.today();
    const words = beginnings(filter.q);
    const all = {};
    if (words.length) all.q = (card) => words.every((word) => word.test((text || textOf)(card)));
    for (const name of LISTS) {
      const wanted = filter[name];
      if (wanted.length) all[name] = (card) => VALUES[name](card, day).some((id) => wanted.includes(id));
    }
    if (filter.minutes) all.minutes = (card) => card.minutes <= filter.minutes;
    if (filter.evidence) all.evidence = (card) => Boolean(card.evidence) === (filter.evidence === "yes");
    return all;
  }

  const ORDERS = {
    title: (a, b) => a.title.localeCompare(b.title, "en"),
    level: (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level),
    minutes: (a, b) => a.minutes - b.minutes,
  };

  /** The cards in an order; equal ones stay as they were, which is the order of the guide. New cards are due last. */
  function sorted(cards, sort) {
    if (sort === "due") {
      const due = new Map(cards.map((card) => [card, guide.progress.card(card.id).due || "9999"]));
      return [...cards].sort((a, b) => (due.get(a) < due.get(b) ? -1 : due.get(a) > due.get(b) ? 1 : 0));
    }
    return ORDERS[sort] ? [...cards].sort(ORDERS[sort]) : [...cards];
  }

  /** The cards that pass a filter, in its order. */
  function choose(cards, filter, today) {
    const all = Object.values(tests(filter, today));
    return sorted(
      cards.filter((card) => all.every((test) => test(card))),
      filter.sort
    );
  }

  guide.filter = { LEVELS, VALUES, parse, write, tests, sorted, choose, textOf };
})();
