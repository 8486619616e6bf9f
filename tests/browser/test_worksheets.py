"""Worksheets in a real Chromium, from a folder on disk: kept, printed, taken away and brought back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from conftest import the_guide
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from reading import narrow_page, sideways, violations
from studyguide.catalogue import require_catalogue
from studyguide.pages.listing import site_pages
from studyguide.pages.render import Renderer

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = the_guide()
KEY = "strong-loaf:worksheet:one-loaf"
FLOUR = "The mill at the river, because the other one is too strong."
ANSWERS = {"flour": FLOUR, "fault": "Torn below.\n\nSeen on Sunday.", "crust": "Thick & dark", "inside": "Offen, 12 °C"}


@pytest.fixture
def sheet(context: BrowserContext, built_tiny: Path) -> Page:
    return opened(context, built_tiny)


def opened(context: BrowserContext, project: Path) -> Page:
    page = context.new_page()
    page.goto(f"{(project / 'site').as_uri()}/worksheets/one-loaf.html")
    return page


def fill(page: Page, name: str, answers: dict[str, str] = ANSWERS) -> None:
    page.get_by_label("Name of this loaf").fill(name)
    for field, text in answers.items():
        page.locator(f"#write-{field}").fill(text)


def kept(page: Page) -> list[dict[str, object]]:
    text = page.evaluate(f"localStorage.getItem({KEY!r})")
    return list(json.loads(text)["value"]["sheets"]) if text else []


def shown(page: Page) -> dict[str, str]:
    boxes = page.locator("textarea[data-field]").all()
    return {str(box.get_attribute("data-field")): box.input_value() for box in boxes}


def downloaded(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def read_back(page: Page, content: str | Path, name: str = "one-loaf.json") -> str:
    """Give the page a file; what it then says. An earlier message may hold the same name, and is taken away first."""
    page.evaluate("document.getElementById('sa-says')?.remove()")
    if isinstance(content, Path):
        page.locator("#sa-file").set_input_files(content)
    else:
        file = {"name": name, "mimeType": "application/json", "buffer": content.encode()}
        page.locator("#sa-file").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#sa-says span")).to_contain_text(name if isinstance(content, str) else content.name)
    return page.locator("#sa-says span").inner_text()


def test_what_is_written_is_there_on_the_next_visit(sheet: Page, context: BrowserContext, built_tiny: Path) -> None:
    fill(sheet, "Rye")
    again = opened(context, built_tiny)
    expect(again.get_by_label("Name of this loaf")).to_have_value("Rye")
    assert shown(again) == ANSWERS
    expect(again.locator("#sa-filled")).to_have_text("4 of 4 filled in.")


def test_several_named_sheets_are_kept_apart_and_one_can_be_deleted(sheet: Page) -> None:
    fill(sheet, "Rye")
    sheet.get_by_role("button", name="New loaf").click()
    expect(sheet.get_by_label("Name of this loaf")).to_be_focused()
    assert set(shown(sheet).values()) == {""}
    fill(sheet, "Wheat", {"crust": "Thin"})
    expect(sheet.get_by_label("Kept here").locator("option")).to_have_text(["Rye", "Wheat"])
    sheet.get_by_label("Kept here").select_option("Rye")
    assert shown(sheet) == ANSWERS
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.get_by_role("button", name="Delete").click()
    expect(sheet.get_by_label("Kept here").locator("option")).to_have_text(["Wheat"])
    expect(sheet.locator("#write-crust")).to_have_value("Thin")
    assert [entry["name"] for entry in kept(sheet)] == ["Wheat"]


def test_a_sheet_is_not_deleted_when_the_reader_thinks_better_of_it(sheet: Page) -> None:
    fill(sheet, "Rye")
    sheet.on("dialog", lambda dialog: dialog.dismiss())
    sheet.get_by_role("button", name="Delete").click()
    assert shown(sheet) == ANSWERS
    assert [entry["name"] for entry in kept(sheet)] == ["Rye"]


def test_two_tabs_add_to_each_others_work(sheet: Page, context: BrowserContext, built_tiny: Path) -> None:
    sheet.get_by_label("Name of this loaf").fill("Rye")
    other = opened(context, built_tiny)
    sheet.locator("#write-flour").fill(FLOUR)
    expect(other.locator("#write-flour")).to_have_value(FLOUR)
    other.locator("#write-crust").fill("Thin")
    expect(sheet.locator("#write-crust")).to_have_value("Thin")
    assert [entry["fields"] for entry in kept(sheet)] == [{"flour": FLOUR, "crust": "Thin"}]


def test_markdown_holds_every_question_and_answer_and_is_the_same_copied(sheet: Page, tmp_path: Path) -> None:
    fill(sheet, "Rye, 40 %", {**ANSWERS, "crust": ""})
    file = downloaded(sheet, "Download Markdown", tmp_path)
    assert file.name == "strong-loaf-one-loaf-rye-40.md"
    wanted = (
        "# One loaf: Rye, 40 %\n\n## The loaf\n\n### Which flour?\n\n" + FLOUR + "\n\n"
        "### What went wrong?\n\nTorn below.\n\nSeen on Sunday.\n\n## Tasting\n\n### The crust\n\n*Nothing yet.*\n\n"
        "### The inside\n\nOffen, 12 °C\n"
    )
    assert file.read_text(encoding="utf-8") == wanted
    sheet.evaluate("document.addEventListener('copy', () => { window.copied = String(getSelection()); })")
    sheet.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    sheet.get_by_role("button", name="Copy Markdown").click()
    expect(sheet.locator("#sa-says span")).to_have_text("Copied as Markdown.")
    assert sheet.evaluate("window.copied").replace("\r\n", "\n") == wanted


def test_a_saved_file_brings_everything_back_into_an_empty_browser(
    sheet: Page, browser: Browser, built_tiny: Path, tmp_path: Path
) -> None:
    fill(sheet, "Rye")
    sheet.get_by_role("button", name="New loaf").click()
    fill(sheet, "Wheat", {"crust": "Thin"})
    file = downloaded(sheet, "Save all as a file", tmp_path)
    fresh = browser.new_context()
    page = opened(fresh, built_tiny)
    assert read_back(page, file) == "Read “strong-loaf-one-loaf.json”: 2 added, 0 already here."
    assert kept(page) == kept(sheet)
    assert read_back(page, file) == "Read “strong-loaf-one-loaf.json”: 0 added, 2 already here."
    assert len(kept(page)) == 2
    fresh.close()


def test_a_sheet_that_differs_is_kept_beside_and_never_replaces(sheet: Page, tmp_path: Path) -> None:
    fill(sheet, "Rye")
    file = downloaded(sheet, "Save all as a file", tmp_path)
    sheet.locator("#write-crust").fill("Thinner since")
    said = "Read “strong-loaf-one-loaf.json”: 0 added, 0 already here, 1 kept beside yours, named “… (from file)”."
    assert read_back(sheet, file) == said
    assert [entry["name"] for entry in kept(sheet)] == ["Rye", "Rye (from file)"]
    assert [entry["fields"]["crust"] for entry in kept(sheet)] == ["Thinner since", "Thick & dark"]  # type: ignore[index]
    assert read_back(sheet, file) == "Read “strong-loaf-one-loaf.json”: 0 added, 1 already here."


def saved(**changes: object) -> str:
    entry = {"id": "a", "name": "Rye", "changed": "2026-01-01T00:00:00.000Z", "fields": {"crust": "Thin"}}
    whole = {"format": "strong-loaf-worksheet", "version": 1, "worksheet": "one-loaf", "sheets": [entry]}
    return json.dumps({**whole, **changes})


def entry(**changes: object) -> list[dict[str, object]]:
    return [{"id": "a", "name": "Rye", "changed": "", "fields": {}, **changes}]


BAD_FILES = [
    ("", "it is not a file that this page saved"),
    ("<html>", "it is not a file that this page saved"),
    ("[1, 2]", "it is not a file that this page saved"),
    ("null", "it is not a file that this page saved"),
    (saved(worksheet="star-story"), "it belongs to another worksheet (star-story)"),
    (saved(version="1"), "it does not say its version"),
    (saved(version=2), "a newer version of this page saved it; reload the page"),
    (saved(sheets={}), "a sheet in it is damaged"),
    (saved(sheets=entry(fields={"crust": 3})), "a sheet in it is damaged"),
    (saved(sheets=entry(fields=["crust"])), "a sheet in it is damaged"),
    (saved(sheets=entry(name=None)), "a sheet in it is damaged"),
    (saved(sheets=entry(name="n" * 200)), "a name in it is too long"),
    (saved(sheets=entry(fields={"crust": "x" * 81})), "an answer in it is longer than its place on the sheet"),
    (saved(sheets=entry() * 201), "it holds more than 200 sheets"),
    (" " * 2_000_001, "it is larger than any file that this page saves"),
]


def test_a_bad_file_is_refused_in_plain_words_and_changes_nothing(sheet: Page) -> None:
    fill(sheet, "Rye")
    before = kept(sheet)
    said = {number: read_back(sheet, content, f"{number}.json") for number, (content, _) in enumerate(BAD_FILES)}
    assert said == {
        number: f"“{number}.json” was not read: {why}. Nothing was changed."
        for number, (_, why) in enumerate(BAD_FILES)
    }
    assert kept(sheet) == before
    assert shown(sheet) == ANSWERS


def test_answers_to_questions_that_the_page_does_not_ask_are_left_out_and_said(sheet: Page) -> None:
    content = '{"crust": "Thin", "__proto__": "x", "smell": "Nutty"}'
    text = saved().replace('{"crust": "Thin"}', content)
    said = "Read “one-loaf.json”: 1 added, 0 already here, 2 left out that this page does not ask for."
    assert read_back(sheet, text) == said
    assert kept(sheet)[0]["fields"] == {"crust": "Thin"}


# --- storage that fails ----------------------------------------------------------------------------------------------

BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
FULL = """
const put = Storage.prototype.setItem;
window.full = true;
Storage.prototype.setItem = function (key, text) {
  if (window.full && key.startsWith("strong-loaf:")) throw new DOMException("full", "QuotaExceededError");
  put.call(this, key, text);
};
"""


def test_with_storage_blocked_the_page_works_and_says_how_long(context: BrowserContext, built_tiny: Path) -> None:
    context.add_init_script(BLOCKED)
    page = opened(context, built_tiny)
    expect(page.locator("#sa-says span")).to_contain_text("This browser keeps nothing for this site")
    fill(page, "Rye")
    page.get_by_role("button", name="New loaf").click()
    page.get_by_label("Kept here").select_option("Rye")
    assert shown(page) == ANSWERS


def test_with_no_room_left_nothing_is_lost_and_it_is_kept_once_there_is_room(
    context: BrowserContext, built_tiny: Path
) -> None:
    context.add_init_script(FULL)
    page = opened(context, built_tiny)
    fill(page, "Rye")
    expect(page.locator("#sa-says span")).to_contain_text("no room left")
    assert (shown(page), kept(page)) == (ANSWERS, [])
    page.evaluate("window.full = false")
    page.locator("#write-crust").fill("Thin")
    assert [entry["fields"] for entry in kept(page)] == [{**ANSWERS, "crust": "Thin"}]


def test_what_another_tab_wrote_meanwhile_is_not_overwritten(context: BrowserContext, built_tiny: Path) -> None:
    context.add_init_script(FULL)
    page, other = opened(context, built_tiny), opened(context, built_tiny)
    fill(page, "Rye")
    other.evaluate("window.full = false")
    fill(other, "Wheat", {"crust": "Thin"})
    page.evaluate("window.full = false")
    page.locator("#write-crust").fill("Thick")
    assert [entry["name"] for entry in kept(page)] == ["Wheat"]
    expect(page.locator("#write-flour")).to_have_value(FLOUR)


DAMAGED = [
    "{",
    "null",
    "3",
    '{"version": "1"}',
    '{"version": 1, "value": {"sheets": 1}}',
    '{"version": 1, "value": null}',
]


def test_damaged_storage_is_set_aside_and_never_overwritten(context: BrowserContext, built_tiny: Path) -> None:
    page = opened(context, built_tiny)
    for number, text in enumerate(DAMAGED, start=1):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        page.reload()
        expect(page.locator("#sa-says span")).to_contain_text("was damaged. It was set aside")
        suffix = ":damaged" if number == 1 else f":damaged:{number}"
        assert page.evaluate("(key) => localStorage.getItem(key)", KEY + suffix) == text
    fill(page, "Rye")
    assert [entry["name"] for entry in kept(page)] == ["Rye"]
    assert page.evaluate("(key) => localStorage.getItem(key)", KEY + ":damaged") == DAMAGED[0]


def test_storage_of_a_newer_version_is_left_alone(context: BrowserContext, built_tiny: Path) -> None:
    page = opened(context, built_tiny)
    newer = '{"version": 2, "value": {"pages": []}}'
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, newer])
    page.reload()
    expect(page.locator("#sa-says span")).to_contain_text("A newer version of this site")
    fill(page, "Rye")
    assert shown(page) == ANSWERS
    assert page.evaluate("(key) => localStorage.getItem(key)", KEY) == newer


STORE = """
() => {
  localStorage.setItem("strong-loaf:t", "{");
  localStorage.setItem("strong-loaf:tea", "another page's");
  const made = StrongAnswer.keep("t", {
    version: 3, empty: () => ({ n: 0 }), valid: (v) => Number.isInteger(v.n),
    migrate: (v, version) => ({ n: v.count * version }),
  });
  const heard = [];
  made.listen((value) => heard.push(value.n));
  const seen = [made.get().n];
  localStorage.setItem("strong-loaf:t", '{"version": 2, "value": {"count": 4}}');
  seen.push(made.get().n);
  made.change((value) => { value.n += 1; });
  seen.push(localStorage.getItem("strong-loaf:t"));
  made.clear();
  const left = Object.keys(localStorage).filter((key) => key.startsWith("strong-loaf:t"));
  return { seen, heard, left };
}
"""


def test_a_store_brings_older_values_up_to_date_and_forgets_all_of_its_own_when_cleared(sheet: Page) -> None:
    assert sheet.evaluate(STORE) == {
        "seen": [0, 8, '{"version":3,"value":{"n":9}}'],
        "heard": [9, 0],
        "left": ["strong-loaf:tea"],
    }


# --- paper -----------------------------------------------------------------------------------------------------------

SHEETS = [item.id for item in CATALOGUE.worksheets]
PAPERS = ("A4", "Letter")


@pytest.fixture
def real(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def printed(page: Page, paper: str, folder: Path) -> tuple[int, str]:
    """How many pages it takes, and the words on them."""
    page.pdf(path=folder / "sheet.pdf", format=paper)
    pages = PdfReader(folder / "sheet.pdf").pages
    text = " ".join(page.extract_text() for page in pages)
    return len(pages), " ".join(normalize("NFKC", text).split())  # ligatures are two letters


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", SHEETS)
def test_a_worksheet_prints_on_one_sheet_empty_with_lines_and_filled_to_the_brim(
    name: str, paper: str, real: Page, built: Path, tmp_path: Path
) -> None:
    real.goto(f"{(built / 'site').as_uri()}/worksheets/{name}.html")
    item = next(item for item in CATALOGUE.worksheets if item.id == name)
    fields = [box for part in item.value.parts for box in part.fields]
    real.emulate_media(media="print")
    for box in fields:
        lines = real.locator(f"#write-{box.id} ~ .sa-paper i")
        assert lines.count() == box.lines
        expect(lines.first).to_be_visible()
    number, text = printed(real, paper, tmp_path)
    assert number == 1
    assert all(box.ask in text for box in fields)
    real.emulate_media(media="screen")
    words = "When a winter meant more, we measured how many among them came home and wrote them down.\n\n"
    for box in fields:
        real.locator(f"#write-{box.id}").fill((box.id + " " + words * 20)[: box.at_most - 4] + " end")
    real.emulate_media(media="print")
    number, text = printed(real, paper, tmp_path)
    assert number == 1
    assert text.count(" end") >= len(fields)
    assert all(f"{box.id} When" in text for box in fields)


def test_without_javascript_the_form_prints_empty_and_what_is_typed_prints(
    browser: Browser, built_tiny: Path, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = opened(context, built_tiny)
    expect(page.locator(".sa-tools:visible")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.locator("#write-fault ~ .sa-paper i").last).to_be_visible()
    expect(page.locator("#write-fault")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_text("Without JavaScript nothing that you write here is kept")).to_be_visible()
    page.locator("#write-fault").fill("Torn below.")
    page.emulate_media(media="print")
    expect(page.locator("#write-fault")).to_be_visible()
    expect(page.locator("#write-fault ~ .sa-paper")).to_be_hidden()
    context.close()


# --- everybody -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_worksheet_is_accessible_narrow_and_quiet(scheme: str, browser: Browser, built_tiny: Path) -> None:
    with narrow_page(browser, scheme) as (page, said):
        page.goto(f"{(built_tiny / 'site').as_uri()}/worksheets/one-loaf.html")
        fill(page, "Rye")
        page.locator("#write-flour").fill("x" * 200)  # a word as long as its place: an address, pasted
        assert sideways(page) == 0
        page.get_by_role("button", name="New loaf").click()
        assert sideways(page) == 0
        assert said == []
        assert violations(page) == []


def test_the_keyboard_alone_fills_in_and_saves_a_sheet(sheet: Page) -> None:
    sheet.locator("#sa-name").focus()
    order = []
    for _ in range(20):
        order.append(sheet.evaluate("document.activeElement.dataset.do || document.activeElement.id || ''"))
        sheet.keyboard.press("Tab")
    order = [name for name in order if name and not name.startswith("__")]
    fields = [f"write-{name}" for name in shown(sheet)]
    what_is_done_with_it = ["print", "markdown", "copy", "save", "read"]
    wanted = ["sa-name", "sa-which", "new", "delete", *fields, *what_is_done_with_it]
    assert order[: len(wanted)] == wanted, "the first field before the buttons, and most of them after the last"
    sheet.locator("#write-crust").focus()
    sheet.keyboard.type("Thin")
    assert kept(sheet)[0]["fields"] == {"crust": "Thin"}


def test_the_hint_says_how_long_an_answer_takes_aloud(sheet: Page) -> None:
    expect(sheet.locator("#count-fault")).to_have_text("Up to 200 characters, about 14 s aloud")
    sheet.locator("#write-fault").fill("x" * 70)
    expect(sheet.locator("#count-fault")).to_have_text("70 of 200 characters, about 5 s aloud")


def test_worksheets_are_listed_with_the_checklists(tiny: Path) -> None:
    catalogue = require_catalogue(tiny)
    page = next(page for page in site_pages(catalogue) if page.uri == "checklists/index.html")
    html = Renderer(catalogue, {}).render(page.template, page.uri, page.context)
    assert re.search(r'href="\.\./worksheets/one-loaf\.html"', html)
