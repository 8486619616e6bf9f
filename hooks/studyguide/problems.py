"""What is wrong with a content file, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import indent

#: Every rule by its name, with what it asks for. Messages end in these names.
RULES = {
    # reading
    "alias": "Values are written out: no YAML anchors or aliases.",
    "comment": "A comment stands on a line of its own.",
    "duplicate-key": "Each key stands once in a mapping.",
    "empty-file": "A file holds something.",
    "encoding": "Files are UTF-8.",
    "invisible-character": "No control, bidirectional or zero-width characters.",
    "key": "Keys are plain words.",
    "several-documents": "One YAML document a file.",
    "symlink": "Files are files, not symbolic links.",
    "syntax": "Files are valid YAML.",
    "table": "A row of a table has as many cells as its head.",
    "tab": "Spaces, not tabs.",
    "tag": "No YAML tags.",
    "too-deep": "Nesting has a limit.",
    "too-large": "Files have a size limit.",
    "unexpected-file": "Every file has a place that the guide knows.",
    "unreadable": "Files can be read.",
    "value": "Dates and numbers exist.",
    # shape
    "bad-id": "Ids are lower-case words joined by hyphens.",
    "bad-url": "Addresses are complete and begin with http:// or https://.",
    "first-edition": "Cards have the second edition's format.",
    "id-in-file": "The file's name is the id; it is not written twice.",
    "missing-key": "Required keys are there.",
    "out-of-range": "Numbers lie within their bounds.",
    "too-few": "Lists have enough entries.",
    "too-long": "Texts are not longer than their place.",
    "too-many": "Lists have no more entries than fit.",
    "too-short": "Texts say something.",
    "unknown-key": "Only known keys.",
    "unknown-value": "A choice is one of those offered.",
    "wrong-type": "Text is text, numbers are numbers, lists are lists.",
    "wrong-value": "A value fits its field.",
    # across files
    "arithmetic": "Workings are right to the digit printed.",
    "asked-as": "Questions stand as they are asked, each once.",
    "code": "Python in cards can be read, and code is code.",
    "file-name": "Every system can hold every file's name.",
    "term": "Terms begin with a letter, a digit or an underscore.",
    "bad-link": "Links go to http(s) or mailto addresses, or to pages that the site has.",
    "duplicate-evidence": "Evidence names are unique in a notebook.",
    "duplicate-id": "An id names one thing.",
    "duplicate-order": "Places in a list differ.",
    "duplicate-title": "Titles differ.",
    "example": "A story has one example, marked as invented.",
    "exercise": "A solution has a task before it and a check after it.",
    "export": "Every export can carry every card.",
    "formula": "Formulas are LaTeX that can be read, between dollars.",
    "future-date": "Reviews have happened.",
    "lines": "Lists, code and tables keep their lines; titles and the like have one.",
    "near-duplicate": "Prompts pose different situations.",
    "no-content": "A guide has a name, rounds and cards.",
    "number": "Numbers in an outline come from somewhere.",
    "outline": "Outlines can be said.",
    "picture": "No pictures in texts; evidence comes from notebooks.",
    "plan-days": "The days of a plan go forward.",
    "prompt": "Prompts are short, and their numbers used.",
    "raw-html": "Texts are Markdown without HTML.",
    "repeated-reference": "A list names each thing once.",
    "round-folder": "A card stands in the folder of its round.",
    "say-first": "The first words can be said as they stand.",
    "selects-nothing": "A selection leads to a card.",
    "self-reference": "A card is not related to itself.",
    "stub": "Nothing unfinished.",
    "term-unused": "Terms of a card are said in its answer.",
    "title": "A title names the subject.",
    "torn-word": "A hyphenated word stands on one line.",
    "unknown-cell": "Evidence names a cell that exists.",
    "unknown-reference": "Whatever is named exists.",
    "unknown-value-name": "A quoted value is published by its notebook.",
    "weights": "Weights sum to 100.",
    # notebooks
    "bad-tags": "Cell tags are JSON.",
    "cell": "Cells of a notebook are what every reader takes for them, and Python.",
    "no-alt": "Pictures have a text alternative.",
    "no-header": "A notebook begins with its header.",
    "notebook-error": "Every cell runs.",
    "notebook-kernel": "A notebook leaves its kernel alive.",
    "notebook-memory": "Cells ask for no more memory than a small machine has.",
    "notebook-output": "Outputs are short, quiet and the same in every run.",
    "notebook-timeout": "Cells end in time.",
    "notebook-values": "Published values are short plain texts.",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix, at one place.

    ``line`` and ``column`` count from 1. ``message`` says what must be, what was found and how to fix it.
    The order of the fields is the order in which problems are listed.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    #: More lines that help, such as the end of a traceback; printed below, indented.
    detail: str = ""

    def __str__(self) -> str:
        line = escaped(f"{self.path}:{self.line}:{self.column}: {self.message} ({self.rule})")
        return f"{line}\n{indent(self.detail, '    ')}" if self.detail else line


def escaped(text: str) -> str:
    """A text on one line, with everything that would not be seen, or would steer a terminal, written as an escape.

    What was found is quoted in messages, and could hold line ends: "::add-mask::x" on a line of its own is a command to
    the machine that reads the log.
    """
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class ContentError(Exception):
    """Content that cannot be built; carries every problem found, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__(self.report())

    def report(self) -> str:
        """All problems, one a line, and their count."""
        return "\n".join([*map(str, self.problems), summary(self.problems)])


def summary(problems: Sequence[Problem]) -> str:
    """The last line of a report: how many problems in how many files."""
    files = len({problem.path for problem in problems})
    return f"{count(len(problems), 'problem')} in {count(files, 'file')}."


def count(number: int, noun: str) -> str:
    """``1 card``, ``2 cards``: a number with its noun, the regular plural made with an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
