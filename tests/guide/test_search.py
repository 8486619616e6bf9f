"""The search finds what readers look for: queries as they type them, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from conftest import search_entries, the_guide
from playwright.sync_api import Browser, Locator, expect

ROOT = Path(__file__).resolve().parents[2]
QUERIES = yaml.safe_load(Path(__file__).parent.with_name("queries.yml").read_text(encoding="utf-8"))
#: The theme's messages to the worker of the search (docs/assets/js/search.js), and one of them with its answer: the
#: addresses of the pages that were found, best first.
SETUP, QUERY = 0, 2
ASK = """([type, data]) => {
    answers.length = 0;
    dispatchEvent(new MessageEvent("message", {data: {type, data}}));
    return (answers[0].data?.items ?? []).map(found => found[0].location.split("#")[0]);
}"""
#: Most bytes of index that one card may add, gzipped, so that a guide of a thousand stays light.
BYTES_A_CARD = 400


def test_there_are_three_hundred_queries_for_cards_that_exist() -> None:
    cards = the_guide().card
    assert len(QUERIES) >= 300
    assert [name for entry in QUERIES for name in entry["cards"] if name not in cards] == []


@pytest.fixture(scope="module")
def first_three(browser: Browser, built: Path) -> Iterator[Callable[[str], list[str]]]:
    """The names of the first three pages for a query. The worker's own scripts are asked, as the box asks them."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content("")
    page.evaluate("window.answers = []; window.postMessage = message => answers.push(message)")
    assets = ROOT / "docs" / "assets"
    for script in ("vendor/minisearch.min.js", "vendor/stemmer.min.js", "js/search.js"):
        page.add_script_tag(path=assets / script)
    page.evaluate(ASK, [SETUP, json.loads((built / "site" / "search" / "search_index.json").read_text("utf-8"))])
    yield lambda query: [Path(found).stem for found in page.evaluate(ASK, [QUERY, query])[:3]]
    context.close()


def test_each_query_finds_one_of_its_cards_among_the_first_three(first_three: Callable[[str], list[str]]) -> None:
    """97 of 100; what is missed is named."""
    found = [(entry["query"], first_three(entry["query"]), entry["cards"]) for entry in QUERIES]
    missed = [(query, pages) for query, pages, cards in found if not set(pages) & set(cards)]
    assert len(missed) <= 0.03 * len(QUERIES), missed


def test_the_box_shows_what_the_worker_finds(box: Locator, first_three: Callable[[str], list[str]]) -> None:
    """Every thirtieth query, pasted into the box."""
    for entry in QUERIES[::30]:
        box.press("Control+A")
        box.press("Backspace")
        expect(results(box)).to_have_count(0)
        box.page.keyboard.insert_text(entry["query"])  # at once, as somebody pastes it
        results(box).first.wait_for(state="attached")
        links = box.page.locator(".md-search-result__item > :first-child").evaluate_all(
            "links => links.slice(0, 3).map(link => new URL(link.href).pathname)"
        )
        assert [Path(link).stem for link in links] == first_three(entry["query"]), entry["query"]


@pytest.fixture
def box(browser: Browser, built: Path) -> Iterator[Locator]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{(built / 'site').as_uri()}/index.html")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    yield box
    context.close()


def results(box: Locator) -> Locator:
    return box.page.locator(".md-search-result__item")


def test_a_slip_of_the_finger_is_forgiven_and_what_was_found_is_marked(box: Locator) -> None:
    box.press_sequentially("calibraton")
    link = results(box).locator("a[href*='cards/calibration.html']").first
    expect(link.locator("mark").first).to_have_text(re.compile("calibrat", re.IGNORECASE))


def test_a_card_is_shown_by_its_question_and_the_first_sentence_of_its_answer(box: Locator) -> None:
    card = the_guide().card["what-is-a-p-value"].value
    box.page.keyboard.insert_text("what is a p-value")
    article = results(box).first.locator("article")
    expect(article).to_contain_text(card.question)
    expect(article).to_contain_text(" ".join(card.say_first.split()).split(". ")[0])


def test_words_that_are_nowhere_are_named_and_common_words_are_not(box: Locator) -> None:
    box.press_sequentially("the calibration of zyzzyva")
    first = results(box).first
    expect(first.locator("del")).to_have_text(["zyzzyva"])


def test_a_word_is_found_while_it_looks_like_a_common_one(box: Locator) -> None:
    box.press_sequentially("in")
    expect(results(box).first).to_be_visible()
    box.press_sequentially("ference")
    expect(results(box).first.locator("mark").first).to_have_text(re.compile("inference", re.IGNORECASE))


def test_signs_in_a_query_are_nothing_but_signs(box: Locator) -> None:
    box.page.keyboard.insert_text("+<img src=x onerror=alert(1)> precision < 0.5 & calibration:* ~")
    box.press("End")
    card = results(box).locator("a[href*='cards/calibration.html']").first
    expect(card.locator("mark").first).to_be_visible()
    # What stands between "<" and ">" is looked for too.
    assert {"img", "onerror", "alert"} <= set(card.locator("del").all_text_contents())
    assert box.page.locator(".md-search-result img").count() == 0


def test_a_word_is_completed_from_a_title(box: Locator) -> None:
    box.press_sequentially("prompt inj")
    expect(box.page.locator("[data-md-component=search-suggest]")).to_have_text("prompt injection")
    box.press("ArrowRight")
    expect(box).to_have_value("prompt injection")


def test_the_index_holds_one_short_entry_a_card(built: Path) -> None:
    cards = [entry for entry in search_entries(built / "site") if entry["location"].startswith("cards/")]
    assert len({entry["location"] for entry in cards}) == len(cards) == len(the_guide().cards)
    assert len(gzip.compress(json.dumps(cards).encode())) / len(cards) <= BYTES_A_CARD
