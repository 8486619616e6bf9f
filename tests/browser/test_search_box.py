"""The search box, over the small guide: how it is opened, how it is asked, and what a result shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from reading import BLOCKED, SIZES, Reader, reached, reader, served
from studyguide.catalogue import require_catalogue

TINY = require_catalogue(Path(__file__).parent.with_name("tiny"))
CARD = TINY.card["dense-loaf"].value
QUESTION = CARD.asked_as[1]
SAY = "A loaf is dense because its dough was too young or too old, and its crumb says which of the two it was."
TO_THE_CARD = re.compile(r"cards/dense-loaf\.html")


@pytest.fixture(params=["file", "http"])
def root(request: pytest.FixtureRequest, built_tiny: Path) -> Iterator[str]:
    """The site from a folder on disk, and from a host."""
    with reached(built_tiny / "site", request.param) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Reader]:
    with reader(browser, root) as one:
        yield one
        assert one.trouble == []


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Search")


def results(page: Page) -> Locator:
    return page.locator(".md-search-result__item")


def ask(page: Page, words: str) -> None:
    """Ask in one piece and without a key, as who pastes or dictates."""
    box(page).focus()
    page.keyboard.insert_text(words)


def test_a_result_shows_the_question_its_kind_round_and_level_and_what_to_say_first(visit: Reader) -> None:
    page = visit.tab("index.html")
    ask(page, "bread did not rise, what to check")
    first = results(page).first
    expect(first.locator("a").first).to_have_attribute("href", TO_THE_CARD)
    expect(first.locator("h1")).to_have_text(CARD.title)
    expect(first.locator("article p")).to_have_text([f"“{QUESTION}”", "Situation · Bench test · Foundation", SAY])
    expect(first.locator("mark").first).to_be_visible()


@pytest.mark.parametrize("question", CARD.asked_as)
def test_a_whole_question_that_is_pasted_finds_the_card_that_is_asked_so(question: str, visit: Reader) -> None:
    page = visit.tab("glossary.html")
    ask(page, question)
    first = results(page).first
    expect(first.locator("a").first).to_have_attribute("href", TO_THE_CARD)
    expect(first.locator("article p").first).to_have_text(f"“{question}”")


def test_a_cram_sheet_is_found_by_its_name(visit: Reader) -> None:
    page = visit.tab("index.html")
    ask(page, "cram sheet bench test")
    expect(results(page).first.locator("a").first).to_have_attribute("href", re.compile(r"cram/bench\.html"))


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k"])
@pytest.mark.parametrize("uri", ["index.html", "cards/dense-loaf.html", "cards/dense-loaf.html?practise=1"])
def test_ctrl_k_opens_the_search_from_everywhere(uri: str, keys: str, visit: Reader) -> None:
    page = visit.tab(uri)
    expect(page.locator("html.js")).to_have_count(1)
    page.keyboard.press(keys)
    expect(box(page)).to_be_focused()
    expect(page.locator("#__search")).to_be_checked()
    page.keyboard.type("crumb")
    expect(results(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()


def test_tab_does_not_stop_on_results_that_are_not_shown(visit: Reader) -> None:
    page = visit.tab("index.html")
    page.keyboard.press("Control+k")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.matches('.md-search__scrollwrap')")


def test_ctrl_k_opens_the_search_on_a_phone(browser: Browser, root: str) -> None:
    with reader(browser, root, viewport=SIZES["phone"]) as visit:
        page = visit.tab("index.html")
        expect(page.locator("html.js")).to_have_count(1)
        page.keyboard.press("Control+k")
        expect(box(page)).to_be_focused()
        assert visit.trouble == []


@contextmanager
def slow_index(browser: Browser, site: Path) -> Iterator[tuple[Page, list[Route]]]:
    """The search box, asked for while its index is held back: ``held[0].continue_()`` lets it come."""
    held: list[Route] = []
    with served(site) as address, reader(browser, address) as visit:
        page = visit.tab()
        page.route("**/search_index.json", lambda route: held.append(route))
        visit.go(page, "index.html")
        with page.expect_request("**/search_index.json"):
            page.keyboard.press("/")
        expect(box(page)).to_be_focused()
        yield page, held
        assert visit.trouble == []


def test_enter_pressed_before_there_is_a_result_goes_to_the_first_when_it_comes(
    browser: Browser, built_tiny: Path
) -> None:
    with slow_index(browser, built_tiny / "site") as (page, held):
        page.keyboard.type("loaf dense")
        page.keyboard.press("Enter")
        expect(results(page)).to_have_count(0)
        assert page.url.endswith("index.html")
        held[0].continue_()
        expect(page).to_have_url(TO_THE_CARD)


def test_who_goes_on_typing_after_enter_is_not_taken_away(browser: Browser, built_tiny: Path) -> None:
    with slow_index(browser, built_tiny / "site") as (page, held):
        page.keyboard.type("loaf")
        page.keyboard.press("Enter")
        page.keyboard.type(" dense")
        held[0].continue_()
        expect(results(page).first).to_be_visible()
        assert page.url.endswith("index.html")


def test_enter_waits_for_what_was_typed_last_though_other_results_are_shown(visit: Reader) -> None:
    page = visit.tab("index.html")
    ask(page, "yesterday's bread")
    expect(results(page).first.locator("a").first).to_have_attribute("href", re.compile("angry-customer"))
    box(page).evaluate(
        """(box, words) => {
          box.value = words;
          box.dispatchEvent(new Event("input", {bubbles: true}));
          box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
        }""",
        QUESTION,
    )
    expect(page).to_have_url(TO_THE_CARD)


def test_blocked_storage_does_not_stop_the_search(browser: Browser, root: str) -> None:
    with reader(browser, root, BLOCKED) as visit:
        page = visit.tab("cards/oven-cools.html")
        ask(page, QUESTION)
        expect(results(page).first.locator("a").first).to_have_attribute("href", TO_THE_CARD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(CARD.title)
        assert visit.trouble == []
