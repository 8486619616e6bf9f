"""Where files go, and files that are there whole or not at all."""

from __future__ import annotations

import datetime
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

#: The project as an installed package brings it along: mkdocs.yml, docs/ and hooks/ (see setup.py).
PACKAGED = Path(__file__).with_name("project")


def work_folder(project: Path, content: Path) -> Path:
    """Where site/, dist/ and .cache/ go: into the project, or into the content folder if the project is installed."""
    return content if project.resolve() == PACKAGED.resolve() else project


def write_whole(path: Path, content: bytes | str, when: datetime.datetime | None = None) -> None:
    """Write a file whole or not at all, also where the disk is full or the process is killed.

    One beside it takes its place when complete. With ``when`` the file is dated so: an export bears the time of its
    edition, and a copy kept from an earlier one says so.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-{os.getpid()}-", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        beside.chmod(0o644)
        if when is not None:
            os.utime(beside, (when.timestamp(), when.timestamp()))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def tidy_halves(folder: Path) -> None:
    """Delete the files that processes which are gone left half written in a folder."""
    for half in folder.rglob(".*.part"):
        match = re.search(r"-(\d+)-[^-]*\.part$", half.name)
        if match is None or not _runs(int(match[1])):
            with suppress(OSError):
                half.unlink()


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
