"""Saying answers, in a real browser: practice, the mock interview, and the card read by itself."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import find
from conftest import the_guide
from playwright.sync_api import Browser, Error, Locator, Page, expect
from pypdf import PdfReader
from reading import BLOCKED, FULL, NO_COPY, SIZES, Reader, reader, violations
from studyguide.catalogue import require_catalogue
from studyguide.pages.script_data import practice_data

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "js"
TINY = require_catalogue(Path(__file__).parent.with_name("tiny"))
REAL = the_guide()
CARD = TINY.card["dense-loaf"].value
MOVES = len(CARD.strong_outline)
ALL_IN_ORDER = "practice/index.html?set=filter&order=listed"
PRACTISED = "cards/dense-loaf.html?practise=1"
#: The parts of a card below its prompt, in the order of the document.
PARTS = [
    *("say-first", "takeaway", "red-flags", "weak-answer", "ask-first", "strong-outline"),
    *("tested", "follow-up-1", "follow-up-2", "workings", "sources"),
]
#: What a phone shows of them before the reader asks for the whole answer.
SHORT = ["say-first", "takeaway", "red-flags"]
#: What is on the screen after so many reveals of a card that has all of the parts but workings.
REVEALED = [
    ["say-first"],
    ["say-first", "weak-answer"],
    ["say-first", "weak-answer", "ask-first", "strong-outline"],
    ["say-first", "takeaway", "weak-answer", "ask-first", "strong-outline", "tested"],
    ["say-first", "takeaway", "red-flags", "weak-answer", "ask-first", "strong-outline", "tested"],
]
TO_THE_OUTLINE = 3
#: How long the first card takes to say, as its clock has it.
TIME = f"{CARD.minutes}:00"
#: Where, how large and in which palette a journey happens.
WAYS = [("disk", "wide", "light"), ("host", "phone", "dark"), ("host", "wide", "dark"), ("disk", "phone", "light")]


@pytest.fixture(params=WAYS, ids="-".join)
def anybody(request: pytest.FixtureRequest, browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader, one by one in all ways; nothing may go wrong for them or leave the site."""
    where, size, scheme = request.param
    with reader(browser, roots[where], viewport=SIZES[size], color_scheme=scheme) as somebody:
        yield somebody
        assert somebody.trouble == []


@pytest.fixture(params=WAYS[:2], ids="-".join)
def either(request: pytest.FixtureRequest, browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader in two of the ways, between them each place, size and palette once."""
    where, size, scheme = request.param
    with reader(browser, roots[where], viewport=SIZES[size], color_scheme=scheme) as one:
        yield one
        assert one.trouble == []


@pytest.fixture
def somebody(browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    with reader(browser, roots["disk"]) as one:
        yield one
        assert one.trouble == []


# --- what the tests say about a page -------------------------------------------------------------------------------


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-{name}]")


def state(page: Page) -> dict[str, str]:
    """The session in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).fragment).items()}


def kept(page: Page) -> Any:
    """The progress as the browser keeps it."""
    return json.loads(page.evaluate("localStorage.getItem('strong-loaf:progress')") or "null")


def at(page: Page, place: int, of: int) -> None:
    """Wait for a place of a practice session."""
    expect(part(page, "place")).to_have_text(f"Card {place} of {of}")


def asked(page: Page, place: int, of: int) -> None:
    """Wait for a question of a mock interview."""
    expect(part(page, "place")).to_have_text(f"Question {place} of {of}")


def reveal(page: Page, times: int = 1) -> None:
    """Press the button that reveals the next stage."""
    for _ in range(times):
        part(page, "next").click()


def tick(page: Page, *moves: int) -> None:
    """Tick moves, from 1."""
    for move in moves:
        page.locator(f"#move-{move} input").check()


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def shown(page: Page) -> list[str]:
    """The parts of a card that are on the screen, in the order of the document."""
    return [name for name in PARTS if page.locator(f"#{name}").is_visible()]


def results(page: Page) -> list[list[str]]:
    """The rows of a summary or debrief: card, how it went, moves, time."""
    expect(page.locator("[data-results] tr").first).to_be_visible()
    return [
        [row.locator("a").inner_text(), *(cell.text_content() or "" for cell in row.locator("td").all())]
        for row in page.locator("[data-results] tr").all()
    ]


def printed(page: Page, folder: Path) -> str:
    page.pdf(path=folder / "page.pdf", format="A4")
    words = " ".join(sheet.extract_text() for sheet in PdfReader(folder / "page.pdf").pages)
    return " ".join(normalize("NFKC", words).split())  # ligatures are two letters


# --- practice ------------------------------------------------------------------------------------------------------


def test_journey_pick_a_set_answer_reveal_tick_rate_skip_and_read_how_it_went_by_mouse(anybody: Reader) -> None:
    page = anybody.tab("practice/index.html")
    page.locator("select[name=order]").select_option("listed")
    expect(part(page, "found")).to_have_text("3 cards; this session asks all of them.")
    part(page, "start").click()

    at(page, 1, 3)
    assert shown(page) == []
    expect(page.locator("#prompt")).to_contain_text("Your rye has come out flat")
    expect(page.get_by_text(CARD.title)).not_to_be_visible()
    expect(page.locator(".sa-topics")).not_to_be_visible()
    names = ["what to say first", "the weak answer", "the outline", "what carries over", "what sinks it"]
    for name, parts in zip(names, REVEALED, strict=True):
        expect(part(page, "next-name")).to_have_text(f"Show {name}")
        reveal(page)
        assert shown(page) == parts
        assert sideways(page) == 0
        expect(part(page, "rate")).to_be_visible(visible="strong-outline" in parts)
    tick(page, 1, 3, 4)
    expect(part(page, "score")).to_have_text("3 of 4 moves")
    reveal(page)
    expect(page.locator("#follow-up-1 summary")).to_be_visible()
    expect(page.locator("#follow-up-1 .sa-listen")).not_to_be_visible()
    expect(page.locator("#follow-up-2")).not_to_be_visible()
    reveal(page)
    expect(page.locator("#follow-up-1 .sa-listen")).to_be_visible()
    reveal(page, 3)
    assert shown(page) == PARTS
    expect(part(page, "next")).not_to_be_visible()
    part(page, 'rating="2"').click()

    at(page, 2, 3)
    part(page, "skip").click()
    at(page, 3, 3)
    reveal(page, TO_THE_OUTLINE)
    part(page, 'rating="3"').click()
    rows = [row[:3] for row in results(page)]
    assert rows == [
        ["The loaf that did not rise", "shaky", "3 of 4"],
        ["The oven that loses heat", "skipped", ""],
        ["The customer with yesterday's bread", "said it", "0 of 4"],
    ]
    figures = " ".join(page.locator(".sa-summary .sa-stats").inner_text().split())
    assert figures.startswith("2 of 3 answered 3 of 8 moves said")
    assert part(page, "drills").locator("a").all_inner_texts() == [rows[0][0], rows[2][0]]
    assert sideways(page) == 0
    tries = kept(page)["value"]["cards"]
    newest = {name: {**all_[-1], "at": "", "on": ""} for name, all_ in tries.items()}
    assert newest == {
        "dense-loaf": {"at": "", "on": "", "hit": [0, 2, 3], "of": 4, "rating": 2},
        "angry-customer": {"at": "", "on": "", "hit": [], "of": 4, "rating": 3},
    }

    part(page, "again").click()  # what did not sit, weakest or skipped
    at(page, 1, 3)
    expect(part(page, "set")).to_have_text("What did not sit")


