/* A card that is being written, in the look of a finished one.
 *
 * StrongAnswer.card.show(place, data) fills a copy of the page's template "sa-t-preview". Markdown is parsed by the
 * library that the build uses too (its original), and made into elements here: no HTML passes through a string.
 */
(function () {
  "use strict";

  const guide = (window.StrongAnswer ||= {});
  const card = (guide.card ||= {});
  const DATA = guide.schema;
  const { element } = guide;
  const parser = window
    .markdownit("commonmark", { html: false })
    .enable(["table", "strikethrough"])
    .disable(["reference"]);
  const TAGS = new Set(
    "p em strong code ul ol li blockquote hr br s table thead tbody tr th td h1 h2 h3 h4 h5 h6".split(" ")
  );
  const HEADING = /^h[1-6]$/;

  const make = (tag) => element(HEADING.test(tag) ? "h5" : TAGS.has(tag) ? tag : "span");

  const code = (text) =>
    element("div", { className: "highlight" }, element("pre", { tabIndex: 0 }, element("code", {}, text)));

  function link(token) {
    const href = token.attrGet("href");
    if (!/^(https?|mailto):/i.test(href)) return element("span");
    return element("a", { href: href, rel: "noopener", target: "_blank" });
  }

  /** Tokens as elements within `root`. */
  function build(tokens, root) {
    const open = [root];
    const add = (node) => open[open.length - 1].append(node);
    for (const token of tokens) {
      if (token.type === "inline") build(token.children, open[open.length - 1]);
      else if (token.type === "fence" || token.type === "code_block") add(code(token.content));
      else if (token.type === "text" || token.type === "html_inline" || token.type === "image") add(token.content);
      else if (token.type === "softbreak") add("\n");
      else if (token.type === "code_inline") add(element("code", {}, token.content));
      else if (token.nesting === 1) {
        // The paragraphs of a tight list are there, but hidden: their words go into the entry itself.
        const begun = token.hidden ? open[open.length - 1] : token.type === "link_open" ? link(token) : make(token.tag);
        if (!token.hidden) add(begun);
        open.push(begun);
      } else if (token.nesting === -1) open.pop();
      else add(make(token.tag));
    }
  }

  const at = (data, path) => (path ? path.split(".").reduce((value, key) => value?.[key], data) : data);

  function fill(root, data) {
    for (const place of root.querySelectorAll("[data-if]")) {
      if (!(at(data, place.dataset.if) || []).length) place.remove();
    }
    for (const place of root.querySelectorAll("[data-each]")) {
      const pattern = place.querySelector("template").content;
      const entries = (at(data, place.dataset.each) || []).map((entry) => {
        const copy = pattern.cloneNode(true);
        fill(copy, entry);
        return copy;
      });
      place.replaceChildren(...entries);
      place.removeAttribute("data-each");
    }
    const each = (name, put) => {
      for (const place of root.querySelectorAll(`[data-${name}]`)) {
        put(place, at(data, place.dataset[name]));
        place.removeAttribute(`data-${name}`);
      }
    };
    each("fill", (place, value) => (place.textContent = value ?? ""));
    each("inline", (place, value) => build(parser.parseInline((value || "").replace(/\n/g, " "), {}), place));
    each("markdown", (place, value) => build(parser.parse(value || "", {}), place));
  }

  /** The title of what has an id, or the id where nothing has it. */
  card.title = (kind, id) => (Object.hasOwn(DATA.known[kind], id || "") ? DATA.known[kind][id].title : id || "");

  const capital = (word) => word[0].toUpperCase() + word.slice(1);

  card.show = function (place, data) {
    const copy = document.getElementById("sa-t-preview").content.cloneNode(true);
    const words = {
      title: data.title || "Title",
      round: card.title("round", data.round) || "Round",
      level: capital(data.level || "level"),
      form: capital(data.form || "form"),
      terms: (data.terms || []).map((id) => card.title("term", id)),
      roles: (data.roles || []).map((id) => card.title("role", id)).join(", ") || "Roles",
      topics: (data.topics || []).map((id) => card.title("topic", id)),
      related: (data.related || []).map((id) => card.title("card", id)),
    };
    fill(copy, { ...data, ...words });
    place.replaceChildren(copy);
  };
})();
