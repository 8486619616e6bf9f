"""Catalogue -> what the reader-side scripts know of it: one classic script, because a page on disk cannot fetch data.

The script sets ``StrongAnswer.data``. What cards say stays on their own pages; here is what it takes to choose, order
and name them. The same catalogue gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from studyguide.catalogue import CardItem, Catalogue
from studyguide.content.models import PlanRow
from studyguide.pages.render import LEVEL_NAMES
from studyguide.text.markdown import to_plain

#: Where the script stands in the site.
DATA_URI = "assets/data/cards.js"


def data_script(catalogue: Catalogue) -> str:
    """The script, ASCII only. Titles are data in it: whatever they hold, they end neither the script nor a line.

    One value a line, so that a difference between two guides can be read.
    """
    lists = {name: ",\n".join(map(_json, values)) for name, values in practice_data(catalogue).items()}
    data = ",\n".join(f'"{name}": [\n{lines}\n]' for name, lines in lists.items())
    return f"(window.StrongAnswer ||= {{}}).data = {{\n{data}\n}};\n"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def practice_data(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """All that the script holds, by name. Lists are in the order in which the guide shows things."""
    return {
        "rounds": [
            {
                "id": item.id,
                "title": item.value.title,
                "order": item.value.order,
                "signals": [to_plain(signal) for signal in item.value.signals],
            }
            for item in catalogue.rounds
        ],
        "levels": [{"id": id_, "title": title} for id_, title in LEVEL_NAMES.items()],
        "roles": [
            {
                "id": item.id,
                "title": item.value.title,
                "rounds": [{"round": weight.round, "percent": weight.percent} for weight in item.value.rounds],
                "must_do": list(item.value.must_do),
            }
            for item in catalogue.roles
        ],
        "topics": [{"id": item.id, "title": item.value.title} for item in catalogue.topics],
        "plans": [
            {"id": item.id, "title": item.value.title, "rows": [_row(row, catalogue) for row in item.value.rows]}
            for item in catalogue.plans
        ],
        "collections": [
            {"id": item.id, "title": item.value.title, "cards": [card.id for card in catalogue.selected(item)]}
            for item in catalogue.collections
        ],
        "cards": [_card(item) for item in catalogue.cards],
    }


def rubric_scripts(catalogue: Catalogue) -> dict[str, str]:
    """For each round, by address: what a mock interview's answers are judged by, a script that is loaded at its end."""
    scripts = {}
    for item in catalogue.rounds:
        if cards := catalogue.cards_of_round.get(item.id):
            rubrics = ",\n".join(f'"{card.id}":{_json(_rubric(card))}' for card in cards)
            scripts[f"assets/data/rubric-{item.id}.js"] = f"StrongAnswer.rubric({{\n{rubrics}\n}});\n"
    return scripts


def _rubric(item: CardItem) -> dict[str, Any]:
    card = item.value
    return {
        "asked": to_plain(card.posed),
        "first": to_plain(card.say_first),
        "weak": to_plain(card.weak_answer.says),
        "moves": [to_plain(move.move) for move in card.strong_outline],
        "tested": to_plain(card.whats_being_tested),
        "flags": [to_plain(flag) for flag in card.red_flags],
    }


def _row(row: PlanRow, catalogue: Catalogue) -> dict[str, Any]:
    """Some days of a plan; its cards are those it names, then those of its topics, each once."""
    of_topics = (card.id for topic in row.topics for card in catalogue.cards_of_topic.get(topic, ()))
    return {
        "first": row.first_day,
        "last": row.last_day,
        "focus": to_plain(row.focus),
        "cards": list(dict.fromkeys([*row.cards, *of_topics])),
    }


def _card(item: CardItem) -> dict[str, Any]:
    card = item.value
    return {
        "id": item.id,
        "title": card.title,
        "line": card.question,
        "form": card.form,
        "round": card.round,
        "level": card.level,
        "minutes": card.minutes,
        "roles": list(card.roles),
        "topics": list(card.topics),
        "moves": len(card.strong_outline),
        "follow_ups": len(card.follow_ups),
        "evidence": bool(card.evidence),
    }
