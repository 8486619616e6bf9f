"""Entries of the files that hold lists: topics, terms, resources."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from studyguide.content.models.fields import Id, Model, OwnId, Url, several, text


class Topic(Model):
    """A subject that cards share."""

    kind: ClassVar[str] = "topic"

    id: OwnId
    title: str = text(2, 50, "The name of the topic.")
    summary: str = text(10, 200, "What belongs to it.")


class Term(Model):
    """A glossary entry of two lines."""

    kind: ClassVar[str] = "term"

    id: OwnId
    term: str = text(2, 60, "The term as written in the middle of a sentence.")
    aliases: tuple[Annotated[str, text(2, 60, "Another spelling.")], ...] = several(
        0, 6, "Other spellings, linked in texts; a word of everyday language belongs into forms.", optional=True
    )
    forms: tuple[Annotated[str, text(2, 60, "A word form that counts as a use of the term in a card.")], ...] = several(
        0, 8, "Word forms that count as a use of the term in a card, but are not linked.", optional=True
    )
    definition: str = text(20, 320, "Two lines: what it is, and when it matters or breaks.")
    card: Annotated[Id | None, Field(description="The card that uses it best.")] = None
    not_in: tuple[Id, ...] = several(0, 20, "Cards in which the word means something else.", optional=True)


class Resource(Model):
    """Something outside the guide that is worth a reader's time."""

    kind: ClassVar[str] = "resource"

    id: OwnId
    title: str = text(3, 120, "Its name, as its makers write it.")
    sort: Annotated[
        Literal["practice", "course", "book", "papers", "mock", "tool", "blog"], Field(description="What it is.")
    ]
    url: Annotated[Url, Field(description="Where it is.")]
    best_for: str = text(20, 260, "What it is best for.")
    cost: str = text(3, 120, "Licence or cost, as known on the day it was checked.")
    checked: Annotated[datetime.date, Field(description="The day this entry was checked.")]
