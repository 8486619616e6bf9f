"""Messages and walks that several groups of rules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studyguide.content.kinds import KINDS
from studyguide.content.read import Content, Item


def all_items(content: Content) -> Iterator[Item[Any]]:
    """Every item of every kind, notebooks included."""
    for kind in KINDS:
        yield from getattr(content, kind.name)


def is_english(content: Content) -> bool:
    """Whether rules about English words apply."""
    return all(item.value.lang.split("-")[0] == "en" for item in content.site)


def unvetted(content: Content) -> Iterator[Item[Any]]:
    """Items for the checks that look at one item alone: those that have not passed them before, unchanged."""
    return (item for item in all_items(content) if not item.vetted)
