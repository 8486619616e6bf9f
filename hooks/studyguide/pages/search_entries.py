"""What the search knows of pages that consist of data, made from the data and not from the pages.

Material's search plugin parses the HTML of each page it is given, and lists of cards would repeat there what the cards
say, and notebooks all their code. These pages are not given to it: their entries are put into the index that it has
written.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import repeat
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.content import models
from studyguide.content.read import Item
from studyguide.pages.listing import Page
from studyguide.pages.render import FORM_NAMES, LEVEL_NAMES
from studyguide.text.markdown import to_plain

#: How much of a section of a guide or a notebook is searched, in characters.
SECTION = 90
#: How many words stand for what a card says, and how often one counts that a follow-up asks with: whoever types that
#: question looks for this card. They find more than the takeaway did, at less than half of its size
#: (docs/decisions/search.md).
SUBJECT_WORDS, FOLLOW_UP_WEIGHT = 8, 8
#: Pages of which a summary is searched.
_SUMMED_UP = ("round.html", "collection.html")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ASCII = re.compile(r"[a-z0-9]+")
_NAME = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r".{30,}?[.!?\u061f\u0964](?=\s|$)|.{12,}?[\u3002\uff01\uff1f]", re.DOTALL)
_SECTION = re.compile(r'<h([1-6])\b[^>]*?\bid="([^"]*)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"(</?(?:a|code|em|strong)\b[^>]*>)|<[^>]*>")


def has_data(page: Page) -> bool:
    """Whether the search knows this page from its data."""
    return page.template in (*_SUMMED_UP, "card.html", "cram.html", "glossary.html") or "cells" in page.context


def entries(pages: Iterable[Page], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """What such pages are in Material's index, whose texts may be HTML, and are words alone here.

    One entry a page, and for a notebook one more for each section of its prose; code and outputs are not searched.
    """
    words = subject_words(catalogue.cards)
    terms = {item.id: place for place, item in enumerate(catalogue.glossary)}
    for page in pages:
        yield from _entries(page, catalogue, words, terms)


def _entries(
    page: Page, catalogue: Catalogue, words: Mapping[str, list[str]], terms: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
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
            yield _entry(page, anchor, _without_tags(heading), _beginning(_without_tags(html)))
    elif page.template == "card.html":
        item: Item[Any] = page.context["item"]
        yield _card(page, item, catalogue, words[item.id], terms)
    elif page.template == "cram.html":
        yield _entry(page, "", title, _plain(page.description))
    elif page.template == "glossary.html":
        yield from _glossary(page, catalogue)
    else:
        yield _entry(page, "", title, _plain(page.context["item"].value.summary))


def _entry(page: Page, anchor: str, title: str, text: str) -> dict[str, Any]:
    return {"location": f"{page.uri}{anchor}", "title": title, "text": text, "boost": page.boost}


def _without_tags(html: str) -> str:
    return " ".join(_TAG.sub(lambda found: "" if found[1] else " ", html).split())


def _beginning(text: str) -> str:
    """As much of a section as says what it is about: hundreds of sections weigh on a phone."""
    return text if len(text) <= SECTION else text[:SECTION].rpartition(" ")[0]


def with_entries(index: str, entries: Iterable[dict[str, Any]]) -> str:
    """An index with these entries more, as JSON text; of the sections that it has, their beginnings.

    It is told by fields, each a list of what the entries have of it, null where one has none. Like beside like, it
    compresses to a twenty-fifth less than entry by entry. An anchor that its title gives is left out, which is as much
    again: ``glossary.html#`` of "Learning rate" is ``glossary.html#learning-rate``.
    """
    data = json.loads(index)
    docs = data["docs"]
    for section in docs:
        section["text"] = _beginning(_without_tags(section["text"]))
    docs += entries
    for entry in docs:
        page, hash_, anchor = entry["location"].partition("#")
        if anchor == "-".join(_ASCII.findall(entry["title"].lower())):
            entry["location"] = page + hash_
    fields = sorted({field for entry in docs for field in entry})
    data["docs"] = {field: [entry.get(field) for entry in docs] for field in fields}
    return json.dumps(data, separators=(",", ":"))


def subject_words(cards: Iterable[Item[models.Card]]) -> dict[str, list[str]]:
    """The words that each card, by its id, says most, beside how many cards say them.

    Ranked by tf-idf: how often the card says a word, those of its follow-ups' questions more often, times the logarithm
    of the cards for each card that says it.
    """
    said = {item.id: Counter(_WORD.findall(" ".join(_said(item.value)).lower())) for item in cards}
    cards_with = Counter(word for words in said.values() for word in words)

    def best(words: Counter[str]) -> list[str]:
        rank = {word: times * math.log(len(said) / cards_with[word]) for word, times in words.items()}
        return sorted(sorted(words, key=lambda word: (-rank[word], word))[:SUBJECT_WORDS])

    return {id: best(words) for id, words in said.items()}


def _said(card: models.Card) -> Iterator[str]:
    yield from (card.prompt or "", card.say_first, card.takeaway, card.whats_being_tested)
    yield from (card.weak_answer.says, card.weak_answer.misses, *card.red_flags)
    for move in card.strong_outline:
        yield from (move.move, move.detail)
    for follow_up in card.follow_ups:
        yield from (*repeat(follow_up.ask, FOLLOW_UP_WEIGHT), follow_up.listen_for)


def _card(
    page: Page, item: Item[models.Card], catalogue: Catalogue, words: list[str], terms: Mapping[str, int]
) -> dict[str, Any]:
    """A card: the questions it answers, its terms by their places in the glossary, where their names are, and the words
    that it says most, but for those that its title or a question has; of what a result shows, its kind and the first
    sentence to say."""
    card = item.value
    named = {word.lower() for line in (card.title, *card.asked_as) for word in _NAME.findall(line)}
    more = [word for word in (*item.id.split("-"), *words) if word not in named]
    about = (FORM_NAMES[card.form], catalogue.round[card.round].value.title, LEVEL_NAMES[card.level])
    return {
        **_entry(page, "", escape(card.title, quote=False), " ".join(more)),
        "asked": [_plain(line) for line in card.asked_as],
        "terms": [terms[id] for id in card.terms],
        "about": " · ".join(map(_plain, about)),
        "say": _plain(_first_sentence(to_plain(card.say_first))),
    }


def _glossary(page: Page, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """The page, and each of its terms."""
    yield _entry(page, "", escape(page.title, quote=False), _plain(page.description))
    for item in catalogue.glossary:
        term = item.value
        aliases = [*term.aliases, *term.forms]
        text = _plain(_first_sentence(to_plain(term.definition)))
        yield {**_entry(page, f"#{item.id}", _plain(term.term), text), "aliases": aliases}


def _plain(text: str) -> str:
    return escape(to_plain(text), quote=False)


def _first_sentence(text: str) -> str:
    match = _SENTENCE.match(text)
    return match[0].strip() if match else text
