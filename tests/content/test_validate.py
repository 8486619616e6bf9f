"""Models: closed, strict, and explained."""

from __future__ import annotations

import pytest
from pydantic import BaseModel
from studyguide.content import models
from studyguide.content.models import Card, Model
from studyguide.content.validate import did_you_mean, shape, shown_location
from studyguide.content.yaml_source import parse

ALL = [
    value
    for value in vars(models).values()
    if isinstance(value, type) and issubclass(value, Model) and value is not Model
]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_field_says_what_it_is_for(model: type[BaseModel]) -> None:
    silent = [
        name
        for name, info in model.model_fields.items()
        if not info.description and not _is_model(info.annotation) and name != "id"
    ]
    assert silent == []


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_models_are_closed_and_frozen(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"] is True
    assert model.model_config["strict"] is True


def test_nothing_is_converted() -> None:
    source, _ = parse(b"level: 4\ntitle: 12345678\n", "a.yml")
    assert source is not None
    value, problems = shape(Card, source)
    assert value is None
    assert {problem.rule for problem in problems} == {"wrong-type", "missing-key", "unknown-value"}


def test_the_alias_is_the_name_that_contributors_see() -> None:
    source, _ = parse(b"minutes: {to: 30}\n", "a.yml")
    assert source is not None
    _, problems = shape(models.Round, source)
    assert "a.yml:1:10: must have 'from', found none: add it (Shortest usual length, in minutes) (missing-key)" in map(
        str, problems
    )


def test_a_space_that_makes_a_value_wrong_is_shown() -> None:
    source, _ = parse("level: foundation\u00a0\n".encode(), "a.yml")
    assert source is not None
    _, problems = shape(Card, source)
    assert "found the text 'foundation\\xa0' with '\\xa0' (U+00A0, no-break space): choose" in "\n".join(
        map(str, problems)
    )


def test_locations_read_as_people_count() -> None:
    assert shown_location(("follow_ups", 0, "ask")) == "'follow_ups[1].ask'"
    assert shown_location(()) == "the entry"


def test_a_wrong_name_is_answered_with_the_nearest_or_all() -> None:
    assert did_you_mean("drfit", ["drift", "labels"]) == "did you mean 'drift'?"
    assert did_you_mean("zzz", ["drift", "labels"]) == "use one of drift, labels"
    assert did_you_mean("zzz", [f"topic-{n}" for n in range(20)]) == "look up the name, or add it"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("12:30", "the number '750', written 12:30"),
        ("1.10", "the number '1.1', written 1.10"),
        ("no", "the yes/no value 'False', written no"),
        ("20", "the number '20'"),
    ],
)
def test_what_yaml_makes_of_a_text_is_shown_beside_what_was_written(written: str, found: str) -> None:
    source, _ = parse(f"a: b\ntitle: {written}\n".encode(), "a.yml")
    assert source is not None
    assert f"'title' must be text, found {found}: write words" in "\n".join(map(str, shape(Card, source)[1]))
