/* Which cards a session asks: the sets of practice, and the balanced draw of a mock interview. Nothing here touches a
 * page; the same data, query and seed give the same cards in the same order.
 *
 * Random numbers are mulberry32 (Tommy Ettinger, 2017, public domain): 32 bits of state, good enough to shuffle cards.
 * Shuffling is Fisher and Yates' in Durstenfeld's form (CACM 7(7), 1964).
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const FOLLOW_UPS = 2; // asked of a card in a mock interview; each gets a minute
  const HALF_HOUR = 30; // minutes a day
  const WEAKEST = 10; // cards
  const SURE = 15; // per cent of a role's time from which a round always has a question

  /** Numbers from 0 up to 1, always the same for a seed. */
  function random(seed) {
    let state = seed >>> 0;
    return function () {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  /** A new list in another order. `next` gives random numbers. */
  function shuffled(list, next) {
    const all = [...list];
    for (let last = all.length - 1; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      [all[last], all[other]] = [all[other], all[last]];
    }
    return all;
  }

  const byId = (list, id) => list.find((one) => one.id === id);
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /**
   * The set that a query describes, {name, cards}: `set` says which, and besides it stand a filter's names, `plan` and
   * `day`, `role` or `collection`. Where there is no such set its cards are none.
   */
  function members(data, query) {
    const given = new URLSearchParams(query);
    const named = new Map(data.cards.map((card) => [card.id, card]));
    const cardsOf = (ids) => ids.map((id) => named.get(id)).filter(Boolean);
    const nothing = { name: "", cards: [] };
    switch (given.get("set")) {
      case "today":
        return { name: "Today", cards: today(data, guide.days.today()).cards };
      case "weakest":
        return { name: "My weakest", cards: weakest(data.cards, guide.days.today()).slice(0, WEAKEST) };
      case "starred":
        return { name: "With a star", cards: cardsOf(guide.progress.starred()) };
      case "due":
        return { name: "Due today", cards: cardsOf(guide.progress.due()) };
      case "missed":
        return { name: "Missed last time", cards: cardsOf(guide.progress.missed()) };
      case "warm-up":
        return { name: "Warm-up: plain questions", cards: data.cards.filter((card) => card.form === "question") };
      case "filter":
        return { name: "My filter", cards: guide.filter.choose(data.cards, guide.filter.parse(query)) };
      case "plan": {
        const plan = byId(data.plans, given.get("plan"));
        const day = Number(given.get("day"));
        const row = plan?.rows.find((one) => one.first <= day && day <= one.last);
        return row ? { name: `${plan.title}: ${row.focus}`, cards: cardsOf(row.cards) } : nothing;
      }
      case "role": {
        const role = byId(data.roles, given.get("role"));
        return role ? { name: `${role.title}: do these first`, cards: cardsOf(role.must_do) } : nothing;
      }
      case "collection": {
        const drill = byId(data.collections, given.get("collection"));
        return drill ? { name: drill.title, cards: cardsOf(drill.cards) } : nothing;
      }
      default:
        return nothing;
    }
  }

  /** What the reader prepares for: {what, title, on}; a round or a role that the guide no longer has is none. */
  function preparing(data) {
    const { what, on } = guide.interview.get();
    const [kind, id] = what.split(":");
    const one = byId(kind === "round" ? data.rounds : data.roles, id);
    return one ? { what: what, title: one.title, on: on } : { what: "", title: "", on: on };
  }

  /** What a reader prepares for, as a test of cards: those of a round, those of a role, or all. */
  function about(what) {
    const [kind, id] = what.split(":");
    if (kind === "round") return (card) => card.round === id;
    if (kind === "role") return (card) => card.roles.includes(id);
    return () => true;
  }

  /**
   * Today's set for the interview that the reader prepares for (store.js): {cards, minutes: what they take, done: minutes
   * of cards answered today, left: days until the interview, or null, due: how many cards of the guide are due, others:
   * how many of these it leaves out for another round or role, onlyDue: whether it has no new cards by rule, full: whether
   * what is done today left no room for what there is}.
   *
   * It fits into half an hour, less what is done today. Due cards come first, those least likely to be known before the
   * others, and take two thirds of it at most while there are new ones. New cards are those of today's rows of plans
   * with a first day (of whatever round), then a role's first cards, then the rest from foundations up, the rounds in
   * turns. On the day before there are no new ones, unless all were new this morning; on the day itself there are none.
   */
  function today(data, day) {
    const { what, on } = preparing(data);
    const left = on && on >= day ? guide.days.between(day, on) : null;
    const { progress } = guide;
    const planned = new Set(guide.plans.today(data.plans, day).flatMap((row) => row.cards));
    const fits = about(what);
    const mine = data.cards.filter((card) => fits(card) || planned.has(card.id));
    const total = (cards) => sum(cards.map((card) => card.minutes));
    const done = total(data.cards.filter((card) => progress.card(card.id).last?.on === day));
    const allDue = data.cards.filter((card) => progress.statuses(card.id, day).includes("due"));
    const due = allDue.filter((card) => mine.includes(card));
    const byRecall = new Map(due.map((card) => [card, progress.recall(card.id, day)]));
    due.sort((a, b) => byRecall.get(a) - byRecall.get(b));
    const role = what.startsWith("role:") && byId(data.roles, what.slice(5));
    const first = new Set(role ? role.must_do : []);
    const rank = (card) =>
      planned.has(card.id) ? 0 : first.has(card.id) ? 1 : 2 + guide.filter.LEVELS.indexOf(card.level);
    const onlyDue = left === 0 || (left === 1 && mine.some((card) => progress.card(card.id).tries[0]?.on < day));
    const fresh = onlyDue ? [] : mine.filter((card) => !progress.card(card.id).last);
    const before = {}; // cards by their round and rank
    const turn = new Map();
    for (const card of fresh) {
      const group = `${card.round} ${rank(card)}`;
      before[group] = (before[group] || 0) + 1;
      turn.set(card, before[group]);
    }
    fresh.sort((a, b) => rank(a) - rank(b) || turn.get(a) - turn.get(b));
    const room = Math.max(HALF_HOUR - done, 0);
    const chosen = [];
    function fill(cards, most) {
      for (const card of cards) if (!chosen.includes(card) && total(chosen) + card.minutes <= most) chosen.push(card);
    }
    fill(due, fresh.length ? (room * 2) / 3 : room);
    fill(fresh, room);
    fill(due, room);
    const others = allDue.length - due.length;
    const full = done > 0 && !chosen.length && due.length + fresh.length > 0;
    return { cards: chosen, minutes: total(chosen), done, left, due: allDue.length, others, onlyDue, full };
  }

  /** The cards that were answered, weakest first: by the share of moves said last, the rating, and predicted recall. */
  function weakest(cards, day) {
    const { progress } = guide;
    const weights = new Map();
    for (const card of cards) {
      const { last } = progress.card(card.id);
      if (!last) continue;
      const share = last.of ? last.hit.length / last.of : 1;
      weights.set(card, share + last.rating / 3 + progress.recall(card.id, day));
    }
    return [...weights.keys()].sort((a, b) => weights.get(a) - weights.get(b));
  }

  /** The cards a practice session asks: {name, found: all of the set, cards: at most `n`, shuffled by `seed` or as listed}. */
  function queue(data, query) {
    const given = new URLSearchParams(query);
    const { name, cards } = members(data, query);
    const inOrder =
      given.get("order") === "listed" || given.get("set") === "today"
        ? cards
        : shuffled(cards, random(Number(given.get("seed")) || 1));
    const most = Math.min(Math.max(Number(given.get("n")) || 10, 1), guide.queue.AT_MOST);
    return { name: name, found: cards, cards: inOrder.slice(0, most) };
  }

  /** What a card takes in a mock interview, in minutes: its answer, and one for each follow-up asked. */
  const takes = (card) => card.minutes + Math.min(card.follow_ups, FOLLOW_UPS);
  const alike = (one, other) => one.topics.some((topic) => other.topics.includes(topic));

  /** One round as a role of its own, for a mock interview of that round alone. */
  const onlyRound = (round) => ({ id: "", title: round.title, rounds: [{ round: round.id, percent: 100 }] });

  const WARM_UP = 2; // plain questions at the beginning of a mock interview

  /**
   * A mock interview for a role, or for one round (onlyRound): {cards: in the order asked, minutes: what they take,
   * rounds: [{round, percent, cards, minutes}] of the role}. The cards take at most `minutes` together.
   *
   * Time is shared out as seats are by largest remainder: the next question goes to the round that it would bring least
   * above its share of the time. What a round lacks to a whole question is made up by luck, drawn once for each round, so
   * that over many interviews light rounds and rounds with long questions get their share too (stochastic rounding).
   * Before that, each round that makes up 15 per cent or more gets one question, the heaviest first, and each leaves room
   * for the shortest of those still to come. Within a round, a card goes first that has fewest cards of its level and its
   * topics drawn before it; the seed decides the rest.
   *
   * Options: `level` leaves only cards of one level; `warmUp` puts plain questions first, and none later in rounds that
   * have other cards left.
   */
  function interview(data, role, minutes, seed, options) {
    const { level, warmUp } = options || {};
    const next = random(seed);
    const fits = (card) => (!role.id || card.roles.includes(role.id)) && (!level || card.level === level);
    const rounds = role.rounds.map(({ round, percent }) => ({ round, percent, cards: [], minutes: 0 }));
    const named = new Set(rounds.map((one) => one.round));
    const plain = data.cards.filter((card) => named.has(card.round) && card.form === "question" && fits(card));
    const first = warmUp ? shuffled(plain, next).slice(0, WARM_UP) : [];
    for (const one of rounds) {
      const all = data.cards.filter((card) => card.round === one.round && fits(card) && !first.includes(card));
      const others = all.filter((card) => card.form !== "question");
      const fitting = warmUp && others.length ? others : all;
      one.pool = shuffled(fitting, next);
      one.spare = all.filter((card) => !fitting.includes(card));
      one.lacks = (1 - next()) * (sum(fitting.map(takes)) / Math.max(fitting.length, 1));
    }
    const drawn = [];
    let left = minutes;

    /** Ask a card of its round. */
    function ask(one, card) {
      one.cards.push(card);
      one.minutes += takes(card);
      left -= takes(card);
    }

    /** Draw a card of a round that takes at most so many minutes, where there is one. */
    function take(one, most) {
      const levels = (level) => drawn.filter((card) => card.level === level).length;
      const repeats = (card) => drawn.filter((other) => alike(card, other)).length;
      const fitting = one.pool.filter((card) => takes(card) <= most);
      const rank = (card) => repeats(card) + levels(card.level);
      const best = fitting.reduce((found, card) => (found && rank(found) <= rank(card) ? found : card), null);
      if (!best) return;
      one.pool.splice(one.pool.indexOf(best), 1);
      drawn.push(best);
      ask(one, best);
    }

    for (const card of first) {
      const one = rounds.find((round) => round.round === card.round);
      ask(one, card);
    }
    const shortest = (one) => Math.min(...one.pool.map(takes));
    const sure = rounds.filter((one) => one.percent >= SURE && one.pool.length).sort((a, b) => b.percent - a.percent);
    sure.forEach((one, index) => {
      const needed = sum(sure.slice(index + 1).map(shortest));
      take(one, Math.max(left - needed, Math.min(shortest(one), left)));
    });
    for (;;) {
      for (const one of rounds) if (!one.pool.length) one.pool = shuffled(one.spare.splice(0), next);
      const open = rounds.filter((one) => one.pool.some((card) => takes(card) <= left));
      if (!open.length) break;
      const owed = (one) => (one.percent / 100) * minutes - one.minutes - one.lacks;
      take(
        open.reduce((most, one) => (owed(one) > owed(most) ? one : most)),
        left
      );
    }
    for (const one of rounds) {
      delete one.pool;
      delete one.spare;
      delete one.lacks;
    }
    return { cards: [...first, ...apart(shuffled(drawn, next))], minutes: minutes - left, rounds: rounds };
  }

  /**
   * The same cards in an order in which neighbours share no topic, where there is one; else with few such neighbours.
   * A search through all orders, which remembers by (cards used, last card) where it got stuck.
   */
  function apart(cards) {
    const stuck = new Set();
    function from(path, used) {
      if (path.length === cards.length) return path;
      const last = path[path.length - 1];
      const state = `${used}:${last}`;
      if (stuck.has(state)) return null;
      for (let place = 0; place < cards.length; place += 1) {
        if (used & (1 << place) || (path.length && alike(cards[last], cards[place]))) continue;
        const found = from([...path, place], used | (1 << place));
        if (found) return found;
      }
      stuck.add(state);
      return null;
    }
    const path = cards.length <= 16 ? from([], 0) : null;
    return path ? path.map((place) => cards[place]) : greedy(cards);
  }

  /** Each next card shares no topic with the one before, while there is such a card. */
  function greedy(cards) {
    const rest = [...cards];
    const path = rest.splice(0, 1);
    while (rest.length) {
      const place = rest.findIndex((card) => !alike(card, path[path.length - 1]));
      path.push(...rest.splice(Math.max(place, 0), 1));
    }
    return path;
  }

  /** A new seed, for which nothing needs to be secret: a whole number from 1 to 999,999. */
  const newSeed = () => 1 + Math.floor(Math.random() * 999999);

  guide.draw = { preparing, today, weakest, random, members, queue, interview, onlyRound, takes, newSeed };
})();
