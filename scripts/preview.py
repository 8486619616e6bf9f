"""Collect the pages that a pull request changes, with all they need, from a built site into a folder to download.

Exit codes: 0 collected (also when there is nothing to show), 1 the site is not there, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import jinja2
from studyguide.authoring.pull_request import changes_since, preview_pages
from studyguide.cache import TEMPLATES
from studyguide.pages.render import DRAWINGS
from studyguide.problems import count


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="preview.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--base", default="origin/main", help="what the changes are against (default: origin/main)")
    parser.add_argument("--site", type=Path, default=Path("site"), metavar="DIR", help="the built site (default: site)")
    parser.add_argument("--out", type=Path, default=Path("preview"), metavar="DIR", help="where to (default: preview)")
    options = parser.parse_args(arguments)
    try:
        changes = changes_since(options.base)
    except ValueError as error:
        parser.error(str(error))
    if not (options.site / "index.html").is_file():
        print(f"{options.site} must be a built site, and is none: run `make build` first", file=sys.stderr)
        return 1
    pages = [uri for uri in preview_pages(changes) if (options.site / uri).is_file()]
    collect(options.site, pages, options.out)
    print(f"{count(len(pages), 'page')} in {options.out}")
    return 0


def collect(site: Path, pages: list[str], out: Path) -> None:
    """Copy pages, what they show, and a page ``changed.html`` that lists them. An earlier preview is replaced."""
    shutil.rmtree(out, ignore_errors=True)
    for folder in ("assets", DRAWINGS):
        if (site / folder).is_dir():
            shutil.copytree(site / folder, out / folder)
    for uri in pages:
        (out / uri).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(site / uri, out / uri)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    listing = environment.get_template("changed.html").render(pages=pages)
    (out / "changed.html").write_text(listing, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
