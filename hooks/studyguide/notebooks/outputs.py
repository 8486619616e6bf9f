"""What a cell showed, in nbformat's form -> HTML that is safe in a page and follows its palette."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import nh3
from markupsafe import Markup

from studyguide.content.characters import hidden
from studyguide.text.formulas import INK, Formulas, mathml
from studyguide.text.markdown import refusals, to_html, to_plain

Outputs = list[dict[str, Any]]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_OF_WORDS = {f"{{{_SVG}}}text", f"{{{_SVG}}}tspan"}
_DRAWING = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "use",
    "clipPath", "linearGradient", "stop",
}  # fmt: skip
#: Elements that draw nothing, left out without a word.
_UNDRAWN = {"metadata", "style", "script", "title", "desc", "set", "animate", "animateMotion", "animateTransform"}
#: CSS properties that a drawing may set in a style attribute.
_PAINT = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "opacity", "clip-path", "clip-rule",
    "stop-color", "stop-opacity", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant",
    "font-stretch", "text-anchor", "letter-spacing", "word-spacing", "dominant-baseline", "shape-rendering",
}  # fmt: skip
_TABLE_TAGS = {
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "div", "p", "span", "br", "strong", "b", "em", "i",
    "code", "sub", "sup", "s", "del", "u", "ins", "mark", "small",
}  # fmt: skip
_INKED = re.compile(r"<(?:path|rect|circle|ellipse|line|polyline|polygon|text|use)\b")
#: A style sheet that goes for the whole drawing, as matplotlib's does.
_SHEET_OF_ALL = re.compile(r"\s*(?:\*\s*\{[^}]*\}\s*)*")
#: Of HTML without a table: its words, paragraphs and lists.
_PROSE_TAGS = _TABLE_TAGS | {"ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "hr", "h3", "h4", "h5", "h6"}

#: Headings that are the page's own.
_TITLE = re.compile(r"(</?)h[12]\b", re.IGNORECASE)

#: HTML that is nothing without a script, a form or another file.
_LIVE = re.compile(
    r"<(?:script|input|button|form|select|textarea|canvas|iframe|video|audio|object|embed|details|svg|img|link|math"
    r"|meter|progress)\b",
    re.IGNORECASE,
)
#: The text of an object that has none of its own: <IPython.core.display.HTML object>, <Axes at 0x7f...>.
_NO_TEXT = re.compile(r"\s*<[^<>\n]*(?:\bobject\b|\bat 0x|\bwith 0 Axes\b)[^<>\n]*>\s*")
#: A memory address, in what is shown.
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
#: What a terminal acts on: colours, cursors, titles.
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ufeff]")
#: What a page without a kernel cannot show, by how its kind of data begins; and what to do.
_REFUSED = {
    "application/vnd.jupyter.widget": (
        "a widget, which needs a running kernel: print its value (a progress bar: leave it out, or TQDM_DISABLE=1)"
    ),
    "application/vnd.plotly": "a plotly figure, which needs a script: draw it with matplotlib",
    "application/vnd.vega": "a Vega or Altair chart, which needs a script: draw it with matplotlib",
    "application/vnd.bokeh": "a Bokeh chart, which needs a script: draw it with matplotlib",
    "application/vnd.holoviews": "a HoloViews chart, which needs a script: draw it with matplotlib",
    "application/vnd.": "data for a program: print what matters of it, or draw it with matplotlib",
    "application/javascript": "a script, which no page runs: print or draw what it would show",
}


class UnfitError(ValueError):
    """An output that a page, a deck or a PDF cannot show; says what was found and what to do."""


@dataclass(frozen=True)
class Shown:
    """One output, ready for the template: a drawing, a picture's address, a table, prose, or text."""

    drawing: Markup | None = None
    picture: str = ""
    #: Of a drawing that is a file: width and height in pixels, for a page to keep room.
    size: tuple[int, int] | None = None
    table: Markup | None = None
    prose: Markup | None = None
    text: str = ""


def shown_outputs(outputs: Outputs, alt: str, formulas: Formulas = mathml) -> list[Shown]:
    """The outputs of a cell, without those that are blank. Raises `UnfitError` for what a page cannot show."""
    return [shown for shown in (_shown(output, alt, formulas) for output in outputs) if shown != Shown()]


