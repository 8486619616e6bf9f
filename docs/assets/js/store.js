/* What a reader did with the cards, and how they like the pages: kept in this browser, under two names.
 *
 * <guide's id>:progress  {"version": 1, "value": {"cards": {<card id>: [try, ...]}}}
 * <guide's id>:settings  {"version": 1, "value": {<name>: <JSON value>}}
 *
 * A try is one answer to one card. Tries of a card are in order of time, at most 30, the oldest dropped first:
 *   at      when, ISO 8601 in UTC with milliseconds; with the card's id it names the try
 *   on      the reader's own day, "YYYY-MM-DD"; it ends at four in the morning
 *   hit     places of the moves that were said, from 0, rising
 *   of      how many moves the card had
 *   rating  1 missed, 2 shaky, 3 said it
 *   box     the Leitner box that the card went into, 1 to 5
 * The newest try decides the card's box; a card is due INTERVALS[box - 1] days after the newest try's day. Nothing else
 * is kept: what follows from the tries is worked out, so that a merge of two browsers' tries needs no judgement.
 *
 * An exported file is {"format": "<guide's id>-progress", "version": 1, "cards": {...}} with the same cards. Import
 * takes the union of tries by card and `at`, all of a file or nothing, and never touches settings.
 *
 * Older versions are brought up to date by MIGRATIONS; newer ones are left alone (see keep in base.js).
 *
 * The schedule is Sebastian Leitner's ("So lernt man lernen", 1972) with doubling intervals.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer = window.StrongAnswer || {});
  const FORMAT = `${guide.id}-progress`;
  const VERSION = 1;
  const AT_MOST = 30;
  const BIGGEST_FILE = 20e6; // characters; thirty tries of each of 4,000 cards are less
  const INTERVALS = [1, 2, 4, 8, 16]; // days, by box
  const NIGHT = 4; // the hour at which a day ends
  const KNOWN_FROM = 4; // the box from which a card counts as known
  const DAY = /^\d{4}-\d\d-\d\d$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

  /** By version: what turns its value into the next version's. Version 1 is the first, so there is none yet. */
  const MIGRATIONS = {};

  function migrate(value, version) {
    for (let step = version; step < VERSION; step += 1) {
      if (!MIGRATIONS[step]) throw new Error(`there has never been a version ${version}.`);
      value = MIGRATIONS[step](value);
    }
    return value;
  }

  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const two = (number) => String(number).padStart(2, "0");
  const isWhole = (value, from, to) => Number.isInteger(value) && value >= from && value <= to;
  const isTime = (text) => TIME.test(text) && !Number.isNaN(Date.parse(text));
  const isDay = (text) => DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

  /** The reader's own day of a moment, as "YYYY-MM-DD". Whoever practices past midnight is still in the day before. */
  function dayOf(moment) {
    const day = new Date(moment.getTime() - NIGHT * 3600000);
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  }

  /** A day so many days later. Reckoned in UTC, where each day has 24 hours. */
  function later(day, days) {
    return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
  }

  /** What is wrong with a try, in words, or "". */
  function wrong(one) {
    if (!isObject(one)) return "it is not an object";
    if (typeof one.at !== "string" || !isTime(one.at)) return "“at” must be a time such as 2026-03-01T09:30:00.000Z";
    if (typeof one.on !== "string" || !isDay(one.on)) return "“on” must be a day such as 2026-03-01";
    if (!isWhole(one.of, 0, 99)) return "“of” must be a whole number from 0 to 99";
    if (!isWhole(one.rating, 1, 3)) return "“rating” must be 1, 2 or 3";
    if (!isWhole(one.box, 1, INTERVALS.length)) return `“box” must be a whole number from 1 to ${INTERVALS.length}`;
    const rising = (place, index, all) => isWhole(place, 0, one.of - 1) && (index === 0 || all[index - 1] < place);
    if (!Array.isArray(one.hit) || !one.hit.every(rising)) return "“hit” must be rising places of moves, below “of”";
    return "";
  }

  /** Throws an Error that says which entry of a mapping from card ids to tries is wrong, and how. */
  function requireCards(cards) {
    if (!isObject(cards)) throw new Error("it has no “cards”.");
    for (const id of Object.keys(cards)) {
      if (!ID.test(id)) throw new Error(`“${id.slice(0, 60)}” is not the id of a card.`);
      if (!Array.isArray(cards[id])) throw new Error(`the tries of “${id}” are not a list.`);
      cards[id].forEach((one, index) => {
        const fault = wrong(one);
        if (fault) throw new Error(`try ${index + 1} of “${id}”: ${fault}.`);
        if (index && cards[id][index - 1].at >= one.at) throw new Error(`the tries of “${id}” are not in order of time.`);
      });
    }
  }

  function isValid(value) {
    if (!isObject(value)) return false;
    requireCards(value.cards);
    return true;
  }

  /** Both lists of tries as one, in order of time; where both have a try at one moment, the first list's stays. */
  function union(mine, theirs) {
    const byTime = new Map([...theirs, ...mine].map((one) => [one.at, one]));
    return [...byTime.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-AT_MOST);
  }

  /** Whether a value lacks some of these tries by card id (those it dropped for their age aside). */
  function lacks(value, cards) {
    return Object.keys(cards).some((id) => {
      const mine = has(value.cards, id) ? { [id]: value.cards[id] } : {};
      return mergeInto({ cards: mine }, { [id]: cards[id] }) > 0;
    });
  }

  /** Put tries by card id into a value; returns how many were new to it. */
  function mergeInto(value, cards) {
    let added = 0;
    for (const id of Object.keys(cards)) {
      const mine = has(value.cards, id) ? value.cards[id] : [];
      const there = new Set(mine.map((one) => one.at));
      const both = union(mine, cards[id]);
      added += both.filter((one) => !there.has(one.at)).length;
      if (both.length) value.cards[id] = both;
    }
    return added;
  }

  const kept = guide.keep("progress", {
    version: VERSION,
    empty: () => ({ cards: {} }),
    valid: isValid,
    migrate: migrate,
  });

  // Reading 1,000 cards must not parse the store 1,000 times. What is remembered is dropped whenever it may be old.
  let remembered = null;
  const read = () => (remembered = remembered || kept.get());
  kept.listen(() => (remembered = null));
  window.addEventListener("pageshow", (event) => event.persisted && (remembered = null));

  // A browser may let two tabs write at the same moment, so that one write swallows the other. Each tab knows what it
  // recorded itself, and puts it back when another tab's write lacks it; after an erasure there is nothing to put back.
  let own = {};
  window.addEventListener("storage", (event) => {
    if (event.key !== null && event.key !== `${guide.id}:progress`) return;
    if (event.newValue === null) own = {};
    else if (lacks(kept.get(), own)) kept.change((value) => mergeInto(value, own));
  });

  // The last record of this tab, for undo. It has to outlive the page, because the next card is another page.
  const UNDO = `${guide.id}:undo`;
  let undoable = null;
  function rememberUndo(entry) {
    undoable = entry;
    try {
      if (entry) sessionStorage.setItem(UNDO, JSON.stringify(entry));
      else sessionStorage.removeItem(UNDO);
    } catch (error) {
      // Without a place to keep it, undo works until the page is left.
    }
  }
  function recallUndo() {
    if (undoable) return undoable;
    try {
      const entry = JSON.parse(sessionStorage.getItem(UNDO));
      const sound = isObject(entry) && ID.test(entry.id) && isTime(entry.at) && (!entry.dropped || !wrong(entry.dropped));
      return sound ? entry : null;
    } catch (error) {
      return null;
    }
  }

  const triesOf = (id) => (has(read().cards, id) ? read().cards[id] : []);

  /**
   * What is known of a card: {seen: number of tries kept, box: 0 (new) to 5, due: "YYYY-MM-DD" or "", last: the newest
   * try or null, tries: oldest first}. The tries are the store's own; do not change them.
   */
  function card(id) {
    const tries = triesOf(id);
    const last = tries.length ? tries[tries.length - 1] : null;
    const due = last ? later(last.on, INTERVALS[last.box - 1]) : "";
    return { seen: tries.length, box: last ? last.box : 0, due: due, last: last, tries: tries };
  }

  /** Where a rating takes a card: missed to the first box, shaky stays, said goes one on; a new card counts as box 1. */
  function nextBox(box, rating) {
    if (rating === 1) return 1;
    return Math.min(Math.max(box, 1) + (rating === 3 ? 1 : 0), INTERVALS.length);
  }

  /**
   * Record one answer: {hit: [places of moves, from 0], of: number of moves, rating: 1, 2 or 3}. `now` is a Date, by
   * default this moment. Returns the card as `card()` does, with `kept`: whether the answer outlives this page. Throws
   * where the answer is not one.
   */
  function record(id, answer, now) {
    const moment = now || new Date();
    const one = {
      at: moment.toISOString(),
      on: dayOf(moment),
      hit: [...new Set(answer.hit)].sort((a, b) => a - b),
      of: answer.of,
      rating: answer.rating,
      box: nextBox(0, answer.rating),
    };
    const fault = ID.test(id) ? wrong(one) : "there is no such card";
    if (fault) throw new Error(`Cannot record an answer to “${id}”: ${fault}.`);
    const stays = kept.change((value) => {
      const before = has(value.cards, id) ? value.cards[id] : [];
      const last = before[before.length - 1];
      // What is recorded now is the newest, also where a clock was put back in between.
      if (last && last.at >= one.at) one.at = new Date(Date.parse(last.at) + 1).toISOString();
      one.box = nextBox(last ? last.box : 0, one.rating);
      value.cards[id] = union(before, [one]);
      rememberUndo({ id: id, at: one.at, dropped: before.length === AT_MOST ? before[0] : null });
    });
    own[id] = union(has(own, id) ? own[id] : [], [one]);
    return { ...card(id), kept: stays };
  }

  /**
   * Take back this tab's last record, once; with an id only where it is of that card. Returns {id, was: the try taken
   * back}, or null where there is none.
   */
  function undo(id) {
    const entry = recallUndo();
    if (!entry || (id && entry.id !== id)) return null;
    let was = null;
    kept.change((value) => {
      const tries = has(value.cards, entry.id) ? value.cards[entry.id] : [];
      was = tries.find((one) => one.at === entry.at) || null;
      if (!was) return;
      const left = tries.filter((one) => one !== was);
      value.cards[entry.id] = entry.dropped ? union(left, [entry.dropped]) : left;
      if (!value.cards[entry.id].length) delete value.cards[entry.id];
    });
    if (has(own, entry.id)) own[entry.id] = own[entry.id].filter((one) => one.at !== entry.at);
    rememberUndo(null);
    return was && { id: entry.id, was: was };
  }

  /**
   * All that a card is on a day, the most telling first: ["new"]; or "missed" (the newest try was) and "due" (today or
   * before), where they hold; or else "known" (box 4 or 5) or "learning".
   */
  function statuses(id, today) {
    const { box, due, last } = card(id);
    if (!last) return ["new"];
    const found = [];
    if (last.rating === 1) found.push("missed");
    if (due <= (today || dayOf(new Date()))) found.push("due");
    return found.length ? found : [box >= KNOWN_FROM ? "known" : "learning"];
  }

  const ids = () => Object.keys(read().cards);
  const byDue = (a, b) => (card(a).due < card(b).due ? -1 : card(a).due > card(b).due ? 1 : a < b ? -1 : 1);
  const having = (wanted, today) => ids().filter((id) => statuses(id, today).includes(wanted)).sort(byDue);

  /** The progress as the text of a file. The same progress gives the same text. */
  function exportText() {
    const cards = {};
    for (const id of ids().sort()) cards[id] = triesOf(id);
    return `${JSON.stringify({ format: FORMAT, version: VERSION, cards: cards }, null, 1)}\n`;
  }

  function fromFile(text) {
    if (text.length > BIGGEST_FILE) throw new Error("it is far too big.");
    let file;
    try {
      file = JSON.parse(text);
    } catch (error) {
      throw new Error("it is not JSON, or it is cut off.");
    }
    if (!isObject(file) || file.format !== FORMAT) throw new Error("it is not a file of progress of this guide.");
    if (!isWhole(file.version, 0, Number.MAX_SAFE_INTEGER)) throw new Error("it does not say its version.");
    if (file.version > VERSION) {
      throw new Error(`it comes from a newer version of this site (${file.version}; this one reads up to ${VERSION}).`);
    }
    const value = migrate({ cards: file.cards }, file.version);
    requireCards(value.cards);
    return value.cards;
  }

  /**
   * Merge an exported file into the progress, all of it or nothing. Returns {added, known: numbers of tries, cards: of
   * how many cards the added ones are, message: the same in words}. Throws an Error whose message is for the reader.
   */
  function importText(text) {
    let cards;
    try {
      cards = fromFile(text);
    } catch (error) {
      throw new Error(`Nothing was imported: ${error.message}`);
    }
    const all = Object.keys(cards).reduce((sum, id) => sum + cards[id].length, 0);
    let added = 0;
    let touched = 0;
    kept.change((value) => {
      for (const id of Object.keys(cards)) {
        const more = mergeInto(value, { [id]: cards[id] });
        added += more;
        touched += more ? 1 : 0;
      }
    });
    const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
    const known = all - added;
    const parts = [added ? `Added ${count(added, "answer")} to ${count(touched, "card")}.` : "Nothing new was in it."];
    if (known) {
      const were = known === 1 ? "was" : "were";
      parts.push(`${count(known, "answer")} ${were} here already, or older than the ${AT_MOST} kept for a card.`);
    }
    parts.push("Settings stayed as they were.");
    return { added: added, known: known, cards: touched, message: parts.join(" ") };
  }

  /** Forget every answer. */
  function erase() {
    own = {};
    rememberUndo(null);
    kept.clear();
  }

  guide.progress = {
    INTERVALS: INTERVALS,
    AT_MOST: AT_MOST,
    card: card,
    ids: ids,
    record: record,
    undo: undo,
    canUndo: (id) => Boolean(recallUndo()) && (!id || recallUndo().id === id),
    statuses: statuses,
    status: (id, today) => statuses(id, today)[0],
    due: (today) => having("due", today),
    missed: (today) => having("missed", today),
    exportText: exportText,
    importText: importText,
    erase: erase,
    /** Texts of this store that were damaged and set aside, oldest first. */
    damaged: kept.damaged,
    /** Calls fn after a change in this tab or another. */
    listen: (fn) => kept.listen(() => fn()),
  };
  guide.days = { of: dayOf, today: () => dayOf(new Date()), later: later };

  const preferred = guide.keep("settings", {
    version: 1,
    empty: () => ({}),
    valid: isObject,
    migrate: () => {
      throw new Error("There is no older version of this.");
    },
  });
  guide.settings = {
    /** The setting of this name, or what to take where there is none. */
    get: (name, otherwise) => (has(preferred.get(), name) ? preferred.get()[name] : otherwise),
    /** Returns whether it is kept beyond this page. */
    set: (name, value) => preferred.change((all) => (all[name] = value)),
    erase: () => preferred.clear(),
    listen: (fn) => preferred.listen(() => fn()),
  };
})();
