"""Rules about every text: finished, plain Markdown, reviewed."""

from __future__ import annotations

import ast
import datetime
import doctest
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

from studyguide.checks.common import field_of, is_english, prose, repeated, unvetted_texts
from studyguide.content.look_alikes import BULLETS
from studyguide.content.read import Content, Item
from studyguide.content.validate import shown_location
from studyguide.content.yaml_source import BLOCK_LINE
from studyguide.problems import Problem
from studyguide.text.formulas import FormulaError, drawn
from studyguide.text.glossary import folded
from studyguide.text.markdown import block_kinds, fences, formulas_in, latex_outside, refusals, stars_lost

#: Words and signs that stand where text is still to come. Found by `stub`.
STUB_WORDS = ("TODO", "TBD", "FIXME", "XXX", "lorem ipsum", "to be written")
_STUB = re.compile(rf"\b({'|'.join(STUB_WORDS)})\b|\[\.\.\.\]|^\s*(\.\.\.|…|\?+|-+)\s*$", re.IGNORECASE)
_STUB_HINTS = (*map(str.lower, STUB_WORDS), "[...]")


def nothing_is_a_stub(content: Content) -> Iterator[Problem]:
    """What is not written yet is not published.

    Bad: `detail: TODO explain calibration`.
    Good: a finished sentence, or no card.
    """
    for item, loc, text in unvetted_texts(content):
        if match := stub(text):
            message = f"must be finished text, found '{match[0].strip()[:20]}': write it, or leave the card out for now"
            yield item.problem("stub", message, *loc)


def stub(text: str) -> re.Match[str] | None:
    """What says that a text is unfinished. Plain searches go first: the pattern alone takes ten times as long."""
    lower = text.lower()
    if any(word in lower for word in _STUB_HINTS) or not text.strip(" \n.…?-"):
        return _STUB.search(text)
    return None


def text_is_plain_markdown(content: Content) -> Iterator[Problem]:
    """Texts are Markdown without HTML or pictures, link to the web by full addresses, and show all that they hold.

    Bad: `detail: Click <b>here</b>`, `[run](javascript:alert(1))`, a third cell in a table of two columns.
    Good: `detail: Compare **both** weeks`.
    """
    for item, loc, text in unvetted_texts(content):
        for refusal in {found.rule: found for found in [*refusals(text)][::-1]}.values():
            yield item.problem(refusal.rule, f"{shown_location(loc)} {refusal.message}", *loc)
    for script, cell in prose(content):
        for refusal in refusals(cell.text, in_site=True):
            yield Problem(script.path, cell.start + refusal.line, 1, refusal.rule, f"the prose {refusal.message}")


def formulas_can_be_read(content: Content) -> Iterator[Problem]:
    """Formulas are LaTeX between dollars, drawn on pages, in Anki and in PDFs; names and questions are plain words.

    A dollar before a space or a price is a dollar; stars between letters or digits are emphasis to Markdown, and gone.

    Bad: `detail: The loss is \\(\\lambda w\\)`, `$\\frac{1}{n$`, `2*3*4`.
    Good: `detail: The loss is $\\lambda w$ and costs $5`.
    """
    for item, loc, text in unvetted_texts(content):
        if "$" not in text and "\\" not in text and "*" not in text:
            continue
        where = shown_location(loc)
        if not _PLAIN.isdisjoint((loc[0], loc[-1], (loc[0], loc[-1]))):
            for latex, _ in formulas_in(text):
                message = f"{where} must be plain words, found the formula '{latex[:40]}': say it in words"
                yield item.problem("formula", message, *loc)
            continue
        for message, _ in formula_faults(text):
            yield item.problem("formula", f"{where} {message}", *loc)
    for script, cell in prose(content):
        for message, line in formula_faults(cell.text):
            yield Problem(script.path, cell.start + line, 1, "formula", f"the prose {message}")


#: Fields that are shown as they are, with no Markdown in them; of those in the parts of a worksheet, its questions.
_PLAIN = frozenset(
    {
        "title", "asked_as", "term", "aliases", "forms", "label", "formula", "result", "url", "noun", "time", "cost",
        "rights", ("parts", "ask"),
    }
)  # fmt: skip


def formula_faults(text: str) -> Iterator[tuple[str, int]]:
    """What is wrong with the formulas of a text, and the line from 0."""
    for latex, line in formulas_in(text):
        try:
            drawn(latex, False)
        except FormulaError as error:
            yield f"holds a formula that cannot be shown: {error}", line
    if found := latex_outside(text):
        yield f"must hold LaTeX between dollars only, found '{found[:40]}': write $...$, or code in backticks", 0
    if lost := stars_lost(text):
        yield f"must keep its stars, found '{lost[:40]}', which is emphasis: write it as code or as a formula", 0


def reviews_are_past(content: Content) -> Iterator[Problem]:
    """`reviewed` and `checked` are days on which somebody really looked.

    A day of grace lets contributors east of the server be a day ahead.

    Bad: `reviewed: 2099-01-01`.
    Good: the day you read every sentence once more.
    """
    latest = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    dated: list[tuple[Item[Any], str]] = [(item, "reviewed") for item in content.cards]
    dated += [(item, "checked") for item in content.resources]
    for item, name in dated:
        if (day := getattr(item.value, name)) > latest:
            yield item.problem(
                "future-date", f"'{name}' must not lie ahead, found {day}: write the day of the review", name
            )


#: A hyphen at the end of a folded line becomes "trade- off"; "pre- and post-training" is meant.
_TORN = re.compile(r"[^\W\d_]- (?!(?:and|or|to|nor|as)\b)[^\W\d_]")


