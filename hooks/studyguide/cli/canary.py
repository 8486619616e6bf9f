"""Make sure that a built site is the guide: without hooks MkDocs builds a plain site of the hand-written pages alone.

Exit codes: 0 it is, 1 it is not, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

POLICY = 'http-equiv="Content-Security-Policy"'


def missing(site: Path, content: Path) -> Iterator[str]:
    """What the hooks would have made of a content folder and is not in the site."""
    wanted = [site / "index.html", site / "contributing" / "rules.html"]
    wanted += [site / "cards" / f"{file.stem}.html" for file in content.glob("cards/*/*.yml")]
    wanted += [site / "notebooks" / f"{file.stem}.html" for file in content.glob("notebooks/*.py")]
    for page in sorted(wanted):
        if not page.is_file():
            yield f"{page.relative_to(site).as_posix()} is not there"
    for page in sorted(site.rglob("*.html")):
        if POLICY not in page.read_text(encoding="utf-8"):
            yield f"{page.relative_to(site).as_posix()} has no Content-Security-Policy"


def complaint(site: Path, content: Path) -> str:
    """What to tell whoever built the site; an empty text where nothing is missing."""
    found = list(missing(site, content))
    if not found:
        return ""
    more = f", and {len(found) - 3:,} more" if len(found) > 3 else ""
    return (
        f"The site must be what the hooks make of {content}, found that {'; '.join(found[:3])}{more}: "
        "mkdocs.yml must name hooks/main.py under 'hooks', and the engine must support hooks."
    )


def content_folder() -> Path:
    return Path(os.environ.get("STUDYGUIDE_CONTENT") or "content")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="canary.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("site", type=Path, help="the folder of the built site")
    site: Path = parser.parse_args(arguments).site
    if not site.is_dir():
        parser.error(f"the site must be a folder, found '{site}': build it first")
    told = complaint(site, content_folder())
    print(told or f"{site} is the guide.", file=sys.stderr if told else sys.stdout)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
