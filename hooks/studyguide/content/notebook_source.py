"""Notebook scripts (jupytext's percent format) as far as the checks need them: header, cells, tags, lines.

jupytext itself turns a script into a notebook when it is executed; importing it costs half of the time that a check of
all content may take, and it does not keep line numbers, which messages need.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studyguide.content.yaml_source import Loc, Source, parse
from studyguide.problems import Problem

INFO_LOC: Loc = ("jupyter", "studyguide")
EVIDENCE = "evidence: "
MAX_BYTES = 128 * 1024

#: A marker as we write it, and whatever jupytext takes for one.
_VALUE = r'(?:\[[^\]]*\]|"(?:[^"\\]|\\.)*")'
_MARKER = re.compile(rf"^# %%(?P<markdown> \[markdown\])?(?P<options>(?: (?:tags|alt)={_VALUE})*) *$")
_LIKE_A_MARKER = re.compile(r"^\s*#\s*(?:%%|<codecell>|In\s*\[)")
_OPTION = re.compile(rf"(?P<name>tags|alt)=(?P<value>{_VALUE})")
#: A line of code that jupytext hands to the kernel as a command (jupytext/magics.py), commented or not.
_COMMANDS = "cat|cd|cp|mv|rm|rmdir|mkdir|copy|ddir|echo|ls|ldir|ren"
_COMMAND = re.compile(
    rf"^\s*(?:#\s*)*(?:%{{1,3}}[A-Za-z]|[?!]\s*[A-Za-z.~$\\/{{}}]|(?:{_COMMANDS})(?:$|\s$|\s[^=,])"
    r"|[A-Za-z_][\w$]*\s*=\s*(?:%|!)+[A-Za-z])|^\s*(?:#\s*)+\S*\?\s*$"
)


@dataclass(frozen=True)
class Cell:
    """A cell of a script: its tags, its text alternative for a picture, and the line of its marker (from 1)."""

    line: int
    code: bool
    tags: tuple[str, ...]
    alt: str
    text: str


@dataclass(frozen=True)
class Script:
    """A notebook script: its header as YAML data with places, and its cells."""

    path: str
    text: str
    header: Source
    cells: tuple[Cell, ...]
    info_loc: Loc = INFO_LOC

    @cached_property
    def evidence(self) -> dict[str, Cell]:
        """Cells by the name in their tag `evidence: name`."""
        return {
            tag.removeprefix(EVIDENCE): cell for cell in self.cells for tag in cell.tags if tag.startswith(EVIDENCE)
        }

    def tagged(self, tag: str) -> list[Cell]:
        return [cell for cell in self.cells if tag in cell.tags]


def read_script(file: Path, shown: str) -> tuple[Script | None, list[Problem]]:
    """Read a notebook script; ``None`` where it has no header or its markers cannot be read."""
    if file.is_symlink():
        return None, [Problem(shown, 1, 1, "symlink", "must be a file, is a symbolic link: put the file itself here")]
    try:
        with file.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"must be readable, but: {reason}: mend its permissions"
        return None, [Problem(shown, 1, 1, "unreadable", message)]
    if len(raw) > MAX_BYTES:
        message = f"must be at most {MAX_BYTES:,} bytes, is larger: move data to notebooks/data"
        return None, [Problem(shown, 1, 1, "too-large", message)]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None, [Problem(shown, 1, 1, "encoding", "must be UTF-8 text, is not: save it with the encoding UTF-8")]
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == "# ---"), None)
    if lines[0].rstrip() != "# ---" or end is None:
        message = "must begin with a header between two lines '# ---', found none: copy it from another notebook"
        return None, [Problem(shown, 1, 1, "no-header", message)]
    # Blank lines stand in for the comment signs, so that places in the header are places in the file.
    header_text = "\n".join(["", *("  " + line.removeprefix("#").removeprefix(" ") for line in lines[1:end])])
    header, problems = parse(header_text.encode(), shown)
    if header is None:
        return None, problems
    if not (
        isinstance(header.data, dict)
        and isinstance(header.data.get("jupyter"), dict)
        and "studyguide" in header.data["jupyter"]
    ):
        message = "the header must hold 'jupyter: studyguide:', found none: copy it from another notebook"
        return None, [header.problem("no-header", message)]
    cells, more = _cells(lines, end + 1, shown)
    spec = header.data["jupyter"].get("kernelspec", {})
    language = spec.get("language", "python") if isinstance(spec, dict) else spec
    if language != "python":
        message = f"a notebook must be in Python, found '{str(language)[:40]}': write 'language: python'"
        more.append(header.problem("cell", message, ("jupyter", "kernelspec")))
    return Script(shown, text, header, cells), more


def _cells(lines: list[str], start: int, shown: str) -> tuple[tuple[Cell, ...], list[Problem]]:
    """The cells, and what jupytext would read otherwise than we do."""
    cells: list[Cell] = []
    problems: list[Problem] = []
    markers = [n for n in range(start, len(lines)) if _LIKE_A_MARKER.match(lines[n])]
    for n in range(start, markers[0] if markers else len(lines)):
        if lines[n].strip():
            message = "a cell must begin with '# %%', found text before the first: write '# %%' above it"
            problems.append(Problem(shown, n + 1, 1, "cell", message))
            break
    for n, following in zip(markers, [*markers[1:], len(lines)], strict=True):
        match = _MARKER.match(lines[n])
        if match is None:
            found = lines[n].strip()[:40]
            message = (
                "a cell must begin with '# %%' or '# %% [markdown]', then tags=[...] and alt=\"...\" at most, "
                f"found '{found}': write it so, or word the line otherwise"
            )
            problems.append(Problem(shown, n + 1, 1, "cell", message))
            continue
        options: dict[str, object] = {}
        for option in _OPTION.finditer(match["options"]):
            try:
                options[option["name"]] = json.loads(option["value"])
            except ValueError:
                message = f"must be written as JSON, found {option['value']}: use double quotes"
                column = match.start("options") + option.start("value") + 1
                problems.append(Problem(shown, n + 1, column, "bad-tags", message))
        tags = options.get("tags", ())
        cell = Cell(
            line=n + 1,
            code=match["markdown"] is None,
            tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
            alt=str(options.get("alt", "")),
            text="\n".join(lines[n + 1 : following]).strip("\n"),
        )
        cells.append(cell)
        problems += _code_problems(cell, lines[n + 1 : following], shown) if cell.code else ()
        if not cell.code:
            bare = next((k for k in range(n + 1, following) if lines[k].strip() and lines[k][0] != "#"), None)
            if bare is not None:
                message = (
                    "a markdown cell must be comments, found code: begin the line with '# ', or write '# %%' above"
                )
                problems.append(Problem(shown, bare + 1, 1, "cell", message))
    return tuple(cells), problems


def _code_problems(cell: Cell, lines: list[str], shown: str) -> Iterator[Problem]:
    for number, words in enumerate(lines, start=cell.line + 1):
        if _COMMAND.match(words):
            remedy = "write Python, or word the comment otherwise"
            message = f"a line must not be a command of IPython, found '{words.strip()[:40]}': {remedy}"
            yield Problem(shown, number, 1, "cell", message)
            return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings; whoever runs the cell is told
            compile("\n".join(lines), shown, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = (error.lineno or 1, error.offset or 1) if isinstance(error, SyntaxError) else (1, 1)
        message = f"a cell must be Python, found {getattr(error, 'msg', error)}: correct it; no marker stands within it"
        yield Problem(shown, cell.line + min(line, len(lines)), max(1, column), "cell", message)
