"""What scripts know of the guide."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import TINY, the_guide
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.pages.script_data import DATA_URI, data_script

BEFORE, AFTER = "(window.StrongAnswer ||= {}).data = ", ";\n"


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return the_guide()


@pytest.fixture(scope="module")
def bread() -> Catalogue:
    return require_catalogue(TINY)


def data(script: str) -> dict[str, Any]:
    """The value that the script sets; the rest of it is one assignment."""
    assert script.startswith(BEFORE)
    assert script.endswith(AFTER)
    value: dict[str, Any] = json.loads(script.removeprefix(BEFORE).removesuffix(AFTER))
    return value


def test_every_card_is_in_the_script_as_in_its_file_and_in_the_order_of_the_guide(real: Catalogue) -> None:
    cards = data(data_script(real))["cards"]
    assert [card["id"] for card in cards] == [item.id for item in real.cards]
    for card, item in zip(cards, real.cards, strict=True):
        for name in ("title", "form", "round", "level", "minutes"):
            assert card[name] == getattr(item.value, name)
        assert (card["roles"], card["topics"]) == (list(item.value.roles), list(item.value.topics))
        assert (card["moves"], card["follow_ups"]) == (len(item.value.strong_outline), len(item.value.follow_ups))
        assert card["evidence"] is bool(item.value.evidence)
        assert card["line"] == item.value.asked_as[0]
        assert "\n" not in card["line"]


def test_rounds_roles_topics_and_levels_are_in_the_script(real: Catalogue) -> None:
    made = data(data_script(real))
    assert [(one["id"], one["title"], one["order"]) for one in made["rounds"]] == [
        (item.id, item.value.title, item.value.order) for item in real.rounds
    ]
    assert [len(one["signals"]) for one in made["rounds"]] == [len(item.value.signals) for item in real.rounds]
    assert [(one["id"], one["title"], one["must_do"]) for one in made["roles"]] == [
        (item.id, item.value.title, list(item.value.must_do)) for item in real.roles
    ]
    for role in made["roles"]:
        assert sum(weight["percent"] for weight in role["rounds"]) == 100
    assert [(one["id"], one["title"]) for one in made["topics"]] == [(t.id, t.value.title) for t in real.topics]
    assert [one["id"] for one in made["levels"]] == ["foundation", "practitioner", "senior"]


def test_sets_name_only_cards_that_are_there_each_once(real: Catalogue) -> None:
    made = data(data_script(real))
    sets = [row["cards"] for plan in made["plans"] for row in plan["rows"]]
    sets += [one["cards"] for one in made["collections"]] + [role["must_do"] for role in made["roles"]]
    known = {card["id"] for card in made["cards"]}
    assert len(sets) > 20
    for cards in sets:
        assert set(cards) <= known
        assert len(cards) == len(set(cards))


def test_a_row_of_a_plan_holds_the_cards_it_names_and_then_those_of_its_topics(bread: Catalogue) -> None:
    plan = bread.plans[0]
    row = plan.value.rows[0].model_copy(update={"cards": ("oven-cools",), "topics": ("fermentation",)})
    changed = dataclasses.replace(plan, value=plan.value.model_copy(update={"rows": (row, *plan.value.rows[1:])}))
    made = data(data_script(dataclasses.replace(bread, plans=(changed,))))
    assert made["plans"][0]["rows"][0] == {
        "first": 1, "last": 1, "focus": "One loaf", "cards": ["oven-cools", "dense-loaf"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        'quote " and \\" backslash \\',
        "line\u2028and paragraph\u2029separators",
        "`${alert(1)}`",
        "*/ alert(1) /*",
        "Brötchen, 面包, 🥖",
    ],
)
def test_a_title_is_data_whatever_it_holds(title: str, bread: Catalogue) -> None:
    first = bread.cards[0]
    changed = dataclasses.replace(first, value=first.value.model_copy(update={"title": title}))
    script = data_script(dataclasses.replace(bread, cards=(changed, *bread.cards[1:])))
    assert data(script)["cards"][0]["title"] == title
    assert "<" not in script
    assert script.isascii()


def test_the_same_guide_gives_the_same_script(bread: Catalogue) -> None:
    assert data_script(bread) == data_script(require_catalogue(TINY))


def test_the_site_holds_the_script(built_tiny: Path, bread: Catalogue) -> None:
    assert (built_tiny / "site" / DATA_URI).read_text(encoding="ascii") == data_script(bread)
