"""What is wrong with a content file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend, at one place.

    ``line`` and ``column`` count from 1. ``message`` says what must be, what was found and how to mend it.
    The order of the fields is the order in which problems are listed.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message} ({self.rule})"


class ContentError(Exception):
    """Content that cannot be built; carries every problem found, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__(self.report())

    def report(self) -> str:
        """All problems, one a line, and their count."""
        return "\n".join([*map(str, self.problems), summary(self.problems)])


def summary(problems: tuple[Problem, ...] | list[Problem]) -> str:
    """The last line of a report: how many problems in how many files."""
    files = len({problem.path for problem in problems})
    return f"{count(len(problems), 'problem')} in {count(files, 'file')}."


def count(number: int, noun: str) -> str:
    """``1 card``, ``2 cards``: a number with its noun, the regular plural made with an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
