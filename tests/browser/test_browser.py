"""The built site in a real Chromium, from a folder on disk: what a reader meets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from conftest import the_guide
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from studyguide.content.models import Card
from studyguide.pages.search_entries import subject_words

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = the_guide()
CARD = CATALOGUE.card[CATALOGUE.site.value.showcase]
WITH_EVIDENCE = next(card for card in CATALOGUE.cards if card.value.evidence)
PAGES = [
    "index.html",
    "rounds/index.html",
    f"rounds/{CARD.value.round}.html",
    "cards/index.html",
    f"cards/{WITH_EVIDENCE.id}.html",
    f"checklists/{CATALOGUE.checklists[0].id}.html",
    f"notebooks/{CATALOGUE.notebooks[0].id}.html",
    "glossary.html",
    "contributing.html",
    "topics.html",
]
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 320, "height": 640}}
#: The theme's names of the palettes.
PALETTES = {"light": "default", "dark": "slate"}


class Visit:
    """A page, and everything that went wrong or left the folder while it was open."""

    def __init__(self, page: Page, site: Path) -> None:
        self.page, self.site = page, site
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.site.as_uri(), "data:", "blob:", "about:")):
            self.elsewhere.append(url)

    def open(self, uri: str) -> Page:
        self.page.goto(f"{self.site.as_uri()}/{uri}")
        return self.page


@pytest.fixture
def visit(browser: Browser, built: Path) -> Iterator[Visit]:
    context = browser.new_context(viewport=SIZES["wide"])
    yield Visit(context.new_page(), built / "site")
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("uri", PAGES)
def test_a_page_opens_without_errors_requests_elsewhere_or_sideways_scrolling(
    uri: str, size: str, browser: Browser, built: Path
) -> None:
    """In the light palette, and in the dark one of a reader whose evening has come: a phone begins with that."""
    schemes = ("light", "dark") if size == "wide" else ("dark", "light")
    context = browser.new_context(viewport=SIZES[size], color_scheme=schemes[0])
    visit = Visit(context.new_page(), built / "site")
    page = visit.open(uri)
    page.wait_for_function("typeof __index === 'object'")  # the search's index, the last that the theme asks for
    wide = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", PALETTES[scheme])
        wide.append(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
    context.close()
    assert (visit.errors, visit.elsewhere, wide) == ([], [], [0, 0])


@pytest.mark.parametrize("start", ["index.html", "rounds/mlops.html", f"cards/{WITH_EVIDENCE.id}.html"])
def test_search_finds_a_card_by_title_questions_and_what_it_says_most_from_every_page(start: str, visit: Visit) -> None:
    page = visit.open(start)
    page.keyboard.press("/")
    box, links = page.get_by_role("textbox", name="Search"), page.locator(".md-search-result__link")
    expect(box).to_be_focused()
    for words in (CARD.value.title, *CARD.value.asked_as, " ".join(subject_words(CATALOGUE.cards)[CARD.id])):
        box.fill("")
        expect(links).to_have_count(0)
        page.keyboard.insert_text(words)
        expect(links.first).to_have_attribute("href", re.compile(rf"cards/{CARD.id}\.html"))
    assert (visit.errors, visit.elsewhere) == ([], [])


def test_a_search_result_leads_to_the_card(visit: Visit) -> None:
    page = visit.open("index.html")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type(CARD.value.title)
    page.locator(f".md-search-result__link[href*='cards/{CARD.id}.html']").first.click()
    expect(page.locator("h1")).to_have_text(CARD.value.title)


def test_the_ways_below_a_page_lead_to_the_guides_where_there_are_any(visit: Visit) -> None:
    page = visit.open(f"cards/{CARD.id}.html")
    page.get_by_role("navigation", name="Everything in this guide").get_by_role("link", name="Guides").click()
    assert page.url.endswith("/guides/index.html")
    expect(page.locator("h1")).to_be_visible()


def test_weak_and_strong_stand_side_by_side_where_there_is_room(visit: Visit) -> None:
    page = visit.open(f"cards/{CARD.id}.html")
    boxes = [page.locator(f".sa-{name}").bounding_box() for name in ("weak", "strong")]
    weak, strong = (box for box in boxes if box)
    assert weak["x"] + weak["width"] <= strong["x"]
    assert abs(weak["y"] - strong["y"]) < 2
    page.set_viewport_size(SIZES["phone"])
    page.get_by_role("button", name="The whole answer").click()
    parts = ("prompt", "first", "takeaway", "red", "weak", "strong", "tested", "push")
    tops = [page.locator(f".sa-{name}").bounding_box()["y"] for name in parts]  # type: ignore[index]
    assert tops == sorted(tops), "the short view, then weak, strong, tested, in that order"


SMALL = {"width": 375, "height": 812}


def length_of_short_view(card: Card) -> int:
    """In characters, roughly: what a phone shows of a card before the whole answer."""
    return len(card.prompt or "") + sum(map(len, (card.question, card.say_first, card.takeaway, *card.red_flags)))


LONGEST = sorted(CATALOGUE.cards, key=lambda item: length_of_short_view(item.value))[-8:]


@pytest.mark.parametrize("name", [item.id for item in LONGEST])
def test_the_short_view_of_the_longest_cards_fits_two_screens_of_a_phone(name: str, visit: Visit) -> None:
    visit.page.set_viewport_size(SMALL)
    page = visit.open(f"cards/{name}.html")
    button = page.get_by_role("button", name="The whole answer")
    expect(button).to_be_visible()
    assert button.evaluate("(it) => it.getBoundingClientRect().bottom + scrollY") <= 2 * SMALL["height"]


def test_a_card_reads_completely_without_javascript(browser: Browser, built: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{(built / 'site').as_uri()}/cards/{CARD.id}.html")
    for words in (CARD.value.weak_answer.says, CARD.value.strong_outline[-1].detail, CARD.value.red_flags[0]):
        expect(page.locator("article.sa-card")).to_contain_text(" ".join(words.split())[:40])
    page.locator(".sa-follow > summary").nth(1).click()
    expect(page.locator("details.sa-follow").nth(1)).to_contain_text(
        " ".join(CARD.value.follow_ups[1].listen_for.split())[:30]
    )
    context.close()


def test_the_palette_can_be_switched_and_is_remembered(visit: Visit) -> None:
    page = visit.open("index.html")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
    page.locator("label[title*='Switch to light']").click()
    page.locator("label[title*='Switch to dark']").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page = visit.open("cards/index.html")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def words_of(paper: PdfReader) -> str:
    text = " ".join(sheet.extract_text() for sheet in paper.pages)
    return " ".join(normalize("NFKC", text).split())  # ligatures are two letters


@pytest.mark.parametrize("sheet", [item.id for item in CATALOGUE.checklists])
def test_a_checklist_prints_on_one_sheet_with_all_its_boxes(sheet: str, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(f"checklists/{sheet}.html")
    item = next(item for item in CATALOGUE.checklists if item.id == sheet)
    for paper in ("A4", "Letter"):
        page.pdf(path=tmp_path / "sheet.pdf", format=paper, prefer_css_page_size=False)
        printed = PdfReader(tmp_path / "sheet.pdf")
        assert len(printed.pages) == 1, paper
        text = words_of(printed)
        for box in item.value.items:
            assert " ".join(box.ask.replace("`", "").split()) in text, paper


def test_a_card_prints_with_its_answers_open_and_the_navigation_gone(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(f"cards/{CARD.id}.html")
    page.pdf(path=tmp_path / "card.pdf", format="A4")
    text = words_of(PdfReader(tmp_path / "card.pdf"))
    assert " ".join(CARD.value.follow_ups[-1].listen_for.split())[:30] in text
    assert "Notebooks Plans" not in text
    assert "Mock interview" not in text


def test_the_keyboard_reaches_search_tabs_and_the_card(visit: Visit) -> None:
    page = visit.open(f"cards/{CARD.id}.html")
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className + ' ' + document.activeElement.tagName"))
    assert any("md-tabs__link" in name for name in seen)
    assert any(name.endswith("SUMMARY") for name in seen)
