"""Types of interview rounds, and the roles whose interviews are made of them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from studyguide.content.models.fields import Id, Model, Order, several, text


class Minutes(Model):
    """A typical range; rounds differ from employer to employer."""

    from_: Annotated[int, Field(alias="from", ge=5, le=480, description="Shortest usual length, in minutes.")]
    to: Annotated[int, Field(ge=5, le=480, description="Longest usual length, in minutes.")]


class Round(Model):
    """A type of interview round."""

    kind: ClassVar[str] = "round"

    title: str = text(3, 50, "The name of the round.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists; each round its own.")]
    minutes: Minutes
    summary: str = text(60, 500, "What happens in the room.")
    weak_prep: str = text(30, 300, "What weak preparation sounds like.")
    strong_prep: str = text(30, 400, "What strong preparation sounds like.")
    signals: tuple[Annotated[str, text(10, 220, "Something the interviewer looks for.")], ...] = several(
        3, 8, "What the interviewer looks for."
    )
    prepare: tuple[Annotated[str, text(10, 300, "Something to do.")], ...] = several(3, 8, "How to prepare, in order.")


class RoundWeight(Model):
    """How much of a role's interviews a round makes up."""

    round: Annotated[Id, Field(description="A round's id.")]
    percent: Annotated[int, Field(ge=1, le=100, description="Share of preparation time; all weights sum to 100.")]


class Gap(Model):
    """What a neighbouring role expects beyond this one."""

    role: Annotated[Id, Field(description="The neighbouring role.")]
    gap: str = text(30, 400, "What someone moving there must add.")


class Role(Model):
    """A job title and what its interviews weigh."""

    kind: ClassVar[str] = "role"

    title: str = text(4, 60, "The job title.")
    order: Order
    summary: str = text(60, 500, "What the job's interviews weigh.")
    rounds: tuple[RoundWeight, ...] = several(1, 11, "Summing to 100.")
    must_do: tuple[Id, ...] = several(0, 20, "Cards to do first, in order.", optional=True)
    neighbours: tuple[Gap, ...] = several(0, 5, "Gaps to neighbouring roles.", optional=True)
