"""What the search knows of cards, made from their data and not from their pages.

Material's search plugin parses the HTML of each page it is given. Cards are not given to it: their entries, one a card
with title, prompt, topics and moves, are put into the index that it has written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.content import Item
from studyguide.models import Card
from studyguide.pages import Page
from studyguide.text import to_plain


def entry(page: Page, catalogue: Catalogue) -> dict[str, Any]:
    """The entry of a card's page in the form of Material's index; its text may be HTML, and is words alone."""
    item: Item[Card] = page.context["item"]
    card = item.value
    topics = (catalogue.topic[name].value.title for name in card.topics)
    name = item.id.replace("-", " ")  # often the plainest words for what the card is about
    words = (card.prompt, *topics, *(f"{move.move}." for move in card.strong_outline), name)
    text = escape(" ".join(map(to_plain, words)), quote=False)
    return {"location": page.uri, "title": escape(card.title, quote=False), "text": text, "boost": page.boost}


def with_entries(index: str, entries: Iterable[dict[str, Any]]) -> str:
    """An index with these entries more, as JSON text."""
    data = json.loads(index)
    data["docs"] += entries
    return json.dumps(data, separators=(",", ":"))
