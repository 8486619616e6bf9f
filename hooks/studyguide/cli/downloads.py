"""Make what readers can take away, put it into dist/, and from there into the built site with its Downloads page.

Each file is replaced when its successor is whole. What cannot be made is named with its place, and the last good file
stays.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from studyguide.cli.common import UsageError, add_content, command, content_folder, make, project_folder
from studyguide.cli.pdf import make_pdfs
from studyguide.exports import feed, pdf, shelf
from studyguide.exports.edition import URL_VARIABLE, Edition, Export, load_guide
from studyguide.exports.offline import offline_copy
from studyguide.files import tidy_halves, work_folder, write_whole
from studyguide.problems import ContentError

OFFERED = ", ".join(shelf.GROUPS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"what to make, of {OFFERED} (default: all)")
    add_content(parser)
    parser.add_argument("--site", type=Path, metavar="DIR", help="the built site (default: site of the project)")
    parser.add_argument(
        "--dist", type=Path, metavar="DIR", help="where the files are kept (default: dist of the project)"
    )


def run(options: argparse.Namespace) -> int:
    groups = options.groups or list(shelf.GROUPS)
    for name in groups:
        if name not in shelf.GROUPS:
            raise UsageError(f"GROUP must be one of {OFFERED}, found '{name}'")
    root, content = project_folder(), content_folder(options)
    work = work_folder(root, content)
    site, dist = options.site or work / "site", options.dist or work / "dist"
    if "zip" in groups and not (site / shelf.PAGE).is_file():
        raise UsageError(
            f"--site must be a built site, and '{site}' holds no {shelf.PAGE}: run `{command('build', content)}`"
        )
    try:
        edition = load_guide(root, content)
    except (ContentError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for folder in (dist, site):
        tidy_halves(folder)
    if "feed" in groups and not edition.address:
        print(
            f"{feed.URI}: its addresses are relative (cards/...), for nobody has said where the site will stand, and "
            f"feed readers may not follow them: set {URL_VARIABLE}=https://...",
            file=sys.stderr,
        )
    wanted = [export for export in shelf.exports(edition) if export.group in groups]
    failed = [export.uri for export in wanted if not make(export, edition, dist)]
    if "pdf" in groups and not make_pdfs(content, dist / "downloads" / "pdf", (), os.cpu_count() or 1):
        failed.append("PDF")
    publish(edition, site, dist, groups)
    # Last, because it holds the others as they are now.
    if "zip" in groups:
        if not make(offline(edition, site), edition, dist):
            failed.append(shelf.zip_uri(edition))
        publish(edition, site, dist, groups)
    if failed:
        print(f"Not made: {', '.join(failed)}. What was there before is as it was.", file=sys.stderr)
    return 1 if failed else 0


def offline(edition: Edition, site: Path) -> Export:
    what = "Search included; opens from a folder, without a server."
    make = partial(offline_zip, edition, site)
    return Export.of_file("zip", shelf.zip_uri(edition), f"{edition.title}, offline", what, make)


def offline_zip(edition: Edition, site: Path) -> bytes:
    """The built site as it was before anything was added to it, its Downloads page saying what the copy holds."""
    held = [item for item in entries_in(edition, site) if item.group not in ("zip", "pdf")]
    page = (site / shelf.PAGE).read_text(encoding="utf-8")
    replaced = {
        shelf.PAGE: shelf.filled(page, shelf.shelf_html(edition, held, offline=True)).encode(),
        shelf.SUMS: shelf.sums(held),
    }
    known = {item.uri for item in held} | set(replaced)
    later = {file.relative_to(site).as_posix() for file in (site / "downloads").rglob("*") if file.is_file()} - known
    return offline_copy(edition, site, replaced, without=later)


def publish(edition: Edition, site: Path, dist: Path, new_groups: Iterable[str]) -> None:
    """Copy from ``dist`` into the site what the build could not make, and what was made now; then fill the page.

    Without a site there is nothing to do: the files are in ``dist``.
    """
    if not (site / shelf.PAGE).is_file():
        return
    for item in entries_in(edition, dist):
        target = site / item.uri
        if item.group in ("zip", "pdf") or item.group in new_groups or not target.is_file():
            source = dist / item.uri
            write_whole(target, source.read_bytes(), dated(source))
    entries = entries_in(edition, site)
    write_whole(site / shelf.SUMS, shelf.sums(entries), edition.when)
    page = (site / shelf.PAGE).read_text(encoding="utf-8")
    write_whole(site / shelf.PAGE, shelf.filled(page, shelf.shelf_html(edition, entries)).encode(), edition.when)


def entries_in(edition: Edition, folder: Path) -> list[shelf.Entry]:
    """The lines of the Downloads page for the files that exist, each with the day of the edition it is from."""
    pdfs = (replace(export, uri=f"downloads/pdf/{export.uri}") for export in pdf.pdf_files(edition))
    return [
        shelf.entry(export, file.read_bytes(), dated(file))
        for export in (offline(edition, folder), *shelf.exports(edition), *pdfs)
        if (file := folder / export.uri).is_file()
    ]


def dated(file: Path) -> datetime.datetime:
    """The time of the edition that a file is from: `write_whole` dates it so."""
    return datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)
