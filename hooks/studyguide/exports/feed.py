"""Edition -> an Atom feed (RFC 4287) of reviewed cards.

An entry is a card, for good: a new card brings a new entry, and a new review moves its `updated`. The ids are tag URIs
(RFC 4151) that know nothing of the host, so a guide that moves is not read twice.
"""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

from studyguide.exports.edition import Edition
from studyguide.pages.listing import card_uri, excerpt
from studyguide.text import markdown

URI = "feed.xml"
_ATOM = "http://www.w3.org/2005/Atom"
#: The year in which these ids were first made, as a tag URI asks; it stays.
_MINTED = "2026"


def feed(edition: Edition) -> bytes:
    """The feed, newest first. Addresses are absolute where the edition knows its host, else from the feed's place."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(
        f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": edition.catalogue.site.value.lang}
    )
    site = edition.catalogue.site.value
    cards = sorted(edition.catalogue.cards, key=lambda card: card.value.reviewed, reverse=True)
    _add(root, "id", _tag(edition, ""))
    _add(root, "title", site.title)
    _add(root, "subtitle", markdown.to_plain(site.lead))
    _add(root, "updated", _moment(cards[0].value.reviewed))
    _add(root, "link", rel="self", type="application/atom+xml", href=edition.url(URI))
    _add(root, "link", rel="alternate", type="text/html", href=edition.url("index.html"))
    _add(_add(root, "author"), "name", site.title)
    for card in cards:
        value = card.value
        entry = _add(root, "entry")
        _add(entry, "id", _tag(edition, f"cards/{card.id}"))
        _add(entry, "title", markdown.to_plain(value.title))
        _add(entry, "updated", _moment(value.reviewed))
        _add(entry, "link", rel="alternate", type="text/html", href=edition.url(card_uri(card.id)))
        _add(entry, "summary", excerpt(edition.renderer.with_values(value.posed), 300))
        _add(entry, "category", term=value.round, label=edition.catalogue.round[value.round].value.title)
        for topic in value.topics:
            _add(entry, "category", term=topic, label=edition.catalogue.topic[topic].value.title)
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add(parent: ElementTree.Element, name: str, words: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = words
    return element


def _tag(edition: Edition, what: str) -> str:
    return f"tag:{edition.id},{_MINTED}:{what}"


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
