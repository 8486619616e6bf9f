"""Check all content; print every problem with file, line, column and remedy."""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
from pathlib import Path

from studyguide.authoring.report import FORMATS, about_files, people, wants_colour
from studyguide.catalogue import Catalogue, load_catalogue
from studyguide.cli.common import add_content, content_folder
from studyguide.content.read import ignored_files
from studyguide.problems import Problem, count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="print only problems about these files")
    add_content(parser)
    parser.add_argument("--format", choices=FORMATS, default="people", help="how to print problems (default: people)")


def run(options: argparse.Namespace) -> int:
    # A check is over before collecting cycles would pay; without, it takes a seventh less time.
    gc.disable()
    content = content_folder(options)
    catalogue, problems = load_catalogue(content)
    for ignored in ignored_files(content):
        print(f"{ignored} is ignored: its name is that of a hidden file or of an editor's copy.", file=sys.stderr)
    files = [_shown(file) for file in options.files]
    about, others = about_files(problems, files) if files else (problems, [])
    if options.format == "people":
        if sys.stdout.isatty():
            columns = shutil.get_terminal_size().columns
            sys.stdout.write(people(about, colour=wants_colour(os.environ, terminal=True), columns=columns))
        else:
            sys.stdout.write(people(about))
    else:
        sys.stdout.write(FORMATS[options.format](about))
    if others:
        print(
            f"{count(len(others), 'more problem')} in other files; without file names, all are listed.", file=sys.stderr
        )
    if not about and options.format == "people":
        print(_read(catalogue, others))
    return 1 if about else 0


def _shown(file: str) -> str:
    """A file as problems name it: from the current folder, however it was given."""
    path = Path(file).absolute()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def _read(catalogue: Catalogue, others: list[Problem]) -> str:
    found = f"{count(len(catalogue.cards), 'card')}, {count(len(catalogue.rounds), 'round')}"
    where = " in these files" if others else ""
    return f"{found}, {count(len(catalogue.notebooks), 'notebook')}: nothing to fix{where}."