def test_journey_a_whole_session_by_keyboard_alone(either: Reader) -> None:
    page = either.tab(ALL_IN_ORDER)
    part(page, "start").focus()
    page.keyboard.press("Enter")
    at(page, 1, 3)
    page.keyboard.press("3")  # nothing to rate yet
    page.keyboard.press("Space")
    assert shown(page) == ["say-first"]
    assert page.evaluate("document.activeElement.id") == "say-first"
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert shown(page) == REVEALED[2]
    assert page.evaluate("document.activeElement.id") == "strong-outline"
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "checkbox":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page) == REVEALED[2], "space ticks the box that has the focus"
    expect(part(page, "score")).to_have_text("1 of 4 moves")
    part(page, 'rating="3"').focus()  # a key rates whichever button has the focus
    page.keyboard.press("1")
    at(page, 2, 3)
    page.keyboard.press("ArrowLeft")
    at(page, 1, 3)
    expect(part(page, "rated")).to_have_text("You rated this: missed, 1 of 4 moves. Undo takes it back.")
    page.keyboard.press("ArrowRight")
    at(page, 2, 3)
    page.keyboard.press("ArrowRight")
    at(page, 3, 3)
    page.keyboard.press("?")
    expect(part(page, "dialog")).to_be_visible()
    page.keyboard.press("3")
    page.keyboard.press("Escape")
    expect(part(page, "dialog")).not_to_be_visible()
    page.keyboard.press("ArrowRight")
    assert [row[1] for row in results(page)] == ["missed", "skipped", "skipped"]


def test_undo_restores_the_progress_to_the_byte_and_the_card_as_it_stood(somebody: Reader) -> None:
    page = somebody.tab(ALL_IN_ORDER)
    page.evaluate("StrongAnswer.progress.record('dense-loaf', {hit: [1], of: 4, rating: 3})")
    before = page.evaluate("localStorage.getItem('strong-loaf:progress')")
    part(page, "start").click()
    at(page, 1, 3)
    expect(part(page, "undo")).to_be_disabled()
    reveal(page, TO_THE_OUTLINE)
    tick(page, 2, 4)
    part(page, 'rating="1"').click()
    at(page, 2, 3)
    assert page.evaluate("localStorage.getItem('strong-loaf:progress')") != before
    part(page, "undo").click()
    at(page, 1, 3)
    assert page.evaluate("localStorage.getItem('strong-loaf:progress')") == before
    assert [page.locator(f"#move-{move} input").is_checked() for move in (1, 2, 3, 4)] == [False, True, False, True]
    expect(part(page, "rate")).to_be_visible()
    expect(part(page, "undo")).to_be_disabled()
    part(page, 'rating="3"').click()
    at(page, 2, 3)
    assert [one["rating"] for one in kept(page)["value"]["cards"]["dense-loaf"]] == [3, 3]


def test_a_key_pressed_twice_goes_one_card_on_and_the_browsers_back_returns_to_it(somebody: Reader) -> None:
    page = somebody.tab(ALL_IN_ORDER)
    part(page, "start").click()
    at(page, 1, 3)
    reveal(page)
    twice = "for (const _ of [1, 2]) document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}))"
    page.evaluate(twice)
    at(page, 2, 3)
    page.go_back()
    at(page, 1, 3)
    assert shown(page) == ["say-first"]


def rate_the_first(page: Page, rating: int) -> None:
    """Begin a session of three, say one move of its first card, rate it, and be at the second."""
    part(page, "start").click()
    at(page, 1, 3)
    reveal(page, TO_THE_OUTLINE)
    tick(page, 1)
    part(page, f'rating="{rating}"').click()
    at(page, 2, 3)


def test_the_browsers_back_returns_to_a_card_as_rated_and_never_to_a_second_rating(somebody: Reader) -> None:
    page = somebody.tab(ALL_IN_ORDER)
    rate_the_first(page, 3)
    page.go_back()
    at(page, 1, 3)
    expect(part(page, "rated")).to_have_text("You rated this: said it, 1 of 4 moves. Undo takes it back.")
    page.keyboard.press("3")
    assert len(kept(page)["value"]["cards"]["dense-loaf"]) == 1
    part(page, "undo").click()
    expect(part(page, "rate")).to_be_visible()
    assert kept(page)["value"]["cards"] == {}


def test_a_cards_name_is_nowhere_to_be_read_before_the_answer_is_over(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    at(page, 1, 1)
    bar = page.locator("[data-md-component=header-topic]")
    assert CARD.title not in (bar.text_content() or "") + page.locator("h1").inner_text() + page.title()
    reveal(page)
    assert CARD.title in (bar.text_content() or "")
    assert CARD.title in page.title()


def test_an_address_without_its_session_is_of_use_all_the_same(somebody: Reader) -> None:
    page = somebody.tab("cards/oven-cools.html?practise=1#q=dense-loaf&at=7&said=9-x")
    at(page, 1, 1)
    expect(page.locator("#prompt")).to_contain_text("Halfway through a double shift")
    for uri in ("practice/index.html", "practice/mock.html"):
        somebody.go(page, f"{uri}?done=1")
        expect(part(page, "start")).to_be_visible()


def test_a_rating_says_when_the_card_comes_back(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    again = page.locator("[data-again]")
    assert again.all_text_contents() == ["again tomorrow", "again tomorrow", "again in 2 days"], "no move is ticked"
    reveal(page, TO_THE_OUTLINE)
    tick(page, 1, 2, 3)
    assert again.all_text_contents() == ["again tomorrow", "again in 2 days", "again in 3 days"]
    tick(page, 4)
    assert again.all_text_contents() == ["again tomorrow", "again in 2 days", "again in 8 days"]


def test_leaving_a_card_that_is_not_rated_asks_first_and_staying_keeps_it(somebody: Reader) -> None:
    page = somebody.tab(ALL_IN_ORDER)
    part(page, "start").click()
    at(page, 1, 3)
    reveal(page, TO_THE_OUTLINE)
    tick(page, 1)
    sure = page.locator("[data-sure]")
    for key, question in (("ArrowRight", "Skip it?"), (None, "End the session?")):
        page.keyboard.press(key) if key else part(page, "end").click()
        expect(sure.get_by_role("heading")).to_have_text(question)
        expect(sure).to_contain_text("What you ticked and recorded on it is not kept.")
        page.keyboard.press("Escape")
        expect(sure).to_be_hidden()
        at(page, 1, 3)
        expect(page.locator("#move-1 input")).to_be_checked()
    part(page, "skip").click()
    sure.get_by_role("button", name="Skip it").click()
    at(page, 2, 3)
    page.keyboard.press("ArrowRight")  # nothing to lose: no question
    at(page, 3, 3)


def test_a_reload_keeps_place_stage_ticks_and_clock(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"]) as somebody:
        page = somebody.tab()
        page.clock.set_fixed_time("2026-03-01T09:00:00Z")
        somebody.go(page, ALL_IN_ORDER)
        part(page, "start").click()
        at(page, 1, 3)
        page.clock.set_fixed_time("2026-03-01T09:01:05Z")
        expect(part(page, "now")).to_have_text("1:05")
        page.reload()
        expect(part(page, "now")).to_have_text("1:05")
        reveal(page, TO_THE_OUTLINE)
        tick(page, 3)
        page.clock.set_fixed_time("2026-03-01T09:30:00Z")
        page.reload()
        expect(page.locator("#move-3 input")).to_be_checked()
        assert shown(page) == REVEALED[2]
        expect(part(page, "now")).to_have_text("1:05")  # the answer was over
        assert somebody.trouble == []


def test_a_link_within_the_page_does_not_take_the_sessions_place(somebody: Reader) -> None:
    page = somebody.tab(ALL_IN_ORDER)
    part(page, "start").click()
    at(page, 1, 3)
    part(page, "skip").click()
    at(page, 2, 3)
    page.locator(".md-skip").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#q="))
    page.reload()
    at(page, 2, 3)


@pytest.mark.parametrize("pressed", ["&", "é", '"'])
def test_the_keys_in_the_number_row_rate_on_every_layout(pressed: str, somebody: Reader) -> None:
    """As a French keyboard gives them without Shift: the sign of the layout, the code of the place."""
    rating = ["&", "é", '"'].index(pressed) + 1
    page = somebody.tab(PRACTISED)
    for _ in range(12):
        if part(page, "rate").is_visible():
            break
        page.keyboard.press(" ")
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))",
        [pressed, f"Digit{rating}"],
    )
    page.wait_for_url("**done=1*")
    assert kept(page)["value"]["cards"]["dense-loaf"][0]["rating"] == rating


