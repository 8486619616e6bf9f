"""Catalogue -> pages: which pages exist, at which address, from which template. Addresses are promises: they stay."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from studyguide.catalogue import CardItem, Catalogue
from studyguide.checks import rules
from studyguide.content.kinds import FOLDERS, Kind
from studyguide.content.models import LEVELS
from studyguide.content.read import Item
from studyguide.content.schemas import schema_files
from studyguide.pages import form_data, script_data
from studyguide.pages.forge import Forge
from studyguide.pages.gaps import cards_by_level, thin_topics
from studyguide.problems import RULES
from studyguide.text.markdown import to_plain

ROUNDS = FOLDERS["rounds"]


@dataclass(frozen=True)
class Page:
    """A page to be made.

    ``uri`` is its address from the root of the site, ending in ``.html``. ``edit`` names the file to change it in, from
    the content folder.
    ``wide`` pages use the whole width, without a table of contents.
    """

    uri: str
    title: str
    description: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    edit: str | None = None
    wide: bool = True
    #: The weight of the page among search results; pages that only list others (0) are none.
    boost: float = 1
    #: Scripts that this page needs beyond the theme's, by their place under ``docs/assets/js``; loaded in this order.
    #: The guide's data (`studyguide.pages.script_data`) is ``../data/cards.js`` from there.
    scripts: tuple[str, ...] = ()
    #: Scripts that must have run before the page is painted; small ones, for they hold it up.
    early: tuple[str, ...] = ()

    def edit_url(self, forge: str) -> str | None:
        """Where the page's file is edited; ``None`` where no forge has it (see `Forge.edit`), or it is no file."""
        return f"{forge}{self.edit}" if forge and self.edit else None


def site_pages(catalogue: Catalogue) -> list[Page]:
    """Every generated page, notebooks apart, in no order that matters."""
    return [
        *_home(catalogue),
        *_rounds(catalogue),
        *_cram_sheets(catalogue),
        *_cards(catalogue),
        *(page for kind in FOLDERS.values() if kind is not ROUNDS for page in _folder(catalogue, kind)),
        *_lists(catalogue),
        *_practice(),
    ]


def site_files(catalogue: Catalogue, forge: Forge) -> dict[str, str]:
    """What stands beside the pages, by address: schemas for editors anywhere, the data of practice and of the form."""
    texts = {f"schemas/{name}": text for name, text in schema_files(catalogue.site.value.lang).items()}
    texts[script_data.DATA_URI] = script_data.data_script(catalogue)
    texts.update(script_data.rubric_scripts(catalogue))
    texts[form_data.DATA_URI] = form_data.data_file(catalogue, forge)
    return texts


def card_uri(card_id: str) -> str:
    return f"cards/{card_id}.html"


def markdown_uri(uri: str) -> str:
    """Where the copy of a page as Markdown is, if it has one."""
    return f"{uri.removesuffix('.html')}.md"


def notebook_uri(notebook_id: str) -> str:
    return f"notebooks/{notebook_id}.html"


