"""Scripts -> executed notebooks: run them, keep what ran, and look up outputs by the name of a cell.

A run is cached on what can change its outputs: the code cells with their tags, the data files, the kernel and the
installed packages. Prose is not among them. Only success is stored.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from studyguide.checks.exports import mark_of_anki, unprintable, unprintable_message
from studyguide.content.notebook_source import Cell, Script
from studyguide.content.read import files_below
from studyguide.files import write_whole
from studyguide.notebooks.kernel import MEMORY
from studyguide.notebooks.outputs import ADDRESS, Outputs, Shown, UnfitError, plain_text, shown_outputs
from studyguide.problems import ContentError, Problem

#: Seconds that one cell may take; a whole notebook is meant to take under twenty.
CELL_SECONDS = 60
#: Characters of output that one cell may print; more is a listing that nobody reads.
CELL_OUTPUT = 200_000
_FORMAT = 2
_KERNEL = Path(__file__).with_name("kernel.py")
_PRINT_FIGURE = {"bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}}
#: The ids that pandas gives to the parts of a styled table.
_STYLER = re.compile(r"\bT_[0-9a-f]{5}(?![0-9A-Za-z])")
#: How progress bars look once they are still: "100%|####|", "12it/s]", "12/12 [=====]".
_BAR = re.compile(r"\d%\|[^|\n]*\| \d+/\d+ \[|\d(?:it/s|s/it)\]|\d+/\d+ (?:\[[=>.#]{3}|[━█])")


@dataclass(frozen=True)
class Run:
    """A notebook that ran: for each code cell, in order, its outputs in nbformat's form."""

    script: Script
    outputs: tuple[Outputs, ...]
    seconds: float
    cached: bool

    @cached_property
    def digest(self) -> str:
        """What everything that is made from this run is made from: SHA-256, in hex."""
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
                found |= _published(outputs)
        return found


@dataclass(frozen=True)
class Progress:
    """Told to the caller after each notebook."""

    name: str
    seconds: float
    cached: bool
    done: int
    total: int


def runs_folder(root: Path) -> Path:
    """Where a project keeps its runs."""
    return root / ".cache" / "notebooks" / "runs"


def run_notebooks(
    scripts: Mapping[str, Script],
    folder: Path,
    cache: Path,
    *,
    jobs: int | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
) -> dict[str, Run]:
    """Run every script (or take its run from the cache), in parallel processes.

    ``folder`` is where the scripts and their ``data`` live, ``jobs`` the number of processes (default: the cores).
    Raises `ContentError` with the problems of all notebooks that failed, after the others have run.
    """
    environment = _environment(folder) if scripts else b""  # it lists all installed packages, which takes its time
    keys = {name: _key(script, environment) for name, script in scripts.items()}
    runs: dict[str, Run] = {}
    problems: list[Problem] = []
    missing: list[str] = []
    for name, script in scripts.items():
        stored = _load(cache / f"{keys[name]}.json", script)
        if stored is None:
            missing.append(name)
        else:
            runs[name] = stored
            report(Progress(name, stored.seconds, True, len(runs), len(scripts)))
    for name, found in _execute_all(missing, scripts, folder, jobs or os.cpu_count() or 1):
        if isinstance(found, list):
            problems += found
        else:
            runs[name] = found
            _store(cache / f"{keys[name]}.json", found)
        seconds = 0.0 if isinstance(found, list) else found.seconds
        report(Progress(name, seconds, False, len(runs), len(scripts)))
    if problems:
        raise ContentError(problems)
    return {name: runs[name] for name in scripts}


def _execute_all(
    names: Sequence[str], scripts: Mapping[str, Script], folder: Path, jobs: int
) -> Iterable[tuple[str, Run | list[Problem]]]:
    if not names:
        return
    with ProcessPoolExecutor(max_workers=min(jobs, len(names))) as pool:
        futures: dict[Future[Run | list[Problem]], str] = {
            pool.submit(execute, scripts[name], str(folder)): name for name in names
        }
        for future in as_completed(futures):
            yield futures[future], future.result()


