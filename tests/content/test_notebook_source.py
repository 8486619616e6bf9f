"""Our light reading of notebook scripts agrees with jupytext's."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest
from studyguide.content.notebook_source import read_script

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    [*(ROOT / "content" / "notebooks").glob("*.py"), *(ROOT / "tests" / "tiny" / "notebooks").glob("*.py")]
)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_cells_tags_and_alternatives_are_those_that_jupytext_reads(file: Path) -> None:
    script, problems = read_script(file, file.name)
    assert problems == []
    assert script is not None
    notebook = jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent")
    assert [(cell.code, list(cell.tags), cell.alt) for cell in script.cells] == [
        (cell.cell_type == "code", cell.metadata.get("tags", []), cell.metadata.get("alt", ""))
        for cell in notebook.cells
    ]
    assert [cell.text for cell in script.cells if cell.code] == [
        cell.source for cell in notebook.cells if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_the_line_of_a_cell_is_that_of_its_marker(file: Path) -> None:
    script, _ = read_script(file, file.name)
    assert script is not None
    lines = file.read_text(encoding="utf-8").split("\n")
    assert all(lines[cell.line - 1].startswith("# %%") for cell in script.cells)
