"""Messages and walks that several groups of rules share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from studyguide.content.kinds import KINDS
from studyguide.content.models import Card
from studyguide.content.notebook_source import Cell, Script
from studyguide.content.read import Content, Item
from studyguide.content.yaml_source import Loc

T = TypeVar("T")


def all_items(content: Content) -> Iterator[Item[Any]]:
    """Every item of every kind, notebooks included."""
    for kind in KINDS:
        yield from getattr(content, kind.name)


def language(content: Content) -> str:
    """The guide's language, without its script and region."""
    return content.site[0].value.lang.split("-")[0] if content.site else "en"


def is_english(content: Content) -> bool:
    """Whether rules about English words apply."""
    return language(content) == "en"


def unvetted_texts(content: Content) -> Iterator[tuple[Item[Any], Loc, str]]:
    """Every text for the checks that look at one alone: those of items that have not passed them before, unchanged."""
    return ((item, loc, text) for item in all_items(content) if not item.vetted for loc, text in item.texts)


def unvetted_cards(content: Content) -> Iterator[Item[Card]]:
    """The cards for the checks that look at one alone: those that have not passed them before, unchanged."""
    return (item for item in content.cards if not item.vetted)


def prose(content: Content) -> Iterator[tuple[Script, Cell]]:
    """The prose of the notebooks, by cell."""
    return ((script, cell) for script in content.scripts.values() for cell in script.cells if cell.prose)


def repeated(things: Iterable[tuple[Hashable, T]]) -> Iterator[tuple[T, T]]:
    """Each thing whose key came before, with the first thing of that key."""
    first: dict[Hashable, T] = {}
    for key, thing in things:
        if key in first:
            yield thing, first[key]
        first.setdefault(key, thing)
