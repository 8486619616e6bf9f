"""The shape of every kind of content, and nothing else: no files, no rules across files.

Models are frozen, strict and closed: an unknown key is an error and no value is converted. The descriptions are what
contributors read in their editor (the JSON Schemas are generated from here) and in messages.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticKnownError
from pydantic_core.core_schema import no_info_after_validator_function

from studyguide.content.characters import length
from studyguide.content.speech import minutes_aloud

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, min_length=2, max_length=60)]
#: A host without a user name before it, in ASCII: `https://good.example@evil.example` and letters of other alphabets
#: that look like Latin ones both lead elsewhere than a reader thinks.
URL_PATTERN = r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][!#-;=?-~]*)?$"

#: A language, then a script or a region where it needs one (BCP 47, RFC 5646).
LANG_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"

Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=300)]
Form = Literal["situation", "question", "story"]
Level = Literal["foundation", "practitioner", "senior"]
FORMS: tuple[str, ...] = get_args(Form)
LEVELS: tuple[str, ...] = get_args(Level)


@dataclass(frozen=True)
class _Length:
    """How long a text is, in characters; where a character says more than a Latin letter, it counts for several.

    A JSON Schema cannot count so; see `schemas.schemas`.
    """

    at_least: int
    at_most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def _check(self, text: str | None) -> str | None:
        if text is not None and length(text) < self.at_least:
            raise PydanticKnownError("string_too_short", {"min_length": self.at_least})
        if text is not None and len(text) > self.at_most:
            raise PydanticKnownError("string_too_long", {"max_length": self.at_most})
        return text

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        for part in schema.get("anyOf", [schema]):
            if part.get("type") == "string":
                part |= {"maxLength": self.at_most, "minLength": self.at_least}
        return schema


def _text(at_least: int, at_most: int, description: str) -> Any:
    """A text of a length in characters, counted without the white space around it."""
    field = Field(description=description)
    field.metadata.append(_Length(at_least, at_most))
    return field


def _ids(at_least: int, at_most: int, description: str, *, optional: bool = False) -> Any:
    """A list of ids."""
    if optional:
        return Field(default=(), max_length=at_most, description=description)
    return Field(min_length=at_least, max_length=at_most, description=description)


class Model(BaseModel):
    """What all models share."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class WeakAnswer(Model):
    """The answer that sounds fine, and the harm it does."""

    says: str = _text(60, 500, "What a decent candidate would really say; tempting, not silly.")
    misses: str = _text(100, 700, "The concrete harm of acting on it; not that it is short.")


class Move(Model):
    """One step of a strong answer: something done or decided."""

    move: str = _text(10, 90, "An imperative without a full stop: what you do or decide.")
    detail: str = _text(
        80, 2600, "One idea in whole sentences, at most 80 words: what you look at, and what each outcome would mean."
    )


class AskFirst(Model):
    """A fact that the answer needs and the prompt does not give."""

    ask: str = _text(10, 160, "What you would ask before you answer.")
    suppose: str = _text(2, 160, "What the outline assumes if nobody knows; at most two numbers.")


class FollowUp(Model):
    """A question that pushes, and what tells a good reply from a bad one."""

    ask: str = _text(12, 260, "Changes a constraint; does not ask for more of the same.")
    listen_for: str = _text(40, 400, "What separates a good reply.")


