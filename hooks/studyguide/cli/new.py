"""Write a new card that is complete but for its words; at a terminal, ask for what the flags do not say.

The checker then names each text that is to be written, and nothing else.
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from studyguide.catalogue import Catalogue, catalogue_of, load_catalogue
from studyguide.checks.answers import ENTRIES
from studyguide.cli.common import add_content, answer, command, content_folder, nothing_written
from studyguide.content.card_yaml import card_yaml, slug
from studyguide.content.characters import hidden_places, length
from studyguide.content.models import FORMS, ID_PATTERN, LEVELS, Card
from studyguide.content.read import read_content
from studyguide.content.validate import did_you_mean, fields_of
from studyguide.files import write_whole


def texts(form: str, title: str, terms: Sequence[str]) -> dict[str, Any]:
    """The texts of a new card: each marked as unfinished, and long enough for its place.

    ``terms`` are the words of the card's terms, as the glossary writes them.
    """
    said = " and ".join(terms)
    subject = title.rstrip("?")
    fewest = {name: least for name, (least, _) in ENTRIES[form].items()}
    card: dict[str, Any] = {
        "asked_as": [
            f"TODO What is the plainest question about {subject}?",
            f"TODO How else does a panel ask about {subject}?",
        ],
        "say_first": "TODO What you would say at once, in plain words. The first sentence answers the first question "
        "as it stands; the next says when that holds, or what you would look at to be sure. Then comes what you do "
        "about it. No figure that the question does not hold, and nothing that you could not say aloud to a colleague "
        "without notes.",
        "weak_answer": {
            "says": "TODO What a decent candidate would really say; tempting, not silly.",
            "misses": "TODO The harm of acting on it: who pays, how much, and why nobody notices in time. "
            "Not that the answer is short.",
        },
        "strong_outline": [
            {
                "move": f"TODO The {place} thing that you do or decide",
                "detail": "TODO One idea: the evidence you would look at, and what each outcome would mean. The answer "
                f"says each of the card's terms: {said}.",
            }
            for place in ("first", "second", "third", "fourth")[: fewest["strong_outline"]]
        ],
        "takeaway": "TODO One or two sentences that carry over to other questions.",
        "whats_being_tested": "TODO The judgment, in one or two sentences; not the topic of the question.",
        "follow_ups": [
            {
                "ask": f"TODO {what} constraint, changed",
                "listen_for": "TODO What separates a good reply from a bad one.",
            }
            for what in ("One", "Another")[: fewest["follow_ups"]]
        ],
        "red_flags": [
            f"TODO {what} heard in the room" for what in ("Something", "Something else")[: fewest["red_flags"]]
        ],
        "sources": [{"title": "TODO Title as published (authors, year)", "url": "https://TODO"}],
        "related": [],
    }
    if form != "question":
        card["prompt"] = "TODO A situation with a number, a constraint or a person in it, ending in what is asked."
    if form == "story":
        card["example"] = (
            "(Invented.) TODO One story told whole: where you were, what you decided, what came of it, and what you "
            "would do otherwise today."
        )
    return card


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_content(parser)
    parser.add_argument("--round", help="the round's id")
    parser.add_argument("--title", help="names the subject in the field's words")
    parser.add_argument("--id", help="the card's id and its file's name, for good (default: made from the title)")
    parser.add_argument("--form", help=f"{', '.join(FORMS)} (default: situation)")
    parser.add_argument("--level", help=f"{', '.join(LEVELS)} (default: practitioner)")
    parser.add_argument("--roles", help="ids with commas between (default: the role most asked this round)")
    parser.add_argument("--topics", help="ids with commas between (default: the commonest topic of the round)")
    parser.add_argument("--terms", help="ids of the glossary, two to eight (default: the round's two commonest)")


def run(options: argparse.Namespace) -> int:
    content = content_folder(options)
    catalogue = catalogue_of(read_content(content)[0])
    try:
        card, text, round_ = compose(catalogue, vars(options), sys.stdin.isatty())
    except (ValueError, EOFError, KeyboardInterrupt) as error:
        return nothing_written(error)
    place = f"cards/{round_}/{card}.yml"
    file = content / place
    if file.exists():
        print(f"{file} is there already: choose another title. Nothing was written.", file=sys.stderr)
        return 1
    try:
        write_whole(file, text)
    except OSError as error:
        return nothing_written(error)
    if refused := [p for p in load_catalogue(content)[1] if p.path.endswith(place) and p.rule != "stub"]:
        file.unlink()
        return nothing_written(ValueError(f"The card would have a problem besides its TODOs: {refused[0].message}"))
    print(f"Wrote {file}. Replace every TODO, then run: {command('check', content)}")
    return 0


def compose(catalogue: Catalogue, flags: dict[str, Any], terminal: bool) -> tuple[str, str, str]:
    """The id, the YAML and the round of a new card. Raises `ValueError` with what must be changed."""
    get = partial(answer, flags, terminal)
    rounds = list(catalogue.round)
    round_ = get("round", f"Round ({', '.join(rounds)})", lambda name: one_of("round", name, rounds))
    own = flags.get("id")

    def titled(text: str) -> str:
        good_id(slug(good_title(text)) if own is None else own, catalogue)
        return text

    title = get("title", "Title, 8 to 60 characters", titled)
    form = get("form", f"Form ({', '.join(FORMS)})", lambda name: one_of("form", name, FORMS), "situation")
    level = get("level", f"Level ({', '.join(LEVELS)})", lambda name: one_of("level", name, LEVELS), "practitioner")
    cards = [card.value for card in catalogue.cards_of_round.get(round_, catalogue.cards)]

    def get_ids(name: str, question: str, known: Iterable[str], least: int, most: int) -> list[str]:
        """Ids for a list of the card; usually the commonest in the round, no more than there must be."""
        check = several(name.removesuffix("s"), known, least, most)
        return get(name, question, check, _commonest(cards, name, known, least))

    roles = get_ids("roles", f"Roles ({', '.join(catalogue.role)})", catalogue.role, 1, 6)
    topics = get_ids("topics", "Topics, by id", catalogue.topic, 1, 5)
    terms = get_ids("terms", "Terms, by id of the glossary", catalogue.term, 2, 8)
    data = {"title": title, "form": form, "round": round_, "level": level}
    lists = {"roles": roles, "topics": topics, "terms": terms}
    words = texts(form, title, [catalogue.term[term].value.term for term in terms])
    reviewed = datetime.datetime.now(datetime.UTC).date()
    card = {**data, **lists, **words, "reviewed": reviewed}
    in_order = {key: card[key] for key in fields_of(Card) if key in card}
    return own or slug(title), card_yaml(in_order, catalogue.folder), round_


def one_of(kind: str, name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise ValueError(f"The {kind} must exist, found '{name}': {did_you_mean(name, known)}")
    return name


def several(kind: str, known: Iterable[str], least: int, most: int) -> Callable[[str], list[str]]:
    def check(text: str) -> list[str]:
        names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
        if not least <= len(names) <= most:
            raise ValueError(
                f"There must be {least} to {most} {kind}s, found {len(names)}: put commas between their ids"
            )
        return [one_of(kind, name, known) for name in names]

    return check


def good_title(title: str) -> str:
    if not (length(title) >= 8 and len(title) <= 60):
        raise ValueError(f"The title must have 8 to 60 characters, found {len(title)}: shorten or lengthen it")
    if hidden_places(title):
        raise ValueError("The title must hold visible characters only: type it anew")
    return title


def good_id(card: str, catalogue: Catalogue) -> str:
    if not re.fullmatch(ID_PATTERN, card) or not 2 <= len(card) <= 60:
        raise ValueError(
            f"The id must be 2 to 60 lower-case Latin letters, digits and hyphens, found '{card}': give another as --id"
        )
    if card in catalogue.card:
        raise ValueError(
            f"The id '{card}' is that of {catalogue.card[card].path}: choose another title, or another --id"
        )
    return card


def _commonest(cards: Iterable[Card], field: str, known: Iterable[str], number: int) -> str:
    """The ids that most cards have in a field, filled up from all that are known."""
    found = Counter(name for card in cards for name in getattr(card, field))
    found.update(dict.fromkeys(known, 0))
    return ", ".join(name for name, _ in found.most_common(number))
