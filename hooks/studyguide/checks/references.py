"""Rules about what items name: whatever is named exists, once, and leads to something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import pairwise
from operator import getitem
from typing import Any

from studyguide.checks.addresses import addresses, fault
from studyguide.checks.common import all_items, field_of, repeated, unvetted, unvetted_cards
from studyguide.content.kinds import KINDS
from studyguide.content.models import ID_PATTERN
from studyguide.content.read import Content, Item, texts_in
from studyguide.content.validate import did_you_mean
from studyguide.content.yaml_source import Loc
from studyguide.problems import Problem


def references_exist(content: Content) -> Iterator[Problem]:
    """Whatever is named by id must exist: rounds, roles, topics, cards, notebooks, cells.

    Bad: `topics: [drfit]`.
    Good: `topics: [drift]`.
    """
    known = {kind.word: {item.id for item in getattr(content, kind.name)} for kind in KINDS}
    named = [(item.source, item.loc, item.texts) for item in all_items(content)]
    named += [(source, loc, tuple(texts_in(reduce(getitem, loc, source.data)))) for source, loc in content.misfits]
    for source, base, texts in named:
        for kind, loc, name in references(texts):
            found = name in known[kind] or not content.broken.isdisjoint((name, kind))
            if not found and re.fullmatch(ID_PATTERN, name):  # what cannot be an id is a problem of its own
                message = f"must name a {kind} that exists, found '{name}': {did_you_mean(name, known[kind])}"
                yield source.problem("unknown-reference", message, (*base, *loc))
    for item in content.cards:
        for index, evidence in enumerate(item.value.evidence):
            script = content.scripts.get(evidence.notebook)
            if script is not None and evidence.cell not in script.evidence:
                remedy = did_you_mean(evidence.cell, script.evidence)
                message = (
                    f"must name a cell of {evidence.notebook} tagged 'evidence: ...', found '{evidence.cell}': {remedy}"
                )
                yield item.problem("unknown-cell", message, "evidence", index, "cell")


def ways_lead_somewhere(content: Content) -> Iterator[Problem]:
    """The buttons of the home page lead to pages that the guide has.

    Bad: `page: plans/index.html` where there are no plans.
    Good: `page: rounds/index.html`, `page: glossary.html#drift`.
    """
    pages = addresses(content)
    for item in content.site:
        ways = [(way, ("ways_in", number)) for number, way in enumerate(item.value.ways_in)]
        for way, loc in (*ways, *([(item.value.day_of, ("day_of",))] if item.value.day_of else [])):
            path = re.split("[?#]", way.page)[0]
            message = fault(content, pages, "index.html", way.page)
            if path.endswith("/") and not message:  # a folder has no page where the site is read from a disk
                message = f"must lead to a page, found the folder '{path[:60]}': write '{path[:60]}index.html'"
            if message:
                yield item.problem("bad-link", f"'page' {message}", *loc, "page")


#: Fields that hold ids, and the kind of thing each names.
REFERENCE_FIELDS = {
    "round": "round", "rounds": "round", "roles": "role", "role": "role", "topics": "topic", "terms": "term",
    "cards": "card", "card": "card", "showcase": "card", "related": "card", "must_do": "card", "not_in": "card",
    "notebooks": "notebook", "notebook": "notebook",
}  # fmt: skip


def references(texts: Iterable[tuple[Loc, str]]) -> Iterator[tuple[str, Loc, str]]:
    """The ids among texts: (kind, location, id)."""
    return ((REFERENCE_FIELDS[field], loc, text) for loc, text in texts if (field := field_of(loc)) in REFERENCE_FIELDS)


def references_are_not_repeated(content: Content) -> Iterator[Problem]:
    """A list names each thing once, a checklist leads to each card once, and a card is not related to itself.

    Bad: `related: [drift, drift]`.
    Good: `related: [drift, label-delay]`.
    """
    for item in unvetted(content):
        listed = [(loc, name) for _, loc, name in references(item.texts) if isinstance(loc[-1], int)]
        for (loc, name), _ in repeated(((loc[:-1], name), (loc, name)) for loc, name in listed):
            message = f"must name each thing once, found '{name}' again: remove it"
            yield item.problem("repeated-reference", message, *loc)
    for items, entries, kind, must, remedy in (
        (content.roles, "rounds", "round", "name each round", "merge the two entries"),
        (content.roles, "neighbours", "role", "name each role", "merge the two entries"),
        (content.checklists, "items", "card", "lead to each card", "name one that goes deeper into this item"),
    ):
        for item in items:
            named = [(getattr(entry, kind), index) for index, entry in enumerate(getattr(item.value, entries))]
            for (name, index), _ in repeated((pair[0], pair) for pair in named if pair[0]):
                message = f"must {must} once, found '{name}' again: {remedy}"
                yield item.problem("repeated-reference", message, entries, index, kind)
    for card in unvetted_cards(content):
        if card.id in card.value.related:
            message = "must name other cards, found this card itself: remove it"
            yield card.problem("self-reference", message, "related", card.value.related.index(card.id))


def weights_sum_to_hundred(content: Content) -> Iterator[Problem]:
    """The weights of a role are shares of one whole.

    Bad: 40 and 50.
    Good: 40 and 60.
    """
    for item in content.roles:
        total = sum(weight.percent for weight in item.value.rounds)
        if total != 100:
            yield item.problem("weights", f"the percentages must sum to 100, found {total}: correct them", "rounds")


def plan_days_follow(content: Content) -> Iterator[Problem]:
    """The rows of a plan go forward in time and do not overlap.

    Bad: days 1 to 4, then 3 to 5.
    Good: days 1 to 2, then 3 to 5.
    """
    for item in content.plans:
        for index, row in enumerate(item.value.rows):
            if row.last_day < row.first_day:
                message = f"'last_day' must not be before 'first_day' {row.first_day}, found {row.last_day}: correct it"
                yield item.problem("plan-days", message, "rows", index, "last_day")
        for index, (before, after) in enumerate(pairwise(item.value.rows), start=1):
            if after.first_day <= before.last_day:
                message = f"'first_day' must be after day {before.last_day}, found {after.first_day}: correct it"
                yield item.problem("plan-days", message, "rows", index, "first_day")


def selections_select(content: Content) -> Iterator[Problem]:
    """A collection, a topic in a plan, a role and a checklist lead to a card; a row of a plan names something to use.

    Bad: a collection whose topics no card has; a role that no card names.
    Good: a collection whose topics some cards have; a role under `roles` of some cards.
    """
    for item in content.collections:
        if not any(selects(item.value, card) for card in content.cards) and not content.broken:
            message = "must select at least one card, selects none: name topics, rounds or cards that exist"
            yield item.problem("selects-nothing", message)
    used = {topic for card in content.cards for topic in card.value.topics}
    unused = {topic.id for topic in content.topics} - used
    for plan in content.plans:
        for index, row in enumerate(plan.value.rows):
            for position, topic in enumerate(row.topics):
                if topic in unused and not content.broken:
                    message = f"must name topics that some card has, found '{topic}', which none has: name another"
                    yield plan.problem("selects-nothing", message, "rows", index, "topics", position)
            if not (row.cards or row.topics or row.notebooks):
                message = "must name cards, topics or notebooks to use, found none: name at least one"
                yield plan.problem("selects-nothing", message, "rows", index)
    wanted = {role for card in content.cards for role in card.value.roles}
    for role in content.roles:
        if role.id not in wanted and not content.broken:
            message = (
                f"must be a role that some card names, found '{role.id}', which none does: add it to 'roles' of cards"
            )
            yield role.problem("selects-nothing", message)
    for sheet in content.checklists:
        if not any(box.card for box in sheet.value.items):
            message = "must lead to at least one card, names none: give an item the 'card' that goes deeper"
            yield sheet.problem("selects-nothing", message, "items")


def selects(collection: Any, card: Item[Any]) -> bool:
    """Whether a collection selects a card: named by id, or of one of its topics within its rounds."""
    if card.id in collection.cards:
        return True
    in_round = not collection.rounds or card.value.round in collection.rounds
    return in_round and bool(set(collection.topics) & set(card.value.topics))
