"""Today, in a real browser: one question about the interview, and from then on what to do each day until it is over."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import TUESDAY
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, Route, expect
from reading import BLOCKED, SIZES, Reader, reader, violations

HOME = "index.html"
PRACTICE = "practice/index.html"
QUESTION = "Is there an interview ahead?"
WHY = "Say which one and when, if you like, and this page says each day what to do. Both stay in this browser."
#: The small guide's cards as Today lists them; new ones come from foundations up: loaf, customer, oven.
LOAF, OVEN, CUSTOMER = (
    "The loaf that did not rise 2 min",
    "The oven that loses heat 1 min",
    "The customer with yesterday's bread 1 min",
)
FITS = "A plan that fits: Two days, laid to end on the day"
DAY_SHEET = "Before the bench"


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-today] [data-part="{name}"]')


def prepare(page: Page, what: str, on: str) -> None:
    """Keep an interview, as the form does."""
    page.evaluate("([what, on]) => StrongAnswer.interview.set({what, on})", [what, on])


def laid(visit: Reader, first_day: str, what: str, on: str) -> Page:
    """Home, after the plan of two days got its first day, and an interview was kept."""
    page = visit.tab("plans/two-days.html")
    page.get_by_label("First day").fill(first_day)
    prepare(page, what, on)
    visit.go(page, HOME)
    return page


def answer(page: Page, card: str, rating: int, day: str, hit: tuple[int, ...] = ()) -> Any:
    return page.evaluate(
        "([card, hit, rating, at]) => StrongAnswer.progress.record(card, {hit, of: 4, rating}, new Date(at))",
        [card, list(hit), rating, f"{day}T11:00:00Z"],
    )


def interview_kept(page: Page) -> Any:
    """The interview as the browser keeps it."""
    return json.loads(page.evaluate("localStorage.getItem('strong-loaf:settings')"))["value"]["interview"]


def is_asking(page: Page, words: str = WHY) -> None:
    expect(part(page, "title")).to_have_text(QUESTION)
    expect(part(page, "words")).to_have_text(words)
    expect(part(page, "ask")).to_be_visible()
    expect(part(page, "set")).to_be_hidden()


def says(page: Page, words: str, cards: list[str], more: list[str]) -> None:
    """Wait for what Today says, and for its lists."""
    expect(part(page, "title")).to_have_text("Today")
    expect(part(page, "words")).to_have_text(words)
    expect(part(page, "ask")).to_be_hidden()
    expect(part(page, "cards").locator("li")).to_have_text(cards)
    expect(part(page, "more").locator("li")).to_have_text(more)
    expect(part(page, "start")).to_be_visible(visible=bool(cards))


def top(where: Locator) -> float:
    box = where.bounding_box()
    assert box is not None
    return box["y"]


# --- the question ----------------------------------------------------------------------------------------------------
def test_the_interview_is_asked_once_on_home_and_kept(either: Reader) -> None:
    page = either.tab(HOME)
    is_asking(page)
    expect(part(page, "forget")).to_be_hidden()
    which = page.get_by_label("Which?")
    assert which.locator("option").all_text_contents() == ["any round", "Bench test", "Counter", "Baker"]
    assert top(page.locator("h1")) < top(part(page, "title")), "a stranger reads first what the guide is"
    page.get_by_role("button", name="Plan my days").click()
    expect(which).to_be_focused()
    is_asking(page)
    which.select_option("Bench test")
    page.get_by_label("When?").fill("2026-03-19")
    page.get_by_role("button", name="Plan my days").click()
    words = "Bench test: on Thursday 19 March, in 9 days. 2 cards, 3 minutes aloud."
    says(page, words, [LOAF, OVEN], [FITS])
    assert interview_kept(page) == {"what": "round:bench", "on": "2026-03-19"}
    page.reload()
    says(page, words, [LOAF, OVEN], [FITS])
    either.go(page, PRACTICE)
    says(page, words, [LOAF, OVEN], [FITS])
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_either_answer_alone_is_enough(visit: Reader) -> None:
    page = visit.tab(HOME)
    page.get_by_label("When?").fill("2026-03-19")
    page.get_by_role("button", name="Plan my days").click()
    says(
        page,
        "The interview: on Thursday 19 March, in 9 days. 3 cards, 4 minutes aloud.",
        [LOAF, CUSTOMER, OVEN],
        [FITS],
    )
    part(page, "change").click()
    page.get_by_label("When?").fill("")
    page.get_by_label("Which?").select_option("Counter")
    page.get_by_role("button", name="Plan my days").click()
    says(page, "Counter. 1 card, 1 minute aloud.", [CUSTOMER], [])
    assert interview_kept(page) == {"what": "round:counter", "on": ""}


def test_the_interview_is_forgotten_by_one_button(either: Reader) -> None:
    page = either.tab(HOME)
    prepare(page, "role:baker", "2026-03-19")
    page.reload()
    expect(part(page, "title")).to_have_text("Today")
    part(page, "change").click()
    expect(page.get_by_label("Which?")).to_have_value("role:baker")
    expect(page.get_by_label("When?")).to_have_value("2026-03-19")
    page.get_by_role("button", name="Forget it").click()
    is_asking(page)
    assert interview_kept(page) is None
    page.reload()
    is_asking(page)
    expect(page.get_by_label("Which?")).to_have_value("")
    expect(page.get_by_label("When?")).to_have_value("")
    expect(part(page, "forget")).to_be_hidden()
    assert top(page.locator("h1")) < top(part(page, "title"))
    either.go(page, "plans/two-days.html")
    expect(page.get_by_label("First day")).to_be_visible()
    expect(page.locator("#plan-towards")).to_be_hidden()


def test_another_tab_hears_of_the_interview(visit: Reader) -> None:
    one, two = visit.tab(HOME), visit.tab(HOME)
    prepare(one, "round:counter", "2026-03-12")
    words = "Counter: on Thursday 12 March, in 2 days. 1 card, 1 minute aloud."
    for page in (one, two):
        says(page, words, [CUSTOMER], [FITS])


# --- the days --------------------------------------------------------------------------------------------------------
DAYS: dict[tuple[str, str], tuple[str, list[str], list[str]]] = {
    ("", "2026-03-12"): (
        "The interview: on Thursday 12 March, in 2 days. 3 cards, 4 minutes aloud.",
        [LOAF, CUSTOMER, OVEN],
        [FITS],
    ),
    ("role:baker", ""): ("Baker. 3 cards, 4 minutes aloud.", [LOAF, CUSTOMER, OVEN], []),
    ("", "2027-06-01"): (
        "The interview: on Tuesday, 1 June 2027, in 448 days. 3 cards, 4 minutes aloud.",
        [LOAF, CUSTOMER, OVEN],
        [FITS],
    ),
    ("role:baker", "2026-03-11"): (
        "Baker: tomorrow. 3 cards, 4 minutes aloud.",
        [LOAF, CUSTOMER, OVEN],
        ["Cram sheet: Bench test", "Cram sheet: Counter", DAY_SHEET],
    ),
    ("round:counter", "2026-03-11"): (
        "Counter: tomorrow. 1 card, 1 minute aloud.",
        [CUSTOMER],
        ["Cram sheet: Counter", DAY_SHEET],
    ),
    ("round:bench", "2026-03-10"): (
        "Bench test: today. Nothing new now: read, and breathe. No card is due.",
        [],
        ["Cram sheet: Bench test", DAY_SHEET],
    ),
    ("round:bench", "2026-03-09"): (
        "Your interview was on Monday 9 March. Bench test. 2 cards, 3 minutes aloud.",
        [LOAF, OVEN],
        [],
    ),
}


@pytest.mark.parametrize(("what", "on"), DAYS)
def test_today_says_what_the_day_is_for(what: str, on: str, visit: Reader) -> None:
    page = visit.tab(HOME)
    prepare(page, what, on)
    page.reload()
    says(page, *DAYS[what, on])


def test_after_the_interview_the_question_comes_back(visit: Reader) -> None:
    page = visit.tab(HOME)
    prepare(page, "", "2026-03-09")
    page.reload()
    is_asking(page, f"Your interview was on Monday 9 March. {WHY}")
    expect(part(page, "forget")).to_be_visible()


def test_the_day_before_lasts_until_four_in_the_morning(visit: Reader) -> None:
    page = visit.tab(HOME)
    prepare(page, "round:counter", "2026-03-12")
    for now, when in (
        ("T02:59:00Z", "tomorrow. 1 card"),
        ("T03:00:00Z", "today. Nothing new now: "),
    ):
        visit.context.clock.set_fixed_time(f"2026-03-12{now}")  # one hour later in Berlin
        page.reload()
        expect(part(page, "words")).to_contain_text(f"Counter: {when}")


@pytest.mark.parametrize(("on", "when"), [("2026-03-11", "tomorrow"), ("2026-03-10", "today")])
def test_on_the_last_evening_and_the_day_due_cards_come_and_no_new_ones(on: str, when: str, either: Reader) -> None:
    page = either.tab(HOME)
    answer(page, "oven-cools", 1, "2026-03-08")
    prepare(page, "round:bench", on)
    page.reload()
    expect(part(page, "words")).to_contain_text(f"Bench test: {when}. Nothing new")
    expect(part(page, "words")).to_contain_text("1 card, 1 minute aloud.")
    expect(part(page, "cards").locator("li")).to_have_text([OVEN])
    part(page, "more").get_by_role("link", name="Cram sheet: Bench test").click()
    expect(page.locator("h1")).to_have_text("Cram sheet: Bench test")


def test_cards_that_are_due_for_another_round_are_not_passed_over(visit: Reader) -> None:
    page = visit.tab(HOME)
    answer(page, "oven-cools", 1, "2026-03-08")
    answer(page, "gone-from-the-guide", 1, "2026-03-08")
    prepare(page, "round:counter", "2026-03-10")
    page.reload()
    words = "Counter: today. Nothing new now: read, and breathe. None of its cards is due."
    says(page, words, [], ["Cram sheet: Counter", DAY_SHEET, "All that is due: 1 card"])
    part(page, "more").get_by_role("link", name="All that is due").click()
    expect(page.get_by_role("radio", name="Due today")).to_be_checked()
    expect(page.locator('[data-count="due"]')).to_have_text("1 card")


def test_who_has_a_round_tomorrow_gets_cards_by_one_click(either: Reader) -> None:
    page = either.tab(HOME)
    page.get_by_role("link", name="I bake tomorrow").click()
    says(page, "The interview: tomorrow. 3 cards, 4 minutes aloud.", [LOAF, CUSTOMER, OVEN], ["Cram sheets", DAY_SHEET])
    expect(part(page, "title")).to_be_focused()
    expect(part(page, "start")).to_be_in_viewport()
    assert top(part(page, "title")) > page.locator(".md-header").evaluate("it => it.getBoundingClientRect().bottom")
    assert interview_kept(page) == {"what": "", "on": "2026-03-11"}


def test_the_plans_row_of_today_is_named_and_its_cards_come_first_of_the_new(visit: Reader) -> None:
    page = laid(visit, "2026-03-09", "role:baker", "2026-03-19")
    words = "Baker: on Thursday 19 March, in 9 days. 3 cards, 4 minutes aloud."
    says(page, words, [CUSTOMER, LOAF, OVEN], ["Your plan: One conversation"])
    part(page, "more").get_by_role("link").click()
    expect(page).to_have_url(f"{visit.root}/plans/two-days.html#days-2-2")
    page.get_by_label("First day").fill("2026-03-10")
    visit.go(page, HOME)
    says(page, words, [LOAF, CUSTOMER, OVEN], ["Your plan: One loaf"])
    prepare(page, "round:counter", "2026-03-19")
    words = words.replace("Baker", "Counter").replace("3 cards, 4", "2 cards, 3")
    says(page, words, [LOAF, CUSTOMER], ["Your plan: One loaf"])


def test_a_plan_that_begins_later_is_named_and_no_other_is_offered(visit: Reader) -> None:
    page = laid(visit, "2026-03-14", "", "2026-03-19")
    expect(part(page, "more").locator("li")).to_have_text(["Your plan: Two days, from Saturday 14 March"])


def test_a_plan_is_laid_to_end_on_the_day_and_so_is_its_calendar(either: Reader, tmp_path: Path) -> None:
    page = either.tab(HOME)
    page.get_by_label("When?").fill("2026-03-29")
    page.get_by_role("button", name="Plan my days").click()
    part(page, "more").get_by_role("link", name="A plan that fits: Two days").click()
    page.get_by_role("button", name="End it on Sun 29 Mar, the day of your interview").click()
    expect(page.get_by_label("First day")).to_have_value("2026-03-28")
    expect(page.locator("#plan-towards")).to_be_hidden()
    expect(page.get_by_role("button", name="Download calendar")).to_be_focused()
    days = page.locator(".sa-plan__dates time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert days == ["2026-03-28", "2026-03-29"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download calendar").click()
    waiting.value.save_as(tmp_path / "plan.ics")
    events = Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert [(event.decoded("DTSTART"), event.decoded("DTEND")) for event in events] == [
        (datetime.date(2026, 3, 28), datetime.date(2026, 3, 29)),
        (datetime.date(2026, 3, 29), datetime.date(2026, 3, 30)),
    ]
    page.get_by_label("First day").fill("2026-03-20")
    expect(page.locator("#plan-towards")).to_be_visible()


def test_a_plan_is_not_laid_towards_an_interview_that_it_is_too_long_for(visit: Reader) -> None:
    page = visit.tab("plans/two-days.html")
    prepare(page, "", "2026-03-11")
    expect(page.locator("#plan-towards")).to_have_text("End it on Wed 11 Mar, the day of your interview")
    expect(page.locator("#plan-towards")).to_be_visible()
    expect(page.locator("#plan-short")).to_be_hidden()
    prepare(page, "", "2026-03-10")
    expect(page.locator("#plan-towards")).to_be_hidden()
    why = page.locator("#plan-short")
    expect(why).to_have_text("It takes 2 days, too long to end by Tue 10 Mar, the day of your interview.")
    page.get_by_label("First day").fill("2026-03-09")  # under way, and it ends on the day
    expect(why).to_be_hidden()
    prepare(page, "", "2026-03-09")
    expect(why).to_be_hidden()


def test_a_plan_that_ends_after_the_interview_says_so_and_another_is_offered(visit: Reader) -> None:
    page = laid(visit, "2026-03-18", "", "2026-03-19")
    ahead = "Your plan: Two days, from Wednesday 18 March"
    expect(part(page, "more").locator("li")).to_have_text([ahead])
    prepare(page, "", "2026-03-18")  # it was moved
    expect(part(page, "more").locator("li")).to_have_text([f"{ahead} (the plan ends after the interview)", FITS])


def test_a_page_left_open_overnight_says_what_the_new_day_is_for(visit: Reader) -> None:
    page = visit.tab(HOME)
    prepare(page, "round:counter", "2026-03-11")
    expect(part(page, "words")).to_contain_text("Counter: tomorrow. 1 card")
    visit.context.clock.set_fixed_time("2026-03-11T08:00:00Z")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the reader comes back to the tab
    expect(part(page, "words")).to_contain_text("Counter: today. Nothing new now")


def test_the_sets_on_the_page_of_practice_follow_the_interview_at_once(visit: Reader) -> None:
    page = visit.tab(PRACTICE)
    expect(page.locator('[data-count="today"]')).to_have_text("3 cards")
    page.get_by_label("Which?").select_option("Counter")
    page.get_by_role("button", name="Plan my days").click()
    expect(page.locator('[data-count="today"]')).to_have_text("1 card")


@pytest.mark.parametrize("size", [(320, 640), (375, 740)])
def test_after_planning_on_a_phone_the_header_does_not_cover_the_title(
    size: tuple[int, int], browser: Browser, roots: dict[str, str]
) -> None:
    phone = {"viewport": {"width": size[0], "height": size[1]}, "has_touch": True, "is_mobile": True}
    with reader(browser, roots["host"], **phone) as visit:
        with_cards(visit, 3, 12)
        page = visit.tab(HOME)
        page.get_by_label("When?").fill("2199-12-01")
        part(page, "title").evaluate("it => scrollBy(0, it.getBoundingClientRect().top - 8)")  # half below the header
        page.get_by_role("button", name="Plan my days").click()
        expect(part(page, "title")).to_be_focused()
        expect(part(page, "start")).to_be_visible()
        header = page.locator(".md-header").evaluate("it => it.getBoundingClientRect().bottom")
        assert top(part(page, "title")) >= header


# --- the half hour ---------------------------------------------------------------------------------------------------
def with_cards(reading: Reader, minutes: int, number: int) -> None:
    """Another guide at the same address, with so many new cards of so many minutes: card-01, card-02 and so on."""
    cards = [
        {"id": f"card-{place:02}", "title": f"Card {place:02}", "line": "", "form": "situation", "round": "bench"}
        | {"level": "foundation", "minutes": minutes, "roles": [], "topics": [], "moves": 4, "follow_ups": 2}
        for place in range(1, number + 1)
    ]
    data = {"rounds": [], "levels": [], "roles": [], "topics": [], "plans": [], "collections": [], "cards": cards}

    def give(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=f"StrongAnswer.data = {json.dumps(data)};")

    reading.context.route("**/assets/data/cards.js*", give)


def names(minutes: int, *places: int) -> list[str]:
    return [f"Card {place:02} {minutes} min" for place in places]


def test_todays_set_fits_half_an_hour_and_due_cards_take_two_thirds_of_it_first(visit: Reader) -> None:
    with_cards(visit, 4, 20)
    page = visit.tab(HOME)
    for place in range(11, 19):
        answer(page, f"card-{place}", 1, "2026-03-08")
    page.reload()
    words = "7 cards, 28 minutes aloud."
    says(page, words, names(4, 11, 12, 13, 14, 15, 1, 2), [])
    answer(page, "card-11", 3, "2026-03-10", (0, 1, 2))
    words = "6 cards, 24 minutes aloud. 4 minutes done today."
    says(page, words, names(4, 12, 13, 14, 15, 1, 2), [])
    prepare(page, "", "2026-03-11")
    words = "The interview: tomorrow. Nothing new today. 6 cards, 24 minutes aloud. 4 minutes done today."
    expect(part(page, "words")).to_have_text(words)
    expect(part(page, "cards").locator("li")).to_have_text(names(4, 12, 13, 14, 15, 16, 17))


def test_when_the_half_hour_is_done_today_says_so(visit: Reader) -> None:
    with_cards(visit, 10, 5)
    page = visit.tab(HOME)
    for place in (1, 2, 3):
        answer(page, f"card-{place:02}", 3, "2026-03-10", (0, 1, 2))
    page.reload()
    says(page, "Your half hour is done.", [], [])
    visit.go(page, f"{PRACTICE}?set=today")
    expect(page.locator("[data-found]")).to_have_text("Today's half hour is done, or nothing is left to do.")
    expect(page.locator("[data-start]")).to_be_disabled()


def test_where_all_is_answered_in_less_the_half_hour_is_not_called_done(visit: Reader) -> None:
    page = visit.tab(HOME)
    prepare(page, "round:counter", "")
    answer(page, "angry-customer", 3, "2026-03-10", (0, 1, 2))
    page.reload()
    says(page, "Counter. No card is due.", [], [])


def test_the_card_least_likely_to_be_known_comes_first_of_the_due(visit: Reader) -> None:
    with_cards(visit, 4, 3)
    page = visit.tab(HOME)
    for card, day in (("card-01", "2026-03-08"), ("card-02", "2026-03-02"), ("card-03", "2026-03-05")):
        answer(page, card, 1, day)
    page.reload()
    says(page, "3 cards, 12 minutes aloud.", names(4, 2, 3, 1), [])


def test_eight_cards_are_named_and_the_others_counted(visit: Reader) -> None:
    with_cards(visit, 3, 12)
    page = visit.tab(HOME)
    prepare(page, "", "2026-03-30")
    expect(part(page, "words")).to_contain_text("10 cards, 30 minutes aloud.")
    expect(part(page, "cards").get_by_role("link")).to_have_text([f"Card {place:02}" for place in range(1, 9)])
    expect(part(page, "cards").locator("li").last).to_have_text("and 2 more")


# --- into it ---------------------------------------------------------------------------------------------------------
def test_the_first_card_is_one_click_away_and_the_due_one_first(either: Reader) -> None:
    page = either.tab(HOME)
    answer(page, "oven-cools", 1, "2026-03-08")
    either.go(page, HOME)
    says(page, "3 cards, 4 minutes aloud.", [OVEN, LOAF, CUSTOMER], [])
    page.get_by_role("link", name="Start with these").click()
    expect(page.locator("[data-place]")).to_have_text("Card 1 of 3")
    expect(page.locator("[data-set]")).to_have_text("Today")
    session = parse_qs(urlsplit(page.url).fragment)
    assert session["q"] == ["oven-cools,dense-loaf,angry-customer"]
    for _ in range(3):
        page.locator("[data-next]").click()
    page.locator('[data-rating="2"]').click()
    expect(page.locator("[data-place]")).to_have_text("Card 2 of 3")
    either.go(page, HOME)
    says(page, "2 cards, 3 minutes aloud. 1 minute done today.", [LOAF, CUSTOMER], [])


def test_practice_offers_the_same_half_hour_in_the_same_order(visit: Reader) -> None:
    page = visit.tab(HOME)
    answer(page, "oven-cools", 1, "2026-03-08")
    visit.go(page, f"{PRACTICE}?set=today&order=shuffled&seed=3")
    expect(page.locator('[data-count="today"]')).to_have_text("3 cards")
    expect(page.get_by_role("radio", name="Today's half hour")).to_be_checked()
    page.locator("[data-start]").click()
    expect(page.locator("[data-place]")).to_have_text("Card 1 of 3")
    session = parse_qs(urlsplit(page.url).fragment)
    assert session["q"] == ["oven-cools,dense-loaf,angry-customer"]


def test_the_whole_way_goes_by_keyboard(either: Reader) -> None:
    page = either.tab(HOME)
    page.get_by_label("Which?").focus()
    page.keyboard.type("Bench")
    page.keyboard.press("Tab")
    page.keyboard.type("03192026")
    page.keyboard.press("Enter")
    expect(part(page, "title")).to_be_focused()
    words = "Bench test: on Thursday 19 March, in 9 days. 2 cards, 3 minutes aloud."
    says(page, words, [LOAF, OVEN], [FITS])
    expect(part(page, "title")).to_be_focused()
    change = page.get_by_role("button", name="Change")
    listed = [*part(page, "cards").get_by_role("link").all(), part(page, "more").get_by_role("link")]
    for stop in (part(page, "start"), change, *listed):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    change.focus()
    expect(change).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(change).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_label("Which?")).to_be_focused()
    change.focus()
    page.keyboard.press("Enter")
    expect(part(page, "ask")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(part(page, "start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-place]")).to_have_text("Card 1 of 2")


# --- for whom --------------------------------------------------------------------------------------------------------
MOVED = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
  .observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize("came_for", ["an interview", "cards"])
def test_home_begins_with_today_for_a_reader_who_was_here(came_for: str, either: Reader) -> None:
    page = either.tab(HOME)
    if came_for == "cards":
        answer(page, "dense-loaf", 3, "2026-03-09", (0, 1, 2))
    else:
        prepare(page, "", "2026-03-19")
    page.reload()
    expect(part(page, "title")).to_have_text("Today")
    expect(part(page, "start")).to_be_in_viewport()
    assert top(part(page, "title")) < top(page.locator("h1"))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_while_today_is_filled_in(size: str, browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], MOVED, viewport=SIZES[size]) as visit:
        visit.context.clock.set_fixed_time(TUESDAY)
        page = visit.tab(HOME)
        prepare(page, "role:baker", "2026-03-19")
        page.reload()
        expect(part(page, "start")).to_be_visible()
        page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
        assert page.evaluate("window.moved") < 0.01


@pytest.mark.parametrize("where", ["disk", "host"])
def test_with_storage_blocked_home_says_so_and_works_until_it_is_closed(
    where: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots[where], BLOCKED) as visit:
        visit.context.clock.set_fixed_time(TUESDAY)
        page = visit.tab(HOME)
        is_asking(page)
        expect(page.locator("#sa-says")).to_contain_text(
            "This browser keeps nothing for this site, so your work lasts until you close the page."
        )
        page.get_by_label("Which?").select_option("Baker")
        page.get_by_label("When?").fill("2026-03-19")
        page.get_by_role("button", name="Plan my days").click()
        words = "Baker: on Thursday 19 March, in 9 days. 3 cards, 4 minutes aloud."
        says(page, words, [LOAF, CUSTOMER, OVEN], [FITS])
        part(page, "start").click()
        expect(page.locator("[data-place]")).to_have_text("Card 1 of 3")
        visit.go(page, HOME)
        is_asking(page)
        assert [text for text in visit.trouble if "StrongAnswer" in text or "today.js" in text] == []


def test_without_javascript_nothing_is_asked(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], java_script_enabled=False) as visit:
        page = visit.tab(HOME)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("[data-today]")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_today_asking_and_answering_violates_no_rule_of_wcag(
    scheme: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots["disk"], viewport=SIZES["phone"], color_scheme=scheme) as visit:
        visit.context.clock.set_fixed_time(TUESDAY)
        page = visit.tab(HOME)
        is_asking(page)
        found = violations(page, "[data-today]")
        prepare(page, "role:baker", "2026-03-19")
        expect(part(page, "start")).to_be_visible()
        part(page, "change").click()
        expect(part(page, "ask")).to_be_visible()
        assert found + violations(page, "[data-today]") == []
