"""MkDocs' events, in their order: the guide's pages go in as files, and come out as HTML.

Nothing is kept between builds. The guide goes with the configuration, and a page with its file, so the order of the
events is all that matters here: everything is loaded, checked and executed before MkDocs empties the output folder.
"""

from __future__ import annotations

import gc
import html as html_text
import os
import posixpath
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import TemplateContext

from studyguide.cache import TEMPLATES, Cache, TemplateCache, fingerprint
from studyguide.checks.addresses import notebook_data
from studyguide.content.identity import OURS, OWN_FILES, OWN_PAGES
from studyguide.content.models import Site
from studyguide.exports import shelf
from studyguide.exports.edition import Edition, load_guide
from studyguide.files import CONTENT_VARIABLE, work_folder
from studyguide.notebooks.cells import CellHtml
from studyguide.notebooks.execute import Progress
from studyguide.pages import search_entries
from studyguide.pages.forge import Forge, forge, repository
from studyguide.pages.listing import MARKS, markdown_uri, site_files
from studyguide.problems import ContentError
from studyguide.site.assets import search_worker, style_sheet
from studyguide.site.card_pages import Shell, slot
from studyguide.site.guide_files import Guide, GuideFile, notebook_files, page_files
from studyguide.site.log import NOT_BUILT, log, stage, stopped
from studyguide.site.output import check_links, write_cards, write_exports
from studyguide.site.policy import PolicyError, finish
from studyguide.text.formulas import FormulaError, with_mathml
from studyguide.text.markdown import to_plain

#: How many new objects make Python look for cycles. Nearly all of a build's objects live to its end, and with the usual
#: 700 a tenth of the time went into looking through them.
NEW_OBJECTS = 100_000


def prepare(config: MkDocsConfig) -> None:
    """Load, check and execute; the guide goes with the configuration, which MkDocs makes anew for each build.

    Raises `Abort` after logging every problem, while the last good site is still in place.
    """
    gc.set_threshold(NEW_OBJECTS)
    root = Path(config.config_file_path).parent
    folder = Path(os.environ.get(CONTENT_VARIABLE) or root / "content")
    cache = Cache(work_folder(root, folder) / ".cache" / "guide.sqlite", fingerprint())
    try:
        edition = load_guide(
            root, folder, address=config.site_url or "", cache=cache, stage=stage, report=_log_progress
        )
    except ContentError as error:
        raise stopped("The content has problems:\n%s", error.report()) from error
    except ValueError as error:
        raise stopped("%s", error) from error
    with stage("exports"):
        exported, downloads = _export(edition, strict=config.strict) if config.extra["downloads"] else ({}, ())
    if edition.catalogue.notebooks:
        exported = {**exported, **{uri: file.read_bytes() for uri, file in notebook_data(folder).items()}}
    site = edition.catalogue.site.value
    site_forge = forge(folder, root, config.repo_url or site.repo or "")
    config.extra["guide"] = Guide(edition, cache, exported, downloads, site_forge)
    _name(config, site, site_forge)
    if not site_forge.url or repository(folder, root) != repository(root, root):
        config.edit_uri = None  # the hand-written pages are edited elsewhere, or nowhere
    config.watch = [*config.watch, str(folder), str(TEMPLATES.parent)]


def _name(config: MkDocsConfig, site: Site, site_forge: Forge) -> None:
    """Give the theme this guide's name, language and addresses; mkdocs.yml has only what holds for every guide."""
    config.site_name = html_text.escape(site.title)
    config.site_description = html_text.escape(to_plain(site.lead))
    config.copyright = html_text.escape(site.rights) if site.rights else config.copyright
    config.repo_url = site_forge.url or None
    names = (site.lang, site.lang.split("-")[0], "en")
    places = [Path(folder, "partials", "languages") for folder in config.theme.dirs]
    config.theme["language"] = next(
        name for name in names if any((place / f"{name}.html").is_file() for place in places)
    )


