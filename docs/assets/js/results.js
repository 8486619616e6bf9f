/* How a session went, for the pages at its end: figures, one row a card, and what to drill. The markup is in templates of
 * the page; here it is filled in.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const { RATED } = guide.progress;
  const DRILLS = 5; // what fits into an evening

  /** The cards of a session with what was said of them: [{card, one: {rating, hit, took} or null}]. */
  function answers(session, cards) {
    const named = new Map(cards.map((card) => [card.id, card]));
    return session.ids
      .map((id, place) => ({ card: named.get(id), one: session.said[place] }))
      .filter((answer) => answer.card);
  }

  const wasRated = ({ one }) => Boolean(one?.rating);
  const share = ({ card, one }) => (one ? one.hit.length / card.moves : 0);

  /** Sums over answers: how many, how many rated, moves said and moves there were (of rated ones), seconds spoken. */
  function sums(list) {
    const rated = list.filter(wasRated);
    const add = (all, value) => all.reduce((sum, answer) => sum + value(answer), 0);
    return {
      all: list.length,
      rated: rated.length,
      hit: add(rated, ({ one }) => one.hit.length),
      of: add(rated, ({ card }) => card.moves),
      took: add(list, ({ one }) => (one ? one.took : 0)),
    };
  }

  /** Less than 0 where the first of two answers is the weaker one: by rating, then by the share of moves said. */
  const compare = (a, b) => a.one.rating - b.one.rating || share(a) - share(b);
  /** Rated answers from the weakest to the strongest. */
  const ranked = (list) => list.filter(wasRated).sort(compare);
  /** What did not sit: rated below "said it", or with half of the moves or fewer; weakest first. */
  const weak = (list) => ranked(list).filter((answer) => answer.one.rating < 3 || share(answer) <= 0.5);
  const movesOf = ({ card, one }) => `${one.hit.length} of ${card.moves}`;

  /** Fill in a page's figures, rows and drills. `find(name)` gives its element [data-name]. */
  function fill(find, session, list, cards) {
    const total = sums(list);
    const put = (name, value, words) => {
      find(`sum="${name}"`).textContent = value;
      if (words) find(`sum="${name}-of"`).textContent = words;
    };
    const { clock } = guide.queue;
    put("rated", total.rated, `of ${total.all} answered`);
    put("hit", total.hit, `of ${total.of} moves said`);
    put("took", clock(total.took), session.minutes ? `of ${clock(session.minutes * 60)} spoken` : "");
    find("lost").hidden = session.lost !== "room";
    find("results").replaceChildren(...list.map((answer) => row(find, answer, cards)));
    const drills = weak(list).slice(0, DRILLS);
    find("drill").hidden = !drills.length;
    find("drills").replaceChildren(...drills.map((answer) => drill(find, answer, cards)));
    document.title = `How it went: ${total.hit} of ${total.of} moves`;
  }

  function row(find, answer, cards) {
    const element = guide.copyOf(find("result"));
    const [how, moves, took] = element.querySelectorAll("td");
    const { card, one } = answer;
    const link = element.querySelector("a");
    link.href = `${cards}${card.id}.html`;
    link.textContent = card.title;
    const line = element.querySelector("small");
    if (line) line.textContent = card.line;
    how.firstElementChild.textContent = one ? RATED[one.rating] : "not reached";
    how.firstElementChild.dataset.rating = one ? one.rating : 0;
    moves.textContent = wasRated(answer) ? movesOf(answer) : "";
    took.textContent = one ? guide.queue.clock(one.took) : "";
    return element;
  }

  function drill(find, answer, cards) {
    const element = guide.copyOf(find("drill-row"));
    const link = element.querySelector("a");
    link.href = `${cards}${answer.card.id}.html?practise=1`;
    link.textContent = answer.card.title;
    element.querySelector("span").textContent = `${RATED[answer.one.rating]}, ${movesOf(answer)} moves`;
    return element;
  }

  guide.results = { answers, sums, compare, ranked, weak, wasRated, movesOf, fill };
})();
