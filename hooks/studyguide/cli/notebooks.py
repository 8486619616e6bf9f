"""Run the notebooks; print each as it ends and what it cost. A run is kept until something changes its outputs."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from studyguide.catalogue import load_catalogue
from studyguide.cli.common import UsageError, add_content, add_jobs, content_folder, project_folder
from studyguide.files import work_folder
from studyguide.notebooks.execute import Progress, run_notebooks
from studyguide.notebooks.run import runs_folder
from studyguide.problems import ContentError, count


def shard(names: list[str], part: str) -> list[str]:
    """Every n-th name, for ``i/n``: part 2/3 of a b c d e is b e. Raises `ValueError` for anything else."""
    match = re.fullmatch(r"(\d+)/(\d+)", part)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise ValueError(f"must be i/n with i from 1 to n, found '{part}'")
    return sorted(names)[int(match[1]) - 1 :: int(match[2])]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_content(parser)
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="where runs are kept (default: .cache of the project)"
    )
    add_jobs(parser)
    parser.add_argument("--shard", default="1/1", metavar="I/N", help="run only part I of N, for several machines")


def run(options: argparse.Namespace) -> int:
    content = content_folder(options)
    catalogue, problems = load_catalogue(content)
    try:
        chosen = shard(list(catalogue.scripts), options.shard)
    except ValueError as error:
        raise UsageError(f"--shard {error}") from error
    unread = [problem for problem in problems if "notebooks" in Path(problem.path).parts[-2:-1]]
    if unread:
        print(ContentError(unread), file=sys.stderr)
        return 1
    began = time.perf_counter()
    try:
        run_notebooks(
            {name: catalogue.scripts[name] for name in chosen},
            content / "notebooks",
            options.cache or runs_folder(work_folder(project_folder(), content)),
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
