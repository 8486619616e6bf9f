"""A formula as LaTeX writes it -> MathML for pages, Anki's own notation, or a drawing for PDFs.

``$...$`` stands within a line, ``$$...$$`` by itself. A dollar before a space, or one that closes before a digit,
begins and ends nothing: prices stay prices. What cannot be read raises `FormulaError`, and the checks say where.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from html import escape, unescape
from itertools import accumulate
from typing import Any
from unicodedata import category, lookup, name, normalize
from xml.etree import ElementTree

import nh3

#: A formula and whether it stands by itself -> HTML that needs no more cleaning.
Formulas = Callable[[str, bool], str]

LONGEST = 600
#: The ink of the PDFs, and that of content/notebooks/matplotlibrc, whose place the page's own ink takes.
INK = "#1b212c"
#: MathML Core, as far as the converter writes it (https://www.w3.org/TR/mathml-core/).
TAGS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup",
    "munder", "mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
}  # fmt: skip
_ATTRIBUTES = {
    "display", "stretchy", "fence", "form", "lspace", "rspace", "accent", "accentunder", "displaystyle", "scriptlevel",
    "width", "height", "depth", "mathvariant", "linethickness", "minsize", "maxsize", "largeop", "movablelimits",
    "columnalign", "rowspacing", "columnspacing", "separator", "symmetric",
}  # fmt: skip
_TAG = re.compile(r"<[^>]*>")
_VARIANT = re.compile(r"<(m\w+) mathvariant=\"(?!normal)([a-z-]+)\">([^<]*)")
_LETTER = re.compile(r"(?:LATIN|GREEK) (?:LUNATE )?(?:(SMALL|CAPITAL) LETTER )?(\w+(?: SYMBOL)?)|(DIGIT) (\w+)")
#: One upright letter, which the converter makes italic, but for a space after it.
_UPRIGHT = re.compile(r"(\\mathrm\s*\{[A-Za-z])\}")
#: "$5 for 3 and 7$": two prices with words between them are no formula.
_PRICE = re.compile(r"\d[\d.,]*\s[^\\^_{}=<>+*/]*[A-Za-z]{2}")

#: Environments that the converter lays out; it takes any other for none.
_TABLES = {
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "array", "align", "align*",
    "split",
}  # fmt: skip
#: What is not shown as it is written: environments and commands.
_UNSHOWN = re.compile(r"\\begin\{array\}\{[^}]*\}|\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+")
#: An operator that holds others, which browsers drop; or nothing.
_EMPTY = re.compile(r"<mo(?: [lr]space=\"[^\"]*\")*(?: />|><)")


class FormulaError(ValueError):
    """A formula that cannot be read; the text says what was found and how to fix it."""


def is_formula(latex: str) -> bool:
    """Whether what stands between two dollars is one."""
    return not _PRICE.match(latex)


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """A formula as MathML. Raises `FormulaError` where it cannot be read."""
    from latex2mathml.converter import convert

    found = f"found '{' '.join(latex.split())[:60]}'"
    if len(latex) > LONGEST:
        raise FormulaError(f"a formula must have at most {LONGEST} characters, {found}: write it in parts")
    if open_ := _left_open(latex):
        raise FormulaError(
            f"a formula must be LaTeX that can be read, {found} with '{open_}' open or closed twice: close it"
        )
    try:
        markup = convert(_UPRIGHT.sub(r"\1 }", latex), display="block" if display else "inline")
    except (Exception, RecursionError) as error:  # the converter raises whatever it stumbles over
        why = type(error).__name__.removesuffix("Error") or "error"
        raise FormulaError(
            f"a formula must be LaTeX that can be read, {found} ({why}): correct it, or write '\\$' for a dollar"
        ) from error
    clean = nh3.clean(markup, tags=TAGS, attributes=dict.fromkeys(TAGS, _ATTRIBUTES), link_rel=None)
    if fault := _shown_otherwise(latex, markup, unescape(_TAG.sub(" ", clean))):
        raise FormulaError(f"a formula must be LaTeX that can be shown, {found} with {fault}")
    return _VARIANT.sub(_in_its_letters, clean)


def _in_its_letters(match: re.Match[str]) -> str:
    tag, variant, text = match.groups()
    return f"<{tag}>{escape(''.join(_letter(char, variant.upper()) for char in unescape(text)), quote=False)}"


def _letter(char: str, variant: str) -> str:
    """A letter in bold, double-struck and so on as a character of its own, the one way that MathML Core has."""
    found = _LETTER.fullmatch(name(char, ""))
    if found is None:
        return char
    letter = " ".join(filter(None, found.groups()))
    for style in (variant.replace("-", " "), variant.replace("FRAKTUR", "BLACK-LETTER"), variant.partition("-")[0]):
        for beginning in ("MATHEMATICAL ", ""):  # some are older than the rest: DOUBLE-STRUCK CAPITAL R
            with suppress(KeyError):
                return lookup(f"{beginning}{style} {letter}")
    return char


def _shown_otherwise(latex: str, markup: str, shown: str) -> str:
    """What the converter loses or shows as it is written, without a word, and the remedy; empty where all is well."""
    if re.search(r"(?<!\\)(?:\\\\)*%", latex):
        return "a '%', which begins a comment: write '\\%', outside of '\\text'"
    if re.search(r"(?<!\\)(?:\\\\)*\$", latex):
        return "a dollar inside: put each formula between dollars of its own, one by itself on lines of its own"
    if "<menclose" in markup:
        return "a frame or a stroke, which browsers leave out: say it in words"
    if others := set(re.findall(r"\\begin\s*\{([^}]*)\}", latex)) - _TABLES:
        return f"the unknown environment '{min(others)}': use align*, cases, array or a matrix"
    if re.search(r"\\\\\s*\[", latex):
        return "'\\\\[', whose brackets would be shown: write '\\\\' alone, or '{}' before the bracket"
    if "linebreak=" in markup or shown.count("&") > latex.count("\\&"):
        return "'&' or '\\\\' outside of an environment: put it between '\\begin{align*}' and '\\end{align*}'"
    if unknown := re.search(r"\\(?:[A-Za-z]+|\S)", shown):
        return f"the unknown '{unknown[0]}': use another command, or write it outside of '\\text'"
    written, read = (Counter(filter(str.isalnum, normalize("NFKC", text))) for text in (_UNSHOWN.sub("", latex), shown))
    if (lost := "".join(written - read)) or _EMPTY.search(markup):
        lost = lost or "a sign"
        return f"a command that loses what it holds ({lost}): leave it out, or write '\\operatorname{{argmax}}'"
    return ""


def _left_open(latex: str) -> str:
    """What is begun and not ended, or the other way round; the converter takes no notice."""
    words = re.sub(r"\\\\|\\[{}]", " ", latex)
    depths = list(accumulate(1 if sign == "{" else -1 for sign in re.findall("[{}]", words)))
    if depths and (depths[-1] or min(depths) < 0):
        return "{"
    if len(re.findall(r"\\left(?![A-Za-z])", words)) != len(re.findall(r"\\right(?![A-Za-z])", words)):
        return "\\left"
    parts = [re.findall(rf"\\{name}\{{(\w+\*?)\}}", words) for name in ("begin", "end")]
    return "\\begin" if sorted(parts[0]) != sorted(parts[1]) else ""


#: A formula in a hand-written page.
_ARITHMATEX = re.compile(
    r"<(?P<element>span|div) class=\"arithmatex\">\\[(\[](?P<latex>.*?)\\[)\]]</(?P=element)>", re.DOTALL
)


def with_mathml(html: str) -> str:
    """HTML with arithmatex's formulas as MathML. Raises `FormulaError` for one that cannot be read."""

    def replacement(match: re.Match[str]) -> str:
        latex = unescape(match["latex"]).strip()
        return mathml(latex, match["element"] == "div") if is_formula(latex) else f"${match['latex']}$"

    return _ARITHMATEX.sub(replacement, html)


