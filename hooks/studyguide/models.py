"""The shape of every kind of content, and nothing else: no files, no rules across files.

Models are frozen, strict and closed: an unknown key is an error and no value is converted. The descriptions are what
contributors read in their editor (the JSON Schemas are generated from here) and in messages.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, min_length=2, max_length=60)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=300)]
Level = Literal["foundation", "practitioner", "senior"]
LEVELS: tuple[str, ...] = get_args(Level)


def _text(at_least: int, at_most: int, description: str) -> Any:
    """A text of a length in characters, counted without the white space around it."""
    constraints = StringConstraints(strip_whitespace=True, min_length=at_least, max_length=at_most)
    return Annotated[str, constraints, Field(description=description)]


def _ids(at_least: int, at_most: int, description: str) -> Any:
    return Annotated[tuple[Id, ...], Field(min_length=at_least, max_length=at_most, description=description)]


class Model(BaseModel):
    """What all models share."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class WeakAnswer(Model):
    """The answer that sounds fine, and the harm it does."""

    says: _text(60, 500, "What a decent candidate would really say; tempting, not silly.")
    misses: _text(100, 700, "The concrete harm of acting on it; not that it is short.")


class Move(Model):
    """One step of a strong answer: something done or decided."""

    move: _text(10, 90, "An imperative without a full stop: what you do or decide.")
    detail: _text(80, 1400, "The evidence you would look at, and what each outcome means.")


class FollowUp(Model):
    """A question that pushes, and what tells a good reply from a bad one."""

    ask: _text(20, 260, "Changes a constraint; does not ask for more of the same.")
    listen_for: _text(40, 360, "What separates a good reply.")


class Working(Model):
    """One line of arithmetic, recomputed by the checker."""

    step: _text(4, 90, "What is worked out, in words.")
    formula: _text(1, 200, "Python arithmetic: + - * / ** // %, sqrt, log, exp, min, max ..., names of earlier steps.")
    result: _text(1, 80, "The number, rounded as printed, then its unit.")
    name: Annotated[
        str | None,
        StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$"),
        Field(description="A name by which later formulas may use this result, unrounded."),
    ] = None


class Evidence(Model):
    """A cell of one of our notebooks whose output backs the card."""

    notebook: Annotated[Id, Field(description="The notebook's id: its file name without .py.")]
    cell: Annotated[Id, Field(description="The name in the cell's tag `evidence: name`.")]
    shows: _text(20, 200, "One sentence: what the output shows. No figures; they come from the run.")


class Source(Model):
    """Something a reader would thank you for."""

    title: _text(8, 160, "Title as published, with authors and year where it has them.")
    url: Annotated[Url, Field(description="An http(s) address, or a DOI or arXiv address.")]


class Card(Model):
    """A question card: the weak answer that sounds fine, the outline of a strong one, and what is being tested."""

    kind: ClassVar[str] = "card"

    title: _text(8, 60, "The name people will remember it by.")
    round: Annotated[Id, Field(description="The round type; the same as the folder's name.")]
    level: Annotated[Level, Field(description="Who should be able to answer it well.")]
    minutes: Annotated[int, Field(ge=2, le=15, description="How long a spoken answer takes.")]
    roles: _ids(1, 6, "Roles whose interviews ask this.")
    topics: _ids(1, 5, "Topics from content/topics.yml.")
    prompt: _text(80, 700, "A situation with a number, a constraint or a person in it.")
    weak_answer: WeakAnswer
    strong_outline: Annotated[
        tuple[Move, ...], Field(min_length=4, max_length=7, description="Four to seven moves, in the order you would make them.")
    ]
    whats_being_tested: _text(60, 400, "The judgement, in one or two sentences; not the topic.")
    follow_ups: Annotated[tuple[FollowUp, ...], Field(min_length=2, max_length=4, description="Two to four.")]
    red_flags: Annotated[
        tuple[_text(20, 180, "Something heard in the room that sinks the answer."), ...],
        Field(min_length=2, max_length=5, description="Two to five things heard in the room that sink the answer."),
    ]
    workings: Annotated[
        tuple[Working, ...], Field(max_length=12, description="The arithmetic of the answer, recomputed by the checker.")
    ] = ()
    evidence: Annotated[
        tuple[Evidence, ...], Field(max_length=4, description="What our own notebooks printed in support.")
    ] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=5, description="At least one.")]
    related: _ids(0, 5, "Ids of cards to read next.") = ()
    reviewed: Annotated[datetime.date, Field(description="The day somebody last checked every sentence.")]


class Minutes(Model):
    """A typical range; rounds differ from employer to employer."""

    from_: Annotated[int, Field(alias="from", ge=5, le=480, description="Shortest usual length, in minutes.")]
    to: Annotated[int, Field(ge=5, le=480, description="Longest usual length, in minutes.")]


class Round(Model):
    """A type of interview round."""

    kind: ClassVar[str] = "round"

    title: _text(3, 50, "The name of the round.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists; each round its own.")]
    minutes: Minutes
    summary: _text(60, 500, "What happens in the room.")
    weak_prep: _text(30, 300, "What weak preparation sounds like.")
    strong_prep: _text(30, 400, "What strong preparation sounds like.")
    signals: Annotated[
        tuple[_text(10, 220, "Something the interviewer looks for."), ...],
        Field(min_length=3, max_length=8, description="What the interviewer looks for."),
    ]
    prepare: Annotated[
        tuple[_text(10, 300, "Something to do."), ...],
        Field(min_length=3, max_length=8, description="How to prepare, in order."),
    ]


