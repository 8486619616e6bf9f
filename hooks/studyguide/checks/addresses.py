"""Every page of the site that content may link to, and the anchors there, known before anything is run or rendered.

What is no page (an export, a copy as Markdown, a script) is reached from one. Tests compare this with the pages.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote

from studyguide.content.identity import OURS, OWN_FILES
from studyguide.content.kinds import FOLDERS, LISTS
from studyguide.content.models import Card
from studyguide.content.notebook_source import Script
from studyguide.content.read import Content, files_below, visible
from studyguide.content.validate import did_you_mean
from studyguide.files import PACKAGED, project
from studyguide.text.markdown import headings

#: Pages of every guide.
ALWAYS = (
    "index.html", "rounds/index.html", "cards/index.html", "practice/index.html", "practice/mock.html",
    "practice/progress.html", "downloads/index.html", "contributing/write.html", "contributing/wanted.html",
    "contributing/rules.html",
)  # fmt: skip

#: Where readers find notebooks to run themselves, and the data that these read.
COPIES = "notebooks/files/"


def addresses(content: Content) -> set[str]:
    """Every page, by its address from the root of the site."""
    found = {*ALWAYS, *_by_hand(content), *(f"cards/{item.id}.html" for item in content.cards)}
    found |= {f"cram/{item.value.round}.html" for item in content.cards}
    for kind in FOLDERS.values():
        items = getattr(content, kind.name)
        found |= {f"{kind.name}/{item.id}.html" for item in items}
        found |= {f"{kind.listed_with or kind.name}/index.html"} if items else set()
    found |= {f"{kind.name}.html" for kind in LISTS.values() if getattr(content, kind.name)}
    for item in content.notebooks:
        found |= {"notebooks/index.html", f"notebooks/{item.id}.html"}
        found |= {f"{COPIES}{item.id}{end}.ipynb" for end in ("", "-exercise")}
    if content.notebooks:
        found |= notebook_data(content.folder).keys()
    return found


def notebook_data(folder: Path) -> dict[str, Path]:
    """The files that notebooks of a content folder read, by their addresses: beside the copies that readers take."""
    notebooks = folder / "notebooks"
    return {f"{COPIES}{file.relative_to(notebooks).as_posix()}": file for file in files_below(notebooks / "data")}


def _by_hand(content: Content) -> Iterator[str]:
    """The project's hand-written pages and its pictures."""
    docs = (project() or PACKAGED) / "docs"
    left_out = ("decisions/", *(() if any(site.value.id == OURS for site in content.site) else OWN_FILES))
    for file in visible(docs.rglob("*")):
        name = file.relative_to(docs).as_posix()
        if file.suffix in (".md", ".svg", ".png") and not name.startswith(left_out):
            yield f"{name.removesuffix('.md')}.html" if file.suffix == ".md" else name


def anchors(content: Content, page: str) -> set[str]:
    """The anchors of a page that content may name: parts of a card, cells and headings of a notebook, entries of a
    list."""
    folder, _, name = page.removesuffix(".html").rpartition("/")
    if folder == "cards":
        return {anchor for item in content.cards if item.id == name for anchor in _of_card(item.value)}
    if folder == "notebooks" and name in content.scripts:
        return set(_of_notebook(content.scripts[name]))
    ids = {item.id for item in getattr(content, name)} if f"{page.removesuffix('.html')}.yml" in LISTS else set()
    return ids & {topic for item in content.cards for topic in item.value.topics} if name == "topics" else ids


def _of_card(card: Card) -> Iterator[str]:
    yield from ("content", "prompt", "say-first", "takeaway", "red-flags", "weak-answer", "strong-outline", "tested")
    yield from ("follow-ups", "sources", "about")
    yield from (
        name.replace("_", "-") for name in ("ask_first", "example", "workings", "related") if getattr(card, name)
    )
    for name, entries in (("move", card.strong_outline), ("follow-up", card.follow_ups), ("evidence", card.evidence)):
        yield from (f"{name}-{number + 1}" for number in range(len(entries)))


def _of_notebook(script: Script) -> Iterator[str]:
    for cell in script.cells:
        yield from (f"evidence-{name}" for name in cell.evidence[:1])
        yield from (id_ for id_, _ in headings(cell.text)) if cell.prose else ()


def fault(content: Content, pages: Collection[str], page: str, link: str) -> str:
    """What is wrong with a link within the site that stands on a page; nothing where it leads somewhere, or where what
    it names is itself broken. ``pages`` are the `addresses`."""
    folder = posixpath.dirname(page)
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0]) or posixpath.basename(page)
    listed = path.endswith("/") or path in (".", "..")
    target = posixpath.normpath(posixpath.join(folder, path, "index.html" if listed else ""))
    stem = posixpath.basename(target).partition(".")[0]
    if not content.broken.isdisjoint((stem, anchor)) or (stem == "index" and content.broken):
        return ""
    if target not in pages:
        known = (f"../{name}" if folder else name for name in pages)
        return f"must lead to a page of the site, found '{link[:60]}': {did_you_mean(path, known)}"
    parts = anchors(content, target) if anchor else set()
    if not anchor or unquote(anchor) in parts:
        return ""
    remedy = did_you_mean(anchor, parts) if parts else "link to the page as a whole"
    return f"must lead to a part of {target} that can be linked to, found '#{anchor[:60]}': {remedy}"
