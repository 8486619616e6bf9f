/* The search: a worker in the place of the theme's, behind the theme's box.
 *
 * The theme's own builds a Lunr index in every visit, two thirds of a second for a thousand cards on a laptop. This one
 * asks MiniSearch (../vendor), which takes a fifth of that and misses fewer cards (tests/queries.yml). It runs behind
 * MiniSearch in one file, which site.py puts where the theme looks for its worker; from a folder on disk it runs in the
 * frame of iframe-worker.js.
 *
 * The theme's messages, by their type: 0 brings {config, docs, options}, and is answered with 1; 2 brings what was typed,
 * and is answered with 3 and {items, suggest}. An item is the list of what was found on one page, the page itself among it.
 */
(function () {
  "use strict";

  const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
  /** A word: "p99", "0.97", "don't", "c++". */
  const WORD = /[\p{L}\p{N}]+(?:[.'’][\p{L}\p{N}]+)*[+#]*/gu;
  /** What stands between words in HTML and is none. */
  const MARKUP = /<[^>]*>|&[#\w]+;/g;
  const WITHIN_WORDS = /<\/?(?:a|code|em|strong)\b[^>]*>/g;
  const WORD_OR_MARKUP = new RegExp(`(${MARKUP.source})|${WORD.source}`, "gu");
  /** Words that say nothing about a page. */
  const STOP = new Set(
    ("a about an and are as at be but by can do for from had has have how i if in into is it its my no not of on or our " +
      "so than that the their them then there these they this to was we were what when where which who why will with " +
      "you your").split(" "),
  );
  /** How much of a text is shown, in characters, and how much of that stands before the words that were found. */
  const SHOWN = 320, BEFORE = 60;
  /** How many pages are named; one letter finds most of a guide. */
  const MOST = 100;

  let docs = [];
  let pages = new Map();
  let index = null;

  const words = (text) => text.replace(MARKUP, " ").toLowerCase().match(WORD) || [];
  const pageOf = (doc) => doc.location.split("#")[0];

  function setUp({ config, docs: given }) {
    docs = given;
    pages = new Map(docs.filter((doc) => !doc.location.includes("#")).map((doc) => [doc.location, doc]));
    const boost = Object.fromEntries(Object.entries(config.fields).map(([name, field]) => [name, field.boost]));
    index = new MiniSearch({
      fields: Object.keys(config.fields),
      tokenize: words,
      processTerm: (term) => (STOP.has(term) ? null : term),
      searchOptions: {
        boost: boost,
        prefix: true,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false), // a slip in a word that is long enough for one
        processTerm: (term) => term,
        boostDocument: (id) => docs[id].boost || 1,
      },
    });
    index.addAll(docs.map((doc, id) => ({ ...doc, id: id })));
  }

  function search(text) {
    const typed = text.toLowerCase().match(WORD) || []; // as it is: "<" and "&" are signs here
    const last = typed[typed.length - 1] || "";
    // The last word may be the beginning of another: "in" of "inference".
    const asked = typed.filter((word) => !STOP.has(word) || (word === last && !/\s$/.test(text)));
    const found = new Map();
    for (const hit of index.search(asked.join(" "))) {
      const doc = docs[hit.id];
      const on = pageOf(doc);
      if (!found.has(on) && found.size === MOST) continue;
      if (!found.has(on)) found.set(on, []);
      found.get(on).push(shown(doc, hit, asked));
    }
    for (const [on, hits] of found) {
      const page = pages.get(on);
      if (page && !hits.some((hit) => hit.location === on)) hits.push({ ...page, score: 0, terms: {} });
    }
    return { items: [...found.values()], suggest: completions(last) };
  }

  /** What a document shows of itself: its title and the part of its text where the words are, marked. */
  function shown(doc, hit, asked) {
    const marked = new Set(hit.terms);
    const mark = (text) =>
      text.replace(WORD_OR_MARKUP, (all, markup) => (!markup && marked.has(all.toLowerCase()) ? `<mark>${all}</mark>` : all));
    return {
      ...doc,
      title: mark(doc.title),
      text: mark(excerpt(doc.text, marked)),
      score: hit.score,
      terms: Object.fromEntries(asked.map((word) => [word, hit.queryTerms.includes(word)])),
    };
  }

  /** The part of a text, without its markup, that holds most of these words. */
  function excerpt(html, marked) {
    const text = html.replace(WITHIN_WORDS, "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
    const matches = [...text.matchAll(WORD_OR_MARKUP)].filter((match) => marked.has(match[0].toLowerCase()));
    const wordsFrom = (at) =>
      new Set(matches.filter((match) => match.index >= at && match.index < at + SHOWN / 2).map((match) => match[0].toLowerCase())).size;
    let best = 0, most = 0;
    for (const { index: at } of matches) {
      const count = wordsFrom(at);
      if (count > most) [best, most] = [at, count];
    }
    const from = Math.min(best - BEFORE, text.length - SHOWN / 2); // not a line of its last words alone
    const start = best > 2 * BEFORE && from > 0 ? text.indexOf(" ", from) + 1 : 0;
    const end = text.length > start + SHOWN ? text.lastIndexOf(" ", start + SHOWN) : text.length;
    return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
  }

  /** How the word that is being typed may go on, from titles; the theme takes the last. */
  function completions(last) {
    const titled = last && index.search(last, { fields: ["title"], fuzzy: false })[0];
    return titled ? titled.terms.filter((term) => term.startsWith(last)) : [];
  }

  addEventListener("message", ({ data: { type, data } }) => {
    if (type === SETUP) {
      setUp(data);
      postMessage({ type: READY });
    } else if (type === QUERY) {
      postMessage({ type: RESULT, data: search(data) });
    }
  });
})();
