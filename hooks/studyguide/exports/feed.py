"""Edition -> an Atom feed (RFC 4287) of reviewed cards and of the releases that the changelog dates.

An entry is a card, for good: a new card brings a new entry, and a new review moves its `updated`. The ids are tag URIs
(RFC 4151) that know nothing of the host, so a guide that moves is not read twice.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from studyguide.exports.edition import Edition
from studyguide.pages.listing import card_uri, excerpt
from studyguide.problems import ContentError, Problem
from studyguide.text import markdown

URI = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
#: The year in which these ids were first made, as a tag URI asks; it stays.
_MINTED = "2026"
_RELEASE = re.compile(r"^## \[?(?P<name>[^\]\s(]+)\]?\s*(?:[(]|[-–—])\s*(?P<day>\d{4}-\d{2}-\d{2})\)?\s*$")


@dataclass(frozen=True)
class Release:
    """A dated section of the changelog; ``words`` is Markdown."""

    name: str
    day: datetime.date
    words: str


def feed(edition: Edition) -> bytes:
    """The feed, newest first. Addresses are absolute where the edition knows its host, else from the feed's place."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(
        f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": edition.catalogue.site.value.lang}
    )
    site = edition.catalogue.site.value
    cards = sorted(edition.catalogue.cards, key=lambda card: card.value.reviewed, reverse=True)
    published = list(releases(edition.changes))
    days = [card.value.reviewed for card in cards] + [release.day for release in published]
    _add(root, "id", _tag(edition, ""))
    _add(root, "title", site.title)
    _add(root, "subtitle", markdown.to_plain(site.lead))
    _add(root, "updated", _moment(max(days)))
    _add(root, "link", rel="self", type="application/atom+xml", href=edition.url(URI))
    _add(root, "link", rel="alternate", type="text/html", href=edition.url("index.html"))
    _add(_add(root, "author"), "name", site.title)
    for release in published:
        entry = _entry(root, _tag(edition, f"releases/{release.name}"), f"{site.title} {release.name}", release.day)
        _add(entry, "link", rel="alternate", type="text/html", href=edition.url("index.html"))
        _add(entry, "content", markdown.to_html(release.words), type="html")
    for card in cards:
        value = card.value
        entry = _entry(root, _tag(edition, f"cards/{card.id}"), markdown.to_plain(value.title), value.reviewed)
        _add(entry, "link", rel="alternate", type="text/html", href=edition.url(card_uri(card.id)))
        _add(entry, "summary", excerpt(edition.renderer.with_values(value.posed), 300))
        _add(entry, "category", term=value.round, label=edition.catalogue.round[value.round].value.title)
        for topic in value.topics:
            _add(entry, "category", term=topic, label=edition.catalogue.topic[topic].value.title)
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def releases(changes: str) -> Iterator[Release]:
    """The dated sections of a changelog: ``## 1.2.0 (2026-11-21)``. What is unreleased has no date, and waits.

    Raises `ContentError` for a day that no calendar has.
    """
    found: list[tuple[str, datetime.date, list[str]]] = []
    lines: list[str] = []
    for number, line in enumerate(changes.splitlines(), start=1):
        match = _RELEASE.match(line)
        if match:
            lines = []
            try:
                day = datetime.date.fromisoformat(match["day"])
            except ValueError as error:
                message = f"must be a day of the calendar, found '{match['day']}': correct the date of the release"
                problem = Problem("CHANGELOG.md", number, match.start("day") + 1, "export", message)
                raise ContentError([problem]) from error
            found.append((match["name"], day, lines))
        elif line.startswith("## "):
            lines = []
        else:
            lines.append(line)
    for name, day, words in found:
        yield Release(name, day, "\n".join(words).strip())


def _entry(root: ElementTree.Element, id_: str, title: str, day: datetime.date) -> ElementTree.Element:
    entry = _add(root, "entry")
    _add(entry, "id", id_)
    _add(entry, "title", title)
    _add(entry, "updated", _moment(day))
    return entry


def _add(parent: ElementTree.Element, name: str, words: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = words
    return element


def _tag(edition: Edition, what: str) -> str:
    return f"tag:{edition.id},{_MINTED}:{what}"


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