def test_the_number_pad_without_numlock_does_not_rate(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    reveal(page, TO_THE_OUTLINE)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'PageDown', code: 'Numpad3'}))")
    assert kept(page) is None


def test_going_over_the_suggested_time_is_said_in_words(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"]) as somebody:
        page = somebody.tab()
        page.clock.set_fixed_time("2026-03-01T09:00:00Z")
        somebody.go(page, PRACTISED)
        expect(part(page, "clock")).to_have_text(f"0:00 of {TIME}")
        expect(part(page, "hint")).to_have_text("Answer aloud now.")
        page.clock.set_fixed_time(f"2026-03-01T09:0{TIME}Z")
        expect(part(page, "clock")).to_have_text(f"{TIME} of {TIME}")
        page.clock.set_fixed_time(f"2026-03-01T09:0{CARD.minutes}:42Z")
        expect(part(page, "clock")).to_have_text(f"{CARD.minutes}:42 0:42 over {TIME}")
        expect(part(page, "hint")).to_have_text("Over the suggested time. Come to your point.")
        reveal(page, TO_THE_OUTLINE)
        part(page, 'rating="2"').click()
        assert results(page)[0] == [CARD.title, "shaky", "0 of 4", f"{CARD.minutes}:42"]
        somebody.go(page, PRACTISED)
        expect(part(page, "clock")).to_have_text(f"0:00 of {TIME}")
        page.clock.set_fixed_time("2026-03-29T09:04:42Z")  # forgotten for weeks, and right all the same
        reveal(page, TO_THE_OUTLINE)
        part(page, 'rating="2"').click()
        assert results(page)[0] == [CARD.title, "shaky", "0 of 4", "1440:00"]


SETS = {
    "set=filter&round=bench": ["dense-loaf", "oven-cools"],
    "set=filter&round=bench,counter&level=practitioner,senior": ["oven-cools", "angry-customer"],
    "set=filter&q=flat+bread&evidence=yes": [],
    "set=filter&evidence=yes": ["dense-loaf", "oven-cools"],
    "set=filter&minutes=1": ["oven-cools", "angry-customer"],
    "set=plan&plan=two-days&day=2": ["angry-customer"],
    "set=role&role=baker": ["dense-loaf"],
    "set=collection&collection=people": ["angry-customer"],
    "set=due": ["oven-cools"],
    "set=missed": ["oven-cools"],
}


@pytest.fixture(scope="module")
def practised(browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """Somebody who missed a card three days ago and said another yesterday. Who looks on adds nothing to that."""
    with reader(browser, roots["disk"]) as somebody:
        somebody.tab("practice/index.html").evaluate("""() => {
          const before = (days) => new Date(Date.now() - days * 86400000);
          StrongAnswer.progress.record("oven-cools", {hit: [], of: 4, rating: 1}, before(3));
          StrongAnswer.progress.record("angry-customer", {hit: [0], of: 4, rating: 3}, before(1));
        }""")
        yield somebody


@pytest.mark.parametrize("query", SETS)
def test_every_kind_of_set_asks_its_cards(query: str, practised: Reader) -> None:
    page = practised.tab(f"practice/index.html?{query}&order=listed")
    wanted = SETS[query]
    if wanted:
        part(page, "start").click()
        at(page, 1, len(wanted))
        assert state(page)["q"].split(",") == wanted
    else:
        expect(part(page, "found")).to_have_text("No card fits.")
        expect(part(page, "start")).to_be_disabled()
    page.close()
    assert practised.trouble == []


def test_a_filter_from_the_list_of_cards_is_named_and_used_as_it_is(somebody: Reader) -> None:
    page = somebody.tab("practice/index.html?set=filter&round=bench,counter&level=senior")
    expect(part(page, "given-words")).to_have_text("Bench test or Counter · Senior")
    expect(page.get_by_role("radio", name="Your filter")).to_be_checked()
    expect(part(page, "found")).to_have_text("1 card.")
    page.get_by_role("combobox", name="Round").select_option("counter")
    expect(page.get_by_role("radio", name="Cards that fit")).to_be_checked()
    expect(part(page, "found")).to_have_text("1 card.")


def test_the_address_of_a_set_draws_the_same_cards_for_somebody_else(browser: Browser, roots: dict[str, str]) -> None:
    orders = []
    for seed in (7, 7, 8):
        with reader(browser, roots["host"]) as somebody:
            page = somebody.tab(f"practice/index.html?set=filter&n=5&order=shuffled&seed={seed}")
            drawn = "StrongAnswer.draw.queue(StrongAnswer.data, location.search).cards"
            orders.append(page.evaluate(f"{drawn}.map((card) => card.id)"))
            part(page, "start").click()
            at(page, 1, 3)
            assert state(page)["q"].split(",") == orders[-1]
    assert orders[0] == orders[1]


def test_choices_on_the_form_are_in_the_address(somebody: Reader) -> None:
    page = somebody.tab("practice/index.html")
    page.get_by_role("combobox", name="Drill").select_option("people")
    page.locator("select[name=n]").select_option("5")
    query = parse_qs(urlsplit(page.url).query)
    assert (query["set"], query["collection"], query["n"]) == (["collection"], ["people"], ["5"])


def test_nothing_about_the_reader_is_in_what_a_host_is_asked_for(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"]) as somebody:
        page = somebody.tab(ALL_IN_ORDER)
        wanted: list[str] = []
        page.on("request", lambda request: wanted.append(request.url.split("#")[0]))
        rate_the_first(page, 1)
        part(page, "end").click()
        results(page)
        asked = [urlsplit(url) for url in wanted]
        queries = {url.query for url in asked if url.query and not url.path.endswith((".js", ".css"))}  # theirs: a hash
        assert queries == {"practise=1", "done=1"}


# --- a small screen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(188, 370), (640, 400)], ids=["phone-at-200%", "phone-on-its-side"])
def test_the_question_and_the_controls_share_a_small_screen(
    width: int, height: int, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["disk"], viewport={"width": width, "height": height}) as somebody:
        for uri, place in ((PRACTISED, "Card 1 of 1"), ("cards/dense-loaf.html?mock=1", "Question 1 of 1")):
            page = somebody.tab(uri)
            expect(part(page, "place")).to_have_text(place)
            for name in ("place", "end", "next", "record"):
                expect(part(page, name)).to_be_in_viewport(ratio=0.99)
            prompt, dock = page.locator("#prompt").bounding_box(), part(page, "dock").bounding_box()
            assert prompt is not None
            assert dock is not None
            assert dock["y"] - prompt["y"] >= min(prompt["height"], 3 * 23), "three lines of the question"
            reveal(page, TO_THE_OUTLINE)
            for rating in "123":
                expect(part(page, f'rating="{rating}"')).to_be_in_viewport(ratio=0.99)
            outline, move = page.locator("#strong-outline").bounding_box(), page.locator("#move-1").bounding_box()
            assert outline is not None
            assert move is not None
            assert move["width"] >= 0.7 * outline["width"], "the score stands above the moves, not beside them"
            assert sideways(page) == 0


@pytest.mark.parametrize("uri", ["practice/mock.html", "plans/two-days.html"])
def test_a_table_fits_a_phone_at_200_percent(uri: str, browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], viewport={"width": 188, "height": 370}) as somebody:
        page = somebody.tab(uri)
        expect(page.locator("table tbody tr").first).to_be_visible()
        assert sideways(page) == 0


#: The room between what has the focus and header and dock; null where it is large, or not of the page's content.
ROOM = """() => {
  const focused = document.activeElement;
  const [own, header, dock] = [focused, ...document.querySelectorAll(".md-header, .sa-dock")].map((one) =>
    one.getBoundingClientRect());
  if (!focused.closest(".md-content") || focused.closest(".sa-dock") || own.height > 120) return null;
  return [own.top - header.bottom, (dock.height ? dock.top : innerHeight) - own.bottom];
}"""


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (188, 370), (1280, 600)])
def test_neither_the_header_nor_the_controls_cover_what_has_the_focus(
    width: int, height: int, key: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["disk"], viewport={"width": width, "height": height}) as somebody:
        page = somebody.tab(PRACTISED)
        reveal(page, TO_THE_OUTLINE)
        (part(page, "help") if key == "Tab" else page.locator(".md-footer a").last).focus()
        seen = []
        for _ in range(40):
            page.keyboard.press(key)
            seen.append(page.evaluate(ROOM))
        rooms = [room for room in seen if room]
        assert len(rooms) >= 10
        assert min(above for above, _ in rooms) >= 0
        assert min(below for _, below in rooms) >= 0


