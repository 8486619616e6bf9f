"""Where files go, when they are from, and files that are there whole or not at all."""

from __future__ import annotations

import datetime
import errno
import os
import re
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

#: The project as an installed package brings it along: mkdocs.yml, docs/ and hooks/ (see setup.py).
PACKAGED = Path(__file__).with_name("project")


#: Names the folder of content where nobody says another.
CONTENT_VARIABLE = "STUDYGUIDE_CONTENT"
#: https://reproducible-builds.org/specs/source-date-epoch/
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def project() -> Path | None:
    """Where mkdocs.yml and its hooks are: the current folder, else the checkout that this package runs from, else what
    an installed package brings along."""
    folders = (Path.cwd(), Path(__file__).resolve().parents[2], PACKAGED)
    return next((at for at in folders if (at / "mkdocs.yml").is_file() and (at / "hooks" / "main.py").is_file()), None)


def work_folder(project: Path, content: Path) -> Path:
    """Where site/, dist/ and .cache/ go: into the project, or into the content folder if the project is installed."""
    return content if project.resolve() == PACKAGED.resolve() else project


def last_commit(folder: Path) -> int | None:
    """The time of the last commit in a folder's repository, in seconds since 1970; ``None`` without one or commits.

    Raises `ValueError` where there is a repository, and git refuses, cannot read it or is not there.
    """
    command = ["git", "-C", str(folder), "log", "-1", "--no-show-signature", "--format=%ct"]
    plain = {**os.environ, "LC_ALL": "C"}  # its words are compared
    here = folder.resolve()
    is_repository = any((at / ".git").exists() for at in (here, *here.parents))
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=plain)  # noqa: S603 - fixed words
    except OSError as error:
        if not is_repository:  # an unpacked archive of the source
            return None
        raise ValueError(
            f"an edition has the date of the last commit, and git cannot be run ({error.strerror}): install git, or "
            f"set {EPOCH_VARIABLE}"
        ) from error
    if done.returncode == 0 and done.stdout.strip().isdigit():
        return int(done.stdout)
    if "does not have any commits" in done.stderr:  # a guide that has just begun
        return None
    if "not a git repository" in done.stderr and not is_repository:
        return None
    reason = (done.stderr.strip() or done.stdout.strip() or "nothing").split("\n")[0]
    raise ValueError(
        f"an edition has the date of the last commit, and git says: {reason[:200]}: do what it asks for (if it is "
        "about ownership: git config --global --add safe.directory <its folder>; if it finds no repository: put back "
        f"what .git names), or set {EPOCH_VARIABLE}"
    )


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


_REMEDIES = {
    errno.EACCES: "let this user write there, or name another folder",
    errno.EPERM: "let this user write there, or name another folder",
    errno.EROFS: "name a folder on a disk that can be written",
    errno.ENOSPC: "delete what is not needed there, or name a folder on another disk",
    errno.ENOTDIR: "a file stands where a folder must be: move it, or name another folder",
    errno.EEXIST: "a file stands where a folder must be: move it, or name another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def refusal(error: OSError) -> str:
    """What the system refused, where, and what to do about it."""
    name = str(error.filename or "")
    place = str(Path(name).parent) if name.endswith(".part") else name  # see `write_whole`
    return ": ".join(filter(None, (place, error.strerror or str(error), _REMEDIES.get(error.errno or 0))))


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
