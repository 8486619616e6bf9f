"""Outputs that no page should show are refused at their cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from studyguide.notebooks.execute import execute
from studyguide.notebooks.run import Run
from test_execute import HEADER, failing, script


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            "\ndisplay({'application/vnd.plotly.v1+json': {}}, raw=True)",
            "an output must be fit for a page, a deck and a PDF, found a plotly figure, which needs a script: ",
        ),
        (
            ' alt="A"\nfrom IPython.display import SVG\nSVG(\'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 5"/>\')',  # noqa: E501
            "an output must be fit for a page, found that the picture's viewBox is '0 0 0 5'",
        ),
        (
            ' language="markdown"\n# The share is $\\frac{1}{n$',
            "an output must be fit for a page, a deck and a PDF, found Markdown that holds a formula that cannot be "
            "shown: a formula must be LaTeX that can be read, found '\\frac{1}{n' with '{'",
        ),
        (
            ' language="markdown"\n# ```mermaid\n# graph TD\n# ```',
            "an output must be fit for a page, a deck and a PDF, found that a block of 'mermaid' is shown as code",
        ),
        (' tags=["evidence: a"]\nprint("[sound:x]")', "an output must not hold '[sound:', which Anki takes for a mark"),
    ],
)
def test_an_output_that_cannot_be_shown_is_refused_at_its_cell(cell: str, words: str, tmp_path: Path) -> None:
    problem = failing(tmp_path, "\nok = 1", cell)
    assert problem.message.startswith(words)
    assert problem.line == (HEADER + "# %%\nok = 1\n\n").count("\n") + 1


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("\nprint('x' * 300_000)", "notebook-output"),
        ("\nobject()", "notebook-output"),
        ("\nimport warnings\nwarnings.warn('careful')", "notebook-output"),
        (' tags=["evidence: nothing"]\nx = 1', "notebook-output"),
        ("\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", "no-alt"),
        (' tags=["values"]\n{"a": 1.5}', "notebook-values"),
        (' tags=["values"]\n{"a": "<b>1</b>"}', "notebook-values"),
    ],
)
def test_outputs_that_a_page_should_not_show_are_refused(cell: str, rule: str, tmp_path: Path) -> None:
    assert failing(tmp_path, cell).rule == rule


def test_a_warning_is_quoted_without_the_computers_path_and_the_code_below(tmp_path: Path) -> None:
    message = failing(tmp_path, "\nimport warnings\nwarnings.warn('careful:\\nhot')").message
    assert message == "a cell must not warn, found: UserWarning: careful: hot: fix the cause"


@pytest.mark.parametrize(
    "code",
    [
        'import sys\nfor i in range(3):\n    print(f"\\r{i}%", end="", file=sys.stderr)',
        'print("100%|##########| 10/10 [00:00<00:00, 123.4it/s]")',
        'print("12/12 [==============================] - 0s")',
    ],
)
def test_a_progress_bar_is_refused_with_how_to_silence_it(code: str, tmp_path: Path) -> None:
    message = failing(tmp_path, f"\n{code}").message
    assert message.startswith(
        "a cell must not draw a progress bar, which differs in each run: leave it out, or silence"
    )
    assert "disable=True or TQDM_DISABLE=1" in message


@pytest.mark.parametrize(
    "code",
    ["import os\nprint(os.getcwd())", "import sys\nsys.executable", "import tempfile\nprint(tempfile.gettempdir())"],
)
def test_where_files_lie_on_the_computer_is_not_shown(code: str, tmp_path: Path) -> None:
    assert failing(tmp_path, f"\n{code}").message.startswith(
        "a cell must not show a place of the computer that runs it"
    )


@pytest.mark.parametrize(
    "text", ["/home/ann/loaves.csv", "data/loaves.csv", "fold 3/5 [0.81, 0.92]", "| 5%| 3 |", "80% of 10/10"]
)
def test_figures_and_paths_are_not_taken_for_a_bar_or_a_place(text: str, tmp_path: Path) -> None:
    assert isinstance(execute(script(tmp_path, f"\nprint({text!r})"), str(tmp_path)), Run)
