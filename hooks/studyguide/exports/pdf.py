"""The guide as PDFs: checklists and cram sheets, every round as a booklet, and all of it as a book.

WeasyPrint sets the pages; it needs pango, a system library, so both are an optional extra and are imported only when a
PDF is made. Everything else in the guide works without them. The same content gives the same bytes: no clock is read,
the fonts come with the package, and the file's identifier is made from its text.

The markup is in ``templates/print``, the style in its ``book.css``. Links between pages of the site become links
within the PDF, with page numbers, where the target is in it; else they lead to the site, if its address is known.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import hashlib
import io
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from studyguide.cache import TEMPLATES
from studyguide.catalogue import CardItem, Catalogue
from studyguide.checks.exports import unprintable, unprintable_message
from studyguide.content.read import Item
from studyguide.exports.edition import Edition, newest_review
from studyguide.notebooks.outputs import Shown, shown_outputs
from studyguide.problems import ContentError, Problem, count
from studyguide.text.formulas import INK, drawn
from studyguide.text.glossary import Linker
from studyguide.text.markdown import to_html

PRINT = TEMPLATES / "print"
#: ISO 14289-1: tagged for screen readers, with a language and a title.
VARIANT = "pdf/ua-1"

INSTALL = MappingProxyType(
    {
        "linux": "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
        "Fedora: dnf install pango",
        "darwin": "brew install pango",
        "win32": "install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango",
    }
)


class PdfUnavailableError(RuntimeError):
    """WeasyPrint or its system libraries are not there; the text says what to install."""


@dataclass(frozen=True)
class Pdf:
    """A PDF that can be made. ``name`` is its path below the folder of PDFs, ``title`` what readers call it."""

    name: str
    title: str
    _make: Callable[[], bytes] = field(repr=False, compare=False)

    def make(self) -> bytes:
        """The file. Raises `ContentError` for what cannot be carried, `PdfUnavailableError` without WeasyPrint."""
        return self._make()


def pdf_files(edition: Edition) -> Iterator[Pdf]:
    """Every PDF of an edition: the book first, then booklets and checklists in their order. Makes none of them."""
    catalogue = edition.catalogue
    yield Pdf(f"{edition.id}.pdf", "The whole guide", lambda: _book(edition))
    for item in catalogue.rounds:
        if catalogue.cards_of_round.get(item.id):
            yield Pdf(f"rounds/{item.id}.pdf", f"Booklet: {item.value.title}", _bound(_booklet, edition, item))
            yield Pdf(f"cram/{item.id}.pdf", f"Cram sheet: {item.value.title}", _bound(_cram_sheet, edition, item))
    for sheet in catalogue.checklists:
        yield Pdf(f"checklists/{sheet.id}.pdf", f"Checklist: {sheet.value.title}", _bound(_sheet, edition, sheet))


def _bound(make: Callable[[Edition, Item[Any]], bytes], edition: Edition, item: Item[Any]) -> Callable[[], bytes]:
    return lambda: make(edition, item)


def what_is_missing(platform: str) -> str | None:
    """``None`` where PDFs can be made here, else what to install; ``platform`` is `sys.platform`."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # WeasyPrint prints advice of its own before it raises
            import weasyprint  # noqa: F401 - whether it can be imported is the question
    except ImportError:
        return 'PDFs need WeasyPrint, which is not installed: run `make pdf`, or pip install "studyguide[dev]"'
    except OSError as error:
        system = INSTALL.get(platform, INSTALL["linux"])
        first = str(error).split("\n")[0]
        return f"PDFs need the library pango, which was not found ({first}). Install it. {system}."
    return None


# --- what is in them ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A card, a sheet, a plan ...: one line of the contents and the pages it leads to."""

    title: str
    anchor: str
    html: Markup


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
    manuscript = _Manuscript(edition, {})
    sheet = manuscript.of(item, "print/checklist.html", f"checklists/{item.id}.html", alone=True)
    html = manuscript.page(
        "print/sheet.html", title=f"{item.value.title}: {edition.title}", description=item.value.summary, sheet=sheet
    )
    return _typeset(html, manuscript.pictures, manuscript.places())