def execute(script: Script, folder: str, *, cell_seconds: int = CELL_SECONDS) -> Run | list[Problem]:
    """Run one script in a kernel of its own, without the cache; the problems where it failed."""
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.from_dict(script.notebook())  # type: ignore[no-untyped-call]
    cells = [cell if cell.code else None for cell in script.cells]
    running: list[int] = []
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_spec_manager=_guarded_kernels()),
        timeout=cell_seconds,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": folder}},
        record_timing=False,
        on_cell_start=lambda cell, cell_index: running.append(cell_index),
    )

    def at() -> Cell | None:
        return cells[running[-1]] if running else None

    began = time.perf_counter()
    try:
        client.execute(cleanup_kc=True)  # nbclient leaves a kernel alone whose manager it was given
    except CellExecutionError as error:
        return [_failed(script, at(), error.ename, error.evalue, error.traceback)]
    except CellTimeoutError:
        message = f"a cell must end within {cell_seconds} s, found one that did not: make it smaller or end its loop"
        return [_problem(script, at(), "notebook-timeout", message)]
    except (DeadKernelError, RuntimeError):  # nbclient raises RuntimeError where a kernel does not start at all
        message = "a cell must leave its kernel alive, found it dead (memory, exit or a crash): run the cell by itself"
        return [_problem(script, at(), "notebook-kernel", message)]
    seconds = time.perf_counter() - began
    outputs = tuple(_joined(cell.outputs) for cell in notebook.cells if cell.cell_type == "code")
    # Problems first: what is kept no longer says that a bar wrote over its line.
    problems = list(_output_problems(Run(script, outputs, seconds, cached=False)))
    return problems or Run(script, _as_data(outputs), seconds, cached=False)


def _joined(outputs: Iterable[Mapping[str, Any]]) -> Outputs:
    """Outputs with what was printed in several pieces as one text for each stream, as a terminal would leave its lines.

    nbclient can do that, by a pattern whose time grows with the square of a line's length.
    """
    joined: Outputs = []
    open_streams: dict[str, dict[str, Any]] = {}
    for output in map(dict, outputs):
        if output["output_type"] != "stream":
            open_streams.clear()
        elif output["name"] in open_streams:
            open_streams[output["name"]]["text"] += output["text"]
            continue
        else:
            open_streams[output["name"]] = output
        joined.append(output)
    for output in joined:
        if "text" in output:  # what a carriage return wrote over
            if "\r" in output["text"].replace("\r\n", "\n"):
                output["overwritten"] = True
            lines = (line.removesuffix("\r").rpartition("\r")[2] for line in output["text"].split("\n"))
            output["text"] = "\n".join(lines)
    return joined


def _as_data(outputs: Iterable[Outputs]) -> tuple[Outputs, ...]:
    """Outputs as the cache would give them back, without the counters that change when a cell is run again."""
    dropped = ("execution_count", "overwritten")
    kept = [[{k: v for k, v in output.items() if k not in dropped} for output in cell] for cell in outputs]
    return _without_chance(json.dumps(kept))


def _without_chance(outputs: str) -> tuple[Outputs, ...]:
    """Outputs (as JSON) without what differs in each run and is not shown: a Styler's ids, addresses beside HTML."""
    ids = {found: f"T_{number:05}" for number, found in enumerate(dict.fromkeys(_STYLER.findall(outputs)))}
    cells = json.loads(_STYLER.sub(lambda found: ids[found[0]], outputs))
    for output in (output for cell in cells for output in cell):
        data = output.get("data", {})
        if len(data) > 1 and ADDRESS.search("".join(data.get("text/plain", ""))):
            del data["text/plain"]
    return tuple(cells)


