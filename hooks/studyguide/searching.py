"""What the search knows of pages that consist of data, made from the data and not from the pages.

Material's search plugin parses the HTML of each page it is given, and lists of cards would repeat there what the cards
say. These pages are not given to it: their entries, one a page, are put into the index that it has written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from html import escape
from types import MappingProxyType
from typing import Any

from studyguide import models
from studyguide.catalogue import Catalogue
from studyguide.content import Item
from studyguide.pages import Page, excerpt
from studyguide.text import to_plain

#: How much of a card's prompt is searched, in characters: what it is about comes first, and a thousand cards must not
#: weigh on a phone.
PROMPT = 200


def has_data(page: Page) -> bool:
    """Whether the search knows this page from its data."""
    return page.template in _WORDS


def entry(page: Page, catalogue: Catalogue) -> dict[str, Any]:
    """The entry of such a page in the form of Material's index; its text may be HTML, and is words alone."""
    item: Item[Any] = page.context["item"]
    words = map(to_plain, _WORDS[page.template](item, catalogue))
    text = escape(" ".join(words), quote=False)
    return {"location": page.uri, "title": escape(page.title, quote=False), "text": text, "boost": page.boost}


def with_entries(index: str, entries: Iterable[dict[str, Any]]) -> str:
    """An index with these entries more, as JSON text."""
    data = json.loads(index)
    data["docs"] += entries
    return json.dumps(data, separators=(",", ":"))


def _card(item: Item[models.Card], catalogue: Catalogue) -> Iterator[str]:
    card = item.value
    yield excerpt(card.prompt, PROMPT)
    yield from (catalogue.topic[name].value.title for name in card.topics)
    yield from (f"{move.move}." for move in card.strong_outline)
    yield item.id.replace("-", " ")  # often the plainest words for what the card is about


def _round(item: Item[models.Round], _: Catalogue) -> Iterator[str]:
    yield from (item.value.summary, item.value.weak_prep, item.value.strong_prep)
    yield from item.value.signals
    yield from item.value.prepare


def _collection(item: Item[models.Collection], _: Catalogue) -> Iterator[str]:
    yield from (item.value.summary, item.value.when, item.value.how)


#: What is searched on a page, by its template.
_WORDS: MappingProxyType[str, Callable[[Item[Any], Catalogue], Iterator[str]]] = MappingProxyType(
    {"card.html": _card, "round.html": _round, "collection.html": _collection}
)
