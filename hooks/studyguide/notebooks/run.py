"""A run: what the cells of a notebook put out, looked up by the name of a cell, and kept for the next build.

A run is kept under what can change its outputs: the code cells with their tags, the data files, the kernel and the
installed packages. Prose is not among them. Only success is stored.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from studyguide.content.notebook_source import Cell, Script
from studyguide.content.read import files_below
from studyguide.files import write_whole
from studyguide.notebooks.outputs import Outputs

_FORMAT = 3
KERNEL = Path(__file__).with_name("kernel.py")


@dataclass(frozen=True)
class Run:
    """A notebook that ran: for each code cell, in order, its outputs in nbformat's form."""

    script: Script
    outputs: tuple[Outputs, ...]
    seconds: float

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, of all that pages and copies take from this run."""
        return hashlib.sha256(repr((self.script.text, self.outputs)).encode()).hexdigest()

    @cached_property
    def code_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.script.cells if cell.code)

    def evidence(self, name: str) -> Outputs:
        """The outputs of the cell tagged ``evidence: name``. Raises `KeyError` for an unknown name."""
        return self.outputs[self.code_cells.index(self.script.evidence[name])]

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What the cells tagged ``values`` published, by name."""
        found: dict[str, str] = {}
        for cell, outputs in zip(self.code_cells, self.outputs, strict=True):
            if "values" in cell.tags:
                found |= published_values(outputs)
        return found


def published_values(outputs: Outputs) -> dict[str, str]:
    for output in outputs:
        text = output.get("data", {}).get("text/plain")
        if text is None:
            continue
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            continue
        if isinstance(found, dict) and all(isinstance(part, str) for pair in found.items() for part in pair):
            return found
    return {}


def runs_folder(root: Path) -> Path:
    """Where a project keeps its runs."""
    return root / ".cache" / "notebooks" / "runs"


def environment_digest(folder: Path) -> bytes:
    """What the runs of a folder's scripts depend on, besides the scripts."""
    packages = sorted(
        f"{found.metadata['Name']}=={found.version}".lower() for found in importlib.metadata.distributions()
    )
    digest = hashlib.sha256(f"{_FORMAT} {platform.python_version()} {packages}".encode())
    digest.update(KERNEL.read_bytes())
    for file in (folder / "matplotlibrc", *files_below(folder / "data")):
        if file.is_file():
            digest.update(
                f"{file.relative_to(folder).as_posix()}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
            )
    return digest.digest()


def key_of(script: Script, environment: bytes) -> str:
    """What a run of this script depends on, as a SHA-256 in hex."""
    code = [[cell.tags, cell.alt, cell.text] for cell in script.cells if cell.code]
    return hashlib.sha256(environment + json.dumps(code).encode()).hexdigest()


def load_run(file: Path, script: Script) -> Run | None:
    """A stored run, or ``None`` where there is none or it cannot be trusted."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        run = Run(script, tuple(stored["outputs"]), float(stored["seconds"]))
        sound = all(isinstance(output, dict) for cell in run.outputs for output in cell)
        same_cells = stored["cells"] == [cell.text for cell in run.code_cells]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return run if sound and same_cells and len(run.outputs) == len(run.code_cells) else None


def store_run(file: Path, run: Run) -> None:
    """Keep a run for the next build."""
    write_whole(
        file,
        json.dumps({"cells": [cell.text for cell in run.code_cells], "seconds": run.seconds, "outputs": run.outputs}),
    )
