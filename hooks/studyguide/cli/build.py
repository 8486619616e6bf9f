"""Build the site, strictly, beside the last one, and put it in its place when it is whole.

Exit codes: 0 built, 1 not built (the last site is as it was), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import canary

try:
    import fcntl
except ImportError:  # Windows: a folder left by a killed build stays until somebody deletes it
    fcntl = None  # type: ignore[assignment]

LOCK = "lock"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--site", type=Path, default=Path("site"), metavar="DIR", help="where the site goes (default: site)"
    )
    site: Path = parser.parse_args(arguments).site.absolute()
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        tidy(site)
        # Beside the old site, so that the last step is a rename on one file system.
        with tempfile.TemporaryDirectory(prefix=f".{site.name}-", dir=site.parent) as folder, held(Path(folder)):
            made = Path(folder) / "new"
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made)]
            failed = subprocess.run(command, check=False, env=environment()).returncode
            told = "" if failed else canary.complaint(made, canary.content_folder())
            if told:
                print(told, file=sys.stderr)
            if failed or told:
                print(f"Not built; {site} is as it was.", file=sys.stderr)
                return 1
            put_in_place(made, site, Path(folder) / "old")
    except OSError as error:
        print(f"Not built, because of {error}; {site} is as it was.", file=sys.stderr)
        return 1
    pages = sum(1 for _ in site.rglob("*.html"))
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    print(f"{pages} pages, {size / 1e6:.1f} MB in {site}")
    return 0


def environment() -> dict[str, str]:
    """The environment of the build: its clock is the commit's, so that the same commit gives the same bytes.

    Outside a repository, or where SOURCE_DATE_EPOCH is set already, the clock is left alone
    (https://reproducible-builds.org/specs/source-date-epoch/).
    """
    variables = dict(os.environ)
    if "SOURCE_DATE_EPOCH" not in variables and shutil.which("git"):
        asked = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False)
        if asked.returncode == 0 and asked.stdout.strip().isdigit():
            variables["SOURCE_DATE_EPOCH"] = asked.stdout.strip()
    return variables


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Mark a folder as that of a build that runs; the system takes the mark away when the process ends in any way."""
    with (folder / LOCK).open("w") as handle:
        _locks(handle)
        yield


def tidy(site: Path) -> None:
    """Delete what killed builds left beside the site, and give back the site that one of them had moved aside."""
    for folder in site.parent.glob(f".{site.name}-*"):
        try:
            with (folder / LOCK).open("r+") as handle:
                if not _locks(handle):
                    continue  # another build is at work in it
                if not site.exists() and (folder / "old").is_dir():
                    (folder / "old").rename(site)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # just made by another build, or just deleted by it


def _locks(handle: IO[str]) -> bool:
    """Take the lock of an open file; False where another process holds it, or where the system has no such locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def put_in_place(made: Path, site: Path, old: Path) -> None:
    """Replace a folder by another in one step, or else in two renames, the first undone if the second fails."""
    if exchange(made, site):
        return  # what was the site is now the scratch folder, which its owner deletes
    if site.exists():
        site.rename(old)
    try:
        made.rename(site)
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


if __name__ == "__main__":
    sys.exit(main())
