"""The only module that knows MkDocs: gives it the guide's pages as files, and their HTML when it asks.

Nothing is kept between builds. A page travels with its MkDocs file (`GuideFile.guide`), so the order of MkDocs' events
is all that matters here: everything is loaded, checked and executed before MkDocs empties the output folder.

Cards are files to MkDocs, so that links to them are checked, but no pages: the theme renders one page for all of them,
a shell, and `finished` fills it for each.
"""

from __future__ import annotations

import gc
import hashlib
import html as html_text
import logging
import os
import posixpath
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, pass_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import get_toc
from mkdocs.utils.templates import TemplateContext, url_filter

from studyguide.cache import TEMPLATES, Cache, TemplateCache, fingerprint
from studyguide.catalogue import Catalogue
from studyguide.content.identity import OURS
from studyguide.content.models import Site
from studyguide.exports import shelf
from studyguide.exports.edition import Edition, load_guide
from studyguide.files import work_folder
from studyguide.notebooks import ipynb
from studyguide.notebooks.cells import CellHtml, cells_html
from studyguide.notebooks.execute import Progress
from studyguide.pages import search_entries
from studyguide.pages.forge import Forge, forge, repository
from studyguide.pages.listing import Page, excerpt, markdown_uri, notebook_uri, site_files, site_pages
from studyguide.pages.render import Renderer
from studyguide.parallel import in_parts
from studyguide.problems import ContentError
from studyguide.site.card_pages import Shell, slot
from studyguide.site.internal_links import References
from studyguide.site.policy import PolicyError, finish, refuse_scripts
from studyguide.text.formulas import FormulaError, with_mathml
from studyguide.text.markdown import to_plain

# A logger below "mkdocs", because strict mode counts the warnings of no other.
log = logging.getLogger("mkdocs.studyguide")

CONTENT_VARIABLE = "STUDYGUIDE_CONTENT"
#: Hand-written pages about our guide's own subject, and a picture of it; another guide leaves them out.
OWN_PAGES = "guides/"
OWN_FILES = (OWN_PAGES, "assets/screenshot.png")
#: Where the theme keeps its style sheets, and what they become together with ours (they name no file, only data).
THEME_STYLES = "assets/stylesheets/"
STYLE = "assets/style.css"
#: Where the theme keeps its search worker, the languages of that, and the scripts that ours is made of.
THEME_WORKERS = ("assets/javascripts/workers/", "assets/javascripts/lunr/")
WORKER = ("assets/vendor/minisearch.min.js", "assets/vendor/stemmer.min.js", "assets/js/search.js")
#: Fewer than these are written sooner than another process is started, its result sent back, and its memory let go.
CARDS_A_PART = 100
#: How many new objects make Python look for cycles. Nearly all of a build's objects live to its end, and with the usual
#: 700 a tenth of the time went into looking through them.
NEW_OBJECTS = 100_000
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
_NOT_BUILT = "The guide was not built; what was built before is untouched."
#: What MkDocs may think the page says until it gets the HTML: a heading, to which "skip to content" leads.
_PLACEHOLDER = "# Page {#content}\n"


@dataclass(frozen=True)
class Guide:
    """One build's worth of the guide: what is in it, what its notebooks printed, its renderer, and its cards' files."""

    edition: Edition
    cache: Cache
    #: What readers can take away: files by address, and the lines of the Downloads page.
    exported: Mapping[str, bytes]
    downloads: tuple[shelf.Entry, ...]
    forge: Forge
    cards: list[CardFile] = field(default_factory=list)
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

    guide: Guide
    page_of_guide: Page
    #: The cards that are filled into this page, where it is a shell.
    cards: tuple[CardFile, ...] = ()


F = TypeVar("F", bound=GuideFile)


class NotebookFile(GuideFile):
    """A notebook's page, at the address at which hand-written pages link to the notebook."""

    def is_documentation_page(self) -> bool:
        return True


class CardFile(File):
    """A card to MkDocs: a file that links may lead to, written by `finished` and not by MkDocs."""

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


class CardPage(MkDocsPage):
    """What MkDocs asks of a page that is linked to: its address, and which anchors it has."""

    @property
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override] # MkDocs keeps an attribute
        assert isinstance(self.file, CardFile)
        return _ids(self.file.html)