def test_the_page_stays_where_it_is_while_the_focus_goes_through_the_controls(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    page.set_viewport_size({"width": 320, "height": 568})
    reveal(page, TO_THE_OUTLINE)
    page.evaluate("scrollTo(0, 400)")
    for rating in "123":
        part(page, f'rating="{rating}"').focus()
        assert page.evaluate("scrollY") == 400


#: Words that are cut in two without a hyphen, of all that can be seen on a page.
BROKEN = """() => {
  const broken = [];
  const texts = document.createTreeWalker(document.querySelector(".md-content"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.checkVisibility() || text.parentElement.closest("code, math, select, template")) continue;
    for (const word of text.data.matchAll(/[\\p{L}]+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter((part) => part.width > 1).map((part) => Math.round(part.top));
      if (new Set(lines).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("uri", ["", "practice/mock.html", "practice/progress.html", "cards/dense-loaf.html"])
def test_at_200_percent_words_stay_whole_and_fields_within_their_frame(
    uri: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["host"], viewport={"width": 188, "height": 370}) as somebody:
        page = somebody.tab(uri or "index.html")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate(BROKEN) == []
        room = """all => all.map((one) =>
          one.closest(".sa-how").getBoundingClientRect().right - one.getBoundingClientRect().right)"""
        assert all(kept >= 8 for kept in page.locator(".sa-how :is(input, select, button)").evaluate_all(room))


# --- keys ----------------------------------------------------------------------------------------------------------


def test_space_on_a_button_presses_it_and_keys_in_a_field_are_typed(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    at(page, 1, 1)
    part(page, "help").focus()
    page.keyboard.press("Space")
    expect(part(page, "dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert shown(page) == []
    page.keyboard.press("/")  # the theme's key for the search, still the theme's
    box = page.get_by_role("textbox", name="Search")
    expect(box).to_be_focused()
    page.keyboard.type("a 1?3")
    page.keyboard.press("ArrowLeft")  # ArrowRight takes the theme's suggestion, where it has one by then
    expect(box).to_have_value("a 1?3")
    expect(part(page, "dialog")).not_to_be_visible()
    assert shown(page) == []
    assert "at" not in state(page)


def test_space_reveals_also_after_a_click_on_a_term(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    reveal(page, 1)
    page.locator("#say-first a.term").first.click()
    expect(page.locator("#sa-tip")).to_be_visible()
    expect(page.locator("#say-first a.term").first).to_be_focused()
    page.keyboard.press("Space")
    assert shown(page) == REVEALED[1]


def test_our_keys_are_not_the_themes(somebody: Reader) -> None:
    """The theme has f, s and / for the search, p and , for the page before, n and . for the page after."""
    page = somebody.tab(PRACTISED)
    at(page, 1, 1)
    ours = [" ", "1", "2", "3", "ArrowLeft", "ArrowRight", "?"]
    theirs = set("fs/p,n.")
    assert not theirs & set(ours)
    source = (SCRIPTS / "session.js").read_text(encoding="utf-8")
    assert all(f'"{key}":' in source or f"{key}:" in source for key in ours)
    for key in "pn,.":
        page.keyboard.press(key)
    assert (shown(page), page.url.split("?")[0].rsplit("/", 1)[1]) == ([], "dense-loaf.html")
    page.keyboard.press("Control+ArrowRight")
    assert "at" not in state(page)


def test_shortcuts_can_be_switched_off_and_stay_off(somebody: Reader) -> None:
    page = somebody.tab(PRACTISED)
    page.keyboard.press("?")
    page.get_by_label("Use these shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("Space")
    assert shown(page) == []
    page.reload()
    at(page, 1, 1)
    page.keyboard.press("Space")
    page.keyboard.press("?")
    assert shown(page) == []
    expect(part(page, "dialog")).not_to_be_visible()
    reveal(page)
    assert shown(page) == ["say-first"]


# --- storage -------------------------------------------------------------------------------------------------------


def ours(page: Page) -> list[str]:
    """A list that fills with errors of our own scripts; the theme's own do not expect blocked storage."""
    found: list[str] = []

    def note(error: Error) -> None:
        if "/assets/js/" in (error.stack or ""):
            found.append(error.stack or "")

    page.on("pageerror", note)
    return found


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_a_session_is_right_to_its_end_where_nothing_can_be_kept(
    script: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["disk"], script) as somebody:
        page = somebody.tab()
        errors = ours(page)
        somebody.go(page, ALL_IN_ORDER)
        part(page, "start").click()
        at(page, 1, 3)
        reveal(page, TO_THE_OUTLINE)
        tick(page, 1, 2)
        part(page, 'rating="1"').click()
        at(page, 2, 3)
        expect(part(page, 'lost="room"')).to_have_text(
            "Your results are not kept in this browser. They last until this session ends."
        )
        part(page, "undo").click()
        at(page, 1, 3)
        expect(page.locator("#move-2 input")).to_be_checked()
        part(page, 'rating="2"').click()
        at(page, 2, 3)
        page.reload()
        at(page, 2, 3)
        part(page, "end").click()
        assert [row[1:3] for row in results(page)] == [["shaky", "2 of 4"], ["not reached", ""], ["not reached", ""]]
        expect(part(page, "lost")).to_be_visible()
        assert errors == []


# --- the microphone ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_microphone(browser: Browser) -> Iterator[Browser]:
    """A Chromium with a made-up microphone that it may use."""
    flags = ["--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    chromium = browser.browser_type.launch(executable_path=find().path, args=flags)
    yield chromium
    chromium.close()


def a_second_passes(page: Page) -> None:
    """Two steps of the card's own clock, so that the microphone hears something."""
    for _ in range(2):
        expect(part(page, "now")).not_to_have_text(part(page, "now").inner_text())


@pytest.mark.parametrize("where", ["disk", "host"])
def test_a_recording_is_played_back_beside_the_outline_and_saved_only_by_hand(
    where: str, with_microphone: Browser, roots: dict[str, str]
) -> None:
    with reader(with_microphone, roots[where]) as somebody:
        page = somebody.tab(PRACTISED)
        part(page, "record").click()
        expect(part(page, "mic-says")).to_have_text("Recording, in this page's memory only.")
        expect(part(page, "record-name")).to_have_text("Stop recording")
        a_second_passes(page)
        part(page, "record").click()
        expect(part(page, "mic-says")).to_have_text("Recorded. You hear it beside the outline.")
        expect(part(page, "playback")).not_to_be_visible()
        page.keyboard.press("R")  # again, with Caps Lock: the new one takes the place of the old
        expect(part(page, "record-name")).to_have_text("Stop recording")
        a_second_passes(page)
        part(page, "record").click()
        expect(part(page, "record-name")).to_have_text("Record again")
        page.keyboard.press("Space")  # reveals, and does not record over the answer
        expect(page.locator("#say-first")).to_be_visible()
        reveal(page, TO_THE_OUTLINE - 1)
        expect(page.locator("#strong-outline [data-playback]")).to_be_visible()
        page.wait_for_function("() => document.querySelector('[data-audio]').src.startsWith('blob:')")
        page.wait_for_function("() => document.querySelector('[data-audio]').readyState > 0")
        with page.expect_download() as saved:
            part(page, "save").click()
        assert saved.value.suggested_filename == "dense-loaf.webm"
        assert saved.value.path().stat().st_size > 0
        assert page.evaluate("Object.keys(localStorage).filter((key) => !key.includes('__palette'))") == []
        page.reload()
        expect(part(page, "score")).to_be_visible()
        expect(part(page, "playback")).not_to_be_visible()
        assert somebody.trouble == []


def test_a_key_pressed_twice_starts_one_recording_and_leaves_no_microphone_on(
    with_microphone: Browser, roots: dict[str, str]
) -> None:
    tracks = """window.tracks = []; const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      window.tracks.push(...stream.getTracks());
      return stream;
    };"""
    twice = """() => ["r", "r"].forEach((key) =>
      document.dispatchEvent(new KeyboardEvent("keydown", { key, code: "KeyR", bubbles: true })))"""
    with reader(with_microphone, roots["host"], tracks) as somebody:
        page = somebody.tab(PRACTISED)
        expect(part(page, "record")).to_be_visible()
        page.evaluate(twice)  # the second while the browser is still asked for the microphone
        expect(part(page, "record-name")).to_have_text("Stop recording")
        a_second_passes(page)
        page.keyboard.press("r")
        expect(part(page, "record-name")).to_have_text("Record again")
        assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended"]
        assert somebody.trouble == []


def test_a_reload_asks_before_it_takes_a_recording(with_microphone: Browser, roots: dict[str, str]) -> None:
    with reader(with_microphone, roots["host"]) as somebody:
        page = somebody.tab(PRACTISED)
        asks: list[str] = []
        page.on("dialog", lambda dialog: (asks.append(dialog.type), dialog.dismiss()))
        part(page, "record").click()
        a_second_passes(page)
        part(page, "record").click()
        expect(part(page, "record-name")).to_have_text("Record again")
        page.locator(".md-header__button.md-logo").click()
        page.wait_for_function("() => true")
        assert asks == ["beforeunload"]
        reveal(page, TO_THE_OUTLINE)
        expect(part(page, "playback")).to_be_visible()
        part(page, 'rating="2"').click()  # and here it is the reader who goes on
        expect(page).to_have_url(re.compile("done=1"))
        assert asks == ["beforeunload"]


def test_while_an_interview_is_recorded_its_question_shows_on_a_phone_at_200_percent(
    with_microphone: Browser, roots: dict[str, str]
) -> None:
    with reader(with_microphone, roots["host"], viewport={"width": 188, "height": 370}) as somebody:
        page = somebody.tab("cards/dense-loaf.html?mock=1")
        expect(part(page, "record")).to_be_visible()
        page.keyboard.press("r")
        expect(part(page, "record-name")).to_have_text("Stop recording")
        prompt, dock = page.locator("#prompt").bounding_box(), part(page, "dock").bounding_box()
        assert prompt is not None
        assert dock is not None
        assert dock["y"] - prompt["y"] >= min(prompt["height"], 3 * 23), "three lines of the question"
        expect(part(page, "mic-says")).to_have_text(re.compile("^Recording."))  # for those who hear it


@pytest.mark.parametrize("where", ["disk", "host"])
def test_a_mock_interview_is_recorded_from_question_to_question_and_heard_in_the_debrief(
    where: str, with_microphone: Browser, roots: dict[str, str]
) -> None:
    with reader(with_microphone, roots[where]) as somebody:
        page = somebody.tab("practice/mock.html?role=baker&minutes=30&seed=1")
        part(page, "start").click()
        asked(page, 1, 3)
        page.keyboard.press("r")
        expect(part(page, "mic-says")).to_have_text(
            "Recording. It goes on with the next question; you hear all of it in the debrief."
        )
        a_second_passes(page)
        part(page, "skip").click()  # in the middle of an answer: what was said is kept, with its question
        page.get_by_role("button", name="Skip it").click()
        asked(page, 2, 3)
        expect(part(page, "record-name")).to_have_text("Stop recording")
        a_second_passes(page)
        reveal(page, 3)
        part(page, 'rating="2"').click()
        asked(page, 3, 3)
        expect(part(page, "record-name")).to_have_text("Stop recording")
        a_second_passes(page)
        part(page, "end").click()
        page.get_by_role("button", name="End the interview").click()
        heard = part(page, "recordings").locator("li")
        expect(heard).to_have_count(3)
        names = [text.split(".")[0] for text in heard.locator("span").all_inner_texts()]
        assert names == ["1", "2", "3"]
        page.wait_for_function(
            "() => [...document.querySelectorAll('[data-recordings] audio')].every((one) => one.readyState > 0)"
        )
        with page.expect_download() as saved:
            heard.nth(1).get_by_role("button", name="Save").click()
        assert saved.value.suggested_filename.startswith("2-")
        assert saved.value.path().stat().st_size > 0
        somebody.go(page, "practice/mock.html")
        part(page, "start").click()  # the next interview: the recordings of the one before are forgotten
        asked(page, 1, 3)
        part(page, "end").click()
        page.get_by_role("button", name="End the interview").click()
        expect(part(page, "what")).to_be_visible()
        assert page.evaluate("StrongAnswer.recordings.all()") == []
        assert somebody.trouble == []


def test_a_browser_that_keeps_no_recording_says_so_before_and_after_it(
    with_microphone: Browser, roots: dict[str, str]
) -> None:
    nowhere = """Object.defineProperty(window, "indexedDB", {
      get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });"""
    with reader(with_microphone, roots["host"], BLOCKED, nowhere, viewport=SIZES["phone"]) as somebody:
        page = somebody.tab("practice/mock.html?role=baker&minutes=30&seed=1")
        page.get_by_role("button", name="Close").click()
        part(page, "start").click()
        asked(page, 1, 3)
        expect(page.locator("#sa-says")).to_have_count(0)  # that nothing is kept was said already
        page.keyboard.press("r")
        expect(part(page, "mic-says")).to_have_text(
            "Recording. This browser does not keep it: save it beside the outline before you go on."
        )
        a_second_passes(page)
        reveal(page, 3)
        says = page.locator("#sa-says")
        expect(says).to_contain_text("This browser does not keep the recording.")
        expect(part(page, "save")).to_be_visible()
        over, buttons = says.bounding_box(), part(page, "dock").bounding_box()
        assert over is not None
        assert buttons is not None
        assert over["y"] + over["height"] <= buttons["y"], "the buttons that rate are free"
        part(page, "skip").click()
        expect(part(page, "sure")).to_contain_text("What you ticked and recorded on it is not kept.")


REFUSED = """navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "{name}"));"""
TROUBLES = {
    "NotAllowedError": "The browser may not use the microphone here. Answer aloud without recording, "
    "or allow it for this page.",
    "NotFoundError": "No microphone was found. Answer aloud without recording.",
    "NotReadableError": "The microphone does not start (NotReadableError). Answer aloud without recording.",
}


@pytest.mark.parametrize("name", TROUBLES)
def test_no_microphone_is_said_plainly_and_hinders_nothing(name: str, browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], REFUSED.replace("{name}", name)) as somebody:
        page = somebody.tab(PRACTISED)
        part(page, "record").click()
        expect(part(page, "mic-says")).to_have_text(TROUBLES[name])
        reveal(page)
        assert shown(page) == ["say-first"]
        assert somebody.trouble == []


def test_a_browser_that_cannot_record_says_so(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], "delete window.MediaRecorder;") as somebody:
        page = somebody.tab(PRACTISED)
        part(page, "record").click()
        expect(part(page, "mic-says")).to_have_text("This browser cannot record here. Answer aloud without.")