def plain(latex: str) -> str:
    """A formula on one line of plain characters ("1/2", "x^10"), for titles, descriptions and search.

    As it is written where it cannot be read, or has no such form.
    """
    try:
        line = _line(ElementTree.fromstring(mathml(latex, False).replace("&nbsp;", " ")))  # noqa: S314 - our own
    except (ValueError, KeyError, RecursionError, ElementTree.ParseError):
        return latex
    return re.sub(r"(?<=[(\[{]) | (?=[,;!)\]}])", "", " ".join(line.split()))


#: What stands between the parts of an element on one line.
_BETWEEN = {"math": "", "mrow": "", "mstyle": "", "mfrac": "/", "msub": "_", "msup": "^", "msubsup": "_^"}


def _line(node: ElementTree.Element) -> str:
    """An element on one line. Raises `KeyError` for one that needs two."""
    text = node.text or " "
    if not len(node):
        one = (node.tag, len(text)) == ("mi", 1)
        tight = one or node.tag in ("mn", "mtext") or category(text[0]) in ("Ps", "Pe")
        return text if tight else f" {text} "
    if node.tag == "msqrt":
        return f" √({''.join(map(_line, node)).strip()}) "
    if not (between := _BETWEEN[node.tag]):
        return "".join(map(_line, node))
    if node.get("linethickness"):  # a binomial
        raise KeyError(node.tag)
    first, *others = map(_part, node)
    line = first + "".join(sign + part for sign, part in zip(between, others, strict=True))
    return f" {re.sub('[_^](?=[′-‴])', '', line)} "


