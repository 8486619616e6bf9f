"""Problems as people, GitHub and programs read them.

Whatever a message quotes comes from a file that a stranger may have written, so every format escapes what could steer
a terminal, end a line early or be taken for a command of the machine that runs the check.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from studyguide.problems import Problem, escaped, summary

#: Source lines are shown up to this many characters, around the place; on a terminal, up to what its lines hold.
WIDTH = 110
#: What stands before a line, "  113 | …", and the dots after it.
_AROUND = 10

_BOLD, _DIM, _RED, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"


def wants_colour(environment: Mapping[str, str], terminal: bool) -> bool:
    """Whether to colour: only for a terminal that can, and never against the reader's wish (no-color.org)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def people(problems: Sequence[Problem], *, colour: bool = False, columns: int = WIDTH + _AROUND) -> str:
    """Each problem with the line it is on and a caret under the place; then how many there are.

    A source line takes at most ``columns`` characters: one that a terminal wraps would leave its caret elsewhere.
    """
    width = max(20, min(WIDTH, columns - _AROUND))
    if not problems:
        return ""
    paint: Callable[[str, str], str] = (lambda code, text: f"{code}{text}{_OFF}") if colour else (lambda _, text: text)
    blocks: list[str] = []
    for path, group in groupby(problems, key=lambda problem: problem.path):
        lines = _lines(path)
        for problem in group:
            place = paint(_BOLD, f"{escaped(path)}:{problem.line}:{problem.column}:")
            block = [f"{place} {escaped(problem.message)} {paint(_DIM, f'({problem.rule})')}"]
            block += _excerpt(lines, problem, paint, width)
            block += [f"    {paint(_DIM, '|')} {escaped(line)}" for line in problem.detail.splitlines()]
            blocks.append("\n".join(block))
    return "\n\n".join([*blocks, paint(_BOLD, summary(problems))]) + "\n"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:  # a folder, or a file that may not be read: the message says so
        return []


def _excerpt(lines: list[str], problem: Problem, paint: Callable[[str, str], str], width: int) -> list[str]:
    if not (problem.line <= len(lines) and lines[problem.line - 1].strip()):
        return []
    line, column = lines[problem.line - 1].rstrip("\r"), problem.column - 1
    start = 0 if len(line) <= width else max(0, min(column - width // 2, len(line) - width))
    before, shown = escaped(line[start:column]), escaped(line[start : start + width])
    if start:
        before, shown = f"…{before}", f"…{shown}"
    if start + width < len(line):
        shown += "…"
    gutter = f"{problem.line:>5}"
    caret = " " * sum(_columns(char) for char in before) + paint(_RED, "^")
    return [f"{paint(_DIM, f'{gutter} |')} {shown}", f"{paint(_DIM, ' ' * 5 + ' |')} {caret}"]


def _columns(char: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def github(problems: Sequence[Problem]) -> str:
    """Workflow commands that put each problem on its line of a pull request.

    Escapes as the runner's toolkit does (actions/toolkit, packages/core/src/command.ts).
    """
    return "".join(
        f"::error file={_property(problem.path)},line={problem.line},col={problem.column},"
        f"title={_property(problem.rule)}::{_data(_with_detail(problem))}\n"
        for problem in problems
    )


def _data(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()  # a file's name may be no text
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _with_detail(problem: Problem) -> str:
    return f"{problem.message}\n{problem.detail}" if problem.detail else problem.message


def as_json(problems: Sequence[Problem]) -> str:
    """One object: ``version`` (of this form; 1), ``count``, and ``problems``, each with its place, rule and message."""
    found = [
        {name: value for name, value in asdict(problem).items() if name != "detail" or value} for problem in problems
    ]
    return json.dumps({"version": 1, "count": len(found), "problems": found}, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Problem]], str]] = {
    "people": people,
    "github": github,
    "json": as_json,
}


def about_files(problems: Iterable[Problem], files: Sequence[str]) -> tuple[list[Problem], list[Problem]]:
    """Problems in two lists: those about the named files, and the others.

    A problem elsewhere is about a file where its message names the file or its id: a renamed topic, say, breaks cards
    that did not change.
    """
    names = set(files)
    words = (*files, *(f"'{Path(file).stem}'" for file in files))
    about: list[Problem] = []
    others: list[Problem] = []
    for problem in problems:
        named = problem.path in names or any(word in problem.message for word in words)
        (about if named else others).append(problem)
    return about, others