def _cram_sheet(edition: Edition, item: Item[Any]) -> bytes:
    cards = edition.catalogue.cards_of_round[item.id]
    manuscript = _Manuscript(edition, {})
    for card in cards:  # what cannot be printed is a problem of its card, as in the booklet
        manuscript.of(card, "print/card.html", f"cards/{card.id}.html", first=False)
    title = f"Cram sheet: {item.value.title}"
    html = manuscript.page(
        "print/cram.html", title=f"{title}: {edition.title}", description=title, round=item.value, cards=cards
    )
    return _typeset(html, {}, {})


def _booklet(edition: Edition, item: Item[Any]) -> bytes:
    catalogue = edition.catalogue
    cards, sheets = catalogue.cards_of_round[item.id], catalogue.checklists_of_round.get(item.id, ())
    titles = _titles("rounds", [item]) | _titles("cards", cards) | _titles("checklists", sheets) | _terms(catalogue)
    manuscript = _Manuscript(edition, titles)
    opener = manuscript.of(
        item, "print/round.html", f"rounds/{item.id}.html", cards=cards, checklists=sheets, notebooks=()
    )
    made = manuscript.all(cards, "print/card.html", "cards")
    boxes = manuscript.all(sheets, "print/checklist.html", "checklists", alone=False)
    terms = [term for term in catalogue.glossary if f"#{anchor_of(f'glossary.html#{term.id}')}" in manuscript.linked]
    html = manuscript.page(
        "print/booklet.html",
        title=f"{item.value.title}: {edition.title}",
        description=item.value.summary,
        round=item.value,
        counted=_counted(cards=len(cards), checklists=len(sheets)),
        opener=opener,
        cards=[entry.html for entry in made],
        checklists=[entry.html for entry in boxes],
        terms=terms,
        glossary=manuscript.piece("print/glossary.html", terms=terms),
    )
    return _typeset(html, manuscript.pictures, manuscript.places())


