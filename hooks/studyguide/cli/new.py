"""Write a new card that is complete but for its words; at a terminal, ask for what the flags do not say.

Exit codes: 0 written, 1 nothing written (the file is there already, or an answer does not fit), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from studyguide.catalogue import Catalogue, load_catalogue
from studyguide.content.card_yaml import card_yaml, slug
from studyguide.content.models import LEVELS
from studyguide.content.validate import did_you_mean
from studyguide.files import write_whole

#: Every text is long enough for its place, so that the checker names each as unfinished, and nothing else.
TEXTS: dict[str, Any] = {
    "prompt": "TODO A situation with a number, a constraint or a person in it, ending in the question that is asked.",
    "weak_answer": {
        "says": "TODO What a decent candidate would really say; tempting, not silly.",
        "misses": "TODO The harm of acting on it: who pays, how much, and why nobody notices in time. "
        "Not that the answer is short.",
    },
    "strong_outline": [
        {
            "move": f"TODO The {place} thing that you do or decide",
            "detail": "TODO The evidence you would look at, what each outcome means, and the number that decides.",
        }
        for place in ("first", "second", "third", "fourth")
    ],
    "whats_being_tested": "TODO The judgement, in one or two sentences; not the topic of the question.",
    "follow_ups": [
        {"ask": f"TODO {what} constraint, changed", "listen_for": "TODO What separates a good reply from a bad one."}
        for what in ("One", "Another")
    ],
    "red_flags": ["TODO Something heard in the room", "TODO Something else heard in the room"],
    "sources": [{"title": "TODO Title as published (authors, year)", "url": "https://TODO"}],
    "related": [],
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="new_card.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    parser.add_argument("--round", help="the round's id")
    parser.add_argument("--title", help="the name people will remember the card by")
    parser.add_argument("--level", help=f"{', '.join(LEVELS)} (default: practitioner)")
    parser.add_argument("--minutes", help="how long a spoken answer takes, 2 to 15 (default: 5)")
    parser.add_argument("--roles", help="ids with commas between (default: the roles most asked this round)")
    parser.add_argument("--topics", help="ids with commas between (default: the commonest topic of the round)")
    options = parser.parse_args(arguments)
    if not options.content.is_dir():
        parser.error(
            f"--content must be a folder, found '{options.content}': name the folder that holds cards/ and rounds/"
        )
    catalogue, _ = load_catalogue(options.content)
    try:
        card, text, round_ = compose(catalogue, vars(options), sys.stdin.isatty())
    except (ValueError, EOFError, KeyboardInterrupt) as error:
        stop = "" if str(error).endswith("?") else "."
        print(f"{error}{stop} Nothing was written." if str(error) else "\nNothing was written.", file=sys.stderr)
        return 1
    file = options.content / "cards" / round_ / f"{card}.yml"
    if file.exists():
        print(f"{file} is there already: choose another title. Nothing was written.", file=sys.stderr)
        return 1
    try:
        write_whole(file, text)
    except OSError as error:
        print(f"{file} could not be written: {error.strerror}. Nothing was written.", file=sys.stderr)
        return 1
    print(f"Wrote {file}. Replace every TODO, then run: make check")
    return 0


def compose(catalogue: Catalogue, flags: dict[str, Any], terminal: bool) -> tuple[str, str, str]:
    """The id, the YAML and the round of a new card. Raises `ValueError` with what must be changed."""

    def get(name: str, question: str, check: Callable[[str], Any], default: str = "") -> Any:
        if flags.get(name) is not None:
            return check(flags[name].strip())
        if not terminal:
            if default:
                return check(default)
            raise ValueError(f"{question}: give it as --{name}, nobody is there to be asked")
        while True:
            answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
            try:
                return check(answer)
            except ValueError as error:
                print(f"  {error}")

    rounds = list(catalogue.round)
    round_ = get("round", f"Round ({', '.join(rounds)})", lambda name: one_of("round", name, rounds))
    title = get("title", "Title, 8 to 60 characters", lambda text: good_title(text, catalogue))
    level = get("level", f"Level ({', '.join(LEVELS)})", lambda name: one_of("level", name, LEVELS), "practitioner")
    minutes = get("minutes", "Minutes, 2 to 15", good_minutes, "5")
    roles = get(
        "roles", f"Roles ({', '.join(catalogue.role)})", several("role", catalogue.role, 6), _roles(catalogue, round_)
    )
    topics = get("topics", "Topics, by id", several("topic", catalogue.topic, 5), _topics(catalogue, round_))
    data = {"title": title, "round": round_, "level": level, "minutes": minutes, "roles": roles, "topics": topics}
    reviewed = datetime.datetime.now(datetime.UTC).date()
    return slug(title), card_yaml({**data, **TEXTS, "reviewed": reviewed}), round_


def one_of(kind: str, name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise ValueError(f"The {kind} must exist, found '{name}': {did_you_mean(name, known)}")
    return name


def several(kind: str, known: Iterable[str], at_most: int) -> Callable[[str], list[str]]:
    def check(text: str) -> list[str]:
        names = [name.strip() for name in text.split(",") if name.strip()]
        if not 1 <= len(names) <= at_most:
            raise ValueError(f"There must be 1 to {at_most} {kind}s, found {len(names)}: put commas between their ids")
        return [one_of(kind, name, known) for name in dict.fromkeys(names)]

    return check


def good_minutes(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 15:
        raise ValueError(f"The minutes must be a whole number from 2 to 15, found '{text}': correct the number")
    return int(text)


def good_title(title: str, catalogue: Catalogue) -> str:
    if not 8 <= len(title) <= 60:
        raise ValueError(f"The title must have 8 to 60 characters, found {len(title)}: shorten or lengthen it")
    if not title.isprintable():
        raise ValueError("The title must hold visible characters only: type it anew")
    card = slug(title)
    if len(card) < 2:
        raise ValueError(f"The title must hold Latin letters or digits to make an id from, found '{title}': add some")
    if card in catalogue.card:
        raise ValueError(f"The id '{card}' is that of {catalogue.card[card].path}: choose another title")
    return title


def _topics(catalogue: Catalogue, round_: str) -> str:
    cards = catalogue.cards_of_round.get(round_, catalogue.cards)
    return _commonest([topic for card in cards for topic in card.value.topics] or [*catalogue.topic])


def _roles(catalogue: Catalogue, round_: str) -> str:
    cards = catalogue.cards_of_round.get(round_, catalogue.cards)
    return _commonest([role for card in cards for role in card.value.roles] or [*catalogue.role])


def _commonest(names: Sequence[str]) -> str:
    return Counter(names).most_common(1)[0][0] if names else ""


if __name__ == "__main__":
    sys.exit(main())
