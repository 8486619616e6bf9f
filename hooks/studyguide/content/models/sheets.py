"""What prints on one sheet: checklists, and worksheets to fill in."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from studyguide.content.models.fields import Id, Model, Order, several, text


class CheckItem(Model):
    """One box to tick."""

    ask: str = text(8, 160, "What to ask yourself.")
    means: str = text(10, 220, "What a yes looks like. (Not a key named yes: YAML 1.1 reads that as true.)")
    card: Annotated[Id | None, Field(description="The card that goes deeper.")] = None


class Checklist(Model):
    """A page that prints on one sheet."""

    kind: ClassVar[str] = "checklist"

    title: str = text(4, 60, "The name of the sheet.")
    order: Order
    summary: str = text(30, 240, "When to use it.")
    rounds: tuple[Id, ...] = several(0, 11, "Round pages that list it.")
    items: tuple[CheckItem, ...] = several(3, 14, "What fits on one sheet.")


class WorksheetField(Model):
    """One thing to write down."""

    id: Annotated[Id, Field(description="Never changed: what readers wrote is kept under it.")]
    ask: str = text(4, 120, "The question, or the name of the part.")
    hint: str = text(10, 240, "What a strong answer holds.")
    weak: Annotated[str | None, text(4, 160, "An answer that is not yet good enough.")] = None
    at_most: Annotated[
        int, Field(ge=40, le=1500, description="Characters that fit: on the sheet, and into the time to say it.")
    ]
    lines: Annotated[int, Field(ge=1, le=16, description="Lines to write on, where the sheet is printed empty.")]
    card: Annotated[Id | None, Field(description="The card that probes it.")] = None


class WorksheetPart(Model):
    """Fields that belong together."""

    id: Annotated[Id, Field(description="A name of its own within the sheet.")]
    title: str = text(4, 60, "The name of the part.")
    note: str = text(10, 240, "How to fill it in.")
    columns: Annotated[
        int, Field(ge=1, le=2, description="How many fields stand side by side where there is room.")
    ] = 1
    fields: tuple[WorksheetField, ...] = several(1, 12, "In order.")


class Worksheet(Model):
    """A form that a reader fills in, several times over; it is kept in the browser and prints on one sheet."""

    kind: ClassVar[str] = "worksheet"

    title: str = text(4, 60, "The name of the worksheet.")
    order: Order
    summary: str = text(30, 300, "What it is for, and how to use it.")
    noun: str = text(3, 20, "What one filled-in sheet is about, in lower case: project, story.")
    parts: tuple[WorksheetPart, ...] = several(1, 4, "What fits on one sheet.")
