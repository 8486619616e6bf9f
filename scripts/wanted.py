"""Print what the guide has too little of, as Markdown with boxes to tick.

Exit codes: 0 printed, 1 the content has problems, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from studyguide.catalogue import require_catalogue
from studyguide.pages.gaps import as_markdown, wanted
from studyguide.problems import ContentError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="wanted.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(as_markdown(wanted(require_catalogue(options.content))))
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
