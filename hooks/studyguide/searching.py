"""What the search knows of cards, made from their data and not from their pages.

Material's search plugin parses the HTML of each page it is given. Cards are not given to it: their entries, one a card
with title, prompt, topics and moves, are put into the index that it has written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from studyguide.pages import Page
from studyguide.render import Renderer


def entry(page: Page, renderer: Renderer) -> dict[str, Any]:
    """The entry of a card's page in the form of Material's index; its text is HTML."""
    text = renderer.render("search-entry.html", page.uri, page.context)
    return {"location": page.uri, "title": page.title, "text": text, "boost": page.boost}


def with_entries(index: str, entries: Iterable[dict[str, Any]]) -> str:
    """An index with these entries more, as JSON text."""
    data = json.loads(index)
    data["docs"] += entries
    return json.dumps(data, separators=(",", ":"))
