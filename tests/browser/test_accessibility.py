"""WCAG 2.2 A and AA by axe-core: every kind of page, light and dark, wide and on a phone; and what opens on them.

No rule is switched off. What the theme left out is fixed in the overrides, the style sheets and js/frame.js.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from reading import SIZES, reader, served, violations

KINDS = {
    "home": "index.html",
    "rounds": "rounds/index.html",
    "round": "rounds/bench.html",
    "cram sheet": "cram/bench.html",
    "cards": "cards/index.html",
    "card": "cards/dense-loaf.html",
    "notebooks": "notebooks/index.html",
    "notebook": "notebooks/proofing.html",
    "plan": "plans/two-days.html",
    "checklist": "checklists/before-the-bench.html",
    "role": "roles/baker.html",
    "collection": "collections/people.html",
    "folder": "plans/index.html",
    "topics": "topics.html",
    "glossary": "glossary.html",
    "resources": "resources.html",
    "written": "contributing.html",
    "rules": "contributing/rules.html",
    "practice": "practice/index.html",
    "mock": "practice/mock.html",
    "progress": "practice/progress.html",
    "lost": "no/such/page.html",
}
#: Pages of the real guide whose kind the small one lacks, or whose tables and lists are longer than its own.
GUIDES = ["guides/index.html", "guides/metric-choice.html", "rounds/index.html"]


@pytest.fixture(scope="module")
def tiny_address(built_tiny: Path) -> Iterator[str]:
    with served(built_tiny / "site") as address:
        yield address


def in_both_schemes(page: Page) -> dict[str, list[str]]:
    found = {}
    for scheme, name in (("light", "default"), ("dark", "slate")):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)
        found[scheme] = violations(page)
    return found


CLEAN: dict[str, list[str]] = {"light": [], "dark": []}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_is_accessible(kind: str, size: str, tiny_address: str, browser: Browser) -> None:
    with reader(browser, tiny_address, viewport=SIZES[size]) as visit:
        assert in_both_schemes(visit.tab(KINDS[kind])) == CLEAN


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("uri", GUIDES)
def test_pages_written_by_hand_are_accessible(uri: str, size: str, built: Path, browser: Browser) -> None:
    with reader(browser, (built / "site").as_uri(), viewport=SIZES[size]) as visit:
        assert in_both_schemes(visit.tab(uri)) == CLEAN


# --- what opens ------------------------------------------------------------------------------------------------------
ANSWERS = """() => {
  for (const [id, rating, days] of [["dense-loaf", 1, 3], ["oven-cools", 3, 0], ["angry-customer", 2, 9]]) {
    StrongAnswer.progress.record(id, {hit: [0, 1], of: 4, rating}, new Date(Date.now() - days * 864e5));
  }
}"""


def filters(page: Page) -> None:
    page.evaluate(ANSWERS)
    if page.locator("#filters-open").is_visible():
        page.locator("#filters-open").click()
    page.locator("input[name=status][value=missed]").check()
    for group in ("round", "topic"):
        page.locator(f"details[data-group={group}] > summary").click()


def none_left(page: Page) -> None:
    page.locator("#filter-q").fill("no card has these words")
    expect(page.locator("#none")).to_be_visible()


def progress(page: Page) -> None:
    page.evaluate(ANSWERS)
    expect(page.locator("#some")).to_be_visible()
    page.locator(".sa-progress__how > summary").click()


def erasing(page: Page) -> None:
    page.evaluate(ANSWERS)
    page.locator("#erase").click()
    expect(page.get_by_role("dialog", name="Erase everything?")).to_be_visible()


def notice(page: Page) -> None:
    page.evaluate("() => StrongAnswer.say('Something to say.')")
    expect(page.locator("#sa-says")).to_contain_text("Something to say.")


def searching(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("loaf")
    expect(page.locator(".md-search-result__link").first).to_be_visible()


def whole_answer(page: Page) -> None:
    button = page.get_by_role("button", name="The whole answer")
    if button.is_visible():
        button.click()
    expect(page.locator("#strong-outline")).to_be_visible()


def staged(page: Page) -> None:
    page.get_by_role("button", name="Stage by stage").click()
    for _ in range(3):
        page.locator("[data-next]").click()
    expect(page.locator("#strong-outline")).to_be_visible()


def drawer(page: Page) -> None:
    if page.locator("label.md-header__button[for=__drawer]").is_visible():
        page.locator("label.md-header__button[for=__drawer]").click()
        expect(page.locator(".md-nav--primary")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("uri", "act"),
    [
        ("cards/index.html", filters),
        ("cards/index.html?sort=title", none_left),
        ("practice/progress.html", progress),
        ("practice/progress.html", erasing),
        ("practice/progress.html", notice),
        ("index.html", searching),
        ("index.html", drawer),
        ("cards/dense-loaf.html", whole_answer),
        ("cards/dense-loaf.html", staged),
    ],
)
def test_what_opens_on_a_page_is_accessible(
    uri: str, act: Callable[[Page], Any], size: str, tiny_address: str, browser: Browser
) -> None:
    with reader(browser, tiny_address, viewport=SIZES[size]) as visit:
        page = visit.tab(uri)
        page.emulate_media(reduced_motion="reduce")
        act(page)
        assert in_both_schemes(page) == CLEAN
        assert visit.trouble == []
