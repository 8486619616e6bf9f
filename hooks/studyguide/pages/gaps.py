"""What the guide has too little of: topics with few cards, and levels that a round hardly asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from studyguide.catalogue import Catalogue
from studyguide.content import models
from studyguide.content.models import LEVELS
from studyguide.content.read import Item

#: A topic with fewer cards than this is thin: one can be read in a breath, and teaches nothing about the others.
FEW_IN_TOPIC = 4
#: A round hardly asks a level that has less than this share of its cards, where a third would be even.
FEW_AT_LEVEL = 0.25


@dataclass(frozen=True)
class ThinTopic:
    """A topic and how many cards it has."""

    topic: Item[models.Topic]
    cards: int


@dataclass(frozen=True)
class Row:
    """A round's cards by level, in the order of levels, and which of these are thin."""

    round: Item[models.Round]
    numbers: tuple[int, ...]
    thin: tuple[bool, ...]


@dataclass(frozen=True)
class Wanted:
    """Thin topics, thinnest first, and every round by level."""

    topics: tuple[ThinTopic, ...]
    rows: tuple[Row, ...]


def wanted(catalogue: Catalogue) -> Wanted:
    """What a new card would help most with."""
    thin = [
        ThinTopic(topic, number)
        for topic in catalogue.topics
        if (number := len(catalogue.cards_of_topic.get(topic.id, ()))) < FEW_IN_TOPIC
    ]
    rows = []
    for item in catalogue.rounds:
        by_level: Counter[str] = Counter(card.value.level for card in catalogue.cards_of_round.get(item.id, ()))
        numbers = tuple(by_level[level] for level in LEVELS)
        least = max(1.0, FEW_AT_LEVEL * sum(numbers))
        rows.append(Row(item, numbers, tuple(number < least for number in numbers)))
    return Wanted(tuple(sorted(thin, key=lambda one: (one.cards, one.topic.value.title.casefold()))), tuple(rows))
