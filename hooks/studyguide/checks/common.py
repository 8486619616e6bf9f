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


def unvetted(content: Content) -> Iterator[Item[Any]]:
    """The items for the checks that look at one alone: those that have not passed them before, unchanged."""
    return (item for item in all_items(content) if not item.vetted)


def unvetted_texts(content: Content) -> Iterator[tuple[Item[Any], Loc, str]]:
    """Every text of these."""
    return ((item, loc, text) for item in unvetted(content) for loc, text in item.texts)


def unvetted_cards(content: Content) -> Iterator[Item[Card]]:
    """The cards among them."""
    return (item for item in content.cards if not item.vetted)


def field_of(loc: Loc) -> str:
    """The field that a text is in, by itself or in a list."""
    return next((step for step in reversed(loc) if isinstance(step, str)), "")


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
