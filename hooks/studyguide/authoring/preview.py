"""One edited card -> its page, without building the site: what `make serve` shows before the rest has followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import TemplateError

from studyguide.cache import Cache
from studyguide.catalogue import catalogue_of
from studyguide.checks.rules import check
from studyguide.content.read import Content, read_again, read_content
from studyguide.notebooks.execute import run_notebooks
from studyguide.notebooks.run import Run
from studyguide.pages.listing import card_page
from studyguide.pages.render import Renderer
from studyguide.problems import Problem
from studyguide.site.card_pages import Shell


@dataclass(frozen=True)
class Glance:
    """What became of an edit: the page's address and its HTML, or what is wrong with the card."""

    uri: str = ""
    html: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class LiveGuide:
    """The content as the last whole build found it, and a way to look at one card of it that has changed since."""

    content: Content
    runs: dict[str, Run]
    cache: Cache

    @classmethod
    def load(cls, folder: Path, cache_folder: Path, fingerprint: bytes) -> LiveGuide:
        """Read the content and the runs that a build has left in its caches."""
        with Cache(cache_folder / "guide.sqlite", fingerprint) as cache:
            content, _ = read_content(folder, cache)
            in_memory = cache.in_memory("shell", "template")
        runs = run_notebooks(content.scripts, folder / "notebooks", cache_folder / "notebooks" / "runs")
        content.cards = [replace(item, vetted=True) for item in content.cards]
        return cls(content, runs, in_memory)

    def glance(self, file: Path) -> Glance | None:
        """The page of a card that was saved. ``None`` where only a build can tell: a new card, or no shell yet."""
        place = next((n for n, item in enumerate(self.content.cards) if _same(file, item.path)), None)
        if place is None:
            return None
        item, problems = read_again(self.content.cards[place], file)
        if item is None or problems:
            return Glance(problems=tuple(sorted(problems)))
        cards = [*self.content.cards[:place], item, *self.content.cards[place + 1 :]]
        content = replace(self.content, cards=cards)
        if problems := check(content):
            return Glance(problems=tuple(sorted(set(problems))))
        return self._rendered(content, item.id)

    def _rendered(self, content: Content, card: str) -> Glance | None:
        catalogue = catalogue_of(content)
        page = card_page(catalogue, catalogue.card[card])
        shell = self.cache.newest("shell", "card")
        if shell is None:
            return None
        try:
            html = Renderer(catalogue, self.runs, self.cache).render_anew(page.template, page.uri, page.context)
        except TemplateError:
            return None  # the build that follows says what is wrong
        return Glance(page.uri, Shell.from_bytes(shell[1]).page(page, html))


def _same(file: Path, shown: str) -> bool:
    return file.name == shown.rpartition("/")[2] and Path(shown).resolve() == file.resolve()
