"""A mock interview as the reader wants it: its round, level, length and beginning; its end; and its text for others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from reading import BLOCKED, NO_COPY, SIZES, Reader, reader

MOCK = "practice/mock.html"
LOAF, OVEN, CUSTOMER = "The loaf that did not rise", "The oven that loses heat", "The customer with yesterday's bread"
ID = {LOAF: "dense-loaf", OVEN: "oven-cools", CUSTOMER: "angry-customer"}
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(params=[("disk", "wide"), ("host", "phone")], ids="-".join)
def either(request: pytest.FixtureRequest, browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader of files and of a host, who may paste."""
    where, size = request.param
    with reader(browser, roots[where], LOADED, viewport=SIZES[size], permissions=CLIPBOARD) as one:
        yield one
        assert one.trouble == []


@pytest.fixture
def visit(browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader of a host, who may paste."""
    with reader(browser, roots["host"], LOADED, permissions=CLIPBOARD) as one:
        yield one
        assert one.trouble == []


#: Notes each script that has come, for tests that need one that a page asks for later.
LOADED = """window.loaded = [];
document.addEventListener("load", ({target}) => target.tagName === "SCRIPT" && window.loaded.push(target.src), true);"""


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-{name}]")


def drawn(page: Page) -> list[str]:
    """Start the interview; the ids of its cards in the order in which they are asked."""
    part(page, "start").click()
    expect(part(page, "place")).to_have_text(re.compile("Question 1 of "))
    return parse_qs(urlsplit(page.url).fragment)["q"][0].split(",")


def asked(page: Page, place: int, of: int) -> None:
    expect(part(page, "place")).to_have_text(f"Question {place} of {of}")


def to_the_marks(page: Page) -> None:
    """Answer a question and its two follow-ups."""
    for _ in range(3):
        part(page, "next").click()


def outcome(page: Page) -> list[list[str]]:
    """The debrief by question: card, how it went, moves, time."""
    expect(part(page, "results").locator("tr").first).to_be_visible()
    rows = part(page, "results").locator("tr").all()
    return [[row.locator("a").inner_text(), *row.locator("td").all_text_contents()] for row in rows]


def rubric_is_here(page: Page, *rounds: str) -> None:
    for name in rounds:
        page.wait_for_function("(name) => loaded.some((address) => address.includes(name))", arg=f"rubric-{name}.js")


def pasted(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text.replace("\r\n", "\n")


# --- what is asked ---------------------------------------------------------------------------------------------------
def test_one_round_one_level_and_twenty_minutes(either: Reader) -> None:
    page = either.tab(f"{MOCK}?seed=5")
    what = page.get_by_label("What?")
    assert what.locator("option").all_text_contents() == ["Baker", "Bench test", "Counter"]
    what.select_option("Bench test")
    expect(part(page, "found")).to_have_text("2 questions, about 7 of 45 minutes.")
    page.get_by_label("Level").select_option("Senior")
    page.get_by_label("20 minutes").check()
    expect(part(page, "found")).to_have_text("1 question, about 3 of 20 minutes.")
    expect(page.get_by_role("table")).to_be_hidden()  # there is nothing to share out
    assert urlsplit(page.url).query == "round=bench&level=senior&minutes=20&seed=5"
    assert drawn(page) == ["oven-cools"]
    expect(part(page, "set")).to_have_text("Bench test, Senior")
    expect(part(page, "clock")).to_contain_text("of 20:00")


@pytest.mark.parametrize("minutes", [20, 30, 45, 60])
def test_every_length_that_is_offered_is_the_length_of_the_clock(minutes: int, visit: Reader) -> None:
    page = visit.tab(MOCK)
    expect(page.get_by_role("group", name="How long?").get_by_role("radio")).to_have_count(4)
    page.get_by_label(f"{minutes} minutes").check()
    expect(part(page, "found")).to_have_text(f"3 questions, about 10 of {minutes} minutes.")
    drawn(page)
    expect(part(page, "clock")).to_contain_text(f"of {minutes}:00")


def test_where_no_card_fits_the_page_says_so_and_does_not_start(visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?round=counter&level=senior")
    expect(part(page, "found")).to_have_text("No question fits. Take another level or more minutes.")
    expect(part(page, "start")).to_be_disabled()
    page.get_by_label("Level").select_option("mixed")
    expect(part(page, "found")).to_have_text("1 question, about 3 of 45 minutes.")
    expect(part(page, "start")).to_be_enabled()


@pytest.mark.parametrize(("kept", "shown"), [("round:counter", "Counter"), ("role:baker", "Baker"), ("", "Baker")])
def test_the_interview_that_is_kept_is_chosen_already(kept: str, shown: str, visit: Reader) -> None:
    page = visit.tab(MOCK)
    page.evaluate("(what) => StrongAnswer.interview.set({what, on: ''})", kept)
    visit.go(page, MOCK)
    expect(page.get_by_label("What?").locator("option:checked")).to_have_text(shown)
    visit.go(page, f"{MOCK}?round=bench")
    expect(page.get_by_label("What?").locator("option:checked")).to_have_text("Bench test")


# --- plain questions first -------------------------------------------------------------------------------------------
SEEDS = range(1, 5)


def with_plain_questions(reading: Reader, *plain: str) -> None:
    """The small guide, in which these cards are plain questions."""

    def give(route: Route) -> None:
        before, text = route.fetch().text().split(").data = ", 1)
        data = json.loads(text.rstrip("\n;"))
        for card in data["cards"]:
            card["form"] = "question" if card["id"] in plain else card["form"]
        route.fulfill(content_type="text/javascript", body=f"{before}).data = {json.dumps(data)};")

    reading.context.route("**/assets/data/cards.js*", give)


def orders(reading: Reader, page: Page, query: str) -> list[list[str]]:
    """The interviews that the first seeds draw."""
    made = []
    for seed in SEEDS:
        reading.go(page, f"{MOCK}?{query}&minutes=30&seed={seed}")
        made.append(drawn(page))
    return made


def test_plain_questions_come_first_if_wanted(visit: Reader) -> None:
    with_plain_questions(visit, "angry-customer")
    page = visit.tab(MOCK)
    expect(page.get_by_label("Begin with two plain questions")).to_be_checked()
    warm = orders(visit, page, "role=baker")
    assert {order[0] for order in warm} == {"angry-customer"}
    assert {tuple(sorted(order)) for order in warm} == {("angry-customer", "dense-loaf", "oven-cools")}
    cold = orders(visit, page, "role=baker&warm-up=no")
    assert {order[0] for order in cold} == {"dense-loaf", "oven-cools"}, "the customer parts two of one topic"


def test_two_plain_questions_are_the_warm_up_and_no_more_of_them_come(visit: Reader) -> None:
    with_plain_questions(visit, "dense-loaf", "angry-customer")
    page = visit.tab(MOCK)
    for order in orders(visit, page, "role=baker"):
        assert (set(order[:2]), order[2:]) == ({"dense-loaf", "angry-customer"}, ["oven-cools"])


def test_without_the_warm_up_the_address_says_so_and_the_form_remembers(visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?role=baker&minutes=30&seed=5")
    page.get_by_label("Begin with two plain questions").uncheck()
    assert urlsplit(page.url).query == "role=baker&minutes=30&warm-up=no&seed=5"
    page.reload()
    expect(page.get_by_label("Begin with two plain questions")).not_to_be_checked()
    page.get_by_label("Begin with two plain questions").check()
    assert urlsplit(page.url).query == "role=baker&minutes=30&seed=5"


# --- its address -----------------------------------------------------------------------------------------------------
def test_the_address_draws_the_same_interview_for_somebody_else(browser: Browser, roots: dict[str, str]) -> None:
    seen = []
    for seed in SEEDS:
        with reader(browser, roots["host"], permissions=CLIPBOARD) as one:
            page = one.tab(f"{MOCK}?seed={seed}")
            page.get_by_label("What?").select_option("Bench test")
            page.get_by_label("20 minutes").check()
            page.get_by_role("button", name="Copy a link to this interview").click()
            expect(page.locator("#sa-says")).to_contain_text("The link is copied.")
            link = pasted(page)
            assert link == f"{roots['host']}/{MOCK}?round=bench&minutes=20&seed={seed}"
            order = drawn(page)
        with reader(browser, roots["host"]) as other:
            page = other.tab()
            page.goto(link)
            expect(page.get_by_label("What?").locator("option:checked")).to_have_text("Bench test")
            expect(page.get_by_label("20 minutes")).to_be_checked()
            assert drawn(page) == order
        assert sorted(order) == ["dense-loaf", "oven-cools"]
        seen.append(order)
    assert sorted(map(list, set(map(tuple, seen)))) == [["dense-loaf", "oven-cools"], ["oven-cools", "dense-loaf"]]


@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_links_of_the_first_edition_still_work(minutes: int, visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?role=baker&minutes={minutes}&seed=5")
    expect(page.get_by_label("What?").locator("option:checked")).to_have_text("Baker")
    expect(page.get_by_label("Level").locator("option:checked")).to_have_text("mixed")
    expect(page.get_by_label(f"{minutes} minutes")).to_be_checked()
    expect(page.get_by_label("Draw number")).to_have_value("5")
    expect(part(page, "found")).to_have_text(f"3 questions, about 10 of {minutes} minutes.")
    expect(part(page, "rounds").locator("tr")).to_have_count(2)
    expect(page.get_by_role("table")).to_be_visible()
    assert urlsplit(page.url).query == f"role=baker&minutes={minutes}&seed=5"
    assert sorted(drawn(page)) == ["angry-customer", "dense-loaf", "oven-cools"]
    expect(part(page, "set")).to_have_text("Baker")


@pytest.mark.parametrize("query", ["role=nobody&minutes=31&seed=0", "round=nowhere&level=saint&minutes=&seed=-1"])
def test_an_address_that_asks_for_what_is_not_there_gets_what_is_usual(query: str, visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?{query}")
    expect(part(page, "found")).to_have_text("3 questions, about 10 of 45 minutes.")
    assert re.fullmatch(r"role=baker&minutes=45&seed=[1-9]\d{0,5}", urlsplit(page.url).query)


# --- its end ---------------------------------------------------------------------------------------------------------
def test_end_asks_and_names_what_was_not_reached(either: Reader) -> None:
    page = either.tab()
    page.clock.set_fixed_time("2026-03-10T12:00:00Z")
    either.go(page, f"{MOCK}?role=baker&minutes=30&seed=5")
    order = drawn(page)
    titles = {card: title for title, card in ID.items()}
    sure = part(page, "sure")
    part(page, "end").click()
    expect(sure.get_by_role("heading")).to_have_text("End the interview?")
    expect(sure.locator("p").first).to_have_text("2 questions were not reached; they stay unseen.")
    expect(sure.get_by_role("button", name="Stay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(sure).to_be_hidden()
    asked(page, 1, 3)
    to_the_marks(page)
    page.locator("#move-2 input").check()
    part(page, 'rating="3"').click()
    asked(page, 2, 3)
    page.clock.set_fixed_time("2026-03-10T12:01:30Z")
    part(page, "end").click()
    expect(sure.locator("p").first).to_have_text("One question was not reached; it stays unseen.")
    sure.get_by_role("button", name="End the interview").click()
    assert outcome(page) == [
        [titles[order[0]], "said it", "1 of 4", "0:00"],
        [titles[order[1]], "skipped", "", "1:30"],
        [titles[order[2]], "not reached", "", ""],
    ]
    expect(page.locator('[data-sum="rated-of"]')).to_have_text("of 3 answered")
    expect(part(page, "said").locator("label span")).to_have_text([f"1. {titles[order[0]]}", f"2. {titles[order[1]]}"])


def test_skip_and_end_ask_on_every_question_that_is_not_rated(visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?round=counter&minutes=20&seed=5")
    assert drawn(page) == ["angry-customer"]
    to_the_marks(page)
    page.locator("#move-1 input").check()
    for way, question in (("end", "End the interview?"), ("skip", "Skip it?")):
        page.locator("#move-1 input").set_checked(way == "end")  # also where nothing is ticked
        part(page, way).click()
        expect(part(page, "sure").get_by_role("heading")).to_have_text(question)
        expect(part(page, "sure").locator("p").first).to_have_text(
            "This question is not rated. What you ticked on it is not kept; what you recorded is."
        )
        page.keyboard.press("Escape")
        asked(page, 1, 1)
    part(page, "end").click()
    page.get_by_role("button", name="End the interview").click()
    assert [row[0] for row in outcome(page)] == [CUSTOMER]


def test_the_same_interview_again_is_the_one_that_was_asked(visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?round=bench&level=senior&minutes=20&warm-up=no&seed=7")
    drawn(page)
    part(page, "end").click()
    page.get_by_role("button", name="End the interview").click()
    page.get_by_role("link", name="The same interview again").click()
    expect(page).to_have_url(f"{visit.root}/{MOCK}?round=bench&level=senior&minutes=20&warm-up=no&seed=7")
    expect(part(page, "found")).to_have_text("1 question, about 3 of 20 minutes.")


# --- for somebody else -----------------------------------------------------------------------------------------------
TEXT = """Mock interview: Bench test, Senior.
Below are the questions I was asked, what I said, and a rubric for each. Please judge each answer by its rubric:
which moves are there, which are missing, which red flags appear, and what one change would help most.
Quote my words where you judge them. The rubric is one good way to answer; say so if mine is another.

QUESTION 1: The oven that loses heat
Halfway through a double shift the deck oven drops from 240 to 205 degrees and stays there. \
Sixty baguettes are shaped, the technician comes at noon, and the manager asks you whether to open the shop.

My answer:
{words}

My own marks: shaky, 2 of 4 moves.

Rubric, the moves of a strong answer:
- Bake three and cut one before deciding
- Slow the rest down in the cold room
- Sell what the heat is good for
- Tell the manager a time and a condition

A good beginning: When an oven loses heat, I find out cheaply what it still bakes well, and slow down everything that \
can wait. Here I would bake three baguettes and cut one, move the rest to the cold room for a cold proof, and fill the \
counter with what bakes at 205 degrees instead of 240. The manager gets a time and a condition, not a hope.

The weak answer that sounds fine: I would bake everything for ten minutes longer until the crust looks right, and open \
as usual so that nobody notices.

What is tested: Whether you find out cheaply what still works, and make a promise that you can keep.

Red flags:
- Bakes all sixty to see what happens.
- Hides the fault from the manager.
"""
WORDS = "First I'd bake three, & cut one.\nThe rest <waits> in the “cold” room."


def a_shaky_answer(reading: Reader) -> Page:
    """An interview of one question, answered with two moves and rated shaky; at its debrief."""
    page = reading.tab(f"{MOCK}?round=bench&level=senior&minutes=20&seed=5")
    assert drawn(page) == ["oven-cools"]
    to_the_marks(page)
    page.locator("#move-1 input").check()
    page.locator("#move-2 input").check()
    part(page, 'rating="2"').click()
    expect(page.get_by_role("heading", name="For somebody else")).to_be_visible()
    rubric_is_here(page, "bench")
    return page


def test_the_interview_is_copied_for_somebody_else_with_the_readers_words_and_the_rubric(either: Reader) -> None:
    page = a_shaky_answer(either)
    page.get_by_label(f"1. {OVEN}").fill(f"\n  {WORDS}\n\n")
    page.get_by_role("button", name="Copy for somebody else").click()
    expect(page.locator("#sa-says")).to_contain_text("The text is copied. Paste it to a colleague or an assistant.")
    assert pasted(page) == TEXT.format(words=WORDS)


def test_the_text_is_saved_as_a_file(either: Reader, tmp_path: Path) -> None:
    page = a_shaky_answer(either)
    page.get_by_label(f"1. {OVEN}").fill(WORDS)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a text file").click()
    assert waiting.value.suggested_filename == "strong-loaf-mock.txt"
    waiting.value.save_as(tmp_path / "mock.txt")
    assert (tmp_path / "mock.txt").read_bytes().decode() == TEXT.format(words=WORDS)


def test_words_that_are_in_no_text_yet_are_asked_about_before_the_page_goes(visit: Reader) -> None:
    page = a_shaky_answer(visit)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box = page.get_by_label(f"1. {OVEN}")
    box.click()
    page.keyboard.type("First I'd bake three.")
    page.get_by_role("link", name="A new interview").click()
    page.wait_for_function("() => true")
    assert asked == ["beforeunload"]
    expect(box).to_have_value("First I'd bake three.")
    page.get_by_role("button", name="Copy for somebody else").click()
    expect(page.locator("#sa-says")).to_contain_text("The text is copied.")
    page.get_by_role("link", name="A new interview").click()
    expect(part(page, "start")).to_be_visible()
    assert asked == ["beforeunload"]


def test_without_words_the_text_says_that_none_were_written_down(visit: Reader) -> None:
    page = a_shaky_answer(visit)
    page.get_by_role("button", name="Copy for somebody else").click()
    expect(page.locator("#sa-says")).to_contain_text("The text is copied.")
    assert pasted(page) == TEXT.format(words="(not written down)")


def test_questions_of_several_rounds_have_each_their_rubric_and_those_not_reached_none(visit: Reader) -> None:
    address = f"{MOCK}?done=1#q=angry-customer,dense-loaf,oven-cools&said=3012-60.0-20.&order=0&name=Baker&mode=mock"
    page = visit.tab(address)
    rubric_is_here(page, "bench", "counter")
    page.get_by_role("button", name="Copy for somebody else").click()
    expect(page.locator("#sa-says")).to_contain_text("The text is copied.")
    text = pasted(page)
    assert text.startswith("Mock interview: Baker.\n")
    assert re.findall("^QUESTION.*", text, re.MULTILINE) == [f"QUESTION 1: {CUSTOMER}", f"QUESTION 2: {LOAF}"]
    assert re.findall("^My own marks.*", text, re.MULTILINE) == [
        "My own marks: said it, 3 of 4 moves.",
        "My own marks: skipped.",
    ]
    assert "- Ask one question that decides\n" in text
    assert "- Cut a loaf and read its crumb\n" in text


@pytest.mark.parametrize(("said", "differ"), [("10-60.11-20.", False), ("10-60.101-20.", True), ("10-60.20-20.", True)])
def test_a_strongest_and_a_weakest_answer_are_named_where_answers_differ(
    said: str, differ: bool, visit: Reader
) -> None:
    page = visit.tab(f"{MOCK}?done=1#q=angry-customer,dense-loaf,oven-cools&said={said}&order=0&name=Baker&mode=mock")
    assert [row[1] for row in outcome(page)][2] == "not reached"
    expect(part(page, "best")).to_be_visible(visible=differ)


def test_where_nothing_was_answered_there_is_nothing_for_somebody_else(visit: Reader) -> None:
    page = visit.tab(f"{MOCK}?done=1#q=angry-customer,dense-loaf&name=Baker&mode=mock")
    assert [row[1] for row in outcome(page)] == ["not reached", "not reached"]
    expect(part(page, "somebody")).to_be_hidden()


def test_a_browser_that_does_not_let_the_page_copy_is_sent_to_the_file(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], LOADED, NO_COPY) as visit:
        page = a_shaky_answer(visit)
        page.get_by_role("button", name="Copy for somebody else").click()
        expect(page.locator("#sa-says")).to_contain_text(
            "The browser did not let the page copy. Save it as a file instead."
        )


def test_what_was_said_leaves_the_browser_in_nothing_but_that_text(visit: Reader) -> None:
    page = a_shaky_answer(visit)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label(f"1. {OVEN}").fill("A secret of the bakery")
    page.get_by_role("button", name="Copy for somebody else").click()
    expect(page.locator("#sa-says")).to_contain_text("The text is copied.")
    assert requests == []
    assert "secret" not in page.url
    assert "secret" not in page.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    page.reload()
    expect(page.get_by_label(f"1. {OVEN}")).to_have_value("")


def test_with_storage_blocked_an_interview_of_one_round_goes_to_its_text(
    browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["host"], LOADED, BLOCKED, permissions=CLIPBOARD) as visit:
        page = a_shaky_answer(visit)
        page.get_by_label(f"1. {OVEN}").fill(WORDS)
        page.get_by_role("button", name="Copy for somebody else").click()
        expect(page.locator("#sa-says")).to_contain_text("The text is copied.")
        assert pasted(page) == TEXT.format(words=WORDS)
