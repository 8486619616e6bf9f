"""What a page was made from: recorded while it is rendered, and compared before it is rendered again.

A template may read any part of the catalogue. `TracedCatalogue` hands each part out and notes its name; a page that was
rendered before is good for as long as everything it read then is what it was (a constructive trace in the sense of
Mokhov, Mitchell and Peyton Jones, "Build systems à la carte", 2018). Nobody has to declare what a template depends on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any

from studyguide.catalogue import CardItem, Catalogue
from studyguide.content.read import Item
from studyguide.notebooks.run import Run

#: Attributes of the catalogue that depend on one kind of item, and on which. All others may depend on everything.
_KINDS = MappingProxyType(
    {
        **{kind: kind for kind in ("rounds", "roles", "topics", "glossary", "resources", "notebooks")},
        "round": "rounds",
        "role": "roles",
        "topic": "topics",
        "term": "glossary",
        "notebook": "notebooks",
        "site": "sites",
    }
)
_ALL_KINDS = tuple(field.name for field in fields(Catalogue) if field.name not in ("folder", "scripts"))


class Traces:
    """Digests of all parts of a catalogue and its runs, by the names that traces use."""

    def __init__(self, catalogue: Catalogue, runs: Mapping[str, Run]) -> None:
        self.catalogue = catalogue
        self.runs = runs
        self.digest = cache(self._digest)

    def _digest(self, part: str) -> str:
        """What a part is now: the card ``card/<id>``, the run ``run/<id>``, or an attribute of the catalogue."""
        kind, _, name = part.partition("/")
        if name:
            known: Mapping[str, CardItem | Run] = self.catalogue.card if kind == "card" else self.runs
            return known[name].digest if name in known else ""
        kinds = (_KINDS[part],) if part in _KINDS else _ALL_KINDS
        return _sha(
            "\n".join(f"{kind} {item.id} {item.digest}" for kind in kinds for item in getattr(self.catalogue, kind))
        )

    def of_context(self, context: Mapping[str, Any]) -> str:
        """A digest of what a page is given besides the catalogue."""
        return _sha("\n".join(f"{name}: {part}" for name in sorted(context) for part in _described(context[name])))


class TracedCatalogue:
    """A catalogue that notes in ``seen`` what was read of it."""

    def __init__(self, catalogue: Catalogue, seen: set[str]) -> None:
        self._catalogue = catalogue
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        if name == "card":
            return _TracedCards(self._catalogue.card, self._seen)
        self._seen.add(name)
        return getattr(self._catalogue, name)


class _TracedCards(Mapping[str, Any]):
    """Cards by id; each one that is looked up is noted, and all of them where they are gone through."""

    def __init__(self, cards: Mapping[str, Any], seen: set[str]) -> None:
        self._cards = cards
        self._seen = seen

    def __getitem__(self, id_: str) -> Any:
        self._seen.add(f"card/{id_}")
        return self._cards[id_]

    def __iter__(self) -> Iterator[str]:
        self._seen.add("cards")
        return iter(self._cards)

    def __len__(self) -> int:
        self._seen.add("cards")
        return len(self._cards)


def _described(value: Any) -> Iterator[str]:
    if isinstance(value, Item):
        yield f"{value.id} {value.digest}"
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from _described(entry)
    else:
        yield repr(value)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
