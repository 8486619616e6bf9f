"""Messages and walks that several groups of rules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studyguide.content.read import Content, Item

#: What the messages about a card say; the form on the site says the same words about a card that is being written.
SAYS = {
    "bad-id": "the name must be lower-case words joined by hyphens, found '{found}': rename it",
    "duplicate-id": "must have an id of its own, found '{found}' again (first in {other}): rename one",
    "unknown-reference": "must name a {kind} that exists, found '{found}': {remedy}",
    "unknown-cell": "must name a cell of {notebook} tagged 'evidence: ...', found '{found}': {remedy}",
    "repeated-reference": "must name each thing once, found '{found}' again: remove it",
    "self-reference": "must name other cards, found this card itself: remove it",
    "near-duplicate": "the prompt must be unlike every other, found {part} of its phrases in {other}: "
    "change the situation, or merge the cards",
    "duplicate-title": "must have a title of its own, found that of {other}: rename one",
    "stub": "must be finished text, found '{found}': write it, or leave the card out for now",
    "printed": "must begin with a number, found '{found}': put the number first, then its unit",
    "unknown-value-name": "must be a value that a notebook publishes, found '{found}': {remedy}",
    "future-date": "'{name}' must not lie ahead, found {found}: write the day of the review",
}


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


def unvetted(content: Content) -> Iterator[Item[Any]]:
    """Items for the checks that look at one item alone: those that have not passed them before, unchanged."""
    return (item for item in all_items(content) if not item.vetted)
