"""Rules about every text: finished, plain Markdown, reviewed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from studyguide.checks.common import unvetted
from studyguide.content.read import Content, Item
from studyguide.content.validate import shown_location
from studyguide.problems import Problem
from studyguide.text.markdown import refusals

#: Words and signs that stand where text is still to come. Found by `stub`, here and in the browser.
STUB_WORDS = ("TODO", "TBD", "FIXME", "XXX", "lorem ipsum", "to be written")


STUB = rf"\b({'|'.join(STUB_WORDS)})\b|\[\.\.\.\]|^\s*(\.\.\.|…|\?+|-+)\s*$"


_STUB = re.compile(STUB, re.IGNORECASE)


_STUB_HINTS = (*map(str.lower, STUB_WORDS), "[...]")


def nothing_is_a_stub(content: Content) -> Iterator[Problem]:
    """What is not written yet is not published.

    Bad: `detail: TODO explain calibration`.
    Good: a finished sentence, or no card.
    """
    for item in unvetted(content):
        for loc, text in item.texts:
            if match := stub(text):
                message = (
                    f"must be finished text, found '{match[0].strip()[:20]}': write it, or leave the card out for now"
                )
                yield item.problem("stub", message, *loc)


def stub(text: str) -> re.Match[str] | None:
    """What says that a text is unfinished. Plain searches go first: the pattern alone takes ten times as long."""
    lower = text.lower()
    if any(word in lower for word in _STUB_HINTS) or not text.strip(" \n.…?-"):
        return _STUB.search(text)
    return None


def text_is_plain_markdown(content: Content) -> Iterator[Problem]:
    """Texts are Markdown without HTML or pictures, and link to the web by full addresses only.

    Bad: `detail: Click <b>here</b>`, `[run](javascript:alert(1))`.
    Good: `detail: Compare **both** weeks`.
    """
    for item in unvetted(content):
        for loc, text in item.texts:
            for refusal in {found.rule: found for found in [*refusals(text)][::-1]}.values():
                yield item.problem(refusal.rule, f"{shown_location(loc)} {refusal.message}", *loc)
    for script in content.scripts.values():
        for cell in script.cells:
            # jupytext's comment signs are one line each, so a line of the text is a line of the file.
            prose = "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.text.split("\n"))
            for refusal in () if cell.code else refusals(prose, in_site=True):
                line = cell.line + 1 + refusal.line
                yield Problem(script.path, line, 1, refusal.rule, f"the prose {refusal.message}")


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
    for item in unvetted(content):
        for loc, text in item.texts:
            if match := _TORN.search(text) if "- " in text else None:
                start = text.rfind(" ", 0, match.start()) + 1
                found = text[start : match.end() + 3].split("\n")[0]
                message = f"a word must not be torn at its hyphen, found '{found}': keep it on one line"
                yield item.problem("torn-word", message, *loc)