def _shown(output: Mapping[str, Any], alt: str, formulas: Formulas) -> Shown:
    data = output.get("data", {})
    for kind in data:
        for beginning, found in _REFUSED.items():
            if kind.startswith(beginning):
                raise UnfitError(found)
    if "image/svg+xml" in data:
        svg = drawing(_joined(data["image/svg+xml"]), alt)
        if not _INKED.search(svg):
            raise UnfitError("an empty picture: draw something, or leave the cell out")
        return Shown(drawing=Markup(svg))  # noqa: S704 - cleaned by drawing()
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            return Shown(picture=_picture(mime, _joined(data[mime])))
    text = plain_text(_joined(output.get("text", "") or data.get("text/plain", ""))).rstrip()
    says_something = bool(text.strip()) and not _NO_TEXT.fullmatch(text)
    html = _joined(data.get("text/html", ""))
    live = _LIVE.search(html)
    if "<table" in html.lower() and not live:
        cells = Markup(table(html))  # noqa: S704 - cleaned by table()
        return Shown(table=_words(cells, cells.striptags(), "an empty table"))
    if words := markdown_of(output):
        return Shown(prose=_words(_markdown(words, formulas), to_plain(words), "empty Markdown"))
    if html and not says_something:
        if live:
            raise UnfitError(
                f"HTML with <{live[0][1:]}>, which a page does not take: end with a table, text or a picture"
            )
        prose = Markup(_cleaned(_TITLE.sub(r"\1h3", html), _PROSE_TAGS))  # noqa: S704 - cleaned
        return Shown(prose=_words(prose, prose.striptags(), "HTML without words"))
    if data and not says_something and (text.strip() or data.keys() - {"text/plain"}):
        kinds = ", ".join(sorted(data.keys() - {"text/plain"}))[:80] or text.strip()[:80]
        remedy = "end the cell with a picture (SVG, PNG or JPEG), a table or text"
        raise UnfitError(f"{kinds}: {'show Markdown(...) of $...$' if 'text/latex' in data else remedy}")
    if ADDRESS.search(text):
        raise UnfitError(
            f"a memory address, which differs in each run ('{text.strip()[:60]}'): end with a value that says more, or "
            "put ';' after the last line"
        )
    return Shown(text=text)


def _words(html: Markup, words: str, empty: str) -> Markup:
    """The HTML, where its words are something to read."""
    if all(char.isspace() or hidden(char) for char in words):
        raise UnfitError(f"{empty}: end the cell with something to read")
    if ADDRESS.search(words):
        raise UnfitError("a memory address, which differs in each run: show a value that says more")
    return html


def plain_text(text: str) -> str:
    """Printed text as a terminal would leave it, without colours; what else nobody sees is written as an escape."""
    text = _TERMINAL.sub("", text)
    while "\b" in text:  # each takes back a character; progress bars are drawn with them
        before = text
        text = re.sub(r"[^\n\b]\x08", "", text)
        if text == before:
            text = text.replace("\b", "")
    return _UNSEEN.sub(lambda found: f"\\{'u' if found[0] > 'ÿ' else 'x'}{ord(found[0]):02x}", text)


def markdown_of(output: Mapping[str, Any]) -> str:
    """The Markdown that an output holds; empty where it has none."""
    return _joined(output.get("data", {}).get("text/markdown", ""))


def _markdown(text: str, formulas: Formulas) -> Markup:
    refused = next(iter(refusals(text)), None)
    if refused is not None:
        raise UnfitError(f"Markdown that {refused.message}")
    return Markup(to_html(text, None, formulas))  # noqa: S704 - sanitised by to_html()


