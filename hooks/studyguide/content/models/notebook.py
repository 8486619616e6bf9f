"""A notebook, as its header describes it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from studyguide.content.models.fields import Id, Model, several, text


class NotebookInfo(Model):
    """The `studyguide` header of a notebook."""

    kind: ClassVar[str] = "notebook"

    title: str = text(4, 60, "The name of the notebook.")
    summary: str = text(30, 240, "What the reader sees happen.")
    minutes: Annotated[int, Field(ge=5, le=90, description="The time box.")]
    rounds: tuple[Id, ...] = several(1, 4, "Rounds it belongs to, home round first.")
    topics: tuple[Id, ...] = several(1, 6, "Topics from content/topics.yml.")
    cards: tuple[Id, ...] = several(0, 6, "Cards that it backs.", optional=True)
