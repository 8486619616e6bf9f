"""A guide of any size for measuring: invented cards, the same for the same seed, and the same texts as plain pages.

The words follow a Zipf law over an invented vocabulary, as those of natural texts do (G. K. Zipf, 1949), so that
indexes and compressed sizes are of a natural order.
"""

from __future__ import annotations

import datetime
import json
import random
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

ROUNDS = 7
TOPICS = 24
TERMS = 60
VOCABULARY = 6_000
LEVELS = ("foundation", "practitioner", "senior")
_COMMON = [
    "the", "of", "a", "and", "to", "in", "is", "that", "it", "was", "for", "on", "with", "as", "by", "at", "from", "or",
    "which", "not", "but", "be", "are", "if",
]  # fmt: skip
_SYLLABLES = [
    "ba", "co", "den", "fil", "gra", "hu", "in", "jor", "ka", "lem", "mo", "nis", "or", "pel", "qua", "rim", "sta",
    "tor", "ul", "ven", "wex", "yal", "zim", "tri", "ble", "sha", "cor",
]  # fmt: skip


@dataclass(frozen=True)
class SyntheticCard:
    """An invented card: its id and the data of its YAML file."""

    id: str
    data: dict[str, Any]


class Writer:
    """Writes invented sentences. The same seed gives the same sentences."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret

    @cached_property
    def vocabulary(self) -> list[str]:
        maker = random.Random(1)  # noqa: S311
        made = dict.fromkeys(_COMMON)
        while len(made) < VOCABULARY:
            made["".join(maker.choices(_SYLLABLES, k=maker.randint(2, 4)))] = None
        return list(made)

    @property
    def terms(self) -> list[str]:
        """The words that the glossary explains."""
        return self.vocabulary[200 : 200 + TERMS]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))

    def words(self, number: int) -> str:
        return " ".join(self.random.choices(self.vocabulary, cum_weights=self._weights, k=number))

    def sentence(self, number: int) -> str:
        return self.words(number).capitalize() + "."

    def text(self, characters: int) -> str:
        """Sentences of about so many characters; now and then a word in Markdown's stars or backticks."""
        text = ""
        while len(text) < characters:
            text += " " + self.sentence(self.random.randint(8, 18))
        if self.random.random() < 0.3:
            words = text.split()
            place = self.random.randrange(1, len(words) - 1)
            words[place] = self.random.choice(("*{}*", "`{}`")).format(words[place].rstrip("."))
            text = " ".join(words)
        return text.strip()


def cards(number: int) -> list[SyntheticCard]:
    """``number`` cards of about 2.6 KB of text, spread over the rounds."""
    writer = Writer(7)
    return [SyntheticCard(f"card-{index:05}", _card(writer, index, number)) for index in range(number)]


def _card(writer: Writer, index: int, number: int) -> dict[str, Any]:
    rest = writer.random
    topics = sorted(rest.sample(range(TOPICS), 2))
    related = sorted({rest.randrange(number) for _ in range(2)} - {index})
    subject = writer.words(4)[:40]
    terms = rest.sample(writer.terms, 2)
    return {
        "title": f"{subject.capitalize()} {index}",
        "form": "situation",
        "asked_as": [f"What about {subject} {index}?", f"How do you begin with {index}, {writer.words(3)}?"],
        "round": f"round-{index % ROUNDS}",
        "level": LEVELS[index % 3],
        "roles": ["engineer"],
        "topics": [f"topic-{topic}" for topic in topics],
        "terms": [f"term-{term}" for term in terms],
        "prompt": writer.text(210),
        "say_first": f"{' and '.join(terms).capitalize()}. {writer.sentence(20)} {writer.sentence(25)}",
        "weak_answer": {"says": writer.text(90), "misses": writer.text(110)},
        "strong_outline": [
            {"move": writer.sentence(6).rstrip(".")[:80].ljust(12, "x"), "detail": writer.text(220)}
            for _ in range(rest.randint(4, 5))
        ],
        "takeaway": writer.sentence(14),
        "whats_being_tested": writer.text(70),
        "follow_ups": [{"ask": writer.sentence(8), "listen_for": writer.text(50)} for _ in range(2)],
        "red_flags": [writer.sentence(8) for _ in range(3)],
        "sources": [{"title": f"Source of case {index}", "url": f"https://example.org/{index}"}],
        "related": [f"card-{other:05}" for other in related],
        "reviewed": datetime.date(2026, 1, 1),
    }