def _guarded_kernels() -> Any:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class GuardedKernels(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> Any:  # noqa: ARG002
            return KernelSpec(
                argv=[
                    sys.executable,
                    "-P",
                    str(_KERNEL),
                    "-f",
                    "{connection_file}",
                    "--IPKernelApp.log_level=40",  # ERROR: a warning about loopback TCP at each start helps nobody
                    "--HistoryManager.enabled=False",
                    "--InteractiveShell.automagic=False",  # `ls` is a name, as it is to the checker
                    "--InlineBackend.figure_formats=svg",
                    "--InlineBackend.rc={}",
                    f"--InlineBackend.print_figure_kwargs={_PRINT_FIGURE}",
                ],
                display_name="Python 3",
                language="python",
                env={
                    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
                    "PYTHONHASHSEED": "0",
                    "TQDM_DISABLE": "1",  # bars count seconds, and a page stands still
                    "TZ": "UTC",
                    # One thread each: notebooks already run side by side, and sums come out in the same order.
                    "LOKY_MAX_CPU_COUNT": "1",
                    "OMP_NUM_THREADS": "1",
                    "OPENBLAS_NUM_THREADS": "1",
                },
            )

    return GuardedKernels()


def _failed(script: Script, cell: Cell | None, name: str, value: str, trace: str) -> Problem:
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


def _problem(script: Script, cell: Cell | None, rule: str, message: str) -> Problem:
    return Problem(script.path, cell.line if cell else 1, 1, rule, message)


def _output_problems(run: Run) -> Iterable[Problem]:
    for cell, outputs in zip(run.code_cells, run.outputs, strict=True):
        size = sum(len(json.dumps(output)) for output in outputs if not _is_picture(output))
        if size > CELL_OUTPUT:
            message = f"a cell must print at most {CELL_OUTPUT:,} characters, found {size:,}: show a part of it"
            yield _problem(run.script, cell, "notebook-output", message)
        if any(map(_is_picture, outputs)) and not cell.alt:
            message = 'a cell that draws must say what its picture shows, found no alt: write alt="..." after its tags'
            yield _problem(run.script, cell, "no-alt", message)
        if problem := _progress(run.script, cell, outputs):
            yield problem
        elif warning := "".join(output["text"] for output in outputs if output.get("name") == "stderr").strip():
            message = f"a cell must not warn, found: {plain_text(warning)[:200]}: fix the cause"
            yield _problem(run.script, cell, "notebook-output", message)
        yield from _unfit(run.script, cell, outputs)
        if "values" in cell.tags:
            yield from _value_problems(run, cell, outputs)


def _progress(script: Script, cell: Cell, outputs: Outputs) -> Problem | None:
    """Bars count seconds, so they differ in each run; all of them write over their line, or look like one another."""
    for output in outputs:
        text = str(output.get("text", ""))
        if _BAR.search(plain_text(text)) or (output.get("name") == "stderr" and output.get("overwritten")):
            message = (
                "a cell must not draw a progress bar, which differs in each run: leave it out, or silence it "
                "(tqdm: disable=True or TQDM_DISABLE=1; others: verbose=0)"
            )
            return _problem(script, cell, "notebook-output", message)
    return None


def _unfit(script: Script, cell: Cell, outputs: Outputs) -> Iterable[Problem]:
    """Outputs that a page, a deck or a PDF cannot show, and evidence without any."""
    shown: list[Shown] = []
    for output in outputs:
        try:
            shown += shown_outputs([output], cell.alt)
        except UnfitError as error:
            message = f"an output must be fit for a page, a deck and a PDF, found {error}"
            yield _problem(script, cell, "notebook-output", message)
            return
        except ValueError as error:
            message = f"an output must be fit for a page, found that {error}: fix the cell"
            yield _problem(script, cell, "notebook-output", message)
            return
    if not cell.evidence:
        return
    if not shown:
        message = "a cell of evidence must show something, shows nothing: end it with a table, a text or a picture"
        yield _problem(script, cell, "notebook-output", message)
    text = "".join(f"{piece.text}{piece.table or ''}{piece.prose or ''}" for piece in shown)
    if found := mark_of_anki(text):
        yield _problem(script, cell, "export", f"an output {found}")
    for char in unprintable(text, "一"):  # the signs that no guide can print, whatever its script
        yield _problem(script, cell, "export", f"an output {unprintable_message(char)}")


def _value_problems(run: Run, cell: Cell, outputs: Outputs) -> Iterable[Problem]:
    values = _published(outputs)
    if not values:
        message = "a cell of values must end in a dict of text to text, found none: write {'name': f'{number:.2f}'}"
        yield _problem(run.script, cell, "notebook-values", message)
    for name, value in values.items():
        if not re.fullmatch(r"[A-Za-z0-9 .,%+:$/-]{1,40}", value):
            message = f"a value must be short plain text, found '{value[:40]}' for '{name}': format the number"
            yield _problem(run.script, cell, "notebook-values", message)


def _published(outputs: Outputs) -> dict[str, str]:
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


def _is_picture(output: Mapping[str, Any]) -> bool:
    return any(mime.startswith("image/") for mime in output.get("data", {}))


def cache_key(script: Script, folder: Path) -> str:
    """What a run of this script depends on, as a SHA-256 in hex."""
    return _key(script, _environment(folder))


def _environment(folder: Path) -> bytes:
    packages = sorted(
        f"{found.metadata['Name']}=={found.version}".lower() for found in importlib.metadata.distributions()
    )
    digest = hashlib.sha256(f"{_FORMAT} {platform.python_version()} {packages}".encode())
    digest.update(_KERNEL.read_bytes())
    for file in (folder / "matplotlibrc", *files_below(folder / "data")):
        if file.is_file():
            digest.update(
                f"{file.relative_to(folder).as_posix()}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
            )
    return digest.digest()


def _key(script: Script, environment: bytes) -> str:
    code = [[cell.tags, cell.alt, cell.text] for cell in script.cells if cell.code]
    return hashlib.sha256(environment + json.dumps(code).encode()).hexdigest()


def _load(file: Path, script: Script) -> Run | None:
    """A stored run, or ``None`` where there is none or it cannot be trusted."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        outputs, seconds = stored["outputs"], float(stored["seconds"])
        sound = all(isinstance(output, dict) for cell in outputs for output in cell)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not sound:
        return None
    run = Run(script, tuple(outputs), seconds, cached=True)
    return (
        run
        if stored.get("cells") == [cell.text for cell in run.code_cells] and len(outputs) == len(run.code_cells)
        else None
    )


def _store(file: Path, run: Run) -> None:
    """Keep a run for the next build."""
    write_whole(
        file,
        json.dumps({"cells": [cell.text for cell in run.code_cells], "seconds": run.seconds, "outputs": run.outputs}),
    )
