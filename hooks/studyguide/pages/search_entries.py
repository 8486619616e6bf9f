"""What the search knows of pages that consist of data, made from the data and not from the pages.

Material's search plugin parses the HTML of each page it is given, and lists of cards would repeat there what the cards
say, and notebooks all their code. These pages are not given to it: their entries are put into the index that it has
written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from types import MappingProxyType
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.content import models
from studyguide.content.read import Item
from studyguide.pages.listing import Page
from studyguide.text.markdown import to_plain

_SECTION = re.compile(r'<h([1-6])\b[^>]*?\bid="([^"]*)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"(</?(?:a|code|em|strong)\b[^>]*>)|<[^>]*>")


def has_data(page: Page) -> bool:
    """Whether the search knows this page from its data."""
    return page.template in _WORDS or "cells" in page.context


def entries(page: Page, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """What such a page is in Material's index, whose texts may be HTML, and are words alone here.

    One entry, and for a notebook one more for each section of its prose; code and outputs are not searched.
    """
    title = escape(page.title, quote=False)
    if "cells" in page.context:
        prose = "\n".join(cell.prose for cell in page.context["cells"])
        before, *sections = _SECTION.split(prose)
        found = [["", title, before]]
        for level, anchor, heading, text in zip(*(iter(sections),) * 4, strict=True):
            if level == "1":
                found[-1][2] += text
            else:
                found.append([f"#{anchor}", heading, text])
        for anchor, heading, html in found:
            yield _entry(page, anchor, _without_tags(heading), _without_tags(html))
    else:
        item: Item[Any] = page.context["item"]
        words = map(to_plain, _WORDS[page.template](item, catalogue))
        yield _entry(page, "", title, escape(" ".join(words), quote=False))


def _entry(page: Page, anchor: str, title: str, text: str) -> dict[str, Any]:
    return {"location": f"{page.uri}{anchor}", "title": title, "text": text, "boost": page.boost}


def _without_tags(html: str) -> str:
    return " ".join(_TAG.sub(lambda found: "" if found[1] else " ", html).split())


def with_entries(index: str, entries: Iterable[dict[str, Any]]) -> str:
    """An index with these entries more, as JSON text."""
    data = json.loads(index)
    data["docs"] += entries
    return json.dumps(data, separators=(",", ":"))


def _card(item: Item[models.Card], catalogue: Catalogue) -> Iterator[str]:
    card = item.value
    yield from card.asked_as
    yield from (catalogue.term[name].value.term for name in card.terms)
    yield from (alias for name in card.terms for alias in catalogue.term[name].value.aliases)
    yield from (catalogue.topic[name].value.title for name in card.topics)
    yield card.takeaway
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
