"""The Markdown of content fields: what is allowed in it, and its HTML.

CommonMark with tables, by markdown-it-py, with raw HTML switched off: what looks like HTML, template code, an attribute
list or an abbreviation is text. The checks refuse raw HTML and foreign links with a place; the renderer does not rely
on that and sanitises again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from studyguide.content.characters import hidden, hidden_message, runs_from_the_right
from studyguide.text.formulas import FormulaError, Formulas, is_formula, mathml, plain
from studyguide.text.glossary import Linker

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
#: ``[[notebook:name]]``: a value that a notebook published, put in when the page is made.
VALUE = re.compile(r"\[\[(?P<notebook>[a-z0-9-]+):(?P<name>[a-z0-9-]+)\]\]")

_TAGS = {"p", "em", "strong", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr", "s"} | {
    "table", "thead", "tbody", "tr", "th", "td", "span", "div", "h3", "h4", "h5", "h6"
}  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "span": {"class", "dir"},
    **{tag: {"dir"} for tag in ("p", "li", *_HEADINGS)},
    "pre": {"tabindex"},
    "div": {"class"},
    "ol": {"start"},
    "th": {"style", "dir"},
    "td": {"style", "dir"},
}
#: The headings of a page's own parts, which links may name.
_WITH_HEADINGS = _TAGS | {*_HEADINGS}, _ATTRIBUTES | {tag: {"dir", "id"} for tag in _HEADINGS}

#: What a formula is to the parser: within a line, by itself within a line, by itself between lines.
FORMULA_TOKENS = ("math_inline", "math_inline_double", "math_block")


@dataclass(frozen=True)
class Refusal:
    """Something a text must not hold; ``line`` counts from 0 within the text."""

    line: int
    rule: str
    message: str


@lru_cache(maxsize=4096)  # a page and its exports show the same code
def highlighted(code: str, language: str) -> str:
    """Code as HTML with a span for each token; what no lexer knows is plain text."""
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


_DOLLARS = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _math_inline(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, which takes the last character of a text for the one before its first."""
    text = state.src
    state.src = f"{text} "
    try:
        return _DOLLARS(state, silent)
    finally:
        state.src = text