class CheckItem(Model):
    """One box to tick."""

    ask: _text(8, 160, "What to ask yourself.")
    yes: _text(10, 220, "What a yes looks like.")
    card: Annotated[Id | None, Field(description="The card that goes deeper.")] = None


class Checklist(Model):
    """A page that prints on one sheet."""

    kind: ClassVar[str] = "checklist"

    title: _text(4, 60, "The name of the sheet.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: _text(30, 240, "When to use it.")
    rounds: _ids(0, 11, "Round pages that list it.")
    items: Annotated[tuple[CheckItem, ...], Field(min_length=3, max_length=14, description="What fits on one sheet.")]


class PlanRow(Model):
    """Some days of a plan."""

    first_day: Annotated[int, Field(ge=1, le=120, description="First day of the row, from 1.")]
    last_day: Annotated[int, Field(ge=1, le=120, description="Last day of the row.")]
    focus: _text(4, 120, "What these days are about.")
    output: _text(10, 300, "What exists at the end of them.")
    cards: _ids(0, 20, "Cards to use.") = ()
    topics: _ids(0, 10, "Topics whose cards to use.") = ()
    notebooks: _ids(0, 10, "Notebooks to work through.") = ()


class Plan(Model):
    """A schedule."""

    kind: ClassVar[str] = "plan"

    title: _text(4, 60, "The name of the plan.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: _text(30, 400, "What it does.")
    for_whom: _text(20, 240, "Who should take it.")
    rows: Annotated[tuple[PlanRow, ...], Field(min_length=2, max_length=40, description="In order of days.")]


class RoundWeight(Model):
    """How much of a role's interviews a round makes up."""

    round: Annotated[Id, Field(description="A round's id.")]
    percent: Annotated[int, Field(ge=1, le=100, description="Share of preparation time; all weights sum to 100.")]


class Gap(Model):
    """What a neighbouring role expects beyond this one."""

    role: Annotated[Id, Field(description="The neighbouring role.")]
    gap: _text(30, 400, "What someone moving there must add.")


class Role(Model):
    """A job title and what its interviews weigh."""

    kind: ClassVar[str] = "role"

    title: _text(4, 60, "The job title.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: _text(60, 500, "What the job's interviews weigh.")
    rounds: Annotated[tuple[RoundWeight, ...], Field(min_length=1, max_length=11, description="Summing to 100.")]
    must_do: _ids(0, 20, "Cards to do first, in order.") = ()
    neighbours: Annotated[tuple[Gap, ...], Field(max_length=5, description="Gaps to neighbouring roles.")] = ()


class Collection(Model):
    """A named drill that selects cards by topic, round or id."""

    kind: ClassVar[str] = "collection"

    title: _text(4, 60, "The name of the drill.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: _text(30, 300, "What it drills.")
    when: _text(20, 300, "When to use it.")
    how: _text(20, 600, "How to use it as a drill.")
    rounds: _ids(0, 11, "Only cards of these rounds; all rounds where empty.") = ()
    topics: _ids(0, 30, "Cards with any of these topics.") = ()
    cards: _ids(0, 40, "More cards, by id.") = ()


class Topic(Model):
    """A subject that cards share."""

    kind: ClassVar[str] = "topic"

    id: Id
    title: _text(2, 50, "The name of the topic.")
    summary: _text(10, 200, "What belongs to it.")


class Term(Model):
    """A glossary entry of two lines."""

    kind: ClassVar[str] = "term"

    id: Id
    term: _text(2, 60, "The term as written in the middle of a sentence.")
    aliases: Annotated[
        tuple[_text(2, 60, "Another spelling."), ...], Field(max_length=6, description="Other spellings found in texts.")
    ] = ()
    definition: _text(20, 320, "Two lines: what it is, and when it matters or breaks.")
    card: Annotated[Id | None, Field(description="The card that uses it best.")] = None


class Resource(Model):
    """Something outside the guide that is worth a reader's time."""

    kind: ClassVar[str] = "resource"

    id: Id
    title: _text(3, 120, "Its name, as its makers write it.")
    sort: Annotated[Literal["practice", "course", "book", "papers", "mock", "tool", "blog"], Field(description="What it is.")]
    url: Annotated[Url, Field(description="Where it is.")]
    best_for: _text(20, 260, "What it is best for.")
    cost: _text(3, 120, "Licence or cost, as known on the day it was checked.")
    checked: Annotated[datetime.date, Field(description="The day this entry was checked.")]


class WayIn(Model):
    """A button of the home page."""

    label: _text(4, 60, "What the reader wants, in their words.")
    page: Annotated[str, StringConstraints(pattern=r"^[a-z0-9/-]+\.html$"), Field(description="A page of the site.")]


class Site(Model):
    """What the guide is called, and its home page."""

    kind: ClassVar[str] = "site"

    title: _text(3, 60, "The name of the guide.")
    headline: _text(10, 120, "One or two short sentences; *one word* may be marked.")
    lead: _text(40, 400, "What the guide is, for somebody who has just arrived.")
    showcase: Annotated[Id, Field(description="The card whose weak and strong answers the home page shows.")]
    ways_in: Annotated[tuple[WayIn, ...], Field(min_length=1, max_length=4, description="What to do first.")]


class NotebookInfo(Model):
    """The `studyguide` header of a notebook."""

    kind: ClassVar[str] = "notebook"

    title: _text(4, 60, "The name of the notebook.")
    summary: _text(30, 240, "What the reader sees happen.")
    minutes: Annotated[int, Field(ge=5, le=90, description="The time box.")]
    rounds: _ids(1, 4, "Rounds it belongs to, home round first.")
    topics: _ids(1, 6, "Topics from content/topics.yml.")
    cards: _ids(0, 6, "Cards that it backs.") = ()
