"""What stands below every page: the ways to every kind of page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from reading import SIZES, reader, served

NAV = "nav.sa-everywhere"
KINDS = {
    "Practice": "practice/index.html",
    "Mock interview": "practice/mock.html",
    "Progress": "practice/progress.html",
    "Rounds": "rounds/index.html",
    "Cards": "cards/index.html",
    "Roles": "roles/index.html",
    "Drill sets": "collections/index.html",
    "Topics": "topics.html",
    "Plans": "plans/index.html",
    "Checklists": "checklists/index.html",
    "Notebooks": "notebooks/index.html",
    "Glossary": "glossary.html",
    "Resources": "resources.html",
    "Downloads": "downloads/index.html",
    "Write a card": "contributing/write.html",
}


@pytest.fixture(scope="module")
def site(built_tiny: Path) -> Path:
    return built_tiny / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as there:
        yield there


def links(site: Path, uri: str, inside: str) -> set[tuple[str, str]]:
    """The links in a part of a page: words, and the address from the root of the site."""
    soup = BeautifulSoup((site / uri).read_text(encoding="utf-8"), "html.parser")
    found = set()
    for link in soup.select(f"{inside} a[href]"):
        parts = urlsplit(str(link["href"]))
        if parts.path and not parts.scheme:
            folder = "" if parts.path.startswith("/") else os.path.dirname(uri)  # noqa: PTH120 -- an address
            to = os.path.normpath(os.path.join(folder, parts.path.lstrip("/")))  # noqa: PTH118
            found.add((link.text.strip(), to))
    return found


def test_every_page_has_the_ways_to_every_kind_of_page(site: Path) -> None:
    pages = sorted(file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    assert {"404.html", "index.html", "cards/dense-loaf.html", "contributing/rules.html"} <= set(pages)
    for uri in pages:
        assert links(site, uri, NAV) >= set(KINDS.items()), uri
    assert [uri for uri in KINDS.values() if not (site / uri).is_file()] == []


def test_every_page_is_two_clicks_from_every_other(site: Path) -> None:
    pages = {file.relative_to(site).as_posix() for file in site.rglob("*.html")} - {"404.html"}
    one = {to for _, to in links(site, "index.html", NAV)} | {"index.html"}
    two = {to for uri in one for _, to in links(site, uri, "body")}
    assert pages - one - two == set()


@pytest.fixture(params=[*SIZES])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    with reader(browser, address, viewport=SIZES[request.param]) as visit:
        yield visit.tab("cards/dense-loaf.html")
        assert visit.trouble == []


def test_the_ways_are_there_for_eyes_fingers_and_keys(page: Page) -> None:
    nav = page.get_by_role("navigation", name="Everything in this guide")
    names = nav.get_by_role("link").all_inner_texts()
    assert set(KINDS) <= set(names)
    sizes = [link.bounding_box() for link in nav.get_by_role("link").all()]
    assert min(size["height"] for size in sizes if size) >= 24
    reached = []
    nav.get_by_role("link").first.focus()
    for _ in names:
        reached.append(page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert reached == names
    nav.get_by_role("link", name="Progress").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Progress")


def test_the_ways_are_there_without_javascript(browser: Browser, address: str) -> None:
    with reader(browser, address, java_script_enabled=False) as visit:
        page = visit.tab("cards/dense-loaf.html")
        page.get_by_role("navigation", name="Everything in this guide").get_by_role("link", name="Drill sets").click()
        expect(page).to_have_url(f"{address}/collections/index.html")


def test_a_lost_reader_has_the_ways_from_any_depth(browser: Browser, address: str) -> None:
    with reader(browser, address) as visit:
        page = visit.tab("a/b/nothing.html")
        page.get_by_role("navigation", name="Everything in this guide").get_by_role("link", name="Glossary").click()
        expect(page).to_have_url(f"{address}/glossary.html")