def _export(edition: Edition, *, strict: bool) -> tuple[dict[str, bytes], tuple[shelf.Entry, ...]]:
    """The exports that need the catalogue alone. One that cannot carry a card is left out, with a warning.

    A strict build ends there: raises `Abort`.
    """
    exported: dict[str, bytes] = {}
    entries = []
    for export in shelf.exports(edition):
        try:
            files = export.make()
        except ContentError as error:
            log.warning("%s was not made:\n%s", export.uri, error.report())
            if strict:
                raise Abort(NOT_BUILT) from error
            continue
        exported |= files
        entries.append(shelf.entry(export, files[export.uri], edition.when))
    exported[shelf.SUMS] = shelf.sums(entries)
    return exported, tuple(entries)


def _log_progress(progress: Progress) -> None:
    if not progress.cached:
        log.info("Ran notebook %s in %.1f s (%d of %d)", progress.name, progress.seconds, progress.done, progress.total)


def add_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the generated pages beside the hand-written ones. A collision of two is an error."""
    guide: Guide = config.extra["guide"]
    if guide.edition.id != OURS:
        files = Files([file for file in files if not file.src_uri.startswith(OWN_FILES)])
    generated: list[File] = [style_sheet(files, config), search_worker(files, config)]
    generated += [*page_files(guide, config), *notebook_files(guide, config)]
    beside = site_files(guide.catalogue, guide.forge) | guide.renderer.drawings()
    generated += [File.generated(config, uri, content=text) for uri, text in beside.items()]
    for file in generated:
        written = files.get_file_from_path(file.src_uri)
        if written is not None:
            raise stopped("%s is generated, and %s is in the way: rename one", file.src_uri, written.abs_src_path)
        files.append(file)
    taken = {file.dest_uri for file in files} & guide.exported.keys()
    if taken:
        raise stopped("%s would be overwritten by an export: rename what is there", ", ".join(sorted(taken)))
    config.nav = _without_missing(config.nav, files)
    return files


def _without_missing(nav: Any, files: Files) -> Any:
    """The navigation without pages that this content does not have (another guide may have no checklists)."""
    if isinstance(nav, str):
        return nav if "://" in nav or files.get_file_from_path(nav) else None
    if isinstance(nav, dict):
        entries = {title: _without_missing(entry, files) for title, entry in nav.items()}
        return {title: entry for title, entry in entries.items() if entry} or None
    if isinstance(nav, list):
        return [entry for entry in (_without_missing(entry, files) for entry in nav) if entry]
    return nav


def describe(page: MkDocsPage, config: MkDocsConfig) -> None:
    """Give a page of the guide its title, description and the address of the file to edit."""
    guide: Guide = config.extra["guide"]
    guide_file = _guide_file(page)
    folder = f"{posixpath.dirname(page.file.dest_uri)}/"
    stands_for = guide.cards[0] if guide_file and guide_file.is_shell else page.file
    has_copy = markdown_uri(stands_for.dest_uri) in guide.exported
    copy_uri = f"{folder}{slot('markdown')}" if stands_for is not page.file else markdown_uri(page.file.dest_uri)
    page.meta["markdown"] = copy_uri if has_copy else None
    if guide_file is None:
        if page.file.src_uri.startswith(OWN_PAGES) and "cards/" in (page.markdown or ""):
            page.meta["scripts"] = list(MARKS)
        return
    guide_page = guide_file.page_of_guide
    # The theme's templates do not escape, and plain words may hold any sign: `<script>` in backticks is a fine title.
    page.meta["title"] = html_text.escape(guide_page.title)
    page.meta["description"] = html_text.escape(guide_page.description)
    page.meta["generated"] = True
    page.meta["scripts"] = list(guide_page.scripts)
    page.meta["early"] = list(guide_page.early)
    if guide_page.wide:
        page.meta["hide"] = ["navigation", "toc"]
    parsed = guide_page.boost and not search_entries.has_data(guide_page)
    page.meta["search"] = {"boost": guide_page.boost} if parsed else {"exclude": True}
    if guide_file.is_shell:
        page.edit_url = slot("edit") if guide.forge.edit else None
        page.canonical_url = slot("canonical") if config.site_url else None
    else:
        page.edit_url = guide_page.edit_url(guide.forge.edit)


def content_html(html: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The HTML of a page of the guide; hand-written guides get their glossary terms linked, other pages stay."""
    guide: Guide = config.extra["guide"]
    guide_file = _guide_file(page)
    if guide_file is None:
        if not page.file.src_uri.startswith(OWN_PAGES):
            return html
        try:
            html = with_mathml(html)
        except FormulaError as error:
            raise stopped("docs/%s: %s", page.file.src_uri, error) from error
        return guide.renderer.with_terms(html, page.file.dest_uri)
    if guide_file.is_shell:
        return slot("content")
    guide_page = guide_file.page_of_guide
    if "cells" in guide_page.context:
        # The link that skips to the content knows a page by its first heading.
        first: CellHtml = guide_page.context["cells"][0]
        page.toc = get_toc([{"level": 1, "id": first.heading, "name": guide_page.title, "children": []}])
    html = guide.renderer.render(guide_page.template, guide_page.uri, guide_page.context)
    page.present_anchor_ids = None  # MkDocs knows the page as one heading; `check_links` looks for its anchors
    return html


