"""Rules about prompts: no two cards pose the same situation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from studyguide.checks.texts import stub
from studyguide.content.characters import words
from studyguide.content.read import Content, Item
from studyguide.problems import Problem

#: Prompts that share this much of their three-word phrases ask the same question; see `prompts_differ`.
NEAR_DUPLICATE = 0.6


def prompts_differ(content: Content) -> Iterator[Problem]:
    """Two cards that pose the same situation: one of them goes, or changes.

    The measure is the share of the shorter prompt's three-word phrases that the other prompt holds too (shingle
    containment: Broder, "On the resemblance and containment of documents", 1997).

    Bad: the same prompt with another number in it.
    Good: one card, with the other number in a follow-up.
    """
    for later, earlier, part in alike(content):
        if part >= NEAR_DUPLICATE:
            message = (
                f"the prompt must be unlike every other, found {part:.0%} of its phrases in {earlier.path}: "
                "change the situation, or merge the cards"
            )
            yield later.problem("near-duplicate", message, "prompt")


def alike(content: Content) -> Iterator[tuple[Item[Any], Item[Any], float]]:
    """Every two cards that share a phrase of their prompts: the later, the earlier, and the share (0 to 1)."""
    # Plain questions differ in `asked_as`, and prompts that are not written yet are alike.
    cards = [item for item in content.cards if item.value.prompt and not stub(item.value.prompt)]
    phrases = [_shingles(item.value.posed) for item in cards]
    by_shingle: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(cards):
        shared: Counter[int] = Counter()
        for shingle in phrases[number]:
            shared.update(by_shingle[shingle])
            by_shingle[shingle].append(number)
        for other, found in shared.items():
            yield item, cards[other], found / min(len(phrases[number]), len(phrases[other]))


def _shingles(text: str) -> set[str]:
    """The phrases of three words that a text holds."""
    found = words(text.replace("'", ""))
    return {" ".join(phrase) for phrase in zip(found, found[1:], found[2:], strict=False)}
