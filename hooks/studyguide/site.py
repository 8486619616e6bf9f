"""The only module that knows MkDocs: gives it the guide's pages as files, and their HTML when it asks.

Nothing is kept between builds. A page travels with its MkDocs file (`GuideFile.guide`), so the order of MkDocs' events
is all that matters here: everything is loaded, checked and executed before MkDocs empties the output folder.
"""

from __future__ import annotations

import html as html_text
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from studyguide import copies
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.content import Item
from studyguide.exports import shelf
from studyguide.exports.edition import Edition, read_edition
from studyguide.lean import lean_cells
from studyguide.models import NotebookInfo
from studyguide.notebooks import Progress, Run, run_notebooks
from studyguide.pages import Page, excerpt, notebook_uri, site_files, site_pages
from studyguide.policy import PolicyError, finish
from studyguide.problems import ContentError
from studyguide.references import References
from studyguide.render import Renderer
from studyguide.terms import link_terms
from studyguide.whole import write_whole

# A logger below "mkdocs", because strict mode counts the warnings of no other.
log = logging.getLogger("mkdocs.studyguide")

CONTENT_VARIABLE = "STUDYGUIDE_CONTENT"
#: Hand-written pages about this guide's own subject; a guide made from other content leaves them out.
OWN_PAGES = "guides/"
#: What MkDocs may think the page says until it gets the HTML: a heading, to which "skip to content" leads.
_PLACEHOLDER = "# Page {#content}\n"


@dataclass(frozen=True)
class Guide:
    """One build's worth of the guide: what is in it, what its notebooks printed, and its renderer."""

    catalogue: Catalogue
    runs: Mapping[str, Run]
    renderer: Renderer
    edition: Edition
    #: What readers can take away: files by address, and the lines of the Downloads page.
    exported: Mapping[str, bytes]
    downloads: tuple[shelf.Entry, ...]


class GuideFile(File):
    """A MkDocs file that is a page of the guide."""

    guide: Guide
    page_of_guide: Page
    notebook: Item[NotebookInfo] | None = None


def content_folder(config: MkDocsConfig) -> Path:
    """The folder of content: from the environment, else ``content`` beside mkdocs.yml."""
    root = Path(config.config_file_path).parent
    return Path(os.environ.get(CONTENT_VARIABLE) or root / "content")


