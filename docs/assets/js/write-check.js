/* What a browser can check about a card, in the checker's own words.
 *
 * The rules and the words come from assets/data/schema.js, which the build makes from the models and the checker.
 * StrongAnswer.card.check(card, id) gives a list of {loc, rule, message}; loc is a path such as ["follow_ups", 0, "ask"].
 * What it leaves to the checker: recomputing formulas, and whatever concerns more than this card and its neighbours.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer = window.StrongAnswer || {});
  const card = (guide.card = guide.card || {});
  const DATA = guide.schema;
  const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
  const DAY = 24 * 60 * 60 * 1000;
  const STUB = new RegExp(DATA.stub, "i");
  const ID = new RegExp(DATA.card.properties.round.pattern);

  /** A template of a message with its places filled. */
  function say(name, values) {
    return DATA.says[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  /** The schema that a reference, or a choice between a shape and nothing, stands for. */
  card.resolve = function (node) {
    if (node.$ref) return DATA.card.$defs[node.$ref.split("/").pop()];
    if (node.anyOf) return Object.assign({}, node, node.anyOf.find((one) => one.type !== "null"));
    return node;
  };

  /** A location as people write it: follow_ups[1].ask, where entries count from 1. */
  card.place = function (loc) {
    let text = "";
    for (const step of loc) text += typeof step === "number" ? `[${step + 1}]` : text ? `.${step}` : step;
    return text;
  };

  const shown = (loc) => `'${card.place(loc)}'`;

  const length = (text) => Array.from(text).length;
  const cut = (text, most) => Array.from(text).slice(0, most).join("");

  function quoted(value) {
    const text = String(value).trim();
    const word = typeof value === "number" ? "the number" : "the text";
    return `${word} '${length(text) <= 40 ? text : cut(text, 39) + "…"}'`;
  }

  /** The remedy for a wrong name: the nearest known one, or the whole list where it is short. */
  card.didYouMean = function (word, known) {
    const names = [...known].sort();
    let best = null;
    for (const name of names) {
      const close = ratio(name, word);
      if (close >= 0.6 && (best === null || close >= best.close)) best = { close: close, name: name };
    }
    if (best) return say("did_you_mean", { name: best.name });
    if (names.length && names.length <= 12) return say("one_of", { names: names.join(", ") });
    return DATA.says.look_up;
  };

  /** How alike two words are: Ratcliff and Obershelp's measure, as Python's difflib computes it. */
  function ratio(one, two) {
    const a = Array.from(one), b = Array.from(two);
    if (!a.length && !b.length) return 1;
    const where = new Map();
    b.forEach((char, j) => where.set(char, [...(where.get(char) || []), j]));
    let size = 0;
    const parts = [[0, a.length, 0, b.length]];
    while (parts.length) {
      const [alo, ahi, blo, bhi] = parts.pop();
      let besti = alo, bestj = blo, best = 0, lengths = new Map();
      for (let i = alo; i < ahi; i++) {
        const next = new Map();
        for (const j of where.get(a[i]) || []) {
          if (j < blo) continue;
          if (j >= bhi) break;
          const run = (lengths.get(j - 1) || 0) + 1;
          next.set(j, run);
          if (run > best) [besti, bestj, best] = [i - run + 1, j - run + 1, run];
        }
        lengths = next;
      }
      if (!best) continue;
      size += best;
      parts.push([alo, besti, blo, bestj], [besti + best, ahi, bestj + best, bhi]);
    }
    return (2 * size) / (a.length + b.length);
  }

  // --- the shape of one card ---------------------------------------------------------------------------------------
  function* shape(node, value, loc) {
    const schema = card.resolve(node);
    if (schema.type === "object") return yield* mapping(schema, value, loc);
    if (schema.type === "array") return yield* list(schema, value, loc);
    const wrong = scalar(schema, value);
    if (wrong) yield error(wrong[0], wrong[1], wrong[2], loc);
  }

  function* mapping(schema, value, loc) {
    for (const [key, field] of Object.entries(schema.properties)) {
      if (value[key] !== undefined) {
        yield* shape(field, value[key], [...loc, key]);
      } else if (schema.required.includes(key)) {
        const about = (field.description || "").replace(/\.+$/, "");
        const message = say("missing", { key: key, about: about ? ` (${about})` : "" });
        yield { loc: [...loc, key], rule: "missing-key", message: message };
      }
    }
  }

  function* list(schema, value, loc) {
    if (value.length < (schema.minItems || 0)) yield error("too_short", schema.minItems, value.length, loc);
    if (value.length > schema.maxItems) yield error("too_long", schema.maxItems, value.length, loc);
    else for (let i = 0; i < value.length; i++) yield* shape(schema.items, value[i], [...loc, i]);
  }

  /** The first thing wrong with a single value: [kind of error, its limit, what was found]. */
  function scalar(schema, value) {
    if (schema.type === "integer") {
      if (!Number.isInteger(value)) return ["int_type", null, quoted(value)];
      if (value < schema.minimum) return ["greater_than_equal", schema.minimum, quoted(value)];
      if (value > schema.maximum) return ["less_than_equal", schema.maximum, quoted(value)];
      return null;
    }
    if (schema.enum) {
      const names = [...schema.enum];
      const last = names.pop();
      return schema.enum.includes(value) ? null : ["literal_error", `${names.join(", ")} or ${last}`, quoted(value)];
    }
    const size = length(value.trim());
    if (schema.minLength && size < schema.minLength) {
      return ["string_too_short", schema.minLength, size || "none (it is empty)"];
    }
    if (schema.maxLength && size > schema.maxLength) return ["string_too_long", schema.maxLength, size];
    if (schema.pattern && !new RegExp(schema.pattern).test(value.trim())) {
      return [schema.pattern.includes("http") ? "bad_url" : "bad_id", null, quoted(value)];
    }
    return null;
  }

  function error(kind, limit, found, loc) {
    const [rule, must, remedy] = DATA.errors[kind];
    const values = {
      name: shown(loc),
      verb: rule === "too-few" || rule === "too-many" ? "have" : "be",
      must: must.replace("{limit}", limit),
      found: found,
      remedy: remedy,
    };
    return { loc: loc, rule: rule, message: say("shape", values) };
  }

  // --- its texts ---------------------------------------------------------------------------------------------------
  function* texts(value, loc) {
    if (typeof value === "string") yield [loc, value.trim()];
    else if (Array.isArray(value)) for (let i = 0; i < value.length; i++) yield* texts(value[i], [...loc, i]);
    else if (value && typeof value === "object") for (const key of Object.keys(value)) yield* texts(value[key], [...loc, key]);
  }

  function* inTexts(data) {
    for (const [loc, text] of texts(data, [])) {
      for (const char of text) {
        const code = char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        if (char === "\t") yield { loc: loc, rule: "tab", message: DATA.says.tab };
        else if (char !== "\n" && UNSEEN.test(char)) {
          const found = `U+${code} (${DATA.characters[code] || "unnamed"})`;
          yield { loc: loc, rule: "invisible-character", message: say("invisible-character", { found: found }) };
        }
      }
      const stub = STUB.exec(text);
      if (stub) yield { loc: loc, rule: "stub", message: say("stub", { found: cut(stub[0].trim(), 20) }) };
      yield* refusals(text, loc);
      for (const match of text.matchAll(new RegExp(DATA.value, "g"))) {
        const notebook = DATA.known.notebook[match.groups.notebook];
        const names = notebook ? notebook.values : [];
        if (names.includes(match.groups.name)) continue;
        const values = { found: match[0], remedy: card.didYouMean(match.groups.name, names) };
        yield { loc: loc, rule: "unknown-value-name", message: say("unknown-value-name", values) };
      }
    }
  }

  const strict = window.markdownit("commonmark", { html: true }).enable(["table", "strikethrough"]).disable(["reference"]);
  strict.validateLink = () => true; // so that a refused link is seen, not skipped

  /** The first raw HTML, picture and foreign link of a text: the same parser as the checker's, told the same things. */
  function* refusals(text, loc) {
    if (!text.includes("<") && !text.includes("](") && !text.includes("![")) return;
    const found = new Map();
    const add = (rule, what) => found.has(rule) || found.set(rule, say(rule, { found: what }));
    const html = (content) => add("raw-html", cut(content.trim().split("\n")[0], 40));
    for (const token of strict.parse(text, {})) {
      if (token.type === "html_block") html(token.content);
      for (const child of token.children || []) {
        if (child.type === "html_inline") html(child.content);
        else if (child.type === "image") add("picture");
        else if (child.type === "link_open" && !card.mayLink(child.attrGet("href"))) add("bad-link", cut(child.attrGet("href"), 60));
      }
    }
    for (const [rule, message] of found) yield { loc: loc, rule: rule, message: `${shown(loc)} ${message}` };
  }

  /** Whether the guide links to an address: http(s) and mailto, written out. */
  card.mayLink = function (href) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href || "");
    return Boolean(scheme) && DATA.schemes.includes(scheme[1].toLowerCase()) && !href.startsWith("//");
  };

  // --- its neighbours ----------------------------------------------------------------------------------------------
  function* references(data, id) {
    const cards = DATA.known.card;
    const one = function* (kind, name, loc, known) {
      if (Object.hasOwn(known, name)) return;
      const values = { kind: kind, found: name, remedy: card.didYouMean(name, Object.keys(known)) };
      yield { loc: loc, rule: "unknown-reference", message: say("unknown-reference", values) };
    };
    for (const [field, kind] of Object.entries(DATA.references)) {
      const value = data[field];
      if (typeof value === "string" && ID.test(value)) yield* one(kind, value, [field], DATA.known[kind]);
      if (!Array.isArray(value)) continue;
      const known = kind === "card" ? Object.assign({ [id]: {} }, cards) : DATA.known[kind];
      const seen = new Set();
      for (const [index, name] of value.entries()) {
        if (ID.test(name)) yield* one(kind, name, [field, index], known);
        if (seen.has(name)) {
          yield { loc: [field, index], rule: "repeated-reference", message: say("repeated-reference", { found: name }) };
        }
        seen.add(name);
      }
    }
    if ((data.related || []).includes(id)) {
      yield { loc: ["related", data.related.indexOf(id)], rule: "self-reference", message: DATA.says["self-reference"] };
    }
    for (const [index, evidence] of (data.evidence || []).entries()) {
      const name = evidence.notebook;
      if (!ID.test(name)) continue;
      yield* one("notebook", name, ["evidence", index, "notebook"], DATA.known.notebook);
      const notebook = Object.hasOwn(DATA.known.notebook, name) ? DATA.known.notebook[name] : null;
      if (notebook && ID.test(evidence.cell) && !notebook.cells.includes(evidence.cell)) {
        const remedy = card.didYouMean(evidence.cell, notebook.cells);
        const values = { notebook: name, found: evidence.cell, remedy: remedy };
        yield { loc: ["evidence", index, "cell"], rule: "unknown-cell", message: say("unknown-cell", values) };
      }
    }
  }

  function* neighbours(data, id) {
    const cards = DATA.known.card;
    if (!ID.test(id)) yield { loc: ["id"], rule: "bad-id", message: say("bad-id", { found: id }) };
    if (Object.hasOwn(cards, id)) {
      const values = { found: id, other: `${cards[id].path}:${cards[id].line}` };
      yield { loc: ["id"], rule: "duplicate-id", message: say("duplicate-id", values) };
    }
    const title = (data.title || "").trim().toLowerCase();
    const same = Object.values(cards).find((other) => other.title.toLowerCase() === title);
    if (same) yield { loc: ["title"], rule: "duplicate-title", message: say("duplicate-title", { other: same.path }) };
    if (data.prompt && !STUB.test(data.prompt)) {
      for (const [other, part] of alike(data.prompt)) {
        const values = { part: percent(part), other: other.path };
        yield { loc: ["prompt"], rule: "near-duplicate", message: say("near-duplicate", values) };
      }
    }
  }

  /** The three-word phrases of a text (shingles: Broder, 1997), as the checker takes them. */
  function phrases(text) {
    const words = text.toLowerCase().match(/[a-z0-9']+/g) || [];
    return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
  }

  let known = null;

  /** Cards whose prompt shares so many phrases with this one that one of the two should go: [card, share]. */
  function alike(prompt) {
    known = known || Object.values(DATA.known.card).map((other) => [other, phrases(other.prompt)]);
    const mine = phrases(prompt);
    const share = ([other, theirs]) => {
      const both = [...mine].filter((phrase) => theirs.has(phrase)).length;
      return [other, both / Math.max(1, Math.min(mine.size, theirs.size))];
    };
    return known.map(share).filter(([, part]) => part >= DATA.alike);
  }

  /** A share in per cent, halves to the even number, as Python prints it. */
  function percent(part) {
    const exact = part * 100;
    const low = Math.floor(exact);
    const half = exact - low === 0.5 ? low % 2 === 1 : exact - low > 0.5;
    return `${half ? low + 1 : low}%`;
  }

  function* rest(data) {
    for (const [index, working] of (data.workings || []).entries()) {
      const result = (working.result || "").trim();
      if (result && !/^[^\d\-+.]{0,2}([-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+)/.test(result)) {
        const message = say("printed", { found: cut(result, 30) });
        yield { loc: ["workings", index, "result"], rule: "arithmetic", message: message };
      }
    }
    if (data.reviewed && Date.parse(data.reviewed) > Date.now() + DAY) {
      const values = { name: "reviewed", found: data.reviewed };
      yield { loc: ["reviewed"], rule: "future-date", message: say("future-date", values) };
    }
  }

  /** Every problem that a browser can find; `data` as card.clean() gives it, `id` the file's name without .yml. */
  card.check = function (data, id) {
    return [
      ...shape(DATA.card, data, []),
      ...inTexts(data),
      ...references(data, id),
      ...neighbours(data, id),
      ...rest(data),
    ];
  };

  /** What was filled in, without empty places that may stay empty. */
  card.clean = function (data) {
    return tidy(DATA.card, data);
  };

  function tidy(node, value) {
    const schema = card.resolve(node);
    if (schema.type === "array") return value.map((entry) => tidy(schema.items, entry));
    if (schema.type !== "object") return value;
    const result = {};
    for (const [key, field] of Object.entries(schema.properties)) {
      const inner = value[key];
      const type = card.resolve(field);
      const text = type.type === "string" && !type.enum && type.format !== "date" && !(key in DATA.references && key === "round");
      const empty = inner === undefined || inner === null || inner === "" || (Array.isArray(inner) && !inner.length);
      if (!empty) result[key] = tidy(field, inner);
      else if (schema.required.includes(key) && (text || type.type === "array")) result[key] = type.type === "array" ? [] : "";
    }
    return result;
  }

  /** A title as an id: "Late labels!" becomes "late-labels". */
  card.slug = function (title) {
    const plain = title.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
    return (plain.match(/[a-z0-9]+/g) || []).join("-").slice(0, 60).replace(/^-+|-+$/g, "");
  };
})();
