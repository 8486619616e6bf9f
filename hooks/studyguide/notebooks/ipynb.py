"""A run -> notebooks as files: the solved copy, the exercise, and the one that the page is made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from studyguide.content.notebook_source import Script
from studyguide.notebooks.outputs import Outputs
from studyguide.notebooks.run import Run

SOLUTION = "solution"
PLACEHOLDER = "...  # your code here"


def solved(run: Run) -> str:
    """The notebook as it ran, outputs included, as .ipynb text."""
    notebook = run.script.notebook()
    for cell, outputs in zip(_code(notebook), run.outputs, strict=True):
        cell["outputs"] = [_numbered(output) for output in outputs]
    return _written(notebook)


def exercise(script: Script) -> str:
    """The notebook to work through, as .ipynb text: a `solution` cell keeps only its leading comment, the task."""
    notebook = script.notebook()
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
    """The code of a notebook with outputs as safe HTML, as .ipynb text for mkdocs-jupyter, which shows text/html as it
    is."""
    notebook = run.script.notebook()
    notebook["cells"] = _code(notebook)
    for cell, source, outputs in zip(notebook["cells"], run.code_cells, run.outputs, strict=True):
        html = outputs_html(outputs, source.alt)
        shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
        cell["outputs"] = [shown] if html.strip() else []
    return _written(notebook)


def _code(notebook: dict[str, Any]) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _numbered(output: dict[str, Any]) -> dict[str, Any]:
    return {**output, "execution_count": None} if output["output_type"] == "execute_result" else output


def _written(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
