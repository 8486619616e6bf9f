"""The form for writing a card, in a real Chromium, from a folder on disk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import the_guide
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from reading import NO_COPY, violations
from studyguide.catalogue import load_catalogue
from studyguide.content.card_yaml import card_yaml, slug
from studyguide.content.models import Card
from studyguide.content.validate import shape
from studyguide.content.yaml_source import parse
from studyguide.pages.forge import Forge
from studyguide.pages.form_data import DATA_URI, data_file

ROOT = Path(__file__).resolve().parents[2]
URI = "site/contributing/write.html"
CARD: dict[str, Any] = {
    "title": "The oven that lied",
    "form": "situation",
    "asked_as": ["How do you test an oven without a thermometer?", "The crust is pale. What do you do first?"],
    "round": "bench",
    "level": "senior",
    "roles": ["baker"],
    "topics": ["fermentation", "customers"],
    "terms": ["crumb", "starter"],
    "prompt": "The dial says 230, the crust is pale after forty minutes, and sixty people are coming at noon. "
    "The thermometer is at home. What do you do first?",
    "say_first": "I test an oven with something that changes at a known heat, before I turn its dial. I would melt "
    "sugar, look at the crumb of one loaf and at the starter, and promise the sixty people bread only when I know. "
    "The dial says 230, and after forty minutes a pale crust says that it lies.",
    "ask_first": [{"ask": "Does the starter come from yesterday?", "suppose": "yes, fed at night"}],
    "weak_answer": {
        "says": "I would turn the dial up by thirty degrees and give the bread ten more minutes to be safe.",
        "misses": "Nobody knows whether the dial, the door or the element is wrong. If the element comes back, the "
        "next batch is charcoal, and the first one was thrown away for nothing.",
    },
    "strong_outline": [
        {
            "move": f"{word} something that shows the heat",
            "detail": f"{word} a sheet of sugar on the middle shelf: it melts at a known heat, so within ten minutes I "
            "know on which side of that the oven is, and which remedy comes first.",
        }
        for word in ("Bake", "Weigh", "Watch", "Write down")
    ],
    "takeaway": "Measure before you correct, with whatever is at hand, and change one thing at a time.",
    "whats_being_tested": "Whether you measure before you correct, with whatever is at hand, while people wait.",
    "follow_ups": [
        {
            "ask": "There is no sugar in the house. What else melts?",
            "listen_for": "Butter, water, paper: each with a number to compare.",
        },
        {
            "ask": "The guests are there already. What now?",
            "listen_for": "Says what will be late, and what can be eaten before that.",
        },
    ],
    "red_flags": ["Turns the dial twice before looking.", "Blames the flour: \"it was #1 before\"."],
    "workings": [{"step": "Loaves for sixty", "name": "loaves", "formula": "60 / 4", "result": "15 loaves"}],
    "sources": [{"title": "A handbook of ovens", "url": "https://example.org/ovens?a=1#x"}],
    "related": ["dense-loaf"],
    "reviewed": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def address(built_tiny: Path) -> str:
    return (built_tiny / URI).as_uri()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#sa-write-count")).to_contain_text("still open")
    page.locator(".sa-more-fields").click()
    return page


@pytest.fixture(scope="session")
def asked(browser: Browser, built_tiny: Path) -> Iterator[Page]:
    """One page for tests that only call its functions."""
    page = browser.new_page()
    page.goto((built_tiny / URI).as_uri())
    yield page
    page.close()


def control(page: Page, path: str) -> Locator:
    return page.locator(f'[data-control="{path}"]')


def fill(page: Page, value: Any, path: str = "") -> None:
    """Write a card into the form as somebody would: field by field, adding entries where they are missing."""
    if isinstance(value, dict):
        for key, inner in value.items():
            fill(page, inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and path in ("roles", "topics", "terms", "related"):
        titles = {"baker": "Baker", "fermentation": "Fermentation", "customers": "Customers"}
        titles |= {"dense-loaf": "The loaf that did not rise", "crumb": "crumb", "starter": "starter"}
        for name in value:
            page.locator(f'[data-path="{path}"]').get_by_label(titles[name]).check()
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if not page.locator(f'[data-control^="{path}.{index}"]').count():
                page.locator(f'[data-path="{path}"] > .sa-group__place > .sa-add').click()
            fill(page, inner, f"{path}.{index}")
    elif control(page, path).evaluate("element => element.tagName") == "SELECT":
        control(page, path).select_option(value)
    else:
        control(page, path).fill(str(value))


def open_with(page: Page, address: str, data: dict[str, Any]) -> None:
    """Open the form with a kept draft: quicker than typing, where the typing is not what is tested."""
    kept = json.dumps({"version": 1, "value": {"open": "a", "drafts": {"a": {"data": data, "id": None}}}})
    page.goto(address)
    page.evaluate("kept => localStorage.setItem('strong-loaf:card-drafts', kept)", kept)
    page.reload()
    expect(page.locator("#sa-write-count")).not_to_be_empty()


def in_browser(page: Page, data: dict[str, Any]) -> str:
    return str(page.evaluate("data => StrongAnswer.card.yaml(StrongAnswer.card.clean(data))", data))


# --- the way through -----------------------------------------------------------------------------------------------
def test_a_card_written_in_the_form_passes_the_checker(page: Page, tiny: Path) -> None:
    fill(page, CARD)
    expect(page.locator("#sa-write-count")).to_have_text("Complete: studyguide check says the rest")
    expect(page.locator("#sa-write-path")).to_have_text(re.compile(r"other/cards/bench/the-oven-that-lied\.yml$"))
    text = page.locator("#sa-write-yaml").text_content() or ""
    (tiny / "cards" / "bench" / "the-oven-that-lied.yml").write_text(text, encoding="utf-8")
    assert load_catalogue(tiny)[1] == []
    assert yaml.safe_load(text) | {"reviewed": "2026-11-20"} == CARD


def test_tabs_of_a_pasted_text_become_spaces_as_no_card_may_hold_a_tab(asked: Page) -> None:
    card = {**CARD, "title": "\tOven\tlore ", "prompt": "a\n\tb"}
    found = asked.evaluate("data => StrongAnswer.card.clean(data)", card)
    assert (found["title"], found["prompt"]) == ("Oven    lore", "a\n    b")


def test_the_preview_has_the_look_and_the_words_of_a_card(page: Page) -> None:
    open_with(
        page, page.url, {**CARD, "prompt": f"**Noon.** {CARD['prompt']}\n\n- a `dial`\n- a [note](https://example.org)"}
    )
    preview = page.locator("#sa-write-preview")
    expect(preview.locator(".sa-write__title")).to_have_text(CARD["title"])
    expect(preview.locator(".sa-prompt strong")).to_have_text("Noon.")
    expect(preview.locator(".sa-prompt li code")).to_have_text("dial")
    expect(preview.locator(".sa-prompt li a")).to_have_attribute("href", "https://example.org")
    expect(preview.locator(".sa-moves > li")).to_have_count(4)
    expect(preview.locator(".sa-moves .sa-move").nth(3)).to_have_text("Write down something that shows the heat")
    expect(preview.locator(".sa-where")).to_contain_text("Bench test")
    expect(preview.locator(".sa-where")).to_contain_text("Situation")
    expect(preview.locator(".sa-flags li")).to_have_count(2)
    expect(preview.locator(".sa-workings tbody td").last).to_have_text("15 loaves")
    expect(preview.locator(".sa-foot")).to_contain_text("The loaf that did not rise")


def test_a_hostile_text_is_shown_as_text_and_runs_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    hostile = (
        "<img src=x onerror=alert(1)><script>alert(2)</script> [run](javascript:alert(3)) "
        "![picture](https://example.org/p.png) <https://example.org/fine> [j](data:text/html,x)"
    )
    fill(page, {"prompt": hostile, "title": "<b onclick=alert(4)>Bold</b>"})
    prompt = page.locator("#sa-write-preview .sa-prompt")
    expect(prompt).to_contain_text("<script>alert(2)</script>")
    expect(page.locator("#sa-write-preview .sa-write__title")).to_have_text("<b onclick=alert(4)>Bold</b>")
    assert prompt.locator("img, script").count() == 0
    assert prompt.locator("a").evaluate_all("links => links.map(link => link.href)") == ["https://example.org/fine"]
    page.locator("#sa-write-preview").click()
    assert asked == []


def test_an_empty_form_opens_without_a_problem_shown(page: Page) -> None:
    expect(page.locator("#sa-write-count")).to_contain_text("still open")
    assert page.locator(".sa-field__problems li").all_text_contents() == []
    assert page.locator("#sa-write-preview .sa-where span").all_text_contents() == ["Round", "Level", "Form", "Roles"]


def test_problems_are_shown_where_they_are_once_a_field_was_left(page: Page) -> None:
    field = page.locator('[data-path="weak_answer.says"]')
    expect(field.locator(".sa-field__problems li")).to_have_count(0)
    control(page, "weak_answer.says").fill("Too short.")
    expect(field.locator(".sa-field__count")).to_have_text("10 of 500, at least 60")
    control(page, "weak_answer.misses").focus()
    expect(field.locator("li")).to_have_text("10 characters are too few: 60 are needed.")
    expect(control(page, "weak_answer.says")).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[data-path="weak_answer.misses"] li')).to_have_count(0)


def test_the_list_of_problems_leads_to_the_fields(page: Page) -> None:
    page.locator("#sa-write-list summary").click()
    page.locator("#sa-write-problems button", has_text="This is still to be written.").first.click()
    expect(control(page, "title")).to_be_focused()
    expect(page.locator('[data-path="title"] > .sa-field__problems li')).to_have_text("This is still to be written.")


def test_entries_are_added_moved_and_removed_with_the_keyboard_alone(page: Page) -> None:
    for _ in range(2):
        page.get_by_role("button", name="Add a move").click()
    for index, words in enumerate(("first", "second", "third", "fourth")):
        control(page, f"strong_outline.{index}.move").fill(words)
    page.get_by_role("button", name="Down move 1").press("Enter")
    expect(control(page, "strong_outline.1.move")).to_be_focused()
    expect(control(page, "strong_outline.1.move")).to_have_value("first")
    page.get_by_role("button", name="Add a move").press("Enter")
    expect(control(page, "strong_outline.4.move")).to_be_focused()
    page.keyboard.type("fifth")
    page.get_by_role("button", name="Remove move 1").press("Enter")
    expect(control(page, "strong_outline.0.move")).to_be_focused()
    found = [control(page, f"strong_outline.{index}.move").input_value() for index in range(4)]
    assert found == ["first", "third", "fourth", "fifth"]
    expect(control(page, "strong_outline.4.move")).to_have_count(0)
    for _ in range(2):
        page.get_by_role("button", name="Add a move").click()
    expect(page.get_by_role("button", name="Add a move")).to_be_disabled()


def test_the_file_name_follows_the_title_until_it_is_written(page: Page) -> None:
    name = control(page, "id")
    control(page, "title").fill("Käse: zu kalt?")
    expect(name).to_have_value("kase-zu-kalt")
    name.fill("cold-cheese")
    control(page, "title").fill("Another title")
    expect(name).to_have_value("cold-cheese")
    name.fill("")
    control(page, "title").fill("A third title")
    expect(name).to_have_value("a-third-title")


def test_cells_of_evidence_are_those_of_the_chosen_notebook(page: Page) -> None:
    page.get_by_role("button", name="Add evidence").click()
    cell = control(page, "evidence.0.cell")
    assert cell.locator("option").all_text_contents() == ["Choose …"]
    control(page, "evidence.0.notebook").select_option("proofing")
    assert cell.locator("option").all_text_contents() == ["Choose …", "time-by-warmth", "warmth-drawn"]


@pytest.fixture
def large(context: BrowserContext, built_tiny: Path, tmp_path: Path) -> Page:
    """The form as it is over this guide's own content, with its many topics and cards."""
    shutil.copytree(built_tiny / "site", tmp_path / "site")
    catalogue = the_guide()
    (tmp_path / "site" / DATA_URI).write_text(data_file(catalogue, Forge("https://github.com/a/b")), encoding="utf-8")
    page = context.new_page()
    page.goto((tmp_path / URI).as_uri())
    page.locator(".sa-more-fields").click()
    return page


