"""What the commands share: where content and project are, questions at the terminal, wrong usage, writing an export."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from studyguide.files import CONTENT_VARIABLE, project, refusal, write_whole
from studyguide.problems import ContentError

if TYPE_CHECKING:  # for a check loads nothing that an export needs
    from studyguide.exports.edition import Edition, Export

T = TypeVar("T")


class UsageError(Exception):
    """A command cannot do what it was asked for; the message says what to give instead. Exit code 2."""


def add_content(parser: argparse.ArgumentParser) -> None:
    """``--content``, the same for every command."""
    parser.add_argument(
        "--content",
        type=Path,
        default=_usual_content(),
        metavar="DIR",
        help=f"the folder that holds cards/ and rounds/ (default: ${CONTENT_VARIABLE}; else this one, if it holds "
        "site.yml; else content)",
    )


def _usual_content() -> Path:
    return Path(os.environ.get(CONTENT_VARIABLE) or ("." if Path("site.yml").is_file() else "content"))


def command(name: str, content: Path) -> str:
    """What to type for another command on the same content, in the way that this one was called."""
    if "MAKELEVEL" in os.environ:
        return f"make {name}"
    return f"studyguide {name}" + ("" if content == _usual_content() else f" --content {shlex.quote(str(content))}")


def content_folder(options: argparse.Namespace) -> Path:
    """The folder of content. Raises `UsageError` where it is none."""
    folder: Path = options.content
    if not folder.is_dir():
        raise UsageError(
            f"the content must be a folder, found '{folder}': name the folder that holds cards/ and rounds/, "
            f"by --content or {CONTENT_VARIABLE}"
        )
    return folder


def project_folder() -> Path:
    """The project, see `files.project`. Raises `UsageError` where there is none."""
    if folder := project():
        return folder
    raise UsageError("must be run where mkdocs.yml and hooks/ are, found none here: change to the project's folder")


def ask(question: str, check: Callable[[str], T], default: str = "") -> T:
    """What somebody at the terminal answers; asked again while ``check`` raises `ValueError` with what to change."""
    while True:
        answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
        try:
            return check(answer)
        except ValueError as error:
            print(f"  {error}")


def answer(
    flags: Mapping[str, str | None],
    terminal: bool,
    name: str,
    question: str,
    check: Callable[[str], T],
    default: str = "",
) -> T:
    """What the flag ``name`` says, else somebody at the terminal, else the default.

    Raises `ValueError` where ``check`` does, and where there is nobody to be asked and no default.
    """
    if (given := flags.get(name)) is not None:
        return check(given.strip())
    if terminal:
        return ask(question, check, default)
    if default:
        return check(default)
    raise ValueError(f"{question}: give it as --{name}, nobody is there to be asked")


def nothing_written(error: BaseException) -> int:
    """Say why a command stopped before it wrote anything; its exit code. An interrupt needs no reason."""
    reason = refusal(error) if isinstance(error, OSError) else str(error)
    end = "" if reason.endswith("?") else "."
    print(f"{reason}{end} Nothing was written." if reason else "\nNothing was written.", file=sys.stderr)
    return 1


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """``--jobs``, for commands that use several processes."""
    parser.add_argument(
        "--jobs", type=_at_least_one, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, found '{text}'")
    return int(text)


def make(export: Export, edition: Edition, folder: Path) -> bool:
    """Make one export and write it, its named file last; ``False`` where that was not possible, and why is printed."""
    began = time.perf_counter()
    try:
        files = export.make()
        for uri in sorted(files, key=lambda uri: uri == export.uri):
            write_whole(folder / uri, files[uri], edition.when)
    except (ContentError, OSError) as error:
        reason = refusal(error) if isinstance(error, OSError) else error
        print(f"{export.uri}: {reason}", file=sys.stderr)
        return False
    size = len(files[export.uri])
    with_it = f" and {len(files) - 1} more files" if len(files) > 1 else ""
    print(f"{size / 1e6:7.2f} MB  {time.perf_counter() - began:5.1f} s  {folder / export.uri}{with_it}", flush=True)
    return True