def _as_written(value: Any) -> Any:
    """A formula that is a number alone, which YAML reads as one."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Working(Model):
    """One line of arithmetic, recomputed by the checker."""

    step: str = _text(4, 90, "What is worked out, in words.")
    name: Annotated[
        str | None,
        StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$"),
        Field(description="A name by which later formulas may use this result, unrounded."),
    ] = None
    formula: Annotated[
        str,
        BeforeValidator(_as_written, json_schema_input_type=str | int | float),
        _text(
            1,
            200,
            "Python arithmetic: + - * / ** // %, sqrt, log, exp, comb, min, max, floor, ceil, round, normal_cdf(z), "
            "binom_cdf(k, n, p); names of earlier steps. A number alone is an input.",
        ),
    ]
    result: str = _text(1, 80, "The number, rounded as printed, then its unit.")


class Evidence(Model):
    """A cell of one of our notebooks whose output backs the card."""

    notebook: Annotated[Id, Field(description="The notebook's id: its file name without .py.")]
    cell: Annotated[Id, Field(description="The name in the cell's tag `evidence: name`.")]
    shows: str = _text(20, 200, "One sentence: what the output shows. No figures; they come from the run.")


class Source(Model):
    """Something a reader would thank you for."""

    title: str = _text(8, 160, "Title as published, with authors and year where it has them.")
    url: Annotated[Url, Field(description="An http(s) address, or a DOI or arXiv address.")]


class Card(Model):
    """A question with the weak answer that sounds fine, the outline of a strong one, and what is being tested."""

    kind: ClassVar[str] = "card"

    title: str = _text(8, 60, "Names the subject in the field's words; a twist may follow.")
    form: Annotated[
        Form,
        Field(
            description="situation: a case with a constraint; question: a plain question, without scenery; story: "
            "something the candidate did."
        ),
    ]
    asked_as: Annotated[
        tuple[Annotated[str, _text(12, 120, "As an interviewer says it, or a candidate types it.")], ...],
        Field(min_length=2, max_length=5, description="Two to five ways to ask it; the plainest first."),
    ]
    round: Annotated[Id, Field(description="The round type; the same as the folder's name.")]
    level: Annotated[Level, Field(description="Who should be able to answer it well.")]
    roles: tuple[Id, ...] = _ids(1, 6, "Roles whose interviews ask this.")
    topics: tuple[Id, ...] = _ids(1, 5, "Topics from topics.yml.")
    terms: tuple[Id, ...] = _ids(2, 8, "Ids of glossary.yml: words a panel listens for, each used in the answer.")
    prompt: Annotated[
        str | None,
        _text(40, 700, "At most 60 words and four numbers, each used in the answer. A plain question needs none."),
    ] = None
    say_first: str = _text(
        160, 700, "40 to 80 words to say at once: the first sentence answers the first 'asked_as' as it stands."
    )
    ask_first: Annotated[
        tuple[AskFirst, ...],
        Field(max_length=6, description="What you would ask, and what is assumed if nobody knows."),
    ] = ()
    weak_answer: WeakAnswer
    strong_outline: Annotated[
        tuple[Move, ...],
        Field(min_length=2, max_length=6, description="The moves, in the order you would make them."),
    ]
    example: Annotated[
        str | None, _text(100, 1200, "Of a story: one told whole, at most 160 words, beginning '(Invented.)'.")
    ] = None
    takeaway: str = _text(40, 360, "One or two sentences that carry over to other questions.")
    whats_being_tested: str = _text(40, 400, "The judgment, in one or two sentences; not the topic.")
    follow_ups: Annotated[tuple[FollowUp, ...], Field(min_length=1, max_length=4, description="One to four.")]
    red_flags: Annotated[
        tuple[Annotated[str, _text(15, 180, "Something heard in the room that sinks the answer.")], ...],
        Field(min_length=1, max_length=5, description="One to five things heard in the room that sink the answer."),
    ]
    workings: Annotated[
        tuple[Working, ...],
        Field(max_length=15, description="The arithmetic of the answer, recomputed by the checker."),
    ] = ()
    evidence: Annotated[
        tuple[Evidence, ...], Field(max_length=4, description="What our own notebooks printed in support.")
    ] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=5, description="At least one.")]
    related: tuple[Id, ...] = _ids(0, 5, "Ids of cards to read next.", optional=True)
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


class Minutes(Model):
    """A typical range; rounds differ from employer to employer."""

    from_: Annotated[int, Field(alias="from", ge=5, le=480, description="Shortest usual length, in minutes.")]
    to: Annotated[int, Field(ge=5, le=480, description="Longest usual length, in minutes.")]


class Round(Model):
    """A type of interview round."""

    kind: ClassVar[str] = "round"

    title: str = _text(3, 50, "The name of the round.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists; each round its own.")]
    minutes: Minutes
    summary: str = _text(60, 500, "What happens in the room.")
    weak_prep: str = _text(30, 300, "What weak preparation sounds like.")
    strong_prep: str = _text(30, 400, "What strong preparation sounds like.")
    signals: Annotated[
        tuple[Annotated[str, _text(10, 220, "Something the interviewer looks for.")], ...],
        Field(min_length=3, max_length=8, description="What the interviewer looks for."),
    ]
    prepare: Annotated[
        tuple[Annotated[str, _text(10, 300, "Something to do.")], ...],
        Field(min_length=3, max_length=8, description="How to prepare, in order."),
    ]


class CheckItem(Model):
    """One box to tick."""

    ask: str = _text(8, 160, "What to ask yourself.")
    means: str = _text(10, 220, "What a yes looks like. (Not a key named yes: YAML 1.1 reads that as true.)")
    card: Annotated[Id | None, Field(description="The card that goes deeper.")] = None


class Checklist(Model):
    """A page that prints on one sheet."""

    kind: ClassVar[str] = "checklist"

    title: str = _text(4, 60, "The name of the sheet.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: str = _text(30, 240, "When to use it.")
    rounds: tuple[Id, ...] = _ids(0, 11, "Round pages that list it.")
    items: Annotated[tuple[CheckItem, ...], Field(min_length=3, max_length=14, description="What fits on one sheet.")]


class PlanRow(Model):
    """Some days of a plan."""

    first_day: Annotated[int, Field(ge=1, le=120, description="First day of the row, from 1.")]
    last_day: Annotated[int, Field(ge=1, le=120, description="Last day of the row.")]
    focus: str = _text(4, 120, "What these days are about.")
    output: str = _text(10, 300, "What exists at the end of them.")
    cards: tuple[Id, ...] = _ids(0, 20, "Cards to use.", optional=True)
    topics: tuple[Id, ...] = _ids(0, 10, "Topics whose cards to use.", optional=True)
    notebooks: tuple[Id, ...] = _ids(0, 10, "Notebooks to work through.", optional=True)


class Plan(Model):
    """A schedule."""

    kind: ClassVar[str] = "plan"

    title: str = _text(4, 60, "The name of the plan.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: str = _text(30, 400, "What it does.")
    for_whom: str = _text(20, 240, "Who should take it.")
    time: str = _text(4, 60, "The time it takes: how much, how often.")
    fits: str = _text(
        20, 200, "A plain question; whoever answers yes to it, and to none of the plans before, takes this."
    )
    rows: Annotated[tuple[PlanRow, ...], Field(min_length=2, max_length=40, description="In order of days.")]


class WorksheetField(Model):
    """One thing to write down."""

    id: Annotated[Id, Field(description="Never changed: what readers wrote is kept under it.")]
    ask: str = _text(4, 120, "The question, or the name of the part.")
    hint: str = _text(10, 240, "What a strong answer holds.")
    weak: Annotated[str | None, _text(4, 160, "An answer that is not yet good enough.")] = None
    at_most: Annotated[
        int, Field(ge=40, le=1500, description="Characters that fit: on the sheet, and into the time to say it.")
    ]
    lines: Annotated[int, Field(ge=1, le=16, description="Lines to write on, where the sheet is printed empty.")]
    card: Annotated[Id | None, Field(description="The card that probes it.")] = None


class WorksheetPart(Model):
    """Fields that belong together."""

    id: Annotated[Id, Field(description="A name of its own within the sheet.")]
    title: str = _text(4, 60, "The name of the part.")
    note: str = _text(10, 240, "How to fill it in.")
    columns: Annotated[
        int, Field(ge=1, le=2, description="How many fields stand side by side where there is room.")
    ] = 1
    fields: Annotated[tuple[WorksheetField, ...], Field(min_length=1, max_length=12, description="In order.")]


class Worksheet(Model):
    """A form that a reader fills in, several times over; it is kept in the browser and prints on one sheet."""

    kind: ClassVar[str] = "worksheet"

    title: str = _text(4, 60, "The name of the worksheet.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: str = _text(30, 300, "What it is for, and how to use it.")
    noun: str = _text(3, 20, "What one filled-in sheet is about, in lower case: project, story.")
    parts: Annotated[
        tuple[WorksheetPart, ...], Field(min_length=1, max_length=4, description="What fits on one sheet.")
    ]


class RoundWeight(Model):
    """How much of a role's interviews a round makes up."""

    round: Annotated[Id, Field(description="A round's id.")]
    percent: Annotated[int, Field(ge=1, le=100, description="Share of preparation time; all weights sum to 100.")]


