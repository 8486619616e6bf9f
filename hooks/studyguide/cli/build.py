"""Build the site, strictly, beside the last one, and put it in its place when it is whole.

A warning is a failure: a link that leads nowhere, an export that cannot be made. What is wrong is said last, with the
reason why nothing was built; the last site stays as it was.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from studyguide.cli.common import add_content, content_folder, project_folder
from studyguide.cli.engine import Engine
from studyguide.files import refusal, tidy_halves, work_folder

try:
    import fcntl
except ImportError:  # Windows: a folder left by a killed build stays until somebody deletes it
    fcntl = None  # type: ignore[assignment]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_content(parser)
    parser.add_argument("--site", type=Path, metavar="DIR", help="where the site goes (default: site of the project)")


def run(options: argparse.Namespace) -> int:
    root, content = project_folder(), content_folder(options)
    work = work_folder(root, content)
    site: Path = (options.site or work / "site").absolute()
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        tidy_halves(work / ".cache")
        with scratch(site) as (folder, held):
            new = folder / "new"
            problems = Engine(root, content, new, held=held).problems()
            if not problems:
                put_in_place(new, site, folder / "old")
    except OSError as error:
        problems = refusal(error)
    if problems:
        print(f"{problems}\nNot built; {site} is as it was.", file=sys.stderr)
        return 1
    pages = sum(1 for _ in site.rglob("*.html"))
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    print(f"{pages} pages, {size / 1e6:.1f} MB in {site}")
    return 0


@contextmanager
def scratch(site: Path) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """A folder beside the site, so that the last step is a rename on one file system; and what marks it as in use.

    The mark is a lock, which the system takes away when the build and its engine have ended in any way. The folder is
    made and marked while its parent is locked, and only then are others looked at: one without a mark is dead.
    """
    with locked(site.parent) as parent:
        if parent is not None:
            tidy(site)
        folder = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
        mark = lock(folder)
    try:
        yield folder, () if mark is None else (mark,)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if mark is not None:
            os.close(mark)


def tidy(site: Path) -> None:
    """Delete what killed builds left beside the site, and give back the site that one of them had moved aside."""
    for folder in site.parent.glob(f".{site.name}-*"):
        if (mark := lock(folder)) is None:
            continue  # another build is at work in it
        with suppress(OSError):
            if not site.exists() and (folder / "old").is_dir():
                (folder / "old").rename(site)
            shutil.rmtree(folder, ignore_errors=True)
        os.close(mark)


@contextmanager
def locked(folder: Path) -> Iterator[int | None]:
    """Wait for the lock of a folder and hold it; ``None`` where the system has no such locks."""
    held = lock(folder, wait=True)
    try:
        yield held
    finally:
        if held is not None:
            os.close(held)


def lock(folder: Path, *, wait: bool = False) -> int | None:
    """Take the lock of a folder, which goes when all who have it open have closed it or ended.

    ``None`` where another process has it, or where the system has no such locks.
    """
    if fcntl is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def put_in_place(new: Path, site: Path, old: Path) -> None:
    """Replace a folder by another in one step, or else in two renames, the first undone if the second fails."""
    if exchange(new, site):
        return  # what was the site is now the scratch folder, which its owner deletes
    if site.exists():
        site.rename(old)
    try:
        new.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step (Linux: renameat2 with RENAME_EXCHANGE); False where that cannot be."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
