"""Every kind of content, in one table: where its files lie, what is in them, and which pages are made of it.

A new kind is a row here, its model, and its templates, which bear the model's name: ``plan.html`` for a page,
``print/plan.html`` for the book, ``markdown/plan.md`` for a copy. `read.Content` and `catalogue.Catalogue` name it once
more, with its type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from studyguide.content import models
from studyguide.content.models import Model


@dataclass(frozen=True)
class Kind:
    """A kind of content."""

    #: What its items are called in `Content` and `Catalogue`, and the folder of their pages.
    name: str
    model: type[Model]
    #: Its files in a content folder, as editors write patterns.
    files: str
    #: Title and lead of the page that lists its items, and the template of that.
    title: str = ""
    lead: str = ""
    list_template: str = "folder.html"
    #: Another kind, on whose list its items stand too.
    listed_with: str = ""
    #: Whether each item is copied as Markdown; whether it is a part of the book, and the lead there if it is another.
    copied: bool = False
    in_book: bool = False
    book_lead: str = ""

    @property
    def word(self) -> str:
        """One item of it, in a word; its templates are named so."""
        return self.model.kind

    @property
    def schema(self) -> str:
        """The name of its JSON Schema: that of one item, or of the file that lists them all."""
        return self.word if "/" in self.files else self.name


CARDS = Kind("cards", models.Card, "cards/*/*.yml")
NOTEBOOKS = Kind("notebooks", models.NotebookInfo, "notebooks/*.py")
SITE = Kind("site", models.Site, "site.yml")

#: Kinds with a file for each item, whose name is the id, and with an order; by name.
FOLDERS = {
    kind.name: kind
    for kind in (
        Kind(
            "rounds", models.Round, "rounds/*.yml", "Rounds",
            "Every type of interview round, with what weak and strong preparation sound like.",
            list_template="rounds.html", copied=True,
        ),
        Kind(
            "checklists", models.Checklist, "checklists/*.yml", "Checklists",
            "One printed sheet each, with boxes to tick.",
            copied=True, in_book=True, book_lead="One page each, with boxes to tick. Copy them.",
        ),
        Kind(
            "plans", models.Plan, "plans/*.yml", "Plans", "Days, focus, and what exists at the end of each step.",
            list_template="plans.html", copied=True, in_book=True,
        ),
        Kind("worksheets", models.Worksheet, "worksheets/*.yml", listed_with="checklists"),
        Kind(
            "roles", models.Role, "roles/*.yml", "Roles",
            "What the interviews for each job weigh, and what to do first.", copied=True, in_book=True,
        ),
        Kind(
            "collections", models.Collection, "collections/*.yml", "Drill sets",
            "Cards picked for one purpose, and how to use them.", copied=True, in_book=True,
        ),
    )
}  # fmt: skip

#: Kinds with one file that lists all items, each with its id; by the name of the file.
LISTS = {
    kind.files: kind
    for kind in (
        Kind("topics", models.Topic, "topics.yml"),
        Kind("glossary", models.Term, "glossary.yml"),
        Kind("resources", models.Resource, "resources.yml"),
    )
}

KINDS = (CARDS, *FOLDERS.values(), *LISTS.values(), NOTEBOOKS, SITE)


def kind_of(parts: Sequence[str]) -> Kind | None:
    """The kind of content in a file, by the parts of its path from the content folder; ``None`` for any other file."""
    path = PurePosixPath(*parts)
    return next((kind for kind in KINDS if kind.files.count("/") == len(parts) - 1 and path.match(kind.files)), None)
