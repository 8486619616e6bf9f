"""Read all cards as one batch: what they share that they should not.

Prints phrases of six or more words that stand in more than two cards, openings and moves used twice, and the cards
whose weak and strong answers are most alike. A row is a place to look, not a verdict; the exit code is 0.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from studyguide.catalogue import CardItem, load_catalogue
from studyguide.cli.common import UsageError, add_content, content_folder
from studyguide.content.validate import did_you_mean
from studyguide.text.markdown import VALUE

#: How many words make a phrase and an opening, and how many rows of each kind are printed.
WORDS, OPENING, ROWS = 6, 4, 20
FENCE = re.compile(r"```.*?```", re.DOTALL)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def phrases(cards: Iterable[CardItem]) -> Iterator[tuple[str, str]]:
    """Every phrase of `WORDS` words, with the id of its card. Sources, ids and code are not read."""
    for card in cards:
        for loc, text in card.texts:
            if loc[0] in ("sources", "related", "topics", "roles", "evidence"):
                continue
            spoken = words(FENCE.sub(" ", VALUE.sub(" ", text)))
            for start in range(len(spoken) - WORDS + 1):
                yield " ".join(spoken[start : start + WORDS]), card.id


def shared(texts: Iterable[tuple[str, str]], fewest: int) -> dict[str, set[str]]:
    """Texts that at least so many cards have -> the ids of those."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text, card in texts:
        found[text].add(card)
    return {text: ids for text, ids in found.items() if len(ids) >= fewest}


def likeness(card: CardItem) -> float:
    """The share of the weak answer's longer words that the strong outline uses too; high is little contrast."""
    weak = {word for word in words(card.value.weak_answer.says) if len(word) > 4}
    strong = {word for move in card.value.strong_outline for word in words(f"{move.move} {move.detail}")}
    return len(weak & strong) / max(1, len(weak))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_content(parser)
    parser.add_argument("--round", metavar="ID", help="only the cards of one round")


def run(options: argparse.Namespace) -> int:
    catalogue, _ = load_catalogue(content_folder(options))
    if options.round and options.round not in catalogue.round:
        raise UsageError(
            f"--round must name a round, found '{options.round}': {did_you_mean(options.round, catalogue.round)}"
        )
    cards = catalogue.cards_of_round.get(options.round, ()) if options.round else catalogue.cards
    openings = ((" ".join(words(card.value.posed)[:OPENING]), card.id) for card in cards)
    moves = ((" ".join(words(move.move)), card.id) for card in cards for move in card.value.strong_outline)
    show(f"Phrases of {WORDS} words in more than two cards", shared(phrases(cards), 3))
    show(f"Openings of {OPENING} words used twice", shared(openings, 2))
    show("Moves used twice", shared(moves, 2))
    print("\nLeast contrast between weak and strong (share of the weak answer's words that the outline uses)")
    for card in sorted(cards, key=likeness, reverse=True)[:ROWS]:
        print(f"  {likeness(card):4.0%}  {card.path}")
    return 0


def show(title: str, found: dict[str, set[str]]) -> None:
    print(f"\n{title}: {len(found)}")
    for text, ids in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:ROWS]:
        print(f"  {text}: {', '.join(sorted(ids))}")
