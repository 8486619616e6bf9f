"""A run -> notebooks as files: the solved copy, the exercise, and the one that the page is made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from studyguide.content.notebook_source import Script
from studyguide.notebooks.run import Outputs, Run

SOLUTION = "solution"
PLACEHOLDER = "...  # your code here"


def solved(run: Run) -> str:
    """The notebook as it ran, outputs included, as .ipynb text."""
    notebook = _notebook(run.script)
    for cell, outputs in zip(_code(notebook), run.outputs, strict=True):
        cell["outputs"] = [_numbered(output) for output in outputs]
    return _written(notebook)


def exercise(script: Script) -> str:
    """The notebook to work through, as .ipynb text: a `solution` cell keeps only its leading comment, the task."""
    notebook = _notebook(script)
    for cell in _code(notebook):
        if SOLUTION in cell["metadata"].get("tags", ()):
            cell["source"] = f"{task(cell['source'])}\n{PLACEHOLDER}"
    return _written(notebook)


def task(code: str) -> str:
    """The comment lines with which a solution begins."""
    lines = code.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "\n".join(lines[:end])


def for_page(run: Run, outputs_html: Callable[[Outputs, str], str]) -> str:
    """The notebook with outputs as safe HTML, as .ipynb text for mkdocs-jupyter, which shows text/html as it is."""
    notebook = _notebook(run.script)
    for cell, source, outputs in zip(_code(notebook), run.code_cells, run.outputs, strict=True):
        html = outputs_html(outputs, source.alt)
        shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
        cell["outputs"] = [shown] if html.strip() else []
    return _written(notebook)


def _notebook(script: Script) -> Any:
    import jupytext

    notebook = jupytext.reads(script.text, fmt="py:percent")
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # nbformat's own ids are random, and the same commit gives the same bytes
    return notebook


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _numbered(output: dict[str, Any]) -> dict[str, Any]:
    return {**output, "execution_count": None} if output["output_type"] == "execute_result" else output


def _written(notebook: Any) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