def _stopped(message: str, *arguments: object) -> Abort:
    """The end of this build, once its reason is logged; for `raise`."""
    log.error(message, *arguments)
    return Abort(_NOT_BUILT)


def content_folder(config: MkDocsConfig) -> Path:
    """The folder of content: from the environment, else ``content`` beside mkdocs.yml."""
    root = Path(config.config_file_path).parent
    return Path(os.environ.get(CONTENT_VARIABLE) or root / "content")


def cache_folder(config: MkDocsConfig) -> Path:
    return work_folder(Path(config.config_file_path).parent, content_folder(config)) / ".cache"


@contextmanager
def _stage(name: str) -> Iterator[None]:
    """Log how long a stage took, for `mkdocs build --verbose` and the benchmark."""
    began = time.perf_counter()
    yield
    log.debug("Stage %s: %.3f s", name, time.perf_counter() - began)


def prepare(config: MkDocsConfig) -> None:
    """Load, check and execute; the guide goes with the configuration, which MkDocs makes anew for each build.

    Raises `Abort` after logging every problem, while the last good site is still in place.
    """
    gc.set_threshold(NEW_OBJECTS)
    folder = content_folder(config)
    cache = Cache(cache_folder(config) / "guide.sqlite", fingerprint())
    root = Path(config.config_file_path).parent
    try:
        edition = load_guide(
            root, folder, address=config.site_url or "", cache=cache, stage=_stage, report=_log_progress
        )
    except ContentError as error:
        raise _stopped("The content has problems:\n%s", error.report()) from error
    except ValueError as error:
        raise _stopped("%s", error) from error
    with _stage("exports"):
        exported, downloads = _export(edition, strict=config.strict) if config.extra["downloads"] else ({}, ())
    site = edition.catalogue.site.value
    here = forge(folder, root, config.repo_url or site.repo or "")
    config.extra["guide"] = Guide(edition, cache, exported, downloads, here)
    config.extra["references"] = References()
    _name(config, site, here)
    if not here.url or repository(folder, root) != repository(root, root):
        config.edit_uri = None  # the hand-written pages are edited elsewhere, or nowhere
    config.watch = [*config.watch, str(folder), str(TEMPLATES.parent)]


def _name(config: MkDocsConfig, site: Site, here: Forge) -> None:
    """Give the theme the guide's own name, language and addresses, where mkdocs.yml has what holds for any guide."""
    config.site_name = html_text.escape(site.title)
    config.site_description = html_text.escape(to_plain(site.lead))
    config.copyright = html_text.escape(site.rights) if site.rights else config.copyright
    config.repo_url = here.url or None
    names = (site.lang, site.lang.split("-")[0], "en")
    places = [Path(folder, "partials", "languages") for folder in config.theme.dirs]
    config.theme["language"] = next(
        name for name in names if any((place / f"{name}.html").is_file() for place in places)
    )


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
                raise Abort(_NOT_BUILT) from error
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
    made: list[File] = [_style(files, config), _search_worker(files, config)]
    made += [*_page_files(guide, config), *_notebook_files(guide, config)]
    beside = site_files(guide.catalogue, guide.forge) | guide.renderer.drawings()
    made += [File.generated(config, uri, content=text) for uri, text in beside.items()]
    for file in made:
        there = files.get_file_from_path(file.src_uri)
        if there is not None:
            raise _stopped("%s is generated, and %s is in the way: rename one", file.src_uri, there.abs_src_path)
        files.append(file)
    taken = {file.dest_uri for file in files} & guide.exported.keys()
    if taken:
        raise _stopped("%s would be overwritten by an export: rename what is there", ", ".join(sorted(taken)))
    config.nav = _without_missing(config.nav, files)
    return files


def _style(files: Files, config: MkDocsConfig) -> File:
    """The theme's style sheets and those that mkdocs.yml names, as one: a browser shows nothing before it has each."""
    themes = sorted(file.src_uri for file in files if file.src_uri.startswith(THEME_STYLES))
    texts = []
    for name in [*themes, *config.extra_css]:
        file = files.get_file_from_path(name)
        if file is None:
            raise _stopped("mkdocs.yml names %s under 'extra_css', and docs/ has no such file: correct the name", name)
        files.remove(file)
        if name.endswith(".css"):  # and not a map from one to its source
            texts.append(_SOURCE_MAP.sub("", file.content_string))
    config.extra_css = []  # main.html names the one
    return File.generated(config, STYLE, content="\n".join(texts))


