"""Write the pages of the guide to a folder as plain Markdown with HTML in it, for engines without hooks.

The folder holds docs/ and a mkdocs.yml without hooks and plugins of ours: `zensical build -f DIR/mkdocs.yml`, or any
engine that reads MkDocs' configuration, makes a site of it. What readers can download is in exports/, to be laid over
that site: among it are Markdown files, which an engine would take for pages.

Exit codes: 0 written, 1 problems, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from studyguide.catalogue import require_catalogue
from studyguide.exports import shelf
from studyguide.exports.edition import read_edition
from studyguide.exports.markdown import notebook_links
from studyguide.files import write_whole
from studyguide.notebooks import ipynb
from studyguide.notebooks.cells import CellHtml
from studyguide.notebooks.run import Run, run_notebooks
from studyguide.pages.listing import Page, excerpt, notebook_uri, site_files, site_pages
from studyguide.pages.render import Renderer
from studyguide.problems import ContentError
from studyguide.text import markdown

#: Parts of our mkdocs.yml that need no hook.
KEPT = (
    "site_name",
    "site_description",
    "copyright",
    "use_directory_urls",
    "theme",
    "extra_css",
    "markdown_extensions",
    "nav",
)
OWN_PAGES = "guides"


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml: ``!ENV [NAME, default]`` is its default."""


def _default(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> Any:
    return loader.construct_sequence(node)[-1]


_Loader.add_constructor("!ENV", _default)


def stage(content: Path, root: Path, cache: Path, target: Path) -> int:
    """Write the staged guide into the empty folder ``target``; the number of generated pages.

    ``root`` is the project, ``cache`` where runs of notebooks are kept. Raises `ContentError` for problems.
    """
    catalogue = require_catalogue(content)
    runs = run_notebooks(catalogue.scripts, content / "notebooks", cache)
    renderer = Renderer(catalogue, runs)
    docs = target / "docs"
    own = content.resolve() == (root / "content").resolve()
    ignored = shutil.ignore_patterns(*(() if own else (OWN_PAGES,)))
    shutil.copytree(root / "docs", docs, ignore=ignored)
    for hand_written in docs.rglob("*.md"):
        words = hand_written.read_text(encoding="utf-8")
        hand_written.write_text(notebook_links(words, ".md"), encoding="utf-8")
    shutil.copytree(root / "hooks" / "overrides", target / "overrides")
    edition = read_edition(renderer, root, "")
    entries = []
    for export in shelf.exports(edition):
        files = export.make()
        entries.append(shelf.entry(export, files[export.uri], edition.when))
        for uri, file in files.items():
            write_whole(target / "exports" / uri, file)
    write_whole(target / "exports" / shelf.SUMS, shelf.sums(entries))
    ours = _read(root / "mkdocs.yml")
    for uri, data in (site_files(catalogue, ours["repo_url"]) | renderer.drawings()).items():
        write_whole(docs / uri, data)
    pages = [*site_pages(catalogue), shelf.page(edition, entries)]
    for page in pages:
        _write(docs, page, renderer.render(page.template, page.uri, page.context))
    for item in catalogue.notebooks:
        run = runs[item.id]
        page = Page(
            notebook_uri(item.id),
            item.value.title,
            excerpt(item.value.summary),
            "notebook.html",
            {"item": item},
            item.path,
        )
        cells = list(_cells(run, renderer))
        _write(docs, page, renderer.render(page.template, page.uri, {"item": item, "cells": cells}))
        folder = docs / "notebooks" / "files"
        write_whole(folder / f"{item.id}.ipynb", ipynb.solved(run))
        write_whole(folder / f"{item.id}-exercise.ipynb", ipynb.exercise(run.script))
    write_whole(target / "mkdocs.yml", configuration(ours, docs, catalogue.site.value.title))
    return len(pages) + len(catalogue.notebooks)


def _read(configuration: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(configuration.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    return read


def configuration(ours: dict[str, Any], docs: Path, title: str) -> str:
    """Our mkdocs.yml for an engine without hooks, its navigation without pages that are not there."""
    kept = {name: ours[name] for name in KEPT if name in ours}
    kept["site_name"] = kept.get("site_name") or title
    kept["theme"] = {**kept["theme"], "custom_dir": "overrides"}
    kept["nav"] = _present(kept["nav"], docs)
    kept["extra"] = {"generator": False}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True)


def _present(nav: Any, docs: Path) -> Any:
    if isinstance(nav, str):
        return nav if "://" in nav or (docs / nav).is_file() else None
    if isinstance(nav, dict):
        kept = {title: _present(entry, docs) for title, entry in nav.items()}
        return {title: entry for title, entry in kept.items() if entry} or None
    return [entry for entry in (_present(entry, docs) for entry in nav) if entry]


def _write(docs: Path, page: Page, html: str) -> None:
    file = docs / (page.uri.removesuffix(".html") + ".md")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        raise FileExistsError(f"{file} is generated and written by hand: rename one")
    meta: dict[str, Any] = {"title": page.title, "description": page.description}
    if page.scripts:
        meta["scripts"] = list(page.scripts)
    if page.early:
        meta["early"] = list(page.early)
    if page.wide:
        meta["hide"] = ["navigation", "toc"]
    front = yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=1000)
    # A wrapper, so that the page is one block of HTML to any Markdown, whatever its lines begin with.
    file.write_text(f'---\n{front}---\n\n<div class="sa-page">\n{html}\n</div>\n', encoding="utf-8")


def _cells(run: Run, renderer: Renderer) -> Iterator[CellHtml]:
    """The cells of a run as HTML, without the converter that MkDocs' plugin brings."""
    outputs = iter(run.outputs)
    for cell in run.script.cells:
        evidence = next((tag.removeprefix("evidence: ") for tag in cell.tags if tag.startswith("evidence: ")), None)
        anchor = f"evidence-{evidence}" if evidence else ""
        if cell.code:
            shown = renderer.outputs_html(next(outputs), cell.alt)
            yield CellHtml(anchor, cell.tags, "", markdown.highlighted(cell.text, "python"), shown)
        else:
            prose = "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.text.split("\n"))
            yield CellHtml(anchor, cell.tags, markdown.to_prose_html(prose), "", "")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="stage.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="where to write; must not exist yet")
    parser.add_argument(
        "--content", type=Path, default=Path(os.environ.get("STUDYGUIDE_CONTENT") or "content"), metavar="DIR"
    )
    options = parser.parse_args(arguments)
    target: Path = options.folder.absolute()
    if target.exists():
        parser.error(f"the folder must not exist yet, found '{options.folder}': name another or delete it")
    target.parent.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
        made = Path(scratch) / "new"
        made.mkdir()
        try:
            pages = stage(options.content, root, root / ".cache" / "notebooks" / "runs", made)
        except ContentError as error:
            print(error.report(), file=sys.stderr)
            return 1
        made.rename(target)
    print(f"{pages} generated pages in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