def _parser(*, html: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": html, "highlight": None}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False)
    parser.inline.ruler.at("math_inline", _math_inline)
    parser.disable(["reference"])  # a definition list of links is a way to hide an address from a reviewer
    return parser


_PARSER = _parser(html=False)
_STRICT = _parser(html=True)
_STRICT.validateLink = lambda url: True  # type: ignore[method-assign] # so that a refused link is seen, not skipped


def _language(info: str) -> str:
    """The language that a fence names, in any dialect of Markdown: ``Python``, ``{.python .wide}``, ``{python}``."""
    found = re.search(r"(?<!#)\b\w[\w+#.-]*", info.lower())
    return found[0] if found else ""


def _fence(_self: object, tokens: list[Token], index: int, _options: object, _env: object) -> str:
    code = highlighted(tokens[index].content, _language(tokens[index].info))
    return f'<div class="highlight"><pre tabindex="0"><code>{code}</code></pre></div>\n'


_PARSER.add_render_rule("fence", _fence)


def _formula(_self: object, tokens: list[Token], index: int, _options: object, env: dict[str, Any]) -> str:
    """A mark that `_clean` leaves, where the formula itself is put afterwards; content cannot hold such a character."""
    token = tokens[index]
    latex, display = token.content.strip(), token.type != "math_inline"
    if not is_formula(latex):
        return escape(f"${token.content}$")
    html: list[str] = env.setdefault("formula_html", [])
    try:
        html.append(env.get("formulas", mathml)(latex, display))
    except FormulaError:
        html.append(f"<code>{escape(token.content)}</code>")  # the checks have said so
    return f"<p>{_MARK}{len(html) - 1}{_MARK}</p>\n" if token.type == "math_block" else f"{_MARK}{len(html) - 1}{_MARK}"


def _with_formulas(html: str, env: Mapping[str, Any]) -> str:
    """HTML with its formulas in their places."""
    formulas = env.get("formula_html", [])
    return _MARKED_PLACE.sub(lambda match: formulas[int(match[1])] if int(match[1]) < len(formulas) else "", html)


_MARK = "\ue000"
_MARKED_PLACE = re.compile(f"{_MARK}(\\d+){_MARK}")
for _kind in FORMULA_TOKENS:
    _PARSER.add_render_rule(_kind, _formula)


def to_html(text: str, linker: Linker | None = None, formulas: Formulas = mathml, *, headings: bool = False) -> str:
    """A Markdown text as sanitised HTML blocks, its terms linked by ``linker``, its formulas by ``formulas``; its
    ``headings`` of all levels stay, with ids, where it is a page's own."""
    spans = simple_spans(text)
    if spans is not None and _BEGINS_PLAINLY.match(text):
        return f"<p>{''.join(_span(span, linker) for span in spans)}</p>"
    env: dict[str, Any] = {"linker": linker, "formulas": formulas}
    html = str(_PARSER.renderer.render(_tokens(text), _PARSER.options, env))
    return _with_formulas(_clean(html, *(_WITH_HEADINGS if headings else ())), env)


@lru_cache(maxsize=8192)
def to_inline_html(text: str, formulas: Formulas = mathml) -> str:
    """A one-line Markdown text as sanitised HTML without a paragraph around it."""
    spans = simple_spans(text)
    if spans is not None:
        return "".join(_span(span, None) for span in spans)
    env: dict[str, Any] = {"formulas": formulas}
    html = _with_formulas(_clean(str(_PARSER.renderInline(text.strip(" \n"), env))), env)
    return f'<span dir="auto">{html}</span>' if runs_from_the_right(text) else html


# Most texts are one line of plain words, with a word in backticks or stars here and there. Those are read by one
# pattern, some fifty times as fast as by a parser and a sanitiser. The pattern takes only what can be read in one way:
# signs that Markdown or HTML might read otherwise send the whole text to the parser, and a test compares the two ways.
_PLAIN = r"A-Za-z0-9 ,.;:?!'\"()%/+=\-\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u20ac\u00b7\u00d7"
_MARKED = r"[A-Za-z0-9](?:[A-Za-z0-9 ,'-]*[A-Za-z0-9])?"
_SPAN = re.compile(
    rf"(?P<text>[{_PLAIN}]+)"
    r"|(?<!`)`(?P<code>[!-_a-~](?:[ -_a-~]*[!-_a-~])?)`(?!`)"
    rf"|(?<![^ (])\*\*(?P<strong>{_MARKED})\*\*(?![^ ,.;:?!)])"
    rf"|(?<![^ (])\*(?P<em>{_MARKED})\*(?![^ ,.;:?!)])"
)
_BEGINS_PLAINLY = re.compile(r"(?!\d{1,9}[.)](?:\s|$))[A-Za-z0-9\"('`*\u2018\u201c]")


@lru_cache(maxsize=32768)
def simple_spans(text: str) -> tuple[tuple[str, str], ...] | None:
    """A text of one line as (kind, words), where it is simple enough: text, code, strong and em; else ``None``."""
    text = text.strip(" \n")
    spans: list[tuple[str, str]] = []
    end = 0
    while end < len(text):
        match = _SPAN.match(text, end)
        if match is None:
            return None
        spans.append((str(match.lastgroup), match[str(match.lastgroup)]))
        end = match.end()
    return tuple(spans) or None


def _span(span: tuple[str, str], linker: Linker | None) -> str:
    kind, words = span
    if kind == "code":
        return f"<code>{escape(words, quote=False)}</code>"
    html = (
        words
        if linker is None
        else "".join(_term(*entry, piece) if entry else piece for piece, entry in linker.split(words))
    )
    return html if kind == "text" else f"<{kind}>{html}</{kind}>"


@lru_cache(maxsize=8192)
def _term(address: str, definition: str, words: str) -> str:
    """A link to an entry of the glossary, sanitised."""
    return _clean(f'<a class="term" href="{escape(address)}" title="{escape(definition)}">{escape(words)}</a>')


@lru_cache(maxsize=32768)
def _tokens(text: str) -> list[Token]:
    """The tokens, with headings named by their words; what holds letters from the right finds its own direction."""
    tokens = _PARSER.parse(text)
    for index, token in enumerate(tokens):
        if token.type != "inline" or not index:
            continue
        block = tokens[index - 2 if tokens[index - 1].hidden else index - 1]  # the paragraph of a tight list
        if runs_from_the_right(token.content):
            block.attrSet("dir", "auto")
        if block.type == "heading_open":
            words = normalize("NFKC", "".join(piece.content for piece in token.children or ())).lower()
            block.attrSet("id", re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", words).strip()))
    return tokens


def _pieces(text: str) -> Iterator[tuple[Token, int]]:
    """What the blocks of a text hold, and blocks that hold nothing more; each with the line from 0 of its block."""
    for token in _tokens(text):
        line = token.map[0] if token.map else 0
        yield from ((piece, line) for piece in token.children or [token])


def _text(_self: object, tokens: list[Token], index: int, _options: object, env: dict[str, Any]) -> str:
    linker: Linker | None = env.get("linker")
    content = tokens[index].content
    before = [token.type for token in tokens[:index]]
    if linker is None or before.count("link_open") > before.count("link_close"):
        return escape(content)
    return "".join(_term(*entry, piece) if entry else escape(piece) for piece, entry in linker.split(content))


_PARSER.add_render_rule("text", _text)


def headings(text: str) -> Iterator[tuple[str, int]]:
    """The ids of a text's headings, in order, each with its line from 0."""
    return ((str(one.attrs["id"]), (one.map or [0])[0]) for one in _tokens(text) if "id" in one.attrs)


def _clean(html: str, tags: set[str] = _TAGS, attributes: dict[str, set[str]] = _ATTRIBUTES) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes=attributes,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener",
        strip_comments=True,
        filter_style_properties={"text-align"},
    ).strip()


@lru_cache(maxsize=32768)
def to_plain(text: str) -> str:
    """A Markdown text as plain words, for titles, descriptions and search."""
    spans = simple_spans(text)
    if spans is not None and _BEGINS_PLAINLY.match(text):
        return " ".join("".join(words for _, words in spans).split())
    words = []
    for piece, _ in _pieces(text):
        if piece.type in ("text", "code_inline", "fence", "code_block"):
            words.append(piece.content)
        elif piece.type in FORMULA_TOKENS:
            words.append(plain(piece.content) if is_formula(piece.content.strip()) else f"${piece.content}$")
            words.append(" " if piece.type == "math_block" else "")
        elif piece.type in ("softbreak", "hardbreak", "paragraph_close"):
            words.append(" ")
    return " ".join("".join(words).split())


def formulas_in(text: str) -> Iterator[tuple[str, int]]:
    """The formulas of a text, each with its line from 0."""
    for piece, line in _pieces(text) if "$" in text else ():
        if piece.type in FORMULA_TOKENS and is_formula(piece.content.strip()):
            yield piece.content.strip(), line


def latex_outside(text: str) -> str:
    """What looks like LaTeX outside of a formula and of code; nothing where there is none."""
    if "\\" not in text:
        return ""
    plain_parts = (piece.content for piece, _ in _pieces(text) if piece.type == "text")
    found = next((match for part in plain_parts if (match := _LATEX.search(part))), None)
    found = found or _BRACKETS.search(_CODE_OR_FORMULA.sub("", text))
    return found[0] if found else ""


def stars_lost(text: str) -> str:
    """Stars between letters or digits that Markdown takes for emphasis, with what is between; or nothing."""
    words = _CODE_OR_FORMULA.sub("", text) if "*" in text else ""
    found = _STARRED.search(words)
    return f"{re.split(r'[^a-zA-Z0-9]', words[: found.start()])[-1]}{found[0]}" if found else ""


_STARRED = re.compile(r"(?<=[^\W_])(\*{1,2})[^\W_](?:[^*\n]*[^\W_])?\1[^\W_]+")
_LATEX = re.compile(r"\\[A-Za-z]{2,}")
_BRACKETS = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_CODE_OR_FORMULA = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`|\$[^$]+\$", re.DOTALL)


#: An address apart from its link, which other dialects of Markdown read.
_DEFINITION = re.compile(r"\[[^\]]+\]:\s+(?:https?:|mailto:|\.{0,2}/|\.\.|#|\S+\.html)")


def refusals(text: str, *, in_site: bool = False) -> Iterator[Refusal]:
    """Raw HTML, pictures, hidden characters and links that the guide does not take.

    ``in_site`` allows links to other pages of the site, for texts that are written for one address.
    """
    if not any(sign in text for sign in ("<", "](", "]:", "![", "&", "|")):
        return
    lines, columns = text.split("\n"), 0
    for token in _STRICT.parse(text):
        line = token.map[0] if token.map else 0
        columns = 0 if token.type == "thead_open" else columns + (token.type == "th_open")
        if token.type == "tr_open" and columns:
            yield from _wide_row(line, escapedSplit(lines[line].strip(" >")), columns)
        if token.type == "html_block":
            yield _raw_html(line, token.content)
        for child in token.children or ():
            if child.type == "html_inline":
                yield _raw_html(line, child.content)
            elif child.type == "image":
                message = "must hold no pictures, found one: show a notebook's cell as evidence instead"
                yield Refusal(line, "picture", message)
            elif child.type == "text" and _DEFINITION.match(child.content):
                message = f"must hold each address in its link, found '{child.content[:40]}': write [words](address)"
                yield Refusal(line, "bad-link", message)
            elif child.type == "link_open":
                yield from _link(line, str(child.attrs.get("href", "")), in_site)
            # Markdown turns entities such as &#x202E; into the characters that the reading of files refuses.
            if char := hidden(child.content) or hidden(str(child.attrs.get("title", ""))):
                yield Refusal(line, "invisible-character", hidden_message(char))


def _wide_row(line: int, cells: list[str], columns: int) -> Iterator[Refusal]:
    """A row whose last cells nobody would see; bars at its ends begin and end nothing."""
    found = len(cells) - (cells[0] == "") - (cells[-1] == "")
    if found > columns:
        message = (
            f"must have as many cells in a row of a table as in its head, which has {columns}, found {found}: "
            "write '\\|' for a bar within a cell"
        )
        yield Refusal(line, "table", message)


def _raw_html(line: int, content: str) -> Refusal:
    found = content.strip().split("\n")[0][:40].replace("&", "&amp;")
    message = f"must be Markdown without HTML, found {found}: write code in backticks, or plain words"
    return Refusal(line, "raw-html", message)


def _link(line: int, href: str, in_site: bool) -> Iterator[Refusal]:
    try:
        parts = urlsplit(href)
        scheme, user = parts.scheme, "@" in parts.netloc
    except ValueError:
        scheme, user = "?", False
    # A user name before the host (https://good.example@evil.example) only hides where a link leads.
    allowed = ALLOWED_SCHEMES | ({""} if in_site and not href.startswith(("%5C", "\\")) else set())
    if scheme not in allowed or href.startswith("//") or user:
        remedy = "give a full address, or name cards in 'related'"
        yield Refusal(line, "bad-link", f"must link to http(s) or mailto, found the link '{href[:60]}': {remedy}")


def links(text: str) -> Iterator[tuple[int, str]]:
    """Every link of a text: (line from 0, address)."""
    for piece, line in _pieces(text) if "](" in text or "<" in text else ():
        if piece.type == "link_open":
            yield line, str(piece.attrs.get("href", ""))


def block_kinds(text: str) -> Iterator[str]:
    """The kinds of blocks and of breaks within them that a text holds, as its parser names them."""
    return (each.type for token in _tokens(text) for each in (token, *(token.children or ())))


#: Other names of Python, and that of its sessions.
_PYTHON = ("py", "python3", "py3", "pycon")


def fences(text: str) -> Iterator[tuple[str, str, int]]:
    """The fenced code blocks of a text: (language, with one name for Python; code; line from 0 within the text)."""
    for piece, line in _pieces(text) if "```" in text or "~~~" in text else ():
        if piece.type == "fence":
            language = _language(piece.info)
            yield "python" if language in _PYTHON else language, piece.content, line
