"""What a reader did is kept: through reloads, two tabs, files, and storage that is blocked, full, damaged or newer."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect
from reading import BLOCKED, FULL, SIZES, Reader, reader, served

KEY = "strong-loaf:progress"
PAGE = "practice/progress.html"
CARD = "dense-loaf"
NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def root(built_tiny: Path) -> str:
    return (built_tiny / "site").as_uri()


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Reader]:
    """A reader on 10 March 2026, whose pages have nothing to complain of."""
    with reader(browser, root) as one:
        one.context.clock.set_fixed_time(NOON)
        yield one
        assert one.trouble == []


@pytest.fixture(scope="module")
def at_noon(browser: Browser, root: str) -> Iterator[Reader]:
    """The same reader, for all tests that ask the store alone and have no need of a page of their own."""
    with reader(browser, root) as one:
        one.context.clock.set_fixed_time(NOON)
        one.tab(PAGE)
        yield one


@pytest.fixture
def store(at_noon: Reader) -> Iterator[Page]:
    """Their page, in a browser that keeps nothing yet."""
    (page,) = at_noon.context.pages
    page.evaluate("() => { StrongAnswer.progress.erase(); StrongAnswer.interview.set({what: '', on: ''}); }")
    yield page
    assert at_noon.trouble == []


def record(page: Page, card: str, rating: int, day: str = "2026-03-10", hit: tuple[int, ...] = (0, 2)) -> Any:
    """Record an answer through the store, at noon of a day."""
    return page.evaluate(
        "([card, hit, rating, at]) => StrongAnswer.progress.record(card, {hit, of: 4, rating}, new Date(at))",
        [card, list(hit), rating, f"{day}T11:00:00Z"],
    )


def call(page: Page, expression: str) -> Any:
    return page.evaluate(f"() => StrongAnswer.progress.{expression}")


def kept(page: Page, key: str = KEY) -> str | None:
    text: str | None = page.evaluate("(key) => localStorage.getItem(key)", key)
    return text


# --- the schedule ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "days"),
    [
        ([(3, 2)], 3),
        ([(3, 4)], 8),  # every move said
        ([(3, 1)], 2),  # fewer than half of them: as if shaky
        ([(2, 2)], 2),
        ([(2, 0)], 1),  # shaky, and no move said: as if missed
        ([(1, 4)], 1),
        ([(3, 2), (3, 2)], 14),
        ([(3, 2), (3, 2), (3, 2)], 57),
        ([(3, 2), (3, 2), (1, 2)], 2),
        ([(2, 2), (2, 2), (2, 2)], 9),
    ],
)
def test_an_answer_brings_its_card_back_when_fsrs_says(answers: list[tuple[int, int]], days: int, store: Page) -> None:
    """The expected days are those of ts-fsrs 5.4.2 with its own weights, each answer given on the day it was due.

    Nothing is left of the answers before that were erased, though some were given at the same times.
    """
    day = NOON.date()
    for rating, said in answers:
        made = record(store, CARD, rating, day.isoformat(), tuple(range(said)))
        assert (made["seen"], made["kept"]) == (len(made["tries"]), True)
        day = datetime.date.fromisoformat(made["due"])
    assert made["days"] == days
    assert day == datetime.date.fromisoformat(made["last"]["on"]) + datetime.timedelta(days)


@pytest.mark.parametrize(
    ("interview", "due"),
    [
        ("", "2026-03-18"),
        ("2026-03-19", "2026-03-18"),
        ("2026-03-18", "2026-03-17"),
        ("2026-03-13", "2026-03-12"),
        ("2026-03-11", "2026-03-11"),  # tomorrow: there is no evening between
        ("2026-03-10", "2026-03-18"),  # today, and afterwards it is over
        ("2026-03-01", "2026-03-18"),
    ],
)
def test_no_card_comes_back_after_the_interview(interview: str, due: str, store: Page) -> None:
    store.evaluate("(on) => StrongAnswer.interview.set({what: '', on})", interview)
    assert record(store, CARD, 3, hit=(0, 1, 2, 3))["due"] == due


def test_what_the_first_edition_kept_is_replayed(visit: Reader) -> None:
    page = visit.tab(PAGE)
    old = [GOOD_TRY | {"at": f"2026-03-0{day}T09:30:00.000Z", "on": f"2026-03-0{day}", "hit": [0, 1]} for day in (1, 4)]
    text = json.dumps({"version": 1, "value": {"cards": {CARD: old}}})
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    made = call(page, f"card('{CARD}')")
    assert (made["seen"], made["days"], made["due"]) == (2, 14, "2026-03-18")
    record(page, "oven-cools", 3)
    value = json.loads(kept(page) or "")["value"]
    assert [set(one) for one in value["cards"][CARD]] == [{"at", "on", "hit", "of", "rating"}] * 2


def test_stars_and_notes_are_kept_merged_and_in_the_file(visit: Reader) -> None:
    page = visit.tab(f"cards/{CARD}.html")
    star = page.get_by_role("button", name="Star")
    star.click()
    expect(page.get_by_role("button", name="Starred")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("My note").click()
    page.get_by_label("My note on this card").fill("Ask for the crumb first.")
    page.reload()
    expect(page.get_by_label("My note on this card")).to_have_value("Ask for the crumb first.")
    text = call(page, "exportText()")
    call(page, "erase()")
    visit.go(page, PAGE)
    add(page, text)
    expect(page.locator("#done")).to_have_text("Took over 1 note or star. Settings stayed as they were.")
    assert call(page, f"own('{CARD}')") == {"star": True, "note": "Ask for the crumb first."}
    add(page, text)
    expect(page.locator("#done")).to_have_text("Nothing new was in it. Settings stayed as they were.")
    visit.go(page, f"cards/{CARD}.html")
    page.emulate_media(media="print")
    expect(page.locator("[data-note-printed]")).to_have_text("My note: Ask for the crumb first.")
    expect(page.locator("[data-note-printed]")).to_be_visible()


def test_a_day_is_the_readers_own_and_stays_it_when_the_clock_changes(browser: Browser, root: str) -> None:
    with reader(browser, root, timezone_id="America/New_York") as one:
        made = one.tab(PAGE).evaluate(
            "() => StrongAnswer.progress.record('x1', {hit: [], of: 4, rating: 3}, new Date('2026-03-08T02:30:00Z'))"
        )
    assert (made["last"]["on"], made["due"]) == ("2026-03-07", "2026-03-09"), "no move said: two days"


def test_a_day_ends_at_four_in_the_morning_and_not_while_somebody_practices(browser: Browser, root: str) -> None:
    with reader(browser, root, timezone_id="Europe/Paris") as one:
        page = one.tab(PAGE)
        record = "(at) => StrongAnswer.progress.record('x1', {hit: [], of: 4, rating: 1}, new Date(at)).due"
        assert page.evaluate(record, "2026-03-10T22:50:00Z") == "2026-03-11"
        days = [page.evaluate("(at) => StrongAnswer.days.of(new Date(at))", at) for at in (
            "2026-03-10T22:50:00Z", "2026-03-10T23:10:00Z", "2026-03-11T02:59:00Z", "2026-03-11T03:00:00Z",
        )]  # fmt: skip
        assert days == ["2026-03-10", "2026-03-10", "2026-03-10", "2026-03-11"]
        expect(page.locator("#progress")).to_contain_text("A day ends at four in the morning")


def test_a_file_stays_there_for_as_long_as_a_phone_asks(visit: Reader) -> None:
    page = visit.tab(PAGE)
    page.evaluate("() => { window.revoked = 0; URL.revokeObjectURL = () => (window.revoked += 1); }")
    page.clock.install()
    with page.expect_download():
        page.get_by_role("button", name="Save as a file").click()
    page.clock.fast_forward(600_000)
    assert page.evaluate("revoked") == 0


def test_before_there_is_a_history_the_page_names_what_browsers_clear_and_how_to_bring_it_back(visit: Reader) -> None:
    page = visit.tab(PAGE)
    expect(page.locator("#keep + p")).to_contain_text(
        "Safari clears them by itself when you have not come for seven days"
    )
    first = page.locator("#nothing-yet :is(label, a.sa-button)").first
    expect(first).to_have_text("Add from a file")
    expect(page.locator("#each-file")).to_contain_text("A few browsers keep a store for each file")
    record(page, CARD, 3)
    expect(page.locator("#each-file")).to_be_hidden()
    expect(page.locator("#nothing-yet")).to_be_hidden()


def test_a_card_is_new_missed_due_learning_or_known_by_the_day(visit: Reader) -> None:
    page = visit.tab(PAGE)
    record(page, "missed-one", 1)
    record(page, "shaky-one", 2)
    record(page, "known-one", 3, hit=(0, 1, 2, 3))

    def at(day: str) -> list[list[str]]:
        return [
            call(page, f"statuses('{card}', '{day}')") for card in ("missed-one", "shaky-one", "known-one", "other")
        ]

    assert at("2026-03-10") == [["missed"], ["learning"], ["known"], ["new"]]
    assert at("2026-03-11") == [["missed", "due"], ["learning"], ["known"], ["new"]]
    assert at("2026-03-12") == [["missed", "due"], ["due"], ["known"], ["new"]]
    assert at("2026-03-18") == [["missed", "due"], ["due"], ["due"], ["new"]]
    assert call(page, "due('2026-03-17')") == ["missed-one", "shaky-one"]
    assert call(page, "missed('2026-03-10')") == ["missed-one"]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("{hit: [4], of: 4, rating: 3}", "“hit” must be rising places of moves, below “of”"),
        ("{hit: [], of: 4, rating: 4}", "“rating” must be 1, 2 or 3"),
        ("{hit: [], of: -1, rating: 1}", "“of” must be a whole number from 0 to 99"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_kept(answer: str, fault: str, store: Page) -> None:
    try_it = f"try {{ StrongAnswer.progress.record('{CARD}', {answer}); }} catch (error) {{ return error.message; }}"
    said = store.evaluate(f"() => {{ {try_it} }}")
    assert said == f"Cannot record an answer to “{CARD}”: {fault}."
    assert kept(store) is None


# --- taking back -----------------------------------------------------------------------------------------------------
def test_undo_takes_back_the_last_answer_exactly_and_once_also_on_the_next_page(visit: Reader) -> None:
    page = visit.tab(PAGE)
    record(page, CARD, 3)
    before = call(page, "exportText()")
    record(page, CARD, 1, "2026-03-12")
    visit.go(page, "cards/index.html")
    assert call(page, "undo('oven-cools')") is None
    undone = call(page, f"undo('{CARD}')")
    assert (undone["id"], undone["was"]["rating"]) == (CARD, 1)
    assert call(page, "exportText()") == before
    assert call(page, "undo()") is None
    assert call(page, "exportText()") == before


def test_undo_brings_back_the_answer_that_was_dropped_for_its_age(visit: Reader) -> None:
    page = visit.tab(PAGE)
    for _ in range(30):
        record(page, CARD, 2)
    before = call(page, "exportText()")
    assert record(page, CARD, 3)["seen"] == 30
    call(page, "undo()")
    assert call(page, "exportText()") == before


def test_undo_of_the_only_answer_leaves_a_new_card(visit: Reader) -> None:
    page = visit.tab(PAGE)
    record(page, CARD, 3)
    call(page, "undo()")
    assert call(page, f"status('{CARD}')") == "new"
    assert call(page, "ids()") == []


def test_undo_never_takes_back_another_tabs_answer(visit: Reader) -> None:
    one, two = visit.tab(PAGE), visit.tab(PAGE)
    record(one, CARD, 3)
    record(two, CARD, 1, "2026-03-11")
    assert call(one, "undo()")["was"]["rating"] == 3
    two.wait_for_function(f"StrongAnswer.progress.card('{CARD}').tries.map((one) => one.rating).join() === '1'")


# --- two tabs --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("over", ["file", "http"])
def test_two_tabs_add_to_each_others_work_and_show_it(over: str, browser: Browser, built_tiny: Path) -> None:
    site = built_tiny / "site"
    with served(site) as address, reader(browser, address if over == "http" else site.as_uri()) as visit:
        visit.context.clock.set_fixed_time(NOON)
        one, two = visit.tab(PAGE), visit.tab(PAGE)
        record(one, CARD, 3)
        record(two, "oven-cools", 1)
        record(one, "angry-customer", 2)
        for page in (one, two):
            expect(page.locator("[data-sum=seen]")).to_have_text("3")
            assert sorted(call(page, "ids()")) == ["angry-customer", CARD, "oven-cools"]
        assert visit.trouble == []


def test_an_answer_swallowed_by_another_tabs_write_is_put_back(visit: Reader) -> None:
    one, two = visit.tab(PAGE), visit.tab(PAGE)
    record(one, "oven-cools", 3)
    before = kept(one)
    record(one, CARD, 3)
    # What happens where both tabs read before either writes: the other's write knows nothing of the last answer.
    two.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, before])
    one.wait_for_function(f"() => localStorage.getItem('{KEY}').includes('{CARD}')")
    assert sorted(call(two, "ids()")) == [CARD, "oven-cools"]


def test_what_one_tab_erased_no_other_brings_back(visit: Reader) -> None:
    one, two = visit.tab(PAGE), visit.tab(PAGE)
    record(one, CARD, 3)
    expect(two.locator("[data-sum=seen]")).to_have_text("1")
    call(two, "erase()")
    expect(one.locator("[data-sum=seen]")).to_have_text("0")
    record(two, "oven-cools", 3)
    expect(one.locator("[data-sum=seen]")).to_have_text("1")
    assert call(one, "ids()") == ["oven-cools"]


# --- storage that fails ----------------------------------------------------------------------------------------------
def test_with_storage_blocked_the_page_works_until_it_is_closed_and_says_so(browser: Browser, root: str) -> None:
    with reader(browser, root, BLOCKED) as visit:
        page = visit.tab(PAGE)
        assert record(page, CARD, 3)["kept"] is False
        expect(page.locator("[data-sum=seen]")).to_have_text("1")
        expect(page.locator("#sa-says")).to_contain_text(
            "This browser keeps nothing for this site, so your work lasts until you close the page."
        )
        assert call(page, "undo()")["id"] == CARD
        assert [text for text in visit.trouble if "StrongAnswer" in text or "store.js" in text] == []


def test_with_storage_full_what_was_there_stays_and_the_page_says_so(browser: Browser, root: str) -> None:
    with reader(browser, root) as visit:
        page = visit.tab(PAGE)
        record(page, CARD, 3)
        before = kept(page)
        page.evaluate(f"() => {{ {FULL} }}")
        assert record(page, "oven-cools", 3)["kept"] is False
        assert record(page, "angry-customer", 3)["kept"] is False
        expect(page.locator("[data-sum=seen]")).to_have_text("3")
        expect(page.locator("#sa-says")).to_contain_text(
            "This browser has no room left for this site, so what you do now lasts until you close the page."
        )
        assert kept(page) == before
        assert visit.trouble == []


DAMAGED = [
    "not json",
    "[]",
    '{"version": "1", "value": {}}',
    '{"version": 1}',
    '{"version": 1, "value": {"cards": []}}',
    '{"version": 1, "value": {"cards": {"a-card": [{"at": "yesterday"}]}}}',
    '{"version": 1, "value": {"cards": {"__proto__": []}}}',
    # No older format ever was: whatever calls itself version 0 is set aside, not guessed at.
    '{"version": 0, "value": {"boxes": {"a-card": 2}}}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_damaged_is_set_aside_whole_and_can_be_saved(text: str, visit: Reader) -> None:
    page = visit.tab(PAGE)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    expect(page.locator("#sa-says")).to_contain_text(
        "What this browser kept for the page was damaged. It was set aside, and the page starts afresh."
    )
    assert kept(page, f"{KEY}:damaged") == text
    assert record(page, CARD, 3)["kept"] is True
    with page.expect_download() as download:
        page.get_by_role("button", name="Save what was damaged").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == text


def test_a_second_damage_does_not_overwrite_the_first(visit: Reader) -> None:
    page = visit.tab(PAGE)
    for text in DAMAGED[:2]:
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        page.reload()
        expect(page.locator("#sa-says")).to_contain_text("was damaged")
    assert call(page, "damaged()") == DAMAGED[:2]
    call(page, "erase()")
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('progress'))") == []


def test_what_an_older_version_kept_is_brought_up_to_date_when_it_is_written(visit: Reader) -> None:
    page = visit.tab(PAGE)
    before = '{"version":1,"value":{"said":3}}'
    read, kept_then, kept_later = page.evaluate(
        """(before) => {
          localStorage.setItem("strong-loaf:trial", before);
          const store = StrongAnswer.keep("trial", {
            version: 2, empty: () => ({ tries: [] }), valid: (value) => Array.isArray(value.tries),
            migrate: (value, version) => ({ tries: [value.said, version] }),
          });
          const read = store.get().tries;
          const then = localStorage.getItem("strong-loaf:trial");
          store.change((value) => value.tries.push(9));
          return [read, then, localStorage.getItem("strong-loaf:trial")];
        }""",
        before,
    )
    assert read == [3, 1]
    assert kept_then == before
    assert json.loads(kept_later) == {"version": 2, "value": {"tries": [3, 1, 9]}}


def test_what_a_newer_version_kept_is_left_alone(visit: Reader) -> None:
    text = '{"version": 3, "value": {"something": "else"}}'
    page = visit.tab(PAGE)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    assert record(page, CARD, 3)["kept"] is False
    expect(page.locator("#sa-says")).to_contain_text("A newer version of this site kept your work here.")
    assert kept(page) == text


# --- files -----------------------------------------------------------------------------------------------------------
def saved(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == "strong-loaf-progress-2026-03-10.json"
    return Path(download.value.path()).read_text(encoding="utf-8")


def add(page: Page, text: str) -> None:
    page.locator("#import").set_input_files(
        {"name": "progress.json", "mimeType": "application/json", "buffer": text.encode()}
    )


@pytest.mark.parametrize("size", SIZES)
def test_progress_moves_to_another_browser_in_a_file(size: str, browser: Browser, root: str) -> None:
    texts = []
    for card, rating in ((CARD, 3), ("oven-cools", 1)):
        with reader(browser, root, viewport=SIZES[size]) as visit:
            visit.context.clock.set_fixed_time(NOON)
            page = visit.tab(PAGE)
            record(page, card, rating)
            texts.append(saved(page))
    with reader(browser, root, viewport=SIZES[size]) as visit:
        page = visit.tab(PAGE)
        page.evaluate("() => StrongAnswer.settings.set('reveal', 'all')")
        for text in texts:
            add(page, text)
            expect(page.locator("#done")).to_have_text("Added 1 answer to 1 card. Settings stayed as they were.")
            page.locator("#done").evaluate("(line) => line.textContent = ''")
        expect(page.locator("[data-sum=seen]")).to_have_text("2")
        add(page, texts[0])
        expect(page.locator("#done")).to_have_text(
            "Nothing new was in it. 1 answer was here already, or older than the 30 kept for a card. "
            "Settings stayed as they were."
        )
        assert page.evaluate("() => StrongAnswer.settings.get('reveal')") == "all"
        assert visit.trouble == []


GOOD_TRY = {"at": "2026-03-01T09:30:00.000Z", "on": "2026-03-01", "hit": [0], "of": 4, "rating": 3, "box": 2}


def file_of(cards: object, version: int = 1) -> str:
    return json.dumps({"format": "strong-loaf-progress", "version": version, "cards": cards})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"format": "strong-ans', "it is not JSON, or it is cut off."),
        ('{"cards": {}}', "it is not a file of progress of this guide."),
        ('{"format": "strong-loaf-progress", "cards": {}}', "it does not say its version."),
        (file_of({}, 3), "it comes from a newer version of this site (3; this one reads up to 2)."),
        (file_of({}, 0), "there has never been a version 0."),
        (file_of([]), "it has no “cards”."),
        (file_of({"../etc": []}), "“../etc” is not the id of a card."),
        (file_of({"a-card": {}}), "the tries of “a-card” are not a list."),
        (
            file_of({"fine": [GOOD_TRY], "a-card": [GOOD_TRY | {"at": "1 March"}]}),
            "try 1 of “a-card”: “at” must be a time such as 2026-03-01T09:30:00.000Z.",
        ),
        (
            file_of({"a-card": [GOOD_TRY | {"on": "2026-13-01"}]}),
            "try 1 of “a-card”: “on” must be a day such as 2026-03-01.",
        ),
        (file_of({"a-card": [GOOD_TRY | {"rating": 5}]}), "try 1 of “a-card”: “rating” must be 1, 2 or 3."),
        (file_of({}, 2), "its “own” is not an object."),
        (file_of({"a-card": [GOOD_TRY, GOOD_TRY]}), "the tries of “a-card” are not in order of time."),
    ],
)
def test_a_file_that_is_not_whole_is_refused_whole(text: str, fault: str, store: Page) -> None:
    record(store, CARD, 3)
    before = kept(store)
    add(store, text)
    expect(store.locator("#done")).to_have_text(f"Nothing was imported: {fault}")
    assert kept(store) == before


MOMENTS = st.datetimes(datetime.datetime(2025, 1, 1), datetime.datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
IDS = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,6}){0,2}\Z") | st.sampled_from(
    ["constructor", "to-string", "dense-loaf", "0", "7"]
)


@st.composite
def tries(draw: st.DrawFn) -> list[dict[str, object]]:
    """The answers to one card: at most thirty, in order of time."""
    made: list[dict[str, object]] = []
    for moment in sorted(draw(st.sets(MOMENTS, min_size=1, max_size=32)))[-30:]:
        of = draw(st.integers(0, 9))
        made.append(
            {
                "at": moment.isoformat(timespec="milliseconds") + "Z",
                "on": moment.date().isoformat(),
                "hit": sorted(draw(st.sets(st.integers(0, of - 1)))) if of else [],
                "of": of,
                "rating": draw(st.integers(1, 3)),
            }
        )
    return made


PROGRESS = st.dictionaries(IDS, tries(), max_size=5)
#: Of each pair: what export then import gives; both orders of merging; merging again.
ROUND_TRIPS = """(pairs) => {
  const { progress } = StrongAnswer;
  const file = (cards) => JSON.stringify({ format: "strong-loaf-progress", version: 2, cards, own: {} });
  const of = (...texts) => {
    progress.erase();
    texts.forEach((text) => progress.importText(text));
    return progress.exportText();
  };
  return pairs.map(([one, two]) => {
    const first = of(file(one));
    const both = of(file(one), file(two));
    return {
      same: JSON.parse(first).cards, again: of(first) === first, twice: of(first, first) === first,
      both: JSON.parse(both).cards, order: of(file(two), file(one)) === both, after: of(both, first) === both,
      lasts: Object.fromEntries(progress.ids().map((id) => [id, progress.card(id).last.at])),
    };
  });
}"""


@pytest.fixture(scope="module")
def page_of_store(browser: Browser, root: str) -> Iterator[Page]:
    with reader(browser, root) as visit:
        yield visit.tab("cards/index.html")


@settings(
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(pairs=st.lists(st.tuples(PROGRESS, PROGRESS), min_size=1, max_size=12))
def test_export_then_import_gives_the_same_progress_and_merging_is_a_union(
    pairs: list[tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]], page_of_store: Page
) -> None:
    for (one, two), got in zip(pairs, page_of_store.evaluate(ROUND_TRIPS, pairs), strict=True):
        assert got["same"] == one
        assert got["again"]
        assert got["twice"]
        assert got["after"]
        clash = any(
            mine["at"] == theirs["at"] and mine != theirs
            for card in one.keys() & two.keys()
            for mine in one[card]
            for theirs in two[card]
        )
        assert got["order"] or clash
        for card in one.keys() | two.keys():
            merged = {made["at"]: made for made in [*two.get(card, []), *one.get(card, [])]}
            newest = [merged[at] for at in sorted(merged)][-30:]
            assert got["both"][card] == newest
            assert got["lasts"][card] == newest[-1]["at"]


# --- the page --------------------------------------------------------------------------------------------------------
def test_the_page_counts_what_was_done_by_round_and_role_and_what_is_coming(visit: Reader) -> None:
    page = visit.tab(PAGE)
    expect(page.locator("#nothing-yet")).to_be_visible()
    expect(page.locator("#some")).to_be_hidden()
    record(page, CARD, 3, "2026-03-01", hit=(0, 1, 3))
    record(page, "oven-cools", 1, "2026-03-09", hit=(1,))
    record(page, "angry-customer", 3, "2026-03-10", hit=())
    record(page, "gone-from-the-guide", 3, "2026-03-10")
    expect(page.locator("#nothing-yet")).to_be_hidden()
    words = " ".join(page.locator(".sa-progress__sum").inner_text().split())
    assert words == "3 of 3 cards seen 2 due today 1 missed last time 4 of 12 moves hit, newest answers"

    def row(kind: str, name: str) -> list[str]:
        return page.locator(f"[data-by={kind}] tr[data-id={name}] td").all_inner_texts()

    def plain(cells: list[str]) -> list[str]:
        return [cell.strip() for cell in cells]

    assert plain(row("round", "bench")) == ["2 of 2", "0", "2", "4 of 8"]
    assert plain(row("round", "counter")) == ["1 of 1", "0", "0", "0 of 4"]
    assert plain(row("role", "baker")) == ["3 of 3", "0", "2", "4 of 12"]
    assert page.locator("#due-list").inner_text().splitlines() == [
        "The loaf that did not rise", "The oven that loses heat",
    ]  # fmt: skip
    days = [re.sub(r"\s+", " ", text).strip() for text in page.locator("#days tr").all_inner_texts()]
    assert days[:3] == ["Today 2", "Tomorrow 0", "Thu 12 Mar 1"]
    assert len(days) == 8
    weeks = [re.sub(r"\s+", " ", text).strip() for text in page.locator("#weeks-rows tr").all_inner_texts()]
    assert weeks == ["Mon 9 Mar 3 3 of 12 (25%)", "Mon 23 Feb 1 3 of 4 (75%)"]
    expect(page.locator("#elsewhere")).to_have_text(
        "Also kept, and in no figure here: answers to 1 card that this guide does not have (gone-from-the-guide)."
    )


def test_a_note_that_is_cut_says_so(visit: Reader) -> None:
    page = visit.tab(f"cards/{CARD}.html")
    page.get_by_text("My note").click()
    note = page.get_by_label("My note on this card")
    note.press_sequentially("Short.")
    expect(page.locator("#sa-says")).not_to_be_attached()
    page.keyboard.insert_text("x" * 5000)
    assert note.evaluate("one => one.value.length") == 4000
    expect(page.locator("#sa-says")).to_contain_text("A note holds 4000 characters: it ends here.")


def test_stars_and_notes_are_listed_also_before_the_first_answer(visit: Reader) -> None:
    page = visit.tab(PAGE)
    expect(page.locator("#none-words")).to_have_text("Nothing is kept here.")
    expect(page.locator("#own")).to_be_hidden()
    call(page, f"put('{CARD}', {{star: true, note: 'Ask for the scale.'}})")
    call(page, "put('oven-cools', {star: true})")
    expect(page.locator("#none-words")).to_have_text("No answer is kept here.")
    expect(page.locator("#own-list li")).to_have_text(
        ["The loaf that did not rise ★ Ask for the scale.", "The oven that loses heat ★"]
    )
    record(page, CARD, 3)
    expect(page.locator("#nothing-yet")).to_be_hidden()
    expect(page.locator("#own-list li")).to_have_count(2)


def test_a_page_that_the_browser_kept_whole_shows_what_was_answered_since(visit: Reader) -> None:
    page = visit.tab(PAGE)
    expect(page.locator("#nothing-yet")).to_be_visible()
    other = {"at": "2026-03-10T11:00:00.000Z", "on": "2026-03-10", "hit": [0], "of": 4, "rating": 2}
    text = json.dumps({"version": 2, "value": {"cards": {CARD: [other]}, "own": {}}})
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("#weakest-list li")).to_have_count(1)


def test_what_is_due_follows_an_interview_that_another_tab_sets(visit: Reader) -> None:
    page, other = visit.tab(PAGE), visit.tab("practice/index.html")
    record(page, CARD, 3, hit=(0, 1, 2, 3))
    expect(page.locator("#days tr").nth(1)).to_contain_text("0")
    other.evaluate("StrongAnswer.interview.set({what: '', on: '2026-03-12'})")
    expect(page.locator("#days tr").nth(1)).to_contain_text("1")


def test_practice_mock_and_progress_link_to_each_other(visit: Reader) -> None:
    titles = {"index": "Practice", "mock": "Mock interview", "progress": "Progress"}
    for here in titles:
        page = visit.tab(f"practice/{here}.html")
        others = [title for name, title in titles.items() if name != here]
        expect(page.locator(".sa-where a")).to_have_text(others)
        page.close()


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
@pytest.mark.parametrize("size", SIZES)
def test_everything_is_erased_by_one_confirmed_click(hand: str, size: str, browser: Browser, root: str) -> None:
    with reader(browser, root, viewport=SIZES[size]) as visit:
        page = visit.tab(PAGE)
        record(page, CARD, 3)
        page.evaluate("() => StrongAnswer.settings.set('reveal', 'all')")
        for name in ("plans", "worksheet:star-story", "worksheet:star-story:damaged", "card-drafts"):
            page.evaluate("(key) => localStorage.setItem(key, '{}')", f"strong-loaf:{name}")

        def press(name: str) -> None:
            button = page.get_by_role("button", name=name).last
            if hand == "mouse":
                button.click()
            else:
                button.focus()
                page.keyboard.press("Enter")

        press("Erase everything")
        dialog = page.get_by_role("dialog", name="Erase everything?")
        expect(dialog).to_contain_text(
            "This forgets 1 answer to 1 card, your stars and notes, your settings, and what other pages keep here: the "
            "days and ticks of plans, worksheets, drafts of cards, the recordings of a mock interview."
        )
        expect(page.get_by_role("button", name="Keep it")).to_be_focused()
        page.keyboard.press("Escape") if hand == "keyboard" else press("Keep it")
        expect(dialog).to_be_hidden()
        assert call(page, "ids()") == [CARD]
        press("Erase everything")
        press("Erase everything")
        expect(page.locator("#done")).to_have_text("Everything is erased.")
        expect(page.locator("#nothing-yet")).to_be_visible()
        assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('strong-loaf:'))") == []
        assert visit.trouble == []


def test_without_javascript_the_page_says_what_it_would_show(browser: Browser, root: str) -> None:
    with reader(browser, root, java_script_enabled=False) as visit:
        page = visit.tab(PAGE)
        expect(page.locator(".sa-noscript")).to_contain_text(
            "needs JavaScript, because all of it is kept in your browser"
        )
        expect(page.locator(".sa-noscript")).to_be_visible()
        expect(page.locator("#progress")).to_be_hidden()
    with reader(browser, root) as visit:
        expect(visit.tab(PAGE).locator(".sa-noscript")).to_be_hidden()
