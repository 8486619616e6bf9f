"""What the form for writing a card needs to know: the card's schema, and what exists.

The form checks a card's shape by the schema. What else a card must hold is the checker's to say.
"""

from __future__ import annotations

import json
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.checks.references import REFERENCE_FIELDS
from studyguide.content import card_yaml
from studyguide.content.models import ID_PATTERN
from studyguide.content.read import Item
from studyguide.content.schemas import schemas
from studyguide.pages.forge import Forge

DATA_URI = "assets/data/schema.js"
#: The names of fields where the key alone does not say it.
LABELS = {
    "title": "Title",
    "form": "Kind of question",
    "asked_as": "Asked as",
    "terms": "Words they wait for",
    "prompt": "The situation and the question",
    "say_first": "Say first",
    "ask_first": "Ask first, or assume aloud",
    "suppose": "If nobody knows",
    "says": "What it says",
    "misses": "What it misses",
    "strong_outline": "The outline of a strong answer",
    "example": "One story, told whole",
    "takeaway": "What carries over",
    "whats_being_tested": "What is being tested",
    "follow_ups": "If they push",
    "red_flags": "What sinks it",
    "workings": "The arithmetic",
    "evidence": "Evidence from our notebooks",
    "related": "Read next",
    "ask": "They ask",
    "listen_for": "Listen for",
    "weak_answer": "The weak answer that sounds fine",
    "step": "What is worked out",
    "name": "Short name, for later formulas",
    "shows": "What it shows",
    "url": "Address",
    "reviewed": "Reviewed on",
}
#: One of several, as a heading counts them.
SINGULAR = {
    "asked_as": "Question",
    "ask_first": "Fact",
    "strong_outline": "Move",
    "follow_ups": "Follow-up",
    "red_flags": "Red flag",
    "workings": "Step",
    "evidence": "Evidence",
    "sources": "Source",
}


def data_file(catalogue: Catalogue, forge: Forge) -> str:
    """The script that gives the form its data."""
    data = json.dumps(form_data(catalogue, forge), ensure_ascii=True, separators=(",", ":"))
    return f"(window.StrongAnswer ||= {{}}).schema = {data};\n"


def form_data(catalogue: Catalogue, forge: Forge) -> dict[str, Any]:
    """Everything the form needs, as plain data."""
    return {
        "card": schemas(catalogue.site.value.lang)["card"],
        "known": _known(catalogue),
        "references": REFERENCE_FIELDS,
        "labels": LABELS,
        "singular": SINGULAR,
        "id": ID_PATTERN,
        "modeline": card_yaml.modeline(catalogue.folder),
        "folder": f"{forge.folder}cards",
        "repo": forge.url,
    }


def _known(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """What exists, by kind and id."""
    titled: dict[str, tuple[Item[Any], ...]] = {
        "round": catalogue.rounds,
        "role": catalogue.roles,
        "topic": catalogue.topics,
        "card": catalogue.cards,
    }
    known = {kind: {item.id: {"title": item.value.title} for item in items} for kind, items in titled.items()}
    known["term"] = {item.id: {"title": item.value.term} for item in catalogue.glossary}
    known["notebook"] = {
        item.id: {"title": item.value.title, "cells": list(catalogue.scripts[item.id].evidence)}
        for item in catalogue.notebooks
    }
    return known
