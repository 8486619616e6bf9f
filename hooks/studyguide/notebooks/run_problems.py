"""What a run must not hold, and a cell that failed: problems with the place in the script."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from studyguide.checks.exports import mark_of_anki, unprintable, unprintable_message
from studyguide.checks.texts import formula_faults, undrawn
from studyguide.content.notebook_source import Cell, Script
from studyguide.notebooks.kernel import MEMORY
from studyguide.notebooks.outputs import Outputs, Shown, UnfitError, markdown_of, plain_text, shown_outputs
from studyguide.notebooks.run import Run, published_values
from studyguide.problems import Problem
from studyguide.text.formulas import for_anki

#: Characters of output that one cell may print; more is a listing that nobody reads.
CELL_OUTPUT = 200_000
#: How progress bars look once they are still: "100%|####|", "12it/s]", "12/12 [=====]".
_BAR = re.compile(r"\d%\|[^|\n]*\| \d+/\d+ \[|\d(?:it/s|s/it)\]|\d+/\d+ (?:\[[=>.#]{3}|[━█])")


def failure(script: Script, cell: Cell | None, name: str, value: str, trace: str) -> Problem:
    """An exception in a cell, at its line of the script where the traceback names one."""
    plain = plain_text(trace)
    # A cause comes before what it caused, so the first frame may be a library's.
    lines = re.findall(r"^\s*Cell In\s?\[\d+\], line (\d+)", plain, flags=re.MULTILINE)
    line = cell.line if cell else 1
    if cell and lines:  # IPython counts from the first line that is not blank
        line = cell.start - 1 + len(cell.text) - len(cell.text.lstrip("\n")) + int(lines[0])
    detail = "\n".join(plain.strip().split("\n")[-20:])
    if name.endswith("MemoryError"):  # numpy's is called _ArrayMemoryError
        message = f"a notebook must do with {MEMORY / 1e9:.1f} GB, found a cell that asks for more: use less data"
        return Problem(script.path, line, 1, "notebook-memory", message, detail)
    message = f"every cell must run, found {name}: {value[:300]}: fix the cell"
    return Problem(script.path, line, 1, "notebook-error", message, detail)


def cell_problem(script: Script, cell: Cell | None, rule: str, message: str) -> Problem:
    return Problem(script.path, cell.line if cell else 1, 1, rule, message)


def _own_places(folder: str) -> re.Pattern[str]:
    """Finds in JSON what only this computer has: the folders above the notebooks, Python's, those for scratch."""
    there = Path(folder).resolve()
    places = [str(path) for path in (there, *there.parents) if len(path.parts) > 2]
    places += [sys.executable, *(sysconfig.get_path(name) for name in ("stdlib", "purelib"))]
    places += [sys.prefix] if sys.prefix != sys.base_prefix else []
    found = "|".join(re.escape(json.dumps(place)[1:-1]) for place in places)
    scratch = json.dumps(str(Path(tempfile.gettempdir(), "notebook-")))[1:-1]
    return re.compile(rf"(?:{found})(?![\w-])|{re.escape(scratch)}\w+")


def output_problems(run: Run, folder: str) -> Iterator[Problem]:
    own_places = _own_places(folder)
    for cell, outputs in zip(run.code_cells, run.outputs, strict=True):
        for rule, message in _faults(cell, outputs, own_places):
            yield cell_problem(run.script, cell, rule, message)


def _faults(cell: Cell, outputs: Outputs, own_places: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the outputs of a cell: rule and message."""
    size = sum(len(json.dumps(output)) for output in outputs if not _is_picture(output))
    if size > CELL_OUTPUT:
        message = f"a cell must print at most {CELL_OUTPUT:,} characters, found {size:,}: show a part of it"
        yield "notebook-output", message
    if any(map(_is_picture, outputs)) and not cell.alt:
        message = 'a cell that draws must say what its picture shows, found no alt: write alt="..." after its tags'
        yield "no-alt", message
    if any(map(_is_progress_bar, outputs)):
        message = (
            "a cell must not draw a progress bar, which differs in each run: leave it out, or silence it "
            "(tqdm: disable=True or TQDM_DISABLE=1; others: verbose=0)"
        )
        yield "notebook-output", message
    elif warning := "".join(output["text"] for output in outputs if output.get("name") == "stderr").strip():
        yield "notebook-output", f"a cell must not warn, found: {_first_words(warning)}: fix the cause"
    elif place := own_places.search(json.dumps(outputs)):
        message = (
            f"a cell must not show a place of the computer that runs it, found '{place[0]}': show a name, or a "
            "path below the notebooks"
        )
        yield "notebook-output", message
    yield from _unfit_outputs(cell, outputs)
    if "values" in cell.tags:
        yield from _value_faults(outputs)


def _first_words(warning: str) -> str:
    """What a warning says, on one line: without the file that it names first, and the code below."""
    words = re.sub(r"^.*:\d+: (?=\w*Warning: )", "", plain_text(warning))
    return " ".join(words.partition("\n  ")[0].split())[:200]


def _is_progress_bar(output: Mapping[str, Any]) -> bool:
    """Bars count seconds, so they differ in each run; all of them write over their line, or look like one another."""
    looks_so = _BAR.search(plain_text(str(output.get("text", "")))) is not None
    return looks_so or (output.get("name") == "stderr" and "overwritten" in output)


def _unfit_outputs(cell: Cell, outputs: Outputs) -> Iterator[tuple[str, str]]:
    """Outputs that a page, a deck or a PDF cannot show, and evidence without any."""
    shown: list[Shown] = []
    for output in outputs:
        try:
            shown += shown_outputs([output], cell.alt, for_anki)
            for fault, _ in formula_faults(markdown_of(output)):
                raise UnfitError(f"Markdown that {fault}")
            for fault, _ in undrawn(markdown_of(output)):
                raise UnfitError(f"that {fault}")
        except UnfitError as error:
            yield "notebook-output", f"an output must be fit for a page, a deck and a PDF, found {error}"
            return
        except ValueError as error:
            yield "notebook-output", f"an output must be fit for a page, found that {error}: fix the cell"
            return
    if not cell.evidence:
        return
    if not shown:
        message = "a cell of evidence must show something, shows nothing: end it with a table, a text or a picture"
        yield "notebook-output", message
    text = "".join(f"{piece.text}{piece.table or ''}{piece.prose or ''}" for piece in shown)
    if found := mark_of_anki(text):
        yield "export", f"an output {found}"
    for char in unprintable(text, "一"):  # the signs that no guide can print, whatever its script
        yield "export", f"an output {unprintable_message(char)}"


def _value_faults(outputs: Outputs) -> Iterator[tuple[str, str]]:
    values = published_values(outputs)
    if not values:
        message = "a cell of values must end in a dict of text to text, found none: write {'name': f'{number:.2f}'}"
        yield "notebook-values", message
    for name, value in values.items():
        if not re.fullmatch(r"[A-Za-z0-9 .,%+:$/-]{1,40}", value):
            message = f"a value must be short plain text, found '{value[:40]}' for '{name}': format the number"
            yield "notebook-values", message


def _is_picture(output: Mapping[str, Any]) -> bool:
    return any(mime.startswith("image/") for mime in output.get("data", {}))