class Gap(Model):
    """What a neighbouring role expects beyond this one."""

    role: Annotated[Id, Field(description="The neighbouring role.")]
    gap: str = _text(30, 400, "What someone moving there must add.")


class Role(Model):
    """A job title and what its interviews weigh."""

    kind: ClassVar[str] = "role"

    title: str = _text(4, 60, "The job title.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: str = _text(60, 500, "What the job's interviews weigh.")
    rounds: Annotated[tuple[RoundWeight, ...], Field(min_length=1, max_length=11, description="Summing to 100.")]
    must_do: tuple[Id, ...] = _ids(0, 20, "Cards to do first, in order.", optional=True)
    neighbours: Annotated[tuple[Gap, ...], Field(max_length=5, description="Gaps to neighbouring roles.")] = ()


class Collection(Model):
    """A named drill that selects cards by topic, round or id."""

    kind: ClassVar[str] = "collection"

    title: str = _text(4, 60, "The name of the drill.")
    order: Annotated[int, Field(ge=1, le=99, description="Place in lists.")]
    summary: str = _text(30, 300, "What it drills.")
    when: str = _text(20, 300, "When to use it.")
    how: str = _text(20, 600, "How to use it as a drill.")
    rounds: tuple[Id, ...] = _ids(0, 11, "Only cards of these rounds; all rounds where empty.", optional=True)
    topics: tuple[Id, ...] = _ids(0, 30, "Cards with any of these topics.", optional=True)
    cards: tuple[Id, ...] = _ids(0, 40, "More cards, by id.", optional=True)


class Topic(Model):
    """A subject that cards share."""

    kind: ClassVar[str] = "topic"

    id: Annotated[Id, Field(description="Lower-case words joined by hyphens; never changed, never used again.")]
    title: str = _text(2, 50, "The name of the topic.")
    summary: str = _text(10, 200, "What belongs to it.")


class Term(Model):
    """A glossary entry of two lines."""

    kind: ClassVar[str] = "term"

    id: Annotated[Id, Field(description="Lower-case words joined by hyphens; never changed, never used again.")]
    term: str = _text(2, 60, "The term as written in the middle of a sentence.")
    aliases: Annotated[
        tuple[Annotated[str, _text(2, 60, "Another spelling.")], ...],
        Field(max_length=6, description="Other spellings found in texts."),
    ] = ()
    forms: Annotated[
        tuple[Annotated[str, _text(2, 60, "A word form that counts as a use of the term in a card.")], ...],
        Field(max_length=8, description="Word forms that count as a use of the term in a card, but are not linked."),
    ] = ()
    definition: str = _text(20, 320, "Two lines: what it is, and when it matters or breaks.")
    card: Annotated[Id | None, Field(description="The card that uses it best.")] = None
    not_in: tuple[Id, ...] = _ids(0, 20, "Cards in which the word means something else.", optional=True)


class Resource(Model):
    """Something outside the guide that is worth a reader's time."""

    kind: ClassVar[str] = "resource"

    id: Annotated[Id, Field(description="Lower-case words joined by hyphens; never changed, never used again.")]
    title: str = _text(3, 120, "Its name, as its makers write it.")
    sort: Annotated[
        Literal["practice", "course", "book", "papers", "mock", "tool", "blog"], Field(description="What it is.")
    ]
    url: Annotated[Url, Field(description="Where it is.")]
    best_for: str = _text(20, 260, "What it is best for.")
    cost: str = _text(3, 120, "Licence or cost, as known on the day it was checked.")
    checked: Annotated[datetime.date, Field(description="The day this entry was checked.")]


class WayIn(Model):
    """A button of the home page."""

    label: str = _text(4, 60, "What the reader wants, in their words.")
    page: Annotated[str, StringConstraints(pattern=r"^[a-z0-9/-]+\.html$"), Field(description="A page of the site.")]


class Site(Model):
    """What the guide is called, and its home page."""

    kind: ClassVar[str] = "site"

    id: Annotated[
        Id,
        Field(
            description="A name that no other guide has, made once by `studyguide init` and never changed: what "
            "readers keep is kept under it, in their browser, in Anki and in their calendar."
        ),
    ]
    title: str = _text(3, 60, "The name of the guide.")
    lang: Annotated[
        str,
        StringConstraints(pattern=LANG_PATTERN, max_length=35),
        Field(description="The language of the guide as a BCP 47 tag: en, de, zh-Hant, fa."),
    ] = "en"
    dir: Annotated[
        Literal["ltr", "rtl"], Field(description="Which way its script runs: ltr from the left, rtl from the right.")
    ] = "ltr"
    repo: Annotated[
        Url | None, Field(description="The repository that holds this folder, for links to edit a page.")
    ] = None
    rights: Annotated[
        str | None, _text(4, 200, "The last line of each page: whose words these are, and under which license.")
    ] = None
    headline: str = _text(10, 120, "One or two short sentences; *one word* may be marked.")
    lead: str = _text(40, 400, "What the guide is, for somebody who has just arrived.")
    showcase: Annotated[Id, Field(description="The card whose weak and strong answers the home page shows.")]
    ways_in: Annotated[tuple[WayIn, ...], Field(min_length=1, max_length=4, description="What to do first.")]
    day_of: Annotated[
        WayIn | None, Field(description="For the evening before an interview and the day itself, where there is one.")
    ] = None


class NotebookInfo(Model):
    """The `studyguide` header of a notebook."""

    kind: ClassVar[str] = "notebook"

    title: str = _text(4, 60, "The name of the notebook.")
    summary: str = _text(30, 240, "What the reader sees happen.")
    minutes: Annotated[int, Field(ge=5, le=90, description="The time box.")]
    rounds: tuple[Id, ...] = _ids(1, 4, "Rounds it belongs to, home round first.")
    topics: tuple[Id, ...] = _ids(1, 6, "Topics from content/topics.yml.")
    cards: tuple[Id, ...] = _ids(0, 6, "Cards that it backs.", optional=True)
