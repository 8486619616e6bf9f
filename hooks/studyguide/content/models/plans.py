"""Which cards to take, and when: plans and drills."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from studyguide.content.models.fields import Id, Model, Order, several, text


class PlanRow(Model):
    """Some days of a plan."""

    first_day: Annotated[int, Field(ge=1, le=120, description="First day of the row, from 1.")]
    last_day: Annotated[int, Field(ge=1, le=120, description="Last day of the row.")]
    focus: str = text(4, 120, "What these days are about.")
    output: str = text(10, 300, "What exists at the end of them.")
    cards: tuple[Id, ...] = several(0, 20, "Cards to use.", optional=True)
    topics: tuple[Id, ...] = several(0, 10, "Topics whose cards to use.", optional=True)
    notebooks: tuple[Id, ...] = several(0, 10, "Notebooks to work through.", optional=True)


class Plan(Model):
    """A schedule."""

    kind: ClassVar[str] = "plan"

    title: str = text(4, 60, "The name of the plan.")
    order: Order
    summary: str = text(30, 400, "What it does.")
    for_whom: str = text(20, 240, "Who should take it.")
    time: str = text(4, 60, "The time it takes: how much, how often.")
    fits: str = text(
        20, 200, "A plain question; whoever answers yes to it, and to none of the plans before, takes this."
    )
    rows: tuple[PlanRow, ...] = several(2, 40, "In order of days.")


class Collection(Model):
    """A named drill that selects cards by topic, round or id."""

    kind: ClassVar[str] = "collection"

    title: str = text(4, 60, "The name of the drill.")
    order: Order
    summary: str = text(30, 300, "What it drills.")
    when: str = text(20, 300, "When to use it.")
    how: str = text(20, 600, "How to use it as a drill.")
    rounds: tuple[Id, ...] = several(0, 11, "Only cards of these rounds; all rounds where empty.", optional=True)
    topics: tuple[Id, ...] = several(0, 30, "Cards with any of these topics.", optional=True)
    cards: tuple[Id, ...] = several(0, 40, "More cards, by id.", optional=True)
