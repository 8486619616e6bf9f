"""Make the PDFs: the whole guide, a booklet for each round, a sheet for each checklist.

Each file is replaced when its successor is whole; what cannot be made is named with its place and keeps its last good
file.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from studyguide.cli.common import UsageError, add_content, add_jobs, content_folder, make, project_folder
from studyguide.exports.edition import load_guide
from studyguide.exports.pdf import pdf_files
from studyguide.exports.pdf_typesetting import PdfUnavailableError, what_is_missing
from studyguide.files import work_folder
from studyguide.parallel import as_they_end, pool
from studyguide.problems import ContentError, count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, such as 'checklists/*' (default: all)")
    add_content(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to (default: dist/downloads/pdf of the project)")
    add_jobs(parser)


def run(options: argparse.Namespace) -> int:
    content = content_folder(options)
    out = options.out or work_folder(project_folder(), content) / "dist" / "downloads" / "pdf"
    return 0 if make_pdfs(content, out, options.names, options.jobs) else 1


def make_pdfs(content: Path, out: Path, patterns: Sequence[str], jobs: int) -> bool:
    """Make the PDFs whose names fit a pattern, or all; ``False``, after saying why, where not all could be made."""
    if (missing := what_is_missing(sys.platform)) is not None:
        print(missing, file=sys.stderr)
        return False
    began = time.perf_counter()
    try:
        names = [pdf.uri for pdf in pdf_files(load_guide(project_folder(), content))]
    except (ContentError, ValueError) as error:
        print(error, file=sys.stderr)
        return False
    for pattern in patterns:
        if not any(fnmatch(name, pattern) for name in names):
            raise UsageError(f"'{pattern}' names no PDF; there are {', '.join(names)}")
    wanted = [name for name in names if not patterns or any(fnmatch(name, each) for each in patterns)]
    # In processes of their own, also where one would do: what typesets needs memory, and gives little of it back.
    shares = share_out(wanted, jobs)
    with pool(len(shares)) as processes:
        futures = [processes.submit(_make_share, content, out, share) for share in shares]
        failed = [name for future in as_they_end(futures) for name in future.result()]
    print(f"{count(len(wanted) - len(failed), 'PDF')} in {time.perf_counter() - began:.0f} s.")
    if failed:
        print(f"Not made: {', '.join(sorted(failed))}. What was there before is as it was.", file=sys.stderr)
    return not failed


def share_out(names: Sequence[str], jobs: int) -> list[list[str]]:
    """The names for each process. The first PDF is the whole guide and costs as much as all others together."""
    if jobs == 1 or len(names) < 2:
        return [list(names)]
    rest = [list(names[1:][number :: jobs - 1]) for number in range(jobs - 1)]
    return [[names[0]], *(share for share in rest if share)]


def _make_share(content: Path, out: Path, names: Sequence[str]) -> list[str]:
    """Make and write some PDFs, saying so; the names of those that could not be made."""
    edition = load_guide(project_folder(), content)
    failed = []
    for pdf in pdf_files(edition):
        try:
            if pdf.uri in names and not make(pdf, edition, out):
                failed.append(pdf.uri)
        except PdfUnavailableError as error:
            print(f"{pdf.uri}: {error}", file=sys.stderr)
            failed.append(pdf.uri)
    return failed
