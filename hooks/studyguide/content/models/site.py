"""The guide itself: its name, language and home page."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from studyguide.content.models.fields import LANG_PATTERN, Id, Model, Url, several, text


class WayIn(Model):
    """A button of the home page."""

    label: str = text(4, 60, "What the reader wants, in their words.")
    page: Annotated[str, Field(description="A page of the site, such as rounds/index.html.")]


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
    title: str = text(3, 60, "The name of the guide.")
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
        str | None, text(4, 200, "The last line of each page: whose words these are, and under which license.")
    ] = None
    headline: str = text(10, 120, "One or two short sentences; *one word* may be marked.")
    lead: str = text(40, 400, "What the guide is, for somebody who has just arrived.")
    showcase: Annotated[Id, Field(description="The card whose weak and strong answers the home page shows.")]
    ways_in: tuple[WayIn, ...] = several(1, 4, "What to do first.")
    day_of: Annotated[
        WayIn | None, Field(description="For the evening before an interview and the day itself, where there is one.")
    ] = None