def test_where_there_are_many_topics_they_are_typed_with_suggestions(large: Page) -> None:
    topics = large.locator('[data-path="topics"]')
    box = topics.get_by_label("Add to topics")
    assert topics.locator("datalist option").count() > 50
    assert topics.locator("datalist option[value=drift]").get_attribute("label") == "Drift"
    box.fill("drift")
    box.press("Enter")
    expect(box).to_have_value("")
    expect(topics.get_by_role("button", name="Remove Drift")).to_be_visible()
    box.fill("calibraton")
    box.press("Enter")
    expect(box).to_have_value("calibraton")  # a topic that does not exist is not added
    expect(large.locator("#sa-says")).to_contain_text("There is no topic “calibraton”")
    box.fill("Calibration")
    box.press("Enter")
    expect(topics.locator(".sa-chip")).to_have_text(["Drift", "Calibration"])
    topics.get_by_role("button", name="Remove Calibration").press("Enter")
    expect(box).to_be_focused()
    expect(large.locator("#sa-write-yaml")).to_contain_text("topics: [drift]")
    assert large.locator('[data-path="roles"] input[type=checkbox]').count() == 6


# --- drafts --------------------------------------------------------------------------------------------------------
def kept(page: Page) -> Locator:
    return page.locator("#sa-saved", has_text="Kept in this browser.")


