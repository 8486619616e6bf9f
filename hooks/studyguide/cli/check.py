"""Check all content; print every problem with file, line, column and remedy.

Exit codes: 0 nothing to mend, 1 problems, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from studyguide.authoring.report import FORMATS, about_files, people, wants_colour
from studyguide.catalogue import Catalogue, load_catalogue
from studyguide.problems import Problem, count


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="print only problems about these files")
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    parser.add_argument("--format", choices=FORMATS, default="people", help="how to print problems (default: people)")
    parser.add_argument(
        "--fix", action="store_true", help="first mend what is mechanical: white space, wrapping, the order of keys"
    )
    options = parser.parse_args(arguments)
    if not options.content.is_dir():
        parser.error(
            f"--content must be a folder, found '{options.content}': name the folder that holds cards/ and rounds/"
        )
    if options.fix:
        _fix(options.content)
    catalogue, problems = load_catalogue(options.content)
    files = [_shown(file) for file in options.files]
    about, others = about_files(problems, files) if files else (problems, [])
    _print(options.format, about)
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


def _fix(content: Path) -> None:
    from studyguide.content.layout import fix_folder  # most checks mend nothing

    for file, done in fix_folder(content):
        print(f"{file}: mended {', '.join(done)}", file=sys.stderr)


def _print(form: str, problems: list[Problem]) -> None:
    if form == "people":
        sys.stdout.write(people(problems, colour=wants_colour(os.environ, sys.stdout.isatty())))
    else:
        sys.stdout.write(FORMATS[form](problems))


def _read(catalogue: Catalogue, others: list[Problem]) -> str:
    found = f"{count(len(catalogue.cards), 'card')}, {count(len(catalogue.rounds), 'round')}"
    where = " in these files" if others else ""
    return f"{found}, {count(len(catalogue.notebooks), 'notebook')}: nothing to mend{where}."


if __name__ == "__main__":
    # A check is over before collecting cycles would pay; without, it takes a seventh less time.
    gc.disable()
    sys.exit(main())
