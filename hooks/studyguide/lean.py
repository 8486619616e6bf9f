"""What mkdocs-jupyter made of a notebook -> its cells alone.

mkdocs-jupyter puts JupyterLab's whole style sheet, some scripts and a deep nest of elements into each page (about 600
KB). The page keeps the words, the highlighted code and the outputs; the markup is ours: ``templates/notebook.html``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from studyguide.script import Script
from studyguide.text import clean_prose


@dataclass(frozen=True)
class CellHtml:
    """A cell of a page: its anchor, its prose or its code, and its outputs, as HTML."""

    anchor: str
    tags: tuple[str, ...]
    prose: str
    code: str
    outputs: str


def lean_cells(html: str, script: Script) -> list[CellHtml]:
    """The cells of a converted notebook, in order. Raises `ValueError` where they are not those of the script."""
    soup = BeautifulSoup(html, "html.parser")
    cells = list(_cells(soup, script))
    if len(cells) != len(script.cells):
        raise ValueError(f"{script.path}: {len(script.cells)} cells in the script, {len(cells)} in its page")
    return cells


def _cells(soup: BeautifulSoup, script: Script) -> Iterator[CellHtml]:
    found = soup.find_all("div", id=lambda value: bool(value) and value.startswith("cell-id="))
    for element, cell in zip(found, script.cells, strict=False):
        for link in element.find_all("a", class_="anchor-link"):
            link.decompose()
        evidence = next((tag.removeprefix("evidence: ") for tag in cell.tags if tag.startswith("evidence: ")), None)
        yield CellHtml(
            anchor=f"evidence-{evidence}" if evidence else "",
            tags=cell.tags,
            prose=clean_prose(_inner(element.find("div", class_="jp-RenderedMarkdown"))),
            code=_inner(element.select_one(".highlight-ipynb pre")),
            outputs="\n".join(_inner(output) for output in element.select(".jp-OutputArea-output")),
        )


def _inner(element: Tag | None) -> str:
    return element.decode_contents().strip() if element else ""