def excerpt(text: str, at_most: int = 160) -> str:
    """Plain words, cut at a word, for descriptions."""
    plain = to_plain(text)
    if len(plain) <= at_most:
        return plain
    cut = plain[: at_most - 1]
    # A script without spaces is cut where it is; the last space may stand far before.
    whole = cut.rsplit(" ", 1)[0] if " " in cut[-at_most // 4 :] else cut
    return whole.rstrip(",;:.\u3002\uff0c") + "…"


#: What pages load that read or write a reader's progress, in this order.
KEEPING = ("pieces.js", "../vendor/fsrs.min.js", "schedule.js", "store.js")
#: What pages load that name cards, for the reader's marks beside them.
MARKS = (*KEEPING, "marks.js")


def _home(catalogue: Catalogue) -> Iterator[Page]:
    site = catalogue.site.value
    context = {"site": site}
    source = catalogue.file(catalogue.site)
    scripts, early = (*KEEPING, "today.js"), ("early.js",)
    yield Page(
        "index.html", site.title, to_plain(site.lead), "home.html", context, source, scripts=scripts, early=early
    )


def _rounds(catalogue: Catalogue) -> Iterator[Page]:
    yield Page("rounds/index.html", ROUNDS.title, ROUNDS.lead, ROUNDS.list_template, boost=0)
    for item in catalogue.rounds:
        context = {
            "item": item,
            "cards": catalogue.cards_of_round.get(item.id, ()),
            "checklists": catalogue.checklists_of_round.get(item.id, ()),
            "notebooks": catalogue.notebooks_of_round.get(item.id, ()),
        }
        yield Page(
            f"rounds/{item.id}.html",
            item.value.title,
            excerpt(item.value.summary),
            "round.html",
            context,
            catalogue.file(item),
            scripts=MARKS,
        )


def _cram_sheets(catalogue: Catalogue) -> Iterator[Page]:
    for item in catalogue.rounds:
        if cards := catalogue.cards_of_round.get(item.id):
            title = f"Cram sheet: {item.value.title}"
            lead = "What to say first, what carries over and what sinks it, for every card of the round."
            context = {"item": item, "cards": cards, "title": title}
            scripts = (*MARKS, "cram.js")
            yield Page(f"cram/{item.id}.html", title, lead, "cram.html", context, boost=0.2, scripts=scripts)


def _cards(catalogue: Catalogue) -> Iterator[Page]:
    yield Page(
        "cards/index.html",
        "All cards",
        "Every question card, by round.",
        "cards.html",
        boost=0,
        scripts=(*MARKS, "filter.js", "browse.js"),
        early=("early.js",),
    )
    yield from (card_page(catalogue, item) for item in catalogue.cards)


def card_page(catalogue: Catalogue, item: CardItem) -> Page:
    """A card's page; all of them differ only in what `site.card_pages` fills in."""
    before, after = catalogue.neighbours(item)
    return Page(
        card_uri(item.id),
        item.value.title,
        excerpt(item.value.posed),
        "card.html",
        {"item": item, "before": before, "after": after},
        catalogue.file(item),
        boost=4,
        scripts=("store.js", "card.js"),
        early=("early.js",),
    )


#: Scripts that the pages of a kind need, as `Page.scripts`.
_SCRIPTS = MappingProxyType(
    {
        "checklists": (*MARKS, "checklist.js"),
        "worksheets": (*MARKS, "worksheet.js"),
        "plans": (*MARKS, "calendar.js", "plan.js"),
        "roles": MARKS,
        "collections": MARKS,
    }
)


def _folder(catalogue: Catalogue, kind: Kind) -> Iterator[Page]:
    """A page for each item of a kind, and one that lists them."""
    items: tuple[Item[Any], ...] = getattr(catalogue, kind.name)
    more = tuple(
        item for other in FOLDERS.values() if other.listed_with == kind.name for item in getattr(catalogue, other.name)
    )
    if not kind.listed_with and (items or more):
        context = {"items": items, "more": more, "kind": kind.name, "title": kind.title, "lead": kind.lead}
        yield Page(f"{kind.name}/index.html", kind.title, kind.lead, kind.list_template, context, boost=0)
    for item in items:
        yield Page(
            f"{kind.name}/{item.id}.html",
            item.value.title,
            excerpt(item.value.summary),
            f"{kind.word}.html",
            {"item": item},
            catalogue.file(item),
            boost=0.2,  # they name many cards, and should not stand before them
            scripts=_SCRIPTS.get(kind.name, ()),
        )


def _lists(catalogue: Catalogue) -> Iterator[Page]:
    if catalogue.notebooks:
        lead = "Executed when this site was built: what you see is what they printed."
        yield Page("notebooks/index.html", "Notebooks", lead, "notebooks.html", {"lead": lead}, boost=0)
    if catalogue.topics:
        lead = "All cards again, by what they are about."
        yield Page("topics.html", "Topics", lead, "topics.html", {"lead": lead}, boost=0, scripts=MARKS)
    if catalogue.glossary:
        lead = "Two lines for each term: what it is, and when it matters or breaks."
        scripts = (*MARKS, "narrow.js")
        yield Page("glossary.html", "Glossary", lead, "glossary.html", {"lead": lead}, boost=0.4, scripts=scripts)
    if catalogue.resources:
        lead = "Outside this guide and worth the time. Costs are as known on the day each was checked."
        yield Page("resources.html", "Resources", lead, "resources.html", {"lead": lead}, boost=0.2)
    yield from _contributing(catalogue)
    checks = [(check.__name__, check.__doc__ or "") for check in rules.CHECKS]
    lead = "What the checker refuses, and why. Every message ends in the name of its rule."
    context = {"lead": lead, "rules": RULES, "checks": [_documented(*rule) for rule in checks]}
    yield Page("contributing/rules.html", "Rules for content", lead, "rules.html", context, wide=False, boost=0.2)


def _practice() -> Iterator[Page]:
    """The pages of the reader's own work; all of it happens in the browser."""
    data = (*KEEPING, "../data/cards.js", "filter.js", "queue.js", "draw.js", "results.js")
    yield Page(
        "practice/index.html",
        "Practice",
        "Answer aloud, reveal, tick what you said, rate yourself; what you missed comes back sooner.",
        "practice.html",
        scripts=(*data, "practice.js", "today.js"),
        early=("early.js",),
    )
    yield Page(
        "practice/mock.html",
        "Mock interview",
        "An interview of one round or for a role in 20 to 60 minutes, with follow-ups, one clock and a debrief.",
        "mock.html",
        scripts=(*data, "recordings.js", "mock.js"),
        early=("early.js",),
    )
    yield Page(
        "practice/progress.html",
        "Progress",
        "Which cards you have answered aloud, how many moves you hit, and what is due; kept in your browser alone.",
        "practice_progress.html",
        boost=0,
        scripts=(*KEEPING, "../data/cards.js", "filter.js", "draw.js", "progress.js"),
        early=("early.js",),
    )


def _contributing(catalogue: Catalogue) -> Iterator[Page]:
    lead = "A form that shows the card as you write it, says what is still open, and keeps your drafts in this browser."
    scripts = (
        "../vendor/markdown-it.min.js", f"../{posixpath.relpath(form_data.DATA_URI, 'assets')}",
        "pieces.js", "write-check.js", "write-preview.js", "write.js",
    )  # fmt: skip
    context: dict[str, Any] = {"lead": lead}
    yield Page("contributing/write.html", "Write a card", lead, "write.html", context, boost=0.5, scripts=scripts)
    lead = "Where the guide is thin: topics with few cards, and levels that a round hardly asks."
    context = {"lead": lead, "topics": thin_topics(catalogue), "rows": cards_by_level(catalogue), "levels": LEVELS}
    yield Page("contributing/wanted.html", "What is wanted", lead, "wanted.html", context, boost=0.2)


def _documented(name: str, doc: str) -> dict[str, Any]:
    """A check's docstring as parts: its first words, and the examples."""
    lines = [line.strip() for line in doc.strip().splitlines()]
    bad = [line.removeprefix("Bad: ") for line in lines if line.startswith("Bad: ")]
    good = [line.removeprefix("Good: ") for line in lines if line.startswith("Good: ")]
    prose = " ".join(line for line in lines if not line.startswith(("Bad: ", "Good: ")))
    return {"name": name.replace("_", " "), "why": prose, "bad": bad, "good": good}