def test_drafts_are_kept_several_of_them_and_erased_one_by_one(page: Page) -> None:
    control(page, "title").fill("The first draft")
    expect(kept(page)).to_be_visible()
    page.locator("#sa-draft-new").click()
    page.locator(".sa-more-fields").click()
    expect(control(page, "title")).to_have_value("")
    control(page, "title").fill("The second draft")
    control(page, "weak_answer.says").fill("Words")
    expect(page.locator("#sa-drafts option")).to_have_text(["The first draft", "The second draft"])
    page.reload()
    expect(control(page, "title")).to_have_value("The second draft")
    expect(control(page, "weak_answer.says")).to_have_value("Words")
    page.locator("#sa-drafts").select_option(label="The first draft")
    expect(control(page, "title")).to_have_value("The first draft")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#sa-draft-erase").click()
    expect(control(page, "title")).to_have_value("The second draft")
    page.reload()
    expect(page.locator("#sa-drafts option")).to_have_text(["The second draft"])


def test_a_draft_in_two_tabs_keeps_what_is_written_in_either(page: Page, context: BrowserContext, address: str) -> None:
    control(page, "title").fill("Open twice")
    expect(kept(page)).to_be_visible()
    other = context.new_page()
    other.goto(address)
    expect(control(other, "title")).to_have_value("Open twice")
    control(page, "takeaway").fill("Written in the first tab.")
    expect(control(other, "takeaway")).to_have_value("Written in the first tab.")
    control(other, "weak_answer.says").fill("Written in the second tab.")
    expect(control(page, "weak_answer.says")).to_have_value("Written in the second tab.")
    page.reload()
    expect(control(page, "takeaway")).to_have_value("Written in the first tab.")
    expect(control(page, "weak_answer.says")).to_have_value("Written in the second tab.")