# --- the mock interview --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawing(browser: Browser) -> Iterator[Page]:
    """An empty page with the scripts that draw, and the data of the real guide."""
    page = browser.new_page()
    for name in ("queue.js", "draw.js"):
        page.add_script_tag(path=SCRIPTS / name)
    page.evaluate("(data) => { window.data = data; }", practice_data(REAL))
    yield page
    page.close()


INTERVIEWS = """([minutes, seeds]) => data.roles.flatMap((role) => Array.from({length: seeds}, (_, index) => {
  const drawn = StrongAnswer.draw.interview(data, role, minutes, index + 1);
  return {role: role.id, seed: index + 1, minutes: drawn.minutes, ids: drawn.cards.map((card) => card.id)};
}))"""


def in_interview(minutes: int) -> dict[str, int]:
    """What each card of the real guide takes in a mock interview."""
    return {item.id: item.value.minutes + min(len(item.value.follow_ups), 2) for item in REAL.cards}


@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_interviews_fill_their_time_ask_heavy_rounds_and_repeat_nothing(minutes: int, drawing: Page) -> None:
    takes = in_interview(minutes)
    for drawn in drawing.evaluate(INTERVIEWS, [minutes, 25]):
        role = REAL.role[drawn["role"]].value
        cards = [REAL.card[name].value for name in drawn["ids"]]
        assert len(set(drawn["ids"])) == len(cards)
        assert drawn["minutes"] == sum(takes[name] for name in drawn["ids"]) <= minutes
        pool = {
            item.id
            for item in REAL.cards
            if drawn["role"] in item.value.roles and item.value.round in {weight.round for weight in role.rounds}
        }
        assert set(drawn["ids"]) <= pool
        shortest = min(takes[name] for name in pool - set(drawn["ids"]))
        assert drawn["minutes"] + shortest > minutes, "another question would have fitted"
        for weight in role.rounds:
            if weight.percent >= 15 and any(REAL.card[name].value.round == weight.round for name in pool):
                assert any(card.round == weight.round for card in cards), (drawn, weight.round)


