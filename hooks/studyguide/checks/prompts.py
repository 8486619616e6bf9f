"""Rules about prompts: no two cards pose the same situation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import ceil
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
    cards = _written(content)
    shingles = [_shingles(item.value.posed) for item in cards]
    by_shingle: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            by_shingle[shingle].append(number)
    for number, found in enumerate(shingles):
        # A prompt that holds the share of these holds one of any few more than the rest: only the rarest are looked up
        # (prefix filtering: Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins", 2006).
        enough = max(1, ceil(NEAR_DUPLICATE * len(found)))
        rarest = sorted(found, key=lambda shingle: (len(by_shingle[shingle]), shingle))[: len(found) - enough + 1]
        candidates = {other for shingle in rarest for other in by_shingle[shingle]}
        for other in sorted(candidates):
            if other == number or (len(shingles[other]), other) < (len(found), number):
                continue  # itself, or one that finds this pair when its own turn comes
            part = len(found & shingles[other]) / max(1, len(found))
            if part >= NEAR_DUPLICATE:
                first, second = (cards[index] for index in sorted((number, other)))
                message = (
                    f"the prompt must be unlike every other, found {part:.0%} of its phrases in {first.path}: "
                    "change the situation, or merge the cards"
                )
                yield second.problem("near-duplicate", message, "prompt")


def alike(content: Content) -> Iterator[tuple[Item[Any], Item[Any], float]]:
    """Every two cards that share a phrase of their prompts: the later, the earlier, and the share (0 to 1)."""
    cards = _written(content)
    phrases = {item.id: _shingles(item.value.posed) for item in cards}
    by_shingle: dict[str, list[Item[Any]]] = defaultdict(list)
    for item in cards:
        shared: Counter[int] = Counter()
        earlier: dict[int, Item[Any]] = {}
        for shingle in phrases[item.id]:
            for other in by_shingle[shingle]:
                shared[id(other)] += 1
                earlier[id(other)] = other
            by_shingle[shingle].append(item)
        for key, number in shared.items():
            other = earlier[key]
            yield item, other, number / max(1, min(len(phrases[item.id]), len(phrases[other.id])))


def _written(content: Content) -> list[Item[Any]]:
    """Cards with a prompt of their own: plain questions differ in `asked_as`, and unwritten ones are alike."""
    return [item for item in content.cards if item.value.prompt and not stub(item.value.prompt)]


def _shingles(text: str) -> set[str]:
    """The phrases of three words that a text holds."""
    found = words(text.replace("'", ""))
    return {" ".join(phrase) for phrase in zip(found, found[1:], found[2:], strict=False)}
