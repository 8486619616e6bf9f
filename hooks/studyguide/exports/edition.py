"""One edition of the guide, as every export takes it: what is in it, when it is from, and where it will stand.

Nothing here reads a clock. Two editions of the same commit are equal, so their exports are the same bytes.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from studyguide.cache import Cache
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.content.identity import OURS
from studyguide.content.models.fields import URL_PATTERN
from studyguide.content.read import visible
from studyguide.exports.files import LATEST
from studyguide.files import EPOCH_VARIABLE, last_commit, work_folder
from studyguide.notebooks.execute import Progress, run_notebooks
from studyguide.notebooks.run import runs_folder
from studyguide.pages.render import Renderer

#: Where the site will stand, if anybody has said so.
URL_VARIABLE = "STUDYGUIDE_URL"


@dataclass(frozen=True)
class Edition:
    """``when`` is in UTC, whole seconds. ``address`` ends in a slash, or is empty where nobody has named a host.

    ``guides`` holds the hand-written pages as Markdown, by their address without ``.md``.
    """

    renderer: Renderer
    when: datetime.datetime
    address: str = ""
    guides: Mapping[str, str] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return self.renderer.catalogue

    @property
    def title(self) -> str:
        return self.catalogue.site.value.title

    @property
    def id(self) -> str:
        """The guide's id, which is also the beginning of its files' names: ``strong-answer``."""
        return self.catalogue.site.value.id

    def url(self, uri: str) -> str:
        """The address of a page or file; from the root of the site where the host is not known."""
        return f"{self.address}{uri}"


@dataclass(frozen=True)
class Export:
    """Something that a reader can take away.

    ``uri`` is the address of the file that the Downloads page names, from the root of the site; ``make`` gives that
    file and all that belong with it, by address. It raises `ContentError` with the place of what cannot be carried.
    """

    group: str
    uri: str
    title: str
    what: str
    make: Callable[[], Mapping[str, bytes]]

    @classmethod
    def of_file(cls, group: str, uri: str, title: str, what: str, make: Callable[[], bytes]) -> Export:
        """An export that is one file."""
        return cls(group, uri, title, what, lambda: {uri: make()})


def load_guide(
    root: Path,
    content: Path,
    *,
    address: str | None = None,
    cache: Cache | None = None,
    stage: Callable[[str], AbstractContextManager[None]] = lambda name: nullcontext(),
    report: Callable[[Progress], None] = lambda progress: None,
) -> Edition:
    """The one way in: a content folder, read, checked, its notebooks run, as an edition of the project at ``root``.

    ``address`` is the site's (default: ``STUDYGUIDE_URL``). ``stage`` is entered around each part of the work, and
    ``report`` told of each notebook. Raises `ContentError` with every problem; `ValueError` for a bad address or time.
    """
    url = os.environ.get(URL_VARIABLE, "") if address is None else address
    if url and (not re.fullmatch(URL_PATTERN, url) or "?" in url or "#" in url):
        raise ValueError(
            f"{URL_VARIABLE} must be a full address that pages can be put behind, such as https://example.org/guide/, "
            f"found '{url}': write it in ASCII, without a user name, '?' or '#', or unset it"
        )
    with stage("content"):
        catalogue = require_catalogue(content, cache)
    with stage("notebooks"):
        runs = run_notebooks(
            catalogue.scripts, content / "notebooks", runs_folder(work_folder(root, content)), report=report
        )
    return read_edition(Renderer(catalogue, runs, cache), root, url)


def edition_time(catalogue: Catalogue) -> datetime.datetime:
    """When an edition is from: ``SOURCE_DATE_EPOCH``, else the last commit of its repository, else the newest review.

    Raises `ValueError` where that is no number of seconds or too late, and where git refuses.
    """
    seconds = os.environ.get(EPOCH_VARIABLE) or last_commit(catalogue.folder)
    if seconds is None:
        return newest_review(catalogue)
    if not re.fullmatch(r"\d{1,10}", str(seconds)) or int(seconds) > LATEST:
        raise ValueError(
            f"an edition's time ({EPOCH_VARIABLE}, else that of the last commit) must be a number of seconds since "
            f"1970 that ZIP can say, at most {LATEST}, found '{seconds}': set {EPOCH_VARIABLE} to such a number"
        )
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def newest_review(catalogue: Catalogue) -> datetime.datetime:
    """The day of the newest review of a card, at midnight."""
    day = max(card.value.reviewed for card in catalogue.cards)
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def read_edition(renderer: Renderer, root: Path, address: str) -> Edition:
    """The edition of a project at ``root``; ``address`` is the site's, or empty.

    The hand-written guides are those of our guide; another has none.
    """
    guides: dict[str, str] = {}
    if renderer.catalogue.site.value.id == OURS:
        files = sorted(visible((root / "docs" / "guides").glob("*.md")))
        guides = {f"guides/{file.stem}": file.read_text(encoding="utf-8-sig") for file in files}
    ends = address if address.endswith("/") or not address else f"{address}/"
    return Edition(renderer, edition_time(renderer.catalogue), ends, guides)