def _part(node: ElementTree.Element) -> str:
    """An element as a part of another: in brackets, unless it is one sign."""
    line = _line(node).strip()
    return line if sum(not len(part) for part in node.iter()) == 1 else f"({line})"


def for_anki(latex: str, display: bool) -> str:
    """A formula in Anki's notation, which its MathJax draws (https://docs.ankiweb.net/math.html)."""
    words = escape(" ".join(latex.split()), quote=False)
    return f"\\[ {words} \\]" if display else f"\\({words}\\)"


@lru_cache(maxsize=4096)
def drawn(latex: str, display: bool) -> str:
    """A formula as a picture, its lines on that of the text, in units of the text's size. Raises `FormulaError`."""
    shown = unescape(_TAG.sub("", mathml(latex, display)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how it finds its font, in Pythons before 3.13
        import ziamath

    # Paths alone: names of shared ones are counted by process, and would differ from one to the next.
    ziamath.config.svg2 = False  # type: ignore[attr-defined]
    size = 24.0
    try:
        source = _UPRIGHT.sub(r"\1 }", latex)
        formula: Any = ziamath.Latex(source, size=size, inline=not display, color=INK)  # type: ignore[attr-defined]
        lacks = next((char for char in shown if char.isalpha() and not formula.font.glyphindex(char)), "")
        svg: str = formula.svg()
        box: Any = re.search(r'viewBox="\S+ (\S+) (\S+) (\S+)"', svg)  # no match is as bad
        top, width, height = (float(number) / size for number in box.groups())
    except (Exception, RecursionError) as error:
        raise FormulaError(
            f"a formula must be one that can be drawn, found '{latex[:60]}': write it simpler"
        ) from error
    if lacks:
        raise FormulaError(
            f"a formula must be in letters that its font has, found '{lacks}' in '{latex[:60]}': write it outside"
        )
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    style = f"width: {width:.3f}em; height: {height:.3f}em; vertical-align: {-(top + height):.3f}em"
    kind = "formula--block" if display else "formula"
    return f'<img class="{kind}" src="{address}" alt="{escape(latex)}" style="{style}">'
