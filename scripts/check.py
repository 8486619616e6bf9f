"""Check all content; print every problem with file, line, column and remedy.

Exit codes: 0 nothing to mend, 1 problems, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from studyguide.catalogue import load_catalogue
from studyguide.problems import count, summary


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    options = parser.parse_args(arguments)
    if not options.content.is_dir():
        parser.error(
            f"--content must be a folder, found '{options.content}': name the folder that holds cards/ and rounds/"
        )
    catalogue, problems = load_catalogue(options.content)
    for problem in problems:
        print(problem)
    if problems:
        print(summary(problems), file=sys.stderr)
        return 1
    found = f"{count(len(catalogue.cards), 'card')}, {count(len(catalogue.rounds), 'round')}"
    print(f"{found}, {count(len(catalogue.notebooks), 'notebook')}: nothing to mend.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
