"""Rules about the arithmetic of cards."""

from __future__ import annotations

from collections.abc import Iterator

from studyguide.checks import arithmetic
from studyguide.checks.common import unvetted_cards
from studyguide.content.read import Content
from studyguide.problems import Problem


def workings_are_right(content: Content) -> Iterator[Problem]:
    """The arithmetic of a card is recomputed, so that nobody says a wrong number aloud.

    Bad: `{formula: 1_000_000 / 86_400, result: 12.6 requests a second}`.
    Good: `{formula: 1_000_000 / 86_400, result: 11.6 requests a second}`.
    """
    for item in unvetted_cards(content):
        for index, (working, value) in enumerate(arithmetic.values(item.value.workings)):
            if isinstance(value, arithmetic.FormulaError):
                message = f"must be arithmetic over numbers and earlier names, found {value}: correct the formula"
                yield item.problem("arithmetic", message, "workings", index, "formula")
                continue
            printed = arithmetic.printed_number(working.result)
            if printed is None:
                message = (
                    f"must begin with a number, found '{working.result[:30]}': put the number first, then its unit"
                )
                yield item.problem("arithmetic", message, "workings", index, "result")
            elif not arithmetic.rounds_to(value, printed):
                message = f"must be what the formula gives ({value:,.6g}), found {printed}: correct one of them"
                yield item.problem("arithmetic", message, "workings", index, "result")
