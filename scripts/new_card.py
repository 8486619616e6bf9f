"""Write a new card that is complete but for its words; ask for what the flags do not say.

Exit codes: 0 written, 1 nothing written (the file is there already, or an answer does not fit), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
import unicodedata
from pathlib import Path

from studyguide.catalogue import Catalogue, load_catalogue
from studyguide.models import LEVELS
from studyguide.shape import did_you_mean

TEMPLATE = """\
# yaml-language-server: $schema=../../../hooks/schemas/card.schema.json
title: {title}
round: {round}
level: {level}
minutes: 5
roles: [{role}]
topics: [{topic}]
prompt: >
  TODO A situation with a number, a constraint or a person in it, ending in the question.
weak_answer:
  says: >
    TODO What a decent candidate would say.
  misses: >
    TODO The harm of acting on it.
strong_outline:
  - move: TODO What you do or decide first
    detail: >
      TODO The evidence you would look at, and what each outcome means.
  - move: TODO The second move
    detail: >
      TODO
  - move: TODO The third move
    detail: >
      TODO
  - move: TODO The fourth move
    detail: >
      TODO
whats_being_tested: >
  TODO The judgement, not the topic.
follow_ups:
  - ask: TODO A question that changes a constraint
    listen_for: TODO What separates a good reply
  - ask: TODO Another one
    listen_for: TODO What separates a good reply
red_flags:
  - TODO Something heard in the room
  - TODO Something else heard in the room
sources:
  - title: TODO Something a reader would thank you for
    url: https://
related: []
reviewed: {today}
"""


def slug(title: str) -> str:
    """A title as an id: ``Late labels!`` becomes ``late-labels``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="new_card.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--content", type=Path, default=Path("content"), metavar="DIR", help="content folder (default: content)"
    )
    parser.add_argument("--round", help="the round's id")
    parser.add_argument("--title", help="the name people will remember the card by")
    parser.add_argument("--level", choices=LEVELS, default="practitioner")
    options = parser.parse_args(arguments)
    catalogue, _ = load_catalogue(options.content)
    try:
        round_ = options.round or _ask(f"Round ({', '.join(catalogue.round)})")
        title = options.title or _ask("Title (at most 60 characters)")
        card, text = write(catalogue, round_, title, options.level)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    file = options.content / "cards" / round_ / f"{card}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        print(f"{file} is there already: choose another title. Nothing was written.", file=sys.stderr)
        return 1
    print(f"Wrote {file}. Replace every TODO, then run: make check")
    return 0


def write(catalogue: Catalogue, round_: str, title: str, level: str) -> tuple[str, str]:
    """The id and the YAML of a new card. Raises `ValueError` with what must be changed."""
    if round_ not in catalogue.round:
        raise ValueError(f"The round must exist, found '{round_}': {did_you_mean(round_, catalogue.round)}")
    if not 8 <= len(title) <= 60:
        raise ValueError(f"The title must have 8 to 60 characters, found {len(title)}: shorten or lengthen it")
    card = slug(title)
    if len(card) < 2:
        raise ValueError(f"The title must hold Latin letters or digits to make an id from, found '{title}': add some")
    if card in catalogue.card:
        raise ValueError(f"The id '{card}' is that of {catalogue.card[card].path}: choose another title")
    cards = catalogue.cards_of_round.get(round_, catalogue.cards)
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
    topic = cards[0].value.topics[0] if cards else next(iter(catalogue.topic), "TODO")
    role = next((item.id for item in catalogue.roles if any(w.round == round_ for w in item.value.rounds)), "TODO")
    today = datetime.datetime.now(datetime.UTC).date()
    return card, TEMPLATE.format(title=quoted, round=round_, level=level, role=role, topic=topic, today=today)


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise ValueError(f"{question}: give it as a flag, nobody is there to be asked")
    return input(f"{question}: ").strip()


if __name__ == "__main__":
    sys.exit(main())