def _search_worker(files: Files, config: MkDocsConfig) -> File:
    """Our search, in one file, where the theme looks for its own."""
    theirs = [file for file in files if file.src_uri.startswith(THEME_WORKERS)]
    places = [
        file.src_uri for file in theirs if file.src_uri.startswith(THEME_WORKERS[0]) and file.src_uri[-3:] == ".js"
    ]
    if len(places) != 1:
        raise _stopped("the theme must have one search worker, found %d: see %s", len(places), WORKER[1])
    ours = [file for name in WORKER if (file := files.get_file_from_path(name))]
    if len(ours) != len(WORKER):
        raise _stopped(
            "the search is made of docs/%s, found %d of them: restore the other", " and docs/".join(WORKER), len(ours)
        )
    for file in (*theirs, *ours):
        files.remove(file)
    return File.generated(config, places[0], content="\n".join(file.content_string for file in ours))


def _page_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    made: list[File] = []
    alike: defaultdict[str, list[CardFile]] = defaultdict(list)
    for page in [*site_pages(guide.catalogue), shelf.page(guide.edition, guide.downloads)]:
        source = page.uri.removesuffix(".html") + ".md"
        if search_entries.has_data(page):
            guide.searched.append(page)
        if page.kind:
            file = CardFile(
                source, None, config.site_dir, False, dest_uri=page.uri, inclusion=InclusionLevel.NOT_IN_NAV
            )  # fmt: skip
            file.guide, file.page_of_guide = guide, page
            CardPage(page.title, file, config)  # tells the file
            alike[Shell.name_for(page)].append(file)
            guide.cards.append(file)
            made.append(file)
        else:
            made.append(_guide_file(GuideFile, guide, config, source, page))
    for number, files in enumerate(alike.values()):
        made.append(_shell_file(guide, config, number, files))
    return made


def _guide_file(kind: type[F], guide: Guide, config: MkDocsConfig, source: str, page: Page) -> F:
    file = kind.generated(config, source, content=_PLACEHOLDER, inclusion=InclusionLevel.NOT_IN_NAV)
    if not isinstance(file, kind):
        raise TypeError(f"MkDocs made a {type(file).__name__} where a {kind.__name__} was asked for")
    file.guide, file.page_of_guide = guide, page
    return file


def _shell_file(guide: Guide, config: MkDocsConfig, number: int, cards: list[CardFile]) -> GuideFile:
    """A page beside these cards that stands for all of them while the theme renders it; it is not written itself."""
    one = cards[0].page_of_guide
    uri = f"{one.uri.rpartition('/')[0]}/_shell-of-{one.kind}-{number}.html"
    page = Page(
        uri, slot("title"), slot("description"), "", boost=0, wide=one.wide, scripts=one.scripts, early=one.early
    )
    file = _guide_file(GuideFile, guide, config, uri.removesuffix(".html") + ".md", page)
    file.cards = tuple(cards)
    return file


def _notebook_files(guide: Guide, config: MkDocsConfig) -> list[File]:
    made: list[File] = []
    for item in guide.catalogue.notebooks:
        run = guide.renderer.runs[item.id]
        try:
            cells = cells_html(run, guide.renderer.outputs_html, guide.cache)
        except ValueError as error:
            raise _stopped(
                "%s:1:1: every output must be fit for a page, found that %s: fix the cell", item.path, error
            ) from error
        context = {"item": item, "cells": cells}
        page = Page(
            notebook_uri(item.id),
            item.value.title,
            excerpt(item.value.summary),
            "notebook.html",
            context,
            guide.catalogue.file(item),
        )
        guide.searched.append(page)
        made.append(_guide_file(NotebookFile, guide, config, f"notebooks/{item.id}.ipynb", page))
        texts = {item.id: partial(ipynb.solved, run), f"{item.id}-exercise": partial(ipynb.exercise, run.script)}
        for name, make in texts.items():
            content = guide.cache.made("copy", name, run.digest.encode(), make)
            made.append(File.generated(config, f"notebooks/files/{name}.ipynb", content=content))
    return made


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
    made = _made(page)
    folder = f"{posixpath.dirname(page.file.dest_uri)}/"
    stands_for = made.cards[0] if made and made.cards else page.file
    there = markdown_uri(stands_for.dest_uri) in guide.exported
    shown = f"{folder}{slot('markdown')}" if stands_for is not page.file else markdown_uri(page.file.dest_uri)
    page.meta["markdown"] = shown if there else None
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
    parsed = guide_page.boost and not search_entries.has_data(guide_page)
    page.meta["search"] = {"boost": guide_page.boost} if parsed else {"exclude": True}
    if made.cards:
        page.edit_url = slot("edit") if guide.forge.edit else None
        page.canonical_url = slot("canonical") if config.site_url else None
    else:
        page.edit_url = guide_page.edit_url(guide.forge.edit)