@pytest.mark.parametrize("minutes", [30, 60])
def test_the_same_role_length_and_seed_draw_the_same_interview_others_another(minutes: int, drawing: Page) -> None:
    once, again = (drawing.evaluate(INTERVIEWS, [minutes, 10]) for _ in range(2))
    assert once == again
    for role in REAL.roles:
        assert len({tuple(drawn["ids"]) for drawn in once if drawn["role"] == role.id}) >= 9


def alike(one: str, other: str) -> bool:
    return bool(set(REAL.card[one].value.topics) & set(REAL.card[other].value.topics))


def can_be_apart(ids: list[str]) -> bool:
    """Whether some order has no two neighbours with a topic in common (Held and Karp's subsets)."""
    ends = {(1 << place, place) for place in range(len(ids))}
    for _ in range(len(ids) - 1):
        ends = {
            (used | 1 << place, place)
            for used, last in ends
            for place in range(len(ids))
            if not used & 1 << place and not alike(ids[last], ids[place])
        }
    return bool(ends)


def test_two_questions_in_a_row_share_no_topic_where_it_can_be_avoided(drawing: Page) -> None:
    for drawn in drawing.evaluate(INTERVIEWS, [60, 25]):
        ids = drawn["ids"]
        side_by_side = any(alike(*pair) for pair in itertools.pairwise(ids))
        assert side_by_side != can_be_apart(ids), drawn


def test_over_many_draws_rounds_get_their_share_of_the_time_and_levels_mix(drawing: Page) -> None:
    takes = in_interview(60)
    draws = drawing.evaluate(INTERVIEWS, [60, 60])
    for role in REAL.roles:
        ids = [name for drawn in draws if drawn["role"] == role.id for name in drawn["ids"]]
        spent = sum(takes[name] for name in ids)
        for weight in role.value.rounds:
            if weight.percent >= 10:
                share = 100 * sum(takes[name] for name in ids if REAL.card[name].value.round == weight.round) / spent
                assert abs(share - weight.percent) <= 8, (role.id, weight.round, share)
        for drawn in draws:
            if drawn["role"] == role.id:
                levels = [REAL.card[name].value.level for name in drawn["ids"]]
                assert max(levels.count(level) for level in levels) <= len(levels) - 2, drawn


def test_rounds_without_cards_and_roles_without_any_are_no_trouble(drawing: Page) -> None:
    role = "{id: 'x', rounds: [{round: 'none', percent: 60}, {round: 'mlops', percent: 40}]}"
    card = "{id: 'a', round: 'mlops', level: 'senior', roles: ['x'], topics: ['t'], minutes: 5, follow_ups: 2}"
    few = f"{{cards: [{card}]}}"
    drawn = drawing.evaluate(f"StrongAnswer.draw.interview({few}, {role}, 30, 1)")
    assert ([card["id"] for card in drawn["cards"]], drawn["minutes"]) == (["a"], 7)
    assert drawing.evaluate(f"StrongAnswer.draw.interview({{cards: []}}, {role}, 30, 1).cards") == []


def test_random_numbers_are_those_of_mulberry32(drawing: Page) -> None:
    """Against the algorithm in another language, so that draws stay the same when the script is touched."""

    def mulberry32(state: int) -> float:
        mixed = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((mixed ^ mixed >> 15) * (mixed | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & 0xFFFFFFFF)) & 0xFFFFFFFF
        return (mixed ^ mixed >> 14) / 2**32

    for seed in (0, 1, 7, 999_999):
        assert drawing.evaluate("(seed) => StrongAnswer.draw.random(seed)()", seed) == mulberry32(seed)


def answer_by_keyboard(page: Page, ticked: list[int], rating: int) -> None:
    """Answer a question of the mock interview with both its follow-ups, tick moves from 1, and rate; by keys alone."""
    for _ in range(3):
        page.keyboard.press("Space")
    for move in ticked:
        page.locator(f"#move-{move} input").focus()
        page.keyboard.press("Space")
    page.keyboard.press(str(rating))


