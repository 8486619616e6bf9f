/* A card as its YAML file, as people would write it. The same as studyguide/writer.py; a test holds the two together.
 *
 * StrongAnswer.card.yaml(data): data as card.clean() gives it.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer = window.StrongAnswer || {});
  const card = (guide.card = guide.card || {});
  const DATA = guide.schema;
  const { modeline, width: WIDTH, reserved: RESERVED } = DATA.yaml;
  const PLAIN = new RegExp(DATA.yaml.plain);
  const MARKS = new RegExp(DATA.yaml.marks);
  const GAP = /(?<=\S) (?=\S)/;

  const length = (text) => Array.from(text).length;
  const pad = (indent) => " ".repeat(indent);

  function* mapping(data, node, indent) {
    const schema = card.resolve(node);
    for (const [key, field] of Object.entries(schema.properties)) {
      if (data[key] !== undefined) yield* entry(`${pad(indent)}${key}:`, data[key], card.resolve(field), indent);
    }
  }

  function* entry(head, value, schema, indent) {
    if (schema.type === "object") {
      yield head;
      yield* mapping(value, schema, indent + 2);
    } else if (schema.type === "array") {
      yield* list(head, value, schema.items, indent);
    } else if (typeof value === "string" && schema.format !== "date") {
      yield* text(head, value.trim(), indent + 2);
    } else {
      yield `${head} ${value}`;
    }
  }

  function* list(head, values, items, indent) {
    const isId = (value) => typeof value === "string" && /^[a-z0-9-]*[a-z][a-z0-9-]*$/.test(value);
    if (values.every(isId)) {
      yield `${head} [${values.map((name) => (RESERVED.includes(name) || !/^[a-z]/.test(name) ? JSON.stringify(name) : name)).join(", ")}]`;
      return;
    }
    yield head;
    for (const value of values) {
      if (typeof value === "object") {
        const lines = [...mapping(value, items, indent + 4)];
        if (!lines.length) lines.push("{}");
        yield `${pad(indent)}  - ${lines[0].trimStart()}`;
        yield* lines.slice(1);
      } else {
        yield* text(`${pad(indent)}  -`, value.trim(), indent + 4);
      }
    }
  }

  /** A text on the line of its key where it fits, else in a block below it. */
  function* text(head, words, indent) {
    const plain = PLAIN.test(words) && !RESERVED.includes(words.toLowerCase());
    const scalar = plain ? words : JSON.stringify(words);
    if (!words.includes("\n") && length(head) + 1 + length(scalar) <= WIDTH && length(words) <= 90) {
      yield `${head} ${scalar}`;
    } else if (!words.includes("\n")) {
      yield `${head} >`;
      for (const line of wrapped(words, WIDTH - indent, false)) yield pad(indent) + line;
    } else {
      yield `${head} |`;
      for (const line of literal(words, WIDTH - indent)) yield line.trim() ? pad(indent) + line : "";
    }
  }

  /** One line as several. With `marks`, none begins with what Markdown would read as a mark. */
  function* wrapped(words, width, marks) {
    let line = "";
    for (const word of words.split(GAP)) {
      const held = marks && (MARKS.test(word) || line.endsWith("\\"));
      if (line && length(line) + 1 + length(word) > width && !held) {
        yield line;
        line = word;
      } else {
        line = line ? `${line} ${word}` : word;
      }
    }
    yield line;
  }

  /** The lines of a text; long ones of plain paragraphs are wrapped, where a line end means what a space means. */
  function* literal(words, width) {
    let fence = false;
    for (const line of words.split("\n")) {
      const bare = line.replace(/^ +/, "");
      if (bare.startsWith("```") || bare.startsWith("~~~")) {
        fence = !fence;
        yield line;
      } else if (fence || bare !== line || MARKS.test(line) || line.includes("|") || length(line) <= width) {
        yield line;
      } else {
        yield* wrapped(line, width, true);
      }
    }
  }

  card.yaml = function (data) {
    return [modeline, ...mapping(data, DATA.card, 0), ""].join("\n");
  };
})();
