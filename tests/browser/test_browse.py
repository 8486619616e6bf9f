"""The list of all cards: found, narrowed, ordered and shared, by mouse, keyboard and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import the_guide
from playwright.sync_api import Browser, Page, expect
from reading import BLOCKED, SIZES, Reader, reader, served
from studyguide.catalogue import CardItem

CATALOGUE = the_guide()
CARDS = CATALOGUE.cards
LIST = "cards/index.html"
LEVELS = ["foundation", "practitioner", "senior"]


@pytest.fixture(params=["file", "http"])
def root(request: pytest.FixtureRequest, built: Path) -> Iterator[str]:
    """The site from a folder on disk, and from a host."""
    if request.param == "file":
        yield (built / "site").as_uri()
    else:
        with served(built / "site") as address:
            yield address


@pytest.fixture
def visit(browser: Browser, built: Path) -> Iterator[Reader]:
    """A reader of the site on disk, whose pages have nothing to complain of."""
    with reader(browser, (built / "site").as_uri()) as one:
        yield one
        assert one.trouble == []


def shown(page: Page) -> list[str]:
    """The ids of the cards that are to be seen, from top to bottom."""
    ids: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.sa-browse .sa-row')].filter((row) => row.checkVisibility())"
        ".map((row) => row.dataset.id)"
    )
    return ids


def query(page: Page) -> str:
    text: str = page.evaluate("() => location.search")
    return text


def ids_of(test: Callable[[CardItem], bool]) -> list[str]:
    return [card.id for card in CARDS if test(card)]


def group(page: Page, name: str) -> None:
    """Open a group of boxes, and on a phone the filters first."""
    if page.locator("#filters-open").is_visible() and page.locator("#filters-open[aria-expanded=false]").count():
        page.get_by_role("button", name=re.compile("More filters")).click()
    if page.locator(f"details[data-group={name}][open]").count() == 0:
        page.locator(f"details[data-group={name}] > summary").click()


def box(page: Page, name: str, value: str) -> None:
    group(page, name)
    page.locator(f"input[name={name}][value={value}]").check()


# --- narrowing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", SIZES)
def test_choices_narrow_the_list_and_the_address_keeps_them(size: str, root: str, browser: Browser) -> None:
    with reader(browser, root, viewport=SIZES[size]) as visit:
        page = visit.tab(LIST)
        expect(page.get_by_role("status")).to_contain_text(f"All {len(CARDS)} cards")
        box(page, "level", "senior")
        box(page, "round", "mlops")
        page.get_by_label("Minutes aloud").select_option("at most 8")
        wanted = ids_of(
            lambda card: card.value.level == "senior" and card.value.round == "mlops" and card.value.minutes <= 8
        )
        assert shown(page) == wanted != []
        expect(page.locator("#count")).to_contain_text(f"{len(wanted)} of {len(CARDS)} cards")
        assert query(page) == "?round=mlops&level=senior&minutes=8"
        page.reload()
        assert shown(page) == wanted
        expect(page.locator("input[name=level][value=senior]")).to_be_checked()
        page.go_back()
        assert query(page) == "?round=mlops&level=senior"
        assert shown(page) == ids_of(lambda card: card.value.level == "senior" and card.value.round == "mlops")
        page.get_by_role("button", name="Reset").click()
        assert shown(page) == [card.id for card in CARDS]
        assert query(page) == ""
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (visit.trouble, wide) == ([], 0)


TOPIC = max(CATALOGUE.cards_of_topic, key=lambda topic: len(CATALOGUE.cards_of_topic[topic]))
ROLE = CATALOGUE.roles[-1].id


@pytest.mark.parametrize(
    ("address", "test"),
    [
        ("round=mlops,behavioral", lambda card: card.value.round in ("mlops", "behavioral")),
        ("level=foundation,senior", lambda card: card.value.level != "practitioner"),
        (f"role={ROLE}", lambda card: ROLE in card.value.roles),
        (f"topic={TOPIC}", lambda card: TOPIC in card.value.topics),
        ("minutes=4", lambda card: card.value.minutes <= 4),
        ("minutes=7", lambda card: card.value.minutes <= 7),  # not among the choices, and still understood
        ("evidence=yes", lambda card: bool(card.value.evidence)),
        ("evidence=no&level=senior", lambda card: not card.value.evidence and card.value.level == "senior"),
        ("status=new", lambda card: True),
        ("status=due,known", lambda card: False),
        # What no card can be is left out, not obeyed.
        ("round=no-such-round&level=senior&minutes=lots&sort=backwards", lambda card: card.value.level == "senior"),
    ],
)
def test_an_address_shows_the_cards_that_it_describes(
    address: str, test: Callable[[CardItem], bool], visit: Reader
) -> None:
    page = visit.tab(f"{LIST}?{address}")
    assert shown(page) == ids_of(test)
    practise = page.locator("#practise")
    if shown(page):
        wanted = page.evaluate("() => StrongAnswer.filter.write(StrongAnswer.filter.parse(location.search))")
        expect(practise).to_be_visible()
        assert str(practise.get_attribute("href")).startswith("../practice/index.html?set=filter")
        if "no-such" not in address:
            assert practise.get_attribute("href") == f"../practice/index.html?set=filter&{wanted}"
    else:
        expect(practise).to_be_hidden()
        expect(page.locator("#none")).to_be_visible()


def test_words_are_looked_for_in_title_question_and_topics(visit: Reader) -> None:
    page = visit.tab(LIST)
    card = CARDS[7]
    page.get_by_label("Words in title, question or topics").fill(card.value.title.upper())
    assert card.id in shown(page)
    page.get_by_label("Words in title").fill(card.value.question)
    assert card.id in shown(page)
    page.get_by_label("Words in title").fill(card.value.topics[0].replace("-", " "))
    assert card.id in shown(page)
    page.get_by_label("Words in title").fill(f"{card.value.title} zebra-crossing")
    assert shown(page) == []
    expect(page.locator("#count")).to_have_text(f"0 of {len(CARDS)} cards")


def test_typing_a_word_is_one_step_back(visit: Reader) -> None:
    page = visit.tab(LIST)
    box(page, "level", "senior")
    page.locator("#filter-q").press_sequentially("drift")
    assert query(page) == "?q=drift&level=senior"
    page.go_back()
    assert query(page) == "?level=senior"
    expect(page.locator("#filter-q")).to_have_value("")
    page.go_forward()
    expect(page.locator("#filter-q")).to_have_value("drift")


def values(card: CardItem, name: str) -> tuple[str, ...]:
    """What a card is called in a group of boxes."""
    value = card.value
    return {
        "form": (value.form,),
        "level": (value.level,),
        "round": (value.round,),
        "role": value.roles,
        "topic": value.topics,
    }[name]


@pytest.mark.parametrize(
    ("address", "restrictions"),
    [
        ("", {}),
        ("?level=senior", {"level": "senior"}),
        (f"?level=senior&topic={TOPIC}&evidence=yes", {"level": "senior", "topic": TOPIC, "evidence": "yes"}),
    ],
)
def test_the_number_beside_a_box_is_how_many_cards_it_would_show(
    address: str, restrictions: dict[str, str], visit: Reader
) -> None:
    page = visit.tab(LIST + address)
    said = page.evaluate(
        "() => [...document.querySelectorAll('.sa-group__boxes input')].map((box) =>"
        " [box.name, box.value, Number(box.parentElement.querySelector('[data-count]').textContent)])"
    )
    assert len(said) == 5 + 3 + 3 + len(CATALOGUE.rounds) + len(CATALOGUE.roles) + len(CATALOGUE.topics)
    for name, value, number in said:
        others = {other: wanted for other, wanted in restrictions.items() if other not in (name, "evidence")}
        here = [card for card in CARDS if all(wanted in values(card, other) for other, wanted in others.items())]
        if "evidence" in restrictions:
            here = [card for card in here if card.value.evidence]
        if name == "status":
            assert number == (len(here) if value == "new" else 0)
        else:
            assert number == sum(value in values(card, name) for card in here), f"{name}={value} at {address!r}"


def test_headings_count_what_is_shown_of_their_round_and_empty_rounds_go(visit: Reader) -> None:
    page = visit.tab(f"{LIST}?level=senior")
    for item in CATALOGUE.rounds:
        all_ = CATALOGUE.cards_of_round.get(item.id, ())
        here = [card for card in all_ if card.value.level == "senior"]
        heading = page.locator(f"section[data-of={item.id}] h2")
        expect(heading).to_be_visible(visible=bool(here))
        if here:
            expect(heading.locator("small")).to_have_text(f"{len(here)} of {len(all_)}")


# --- order -----------------------------------------------------------------------------------------------------------
def test_cards_are_sorted_as_asked_and_go_home_again(visit: Reader) -> None:
    page = visit.tab(LIST)
    at_home = shown(page)
    key = {card.id: card.value for card in CARDS}
    page.get_by_label("Sort by").select_option("minutes")
    minutes = [key[id_].minutes for id_ in shown(page)]
    assert minutes == sorted(minutes)
    assert query(page) == "?sort=minutes"
    expect(page.locator(".sa-row__round").first).to_be_visible()
    page.get_by_label("Sort by").select_option("level")
    levels = [LEVELS.index(key[id_].level) for id_ in shown(page)]
    assert levels == sorted(levels)
    page.get_by_label("Sort by").select_option("title")
    titles = shown(page)
    assert titles == page.evaluate(
        "(pairs) => pairs.sort((a, b) => a[1].localeCompare(b[1], 'en')).map(([id]) => id)",
        [[card.id, card.value.title] for card in CARDS],
    )
    page.get_by_label("Sort by").select_option("round")
    assert shown(page) == at_home == [card.id for card in CARDS]


# --- what the reader did ---------------------------------------------------------------------------------------------
ANSWER = """([id, rating, days]) =>
  StrongAnswer.progress.record(id, {hit: [0], of: 4, rating}, new Date(Date.now() - days * 864e5))"""


def test_the_list_knows_what_was_missed_and_due_and_follows_another_tab(visit: Reader) -> None:
    first, second, third = (card.id for card in CARDS[:3])
    page, other = visit.tab(LIST), visit.tab(LIST)
    for id_, rating, days in ((first, 3, 9), (second, 1, 0), (third, 3, 5)):
        other.evaluate(ANSWER, [id_, rating, days])
    expect(page.locator(f"[data-id={first}] .sa-row__mine")).to_have_text(" · due")
    expect(page.locator(f"[data-id={second}] .sa-row__mine")).to_have_text(" · missed last time")
    box(page, "status", "missed")
    assert shown(page) == [second]
    box(page, "status", "due")
    assert shown(page) == [first, second, third]
    page.get_by_label("Sort by").select_option("due day")
    assert shown(page) == [first, third, second]
    other.evaluate(ANSWER, [first, 3, 0])
    expect(page.locator("#count")).to_contain_text("2 of")
    assert shown(page) == [third, second]
    assert page.locator("#practise").get_attribute("href") == (
        "../practice/index.html?set=filter&status=missed,due&sort=due"
    )


def test_the_list_works_where_nothing_can_be_kept(browser: Browser, built: Path) -> None:
    with reader(browser, (built / "site").as_uri(), BLOCKED) as visit:
        page = visit.tab(LIST)
        box(page, "level", "senior")
        assert shown(page) == ids_of(lambda card: card.value.level == "senior")


def test_what_the_filter_found_is_practised(visit: Reader) -> None:
    page = visit.tab(f"{LIST}?round=mlops&level=senior&minutes=8")
    many = len(shown(page))
    page.get_by_role("link", name=f"Practice these {many}").click()
    expect(page.locator("[data-found]")).to_contain_text(f"{many} cards")
    assert query(page).startswith("?set=filter&round=mlops&level=senior&minutes=8")


# --- other ways of reading -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", SIZES)
def test_everything_is_done_by_keyboard_alone(size: str, browser: Browser, built: Path) -> None:
    with reader(browser, (built / "site").as_uri(), viewport=SIZES[size]) as visit:
        page = visit.tab(LIST)

        def tab_to(selector: str) -> None:
            for _ in range(80):
                if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                    return
                page.keyboard.press("Tab")
            raise AssertionError(f"Tab does not reach {selector}")

        tab_to("#filter-q")
        page.keyboard.type("model")
        if size == "phone":
            tab_to("#filters-open")
            page.keyboard.press("Enter")
        tab_to("input[name=level][value=senior]")
        page.keyboard.press("Space")
        tab_to("details[data-group=round] > summary")
        page.keyboard.press("Enter")
        tab_to("input[name=round][value=mlops]")
        page.keyboard.press("Space")
        assert query(page) == "?q=model&round=mlops&level=senior"
        assert shown(page) != []
        tab_to("#reset")
        page.keyboard.press("Enter")
        assert query(page) == ""
        # The button is gone with the filter; whoever pressed it goes on where filtering begins.
        assert page.evaluate("() => document.activeElement.id") == "filter-q"
        tab_to("#practise")
        assert visit.trouble == []


def test_names_and_roles_say_what_screen_readers_need(visit: Reader) -> None:
    page = visit.tab(f"{LIST}?level=senior")
    form = page.get_by_role("search", name="Filter the cards")
    expect(form.get_by_role("searchbox", name="Words in title, question or topics")).to_be_visible()
    expect(form.get_by_role("group", name="Level").get_by_role("checkbox", name=re.compile("^Senior"))).to_be_checked()
    expect(form.get_by_role("combobox", name="Minutes aloud")).to_be_visible()
    expect(page.get_by_role("combobox", name="Sort by")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=f"of {len(CARDS)} cards")).to_have_count(1)
    expect(page.get_by_role("link", name=re.compile("Practice these"))).to_be_visible()


def test_without_javascript_the_whole_list_is_there_and_no_form(browser: Browser, built: Path) -> None:
    with reader(browser, (built / "site").as_uri(), java_script_enabled=False) as visit:
        page = visit.tab(f"{LIST}?level=senior")
        expect(page.locator(".sa-row__title")).to_have_count(len(CARDS))
        expect(page.locator(".sa-row__title").last).to_be_visible()
        expect(page.locator("#filters")).to_be_hidden()
        expect(page.locator("#browse-bar")).to_be_hidden()
        expect(page.locator("#jump a").first).to_be_visible()


# --- addresses that lead nowhere -------------------------------------------------------------------------------------
@pytest.mark.parametrize("uri", ["nothing.html", "cards/nothing.html", "a/b/c/d/nothing.html"])
def test_a_lost_reader_finds_the_way_from_any_depth(uri: str, browser: Browser, built: Path) -> None:
    with served(built / "site") as address, reader(browser, address) as visit:
        page = visit.tab(uri)
        expect(page.get_by_role("heading", level=1)).to_have_text("No page has this address")
        assert page.evaluate("() => getComputedStyle(document.querySelector('.sa-weak')).borderTopStyle") == "dashed"
        page.keyboard.press("/")
        page.keyboard.type(CARDS[0].value.title)
        expect(page.locator(f".md-search-result__link[href*='cards/{CARDS[0].id}.html']").first).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("link", name="All cards").click()
        expect(page).to_have_url(f"{address}/{LIST}")
        assert [error for error in visit.errors if "404" not in error] == []
        assert visit.elsewhere == []
