"""Plans in a real Chromium: dates, ticks, and a calendar file that a library reads."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from conftest import the_guide
from icalendar import Calendar, Event
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdf import PdfReader
from reading import narrow_page, sideways, violations

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = the_guide()
KEY = "strong-loaf:plans"


@pytest.fixture
def plan(context: BrowserContext, built_tiny: Path) -> Page:
    return opened(context, built_tiny)


def opened(context: BrowserContext, project: Path, uri: str = "plans/two-days.html") -> Page:
    page = context.new_page()
    page.goto(f"{(project / 'site').as_uri()}/{uri}")
    return page


def dates(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".sa-plan__dates").all_inner_texts()]


def calendar(page: Page, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download calendar").click()
    waiting.value.save_as(folder / "plan.ics")
    return (folder / "plan.ics").read_bytes()


def events(content: bytes) -> list[Event]:
    return [event for event in Calendar.from_ical(content).walk("VEVENT") if isinstance(event, Event)]


def days(event: Event) -> tuple[datetime.date, datetime.date]:
    return event["DTSTART"].dt, event["DTEND"].dt


ENDS = {
    "2026-02-28": ["Sat 28 Feb 2026", "Sun 1 Mar"],
    "2028-02-28": ["Mon 28 Feb 2028", "Tue 29 Feb"],
    "2026-12-31": ["Thu 31 Dec 2026", "Fri 1 Jan 2027"],
    "2026-03-29": ["Sun 29 Mar 2026", "Mon 30 Mar"],
    "2026-10-25": ["Sun 25 Oct 2026", "Mon 26 Oct"],
}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati"])
def test_dates_follow_the_first_day_over_ends_of_months_and_changes_of_clocks(
    zone: str, browser: Browser, built_tiny: Path, tmp_path: Path
) -> None:
    context = browser.new_context(timezone_id=zone, accept_downloads=True)
    page = opened(context, built_tiny)
    one = datetime.timedelta(days=1)
    for start, shown in ENDS.items():
        page.get_by_label("First day").fill(start)
        assert [text.replace(",", "") for text in dates(page)] == shown
        first = datetime.date.fromisoformat(start)
        wanted = [(first, first + one), (first + one, first + 2 * one)]
        assert [days(event) for event in events(calendar(page, tmp_path))] == wanted
    context.close()


def test_the_first_day_and_the_ticks_are_remembered(plan: Page, context: BrowserContext, built_tiny: Path) -> None:
    expect(plan.locator("#plan-done")).to_have_text("0 of 2 rows done")
    plan.get_by_label("First day").fill("2026-11-30")
    plan.get_by_label("Day 2").check()
    again = opened(context, built_tiny)
    expect(again.get_by_label("First day")).to_have_value("2026-11-30")
    expect(again.get_by_label("Day 1")).not_to_be_checked()
    expect(again.get_by_label("Day 2")).to_be_checked()
    expect(again.locator("#plan-done")).to_have_text("1 of 2 rows done")
    assert again.locator("#plan-progress").evaluate("bar => [bar.value, bar.max]") == [1, 2]
    again.get_by_label("Day 2").uncheck()
    expect(plan.locator("#plan-done")).to_have_text("0 of 2 rows done")


def test_without_a_first_day_there_is_no_calendar_and_clearing_it_takes_the_dates_away(plan: Page) -> None:
    button = plan.get_by_role("button", name="Download calendar")
    expect(button).to_be_disabled()
    plan.get_by_label("First day").fill("2026-11-30")
    expect(button).to_be_enabled()
    plan.get_by_label("First day").fill("")
    expect(button).to_be_disabled()
    assert dates(plan) == ["", ""]


def test_the_row_of_today_is_marked(context: BrowserContext, built_tiny: Path) -> None:
    page = context.new_page()
    page.clock.set_fixed_time(datetime.datetime(2026, 3, 1, 12, 0))
    page.goto(f"{(built_tiny / 'site').as_uri()}/plans/two-days.html")
    page.get_by_label("First day").fill("2026-02-28")
    assert page.locator("tr.sa-plan__now").evaluate_all("rows => rows.map((row) => row.id)") == ["days-2-2"]


def test_a_calendar_made_later_replaces_the_events_of_the_one_before(plan: Page, tmp_path: Path) -> None:
    made = []
    for day, now in (("2026-03-02", "2026-03-01T09:00:00"), ("2026-03-09", "2026-03-01T09:00:05")):
        plan.clock.set_fixed_time(now)
        plan.get_by_label("First day").fill(day)
        made.append(events(calendar(plan, tmp_path)))
    for first, second in zip(*made, strict=True):
        assert first["UID"] == second["UID"]
        assert first["SEQUENCE"] < second["SEQUENCE"]
        assert first["LAST-MODIFIED"].dt < second["LAST-MODIFIED"].dt
        assert first["DTSTART"].dt < second["DTSTART"].dt
    expect(plan.locator(".sa-plan-start")).to_contain_text("the same events move")


def test_the_calendar_is_valid_and_says_what_to_do(plan: Page, tmp_path: Path) -> None:
    plan.get_by_label("First day").fill("2026-11-30")
    content = calendar(plan, tmp_path)
    whole = Calendar.from_ical(content)
    assert whole.errors == []
    assert (str(whole["VERSION"]), str(whole["PRODID"])) == ("2.0", "-//Strong Loaf//Plans//EN")
    first, second = events(content)
    assert [event.errors for event in (first, second)] == [[], []]
    assert first["DTSTART"].params["VALUE"] == first["DTEND"].params["VALUE"] == "DATE"
    assert [str(event["UID"]) for event in (first, second)] == [
        "two-days-days-1-1@strong-loaf",
        "two-days-days-2-2@strong-loaf",
    ]
    assert first["DTSTAMP"].dt.tzinfo is not None
    assert str(first["SUMMARY"]) == "One loaf"
    assert str(first["DESCRIPTION"]) == (
        "A loaf, cut and described aloud.\n\nUse:\n- How long a dough needs (notebook)\n- The loaf that did not rise"
    )
    assert "URL" not in first  # from a folder on disk there is none that others could open


def test_from_a_host_events_carry_the_addresses_of_their_row_and_of_what_to_use(
    context: BrowserContext, built_tiny: Path, tmp_path: Path
) -> None:
    host = "http://guide.example/"

    def serve(route: Route) -> None:
        route.fulfill(path=built_tiny / "site" / route.request.url.removeprefix(host).split("?")[0])

    context.route(f"{host}**", serve)
    page = context.new_page()
    page.goto(f"{host}plans/two-days.html?from=mail#days-2-2")
    page.get_by_label("First day").fill("2026-11-30")
    first, second = events(calendar(page, tmp_path))
    assert str(first["URL"]) == f"{host}plans/two-days.html#days-1-1"
    assert str(second["DESCRIPTION"]).endswith(f"- All on Customers: {host}topics.html#customers")


def test_another_first_day_moves_the_same_events(plan: Page, tmp_path: Path) -> None:
    made = []
    for start in ("2026-11-30", "2027-01-04"):
        plan.get_by_label("First day").fill(start)
        made.append([str(event["UID"]) for event in events(calendar(plan, tmp_path))])
    assert made[0] == made[1]


def test_each_file_for_a_calendar_is_newer_than_the_one_before(
    context: BrowserContext, built_tiny: Path, tmp_path: Path
) -> None:
    page = context.new_page()
    page.clock.set_fixed_time(datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC))
    page.goto(f"{(built_tiny / 'site').as_uri()}/plans/two-days.html")
    numbers = []
    for start in ("2026-03-02", "2026-03-09"):  # within one second, as far as the clock goes
        page.get_by_label("First day").fill(start)
        first, second = events(calendar(page, tmp_path))
        assert first["SEQUENCE"] == second["SEQUENCE"]
        numbers.append(int(first["SEQUENCE"]))
    assert 0 < numbers[0] < numbers[1] < 2**31


LONG = "Größe; Öfen, \\ 東京 🥖" * 12 + "\nsecond line"


MAKE = """
text => StrongAnswer.calendar(
  [{ uid: "u", first: "2028-02-29", after: "2028-03-01", summary: text, description: text,
     url: "https://example.org/" + "a".repeat(90) }],
  { product: "p", name: text, stamp: new Date(0) },
)
"""
TEXTS = [LONG, "é" * 200, "🥖" * 100, "x" * 75, "", "a\r\nb\rc\x00d\te", "END:VEVENT"]


def test_any_text_survives_lines_of_at_most_75_octets(plan: Page) -> None:
    for text in TEXTS:
        content = str(plan.evaluate(MAKE, text))
        raw = content.encode()
        assert content.endswith("END:VCALENDAR\r\n")
        assert not {"\r", "\n"} & set(content.replace("\r\n", ""))
        for line in raw.split(b"\r\n"):
            assert len(line) <= 75
            line.decode("utf-8")
        (event,) = events(raw)
        wanted = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ").replace("\t", " ")
        assert str(event["DESCRIPTION"]) == str(event["SUMMARY"]) == wanted
        assert str(event["URL"]) == "https://example.org/" + "a" * 90
        assert event["DTSTAMP"].dt == datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize("name", [item.id for item in CATALOGUE.plans])
def test_each_real_plan_gives_a_calendar_with_all_its_rows(
    name: str, context: BrowserContext, built: Path, tmp_path: Path
) -> None:
    page = opened(context, built, f"plans/{name}.html")
    page.get_by_label("First day").fill("2028-02-27")
    rows = next(item for item in CATALOGUE.plans if item.id == name).value.rows
    content = calendar(page, tmp_path)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    made = events(content)
    start = datetime.date(2028, 2, 27)
    assert [days(event) for event in made] == [
        (start + datetime.timedelta(days=row.first_day - 1), start + datetime.timedelta(days=row.last_day))
        for row in rows
    ]
    assert [str(event["SUMMARY"]) for event in made] == [row.focus for row in rows]
    for event, row in zip(made, rows, strict=True):
        assert all(CATALOGUE.card[card].value.title.replace("`", "") in event["DESCRIPTION"] for card in row.cards)
    assert len({str(event["UID"]) for event in made}) == len(rows)


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"


def test_with_storage_blocked_dates_ticks_and_calendar_still_work(
    context: BrowserContext, built_tiny: Path, tmp_path: Path
) -> None:
    context.add_init_script(BLOCKED)
    page = opened(context, built_tiny)
    expect(page.locator("#sa-says span")).to_contain_text("This browser keeps nothing for this site")
    page.get_by_label("First day").fill("2026-11-30")
    page.get_by_label("Day 1").check()
    expect(page.locator("#plan-done")).to_have_text("1 of 2 rows done")
    assert len(events(calendar(page, tmp_path))) == 2


def test_plans_are_kept_beside_each_other(plan: Page) -> None:
    other = {"version": 1, "value": {"plans": {"another": {"start": "", "done": ["days-1-2"]}}}}
    plan.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(other)])
    plan.get_by_label("Day 1").check()
    kept = json.loads(plan.evaluate("(key) => localStorage.getItem(key)", KEY))["value"]["plans"]
    assert kept == {"another": {"start": "", "done": ["days-1-2"]}, "two-days": {"start": "", "done": ["days-1-1"]}}


@pytest.mark.parametrize("uri", ["plans/two-days.html", "plans/index.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plan_pages_are_accessible_narrow_and_quiet(uri: str, scheme: str, browser: Browser, built_tiny: Path) -> None:
    with narrow_page(browser, scheme) as (page, said):
        page.goto(f"{(built_tiny / 'site').as_uri()}/{uri}")
        if uri != "plans/index.html":
            page.get_by_label("First day").fill("2026-11-30")
            page.get_by_label("Day 1").focus()
            page.keyboard.press("Space")
            expect(page.locator("#plan-done")).to_have_text("1 of 2 rows done")
        assert sideways(page) == 0
        assert said == []
        assert violations(page) == []


def test_without_javascript_a_plan_reads_completely_and_has_boxes_to_tick_on_paper(
    browser: Browser, built_tiny: Path, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = opened(context, built_tiny)
    expect(page.locator(".sa-plan-tools")).to_be_hidden()
    expect(page.get_by_label("Day 1")).to_be_visible()
    page.pdf(path=tmp_path / "plan.pdf", format="A4")
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "plan.pdf").pages).split())
    for words in ("Day 1", "One loaf", "A loaf, cut and described aloud.", "The loaf that did not rise"):
        assert words in text
    context.close()


def test_the_list_of_plans_asks_one_question_for_each_and_compares_them(context: BrowserContext, built: Path) -> None:
    page = opened(context, built, "plans/index.html")
    asked = page.locator(".sa-choose li").all()
    assert len(asked) == len(CATALOGUE.plans)
    for line, item in zip(asked, CATALOGUE.plans, strict=True):
        expect(line).to_contain_text(item.value.fits)
        expect(line.get_by_role("link")).to_have_attribute("href", f"{item.id}.html")
    for item in CATALOGUE.plans:
        row = page.locator(f"tr#{item.id}")
        for words in (item.value.title, str(item.value.rows[-1].last_day), item.value.time):
            expect(row).to_contain_text(words)


def test_every_row_of_a_real_plan_has_days_focus_output_and_something_to_use() -> None:
    for item in CATALOGUE.plans:
        for row in item.value.rows:
            assert row.focus
            assert row.output
            assert row.cards or row.topics or row.notebooks, f"{item.id}, day {row.first_day}"
