/* A card in the form: its shape by the card's JSON Schema, and its YAML file.
 *
 * Schema and known ids come from assets/data/schema.js, which the build makes. The schema knows lengths, lists and names;
 * what else a card must hold (numbers, workings, phrases of other cards), `studyguide check` says.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const card = (guide.card ||= {});
  const DATA = guide.schema;

  /** The schema that a reference, or a choice between a shape and nothing, stands for. */
  card.resolve = function (node) {
    if (node.$ref) return DATA.card.$defs[node.$ref.split("/").pop()];
    if (node.anyOf) return { ...node, ...node.anyOf.find((one) => one.type !== "null") };
    return node;
  };

  // --- the shape ---------------------------------------------------------------------------------------------------
  /** Every way in which a value does not fit its schema, as {loc, message}. */
  function* shape(node, value, loc) {
    const schema = card.resolve(node);
    const wrong = (message) => ({ loc: loc, message: message });
    if (schema.type === "object") {
      for (const [key, field] of Object.entries(schema.properties)) {
        if (value[key] !== undefined) yield* shape(field, value[key], [...loc, key]);
        else if (schema.required.includes(key)) yield { loc: [...loc, key], message: "This is still to be written." };
      }
    } else if (schema.type === "array") {
      const least = schema.minItems || 0;
      if (value.length < least)
        yield wrong(`At least ${least} are needed, and there ${value.length === 1 ? "is 1" : `are ${value.length}`}.`);
      if (value.length > schema.maxItems) yield wrong(`At most ${schema.maxItems} fit, and there are ${value.length}.`);
      for (let i = 0; i < value.length; i++) yield* shape(schema.items, value[i], [...loc, i]);
    } else if (schema.type === "string") {
      const size = Array.from(value).length;
      if (size < (schema.minLength || 0))
        yield wrong(`${size} characters are too few: ${schema.minLength} are needed.`);
      if (size > schema.maxLength) yield wrong(`${size} characters are too many: ${schema.maxLength} fit.`);
      if (schema.pattern && !new RegExp(schema.pattern).test(value))
        yield wrong(`“${value}” is not written as it must be.`);
      if (schema.enum && !schema.enum.includes(value)) yield wrong(`“${value}” is not one of the choices.`);
    }
  }

  /** Names of things that do not exist. */
  function* unknown(data) {
    for (const [key, kind] of Object.entries(DATA.references)) {
      for (const name of [data[key] ?? []].flat()) {
        if (!Object.hasOwn(DATA.known[kind], name)) yield { loc: [key], message: `There is no ${kind} “${name}”.` };
      }
    }
  }

  /** What the form can say about a card; `data` as card.clean() gives it, `id` the file's name without .yml. */
  card.check = function (data, id) {
    const problems = [...shape(DATA.card, data, []), ...unknown(data)];
    const wrongId = (message) => problems.push({ loc: ["id"], message });
    if (id && !new RegExp(DATA.id).test(id)) wrongId("Use lower-case words joined by hyphens.");
    if (!id && data.title) wrongId("Write a name in Latin letters: the title has none.");
    if (Object.hasOwn(DATA.known.card, id)) wrongId(`“${DATA.known.card[id].title}” has this name already.`);
    return problems;
  };

  /** The data without what is empty and optional, and without white space around texts, and without tabs. */
  card.clean = (data) => tidy(DATA.card, data) || {};

  function tidy(node, value) {
    const schema = card.resolve(node);
    if (schema.type === "object") {
      const parts = Object.entries(schema.properties).map(([key, field]) => [key, tidy(field, value[key])]);
      const there = parts.filter(([, part]) => part !== undefined);
      return there.length ? Object.fromEntries(there) : undefined;
    }
    if (schema.type === "array") {
      const there = (value || []).map((entry) => tidy(schema.items, entry)).filter((entry) => entry !== undefined);
      return there.length ? there : undefined;
    }
    return (
      String(value ?? "")
        .replace(/\t/g, "    ")
        .trim() || undefined
    );
  }

  card.slug = function (title) {
    const plain = title
      .normalize("NFKD")
      .replace(/[^\x00-\x7f]/g, "")
      .toLowerCase();
    return (plain.match(/[a-z0-9]+/g) || [])
      .join("-")
      .slice(0, 60)
      .replace(/^-+|-+$/g, "");
  };

  // --- the file ----------------------------------------------------------------------------------------------------
  /** A card as plain YAML: ids and dates as they are, every other text in double quotes, which hold any text (JSON). */
  card.yaml = (data) => [DATA.modeline, ...mapping(data, DATA.card, ""), ""].join("\n");

  function* mapping(data, node, indent) {
    for (const [key, field] of Object.entries(card.resolve(node).properties)) {
      if (data[key] !== undefined) yield* entry(`${indent}${key}:`, data[key], card.resolve(field), indent);
    }
  }

  function* entry(head, value, schema, indent) {
    if (schema.type === "object") {
      yield head;
      yield* mapping(value, schema, `${indent}  `);
    } else if (schema.type === "array" && card.resolve(schema.items).pattern) {
      yield `${head} [${value.map(scalar).join(", ")}]`;
    } else if (schema.type === "array") {
      yield head;
      for (const one of value) {
        const inner = card.resolve(schema.items);
        const lines =
          inner.type === "object" ? [...mapping(one, inner, `${indent}    `)] : [`${indent}    ${scalar(one)}`];
        yield `${indent}  - ${lines[0].trimStart()}`;
        yield* lines.slice(1);
      }
    } else {
      yield `${head} ${schema.format === "date" ? value : scalar(value)}`;
    }
  }

  const RESERVED = /^(y|n|yes|no|on|off|true|false|null)$/;
  const scalar = (value) => (/^[a-z][a-z0-9-]*$/.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value));
})();
