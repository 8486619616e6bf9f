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
  const parser = window
    .markdownit("commonmark", { html: false })
    .enable(["table", "strikethrough"])
    .disable(["reference"]);
  const TAGS = new Set(
    "p em strong code ul ol li blockquote hr br s table thead tbody tr th td h1 h2 h3 h4 h5 h6".split(" ")
  );
  const HEADING = /^h[1-6]$/;

  function make(tag) {
    return document.createElement(HEADING.test(tag) ? "h5" : TAGS.has(tag) ? tag : "span");
  }

  function code(text) {
    const frame = document.createElement("div");
    frame.className = "highlight";
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    const words = document.createElement("code");
    words.textContent = text;
    pre.append(words);
    frame.append(pre);
    return frame;
  }

  function link(token) {
    if (!/^(https?|mailto):/i.test(token.attrGet("href"))) return document.createElement("span");
    const element = document.createElement("a");
    element.href = token.attrGet("href");
    element.rel = "noopener";
    element.target = "_blank";
    return element;
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
      else if (token.type === "code_inline") {
        const element = document.createElement("code");
        element.textContent = token.content;
        add(element);
      } else if (token.nesting === 1) {
        // The paragraphs of a tight list are there, but hidden: their words go into the entry itself.
        const element = token.hidden
          ? open[open.length - 1]
          : token.type === "link_open"
            ? link(token)
            : make(token.tag);
        if (!token.hidden) add(element);
        open.push(element);
      } else if (token.nesting === -1) open.pop();
      else add(make(token.tag));
    }
  }

  card.markdown = function (text, place) {
    place.replaceChildren();
    build(parser.parse(text || "", {}), place);
  };

  card.inline = function (text, place) {
    place.replaceChildren();
    build(parser.parseInline((text || "").replace(/\n/g, " "), {}), place);
  };

  const at = (data, path) => (path ? path.split(".").reduce((value, key) => value?.[key], data) : data);

  function fill(root, data) {
    for (const element of root.querySelectorAll("[data-if]")) {
      if (!(at(data, element.dataset.if) || []).length) element.remove();
    }
    for (const element of root.querySelectorAll("[data-each]")) {
      const pattern = element.querySelector("template").content;
      const entries = (at(data, element.dataset.each) || []).map((entry) => {
        const copy = pattern.cloneNode(true);
        fill(copy, entry);
        return copy;
      });
      element.replaceChildren(...entries);
      element.removeAttribute("data-each");
    }
    const each = (name, put) => {
      for (const element of root.querySelectorAll(`[data-${name}]`)) {
        put(element, at(data, element.dataset[name]));
        element.removeAttribute(`data-${name}`);
      }
    };
    each("fill", (element, value) => (element.textContent = value === undefined ? "" : value));
    each("inline", (element, value) => card.inline(value, element));
    each("markdown", (element, value) => card.markdown(value, element));
  }

  const title = (kind, id) => (Object.hasOwn(DATA.known[kind], id || "") ? DATA.known[kind][id].title : id || "");

  card.show = function (place, data) {
    const copy = document.getElementById("sa-t-preview").content.cloneNode(true);
    const level = data.level || "";
    const words = {
      title: data.title || "Title",
      round: title("round", data.round) || "Round",
      level: level ? level[0].toUpperCase() + level.slice(1) : "Level",
      form: data.form || "form",
      terms: (data.terms || []).map((id) => title("term", id)),
      roles: (data.roles || []).map((id) => title("role", id)).join(", ") || "Roles",
      topics: (data.topics || []).map((id) => title("topic", id)),
      related: (data.related || []).map((id) => title("card", id)),
    };
    fill(copy, Object.assign({}, data, words));
    place.replaceChildren(copy);
  };
})();
