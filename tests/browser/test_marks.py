"""What a reader did, where cards are listed: marks beside names, the weakest, figures by topic; ticks of checklists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, Route, expect
from reading import BLOCKED, Reader, reader, sideways

PROGRESS = "practice/progress.html"
CHECKLIST = "checklists/before-the-bench.html"
LOAF, OVEN, CUSTOMER = "The loaf that did not rise", "The oven that loses heat", "The customer with yesterday's bread"


def answer(page: Page, card: str, rating: int, day: str, hit: tuple[int, ...] = ()) -> None:
    page.evaluate(
        "([card, hit, rating, at]) => StrongAnswer.progress.record(card, {hit, of: 4, rating}, new Date(at))",
        [card, list(hit), rating, f"{day}T11:00:00Z"],
    )


def star(page: Page, card: str, on: bool = True) -> None:
    page.evaluate("([card, star]) => StrongAnswer.progress.put(card, {star})", [card, on])


def a_history(page: Page) -> None:
    """The loaf missed, due and with a star; the oven learning; the customer known."""
    answer(page, "dense-loaf", 1, "2026-03-09", (0,))
    star(page, "dense-loaf")
    answer(page, "oven-cools", 3, "2026-03-10", (0, 1, 2))
    answer(page, "angry-customer", 3, "2026-03-09", (0, 1, 2, 3))


# --- marks beside cards ----------------------------------------------------------------------------------------------
MISSED = " · ★, missed last time, due"
#: By page: for each card on it, the lines in which it stands, marks and all.
LISTED = {
    "rounds/bench.html": {
        LOAF: [f"Foundation · 2 min · evidence{MISSED}"],
        OVEN: ["Senior · 1 min · evidence · learning"],
    },
    "rounds/counter.html": {CUSTOMER: ["Practitioner · 1 min · known"]},
    "roles/baker.html": {LOAF: [f"{LOAF} Bench test{MISSED}", f"{LOAF}{MISSED}"]},
    "topics.html": {
        LOAF: [f"{LOAF} Bench test{MISSED}"],
        OVEN: [f"{OVEN} Bench test · learning"],
        CUSTOMER: [f"{CUSTOMER} Counter · known"],
    },
    "cram/bench.html": {LOAF: [f"{LOAF}{MISSED}"], OVEN: [f"{OVEN} · learning"]},
    "collections/people.html": {CUSTOMER: ["Counter · Practitioner · 1 min · known"]},
    "plans/two-days.html": {LOAF: [f"{LOAF}{MISSED}"]},
    "notebooks/proofing.html": {LOAF: [f"{LOAF}{MISSED}"]},
    "glossary.html": {LOAF: [f"{LOAF}{MISSED}"] * 2, OVEN: [f"{OVEN} · learning"], CUSTOMER: [f"{CUSTOMER} · known"]},
    CHECKLIST: {LOAF: [f"{LOAF}{MISSED}"], OVEN: [f"{OVEN} · learning"]},
    "worksheets/one-loaf.html": {LOAF: [f"{LOAF}{MISSED}"]},
}


@pytest.mark.parametrize("uri", LISTED)
def test_what_a_reader_did_stands_beside_each_card_wherever_it_is_listed(uri: str, either: Reader) -> None:
    page = either.tab(uri)
    expect(page.locator(".sa-row__mine")).to_have_count(0)
    a_history(page)
    either.go(page, uri)
    content, wanted = page.locator(".md-content"), LISTED[uri]
    for title, lines in wanted.items():
        link = page.get_by_role("link", name=title, exact=True)
        rows = content.locator("li, dd, h3, .sa-field__hint").filter(has=link)
        expect(rows).to_have_count(len(lines))
        for row, line in zip(rows.all(), lines, strict=True):
            expect(row).to_contain_text(line)
            expect(row.locator(".sa-row__mine")).to_be_visible()
    expect(page.locator(".sa-row__mine")).to_have_count(sum(map(len, wanted.values())))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_star_alone_is_a_mark_and_a_new_card_without_one_has_none(visit: Reader) -> None:
    page = visit.tab("rounds/bench.html")
    star(page, "oven-cools")
    expect(page.locator(".sa-row__mine")).to_have_count(1)
    row = page.locator(".sa-row").filter(has_text=OVEN)
    expect(row.locator(".sa-row__meta")).to_have_text("Senior · 1 min · evidence · ★")
    star(page, "oven-cools", on=False)
    expect(row.locator(".sa-row__meta")).to_have_text("Senior · 1 min · evidence")


def test_a_star_put_on_a_card_shows_in_lists_open_in_other_tabs(either: Reader) -> None:
    listed, card = either.tab("topics.html"), either.tab("cards/angry-customer.html")
    card.get_by_role("button", name="Star").click()
    mark = listed.locator("li").filter(has_text=CUSTOMER).locator(".sa-row__mine")
    expect(mark).to_have_text(" · ★")
    card.get_by_role("button", name="Starred").click()
    expect(mark).to_have_text("")


def test_a_mark_follows_the_day(visit: Reader) -> None:
    page = visit.tab("collections/people.html")
    answer(page, "angry-customer", 3, "2026-03-10", (0, 1, 2, 3))
    for day, words in (("2026-03-17", "known"), ("2026-03-18", "due")):
        visit.context.clock.set_fixed_time(f"{day}T12:00:00Z")
        page.reload()
        expect(page.locator(".sa-row__mine")).to_have_text(f" · {words}")


def test_a_cram_sheet_is_narrowed_to_what_was_starred_or_missed_on_screen_and_paper(either: Reader) -> None:
    page = either.tab("cram/bench.html")
    box = page.get_by_role("checkbox", name="Only what I starred or missed last time")
    expect(box).to_be_hidden()
    answer(page, "dense-loaf", 1, "2026-03-09", (0,))
    page.get_by_label("(1 of 2)").check()
    expect(page.locator("#dense-loaf")).to_be_visible()
    expect(page.locator("#oven-cools")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#dense-loaf")).to_be_visible()
    expect(page.locator("#oven-cools")).to_be_hidden()
    expect(box).to_be_hidden()
    page.emulate_media(media="screen")
    star(page, "oven-cools")
    expect(page.locator("#oven-cools")).to_be_visible()
    answer(page, "dense-loaf", 3, "2026-03-10", (0, 1, 2, 3))
    star(page, "oven-cools", on=False)  # nothing is left to narrow to: all come back
    expect(page.locator("#dense-loaf, #oven-cools").filter(visible=True)).to_have_count(2)
    expect(box).to_be_hidden()
    page.get_by_role("link", name="Practice these").click()
    expect(page.locator("[data-found]")).to_contain_text("2 cards")


def test_a_cram_sheet_is_narrowed_to_a_level_by_who_has_answered_nothing(either: Reader) -> None:
    page = either.tab("cram/bench.html")
    page.get_by_role("combobox", name="Level").select_option("Senior")
    expect(page.locator("#oven-cools")).to_be_visible()
    expect(page.locator("#dense-loaf")).to_be_hidden()
    expect(page.get_by_text("1 of 2 cards")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#dense-loaf")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Level")).to_be_hidden()
    page.emulate_media(media="screen")
    assert sideways(page) == 0
    page.get_by_role("link", name="Practice these").click()
    expect(page.locator("[data-found]")).to_contain_text("1 card")


def test_marks_do_not_go_into_a_plans_calendar(either: Reader, tmp_path: Path) -> None:
    page = either.tab("plans/two-days.html")
    a_history(page)
    either.go(page, "plans/two-days.html")
    expect(page.locator(".sa-row__mine")).to_have_text(MISSED)
    page.get_by_label("First day").fill("2026-11-30")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download calendar").click()
    waiting.value.save_as(tmp_path / "plan.ics")
    first, _ = Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    lines = str(first["DESCRIPTION"]).split("\n")
    assert [line.split(": http")[0] for line in lines] == [
        "A loaf, cut and described aloud.",
        "",
        "Use:",
        "- How long a dough needs (notebook)",
        f"- {LOAF}",
    ]
    expect(page.locator(".sa-row__mine")).to_have_text(MISSED)


def test_with_storage_blocked_lists_read_as_before(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["host"], BLOCKED) as visit:
        page = visit.tab("rounds/bench.html")
        expect(page.locator(".sa-row__meta")).to_have_text(
            ["Foundation · 2 min · evidence", "Senior · 1 min · evidence"]
        )
        expect(page.locator(".sa-row__mine")).to_have_count(0)
        assert [text for text in visit.trouble if "StrongAnswer" in text or "marks.js" in text] == []


# --- the weakest -----------------------------------------------------------------------------------------------------
def test_progress_lists_the_weakest_first_and_practice_asks_them_in_that_order(either: Reader) -> None:
    page = either.tab(PROGRESS)
    expect(page.locator("#some")).to_be_hidden()
    answer(page, "oven-cools", 3, "2026-03-10", (0, 1, 2))
    answer(page, "angry-customer", 1, "2026-03-10", (0,))
    answer(page, "dense-loaf", 2, "2026-03-10", (0, 1))
    expect(page.locator("#weakest-list li")).to_have_text(
        [
            f"{CUSTOMER} 1 of 4 moves, missed",
            f"{LOAF} 2 of 4 moves, shaky",
            f"{OVEN} 3 of 4 moves, said it",
        ]
    )
    page.get_by_role("link", name="Practice my weakest ten").click()
    expect(page.get_by_role("radio", name="My weakest ten")).to_be_checked()
    expect(page.locator('[data-count="weakest"]')).to_have_text("3 cards")
    expect(page.locator("[data-found]")).to_have_text("3 cards; this session asks all of them.")
    page.locator("[data-start]").click()
    expect(page.locator("[data-place]")).to_have_text("Card 1 of 3")
    expect(page.locator("[data-set]")).to_have_text("My weakest")
    session = parse_qs(urlsplit(page.url).fragment)
    assert session["q"] == ["angry-customer,dense-loaf,oven-cools"]


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ((3, "2026-03-09", (0, 1)), (3, "2026-03-09", (0, 1, 2))),  # fewer moves said
        ((2, "2026-03-09", (0, 1)), (3, "2026-03-09", (0, 1))),  # rated lower
        ((3, "2026-03-01", (0, 1, 2)), (3, "2026-03-09", (0, 1, 2))),  # longer ago: less likely known
    ],
)
def test_weak_is_few_moves_a_low_rating_or_long_ago(
    weaker: tuple[int, str, tuple[int, ...]], stronger: tuple[int, str, tuple[int, ...]], visit: Reader
) -> None:
    page = visit.tab(PROGRESS)
    answer(page, "dense-loaf", *stronger)
    answer(page, "oven-cools", *weaker)
    expect(page.locator("#weakest-list a")).to_have_text([OVEN, LOAF])


def test_of_many_the_ten_weakest_are_listed_and_practiced(visit: Reader) -> None:
    cards = [
        {"id": f"card-{place:02}", "title": f"Card {place:02}", "line": "", "form": "situation", "round": "bench"}
        | {"level": "foundation", "minutes": 2, "roles": [], "topics": [], "moves": 4, "follow_ups": 2}
        for place in range(1, 13)
    ]
    data = {"rounds": [], "levels": [], "roles": [], "topics": [], "plans": [], "collections": [], "cards": cards}

    def give(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=f"StrongAnswer.data = {json.dumps(data)};")

    visit.context.route("**/assets/data/cards.js*", give)
    page = visit.tab(PROGRESS)
    for place in range(1, 13):
        answer(page, f"card-{place:02}", 1 if place > 5 else 3, "2026-03-10", (0, 1, 2))
    wanted = [f"Card {place:02}" for place in (6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    expect(page.locator("#weakest-list a")).to_have_text(wanted)
    visit.go(page, "practice/index.html?set=weakest&order=listed")
    expect(page.locator('[data-count="weakest"]')).to_have_text("10 cards")
    expect(page.locator("[data-found]")).to_have_text("10 cards; this session asks all of them.")
    drawn = page.evaluate("StrongAnswer.draw.queue(StrongAnswer.data, location.search).cards.map((card) => card.title)")
    assert drawn == wanted


def test_before_anything_was_answered_or_starred_the_sets_say_so(visit: Reader) -> None:
    page = visit.tab("practice/index.html?set=weakest")
    expect(page.locator("[data-found]")).to_have_text("Nothing was answered yet.")
    expect(page.locator("[data-start]")).to_be_disabled()
    page.get_by_role("radio", name="With a star").check()
    expect(page.locator("[data-found]")).to_have_text("No card has a star yet: put one on a card's own page.")
    expect(page.locator("[data-start]")).to_be_disabled()


def test_cards_with_a_star_are_a_set_of_their_own(visit: Reader) -> None:
    page = visit.tab("practice/index.html?set=starred&order=listed")
    for card in ("oven-cools", "angry-customer", "dense-loaf"):
        star(page, card)
    star(page, "oven-cools", on=False)
    expect(page.locator('[data-count="starred"]')).to_have_text("2 cards")
    page.locator("[data-start]").click()
    expect(page.locator("[data-set]")).to_have_text("With a star")
    assert parse_qs(urlsplit(page.url).fragment)["q"] == ["angry-customer,dense-loaf"]


# --- by topic --------------------------------------------------------------------------------------------------------
def test_progress_counts_by_topic(either: Reader) -> None:
    page = either.tab(PROGRESS)
    table = page.get_by_role("region", name="Topic")
    figures = [table.locator("tbody tr").nth(place).locator("td") for place in range(2)]
    expect(table.locator("tbody th")).to_have_text(["Customers", "Fermentation"])
    expect(figures[0]).to_have_text(["0 of 1", "0", "0", "none yet"])
    expect(figures[1]).to_have_text(["0 of 2", "0", "0", "none yet"])
    a_history(page)
    expect(figures[0]).to_have_text(["1 of 1", "1", "0", "4 of 4"])
    expect(figures[1]).to_have_text(["2 of 2", "0", "1", "4 of 8"])
    table.get_by_role("link", name="Fermentation").click()
    expect(page).to_have_url(f"{either.root}/cards/index.html?topic=fermentation")
    expect(page.locator(".sa-row__title:visible")).to_have_text([LOAF, OVEN])


# --- ticks on a checklist --------------------------------------------------------------------------------------------
def ticks(page: Page) -> Any:
    text = page.evaluate("localStorage.getItem('strong-loaf:checklists')")
    return json.loads(text)["value"]["ticks"] if text else None


def has_ticks(page: Page, *wanted: bool) -> None:
    boxes = page.locator("[data-checklist] input")
    expect(boxes).to_have_count(len(wanted))
    for box, ticked in zip(boxes.all(), wanted, strict=True):
        expect(box).to_be_checked(checked=ticked)
    expect(page.locator("[data-ticked]")).to_have_text(f"{sum(wanted)} of {len(wanted)} ticked")
    expect(page.get_by_role("button", name="Clear the ticks")).to_be_enabled(enabled=any(wanted))


def test_ticks_of_a_checklist_stay_and_are_cleared(either: Reader) -> None:
    page = either.tab(CHECKLIST)
    has_ticks(page, False, False, False)
    page.get_by_label("Do I know how warm the kitchen is?").check()
    page.get_by_label("Is the starter awake?").focus()
    page.keyboard.press("Space")
    has_ticks(page, True, False, True)
    page.reload()
    has_ticks(page, True, False, True)
    assert ticks(page) == {"before-the-bench": ["Do I know how warm the kitchen is?", "Is the starter awake?"]}
    page.get_by_label("Do I know how warm the kitchen is?").uncheck()
    has_ticks(page, False, False, True)
    page.get_by_role("button", name="Clear the ticks").press("Enter")
    has_ticks(page, False, False, False)
    expect(page.get_by_label("Do I know how warm the kitchen is?")).to_be_focused()
    page.reload()
    has_ticks(page, False, False, False)
    assert ticks(page) == {}


@pytest.mark.parametrize(
    "uri", [CHECKLIST, "cards/index.html", "practice/index.html", "practice/mock.html", "plans/two-days.html"]
)
def test_boxes_to_tick_are_as_large_as_a_finger_needs(uri: str, visit: Reader) -> None:
    page = visit.tab(uri)
    boxes = page.locator(".md-content :is([type=checkbox], [type=radio])").filter(visible=True)
    expect(boxes.first).to_be_visible()
    sizes = [box.bounding_box() for box in boxes.all()]
    assert min(min(size["width"], size["height"]) for size in sizes if size) >= 24
    assert sideways(page) == 0


def test_two_tabs_show_the_same_ticks(visit: Reader) -> None:
    one, two = visit.tab(CHECKLIST), visit.tab(CHECKLIST)
    one.get_by_label("Is the oven as hot as it says?").check()
    has_ticks(two, False, True, False)
    two.get_by_role("button", name="Clear the ticks").click()
    has_ticks(one, False, False, False)


def test_clearing_one_list_leaves_the_ticks_of_others(visit: Reader) -> None:
    page = visit.tab(CHECKLIST)
    other = {
        "version": 1,
        "value": {
            "ticks": {"another": ["Anything?"], "before-the-bench": ["Do I know how warm the kitchen is?", "Gone?"]}
        },
    }
    page.evaluate("(text) => localStorage.setItem('strong-loaf:checklists', text)", json.dumps(other))
    page.reload()
    has_ticks(page, True, False, False)
    page.get_by_role("button", name="Clear the ticks").click()
    assert ticks(page) == {"another": ["Anything?"]}


@pytest.mark.parametrize("where", ["disk", "host"])
def test_the_print_button_of_a_checklist_prints_and_is_not_on_the_paper(
    where: str, browser: Browser, roots: dict[str, str]
) -> None:
    with reader(browser, roots[where], "window.prints = 0; window.print = () => { window.prints += 1; };") as visit:
        page = visit.tab(CHECKLIST)
        page.get_by_role("button", name="Print").click()
        assert page.evaluate("window.prints") == 1
        page.emulate_media(media="print")
        expect(page.get_by_text("Is the starter awake?")).to_be_visible()
        expect(page.locator("[data-print]")).to_be_hidden()
        expect(page.locator("[data-clear]")).to_be_hidden()
        assert visit.trouble == []


def test_with_storage_blocked_a_checklist_says_so_and_ticks(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], BLOCKED) as visit:
        page = visit.tab(CHECKLIST)
        expect(page.locator("#sa-says")).to_contain_text(
            "This browser keeps nothing for this site, so your work lasts until you close the page."
        )
        page.get_by_label("Is the starter awake?").check()
        has_ticks(page, False, False, True)
        page.get_by_role("button", name="Clear the ticks").click()
        has_ticks(page, False, False, False)


def test_erasing_everything_clears_the_ticks_too(visit: Reader) -> None:
    page = visit.tab(CHECKLIST)
    page.get_by_label("Is the starter awake?").check()
    visit.go(page, PROGRESS)
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase everything").click()
    expect(page.locator("#done")).to_have_text("Everything is erased.")
    visit.go(page, CHECKLIST)
    has_ticks(page, False, False, False)


def test_without_javascript_a_checklist_has_boxes_and_no_buttons(browser: Browser, roots: dict[str, str]) -> None:
    with reader(browser, roots["disk"], java_script_enabled=False) as visit:
        page = visit.tab(CHECKLIST)
        expect(page.locator("[data-checklist] input")).to_have_count(3)
        expect(page.locator("[data-checklist-tools]")).to_be_hidden()
