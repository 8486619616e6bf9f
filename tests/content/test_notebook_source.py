"""Our light reading of notebook scripts agrees with jupytext's."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


HEADER = "# ---\n# jupyter:\n#   studyguide: {title: A test}\n# ---\n\n"
LINES = """\
# %%|# %% [markdown]|# %% tags=["check"]|# %% alt="A \\"dashed\\" line"|#%%|# %%time|# %% [raw]|# %% A title|# In[3]:
# <codecell>| # %%|# %%%|x = 1|y = x|# a comment|#a|# # A heading||'''|# !ls|# cat food|# why?|%time x|!ls|z = %time 1
# z = !ls|    y = 2|if x:|# ```|# ~~~|# ````|# ```python|#|(|)|# + tags|# -|ls|# %matplotlib inline|#! ls|# ?x|x?
""".replace("\n", "|").split("|")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=8))
def test_what_is_not_refused_is_read_as_jupytext_reads_it(tmp_path: Path, lines: list[str]) -> None:
    file = tmp_path / "test.py"
    text = HEADER + "\n".join(lines) + "\n"
    file.write_text(text, encoding="utf-8")
    script, problems = read_script(file, file.name)
    assert script is not None
    if not problems:
        theirs = jupytext.reads(text, fmt="py:percent").cells
        assert [(cell.code, cell.text if cell.code else "") for cell in script.cells] == [
            (cell.cell_type == "code", cell.source if cell.cell_type == "code" else "") for cell in theirs
        ]
