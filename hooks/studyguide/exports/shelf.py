"""Everything that readers can take away, and the Downloads page that says what each file is.

What comes from the catalogue is made within each build, so its links always lead somewhere. What is made from the built
site, and the PDFs, come afterwards (cli/downloads.py), and the page's list is filled anew when they are there.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from studyguide.exports import anki, data, feed, markdown
from studyguide.exports.edition import Edition, Export
from studyguide.exports.files import digest
from studyguide.pages.listing import Page
from studyguide.problems import count

PAGE = "downloads/index.html"
SUMS = "downloads/SHA256SUMS"
#: The list stands between these two lines of the page; what is made later takes its place there.
BEGIN, END = "<!-- downloads -->", "<!-- /downloads -->"
#: Groups in the order of the page; each is a section of it, and a target of `make`.
GROUPS = MappingProxyType({"zip": "Offline copy", "anki": "Anki", "pdf": "PDF", "data": "For programs", "feed": "Feed"})


@dataclass(frozen=True)
class Entry:
    """A line of the page. ``size`` is in bytes, ``day`` that of the edition it was made from."""

    group: str
    uri: str
    title: str
    what: str
    size: int
    sha256: str
    day: datetime.date


def exports(edition: Edition) -> list[Export]:
    """What is made from the catalogue alone, in the order of the page."""
    name = edition.id
    cards = len(edition.catalogue.cards)

    notes = cache(partial(anki.notes, edition))  # made once, when the first of the two files is asked for

    return [
        Export.of_file(
            "anki",
            f"downloads/{name}.apkg",
            "Anki package",
            f"{count(cards, 'note')} in a deck for each round, with the pictures of evidence.",
            lambda: anki.package(edition, notes()),
        ),
        Export.of_file(
            "anki",
            f"downloads/{name}.tsv",
            "Notes, separated by tabs",
            "The same notes as text for Anki's import, without pictures and style.",
            lambda: anki.table(edition, notes()),
        ),
        Export(
            "data",
            data.ALL,
            "All cards as JSON",
            f"{count(cards, 'card')}, every field as Markdown, with the numbers of the notebooks put in.",
            partial(data.files, edition),
        ),
        Export(
            "data",
            markdown.LIST,
            "llms.txt",
            "What is in the guide, and the address of each page's Markdown copy.",
            partial(markdown.files, edition),
        ),
        Export.of_file(
            "feed", feed.URI, "Atom feed", "Cards by the day of their last review.", partial(feed.feed, edition)
        ),
    ]


def zip_uri(edition: Edition) -> str:
    return f"downloads/{edition.id}.zip"


def entry(export: Export, content: bytes, when: datetime.datetime) -> Entry:
    """The line of an export whose first file is ``content``."""
    return Entry(export.group, export.uri, export.title, export.what, len(content), digest(content), when.date())


def sums(entries: Iterable[Entry]) -> bytes:
    """The checksums as `sha256sum --check` reads them, in the folder where a reader has put the files."""
    return "".join(f"{item.sha256}  {item.uri.rpartition('/')[2]}\n" for item in entries).encode()


def page(edition: Edition, entries: Iterable[Entry]) -> Page:
    """The Downloads page, with the list as it stands at the time of the build."""
    lead = "The guide as a copy of your own: on disk, on paper, in Anki, as data. No account, and nothing is counted."
    context = {"lead": lead, "shelf": shelf_html(edition, entries), "begin": BEGIN, "end": END}
    return Page(PAGE, "Downloads", lead, "downloads.html", context, boost=0.5)


def shelf_html(edition: Edition, entries: Iterable[Entry], *, offline: bool = False) -> str:
    """The list of what there is. ``offline``: for the page inside the offline copy, which cannot hold itself."""
    given = list(entries)
    context = {
        "sections": [
            (group, title, [item for item in given if item.group == group]) for group, title in GROUPS.items()
        ],
        "example": edition.catalogue.cards[0],
        "sums": SUMS,
        "guide": edition.title,
        "edition_tag": anki.edition_tag(edition),
        "offline": offline,
        "home": edition.url(PAGE) if edition.address else "",
    }
    return edition.renderer.render("downloads_list.html", PAGE, context)


def filled(html: str, shelf: str) -> str:
    """The page with another list. Raises `ValueError` where the page has no place for one."""
    before, begin, rest = html.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE} must hold its list between {BEGIN} and {END}, and does not: build the site again")
    return f"{before}{BEGIN}\n{shelf}\n{END}{after}"