def test_erasing_asks_first(page: Page) -> None:
    control(page, "title").fill("A precious draft")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#sa-draft-erase").click()
    expect(control(page, "title")).to_have_value("A precious draft")


def test_what_is_typed_last_is_kept_when_the_page_is_left_at_once(page: Page, address: str) -> None:
    control(page, "title").fill("Left in a hurry")
    page.goto(address.replace("write.html", "rules.html"))
    page.goto(address)
    expect(control(page, "title")).to_have_value("Left in a hurry")


def test_a_draft_of_another_shape_opens_with_what_fits(page: Page) -> None:
    page.evaluate(
        """() => {
          const data = {title: "Old", colour: "red", roles: "baker", strong_outline: [{move: "One"}], minutes: []};
          const kept = {version: 1, value: {open: "x", drafts: {x: {data: data}}}};
          localStorage.setItem("strong-loaf:card-drafts", JSON.stringify(kept));
        }"""
    )
    page.reload()
    expect(control(page, "title")).to_have_value("Old")
    expect(control(page, "strong_outline.0.move")).to_have_value("One")
    expect(control(page, "form")).to_have_value("")
    expect(page.locator("#sa-write-count")).to_contain_text("still open")


# --- handing it in -------------------------------------------------------------------------------------------------
def test_the_button_opens_the_forges_page_with_path_and_card_filled_in(page: Page) -> None:
    fill(page, {key: CARD[key] for key in ("title", "round", "level", "prompt")})
    expect(page.locator("#sa-write-path")).to_contain_text("bench/the-oven-that-lied.yml")
    # The prompt is typed last, and the form follows when typing pauses.
    expect(page.locator("#sa-write-yaml")).to_contain_text(CARD["prompt"].split(".")[0][:30])
    address = urlsplit(page.locator("#sa-write-open").get_attribute("href") or "")
    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "github.com",
        "/strong-answer/strong-answer/new/main",
    )
    filled = parse_qs(address.query)
    assert filled["filename"][0] == page.locator("#sa-write-path").text_content()
    assert filled["value"][0] == page.locator("#sa-write-yaml").text_content()
    assert yaml.safe_load(filled["value"][0])["level"] == "senior"


