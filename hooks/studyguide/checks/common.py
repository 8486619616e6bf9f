"""Messages and walks that several groups of rules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studyguide.content.read import Content, Item


def all_items(content: Content) -> Iterator[Item[Any]]:
    """Every item of every kind, notebooks included."""
    for kind in (
        content.cards,
        content.rounds,
        content.checklists,
        content.plans,
        content.worksheets,
        content.roles,
        content.collections,
        content.topics,
        content.glossary,
        content.resources,
        content.notebooks,
        content.site,
    ):
        yield from kind


def is_english(content: Content) -> bool:
    """Whether rules about English words apply."""
    return all(item.value.lang.split("-")[0] == "en" for item in content.site)


def unvetted(content: Content) -> Iterator[Item[Any]]:
    """Items for the checks that look at one item alone: those that have not passed them before, unchanged."""
    return (item for item in all_items(content) if not item.vetted)