def _picture(mime: str, data: str) -> str:
    """A raster picture as an address. Raises `UnfitError` where the data is no such picture."""
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except ValueError:
        raw = b""
    if not raw.startswith({"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}[mime]):
        raise UnfitError(f"a picture that is neither PNG nor JPEG, whatever its kind ({mime}) says: draw it again")
    return f"data:{mime};base64,{base64.b64encode(raw).decode()}"


def table(html: str) -> str:
    """The HTML of a data frame without styles, scripts, links and everything that is not a table."""
    return _cleaned(html, _TABLE_TAGS)


def _cleaned(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={"th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}},
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math"},
        strip_comments=True,
    ).strip()


def drawing(svg: str, alt: str) -> str:
    """A drawing as inline SVG: known elements only, ink as `currentColor`, a size that scales, a text alternative.

    Raises `ValueError` for what is not a well-formed drawing, `UnfitError` for one that would lose a part.
    """
    if "<!ENTITY" in svg:
        raise ValueError("the picture declares entities")
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - entities are refused below, and the text is our own kernel's
    except ElementTree.ParseError as error:
        raise ValueError(f"the picture is not valid SVG: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError("the picture is not SVG")
    try:
        _clean(root)
    except RecursionError as error:
        raise ValueError("the picture is nested too deeply") from error
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    width = _view_box(root)[2]
    root.set("role", "img")
    root.set("aria-label", alt)
    # matplotlib sets these for the whole document in a style sheet; here they hold for this drawing alone.
    root.set("style", f"max-width:{width * 4 / 3:.0f}px;stroke-linejoin:round;stroke-linecap:butt")
    buffer = io.BytesIO()
    ElementTree.ElementTree(root).write(buffer, encoding="utf-8", short_empty_elements=True)
    return buffer.getvalue().decode()


def drawing_file(svg: str, margin: float = 0, sheet: str = "") -> tuple[bytes, tuple[int, int]]:
    """A drawing for a page, made to stand alone, and its width and height in pixels.

    In an ``<img>`` nothing of the page's style arrives, so the ink is written out. ``margin`` is in the drawing's own
    units (points, from matplotlib); ``sheet`` is the colour of a sheet below it.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - cleaned by `drawing`, which refuses entities
    left, top, width, height = _view_box(root)
    left, top, width, height = left - margin, top - margin, width + 2 * margin, height + 2 * margin
    size = round(width * 4 / 3), round(height * 4 / 3)
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    root.set("width", str(size[0]))
    root.set("height", str(size[1]))
    root.set("color", INK)
    root.set("font-family", "system-ui, 'Noto Sans', 'Liberation Sans', sans-serif")
    root.set("style", "stroke-linejoin:round;stroke-linecap:butt")
    if sheet:
        box = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{width:g}", "height": f"{height:g}", "fill": sheet}
        root.insert(0, ElementTree.Element(f"{{{_SVG}}}rect", box))
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)), size


def _view_box(root: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, width and height, in the drawing's own units. Raises `ValueError` where they are no such numbers."""
    given = root.get("viewBox", "0 0 504 230")
    numbers = re.split(r"[\s,]+", given.strip())
    if not all(re.fullmatch(r"-?[0-9]{1,5}(\.[0-9]{1,9})?", number) for number in numbers) or len(numbers) != 4:
        raise ValueError(f"the picture's viewBox is '{given}', which must be four numbers")
    left, top, width, height = map(float, numbers)
    if min(width, height) <= 0:
        raise ValueError(f"the picture's viewBox is '{given}', whose width and height must be above 0")
    return left, top, width, height


def _clean(element: ElementTree.Element) -> None:
    if element.text is not None and not element.text.strip():
        element.text = None
    for child in list(element):
        name = child.tag.removeprefix(f"{{{_SVG}}}") if isinstance(child.tag, str) else ""
        if element.tag not in _OF_WORDS:
            child.tail = None
        if name == "style" and not _SHEET_OF_ALL.fullmatch(child.text or ""):
            raise UnfitError("a picture with a style sheet: write fill and stroke into the elements")
        if name not in _DRAWING:
            if name and name != child.tag and name not in _UNDRAWN:
                raise UnfitError(
                    f"a picture with <{name}>, which a page does not take: draw paths and text (pcolormesh, not "
                    "imshow), or show a PNG"
                )
            element.remove(child)
            continue
        _clean(child)
    for key, value in list(element.attrib.items()):
        local = key.removeprefix(f"{{{_XLINK}}}")
        if local == "style":
            value = _declarations(value)
            element.set(key, value)
        refers = local == "href" and not value.startswith("#")
        # Attributes are read as CSS too, where a backslash hides any word: u\72l(...) is url(...).
        fetches = "\\" in value or "url(" in value.casefold().replace("url(#", "")
        if local.startswith("on") or refers or fetches:
            del element.attrib[key]
        elif INK in value.lower():
            element.set(key, value.replace(INK, "currentColor"))
        # matplotlib writes black where a colour is not set (markers' defaults): that is ink too.
        elif key in ("fill", "stroke") and value in ("#000000", "black"):
            element.set(key, "currentColor")


def _declarations(style: str) -> str:
    """The declarations of a style attribute that only paint; none that moves an element out of its drawing."""
    declarations = [part.strip() for part in style.split(";") if part.partition(":")[0].strip().casefold() in _PAINT]
    return "; ".join(declarations)


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
