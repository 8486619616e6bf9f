"""The words of one PDF: templates filled for print, links that lead within it, and every problem found on the way."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from studyguide.catalogue import CardItem
from studyguide.checks.exports import unprintable, unprintable_message
from studyguide.content.read import Item
from studyguide.exports.edition import Edition, newest_review
from studyguide.notebooks.outputs import Shown, shown_outputs
from studyguide.problems import ContentError, Problem
from studyguide.text.formulas import INK, drawn
from studyguide.text.glossary import Linker
from studyguide.text.markdown import to_html


@dataclass(frozen=True)
class Entry:
    """A card, a sheet, a plan ...: one line of the contents and the pages it leads to."""

    title: str
    anchor: str
    html: Markup


class Manuscript:
    """Fills the templates of one PDF, and gathers every problem of every item before it gives up."""

    def __init__(self, edition: Edition, titles: Mapping[str, str]) -> None:
        self.edition = edition
        #: Titles of the pages and places of the site that are in this PDF, by their address.
        self.titles = titles
        #: What terms were linked, as addresses within the PDF.
        self.linked: set[str] = set()
        #: Pictures by the address that stands in the HTML: type, bytes, and the problem if they cannot be read.
        self.pictures: dict[str, Picture] = {}
        self.problems: list[Problem] = []
        renderer = edition.renderer
        base = renderer.linker("index.html")
        self._terms = {id_: (self.link(uri), "") for id_, (uri, _) in base.terms.items() if uri in self.titles}
        self._glossary = base.glossary.only(self._terms)

    def places(self) -> dict[str, str]:
        """Titles by the names of the places that they have in this PDF."""
        return {anchor_of(uri): title for uri, title in self.titles.items()}

    def link(self, uri: str) -> str:
        """The address of a page of the site as seen from this PDF; empty where there is none."""
        if uri in self.titles:
            return f"#{anchor_of(uri)}"
        return f"{self.edition.address}{uri}" if self.edition.address else ""

    def piece(self, template: str, **context: Any) -> Markup:
        """A template over the whole catalogue."""
        return Markup(self._render(template, context))  # noqa: S704 - a template of ours, which escapes

    def page(self, template: str, **context: Any) -> str:
        """A whole document. Raises `ContentError` with everything that was found on the way."""
        if self.problems:
            raise ContentError(self.problems)
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
        entries = []
        for number, item in enumerate(items):
            uri = f"{folder}/{item.id}.html"
            html = self.of(item, template, uri, first=number == 0, **context)
            entries.append(Entry(item.value.title, anchor_of(uri), html))
        return tuple(entries)

    def _render(self, template: str, context: Mapping[str, Any]) -> str:
        return self.edition.renderer.environment.get_template(template).render(
            **context, formulas=drawn, catalogue=self.edition.catalogue, link=self.link, anchor_of=anchor_of
        )

    def _evidence(self, item: CardItem, index: int) -> Markup:
        """What a cell showed, pictures by an address that the fetcher of `typeset` answers."""
        evidence = item.value.evidence[index]
        found = f"the cell '{evidence.cell}' of '{evidence.notebook}'"

        def refuse(what: str) -> Markup:
            message = f"evidence must be something that can be printed, found {found} {what}: fix the notebook"
            self.problems.append(item.problem("export", message, "evidence", index, "cell"))
            return Markup("")

        try:
            run = self.edition.renderer.runs[evidence.notebook]
            outputs, alt = run.evidence(evidence.cell), run.script.evidence[evidence.cell].alt
            shown = shown_outputs(outputs, alt, drawn)
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


def anchor_of(uri: str) -> str:
    """The name, within a PDF, of a page of the site or of a place on one: ``cards-rag-evaluation-plan``."""
    return uri.replace(".html", "").replace("/", "-").replace("#", "-")


def _unprintable(item: Item[Any], html: str, name: str) -> Iterator[Problem]:
    """Characters of an item that no font of ours has; a system's own font would differ from machine to machine."""
    for character in unprintable(html, name):
        loc = next((loc for loc, value in item.texts if character in value), ())
        yield item.problem("export", unprintable_message(character), *loc)
