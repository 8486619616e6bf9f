"""A card and its parts."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints

from studyguide.content.models.fields import Id, Model, Url, several, text
from studyguide.content.speech import minutes_aloud

Form = Literal["situation", "question", "story"]
Level = Literal["foundation", "practitioner", "senior"]
FORMS: tuple[str, ...] = get_args(Form)
LEVELS: tuple[str, ...] = get_args(Level)


class WeakAnswer(Model):
    """The answer that sounds fine, and the harm it does."""

    says: str = text(60, 500, "What a decent candidate would really say; tempting, not silly.")
    misses: str = text(100, 700, "The concrete harm of acting on it; not that it is short.")


class Move(Model):
    """One step of a strong answer: something done or decided."""

    move: str = text(10, 90, "An imperative without a full stop: what you do or decide.")
    detail: str = text(
        80, 2600, "One idea in whole sentences, at most 80 words: what you look at, and what each outcome would mean."
    )


class AskFirst(Model):
    """A fact that the answer needs and the prompt does not give."""

    ask: str = text(10, 160, "What you would ask before you answer.")
    suppose: str = text(2, 160, "What the outline assumes if nobody knows; at most two numbers.")


class FollowUp(Model):
    """A question that pushes, and what tells a good reply from a bad one."""

    ask: str = text(12, 260, "Changes a constraint; does not ask for more of the same.")
    listen_for: str = text(40, 400, "What separates a good reply.")


def _as_written(value: Any) -> Any:
    """A formula that is a number alone, which YAML reads as one."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Working(Model):
    """One line of arithmetic, recomputed by the checker."""

    step: str = text(4, 90, "What is worked out, in words.")
    name: Annotated[
        str | None,
        StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$"),
        Field(description="A name by which later formulas may use this result, unrounded."),
    ] = None
    formula: Annotated[
        str,
        BeforeValidator(_as_written, json_schema_input_type=str | int | float),
        text(
            1,
            200,
            "Python arithmetic: + - * / ** // %, sqrt, log, exp, comb, min, max, floor, ceil, round, normal_cdf(z), "
            "binom_cdf(k, n, p); names of earlier steps. A number alone is an input.",
        ),
    ]
    result: str = text(1, 80, "The number, rounded as printed, then its unit.")


class Evidence(Model):
    """A cell of one of our notebooks whose output backs the card."""

    notebook: Annotated[Id, Field(description="The notebook's id: its file name without .py.")]
    cell: Annotated[Id, Field(description="The name in the cell's tag `evidence: name`.")]
    shows: str = text(20, 200, "One sentence: what the output shows. No figures; they come from the run.")


class Source(Model):
    """Something a reader would thank you for."""

    title: str = text(8, 160, "Title as published, with authors and year where it has them.")
    url: Annotated[Url, Field(description="An http(s) address, or a DOI or arXiv address.")]


class Card(Model):
    """A question with the weak answer that sounds fine, the outline of a strong one, and what is being tested."""

    kind: ClassVar[str] = "card"

    title: str = text(8, 60, "Names the subject in the field's words; a twist may follow.")
    form: Annotated[
        Form,
        Field(
            description="situation: a case with a constraint; question: a plain question, without scenery; story: "
            "something the candidate did."
        ),
    ]
    asked_as: tuple[Annotated[str, text(12, 120, "As an interviewer says it, or a candidate types it.")], ...] = (
        several(2, 5, "Two to five ways to ask it; the plainest first.")
    )
    round: Annotated[Id, Field(description="The round type; the same as the folder's name.")]
    level: Annotated[Level, Field(description="Who should be able to answer it well.")]
    roles: tuple[Id, ...] = several(1, 6, "Roles whose interviews ask this.")
    topics: tuple[Id, ...] = several(1, 5, "Topics from topics.yml.")
    terms: tuple[Id, ...] = several(2, 8, "Ids of glossary.yml: words a panel listens for, each used in the answer.")
    prompt: Annotated[
        str | None,
        text(40, 700, "At most 60 words and four numbers, each used in the answer. A plain question needs none."),
    ] = None
    say_first: str = text(
        160, 700, "40 to 80 words to say at once: the first sentence answers the first question as it stands."
    )
    ask_first: tuple[AskFirst, ...] = several(
        0, 6, "What you would ask, and what is assumed if nobody knows.", optional=True
    )
    weak_answer: WeakAnswer
    strong_outline: tuple[Move, ...] = several(2, 6, "The moves, in the order you would make them.")
    example: Annotated[
        str | None, text(100, 1200, "Of a story: one told whole, at most 160 words, beginning '(Invented.)'.")
    ] = None
    takeaway: str = text(40, 360, "One or two sentences that carry over to other questions.")
    whats_being_tested: str = text(40, 400, "The judgment, in one or two sentences; not the topic.")
    follow_ups: tuple[FollowUp, ...] = several(1, 4, "One to four.")
    red_flags: tuple[Annotated[str, text(15, 180, "Something heard in the room that sinks the answer.")], ...] = (
        several(1, 5, "One to five things heard in the room that sink the answer.")
    )
    workings: tuple[Working, ...] = several(
        0, 15, "The arithmetic of the answer, recomputed by the checker.", optional=True
    )
    evidence: tuple[Evidence, ...] = several(0, 4, "What our own notebooks printed in support.", optional=True)
    sources: tuple[Source, ...] = several(1, 5, "At least one.")
    related: tuple[Id, ...] = several(0, 5, "Ids of cards to read next.", optional=True)
    reviewed: Annotated[datetime.date, Field(description="The day somebody last checked every sentence.")]

    @property
    def question(self) -> str:
        """The plain question, as an interviewer puts it."""
        return self.asked_as[0]

    @property
    def posed(self) -> str:
        """What is put to the candidate: the prompt, or where there is none the plain question."""
        return self.prompt or self.question

    @property
    def minutes(self) -> int:
        """How long the answer takes to say, in whole minutes."""
        return max(1, round(minutes_aloud([self.say_first, *(move.detail for move in self.strong_outline)])))
