"""A content folder -> the whole guide as one value. The checker and the build both begin here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from studyguide.cache import Cache
from studyguide.checks.references import selects
from studyguide.checks.rules import check
from studyguide.content import models
from studyguide.content.models import LEVELS, Model
from studyguide.content.notebook_source import Script
from studyguide.content.read import Content, Item, lighten, read_content, remember, shown_path
from studyguide.problems import ContentError, Problem

M = TypeVar("M", bound=Model)
CardItem = Item[models.Card]


@dataclass(frozen=True)
class Catalogue:
    """All content, valid and in the order in which it is shown.

    Cards are ordered by their round's place, then from foundation to senior, then by title.
    """

    folder: Path
    cards: tuple[CardItem, ...]
    rounds: tuple[Item[models.Round], ...]
    checklists: tuple[Item[models.Checklist], ...]
    plans: tuple[Item[models.Plan], ...]
    worksheets: tuple[Item[models.Worksheet], ...]
    roles: tuple[Item[models.Role], ...]
    collections: tuple[Item[models.Collection], ...]
    topics: tuple[Item[models.Topic], ...]
    glossary: tuple[Item[models.Term], ...]
    resources: tuple[Item[models.Resource], ...]
    notebooks: tuple[Item[models.NotebookInfo], ...]
    sites: tuple[Item[models.Site], ...]
    scripts: Mapping[str, Script]

    @property
    def site(self) -> Item[models.Site]:
        """The guide's name and home page; every catalogue without problems has it."""
        return self.sites[0]

    def file(self, item: Item[M]) -> str:
        """The item's file, as seen from the content folder: the same wherever that lies."""
        return item.path.removeprefix(f"{shown_path(self.folder)}/")

    @cached_property
    def card(self) -> Mapping[str, CardItem]:
        """Cards by id."""
        return {item.id: item for item in self.cards}

    @cached_property
    def round(self) -> Mapping[str, Item[models.Round]]:
        """Rounds by id."""
        return {item.id: item for item in self.rounds}

    @cached_property
    def notebook(self) -> Mapping[str, Item[models.NotebookInfo]]:
        """Notebooks by id."""
        return {item.id: item for item in self.notebooks}

    @cached_property
    def role(self) -> Mapping[str, Item[models.Role]]:
        """Roles by id."""
        return {item.id: item for item in self.roles}

    @cached_property
    def topic(self) -> Mapping[str, Item[models.Topic]]:
        """Topics by id."""
        return {item.id: item for item in self.topics}

    @cached_property
    def term(self) -> Mapping[str, Item[models.Term]]:
        """Glossary terms by id."""
        return {item.id: item for item in self.glossary}

    @cached_property
    def cards_of_round(self) -> Mapping[str, tuple[CardItem, ...]]:
        return _grouped((card.value.round, card) for card in self.cards)

    @cached_property
    def cards_of_topic(self) -> Mapping[str, tuple[CardItem, ...]]:
        return _grouped((topic, card) for card in self.cards for topic in card.value.topics)

    @cached_property
    def notebooks_of_round(self) -> Mapping[str, tuple[Item[models.NotebookInfo], ...]]:
        return _grouped((round_, notebook) for notebook in self.notebooks for round_ in notebook.value.rounds)

    @cached_property
    def checklists_of_round(self) -> Mapping[str, tuple[Item[models.Checklist], ...]]:
        return _grouped((round_, sheet) for sheet in self.checklists for round_ in sheet.value.rounds)

    @cached_property
    def _around(self) -> Mapping[str, tuple[CardItem | None, CardItem | None]]:
        found = {}
        for cards in self.cards_of_round.values():
            for before, card, after in zip((None, *cards), cards, (*cards[1:], None), strict=False):
                found[card.id] = before, after
        return found

    def neighbours(self, card: CardItem) -> tuple[CardItem | None, CardItem | None]:
        """The cards before and after this one in its round."""
        return self._around[card.id]

    def selected(self, collection: Item[models.Collection]) -> tuple[CardItem, ...]:
        """The cards of a collection."""
        return tuple(card for card in self.cards if selects(collection.value, card))


T = TypeVar("T")


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def load_catalogue(folder: Path, cache: Cache | None = None) -> tuple[Catalogue, list[Problem]]:
    """Read and check a content folder.

    Returns the catalogue of what could be read, and every problem, sorted. With a problem in the list the catalogue is
    not fit to be published. ``cache`` spares the reading of files that were without problems and have not changed.
    """
    content, problems = read_content(folder, cache)
    problems += check(content)
    if not problems:
        if cache:
            remember(content, cache)
        lighten(content)
    return catalogue_of(content), sorted(set(problems))


def require_catalogue(folder: Path, cache: Cache | None = None) -> Catalogue:
    """The catalogue of a folder without problems. Raises `ContentError` with all of them otherwise."""
    catalogue, problems = load_catalogue(folder, cache)
    if problems:
        raise ContentError(problems)
    return catalogue


def catalogue_of(content: Content) -> Catalogue:
    """Content in the order in which it is shown."""
    rounds = _by_order(content.rounds)
    place = {item.id: number for number, item in enumerate(rounds)}

    def card_order(item: CardItem) -> tuple[int, int, str]:
        value = item.value
        return place.get(value.round, len(place)), LEVELS.index(value.level), value.title.casefold()

    def notebook_order(item: Item[models.NotebookInfo]) -> tuple[int, str]:
        return place.get(item.value.rounds[0], len(place)), item.value.title.casefold()

    return Catalogue(
        folder=content.folder,
        cards=tuple(sorted(content.cards, key=card_order)),
        rounds=rounds,
        checklists=_by_order(content.checklists),
        plans=_by_order(content.plans),
        worksheets=_by_order(content.worksheets),
        roles=_by_order(content.roles),
        collections=_by_order(content.collections),
        topics=tuple(sorted(content.topics, key=lambda item: item.value.title.casefold())),
        glossary=tuple(sorted(content.glossary, key=lambda item: item.value.term.casefold())),
        resources=tuple(content.resources),
        notebooks=tuple(sorted(content.notebooks, key=notebook_order)),
        sites=tuple(content.site),
        scripts=content.scripts,
    )


def _by_order(items: list[Item[M]]) -> tuple[Item[M], ...]:
    return tuple(sorted(items, key=lambda item: (item.value.order, item.id)))  # type: ignore[attr-defined]