def cache_folder(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent / ".cache"


def prepare(config: MkDocsConfig) -> None:
    """Load, check and execute; the guide goes with the configuration, which MkDocs makes anew for each build.

    Raises `Abort` after logging every problem, while the last good site is still in place.
    """
    folder = content_folder(config)
    try:
        catalogue = require_catalogue(folder)
        runs = run_notebooks(
            catalogue.scripts, folder / "notebooks", cache_folder(config) / "notebooks" / "runs", report=_log_progress
        )
    except ContentError as error:
        log.error("The content has problems:\n%s", error.report())
        raise Abort("The guide was not built; what was built before is untouched.") from error
    _drop_damaged(cache_folder(config) / "mkdocs-jupyter")
    renderer = Renderer(catalogue, runs)
    try:
        edition = read_edition(renderer, Path(config.config_file_path).parent, config.site_url or "")
    except ValueError as error:
        log.error("%s", error)
        raise Abort("The guide was not built; what was built before is untouched.") from error
    config.extra["guide"] = Guide(catalogue, runs, renderer, edition, *_export(edition, strict=config.strict))
    config.extra["references"] = References()
    config.site_name = config.site_name or html_text.escape(catalogue.site.value.title)
    config.watch = [*config.watch, str(folder)]


def _export(edition: Edition, *, strict: bool) -> tuple[dict[str, bytes], tuple[shelf.Entry, ...]]:
    """Everything that is made from the catalogue alone. What a card keeps from being made is named, and left out.

    Raises `Abort` where the build is strict.
    """
    exported: dict[str, bytes] = {}
    entries = []
    for export in shelf.exports(edition):
        try:
            files = export.make()
        except ContentError as error:
            log.warning("%s was not made:\n%s", export.uri, error.report())
            if strict:
                raise Abort("The guide was not built; what was built before is untouched.") from error
            continue
        exported |= files
        entries.append(shelf.entry(export, files[export.uri], edition.when))
    exported[shelf.SUMS] = shelf.sums(entries)
    return exported, tuple(entries)


def _drop_damaged(cache: Path) -> None:
    """mkdocs-jupyter trusts its cache; a build that was killed or ran out of disk may have left half a file there."""
    for file in cache.glob("*.json"):
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            sound = isinstance(kept["content"], str) and isinstance(kept["toc_tokens"], list)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            sound = False
        if not sound:
            file.unlink(missing_ok=True)


def _log_progress(progress: Progress) -> None:
    if not progress.cached:
        log.info("Ran notebook %s in %.1f s (%d of %d)", progress.name, progress.seconds, progress.done, progress.total)


def add_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the generated pages beside the hand-written ones. A collision of two is an error."""
    guide: Guide = config.extra["guide"]
    if content_folder(config).resolve() != (Path(config.config_file_path).parent / "content").resolve():
        files = Files([file for file in files if not file.src_uri.startswith(OWN_PAGES)])
    data = [
        File.generated(config, uri, content=text)
        for uri, text in site_files(guide.catalogue, config.repo_url or "").items()
    ]
    made = [*_page_files(guide, config), *_notebook_files(guide, config), *data]
    for file in made:
        there = files.get_file_from_path(file.src_uri)
        if there is not None:
            log.error("%s is generated, and %s is in the way: rename one", file.src_uri, there.abs_src_path)
            raise Abort("The guide was not built; what was built before is untouched.")
        files.append(file)
    taken = {file.dest_uri for file in files} & guide.exported.keys()
    if taken:
        log.error("%s would be overwritten by an export: rename what is there", ", ".join(sorted(taken)))
        raise Abort("The guide was not built; what was built before is untouched.")
    config.nav = _without_missing(config.nav, files)
    return files


def _page_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    made = []
    for page in [*site_pages(guide.catalogue), shelf.page(guide.edition, guide.downloads)]:
        source = page.uri.removesuffix(".html") + ".md"
        file = GuideFile.generated(config, source, content=_PLACEHOLDER, inclusion=InclusionLevel.NOT_IN_NAV)
        made.append(_with_page(file, guide, page))
    return made


def _notebook_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    folder = cache_folder(config) / "notebooks" / "pages"
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    made: list[File] = []
    for item in guide.catalogue.notebooks:
        run = guide.runs[item.id]
        source = folder / "notebooks" / f"{item.id}.ipynb"
        try:
            text = copies.for_page(run, guide.renderer.outputs_html)
        except ValueError as error:
            log.error("%s:1:1: every output must be fit for a page, found that %s: mend the cell", item.path, error)
            raise Abort("The guide was not built; what was built before is untouched.") from error
        if not source.is_file() or source.read_bytes() != text.encode():
            write_whole(source, text)
        uri = notebook_uri(item.id)
        page = Page(uri, item.value.title, excerpt(item.value.summary), "notebook.html", {"item": item}, item.path)
        # mkdocs-jupyter reads a notebook from the disk and asks MkDocs' file where; a generated file would not know.
        file = GuideFile(
            f"notebooks/{item.id}.ipynb", str(folder), config.site_dir, config.use_directory_urls,
            inclusion=InclusionLevel.NOT_IN_NAV,
        )  # fmt: skip
        made.append(_with_page(file, guide, page, item))
        for name, content in ((item.id, copies.solved(run)), (f"{item.id}-exercise", copies.exercise(run.script))):
            made.append(File.generated(config, f"notebooks/files/{name}.ipynb", content=content))
    return made


def _with_page(file: File, guide: Guide, page: Page, notebook: Item[NotebookInfo] | None = None) -> File:
    if not isinstance(file, GuideFile):
        raise TypeError(f"MkDocs made a {type(file).__name__} where a GuideFile was asked for")
    file.guide, file.page_of_guide, file.notebook = guide, page, notebook
    return file


def _without_missing(nav: Any, files: Files) -> Any:
    """The navigation without pages that this content does not have (another guide may have no checklists)."""
    if isinstance(nav, str):
        return nav if "://" in nav or files.get_file_from_path(nav) else None
    if isinstance(nav, dict):
        kept = {title: _without_missing(entry, files) for title, entry in nav.items()}
        return {title: entry for title, entry in kept.items() if entry} or None
    if isinstance(nav, list):
        return [entry for entry in (_without_missing(entry, files) for entry in nav) if entry]
    return nav


def describe(page: MkDocsPage, config: MkDocsConfig) -> None:
    """Give a page of the guide its title, description and the address of the file to edit."""
    guide: Guide = config.extra["guide"]
    copy = page.file.dest_uri.removesuffix(".html") + ".md"
    page.meta["markdown"] = copy if copy in guide.exported else None
    made = _made(page)
    if made is None:
        return
    guide_page = made.page_of_guide
    # The theme's templates do not escape, and plain words may hold any sign: `<script>` in backticks is a fine title.
    page.meta["title"] = html_text.escape(guide_page.title)
    page.meta["description"] = html_text.escape(guide_page.description)
    page.meta["generated"] = True
    page.meta["scripts"] = list(guide_page.scripts)
    page.meta["early"] = list(guide_page.early)
    if guide_page.wide:
        page.meta["hide"] = ["navigation", "toc"]
    page.meta["search"] = {"boost": guide_page.boost} if guide_page.boost else {"exclude": True}
    if guide_page.edit and config.repo_url:
        page.edit_url = f"{config.repo_url.rstrip('/')}/edit/main/{guide_page.edit}"


def content_html(html: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The HTML of a page of the guide; hand-written guides get their glossary terms linked, other pages stay."""
    made = _made(page)
    if made is None:
        if not page.file.src_uri.startswith(OWN_PAGES):
            return html
        guide: Guide = config.extra["guide"]
        return link_terms(html, guide.renderer.linker(page.file.dest_uri))
    context = dict(made.page_of_guide.context)
    if made.notebook is not None:
        context["cells"] = lean_cells(html, made.guide.runs[made.notebook.id].script)
    return made.guide.renderer.render(made.page_of_guide.template, made.page_of_guide.uri, context)


def write_exports(config: MkDocsConfig) -> None:
    """Put what readers can take away beside the pages, once MkDocs has written those."""
    guide: Guide = config.extra["guide"]
    for uri, content in guide.exported.items():
        write_whole(Path(config.site_dir, uri), content, guide.edition.when)


def final_page(html: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The HTML of a page as it is written, its links noted for `check_links`."""
    references: References = config.extra["references"]
    references.add(page.file.dest_uri, html)
    return final_html(html, page.file.src_uri, page.content or "")


def check_links(config: MkDocsConfig) -> None:
    """Warn of every link within the site that leads nowhere; a strict build ends with that."""
    references: References = config.extra["references"]
    for told in references.broken(lambda uri: (Path(config.site_dir) / uri).is_file()):
        log.warning("%s: correct the link, or what it names", told)


def final_html(html: str, name: str, content: str = "") -> str:
    """A page as it is written to the site: the one place that every page passes last.

    ``content`` is the part of ``html`` that is not the theme's. Raises `Abort` for a page that must not be published.
    """
    try:
        return finish(html, content)
    except PolicyError as error:
        log.error("%s %s", name, error)
        raise Abort("The guide was not built; what was built before is untouched.") from error


def final_template(text: str, name: str) -> str:
    """A file that the theme writes without a page behind it: 404.html is one, the sitemap is none."""
    return final_html(text, name) if name.endswith(".html") else text


def _made(page: MkDocsPage) -> GuideFile | None:
    """The guide's own file behind a page, also where mkdocs-jupyter has wrapped it."""
    file = getattr(page.file, "file", page.file)
    return file if isinstance(file, GuideFile) else None