def content_html(html: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The HTML of a page of the guide; hand-written guides get their glossary terms linked, other pages stay."""
    made = _made(page)
    if made is None:
        if not page.file.src_uri.startswith(OWN_PAGES):
            return html
        all_of_it: Guide = config.extra["guide"]
        try:
            html = with_mathml(html)
        except FormulaError as error:
            raise _stopped("docs/%s: %s", page.file.src_uri, error) from error
        return all_of_it.renderer.with_terms(html, page.file.dest_uri)
    if made.cards:
        return slot("content")
    guide, guide_page = made.guide, made.page_of_guide
    if "cells" in guide_page.context:
        # The link that skips to the content knows a page by its first heading.
        first: CellHtml = guide_page.context["cells"][0]
        page.toc = get_toc([{"level": 1, "id": first.heading, "name": guide_page.title, "children": []}])
    html = guide.renderer.render(guide_page.template, guide_page.uri, guide_page.context)
    # What MkDocs knows of anchors is from before, when the page was one heading.
    page.present_anchor_ids, page.links_to_anchors = _ids(html), None
    return html


def _ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


def finished(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """The whole HTML of every page passes here last; its links are noted for `publish`.

    Fills shells, which are not written themselves.
    """
    references: References = config.extra["references"]
    made = _made(page)
    if made is not None and made.cards:  # the theme's indents would be sent with every card
        output = "\n".join(line.lstrip() for line in output.splitlines() if line.strip())
    output = final_html(output, page.file.src_uri, page.content or "")
    if made is None or not made.cards:
        references.add(page.file.dest_uri, output)
        return output
    with _stage("cards"):
        shell = Shell(output, made.guide.forge.edit, config.site_url or "")
        _write_cards(made.guide, shell, made.cards, references)
    return ""


def _write_cards(guide: Guide, shell: Shell, cards: Sequence[CardFile], references: References) -> None:
    """Write pages that share a shell, on all processors where they are many."""
    first, *rest = cards
    guide.cache.put("shell", Shell.name_for(first.page_of_guide), b"", shell.to_bytes())
    Path(first.abs_dest_path).parent.mkdir(parents=True, exist_ok=True)
    # What is around the content leads to the same places from each card: it is judged on the first.
    references.add(first.dest_uri, _write_card(shell, first, first.html))

    def write(part: Sequence[CardFile]) -> tuple[References, set[str]]:
        found = References()
        for file in part:
            content = file.html
            found.add(file.dest_uri, content)
            _write_card(shell, file, content)
        guide.cache.write()
        return found, guide.cache.used["page"]

    guide.cache.write()
    guide.cache.close()
    for found, used in in_parts(write, rest, least=CARDS_A_PART):
        references.add_framed(found, first.dest_uri)
        guide.cache.used["page"] |= used


def _write_card(shell: Shell, file: CardFile, content: str) -> str:
    """Write a card's page, and return it."""
    try:
        refuse_scripts(content)
    except PolicyError as error:
        raise _stopped("%s %s", file.src_uri, error) from error
    html = shell.page(file.page_of_guide, content)
    with open(file.abs_dest_path, "wb") as target:  # noqa: PTH123 - pathlib would take longer than the writing
        target.write(html.encode())
    return html


def speed_up(environment: Environment, config: MkDocsConfig) -> None:
    """Give the theme's templates a cache too: compiling them takes as long as rendering a hundred pages."""
    guide: Guide = config.extra["guide"]
    environment.bytecode_cache = TemplateCache(guide.cache)


def name_by_content(environment: Environment, config: MkDocsConfig, files: Files) -> None:
    """Put what our scripts and the style sheet hold into their addresses, as a query that changes with it.

    Hosts let browsers keep such files for a while; a page of today must not run the scripts of last week. All scripts
    have one query, because they are made for each other; the guide's data has one of its own.
    """
    of_pages, versions = hashlib.sha256(), {}
    for file in sorted(files, key=lambda file: file.src_uri):
        if file.src_uri.startswith(("assets/js/", THEME_WORKERS[0])) or file.src_uri == STYLE:
            of_pages.update(file.content_bytes)
            versions[file.src_uri] = ""
        elif file.src_uri.startswith("assets/data/"):
            versions[file.src_uri] = f"?{hashlib.sha256(file.content_bytes).hexdigest()[:8]}"
    version = f"?{of_pages.hexdigest()[:8]}"

    def versioned(address: str) -> str:
        query = versions.get(posixpath.normpath(address))
        return address if query is None else f"{address}{query or version}"

    @pass_context
    def url(context: TemplateContext, address: str) -> str:
        return url_filter(context, versioned(str(address)))

    environment.filters["url"] = url
    environment.globals["asset_version"] = version
    for script in config.extra_javascript:
        if not isinstance(script, str):
            script.path = versioned(script.path)
    config.extra["polyfills"] = [versioned(script) for script in config.extra["polyfills"]]


def with_cards(context: TemplateContext, template: str, config: MkDocsConfig) -> TemplateContext:
    """The sitemap lists what MkDocs takes for pages; cards belong there and shells do not."""
    if template == "sitemap.xml":
        guide: Guide = config.extra["guide"]
        shells = [file for file in context["pages"] if isinstance(file, GuideFile) and file.cards]
        context["pages"] = [*(file for file in context["pages"] if file not in shells), *guide.cards]
    return context


def complete(config: MkDocsConfig) -> None:
    """What is left once everything is written: cards for the search, and the cache for the next build."""
    guide: Guide = config.extra["guide"]
    index = Path(config.site_dir) / "search" / "search_index.json"
    with _stage("search"):
        if index.is_file():
            entries = [entry for page in guide.searched for entry in search_entries.entries(page, guide.catalogue)]
            index.write_text(search_entries.with_entries(index.read_text(encoding="utf-8"), entries), encoding="utf-8")
    with _stage("cache"):
        guide.cache.save()
        guide.cache.close()


def publish(config: MkDocsConfig) -> None:
    """Once MkDocs has written all pages: what belongs beside them, then a look at every link."""
    _write_exports(config)
    _check_links(config)


def _write_exports(config: MkDocsConfig) -> None:
    """Put what readers can take away beside the pages, once MkDocs has written those."""
    guide: Guide = config.extra["guide"]
    when = guide.edition.when.timestamp()
    for uri, content in guide.exported.items():
        file = Path(config.site_dir, uri)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (when, when))


def _check_links(config: MkDocsConfig) -> None:
    """Warn of every link within the site that leads nowhere; a strict build ends with that."""
    references: References = config.extra["references"]
    for told in references.broken(lambda uri: (Path(config.site_dir) / uri).is_file()):
        log.warning("%s: correct the link, or what it names", told)


def final_html(html: str, name: str, content: str = "") -> str:
    """A page as it is written to the site: the one place that every page and every shell passes last.

    ``content`` is the part of ``html`` that is not the theme's. Raises `Abort` for a page that must not be published.
    """
    try:
        return finish(html, content)
    except PolicyError as error:
        raise _stopped("%s %s", name, error) from error


def final_template(text: str, name: str) -> str:
    """A file that the theme writes without a page behind it: 404.html is one, the sitemap is none."""
    return final_html(text, name) if name.endswith(".html") else text


def _made(page: MkDocsPage) -> GuideFile | None:
    """The guide's own file behind a page."""
    return page.file if isinstance(page.file, GuideFile) else None
