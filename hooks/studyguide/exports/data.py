"""Edition -> the cards as JSON, in one file, and its JSON Schema.

Texts are Markdown with the notebooks' values put in; addresses count from the root of the site. ``format`` changes when
a program that reads these files would have to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from studyguide.catalogue import CardItem
from studyguide.content import models
from studyguide.content.schemas import DRAFT
from studyguide.exports.edition import Edition
from studyguide.pages.listing import card_uri

FORMAT = 2
ALL = "data/cards.json"
ALL_SCHEMA = "data/cards.schema.json"
#: Rules for those who write cards; those who read them need not know how long a text may be.
_EDITORIAL = frozenset({"minLength", "maxLength", "minItems", "maxItems"})


class CardData(models.Card):
    """A card as data."""

    id: Annotated[models.Id, Field(description="The card's identity, for good; also its file's name.")]
    url: Annotated[str, Field(description="Its page, from the root of the site.")]
    markdown: Annotated[str, Field(description="The same as Markdown, from the root of the site.")]
    about: Annotated[int, Field(alias="minutes", description="How long the answer takes to say, in minutes.")]


class Named(models.Model):
    """A round, role or topic that cards name by its id."""

    id: models.Id
    title: str


class CardsFile(models.Model):
    """All cards of the guide, in its order."""

    format: Annotated[Literal[2], Field(description="The version of this format.")]
    guide: Annotated[str, Field(description="The name of the guide.")]
    edition: Annotated[str, Field(description="The day of this edition, in UTC.", json_schema_extra={"format": "date"})]
    rounds: tuple[Named, ...]
    roles: tuple[Named, ...]
    topics: tuple[Named, ...]
    terms: tuple[Named, ...]
    cards: tuple[CardData, ...]


def files(edition: Edition) -> dict[str, bytes]:
    """All JSON files by address, `ALL` first."""
    catalogue = edition.catalogue
    everything = {
        "format": FORMAT,
        "guide": edition.title,
        "edition": edition.when.date().isoformat(),
        "rounds": [{"id": item.id, "title": item.value.title} for item in catalogue.rounds],
        "roles": [{"id": item.id, "title": item.value.title} for item in catalogue.roles],
        "topics": [{"id": item.id, "title": item.value.title} for item in catalogue.topics],
        "terms": [{"id": item.id, "title": item.value.term} for item in catalogue.glossary],
        "cards": [card_data(edition, item) for item in catalogue.cards],
    }
    schema = {"$schema": DRAFT, **_without_lengths(CardsFile.model_json_schema(mode="serialization"))}
    return {ALL: _json(everything), ALL_SCHEMA: _json(schema)}


def card_data(edition: Edition, item: CardItem) -> dict[str, Any]:
    """A card as plain data, its keys in the order of the model."""
    page = card_uri(item.id)
    head = {"id": item.id, "url": page, "markdown": page.removesuffix(".html") + ".md", "minutes": item.value.minutes}
    return {**head, **_resolved(edition, item.value.model_dump(mode="json", by_alias=True))}


def _resolved(edition: Edition, value: Any) -> Any:
    """The same data with ``[[notebook:name]]`` replaced by what the notebook published."""
    if isinstance(value, str):
        return edition.renderer.with_values(value)
    if isinstance(value, Mapping):
        return {key: _resolved(edition, part) for key, part in value.items()}
    if isinstance(value, list):
        return [_resolved(edition, part) for part in value]
    return value


def _without_lengths(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_lengths(part) for key, part in value.items() if key not in _EDITORIAL}
    return [_without_lengths(part) for part in value] if isinstance(value, list) else value


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
