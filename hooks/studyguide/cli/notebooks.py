"""Run the notebooks; print each as it ends and what it cost.

Exit codes: 0 all ran, 1 problems, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path

from studyguide.catalogue import load_catalogue
from studyguide.notebooks.run import Progress, run_notebooks
from studyguide.problems import ContentError, count


def shard(names: list[str], part: str) -> list[str]:
    """Every n-th name, for ``i/n``: part 2/3 of a b c d e is b e. Raises `ValueError` for anything else."""
    match = re.fullmatch(r"(\d+)/(\d+)", part)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise ValueError(f"must be i/n with i from 1 to n, found '{part}'")
    return sorted(names)[int(match[1]) - 1 :: int(match[2])]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="execute_notebooks.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path(".cache/notebooks/runs"), metavar="DIR", help="where runs are kept"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
    )
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="run only part I of N, for several machines")
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error(f"--jobs must be at least 1, found {options.jobs}")
    catalogue, _ = load_catalogue(options.content)
    try:
        chosen = shard(list(catalogue.scripts), options.shard)
    except ValueError as error:
        parser.error(f"--shard {error}")
    began = time.perf_counter()
    try:
        run_notebooks(
            {name: catalogue.scripts[name] for name in chosen},
            options.content / "notebooks",
            options.cache,
            jobs=options.jobs,
            report=show_bar if sys.stdout.isatty() else show_line,
        )
    except ContentError as error:
        print(error.report(), file=sys.stderr)
        return 1
    print(f"{count(len(chosen), 'notebook')} in {time.perf_counter() - began:.1f} s.")
    return 0


def show_line(progress: Progress) -> None:
    cost = "cached" if progress.cached else f"{progress.seconds:.1f} s"
    print(f"[{progress.done}/{progress.total}] {progress.name}: {cost}", flush=True)


def show_bar(progress: Progress) -> None:
    """One line that grows, for a person who watches."""
    width = 30
    full = round(width * progress.done / progress.total)
    end = "\n" if progress.done == progress.total else ""
    print(
        f"\r\x1b[K[{'#' * full}{'.' * (width - full)}] {progress.done}/{progress.total} {progress.name}",
        end=end,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
