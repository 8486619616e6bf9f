/* The search: a worker in the place of the theme's, behind the theme's box.
 *
 * MiniSearch (../vendor) ranks; words are reduced to their stems by Porter's algorithm (stemmer, ../vendor), with American
 * and British spellings as one. A card is known by the questions it answers, its title, its terms and their aliases, and
 * the words that it says most for a card of this guide (pages/search_entries.py). What was typed as a whole question finds
 * the card that is asked so, and rare words decide: "stacking" in "What is stacking in machine learning?".
 *
 * The theme's messages, by their type: 0 brings {config, docs, options}, and is answered with 1; 2 brings what was typed,
 * and is answered with 3 and {items, suggest, asked: what was typed}. An item is the list of what was found on one page,
 * the page itself among it.
 */
(function () {
  "use strict";

  const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
  /** A word and its combining marks: "p99", "0.97", "don't", "c++"; hyphens join words of one compound. */
  const WORD = /[\p{L}\p{N}\p{M}]+(?:[.'’][\p{L}\p{N}\p{M}]+)*[+#]*/gu;
  const COMPOUND = new RegExp(`${WORD.source}(?:[-/]${WORD.source})+`, "gu");
  /** Scripts that put no spaces between words: each two neighbors stand for a word; of letters, each three. */
  const UNSPACED =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  const LETTERS = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  /** What of a word is in such a script, and what is not: "用GPU训练" is 用, GPU, 训练. */
  const PART = new RegExp(`${UNSPACED.source}+|(?:(?!${UNSPACED.source})[\\s\\S])+`, "gu");
  /** Marks that a reader may leave out: accents, points of Hebrew and Arabic, the dots of Indic letters for foreign sounds. */
  const OPTIONAL =
    /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0b3c]+/g;
  /** What stands between words in HTML and is none. */
  const MARKUP = /<[^>]*>|&[#\w]+;/g;
  const WORD_OR_MARKUP = new RegExp(`(${MARKUP.source})|${WORD.source}`, "gu");
  /** Words that say nothing about a page, those of questions among them. */
  const STOP = new Set(
    (
      "a about am an and are as at be been but by can could did do does for from give had has have how i if in into is it its " +
      "me my no not of on or our should so than that the their them then there these they this to us was we were what when " +
      "where which who why will with would you your tell explain describe define discuss walk talk difference between mean " +
      "means example some any being please own important use used using work works working"
    ).split(" ")
  );
  /** How much of a text is shown, in characters. */
  const SHOWN = 220;
  /** How many pages are named; one letter finds most of a guide. */
  const MOST = 60;
  /** How much a page gains whose question is what was typed, and how many of the best are looked at for that. */
  const SAME_QUESTION = 12;
  const LOOKED_AT = 200;

  let docs = [];
  let pages = new Map();
  let index = null;
  /** In how many pages a stem stands. */
  const frequencies = new Map();

  // --- words ---------------------------------------------------------------------------------------------------------
  const fold = (word) =>
    word
      .normalize("NFKD")
      .replace(OPTIONAL, "")
      .replace(/[\u3041-\u30ff\u3099\u309a]+/g, (kana) => kana.normalize("NFC"))
      .replace(/\u0e4d\u0e32/g, "\u0e33") // one letter to who types Thai
      .replace(/’/g, "'")
      .toLowerCase();

  /** British spellings as American ones, before the stem is taken. */
  const american = (word) =>
    word.length < 6
      ? word
      : word
          .replace(/is(e|es|ed|er|ers|ing|ation|ations)$/, "iz$1")
          .replace(/ys(e|ed|es|er)$/, "yz$1")
          .replace(/our(s|ed|ing|al|able|ite)?$/, "or$1")
          .replace(/ll(ed|ing|er)$/, "l$1")
          .replace(/(cent|met|fib)re(s)?$/, "$1er$2")
          .replace(/ence$/, "ense");

  /** A function that remembers what it gave: most words stand in many pages, and with every key the same lines are read. */
  function remembering(work) {
    const known = new Map();
    return (text) => {
      if (!known.has(text)) known.set(text, work(text));
      return known.get(text);
    };
  }

  const stem = remembering((word) => (/^[a-z']+$/.test(word) ? stemmer(american(word.replace(/'s?$/, ""))) : word));

  /** The words of a text as they are written, folded; compounds once more in one piece: "k-means" is k, means, kmeans. */
  function words(text) {
    const found = [];
    for (const part of parts(text)) {
      if (!UNSPACED.test(part)) found.push(part);
      else
        for (let at = 0; at <= Math.max(0, part.length - size(part)); at++) found.push(part.slice(at, at + size(part)));
    }
    for (const compound of text.match(COMPOUND) || []) found.push(fold(compound).replace(/[-/]/g, ""));
    // A letter before a word belongs to it: "k means", "t test", "p value".
    const parted = /(?<![\p{L}\p{N}'’])([b-hj-z])\s+([a-z]{2,})/giu;
    for (const [, letter, word] of text.matchAll(parted)) found.push(fold(letter + word));
    return found;
  }

  const parts = (text) =>
    (text.match(WORD) || []).flatMap((word) => {
      const plain = fold(word);
      return UNSPACED.test(plain) ? plain.match(PART) : plain;
    });
  const size = (part) => (LETTERS.test(part) ? 3 : 2);
  /** The ends of parts without spaces that are shorter than what stands for a word: others begin one, and are found by it. */
  const ends = (text) =>
    !UNSPACED.test(text)
      ? []
      : parts(text).flatMap((part) => (UNSPACED.test(part) ? [part.slice(-1), part.slice(1 - size(part))] : []));

  /** What is looked up: stems, and the words themselves, so that the beginning of one is found too. */
  const terms = (text) =>
    words(text.replace(MARKUP, " ")).flatMap((word) => (STOP.has(word) ? [] : [...new Set([stem(word), word])]));
  const stems = (text) =>
    new Set(
      words(text)
        .filter((word) => !STOP.has(word))
        .map(stem)
    );
  const stemsOf = remembering(stems);
  /** Whether a word is more than one letter: "k" and "c++" are not. */
  const isMore = (word) => UNSPACED.test(word) || word.replace(/[+#]+$/, "").length > 1;

  // --- the index -------------------------------------------------------------------------------------------------------
  const pageOf = (doc) => doc.location.split("#")[0];

  /** Entries from an index that is told by fields, without the anchors that titles give (pages/search_entries.py). */
  const entries = (fields) =>
    fields.location.map((_, at) =>
      Object.fromEntries(
        Object.entries(fields)
          .map(([name, values]) => [name, values[at]])
          .filter(([, value]) => value !== null)
      )
    );

  function setUp({ config, docs: fields }) {
    docs = entries(fields);
    for (const doc of docs)
      if (doc.location.endsWith("#")) doc.location += (doc.title.toLowerCase().match(/[a-z0-9]+/g) || []).join("-");
    pages = new Map(docs.filter((doc) => !doc.location.includes("#")).map((doc) => [doc.location, doc]));
    const glossary = docs.filter((doc) => doc.aliases);
    index = new MiniSearch({
      fields: ["title", "asked", "terms", "text"],
      tokenize: (text) => [...terms(text), ...ends(text.replace(MARKUP, " "))],
      processTerm: (term) => term,
      searchOptions: {
        tokenize: terms,
        boost: { title: config.fields.title.boost, asked: 2, terms: 1, text: 1 },
        prefix: (term) => term.length > 1 || UNSPACED.test(term),
        fuzzy: (term) => (term.length > 4 ? 0.2 : false), // a slip in a word that is long enough for one
        weights: { prefix: 0.3, fuzzy: 0.25 },
        // A word and its stem are one word, and count as much as a name that is its own stem.
        boostTerm: (term, _at, all) => (all.some((other) => other !== term && stem(other) === stem(term)) ? 0.5 : 1),
        boostDocument: (id) => docs[id].boost || 1,
      },
    });
    for (const doc of docs)
      for (const word of stems([doc.title, ...(doc.asked || []), doc.text].join("\n")))
        frequencies.set(word, (frequencies.get(word) || 0) + 1);
    const names = (doc) => [doc.title, ...doc.aliases];
    index.addAll(
      docs.map((doc, id) => ({
        id: id,
        title: doc.title,
        asked: (doc.asked || []).join("\n"),
        terms: (doc.aliases || (doc.terms || []).flatMap((place) => names(glossary[place]))).join("\n"),
        text: doc.text,
      }))
    );
  }

  function search(text) {
    const typed = (text.match(WORD) || []).map(fold); // as it is: "<" and "&" are signs here
    const last = typed[typed.length - 1] || "";
    const said = typed.filter((word) => !STOP.has(word));
    // A common word alone may be the beginning of another: "in" of "inference".
    const open = !said.length && last ? [last] : null;
    const asked = open || said;
    const hits = index.search(text, open ? { tokenize: () => open } : {});
    ranked(hits, stems(text));
    const found = new Map();
    for (const hit of hits) {
      const doc = docs[hit.id];
      const on = pageOf(doc);
      if (!found.has(on) && found.size === MOST) continue;
      if (!found.has(on)) found.set(on, []);
      found.get(on).push(shown(doc, hit, asked));
    }
    for (const [on, list] of found) {
      const page = pages.get(on);
      if (page && !list.some((hit) => hit.location === on)) list.push({ ...page, text: "", score: 0, terms: {} });
    }
    if (!found.size && text.trim()) found.set("", [nothing(asked)]);
    return { items: [...found.values()], suggest: completions(last) };
  }

  /** Puts first what is asked in the words that were typed, and what has more of them. */
  function ranked(hits, typed) {
    for (const hit of hits.slice(0, LOOKED_AT)) {
      const lines = [...(docs[hit.id].asked || []), docs[hit.id].title];
      const alike = Math.max(...lines.map((line) => share(stemsOf(line), typed)));
      const found = weight([...typed].filter((word) => hit.queryTerms.includes(word))) / (weight(typed) || 1);
      // MiniSearch has multiplied by the number of words that were found, which favors pages with many words:
      // its power 0.3 is left.
      hit.score *= ((1 + SAME_QUESTION * alike * alike) * Math.sqrt(found)) / hit.queryTerms.length ** 0.7;
    }
    hits.sort((one, other) => other.score - one.score);
  }

  /** What two sets of stems have in common, from 0 to 1: Jaccard's index, where a word weighs what it says. */
  function share(one, other) {
    const both = weight([...one].filter((word) => other.has(word)));
    return both / (weight(one) + weight(other) - both || 1);
  }

  /** What stems say together: the inverse document frequency of each (Spärck Jones, 1972). */
  function weight(stems) {
    let sum = 0;
    for (const word of stems) sum += Math.log(1 + docs.length / (0.5 + (frequencies.get(word) || 0)));
    return sum;
  }

  /** What to do where nothing was found, as an entry that leads to the topics. */
  const nothing = (asked) => ({
    location: "topics.html",
    title: "Nothing has these words. See all topics",
    text: "Try fewer words, the plain term, or its short form.",
    score: 1,
    terms: Object.fromEntries(asked.map((word) => [word, false])),
  });

  /** What a document shows of itself: a card its question, its kind and what to say first; others where the words are. */
  function shown(doc, hit, asked) {
    const marked = new Set(hit.terms);
    const unspaced = hit.queryTerms.filter((term) => UNSPACED.test(term));
    const isMarked = (word) =>
      parts(word).some(
        (part) => marked.has(part) || marked.has(stem(part)) || unspaced.some((term) => part.includes(term))
      );
    const markPart = (part) => {
      if (!isMarked(part)) return part;
      const plain = fold(part);
      if (!UNSPACED.test(part) || plain.length !== part.length) return `<mark>${part}</mark>`;
      // A sign is marked where one of the terms stands over it.
      const over = (at) => (term) => plain.slice(Math.max(0, at + 1 - term.length), at + term.length).includes(term);
      return part
        .replace(/[\s\S]/g, (sign, at) => (unspaced.some(over(at)) ? `<mark>${sign}</mark>` : sign))
        .replaceAll("</mark><mark>", "");
    };
    const mark = (text) =>
      text.replace(WORD_OR_MARKUP, (all, markup) => (markup || !isMarked(all) ? all : all.replace(PART, markPart)));
    const typed = stems(asked.join(" "));
    const question = [...(doc.asked || [])].sort(
      (one, other) => share(stemsOf(other), typed) - share(stemsOf(one), typed)
    )[0];
    const text = doc.asked
      ? `<p>“${mark(question)}”</p><p class="sa-found">${doc.about}</p><p>${mark(doc.say)}</p>`
      : mark(excerpt(doc.text, isMarked));
    return {
      ...doc,
      title: mark(doc.title),
      text: text,
      score: hit.score,
      // The theme marks them on the page that opens, within words too: a letter alone it would mark everywhere.
      terms: Object.fromEntries(
        asked
          .filter(isMore)
          .map((word) => [
            word,
            words(word).every((part) => hit.queryTerms.some((term) => term === part || term === stem(part))),
          ])
      ),
    };
  }

  /** The sentences of a text, without its markup, from the first in which one of the words stands. */
  function excerpt(html, isMarked) {
    const text = html
      .replace(/<\/?(?:a|code|em|strong)\b[^>]*>/g, "")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    const sentences = text.match(/[^.!?。！？।؟]+[.!?。！？।؟]*["”)]*\s*/g) || [text];
    const first = Math.max(
      0,
      sentences.findIndex((sentence) => (sentence.match(WORD) || []).some(isMarked))
    );
    const rest = sentences.slice(first).join("");
    const end = rest.length > SHOWN ? rest.lastIndexOf(" ", SHOWN) : rest.length;
    return (first ? "… " : "") + rest.slice(0, end > 0 ? end : SHOWN) + (end < rest.length ? " …" : "");
  }

  /** How the word that is being typed may go on, from titles; the theme takes the last. */
  function completions(last) {
    const titled = last && index.search(last, { fields: ["title"], fuzzy: false, tokenize: (text) => [fold(text)] })[0];
    if (!titled) return [];
    return words(docs[titled.id].title)
      .filter((word) => word.startsWith(last))
      .slice(0, 1);
  }

  addEventListener("message", ({ data: { type, data } }) => {
    if (type === SETUP) {
      setUp(data);
      postMessage({ type: READY });
    } else if (type === QUERY) {
      postMessage({ type: RESULT, data: { ...search(data), asked: data } });
    }
  });
})();