def _book(edition: Edition) -> bytes:
    catalogue = edition.catalogue
    titles = _terms(catalogue) | {f"topics.html#{topic.id}": topic.value.title for topic in catalogue.topics}
    for kind in ("rounds", "cards", "checklists", "plans", "roles", "collections"):
        titles |= _titles(kind, getattr(catalogue, kind))
    manuscript = _Manuscript(edition, titles)
    parts = list(_parts(manuscript))
    manuscript.raise_problems()
    html = manuscript.page(
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
    return _typeset(html, manuscript.pictures, manuscript.places())


def _parts(manuscript: _Manuscript) -> Iterator[Part]:
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
    for kind, title, template, lead in (
        ("checklists", "Checklists", "print/checklist.html", "One page each, with boxes to tick. Copy them."),
        ("plans", "Plans", "print/plan.html", "Days, focus, and what exists at the end of each step."),
        ("roles", "Roles", "print/role.html", "What the interviews for each job weigh, and what to do first."),
        ("collections", "Drill sets", "print/collection.html", "Cards picked for one purpose, and how to use them."),
    ):
        items = getattr(catalogue, kind)
        if items:
            body = manuscript.piece("print/list.html", items=items, kind=kind)
            yield Part(title, kind, manuscript.all(items, template, kind, alone=False), lead, body)
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


def anchor_of(uri: str) -> str:
    """The name, within a PDF, of a page of the site or of a place on one: ``cards-rag-evaluation-plan``."""
    return uri.replace(".html", "").replace("/", "-").replace("#", "-")


class _Manuscript:
    """Fills the templates of one PDF, and gathers every problem of every item before it gives up."""

    def __init__(self, edition: Edition, titles: Mapping[str, str]) -> None:
        self.edition = edition
        #: Titles of the pages and places of the site that are in this PDF, by their address.
        self.uris = titles
        #: What terms were linked, as addresses within the PDF.
        self.linked: set[str] = set()
        #: Pictures by the address that stands in the HTML: type, bytes, and the problem if they cannot be read.
        self.pictures: dict[str, Picture] = {}
        self.problems: list[Problem] = []
        renderer = edition.renderer
        base = renderer.linker("index.html")
        self._terms = {id_: (self.link(uri), "") for id_, (uri, _) in base.terms.items() if uri in self.uris}
        self._glossary = base.glossary.only(self._terms)

    def places(self) -> dict[str, str]:
        """Titles by the names of the places that they have in this PDF."""
        return {anchor_of(uri): title for uri, title in self.uris.items()}

    def link(self, uri: str) -> str:
        """The address of a page of the site as seen from this PDF; empty where there is none."""
        if uri in self.uris:
            return f"#{anchor_of(uri)}"
        return f"{self.edition.address}{uri}" if self.edition.address else ""

    def piece(self, template: str, **context: Any) -> Markup:
        """A template over the whole catalogue."""
        return Markup(self._render(template, context))  # noqa: S704 - a template of ours, which escapes

    def page(self, template: str, **context: Any) -> str:
        """A whole document. Raises `ContentError` with everything that was found on the way."""
        self.raise_problems()
        edition = {"edition": newest_review(self.edition.catalogue).date(), "home": self.edition.address}
        return self._render(template, {**edition, **context})

    def of(self, item: Item[Any], template: str, uri: str, **context: Any) -> Markup:
        """A template over one item; what cannot be carried becomes a problem of its file."""
        linker = Linker(self._glossary, self._terms)
        renderer = self.edition.renderer

        def markdown(value: str) -> Markup:
            return Markup(to_html(renderer.with_values(value), linker, drawn))  # noqa: S704 - sanitised by to_html

        def shown(index: int) -> Markup:
            return self._evidence(item, index)

        html = self._render(
            template, {"item": item, "anchor": anchor_of(uri), "markdown": markdown, "shown": shown, **context}
        )
        self.linked |= {self._terms[id_][0] for id_ in linker.linked}
        self.problems += _unprintable(item, html, self.edition.title)
        return Markup(html)  # noqa: S704 - a template of ours, which escapes

    def all(self, items: Iterable[Item[Any]], template: str, folder: str, **context: Any) -> tuple[Entry, ...]:
        """A template over each of some items."""
        made = []
        for number, item in enumerate(items):
            uri = f"{folder}/{item.id}.html"
            html = self.of(item, template, uri, first=number == 0, **context)
            made.append(Entry(item.value.title, anchor_of(uri), html))
        return tuple(made)

    def raise_problems(self) -> None:
        if self.problems:
            raise ContentError(self.problems)

    def _render(self, template: str, context: Mapping[str, Any]) -> str:
        made = self.edition.renderer.environment.get_template(template)
        return made.render(
            **context, formulas=drawn, catalogue=self.edition.catalogue, link=self.link, anchor_of=anchor_of
        )

    def _evidence(self, item: CardItem, index: int) -> Markup:
        """What a cell showed, pictures by an address that the fetcher of `_typeset` answers."""
        evidence = item.value.evidence[index]
        found = f"the cell '{evidence.cell}' of '{evidence.notebook}'"

        def refuse(what: str) -> Markup:
            message = f"evidence must be something that can be printed, found {found} {what}: fix the notebook"
            self.problems.append(item.problem("export", message, "evidence", index, "cell"))
            return Markup("")

        try:
            run = self.edition.renderer.runs[evidence.notebook]
            outputs, alt = run.evidence(evidence.cell), run.script.evidence[evidence.cell].alt
            shown = shown_outputs(outputs, alt)
        except (KeyError, IndexError):
            return refuse("without outputs")
        except ValueError as error:
            return refuse(f"with an output that cannot be read ({error})")
        if not shown:
            return refuse("without anything to show")
        pictures: list[Shown] = []
        for output in shown:
            address = f"picture:{len(self.pictures)}"
            if output.drawing is not None:
                svg = str(output.drawing).replace("currentColor", INK).encode()
                self.pictures[address] = Picture("image/svg+xml", svg, item, index)
                output = Shown(picture=address)
            elif output.picture:
                mime, data = output.picture.removeprefix("data:").split(";base64,")
                self.pictures[address] = Picture(mime, base64.b64decode(data), item, index)
                output = Shown(picture=address)
            pictures.append(output)
        return self.piece("print/outputs.html", outputs=pictures, alt=alt)


@dataclass(frozen=True)
class Picture:
    """A picture of a card's evidence."""

    mime: str
    content: bytes
    item: CardItem
    index: int

    def problem(self, found: str) -> Problem:
        evidence = self.item.value.evidence[self.index]
        message = (
            f"evidence must be something that can be printed, found a picture of the cell '{evidence.cell}' of "
            f"'{evidence.notebook}' that cannot be drawn ({found}): fix the notebook"
        )
        return self.item.problem("export", message, "evidence", self.index, "cell")


# --- characters ----------------------------------------------------------------------------------------------------


#: DejaVu Sans by weight and style: in pictures, as matplotlib drew them, and where the other fonts have no shape.
_DEJAVU = MappingProxyType(
    {
        ("400", "normal"): "DejaVuSans.ttf",
        ("700", "normal"): "DejaVuSans-Bold.ttf",
        ("400", "italic"): "DejaVuSans-Oblique.ttf",
        ("700", "italic"): "DejaVuSans-BoldOblique.ttf",
    }
)


def _dejavu() -> Path:
    """The folder of the fonts that matplotlib installs."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _dejavu_css() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{(_dejavu() / name).as_uri()}"); }}'
        for (weight, style), name in _DEJAVU.items()
    )


def _unprintable(item: Item[Any], html: str, name: str) -> Iterator[Problem]:
    """Characters of an item that no font of ours has; a system's own font would differ from machine to machine."""
    for character in unprintable(html, name):
        loc = next((loc for loc, value in item.texts if character in value), ())
        yield item.problem("export", unprintable_message(character), *loc)


# --- typesetting ---------------------------------------------------------------------------------------------------


def _typeset(html: str, pictures: Mapping[str, Picture], titles: Mapping[str, str]) -> bytes:
    """HTML -> PDF; ``titles`` say where its links lead.

    Raises `ContentError` for a picture that cannot be drawn, `RuntimeError` for what is our own fault.
    """
    if (missing := what_is_missing(sys.platform)) is not None:
        raise PdfUnavailableError(missing)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Answers with this PDF's pictures and the fonts; nothing else is read, and nothing is fetched."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in pictures:
                return URLFetcherResponse(url, pictures[url].content, {"Content-Type": pictures[url].mime})
            if not url.startswith((PRINT.as_uri(), _dejavu().as_uri(), "data:")):
                raise ValueError(f"not a file of the guide: {url}")
            return super().fetch(url, headers)

    fetcher = OurFiles()
    fonts = FontConfiguration()
    logged = _Logged()
    logger = logging.getLogger("weasyprint")
    before = logger.propagate
    logger.addHandler(logged)
    logger.propagate = False  # what it says is raised below, once, and with a place
    # Millions of boxes, all alive until the end: looking for dead ones among them took a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        styles = [
            CSS(string=_dejavu_css(), base_url=PRINT.as_uri(), font_config=fonts, url_fetcher=fetcher),
            CSS(filename=PRINT / "book.css", font_config=fonts, url_fetcher=fetcher),
        ]
        document = HTML(string=html, base_url=f"{PRINT.as_uri()}/", url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=styles, pdf_variant=VARIANT
        )
        identifier = hashlib.md5(html.encode(), usedforsecurity=False).digest()
        made = document.write_pdf(
            pdf_variant=VARIANT, pdf_identifier=identifier, finisher=partial(_describe_links, titles)
        )
    finally:
        logger.removeHandler(logged)
        logger.propagate = before
        if collecting:
            gc.enable()
    _refuse(logged.records, pictures)
    return bytes(made)


def _describe_links(titles: Mapping[str, str], _document: object, made: Any) -> None:
    """Give links within the PDF the title of their target as description, where WeasyPrint puts the target's name."""
    import pydyf

    for entry in made.objects:
        if isinstance(entry, pydyf.Dictionary) and entry.get("Subtype") == "/Link" and "Dest" in entry:
            name = entry["Dest"].string
            entry["Contents"] = pydyf.String(titles.get(name, name))


class _Logged(logging.Handler):
    """Keeps what WeasyPrint warns of: it goes on after errors, and a book with a hole is not a book."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


def _refuse(messages: Iterable[str], pictures: Mapping[str, Picture]) -> None:
    problems, ours = [], []
    for message in messages:
        address = re.search(r"picture:\d+", message)
        if address and address[0] in pictures:
            problems.append(pictures[address[0]].problem(message.split(": ", 1)[-1].strip() or "no picture"))
        else:
            ours.append(message)
    if problems:
        raise ContentError(problems)
    if ours:
        raise RuntimeError("WeasyPrint could not set the pages:\n" + "\n".join(sorted(set(ours))))