def test_a_card_too_long_for_an_address_is_copied_and_said_so(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.route("https://github.com/**", lambda route: route.abort())
    open_with(page, page.url, CARD)
    long = " ".join(["ä lot to say about bread."] * 50)
    for index in range(4):
        control(page, f"strong_outline.{index}.detail").fill(long)
    expect(page.locator("#sa-write-how")).to_contain_text("too long for an address: the button copies it")
    href = page.locator("#sa-write-open").get_attribute("href") or ""
    assert list(parse_qs(urlsplit(href).query)) == ["filename"]
    with context.expect_page():
        page.locator("#sa-write-open").click()
    page.bring_to_front()
    expect(page.locator("#sa-says")).to_contain_text("so it was copied: paste it")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#sa-write-yaml").text_content()


def test_the_yaml_is_copied_or_downloaded(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill(page, {"title": CARD["title"]})
    expect(page.locator("#sa-write-path")).to_contain_text("the-oven-that-lied")
    text = page.locator("#sa-write-yaml").text_content() or ""
    page.locator("#sa-write-copy").click()
    expect(page.locator("#sa-says")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.evaluate(NO_COPY)
    with page.expect_download() as waiting:
        page.locator("#sa-write-copy").click()
    expect(page.locator("#sa-says")).to_contain_text("so the file was downloaded")
    assert Path(waiting.value.path()).read_text(encoding="utf-8") == text
    with page.expect_download() as waiting:
        page.locator("#sa-write-download").click()
    assert waiting.value.suggested_filename == "the-oven-that-lied.yml"
    assert Path(waiting.value.path()).read_text(encoding="utf-8") == text


# --- shape and file ------------------------------------------------------------------------------------------------
def open_parts(page: Page, data: dict[str, Any], name: str = "the-oven-that-lied") -> list[tuple[str, str]]:
    """What the form says of a card: (place, message)."""
    found = page.evaluate(
        "([data, id]) => { const card = StrongAnswer.card; return card.check(card.clean(data), id); }", [data, name]
    )
    return [(".".join(map(str, problem["loc"])), problem["message"]) for problem in found]


def test_the_form_knows_lengths_lists_and_names_by_the_schema(asked: Page) -> None:
    assert open_parts(asked, CARD) == []
    assert open_parts(asked, {**CARD, "title": "Short"}) == [("title", "5 characters are too few: 8 are needed.")]
    assert open_parts(asked, {**CARD, "title": "x" * 61}) == [("title", "61 characters are too many: 60 fit.")]
    assert open_parts(asked, {**CARD, "asked_as": CARD["asked_as"][:1]}) == [
        ("asked_as", "At least 2 are needed, and there is 1.")
    ]
    assert open_parts(asked, {**CARD, "topics": ["fermentasion"]}) == [("topics", "There is no topic “fermentasion”.")]
    assert open_parts(asked, {key: value for key, value in CARD.items() if key != "takeaway"}) == [
        ("takeaway", "This is still to be written.")
    ]
    assert open_parts(asked, CARD, "Bad_Id") == [("id", "Use lower-case words joined by hyphens.")]
    assert open_parts(asked, CARD, "dense-loaf") == [("id", "“The loaf that did not rise” has this name already.")]


def test_titles_in_latin_letters_become_the_same_ids(asked: Page) -> None:
    titles = ["Late labels: drift?", "Café à la carte", "a" * 70, "x" * 59 + " y", "  -- a --  "]
    assert asked.evaluate("titles => titles.map(StrongAnswer.card.slug)", titles) == [slug(title) for title in titles]


def test_a_title_in_other_letters_leaves_the_name_to_be_written(asked: Page) -> None:
    """`make new` transliterates; the form has no tables for that."""
    assert asked.evaluate("StrongAnswer.card.slug('日本')") == ""
    assert open_parts(asked, CARD, "") == [("id", "Write a name in Latin letters: the title has none.")]


def texts_for_yaml() -> list[str]:
    long = "A sentence of several words that goes on. " * 5
    return [
        "plain words", "yes", "Null", "12:30", "- dash", "key: value", "a #comment", "trailing:", "it's", '"quoted"',
        "a, b", "C:\\path\\n", "{braces}", "[brackets]", "@at", "100%", "*star*", "&amp", "!tag", "|", ">", "~",
        "é ü 日本", "\U0001f35e", "x" * 200, "a:b", "http://example.org", "2026-01-01", "1e3", "0x1f", "=", "on",
        "trailing space   ", "tab\\t", long, "Word " * 18 + "- dash 1. two # three", "a  double  gap " * 12,
        long + "\n\n- a list\n- of two\n\n```python\nx = 1\n\n    y = 2\n```", "first\n\nsecond  \nthird",
        "\\" * 3 + " word" * 40 + "\n\nend", "| a | b |\n|---|---|\n| 1 | 2 |",
    ]  # fmt: skip


def test_every_text_comes_back_from_the_forms_yaml_as_it_was_written(asked: Page) -> None:
    for text in texts_for_yaml():
        data = {**CARD, "title": text, "prompt": text, "red_flags": [text, text]}
        back = yaml.safe_load(in_browser(asked, data))
        assert [back["title"], back["prompt"], *back["red_flags"]] == [text.strip()] * 4


def test_every_text_comes_back_from_the_yaml_as_it_was_written() -> None:
    for text in texts_for_yaml():
        data = {"title": text, "prompt": text, "red_flags": [text, text]}
        back = yaml.safe_load(card_yaml(data, Path("content")))
        for found in (back["title"], back["prompt"], *back["red_flags"]):
            assert isinstance(found, str)
            # Long lines are wrapped: a line end for spaces, which Markdown reads alike.
            assert re.sub(" +", " ", found.strip()) == re.sub(" +", " ", text.strip())


def test_a_card_comes_back_from_the_forms_yaml_as_it_was(asked: Page) -> None:
    card, problems = shape(Card, parse(in_browser(asked, CARD).encode(), "card.yml")[0])  # type: ignore[arg-type]
    assert problems == []
    assert card is not None
    assert card.model_dump(mode="json", exclude_defaults=True) == CARD


# --- the page ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_opens_clean_for_every_reader(width: int, scheme: Any, browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
    open_with(page, address, {})
    empty = violations(page, ".sa-write")
    open_with(page, address, {**CARD, "title": "x" * 70, "evidence": [{"notebook": "proofing"}]})
    page.locator("#sa-write-list summary").click()
    page.locator("#sa-write-problems button").first.click()
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (wrong, sideways) == ([], 0)
    found = violations(page, ".sa-write")
    context.close()
    assert (empty, found) == ([], [])


def test_without_javascript_the_other_ways_are_told(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".sa-write__without")).to_be_visible()
    expect(page.locator("#sa-write-form")).not_to_be_visible()
    expect(page.get_by_role("heading", name="Other ways")).to_be_visible()
    context.close()


def test_a_guide_without_a_known_forge_offers_to_copy_and_download(
    page: Page, built_tiny: Path, tmp_path: Path
) -> None:
    page.evaluate("StrongAnswer.schema.repo = 'https://code.example.org/us/guide'")
    control(page, "title").fill("Somewhere else")
    expect(page.locator("#sa-write-open")).to_be_hidden()
    expect(page.locator("#sa-write-copy")).to_be_visible()
    expect(page.locator("#sa-write-how")).to_contain_text("Put it there, and open a pull request.")
    page.evaluate("StrongAnswer.schema.repo = ''")
    control(page, "title").fill("Nowhere at all")
    expect(page.locator("#sa-write-how")).to_contain_text("Put it there.")


def test_the_wanted_page_counts_cards_by_topic_and_level(built_tiny: Path) -> None:
    soup = BeautifulSoup((built_tiny / "site" / "contributing" / "wanted.html").read_text("utf-8"), "html.parser")
    tiles = [" ".join(tile.get_text(" ").split()) for tile in soup.select(".sa-tiles .sa-tile")]
    assert tiles == [
        "Customers 1 card. People on the other side of the counter.",
        "Fermentation 2 cards. Dough that rises, and when it does not.",
    ]
    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in soup.select(".sa-grid tr")
    ]
    assert rows == [
        ["Round", "Foundation", "Practitioner", "Senior"],
        ["Bench test", "1", "0 few", "1"],
        ["Counter", "0 few", "1", "0 few"],
    ]