def finished(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The whole HTML of every page passes here last; its links are noted for `publish`.

    Fills the shell, which is not written itself.
    """
    guide: Guide = config.extra["guide"]
    guide_file = _guide_file(page)
    if guide_file is not None and guide_file.is_shell:  # the theme's indents would be sent with every card
        output = "\n".join(line.lstrip() for line in output.splitlines() if line.strip())
    output = final_html(output, page.file.src_uri, page.content or "")
    if guide_file is None or not guide_file.is_shell:
        guide.references.add(page.file.dest_uri, output)
        return output
    with stage("cards"):
        write_cards(guide, Shell(output, guide.forge.edit, config.site_url or ""))
    return ""


def speed_up(environment: Environment, config: MkDocsConfig) -> None:
    """Give the theme's templates a cache too: compiling them takes as long as rendering a hundred pages."""
    guide: Guide = config.extra["guide"]
    environment.bytecode_cache = TemplateCache(guide.cache)


def with_cards(context: TemplateContext, template: str, config: MkDocsConfig) -> TemplateContext:
    """The sitemap lists what MkDocs takes for pages; cards belong there and their shell does not."""
    if template == "sitemap.xml":
        guide: Guide = config.extra["guide"]
        pages = (file for file in context["pages"] if not (isinstance(file, GuideFile) and file.is_shell))
        context["pages"] = [*pages, *guide.cards]
    return context


def complete(config: MkDocsConfig) -> None:
    """What is left once everything is written: cards for the search, and the cache for the next build."""
    guide: Guide = config.extra["guide"]
    index = Path(config.site_dir) / "search" / "search_index.json"
    with stage("search"):
        if index.is_file():
            entries = search_entries.entries(guide.searched, guide.catalogue)
            index.write_text(search_entries.with_entries(index.read_text(encoding="utf-8"), entries), encoding="utf-8")
    with stage("cache"):
        guide.cache.save()
        guide.cache.close()


def publish(config: MkDocsConfig) -> None:
    """Once MkDocs has written all pages: what belongs beside them, then a look at every link."""
    write_exports(config)
    check_links(config)


def final_html(html: str, name: str, content: str = "") -> str:
    """A page as it is written to the site: the one place that every page and the shell of cards pass last.

    ``content`` is the part of ``html`` that is not the theme's. Raises `Abort` for a page that must not be published.
    """
    try:
        return finish(html, content)
    except PolicyError as error:
        raise stopped("%s %s", name, error) from error


def final_template(text: str, name: str) -> str:
    """A file that the theme writes without a page behind it: 404.html is one, the sitemap is none."""
    return final_html(text, name) if name.endswith(".html") else text


def _guide_file(page: MkDocsPage) -> GuideFile | None:
    """The guide's own file behind a page."""
    return page.file if isinstance(page.file, GuideFile) else None
