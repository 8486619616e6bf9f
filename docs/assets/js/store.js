/* What a reader did with the cards, and how they like the pages: kept in this browser, under two names.
 *
 * <guide's id>:progress  {"version": 2, "value": {"cards": {<card id>: [try, ...]}, "own": {<card id>: own, ...}}}
 * <guide's id>:settings  {"version": 1, "value": {<name>: <JSON value>}}
 *
 * A try is one answer to one card. Tries of a card are in order of time, at most 30, the oldest dropped first:
 *   at      when, ISO 8601 in UTC with milliseconds; with the card's id it names the try
 *   on      the reader's own day, "YYYY-MM-DD"; it ends at four in the morning
 *   hit     places of the moves that were said, from 0, rising
 *   of      how many moves the card had
 *   rating  1 missed, 2 shaky, 3 said it
 * What follows from the tries is worked out (schedule.js), so that a merge needs no judgement.
 *
 * What a reader puts on a card is {at: when, as above, star: true or false, note: text}; the newer of two stays.
 *
 * An exported file is {"format": "<guide's id>-progress", "version": 2, "cards": {...}, "own": {...}}. Import takes the
 * union of tries by card and `at`, all of a file or nothing, and never touches settings.
 *
 * Older versions are brought up to date by MIGRATIONS; newer ones are left alone (see keep in base.js).
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const FORMAT = `${guide.id}-progress`;
  const VERSION = 2;
  const AT_MOST = 30;
  const BIGGEST_FILE = 20e6; // characters; thirty tries of each of 4,000 cards are less
  const LONGEST_NOTE = 4000; // characters
  const NIGHT = 4; // the hour at which a day ends
  const DAY = /^\d{4}-\d\d-\d\d$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

  /** By version: what turns its value into the next version's. The first kept a Leitner box with each try. */
  const MIGRATIONS = {
    1: (value) => ({
      cards: isObject(value.cards)
        ? Object.fromEntries(Object.entries(value.cards).map(([id, tries]) => [id, withoutBox(tries)]))
        : value.cards,
      own: {},
    }),
  };
  const withoutBox = (tries) =>
    Array.isArray(tries) ? tries.map((one) => (isObject(one) ? { ...one, box: undefined } : one)) : tries;

  function migrate(value, version) {
    for (let step = version; step < VERSION; step += 1) {
      if (!MIGRATIONS[step]) throw new Error(`there has never been a version ${version}.`);
      value = MIGRATIONS[step](value);
    }
    return value;
  }

  const has = (object, key) => Object.hasOwn(object, key);
  const isObject = guide.isRecord;
  const two = (number) => String(number).padStart(2, "0");
  const isWhole = (value, from, to) => Number.isInteger(value) && value >= from && value <= to;
  const isText = (value) => typeof value === "string";
  const isTime = (value) => isText(value) && TIME.test(value) && !Number.isNaN(Date.parse(value));
  const isDay = (value) => isText(value) && DAY.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));

  /** The reader's own day of a moment, as "YYYY-MM-DD". Whoever practices past midnight is still in the day before. */
  function dayOf(moment) {
    const day = new Date(moment.getTime() - NIGHT * 3600000);
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  }

  /** A day so many days later. Reckoned in UTC, where each day has 24 hours. */
  function later(day, days) {
    return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
  }

  /** How many days there are from a day to another. */
  const between = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);

  /** A day in words, of the parts that `form` names. */
  const inWords = (day, form) => new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { ...form, timeZone: "UTC" });

  /** The same, with its year where that is not the year of today. */
  function withYear(day, form) {
    const sameYear = day.slice(0, 4) === dayOf(new Date()).slice(0, 4);
    return inWords(day, sameYear ? form : { ...form, year: "numeric" });
  }

  /** What is wrong with a try, in words, or "". */
  function wrong(one) {
    if (!isObject(one)) return "it is not an object";
    if (!isTime(one.at)) return "“at” must be a time such as 2026-03-01T09:30:00.000Z";
    if (!isDay(one.on)) return "“on” must be a day such as 2026-03-01";
    if (!isWhole(one.of, 0, 99)) return "“of” must be a whole number from 0 to 99";
    if (!isWhole(one.rating, 1, 3)) return "“rating” must be 1, 2 or 3";
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
        if (index && cards[id][index - 1].at >= one.at)
          throw new Error(`the tries of “${id}” are not in order of time.`);
      });
    }
  }

  /** Throws an Error that says what is wrong with what a reader put on cards. */
  function requireOwn(own) {
    if (!isObject(own)) throw new Error("its “own” is not an object.");
    for (const id of Object.keys(own)) {
      const { at, star, note } = isObject(own[id]) ? own[id] : {};
      const sound = isTime(at) && typeof star === "boolean" && isText(note) && note.length <= LONGEST_NOTE;
      if (!ID.test(id) || !sound) throw new Error(`the note on “${id.slice(0, 60)}” is not one.`);
    }
  }

  function isValid(value) {
    if (!isObject(value)) return false;
    requireCards(value.cards);
    requireOwn(value.own);
    return true;
  }

  /** Both lists of tries as one, in order of time; where both have a try at one moment, the first list's stays. */
  function union(mine, theirs) {
    const byTime = new Map([...theirs, ...mine].map((one) => [one.at, one]));
    return [...byTime.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-AT_MOST);
  }

  /** The tries of a card, of tries by card id. */
  const triesIn = (cards, id) => (has(cards, id) ? cards[id] : []);

  /** Whether a value lacks some of these tries by card id (those it dropped for their age aside). */
  const lacks = (value, cards) => mergeInto({ cards: { ...value.cards } }, cards) > 0;

  /** Put tries by card id into a value; returns how many were new to it. */
  function mergeInto(value, cards) {
    let added = 0;
    for (const id of Object.keys(cards)) {
      const before = triesIn(value.cards, id);
      const there = new Set(before.map((one) => one.at));
      const both = union(before, cards[id]);
      added += both.filter((one) => !there.has(one.at)).length;
      if (both.length) value.cards[id] = both;
    }
    return added;
  }

  const empty = () => ({ cards: {}, own: {} });
  const kept = guide.keep("progress", { version: VERSION, empty, valid: isValid, migrate });

  // Reading 1,000 cards must not parse the store 1,000 times.
  let remembered = null;
  const read = () => (remembered = remembered || kept.get());
  kept.listen(() => (remembered = null));

  // A page from the browser's memory, or of yesterday, shows all anew, as if another tab had written it.
  let shownOn = dayOf(new Date());
  function showAnew(event) {
    if (!event.persisted && shownOn === dayOf(new Date())) return;
    shownOn = dayOf(new Date());
    window.dispatchEvent(new StorageEvent("storage", { newValue: "" }));
  }
  window.addEventListener("pageshow", showAnew);
  document.addEventListener("visibilitychange", showAnew);

  // Of two tabs that write at one moment, one may swallow the other's write: each puts back what it recorded itself,
  // unless all was erased.
  let mine = {};
  window.addEventListener("storage", (event) => {
    if (event.key !== null && event.key !== `${guide.id}:progress`) return;
    if (event.newValue === null) mine = {};
    else if (lacks(kept.get(), mine)) kept.change((value) => mergeInto(value, mine));
  });

  // The last record of this tab, for undo; the next card is another page.
  const UNDO = `${guide.id}:undo`;
  let undoable = null;
  function rememberUndo(entry) {
    undoable = entry;
    try {
      if (entry) sessionStorage.setItem(UNDO, JSON.stringify(entry));
      else sessionStorage.removeItem(UNDO);
    } catch (_error) {
      // Without a place to keep it, undo works until the page is left.
    }
  }
  function recallUndo() {
    if (undoable) return undoable;
    try {
      const entry = JSON.parse(sessionStorage.getItem(UNDO));
      const sound =
        isObject(entry) && ID.test(entry.id) && isTime(entry.at) && (!entry.dropped || !wrong(entry.dropped));
      return sound ? entry : null;
    } catch (_error) {
      return null;
    }
  }

  const triesOf = (id) => triesIn(read().cards, id);

  // Replaying the answers of 1,000 cards takes a while.
  const replayed = new Map();
  function memoryOf(id) {
    const tries = triesOf(id);
    const key = JSON.stringify(tries);
    if (!replayed.has(id) || replayed.get(id).key !== key)
      replayed.set(id, { key: key, memory: guide.schedule.replay(tries) });
    return replayed.get(id).memory;
  }

  // The day of the reader's interview, "YYYY-MM-DD", or "" (see interview below): remembered as the answers are.
  let interviewOn = null;
  const interviewDay = () => (interviewOn = interviewOn ?? guide.interview.get().on);

  /**
   * What is known of a card: {seen: number of tries kept, days: until it comes back, by FSRS alone; 0 for a new one, due:
   * "YYYY-MM-DD" or "", last: the newest try or null, tries: oldest first}. The tries are the store's own; do not change
   * them.
   */
  function card(id) {
    const tries = triesOf(id);
    const last = tries.at(-1) || null;
    const days = last ? memoryOf(id).scheduled_days : 0;
    const due = last ? guide.schedule.due(last.on, days, interviewDay()) : "";
    return { seen: tries.length, days, due, last, tries };
  }

  /** In how many days a card would come back after an answer given now: {hit, of, rating}. */
  function returns(id, answer) {
    const on = dayOf(new Date());
    const { scheduled_days: days } = guide.schedule.replay([...triesOf(id), { ...answer, on: on }]);
    return between(on, guide.schedule.due(on, days, interviewDay()));
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
    };
    const fault = ID.test(id) ? wrong(one) : "there is no such card";
    if (fault) throw new Error(`Cannot record an answer to “${id}”: ${fault}.`);
    const stays = kept.change((value) => {
      const before = triesIn(value.cards, id);
      const last = before.at(-1);
      // What is recorded now is the newest, also where a clock was put back in between.
      if (last && last.at >= one.at) one.at = new Date(Date.parse(last.at) + 1).toISOString();
      value.cards[id] = union(before, [one]);
      rememberUndo({ id: id, at: one.at, dropped: before.length === AT_MOST ? before[0] : null });
    });
    mine[id] = union(triesIn(mine, id), [one]);
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
      const tries = triesIn(value.cards, entry.id);
      was = tries.find((one) => one.at === entry.at) || null;
      if (!was) return;
      const left = tries.filter((one) => one !== was);
      value.cards[entry.id] = entry.dropped ? union(left, [entry.dropped]) : left;
      if (!value.cards[entry.id].length) delete value.cards[entry.id];
    });
    if (has(mine, entry.id)) mine[entry.id] = mine[entry.id].filter((one) => one.at !== entry.at);
    rememberUndo(null);
    return was && { id: entry.id, was: was };
  }

  /**
   * All that a card is on a day, the most telling first: ["new"]; or "missed" (the newest try was) and "due" (today or
   * before), where they hold; or else "known" (it comes back after eight days or more) or "learning".
   */
  function statuses(id, today) {
    const { days, due, last } = card(id);
    if (!last) return ["new"];
    const found = [];
    if (last.rating === 1) found.push("missed");
    if (due <= (today || dayOf(new Date()))) found.push("due");
    return found.length ? found : [days >= guide.schedule.KNOWN ? "known" : "learning"];
  }

  const WORDS = { missed: "missed last time", due: "due", learning: "learning", known: "known" };

  /** What a reader did with a card, in words for a list: "★, due", "known", or "" for a new card without a star. */
  function words(id, today) {
    return [own(id).star && "★", ...statuses(id, today).map((status) => WORDS[status])].filter(Boolean).join(", ");
  }

  const ids = () => Object.keys(read().cards);
  const byDue = (a, b) => (card(a).due < card(b).due ? -1 : card(a).due > card(b).due ? 1 : a < b ? -1 : 1);
  const having = (wanted, today) =>
    ids()
      .filter((id) => statuses(id, today).includes(wanted))
      .sort(byDue);

  /** What a reader put on a card: {star: true or false, note: text}. */
  function own(id) {
    const { star, note } = has(read().own, id) ? read().own[id] : { star: false, note: "" };
    return { star: star, note: note };
  }

  /** Put a star or a note on a card: {star} or {note}. An empty one is kept too, so that a merge does not bring it back. */
  function put(id, part) {
    const note = (part.note === undefined ? own(id).note : part.note).slice(0, LONGEST_NOTE);
    const star = part.star === undefined ? own(id).star : part.star;
    return kept.change((value) => (value.own[id] = { at: new Date().toISOString(), star: star, note: note }));
  }

  /** Put what readers put on cards into a value; the newer of two stays. Returns how many came in. */
  function mergeOwn(value, theirs) {
    const newer = Object.keys(theirs).filter((id) => !has(value.own, id) || value.own[id].at < theirs[id].at);
    for (const id of newer) value.own[id] = theirs[id];
    return newer.length;
  }

  const sortedCopy = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

  /** The progress as the text of a file. The same progress gives the same text. */
  function exportText() {
    const file = { format: FORMAT, version: VERSION, cards: sortedCopy(read().cards), own: sortedCopy(read().own) };
    return `${JSON.stringify(file, null, 1)}\n`;
  }

  function fromFile(text) {
    if (text.length > BIGGEST_FILE) throw new Error("it is far too big.");
    let file;
    try {
      file = JSON.parse(text);
    } catch (_error) {
      throw new Error("it is not JSON, or it is cut off.");
    }
    if (!isObject(file) || file.format !== FORMAT) throw new Error("it is not a file of progress of this guide.");
    if (!isWhole(file.version, 0, Number.MAX_SAFE_INTEGER)) throw new Error("it does not say its version.");
    if (file.version > VERSION) {
      throw new Error(`it comes from a newer version of this site (${file.version}; this one reads up to ${VERSION}).`);
    }
    const value = migrate({ cards: file.cards, own: file.own }, file.version);
    requireCards(value.cards);
    requireOwn(value.own);
    return value;
  }

  /**
   * Merge an exported file into the progress, all of it or nothing. Returns what came of it in words. Throws an Error
   * whose message is for the reader.
   */
  function importText(text) {
    let file;
    try {
      file = fromFile(text);
    } catch (error) {
      throw new Error(`Nothing was imported: ${error.message}`);
    }
    const all = Object.values(file.cards).flat().length;
    let added = 0;
    let touched = 0;
    let notes = 0;
    kept.change((value) => {
      notes = mergeOwn(value, file.own);
      for (const id of Object.keys(file.cards)) {
        const more = mergeInto(value, { [id]: file.cards[id] });
        added += more;
        touched += more ? 1 : 0;
      }
    });
    const count = (number, word, many) => `${number} ${number === 1 ? word : many || `${word}s`}`;
    const known = all - added;
    const parts = [
      added ? `Added ${count(added, "answer")} to ${count(touched, "card")}.` : notes ? "" : "Nothing new was in it.",
    ];
    if (notes) parts.push(`Took over ${count(notes, "note or star", "notes and stars")}.`);
    if (known) {
      const were = known === 1 ? "was" : "were";
      parts.push(`${count(known, "answer")} ${were} here already, or older than the ${AT_MOST} kept for a card.`);
    }
    parts.push("Settings stayed as they were.");
    return parts.filter(Boolean).join(" ");
  }

  /** Forget every answer, star and note. */
  function erase() {
    mine = {};
    rememberUndo(null);
    kept.clear();
  }

  guide.progress = {
    /** A rating in words; 0 is a card skipped in a session. */
    RATED: ["skipped", "missed", "shaky", "said it"],
    /** Whether a card was answered; needs no schedule. */
    answered: (id) => triesOf(id).length > 0,
    card,
    returns,
    /** How likely the reader still knows a card on a day, as FSRS predicts it, from 0 to 1; 0 for a new card. */
    recall: (id, day) => guide.schedule.recall(memoryOf(id), day),
    own,
    put,
    starred: () => Object.keys(read().own).filter((id) => own(id).star),
    ids,
    record,
    undo,
    statuses,
    status: (id, today) => statuses(id, today)[0],
    words,
    due: (today) => having("due", today),
    missed: (today) => having("missed", today),
    exportText,
    importText,
    erase,
    /** Texts of this store that were damaged and set aside, oldest first. */
    damaged: kept.damaged,
    /** Calls fn after a change in this tab or another. */
    listen: (fn) => kept.listen(() => fn()),
  };
  guide.days = { of: dayOf, today: () => dayOf(new Date()), later, between, valid: isDay, words: inWords, withYear };

  const preferred = guide.keep("settings", { version: 1, empty: () => ({}), valid: isObject });
  preferred.listen(() => (interviewOn = null));

  const isInterview = (value) => isObject(value) && (value.on === "" || isDay(value.on)) && isText(value.what);
  /**
   * The interview that the reader prepares for: {what: "round:<id>", "role:<id>" or "", on: "YYYY-MM-DD" or ""}. It is a
   * setting; set(null) forgets it.
   */
  guide.interview = {
    get: () => {
      const value = guide.settings.get("interview", null);
      return isInterview(value) ? value : { what: "", on: "" };
    },
    set: (value) => guide.settings.set("interview", value),
  };
  const isPlan = (plan) => isObject(plan) && isText(plan.start) && Array.isArray(plan.done) && plan.done.every(isText);
  const plans = guide.keep("plans", {
    version: 1,
    empty: () => ({ plans: {} }),
    valid: (value) => isObject(value) && isObject(value.plans) && Object.values(value.plans).every(isPlan),
  });
  /**
   * The plans a reader follows: {plans: {<id>: {start: first day or "", done: [ids of rows ticked], made: when the last
   * calendar file was made, in milliseconds}}}, as keep() gives it.
   */
  guide.plans = {
    ...plans,
    /** The rows that plans with a first day have on a day, of plans as in data/cards.js. */
    today: (all, day) =>
      all.flatMap((plan) => {
        const { start } = plans.get().plans[plan.id] || { start: "" };
        if (!isDay(start)) return [];
        const number = between(start, day) + 1;
        return plan.rows
          .filter((row) => row.first <= number && number <= row.last)
          .map((row) => ({ ...row, plan: plan.id }));
      }),
  };
  guide.settings = {
    /** The setting of this name, or what to take where there is none. */
    get: (name, otherwise) => (has(preferred.get(), name) ? preferred.get()[name] : otherwise),
    /** Returns whether it is kept beyond this page. */
    set: (name, value) => preferred.change((all) => (all[name] = value)),
    erase: () => preferred.clear(),
    listen: (fn) => preferred.listen(() => fn()),
  };
})();