def words_are_not_torn(content: Content) -> Iterator[Problem]:
    """YAML puts a space where a folded line ends, so a word must not be broken at its hyphen.

    Bad: a line of folded text that ends in `trade-`, the next beginning with `off`.
    Good: `trade-off` on one line.
    """
    for item, loc, text in unvetted_texts(content) if is_english(content) else ():
        if match := _TORN.search(text) if "- " in text else None:
            start = text.rfind(" ", 0, match.start()) + 1
            found = text[start : match.end() + 3].split("\n")[0]
            message = f"a word must not be torn at its hyphen, found '{found}': keep it on one line"
            yield item.problem("torn-word", message, *loc)


#: Fields whose text may have paragraphs and blocks; all others are shown on one line somewhere.
MANY_LINES = frozenset(
    {
        "detail", "example", "how", "lead", "listen_for", "misses", "prompt", "say_first", "says", "strong_prep",
        "summary", "weak_prep", "whats_being_tested",
    }
)  # fmt: skip


def lines_stay_lines(content: Content) -> Iterator[Problem]:
    """What is written on several lines is read so: YAML joins the lines of a text under `>`, in quotes or without any.

    Bad: `detail: >` above a list, a block of code or a table; a title of two lines.
    Good: `detail: |` above them; one line for a title.
    """
    for item, loc, text in unvetted_texts(content):
        if "\n" in text.strip() and field_of(loc) not in MANY_LINES:
            found = text.strip().split("\n")[0][-30:]
            message = f"{shown_location(loc)} must be one line, found another after '{found}': join them"
            yield item.problem("lines", message, *loc)
        written = item.source.folded.get((*item.loc, *loc))
        if bullet := _BULLET.search(written or text):
            found = bullet[0].strip()[:40]
            message = (
                f"{shown_location(loc)} must begin the lines of a list with '- ', found '{found}': write so, under '|'"
            )
            yield item.problem("lines", message, *loc)
        elif written is not None and (lost := _lost_blocks(written, text)):
            begins = BLOCK_LINE.search(written)
            found = f", found '{begins[0].strip()[:40]}'" if begins else ""
            message = (
                f"{lost} must keep the lines of its own, and YAML joins them here{found}: write '|' instead of '>' "
                "(or of quotes), or begin the line with another word"
            )
            yield item.problem("lines", message, *loc)


_BULLET = re.compile(rf"^\s*[{BULLETS}].*", re.MULTILINE)


def _lost_blocks(written: str, read: str) -> str:
    """What the text would hold if its lines had stayed, and does not hold as it was read; or nothing."""
    lost = Counter(block_kinds(written)) - Counter(block_kinds(read))
    return next((_BLOCKS[kind] for kind in _BLOCKS if lost[kind]), "")


_BLOCKS = {
    "fence": "a block of code",
    "table_open": "a table",
    "tr_open": "a table",
    "list_item_open": "a list",
    "blockquote_open": "a quotation",
    "heading_open": "a heading",
    "hr": "a rule",
    "hardbreak": "a line break",
}
#: Languages of blocks that other programs draw.
_DRAWN = frozenset(
    {"mermaid", "dot", "graphviz", "plantuml", "puml", "d2", "vega", "vega-lite", "tikz", "math", "latex"}
)


def undrawn(text: str) -> Iterator[tuple[str, int]]:
    """The blocks of a text that wait for another program, and their lines from 0."""
    for language, _, line in fences(text):
        if language in _DRAWN:
            message = (
                f"a block of '{language}' is shown as code, for no page of ours draws it: draw it in a notebook and "
                "show the cell as evidence, or mark the block as 'text'"
            )
            yield message, line


def code_can_be_read(content: Content) -> Iterator[Problem]:
    """A block marked as Python is Python; whoever copies it must not find a slip in its first line.

    Bad: a block that begins with ```` ```python ```` and holds `for x in rows print(x)`.
    Good: code that runs, or a block without a language where it is none.
    """
    for item, loc, text in unvetted_texts(content):
        for message, _ in undrawn(text):
            yield item.problem("code", f"{shown_location(loc)}: {message}", *loc)
        for language, block, line in fences(text):
            if language == "python" and (found := _no_python(block)):
                where = f"{shown_location(loc)}, line {line + 1} of the text"
                message = f"a block of Python must be Python, and is not ({where}: {found}): correct it"
                yield item.problem("code", message, *loc)
    for script, cell in prose(content):
        for message, line in undrawn(cell.text):
            yield Problem(script.path, cell.start + line, 1, "code", message)


def _no_python(block: str) -> str:
    """What is wrong with the code of a block, or of its examples where it shows a session; or nothing."""
    try:
        examples = doctest.DocTestParser().get_examples(block) if ">>>" in block else []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for source in [example.source for example in examples] or [block]:
                ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(getattr(error, "msg", error)).split("\n")[0][:80]
    return ""


def terms_can_be_found(content: Content) -> Iterator[Problem]:
    """A term is found in texts by its first word, so it begins as words do; a spelling leads to one term.

    Bad: `term: "@k precision"`; one alias under two terms.
    Good: `term: "precision@k"`.
    """
    spellings = [
        (item, loc, spelling)
        for item in content.glossary
        for loc, spelling in item.texts
        if loc[0] in ("term", "aliases")
    ]
    for item, loc, spelling in spellings:
        if not re.match(r"\w", spelling):
            message = f"a term must begin with a letter, a digit or an underscore, found '{spelling}': put a word first"
            yield item.problem("term", message, *loc)
    for (item, loc, spelling), (owner, _, _) in repeated((folded(each[2]), each) for each in spellings):
        if item.id != owner.id:
            message = f"a spelling must belong to one term, found '{spelling}', which '{owner.id}' has: name it once"
            yield item.problem("term", message, *loc)
