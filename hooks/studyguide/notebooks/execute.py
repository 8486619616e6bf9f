"""Scripts -> runs: each in a kernel of its own, several at once, unless its run is kept from before."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studyguide.content.notebook_source import Cell, Script
from studyguide.notebooks.outputs import ADDRESS, Outputs
from studyguide.notebooks.run import KERNEL, Run, environment_digest, key_of, load_run, store_run
from studyguide.notebooks.run_problems import cell_problem, failure, output_problems
from studyguide.parallel import as_they_end, pool
from studyguide.problems import ContentError, Problem

#: Seconds that one cell may take; a whole notebook is meant to take under twenty.
CELL_SECONDS = 60
_PRINT_FIGURE = {"bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}}
#: The ids that pandas gives to the parts of a styled table.
_STYLER = re.compile(r"\bT_[0-9a-f]{5}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Progress:
    """Told to the caller after each notebook."""

    name: str
    seconds: float
    cached: bool
    done: int
    total: int


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
    # It lists all installed packages, which takes its time.
    environment = environment_digest(folder) if scripts else b""
    keys = {name: key_of(script, environment) for name, script in scripts.items()}
    runs: dict[str, Run] = {}
    problems: list[Problem] = []
    missing: list[str] = []
    for name, script in scripts.items():
        stored = load_run(cache / f"{keys[name]}.json", script)
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
            store_run(cache / f"{keys[name]}.json", found)
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
    with pool(min(jobs, len(names))) as processes:
        futures: dict[Future[Run | list[Problem]], str] = {
            processes.submit(execute, scripts[name], str(folder)): name for name in names
        }
        for future in as_they_end(futures):
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
    # Not by TCP where that can be helped: a free port may be another's before the kernel has it.
    sockets = tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True)
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(
            kernel_spec_manager=_guarded_kernels(),
            transport="tcp" if sys.platform == "win32" else "ipc",
            connection_file=f"{sockets.name}/kernel.json",
        ),
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
        with sockets:
            client.execute(cleanup_kc=True)  # nbclient leaves a kernel alone whose manager it was given
    except CellExecutionError as error:
        return [failure(script, at(), error.ename, error.evalue, error.traceback)]
    except CellTimeoutError:
        message = f"a cell must end within {cell_seconds} s, found one that did not: make it smaller or end its loop"
        return [cell_problem(script, at(), "notebook-timeout", message)]
    except (DeadKernelError, RuntimeError):  # nbclient raises RuntimeError where a kernel does not start at all
        message = "a cell must leave its kernel alive, found it dead (memory, exit or a crash): run the cell by itself"
        return [cell_problem(script, at(), "notebook-kernel", message)]
    seconds = time.perf_counter() - began
    outputs = tuple(_join_streams(cell.outputs) for cell in notebook.cells if cell.cell_type == "code")
    # Problems first: what is kept no longer says that a bar wrote over its line.
    problems = list(output_problems(Run(script, outputs, seconds), folder))
    return problems or Run(script, _as_data(outputs), seconds)


def _join_streams(outputs: Iterable[Mapping[str, Any]]) -> Outputs:
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
    cells = [[{k: v for k, v in output.items() if k not in dropped} for output in cell] for cell in outputs]
    return _without_chance(json.dumps(cells))


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
                    str(KERNEL),
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
