"""The guide as PDFs: checklists and cram sheets, every round as a booklet, and all of it as a book.

The same content gives the same bytes: no clock is read, the fonts come with the package, and the file's identifier is
made from its text. WeasyPrint sets the pages (`pdf_typesetting`); everything else in the guide works without it.

The markup is in ``templates/print``, the style in its ``book.css``. Links between pages of the site become links
within the PDF, with page numbers, where the target is in it; else they lead to the site, if its address is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from studyguide.catalogue import Catalogue
from studyguide.content.kinds import FOLDERS
from studyguide.content.read import Item
from studyguide.exports.edition import Edition, Export
from studyguide.exports.pdf_manuscript import Entry, Manuscript, anchor_of
from studyguide.exports.pdf_typesetting import typeset
from studyguide.problems import count

_IN_BOOK = tuple(kind for kind in FOLDERS.values() if kind.in_book)


def pdf_files(edition: Edition) -> Iterator[Export]:
    """Every PDF of an edition: the book first, then booklets and checklists in their order. Makes none of them.

    Their addresses count from the folder of PDFs. To make one raises `PdfUnavailableError` without WeasyPrint.
    """
    catalogue = edition.catalogue

    def export(uri: str, title: str, make: Callable[[], bytes]) -> Export:
        return Export.of_file("pdf", uri, title, "", make)

    yield export(f"{edition.id}.pdf", "The whole guide", partial(_book, edition))
    for item in catalogue.rounds:
        if catalogue.cards_of_round.get(item.id):
            yield export(f"rounds/{item.id}.pdf", f"Booklet: {item.value.title}", partial(_booklet, edition, item))
            yield export(f"cram/{item.id}.pdf", f"Cram sheet: {item.value.title}", partial(_cram_sheet, edition, item))
    for sheet in catalogue.checklists:
        yield export(f"checklists/{sheet.id}.pdf", f"Checklist: {sheet.value.title}", partial(_sheet, edition, sheet))


@dataclass(frozen=True)
class Part:
    """One part of the book. Its first page is its ``opener``, or is made of title, lead and body."""

    title: str
    anchor: str
    entries: tuple[Entry, ...] = ()
    lead: str = ""
    body: str = ""
    opener: str = ""


def _sheet(edition: Edition, item: Item[Any]) -> bytes:
    manuscript = Manuscript(edition, {})
    sheet = manuscript.of(item, "print/checklist.html", f"checklists/{item.id}.html", alone=True)
    title = f"{item.value.title}: {edition.title}"
    return _pdf(manuscript, "print/sheet.html", title=title, description=item.value.summary, sheet=sheet)


def _cram_sheet(edition: Edition, item: Item[Any]) -> bytes:
    cards = edition.catalogue.cards_of_round[item.id]
    manuscript = Manuscript(edition, {})
    for card in cards:  # what cannot be printed is a problem of its card, as in the booklet
        manuscript.of(card, "print/card.html", f"cards/{card.id}.html")
    title = f"Cram sheet: {item.value.title}"
    context = {"description": title, "round": item.value, "cards": cards}
    return _pdf(manuscript, "print/cram.html", title=f"{title}: {edition.title}", **context)


def _booklet(edition: Edition, item: Item[Any]) -> bytes:
    catalogue = edition.catalogue
    cards, sheets = catalogue.cards_of_round[item.id], catalogue.checklists_of_round.get(item.id, ())
    titles = _titles("rounds", [item]) | _titles("cards", cards) | _titles("checklists", sheets) | _terms(catalogue)
    manuscript = Manuscript(edition, titles)
    opener = manuscript.of(item, "print/round.html", f"rounds/{item.id}.html", cards=cards, checklists=sheets)
    entries = manuscript.all(cards, "print/card.html", "cards")
    boxes = manuscript.all(sheets, "print/checklist.html", "checklists", alone=False)
    terms = [term for term in catalogue.glossary if f"#{anchor_of(f'glossary.html#{term.id}')}" in manuscript.linked]
    return _pdf(
        manuscript,
        "print/booklet.html",
        title=f"{item.value.title}: {edition.title}",
        description=item.value.summary,
        round=item.value,
        counted=_counted(cards=len(cards), checklists=len(sheets)),
        opener=opener,
        cards=[entry.html for entry in entries],
        checklists=[entry.html for entry in boxes],
        terms=terms,
        glossary=manuscript.piece("print/glossary.html", terms=terms),
    )


def _book(edition: Edition) -> bytes:
    catalogue = edition.catalogue
    titles = _terms(catalogue) | {f"topics.html#{topic.id}": topic.value.title for topic in catalogue.topics}
    for name in ("rounds", "cards", *(kind.name for kind in _IN_BOOK)):
        titles |= _titles(name, getattr(catalogue, name))
    manuscript = Manuscript(edition, titles)
    parts = list(_parts(manuscript))
    return _pdf(
        manuscript,
        "print/book.html",
        title=edition.title,
        description=catalogue.site.value.lead,
        round=None,
        counted=_counted(
            cards=len(catalogue.cards),
            rounds=len(catalogue.rounds),
            notebooks=len(catalogue.notebooks),
            checklists=len(catalogue.checklists),
        ),
        parts=parts,
    )


def _pdf(manuscript: Manuscript, template: str, **context: Any) -> bytes:
    """A template over what was put into the manuscript. Raises `ContentError` with everything found on the way."""
    return typeset(manuscript.page(template, **context), manuscript.pictures, manuscript.places())


def _parts(manuscript: Manuscript) -> Iterator[Part]:
    catalogue = manuscript.edition.catalogue
    yield Part("How to read a card", "how", body=manuscript.piece("print/how.html"))
    body = manuscript.piece("print/comparison.html", rounds=catalogue.rounds)
    yield Part("Weak against strong preparation", "comparison", body=body)
    for item in catalogue.rounds:
        uri = f"rounds/{item.id}.html"
        cards, sheets = catalogue.cards_of_round.get(item.id, ()), catalogue.checklists_of_round.get(item.id, ())
        opener = manuscript.of(item, "print/round.html", uri, cards=cards, checklists=sheets)
        entries = manuscript.all(cards, "print/card.html", "cards")
        yield Part(item.value.title, anchor_of(uri), entries, opener=opener)
    for kind in _IN_BOOK:
        items = getattr(catalogue, kind.name)
        if items:
            body = manuscript.piece("print/list.html", items=items, kind=kind.name)
            entries = manuscript.all(items, f"print/{kind.word}.html", kind.name, alone=False)
            yield Part(kind.title, kind.name, entries, kind.book_lead or kind.lead, body)
    if catalogue.glossary:
        lead = "Two lines for each term: what it is, and when it matters or breaks."
        body = manuscript.piece("print/glossary.html", terms=catalogue.glossary)
        yield Part("Glossary", "glossary", lead=lead, body=body)
    if catalogue.topics:
        body = manuscript.piece("print/topics.html")
        yield Part("Cards by topic", "topics", lead="All cards again, by what they are about.", body=body)


def _titles(folder: str, items: Iterable[Item[Any]]) -> dict[str, str]:
    return {f"{folder}/{item.id}.html": item.value.title for item in items}


def _terms(catalogue: Catalogue) -> dict[str, str]:
    return {f"glossary.html#{term.id}": term.value.term for term in catalogue.glossary}


def _counted(**numbers: int) -> str:
    return ", ".join(count(number, name.removesuffix("s")) for name, number in numbers.items() if number) + "."
