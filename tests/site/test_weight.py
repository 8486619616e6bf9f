"""What a page weighs at first sight, and what comes only when it is wanted."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, the_guide
from playwright.sync_api import Browser, Page, expect
from reading import served

#: Bytes, compressed as hosts do: of a card's HTML, and of all that a card loads before the reader does anything.
PAGE, FIRST_VIEW = 13_000, 115 * 1024
INDEX = "/search/search_index.json"


class Asked:
    """A page of a site on a host, and the addresses that it asked for."""

    def __init__(self, page: Page, address: str, site: Path) -> None:
        self.page, self.address, self.site = page, address, site
        self.paths: list[str] = []
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if url.startswith(self.address):
            self.paths.append(url.removeprefix(self.address).partition("?")[0])

    def open(self, uri: str) -> Page:
        self.page.goto(f"{self.address}/{uri}")
        # The theme's script has run when it has named the page's way of working, and it asks for all it wants at once.
        expect(self.page.locator("html.js")).to_have_count(1)
        return self.page

    def weight(self) -> int:
        return sum(compressed(self.site / path.lstrip("/")) for path in {*self.paths})


@pytest.fixture
def asked(browser: Browser, built: Path) -> Iterator[Asked]:
    context = browser.new_context()
    with served(built / "site") as address:
        yield Asked(context.new_page(), address, built / "site")
    context.close()


def compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))


def test_every_card_is_a_small_page(built: Path) -> None:
    cards = the_guide().cards
    sizes = {item.id: compressed(built / "site" / "cards" / f"{item.id}.html") for item in cards}
    assert [id_ for id_, size in sizes.items() if size > PAGE] == []


def test_drawings_of_cards_are_files_with_their_room_kept(asked: Asked) -> None:
    page = asked.open("cards/fraud-detection.html")
    drawings = page.locator(".sa-evidence img").all()
    assert len(drawings) == 2
    for drawing in drawings:
        natural = drawing.evaluate("async image => (await image.decode(), [image.naturalWidth, image.naturalHeight])")
        assert natural == [int(drawing.get_attribute(name) or 0) for name in ("width", "height")]
        assert drawing.get_attribute("alt")


def test_a_card_and_all_it_loads_are_light(asked: Asked) -> None:
    asked.open("cards/fraud-detection.html")
    assert INDEX not in asked.paths
    assert asked.weight() <= FIRST_VIEW


def test_there_is_one_style_sheet(asked: Asked) -> None:
    asked.open("cards/fraud-detection.html")
    assert [path for path in asked.paths if path.endswith(".css")] == ["/assets/style.css"]
    text = (asked.site / "assets" / "style.css").read_text(encoding="utf-8")
    for name in ("tokens", "guide", "print", "plan"):
        assert (ROOT / "docs" / "assets" / f"{name}.css").read_text(encoding="utf-8") in text
    assert ".md-typeset{" in text, "the theme's own"
    assert "sourceMappingURL" not in text
    assert not (asked.site / "assets" / "stylesheets").exists()


def test_scripts_wait_for_the_page_but_for_what_runs_before_it_is_painted(asked: Asked) -> None:
    page = asked.open("cards/index.html")
    names = page.locator("script[src]").evaluate_all("found => found.map(script => [script.src, script.defer])")
    assert [name for name, _ in names if "/bundle." in name]
    assert [name.rpartition("/")[2].partition("?")[0] for name, deferred in names if not deferred] == ["early.js"]


def test_the_search_index_comes_when_somebody_goes_to_search(asked: Asked) -> None:
    page = asked.open("index.html")
    with page.expect_response(f"**{INDEX}"):
        page.keyboard.press("/")
    page.keyboard.type("leakage")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    assert asked.paths.count(INDEX) == 1


@pytest.mark.parametrize("words", ["?q=leakage", "?h=leakage"])
def test_the_search_index_comes_at_once_with_words_in_the_address(words: str, asked: Asked) -> None:
    with asked.page.expect_response(f"**{INDEX}"):
        asked.open(f"cards/fraud-detection.html{words}")
