"""Outputs become safe, light HTML; copies are what a reader can work with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import the_guide
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from studyguide.catalogue import require_catalogue
from studyguide.notebooks.execute import run_notebooks
from studyguide.notebooks.ipynb import exercise, solved, task
from studyguide.notebooks.outputs import UnfitError, drawing, drawing_file, table
from studyguide.notebooks.run import Run

ROOT = Path(__file__).resolve().parents[2]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 72 36">{}</svg>'


def test_ink_becomes_the_ink_of_the_page_and_other_colours_stay() -> None:
    html = drawing(SVG.format('<path style="stroke: #1b212c"/><path style="stroke: #16917c"/>'), "A line")
    styles = [path["style"] for path in BeautifulSoup(html, "html.parser").find_all("path")]
    assert styles == ["stroke: currentColor", "stroke: #16917c"]


def test_a_drawing_has_a_text_alternative_and_scales() -> None:
    svg = BeautifulSoup(drawing(SVG.format(""), 'Two "lines" & a dot'), "html.parser").find("svg")
    assert svg is not None
    assert (svg["role"], svg["aria-label"]) == ("img", 'Two "lines" & a dot')
    assert "width" not in svg.attrs
    assert "max-width:96px" in str(svg["style"])


def test_a_drawing_keeps_all_of_its_words() -> None:
    words = "<text>a <tspan>b</tspan> c<title>unseen</title></text> outside"
    svg = BeautifulSoup(drawing(SVG.format(words), ""), "html.parser").find("svg")
    assert svg is not None
    assert svg.get_text() == "a b c"


def test_a_style_sheet_for_some_elements_is_refused_and_one_for_all_is_left_out() -> None:
    sheet = "<defs><style>{}</style></defs>"
    assert "style>" not in drawing(SVG.format(sheet.format("*{stroke-linejoin: round; stroke-linecap: butt}")), "")
    with pytest.raises(UnfitError, match="a picture with a style sheet: write fill and stroke into the elements"):
        drawing(SVG.format(sheet.format(".a {fill: none}")), "")


def test_a_drawing_in_a_file_has_a_size_and_ink_of_its_own() -> None:
    file, size = drawing_file(drawing(SVG.format('<path style="stroke: #1b212c"/>'), "A line"))
    svg = ElementTree.fromstring(file)  # noqa: S314 - our own
    assert size == (96, 48)
    assert (svg.get("width"), svg.get("height"), svg.get("color")) == ("96", "48", "#1b212c")
    assert "max-width" not in str(svg.get("style"))


@pytest.mark.parametrize("view_box", ["0,0,72,36", " 0 0\n72, 36"])
def test_the_numbers_of_a_drawings_room_may_stand_between_commas(view_box: str) -> None:
    svg = SVG.replace("0 0 72 36", view_box).format("")
    assert drawing_file(drawing(svg, ""))[1] == (96, 48)


@pytest.mark.parametrize("view_box", ["0 0 72", "0 0 72 inf", "0 0 72 36 1", "0 0 1e99 36"])
def test_a_drawing_without_room_is_refused_before_it_is_shown(view_box: str) -> None:
    told = re.escape(f"the picture's viewBox is '{view_box}', which must be four numbers")
    with pytest.raises(ValueError, match=told):
        drawing(SVG.replace("0 0 72 36", view_box), "")


@pytest.mark.parametrize("view_box", ["0 0 -72 36", "0 0 72 0"])
def test_a_drawing_without_an_area_is_refused_too(view_box: str) -> None:
    told = re.escape(f"the picture's viewBox is '{view_box}', whose width and height must be above 0")
    with pytest.raises(ValueError, match=told):
        drawing(SVG.replace("0 0 72 36", view_box), "")


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<style>* {display: none}</style>",
        '<animate onbegin="x"/>',
        '<other xmlns="https://example.org/editor"/>',
    ],
)
def test_what_runs_or_styles_the_page_and_draws_nothing_is_taken_out_of_drawings(inner: str) -> None:
    assert [tag.name for tag in BeautifulSoup(drawing(SVG.format(inner), ""), "html.parser").find_all(True)] == ["svg"]


@pytest.mark.parametrize(
    "inner",
    [
        '<image href="https://example.org/a.png"/>',
        "<foreignObject><p>words</p></foreignObject>",
        '<g><a href="javascript:x"><text>y</text></a></g>',
    ],
)
def test_a_drawing_that_would_lose_a_part_is_refused(inner: str) -> None:
    with pytest.raises(UnfitError, match=r"a picture with <\w+>, which a page does not take: draw paths and text"):
        drawing(SVG.format(inner), "")


@pytest.mark.parametrize(
    "attribute", ['onclick="x"', 'xlink:href="https://example.org/#a"', 'fill="url(https://example.org/a)"']
)
def test_attributes_that_run_or_fetch_are_taken_out(attribute: str) -> None:
    path = BeautifulSoup(drawing(SVG.format(f"<path {attribute}/>"), ""), "html.parser").find("path")
    assert path is not None
    assert path.attrs == {}


def test_a_table_keeps_its_cells_and_nothing_else() -> None:
    html = table(
        '<style>x</style><script>x</script><table border="1" onclick="x"><tr><td><a href="x">1</a></td></tr></table>'
    )
    assert html == "<table><tbody><tr><td>1</td></tr></tbody></table>"


@pytest.fixture
def run(tiny: Path, runs_cache: Path) -> Run:
    return run_notebooks(require_catalogue(tiny).scripts, tiny / "notebooks", runs_cache / "runs")["proofing"]


def test_copies_are_valid_notebooks_and_the_same_bytes_each_time(run: Run) -> None:
    for make in (lambda: solved(run), lambda: exercise(run.script)):
        assert make() == make()
        nbformat.validate(nbformat.reads(make(), as_version=4))
    outputs = [cell.outputs for cell in nbformat.reads(solved(run), as_version=4).cells if cell.cell_type == "code"]
    assert any(outputs)


def test_the_exercise_keeps_the_task_and_takes_the_solution(run: Run) -> None:
    cells = [
        cell for cell in json.loads(exercise(run.script))["cells"] if "solution" in cell["metadata"].get("tags", ())
    ]
    asked = "# TASK: Write `hours(degrees)`: 6 hours at 20 degrees, a third less for each 5 degrees more."
    assert [cell["source"] for cell in cells] == [f"{asked}\n...  # your code here"]


EXERCISES = {item.id: the_guide().scripts[item.id] for item in the_guide().notebooks}


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    """One kernel for all exercises, which empty it before they begin: importing libraries takes longer than they do."""
    manager, client = start_new_kernel(cwd=str(ROOT / "content" / "notebooks"))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_the_empty_exercise_fails_at_its_first_check(name: str, kernel: BlockingKernelClient) -> None:
    """The solved notebook is executed at every build; here: without the solution, the check says so."""
    notebook = nbformat.reads(exercise(EXERCISES[name]), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tags = [set(cell.metadata.get("tags", ())) for cell in code]
    task_at = next(number for number, found in enumerate(tags) if "solution" in found)
    first = next(number for number, found in enumerate(tags) if number > task_at and "check" in found)
    ends = []
    for source in ("%reset -f", *(cell.source for cell in code[: first + 1])):
        reply = kernel.execute_interactive(source, timeout=60, output_hook=lambda _: None)
        ends.append(reply["content"]["status"])
        if ends[-1] != "ok":
            break
    assert ends[: task_at + 1] == ["ok"] * (task_at + 1)
    assert ends[-1] == "error"


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_every_task_can_be_put_back_as_its_solution(name: str) -> None:
    script = EXERCISES[name]
    solutions = script.tagged("solution")
    assert solutions
    cells = [cell for cell in json.loads(exercise(script))["cells"] if "solution" in cell["metadata"].get("tags", ())]
    for cell, solution in zip(cells, solutions, strict=True):
        assert cell["source"].startswith(task(solution.text))
        assert solution.text.startswith(task(solution.text))
        assert len(solution.text) > len(task(solution.text)), "there is something to write"
