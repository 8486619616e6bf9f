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


def thin_topics(catalogue: Catalogue) -> list[Item[models.Topic]]:
    """Topics with few cards, thinnest first, then in the order of the guide."""
    number = {topic.id: len(catalogue.cards_of_topic.get(topic.id, ())) for topic in catalogue.topics}
    thin = (topic for topic in catalogue.topics if number[topic.id] < FEW_IN_TOPIC)
    return sorted(thin, key=lambda topic: number[topic.id])


@dataclass(frozen=True)
class Row:
    """A round's cards by level, in the order of levels, and which of these are thin."""

    round: Item[models.Round]
    numbers: tuple[int, ...]
    thin: tuple[bool, ...]


def cards_by_level(catalogue: Catalogue) -> list[Row]:
    """Every round by level."""
    rows = []
    for item in catalogue.rounds:
        by_level: Counter[str] = Counter(card.value.level for card in catalogue.cards_of_round.get(item.id, ()))
        numbers = tuple(by_level[level] for level in LEVELS)
        least = max(1.0, FEW_AT_LEVEL * sum(numbers))
        rows.append(Row(item, numbers, tuple(number < least for number in numbers)))
    return rows
