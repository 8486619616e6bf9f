"""What the form for writing a card needs to know: the card's schema, what exists, and the words of the messages.

The form checks what a browser can check, and must say what the checker would say. So nothing is typed twice: templates
of messages come from `validate.SAYS` and `SAYS`; where a message is made inside a function, the function is asked
for it with a value that stands for the place to fill.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.checks.common import SAYS
from studyguide.checks.notebooks import published_values
from studyguide.checks.prompts import NEAR_DUPLICATE
from studyguide.checks.texts import STUB
from studyguide.content import card_yaml, validate
from studyguide.content.schemas import schemas
from studyguide.content.yaml_source import parse
from studyguide.text.markdown import ALLOWED_SCHEMES, VALUE, refusals

DATA_URI = "assets/data/schema.js"
#: Fields that hold an id, and the kind of thing that it names; within evidence, a cell depends on its notebook.
REFERENCES = {"round": "round", "roles": "role", "topics": "topic", "related": "card", "notebook": "notebook"}
#: The names of fields where the key alone does not say it.
LABELS = {
    "title": "Title",
    "says": "What it says",
    "misses": "What it misses",
    "strong_outline": "The outline of a strong answer",
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
    "minutes": "Minutes aloud",
    "prompt": "The situation and the question",
}
#: One of several, as a heading counts them.
SINGULAR = {
    "strong_outline": "Move",
    "follow_ups": "Follow-up",
    "red_flags": "Red flag",
    "workings": "Step",
    "evidence": "Evidence",
    "sources": "Source",
}
#: Errors of pydantic that a form can meet, with a stand-in for what its message names.
_ERRORS: Mapping[str, dict[str, Any]] = {
    "string_too_short": {"min_length": "{limit}"},
    "string_too_long": {"max_length": "{limit}"},
    "too_short": {"min_length": "{limit}"},
    "too_long": {"max_length": "{limit}"},
    "greater_than_equal": {"ge": "{limit}"},
    "less_than_equal": {"le": "{limit}"},
    "int_type": {},
    "literal_error": {"expected": "{limit}"},
    "bad_url": {"pattern": "http"},
    "bad_id": {"pattern": ""},
}


def data_file(catalogue: Catalogue, repo: str) -> str:
    """The script that gives the form its data; ``repo`` is the address of the repository, or nothing."""
    data = json.dumps(form_data(catalogue, repo), ensure_ascii=True, separators=(",", ":"))
    return f"(window.StrongAnswer = window.StrongAnswer || {{}}).schema = {data};\n"


def form_data(catalogue: Catalogue, repo: str) -> dict[str, Any]:
    """Everything the form needs, as plain data."""
    content = PurePosixPath(catalogue.site.path).parent.as_posix()
    return {
        "card": schemas()["card"],
        "known": _known(catalogue),
        "references": REFERENCES,
        "labels": LABELS,
        "singular": SINGULAR,
        "errors": {kind: validate.rule_of(_pydantic(kind), context) for kind, context in _ERRORS.items()},
        "says": {**validate.SAYS, **SAYS, **_asked()},
        "stub": STUB,
        "value": VALUE.pattern.replace("?P<", "?<"),
        "alike": NEAR_DUPLICATE,
        "schemes": sorted(ALLOWED_SCHEMES),
        "characters": _characters(),
        "yaml": {
            "modeline": card_yaml.MODELINE,
            "width": card_yaml.WIDTH,
            "plain": card_yaml.PLAIN,
            "reserved": card_yaml.RESERVED,
            "marks": card_yaml.MARKS,
        },
        "folder": f"{content}/cards",
        "repo": repo.rstrip("/"),
    }


def _pydantic(kind: str) -> str:
    return "string_pattern_mismatch" if kind.startswith("bad_") else kind


def _known(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """What exists, by kind and id."""
    return {
        "round": {item.id: {"title": item.value.title} for item in catalogue.rounds},
        "role": {item.id: {"title": item.value.title} for item in catalogue.roles},
        "topic": {item.id: {"title": item.value.title} for item in catalogue.topics},
        "card": {
            item.id: {
                "title": item.value.title,
                "prompt": item.value.posed,
                "path": item.path,
                "line": item.source.place(item.loc)[0],
            }
            for item in catalogue.cards
        },
        "notebook": {
            item.id: {
                "title": item.value.title,
                "cells": list(catalogue.scripts[item.id].evidence),
                "values": sorted(published_values(catalogue.scripts[item.id].tagged("values"))),
            }
            for item in catalogue.notebooks
        },
    }


def _asked() -> dict[str, str]:
    """Messages that functions make, got by asking them."""
    html, link, picture = (next(refusals(text)).message for text in ("<b>", "[x](x:y)", "![x](https://x.y)"))
    tab, invisible = (parse(text.encode(), "")[1][0].message for text in ("\t", "\u200b"))
    return {
        "raw-html": html.replace("<b>", "{found}"),
        "bad-link": link.replace("x:y", "{found}"),
        "picture": picture,
        "tab": tab,
        "invisible-character": invisible.replace("U+200B (ZERO WIDTH SPACE)", "{found}"),
    }


def _characters() -> dict[str, str]:
    """Names of characters that are not seen, by their number in hexadecimal; browsers do not know them."""
    planes = [*map(chr, chain(range(0x20000), range(0xE0000, 0xE0200)))]  # no others hold any
    kinds = zip(planes, map(unicodedata.category, planes), strict=True)
    unseen = (char for char, kind in kinds if kind in ("Cf", "Zl", "Zp"))
    return {f"{ord(char):04X}": unicodedata.name(char, "unnamed") for char in unseen}