def write_guide(folder: Path, made: list[SyntheticCard]) -> None:
    """The content folder of a guide that holds these cards. YAML holds JSON, so that it is written as such."""
    writer = Writer(3)
    _write(
        folder / "site.yml",
        {
            "id": "synthetic",
            "title": "Synthetic",
            "headline": "A guide for *measuring*.",
            "lead": "Cards that nobody wrote, so that the time of a build can be compared from one size to the next.",
            "showcase": made[0].id,
            "ways_in": [{"label": "Rounds", "page": "rounds/index.html"}],
        },
    )
    for index in range(ROUNDS):
        _write(folder / "rounds" / f"round-{index}.yml", _round(writer, index))
    _write(
        folder / "topics.yml",
        [{"id": f"topic-{index}", "title": f"Topic {index}", "summary": writer.sentence(8)} for index in range(TOPICS)],
    )
    _write(
        folder / "glossary.yml",
        [{"id": f"term-{term}", "term": term, "definition": writer.text(100)} for term in writer.terms],
    )
    role = {"title": "Engineer", "order": 1, "summary": writer.text(120)}
    _write(folder / "roles" / "engineer.yml", {**role, "rounds": [{"round": "round-0", "percent": 100}]})
    for card in made:
        write_card(folder, card)


def write_card(folder: Path, card: SyntheticCard) -> Path:
    file: Path = folder / "cards" / card.data["round"] / f"{card.id}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(as_yaml(card.data), encoding="utf-8")
    return file


def edit_card(content: Path, card: SyntheticCard, words: str) -> None:
    """Write a card anew with other words in what is being tested."""
    data = {**card.data, "whats_being_tested": f"{words} {card.data['whats_being_tested']}"}
    write_card(content, SyntheticCard(card.id, data))


def as_yaml(value: dict[str, Any]) -> str:
    """A card as contributors write one: block style, texts folded over lines of 100 characters."""
    import yaml

    return yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, width=100, allow_unicode=True)


def _round(writer: Writer, index: int) -> dict[str, Any]:
    return {
        "title": f"Round {index}",
        "order": index + 1,
        "minutes": {"from": 30, "to": 60},
        "summary": writer.text(150),
        "weak_prep": writer.text(60),
        "strong_prep": writer.text(60),
        "signals": [writer.sentence(6) for _ in range(3)],
        "prepare": [writer.sentence(6) for _ in range(3)],
    }


def _write(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=1), encoding="utf-8")


def as_markdown(card: SyntheticCard) -> str:
    """The same card as a plain page."""
    data = card.data
    moves = "\n".join(
        f"{n}. **{move['move']}**\n\n    {move['detail']}\n" for n, move in enumerate(data["strong_outline"], 1)
    )
    asks = "\n".join(f"- **{entry['ask']}** {entry['listen_for']}" for entry in data["follow_ups"])
    flags = "\n".join(f"- {flag}" for flag in data["red_flags"])
    related = "\n".join(f"- [{name}]({name}.md)" for name in data["related"])
    parts = {
        "Say first": data["say_first"],
        "Sounds fine, is weak": f"> {data['weak_answer']['says']}\n\n{data['weak_answer']['misses']}",
        "The outline of a strong answer": f"{moves}\n{data['takeaway']}",
        "What is being tested": data["whats_being_tested"],
        "If they push": asks,
        "What sinks it": flags,
        "Sources": f"- [{data['sources'][0]['title']}]({data['sources'][0]['url']})",
        "Read next": related,
    }
    sections = "\n\n".join(f"## {title}\n\n{text}" for title, text in parts.items())
    return f"# {data['title']}\n\n{data['prompt']}\n\n{sections}\n"