def test_journey_a_mock_interview_with_follow_ups_and_a_debrief(either: Reader, tmp_path: Path) -> None:
    page = either.tab("practice/mock.html?role=baker&minutes=30&seed=5")
    expect(part(page, "found")).to_have_text("3 questions, about 10 of 30 minutes.")
    assert [row.inner_text().split() for row in part(page, "rounds").locator("tr").all()] == [
        ["Bench", "test", "70%", "2", "7"],
        ["Counter", "30%", "1", "3"],
    ]
    assert sideways(page) == 0
    part(page, "start").click()
    asked(page, 1, 3)
    order = state(page)["q"].split(",")
    asks = [follow_up.ask for follow_up in TINY.card[order[0]].value.follow_ups]
    assert shown(page) == []
    expect(part(page, "asked").locator("li")).to_have_count(0)
    reveal(page)
    assert part(page, "asked").locator("li").all_inner_texts() == asks[:1]
    reveal(page)
    assert part(page, "asked").locator("li").all_inner_texts() == asks[:2]
    assert shown(page) == []
    expect(page.get_by_text("Listen for").first).not_to_be_visible()
    reveal(page)
    expect(part(page, "asked")).not_to_be_visible()
    assert set(SHORT) | {"weak-answer", "strong-outline", "follow-up-2", "sources"} <= set(shown(page))
    expect(part(page, "hint")).to_have_text("The clock stands still while you mark your answer.")
    assert sideways(page) == 0
    tick(page, 1, 2, 3)
    part(page, 'rating="3"').click()
    asked(page, 2, 3)
    answer_by_keyboard(page, [1], 1)
    asked(page, 3, 3)
    answer_by_keyboard(page, [2, 4], 2)

    titles = [TINY.card[name].value.title for name in order]
    rows = [row[:3] for row in results(page)]
    assert rows == [
        [titles[0], "said it", "3 of 4"],
        [titles[1], "missed", "1 of 4"],
        [titles[2], "shaky", "2 of 4"],
    ]
    expect(part(page, "what")).to_contain_text("Baker, 30 minutes")
    expect(part(page, "strongest")).to_have_text(titles[0])
    expect(part(page, "weakest")).to_have_text(titles[1])
    expect(page.locator('[data-sum="hit"]')).to_have_text("6")
    expect(page.locator('[data-sum="hit-of"]')).to_have_text("of 12 moves said")
    said = dict(zip(order, (3, 1, 2), strict=True))
    signals = page.locator(".sa-signal")
    assert signals.locator("h4").all_inner_texts() == ["Bench test", "Counter"]
    bench = said["dense-loaf"] + said["oven-cools"]
    assert signals.locator("p").all_inner_texts() == [
        f"{bench} of 8 moves said in 2 of 2 questions",
        f"{said['angry-customer']} of 4 moves said in 1 of 1 question",
    ]
    assert signals.first.locator("li").all_inner_texts() == list(TINY.round["bench"].value.signals)
    assert part(page, "drills").locator("a").all_inner_texts() == [titles[1], titles[2]]
    marked = f"{bench} of 8 moves said in 2 of 2 questions; 1 of {len(TINY.round['bench'].value.signals)} signals shown"
    signals.first.get_by_role("checkbox").first.check()
    expect(signals.first.locator("p")).to_have_text(marked)
    page.reload()
    expect(signals.first.locator("p")).to_have_text(marked)
    assert signals.get_by_role("checkbox", checked=True).count() == 1
    assert sideways(page) == 0
    paper = printed(page, tmp_path)
    assert all(
        words in paper for words in (marked, "Debrief", "Strongest answer".upper(), titles[1], "6 of 12 moves said")
    )
    assert "Print the debrief" not in paper
    part(page, "drills").locator("a").first.click()
    at(page, 1, 1)


def test_one_clock_runs_over_all_questions_and_stands_still_while_an_answer_is_marked(
    browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["host"]) as somebody:
        page = somebody.tab()
        page.clock.set_fixed_time("2026-03-01T09:00:00Z")
        somebody.go(page, "practice/mock.html?role=baker&minutes=30&seed=5")
        part(page, "start").click()
        asked(page, 1, 3)
        expect(part(page, "clock")).to_have_text("0:00 of 30:00")
        page.clock.set_fixed_time("2026-03-01T09:06:00Z")
        reveal(page, 3)
        page.clock.set_fixed_time("2026-03-01T09:20:00Z")  # a long look at the outline
        page.reload()
        expect(part(page, "clock")).to_have_text("6:00 of 30:00")
        part(page, 'rating="2"').click()
        asked(page, 2, 3)
        page.clock.set_fixed_time("2026-03-01T09:21:30Z")
        expect(part(page, "clock")).to_have_text("7:30 of 30:00")
        page.reload()
        expect(part(page, "clock")).to_have_text("7:30 of 30:00")
        part(page, "skip").click()  # its minute and a half has passed
        page.get_by_role("button", name="Skip it").click()
        asked(page, 3, 3)
        page.clock.set_fixed_time("2026-03-01T09:45:00Z")
        expect(part(page, "clock")).to_have_text("31:00 1:00 over 30:00")
        expect(part(page, "hint")).to_have_text("Time is up. Finish this answer, then end.")
        part(page, "end").click()
        page.get_by_role("button", name="End the interview").click()
        assert [row[1:] for row in results(page)] == [
            ["shaky", "0 of 4", "6:00"],
            ["skipped", "", "1:30"],
            ["skipped", "", "23:30"],
        ]
        expect(page.locator('[data-sum="took"]')).to_have_text("31:00")
        assert somebody.trouble == []


def test_a_link_to_an_interview_draws_it_again(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], permissions=["clipboard-read", "clipboard-write"]) as one:
        page = one.tab("practice/mock.html?role=baker&minutes=60&seed=1")
        part(page, "draw").click()
        part(page, "share").click()
        expect(page.locator(".sa-notice")).to_contain_text("The link is copied.")
        link = page.evaluate("navigator.clipboard.readText()")
        assert link == page.url
        part(page, "start").click()
        asked(page, 1, 3)
        first = state(page)["q"]
    with reader(browser, roots["host"]) as other:
        page = other.tab()
        page.goto(link)
        part(page, "start").click()
        asked(page, 1, 3)
        assert state(page)["q"] == first


# --- a card by itself ----------------------------------------------------------------------------------------------


def test_a_card_is_read_at_once_or_stage_by_stage_which_is_remembered(either: Reader) -> None:
    page = either.tab("cards/dense-loaf.html")
    everything = shown(page)
    assert everything == (SHORT if page.viewport_size == SIZES["phone"] else PARTS)
    toggle = page.get_by_role("button", name="Stage by stage")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert shown(page) == []
    either.go(page, "cards/oven-cools.html")  # which has nothing to ask first
    expect(part(page, "next")).to_be_visible()
    assert shown(page) == []
    reveal(page)
    assert shown(page) == ["say-first"]
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert shown(page) == ["say-first", "weak-answer", "strong-outline"]
    assert sideways(page) == 0
    either.go(page, "cards/oven-cools.html#red-flags")
    page.reload()
    expect(page.locator("#red-flags")).to_be_in_viewport()
    assert shown(page) == [*SHORT, "weak-answer", "strong-outline", "tested"]
    page.get_by_role("button", name="Stage by stage").click()
    either.go(page, "cards/dense-loaf.html")
    expect(part(page, "tools")).to_be_visible()
    assert shown(page) == everything


SMALL = {"width": 375, "height": 667}


def test_a_phone_shows_the_short_view_on_two_screens_and_opens_the_whole_answer_in_place(
    browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["host"], viewport=SMALL) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        button = page.get_by_role("button", name="The whole answer")
        expect(button).to_have_text(f"The whole answer, {MOVES} moves")
        expect(button).to_have_attribute("aria-expanded", "false")
        assert shown(page) == SHORT
        assert all(inside.is_visible() for inside in (page.locator("h1"), page.locator("#prompt")))
        assert button.evaluate("(it) => it.getBoundingClientRect().bottom + scrollY") <= 2 * SMALL["height"]
        button.focus()
        page.keyboard.press("Enter")
        assert shown(page) == PARTS
        expect(button).not_to_be_visible()
        assert page.evaluate("document.activeElement.id") == "weak-answer", "where the button was"
        expect(page.locator("#weak-answer h2")).to_be_in_viewport()
        parts = [page.locator(f"#{name}").bounding_box() for name in PARTS]
        tops = [part["y"] for part in parts if part]
        assert tops == sorted(tops), "the eye meets them in the order in which they are read out"
        assert page.url.endswith("cards/dense-loaf.html")
        assert sideways(page) == 0
        somebody.go(page, "cards/oven-cools.html")
        assert shown(page) == SHORT, "each card starts with its short view"
        assert somebody.trouble == []


@pytest.mark.parametrize("name", ["strong-outline", "follow-up-2", "sources"])
def test_a_link_into_the_whole_answer_opens_it_on_a_phone(name: str, browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], viewport=SMALL) as somebody:
        page = somebody.tab(f"cards/dense-loaf.html#{name}")
        expect(page.locator(f"#{name}")).to_be_in_viewport()
        assert shown(page) == PARTS
        assert somebody.trouble == []


