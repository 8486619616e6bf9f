"""Pages of the guide -> MkDocs' files.

A page travels with its file (`GuideFile.page_of_guide`). Cards are files to MkDocs, so that links to them are checked,
but no pages: the theme renders one page for all of them, a shell, and `output.write_cards` fills it for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from studyguide.cache import Cache
from studyguide.catalogue import Catalogue
from studyguide.checks.addresses import COPIES
from studyguide.exports import shelf
from studyguide.exports.edition import Edition
from studyguide.notebooks import ipynb
from studyguide.notebooks.cells import cells_html
from studyguide.pages import search_entries
from studyguide.pages.forge import Forge
from studyguide.pages.listing import MARKS, Page, excerpt, notebook_uri, site_pages
from studyguide.pages.render import Renderer
from studyguide.site.card_pages import slot
from studyguide.site.internal_links import References
from studyguide.site.log import stopped

#: What MkDocs may think the page says until it gets the HTML: a heading, to which "skip to content" leads.
_PLACEHOLDER = "# Page {#content}\n"


@dataclass(frozen=True)
class Guide:
    """One build's worth of the guide: what is in it, what its notebooks printed, its cards' files, its pages' links."""

    edition: Edition
    cache: Cache
    #: What readers can take away: files by address, and the lines of the Downloads page.
    exported: Mapping[str, bytes]
    downloads: tuple[shelf.Entry, ...]
    forge: Forge
    cards: list[CardFile] = field(default_factory=list)
    references: References = field(default_factory=References)
    #: Pages that the search knows from their data.
    searched: list[Page] = field(default_factory=list)

    @property
    def renderer(self) -> Renderer:
        return self.edition.renderer

    @property
    def catalogue(self) -> Catalogue:
        return self.edition.catalogue


class GuideFile(File):
    """A MkDocs file that is a page of the guide."""

    page_of_guide: Page
    #: Whether the theme renders this page for all cards, which are then filled into it.
    is_shell: bool = False


class NotebookFile(GuideFile):
    """A notebook's page, at the address at which hand-written pages link to the notebook."""

    def is_documentation_page(self) -> bool:
        return True


class CardFile(File):
    """A card to MkDocs: a file that links may lead to, written by `output.write_cards` and not by MkDocs."""

    guide: Guide
    page_of_guide: Page

    def is_documentation_page(self) -> bool:
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Nothing: there is no such file before the theme has rendered the shell."""

    @property
    def html(self) -> str:
        page = self.page_of_guide
        return self.guide.renderer.render(page.template, page.uri, page.context)


def page_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    files: list[File] = []
    for page in [*site_pages(guide.catalogue), shelf.page(guide.edition, guide.downloads)]:
        source = page.uri.removesuffix(".html") + ".md"
        if search_entries.has_data(page):
            guide.searched.append(page)
        if page.template == "card.html":
            file = CardFile(
                source, None, config.site_dir, False, dest_uri=page.uri, inclusion=InclusionLevel.NOT_IN_NAV
            )  # fmt: skip
            file.guide, file.page_of_guide = guide, page
            MkDocsPage(page.title, file, config)  # tells the file; the sitemap asks it for the address
            guide.cards.append(file)
            files.append(file)
        else:
            files.append(_guide_file(GuideFile, config, source, page))
    files.append(_shell_file(guide, config))
    return files


def _guide_file(kind: type[GuideFile], config: MkDocsConfig, source: str, page: Page) -> GuideFile:
    file = cast(GuideFile, kind.generated(config, source, content=_PLACEHOLDER, inclusion=InclusionLevel.NOT_IN_NAV))
    file.page_of_guide = page
    return file


def _shell_file(guide: Guide, config: MkDocsConfig) -> GuideFile:
    """A page beside the cards that stands for all of them while the theme renders it; it is not written itself."""
    one = guide.cards[0].page_of_guide
    page = Page(
        "cards/_shell.html", slot("title"), slot("description"), "", boost=0, scripts=one.scripts, early=one.early
    )
    file = _guide_file(GuideFile, config, "cards/_shell.md", page)
    file.is_shell = True
    return file


def notebook_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    files: list[File] = []
    data = [uri for uri in guide.exported if uri.startswith(COPIES)]
    for item in guide.catalogue.notebooks:
        run = guide.renderer.runs[item.id]
        try:
            cells = cells_html(run, guide.renderer.outputs_html, guide.cache)
        except ValueError as error:
            raise stopped(
                "%s:1:1: every output must be fit for a page, found that %s: fix the cell", item.path, error
            ) from error
        reads = [uri for uri in data if uri.removeprefix(COPIES) in run.script.text]
        context = {"item": item, "cells": cells, "reads": reads}
        page = Page(
            notebook_uri(item.id),
            item.value.title,
            excerpt(item.value.summary),
            "notebook.html",
            context,
            guide.catalogue.file(item),
            scripts=(*MARKS, "notebook.js") if item.value.cards else ("notebook.js",),
        )
        guide.searched.append(page)
        files.append(_guide_file(NotebookFile, config, f"notebooks/{item.id}.ipynb", page))
        for name, text in ((item.id, ipynb.solved(run)), (f"{item.id}-exercise", ipynb.exercise(run.script))):
            files.append(File.generated(config, f"{COPIES}{name}.ipynb", content=text))
    return files
