"""Notebook scripts (jupytext's percent format) as far as the checks need them: header, cells, tags, lines.

jupytext itself turns a script into a notebook when it is executed; importing it costs half of the time that a check of
all content may take, and it does not keep line numbers, which messages need.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studyguide.content.yaml_source import Loc, Source, parse
from studyguide.problems import Problem

INFO_LOC: Loc = ("jupyter", "studyguide")
EVIDENCE = "evidence: "
MAX_BYTES = 128 * 1024

_MARKER = re.compile(r"^# %%(?P<markdown> \[markdown\])?(?P<options>.*)$")
_OPTION = re.compile(r'\b(?P<name>tags|alt)=(?P<value>\[[^\]]*\]|"[^"]*")')


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
    return Script(shown, text, header, cells), more


def _cells(lines: list[str], start: int, shown: str) -> tuple[tuple[Cell, ...], list[Problem]]:
    cells: list[Cell] = []
    problems: list[Problem] = []
    markers = [n for n in range(start, len(lines)) if lines[n].startswith("# %%")]
    for n, following in zip(markers, [*markers[1:], len(lines)], strict=True):
        match = _MARKER.match(lines[n])
        if match is None:  # pragma: no cover - the pattern takes every line that begins as a marker
            continue
        options: dict[str, object] = {}
        for option in _OPTION.finditer(match["options"]):
            try:
                options[option["name"]] = json.loads(option["value"])
            except ValueError:
                message = f"must be written as JSON, found {option['value']}: use double quotes"
                problems.append(Problem(shown, n + 1, option.start("value") + 1, "bad-tags", message))
        tags = options.get("tags", ())
        alt = options.get("alt", "")
        cells.append(
            Cell(
                line=n + 1,
                code=match["markdown"] is None,
                tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
                alt=str(alt),
                text="\n".join(lines[n + 1 : following]).strip("\n"),
            )
        )
    return tuple(cells), problems