def test_nothing_that_the_short_view_hides_takes_the_focus(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], viewport=SMALL) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        page.locator("[data-whole]").focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.sa-step') !== null")


def test_a_phone_without_javascript_shows_the_whole_answer(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], viewport=SMALL, java_script_enabled=False) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        assert shown(page) == PARTS
        expect(page.locator("[data-whole]")).not_to_be_visible()


def test_paper_has_all_of_a_card_from_a_phone_too(browser: Browser, roots: dict[str, str], tmp_path: Path) -> None:
    with reader(browser, roots["disk"], viewport=SMALL) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        assert shown(page) == SHORT
        paper = printed(page, tmp_path)
        for words in (CARD.strong_outline[-1].move, CARD.follow_ups[1].listen_for.strip(), "A handbook of sourdough"):
            assert words in paper
        assert "The whole answer" not in paper


def test_practise_this_card_and_its_last_score_on_the_card(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"]) as somebody:
        page = somebody.tab()
        page.clock.set_fixed_time("2026-03-03T09:00:00Z")
        somebody.go(page, "cards/dense-loaf.html")
        expect(part(page, "last")).to_have_text("")
        page.get_by_role("link", name="Practice this card").click()
        at(page, 1, 1)
        reveal(page, TO_THE_OUTLINE)
        tick(page, 1, 2, 4)
        part(page, 'rating="3"').click()
        assert results(page)[0][:3] == [CARD.title, "said it", "3 of 4"]
        page.locator("[data-results] a").click()
        expect(part(page, "last")).to_have_text("Last time, 3 March: 3 of 4 moves, said it; due 6 March.")
        page.clock.set_fixed_time("2027-01-02T09:00:00Z")
        page.reload()
        expect(part(page, "last")).to_have_text("Last time, 3 March 2026: 3 of 4 moves, said it; due now.")
        assert somebody.trouble == []


@pytest.mark.parametrize("where", ["disk", "host"])
def test_a_link_to_a_section_is_copied_or_shown(where: str, browser: Browser, roots: dict[str, str]) -> None:
    address = f"{roots[where]}/cards/dense-loaf.html#red-flags"
    copy = "Copy a link to “What sinks it”"
    with reader(browser, roots[where], permissions=["clipboard-read", "clipboard-write"]) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        button = page.get_by_role("button", name=copy)
        button.focus()
        expect(button).to_have_css("opacity", "1")
        page.keyboard.press("Enter")
        expect(page.locator(".sa-notice")).to_contain_text("The link is copied.")
        assert page.evaluate("navigator.clipboard.readText()") == address
    with reader(browser, roots[where], NO_COPY) as other:
        page = other.tab("cards/dense-loaf.html")
        page.get_by_role("button", name=copy).click()
        expect(page.locator(".sa-notice")).to_contain_text(f"This is the link: {address}")


@pytest.mark.parametrize("uri", ["cards/dense-loaf.html", PRACTISED])
def test_paper_has_all_of_a_card_whatever_the_screen_shows(
    uri: str, browser: Browser, roots: dict[str, str], tmp_path: Path
) -> None:
    with reader(browser, roots["disk"]) as somebody:
        page = somebody.tab("cards/dense-loaf.html")
        whole = printed(page, tmp_path)
        part(page, "staged").click()
        somebody.go(page, uri)
        expect(part(page, "next")).to_be_visible()
        assert shown(page) == []
        paper = printed(page, tmp_path)
        assert paper == whole
        for words in (CARD.title, CARD.follow_ups[1].listen_for.strip(), CARD.red_flags[1], "A handbook of sourdough"):
            assert words in paper
        assert "Practice this card" not in paper


def test_everything_reads_without_javascript(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], java_script_enabled=False) as somebody:
        page = somebody.tab(PRACTISED)
        assert shown(page) == PARTS
        for name in ("tools", "session", "dock", "own", "asked"):
            expect(part(page, name)).not_to_be_visible()
        somebody.go(page, "practice/index.html")
        expect(page.get_by_text("A session shows one prompt at a time")).to_be_visible()
        expect(page.locator("form[data-pick]")).not_to_be_visible()
        page.get_by_role("article").get_by_role("link", name="All cards").click()
        expect(page.locator("h1")).to_have_text("All cards")
        somebody.go(page, "practice/mock.html")
        expect(page.get_by_text("With a friend it works on paper")).to_be_visible()
        expect(page.locator("form[data-pick]")).not_to_be_visible()


def test_a_card_shows_everything_when_its_scripts_do_not_come(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"]) as somebody:
        page = somebody.tab()
        page.route("**/session.js*", lambda route: route.abort())
        somebody.go(page, PRACTISED)
        expect(page.locator("#strong-outline")).to_be_visible()
        assert shown(page) == PARTS


WATCH = """
  window.seen = [];
  window.moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  const look = () => {
    for (const id of ["say-first", "red-flags", "weak-answer", "strong-outline", "content"]) {
      const box = document.getElementById(id);
      if (box && box.offsetHeight > 2 && !window.seen.includes(id)) window.seen.push(id);
    }
    requestAnimationFrame(look);
  };
  look();
"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("uri", "seen"), [("cards/dense-loaf.html", True), (PRACTISED, False), ("practice/index.html", None)]
)
def test_no_answer_flashes_up_and_nothing_moves_at_load(
    uri: str, seen: bool | None, size: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["host"], WATCH, viewport=SIZES[size]) as somebody:
        page = somebody.tab(uri)
        page.wait_for_function("new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)))")
        if seen is not None:
            expect(part(page, "tools" if seen else "clocks")).to_be_visible()
            short, rest = ["content", "red-flags", "say-first"], ["strong-outline", "weak-answer"]
            wanted = short + (rest if size == "wide" else []) if seen else []
            assert sorted(page.evaluate("window.seen")) == wanted
        assert page.evaluate("window.moved") < 0.01


def test_the_scripts_of_a_card_stay_small(built_tiny: Path) -> None:
    """Those that every card loads, in a session and out of it; compressed one by one, as hosts do."""
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in (built_tiny / "site/assets/js").glob("*.js")}
    assert sum(sizes[name] for name in ("early.js", "base.js", "store.js", "card.js", "frame.js")) < 15_000
    assert sizes["queue.js"] + sizes["session.js"] < 8_500


# --- for everybody -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_no_stage_of_a_session_violates_wcag(size: str, scheme: str, browser: Browser, roots: dict[str, str]) -> None:
    found: dict[str, list[str]] = {}
    with reader(browser, roots["disk"], viewport=SIZES[size], color_scheme=scheme) as somebody:
        page = somebody.tab("practice/mock.html?role=baker&minutes=30&seed=5")

        def look(name: str) -> None:
            found[name] = violations(page)

        part(page, "start").click()
        asked(page, 1, 3)
        reveal(page)
        look("asking")
        reveal(page, 2)
        tick(page, 1)
        look("marking")
        part(page, 'rating="1"').click()
        asked(page, 2, 3)
        part(page, "help").click()
        look("help")
        page.get_by_role("button", name="Close").click()
        part(page, "skip").click()
        look("asking whether to skip")
        page.get_by_role("button", name="Skip it").click()
        asked(page, 3, 3)
        part(page, "end").click()
        page.get_by_role("button", name="End the interview").click()
        results(page)
        look("debrief")
        somebody.go(page, f"{PRACTISED}#q=dense-loaf,oven-cools&stage=3")
        look("practice")
        part(page, 'rating="2"').click()
        at(page, 2, 2)
        part(page, "end").click()
        results(page)
        look("summary")
    assert {name: broken for name, broken in found.items() if broken} == {}
