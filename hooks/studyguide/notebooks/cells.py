"""The cells of a notebook that ran -> their HTML: prose as all of the guide's Markdown, code by mkdocs-jupyter.

mkdocs-jupyter puts JupyterLab's whole style sheet, some scripts and a deep nest of elements into each page (about 600
KB). The page keeps the highlighted code and the outputs; the markup is ours: ``templates/notebook.html``.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studyguide.cache import Cache
from studyguide.content.notebook_source import Cell, Script
from studyguide.notebooks import ipynb
from studyguide.notebooks.outputs import Outputs
from studyguide.notebooks.run import Run
from studyguide.text.markdown import headings, to_html

if TYPE_CHECKING:  # imported, as nbconvert is, where a notebook has to be converted: it takes longer than a warm build
    from bs4 import Tag


_TEXT = re.compile(r'<pre class="nb-text"[^>]*>(.*?)</pre>', re.DOTALL)


@dataclass(frozen=True)
class CellHtml:
    """A cell of a page: its anchor, its prose or its code, and its outputs, as HTML."""

    tags: tuple[str, ...]
    anchor: str = ""
    prose: str = ""
    code: str = ""
    outputs: str = ""
    #: The id of the first heading in the prose.
    heading: str = ""

    @property
    def height(self) -> float:
        """About how high the cell is without its drawings, in rem: a page keeps this room until it lays the cell out.

        The figures are those of guide.css, fitted to all cells of the guide at 400 and 1280 pixels; half a rem off.
        """
        printed = sum(text.count("\n") + 1 for text in _TEXT.findall(self.outputs))
        rows, tagged = self.outputs.count("<tr"), bool({"solution", "check"} & set(self.tags))
        shown = 2.7 + 1.06 * printed + 2.8 * rows if self.outputs else 0
        return round(1.2 + 1.1 * (self.code.count("\n") + 1) + 1.0 * tagged + shown, 1)

    @property
    def drawings(self) -> int:
        return self.outputs.count('class="nb-picture"')


def cells_html(run: Run, outputs_html: Callable[[Outputs, str], str], cache: Cache) -> list[CellHtml]:
    """The cells of a notebook that ran, converted or taken from the cache.

    Raises `ValueError` for outputs that no page can show.
    """

    def convert() -> str:
        cells = lean_cells(_converted(ipynb.for_page(run, outputs_html)), run.script)
        return json.dumps([asdict(cell) for cell in cells])

    cells = json.loads(cache.get_or_make("cells", run.script.path, run.digest.encode(), convert))
    return [CellHtml(**{**cell, "tags": tuple(cell["tags"])}) for cell in cells]


def _converted(notebook: str) -> str:
    """mkdocs-jupyter's page of a notebook, which it reads from a file; nothing is executed."""
    from mkdocs_jupyter.convert import nb2html

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notebook.ipynb"
        file.write_text(notebook, encoding="utf-8")
        return str(nb2html(str(file), theme="", allow_errors=False, no_prompt=True, custom_mathjax_url=""))


def lean_cells(html: str, script: Script) -> list[CellHtml]:
    """The cells of a script, in order, its code as it was converted. Raises `ValueError` where that is not all."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    converted = soup.find_all("div", id=lambda value: bool(value) and value.startswith("cell-id="))
    expected = sum(cell.code for cell in script.cells)
    if len(converted) != expected:
        raise ValueError(f"{script.path}: {expected} cells of code in the script, {len(converted)} in its page")
    code = iter(converted)
    return [_code(cell, next(code)) if cell.code else _prose(cell) for cell in script.cells]


def _code(cell: Cell, element: Tag) -> CellHtml:
    return CellHtml(
        anchor=f"evidence-{cell.evidence[0]}" if cell.evidence else "",
        tags=cell.tags,
        code=_inner(element.select_one(".highlight-ipynb pre")),
        outputs="\n".join(_inner(output) for output in element.select(".jp-OutputArea-output")),
    )


def _prose(cell: Cell) -> CellHtml:
    """Markdown, or a raw cell as the text that it is."""
    longest = max(map(len, re.findall("`+", cell.text)), default=0)
    fence = "`" * max(3, longest + 1)
    text = cell.text if cell.prose else f"{fence}\n{cell.text}\n{fence}"
    first, _ = next(headings(text), ("", 0))
    return CellHtml(tags=cell.tags, prose=to_html(text, headings=True), heading=first)


def _inner(element: Tag | None) -> str:
    return element.decode_contents().strip() if element else ""
