"""One walk through the small guide, in Chromium, Firefox and WebKit; run by `make test-browsers`.

What holds in Chromium is tested in tests/browser. Here stands what engines do differently: storage of pages on disk,
the search without a worker, dates, dialogs, and styles of light and dark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import find, missing
from reading import served
from studyguide.catalogue import require_catalogue
from tabs import Tab, tab

TINY = require_catalogue(Path(__file__).parent.with_name("tiny"))
CARD_ID = "dense-loaf"
CARD = TINY.card[CARD_ID].value
#: The practice session and the mock interview have the three cards of the guide, in an order that is known.
PRACTICE = "practice/index.html?set=filter&order=listed"
MOCK = "practice/mock.html?role=baker&minutes=30&seed=5"
FLOUR = "The mill at the river, because the other one is too strong."
#: Between them, each engine has each place and each palette once.
WAYS = [("disk", "dark"), ("host", "light")]


@dataclass(frozen=True)
class Visit:
    """A reader's tab at the guide, which is at an address or in a folder."""

    tab: Tab
    root: str
    scheme: str

    def open(self, uri: str) -> Tab:
        self.tab.open(f"{self.root}/{uri}")
        return self.tab


@pytest.fixture(scope="module")
def roots(built_tiny: Path) -> Iterator[dict[str, str]]:
    with served(built_tiny / "site") as address:
        yield {"disk": (built_tiny / "site").as_uri(), "host": address}


@pytest.fixture(params=WAYS, ids="-".join)
def visit(request: pytest.FixtureRequest, engine: str, roots: dict[str, str], tmp_path: Path) -> Iterator[Visit]:
    """A reader for whom nothing may go wrong."""
    where, scheme = request.param
    if (program := find(engine)) is None:
        pytest.fail(missing(engine), pytrace=False)
    with tab(engine, program, scheme, tmp_path) as new:
        yield Visit(new, roots[where], scheme)
        assert new.errors(roots[where]) == []


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_a_reader_finds_a_card_answers_it_and_everything_is_kept(visit: Visit) -> None:
    opens(visit)
    searches(visit)
    reads(visit)
    practices(visit)
    finds_progress(visit)
    fills_in_a_worksheet(visit)
    begins_a_plan(visit)
    sits_a_mock_interview(visit)


def opens(visit: Visit) -> None:
    page = visit.open("index.html")
    page.shows("h1", "You know the recipe. Now bake it.")
    assert page.run("() => matchMedia('(prefers-color-scheme: dark)').matches") == (visit.scheme == "dark")
    color = page.run("() => getComputedStyle(document.body).backgroundColor")
    red, green, blue = map(int, re.findall(r"\d+", color)[:3])
    assert red + green + blue < 200 if visit.scheme == "dark" else red + green + blue > 600, color


def searches(visit: Visit) -> None:
    page = visit.open("index.html")
    page.press(".md-search__input")
    page.write(".md-search__input", "bread did not rise")
    page.shows(".md-search-result__item:first-child h1", CARD.title)
    page.press(".md-search-result__item:first-child a")
    page.shows(".md-content h1", CARD.title)


def reads(visit: Visit) -> None:
    page = visit.open(f"cards/{CARD_ID}.html")
    page.shows("#strong-outline .sa-move", *(move.move for move in CARD.strong_outline))


def practices(visit: Visit) -> None:
    page = visit.open(PRACTICE)
    page.shows("[data-found]", "3 cards; this session asks all of them.")
    page.press("[data-start]")
    page.shows("[data-place]", "Card 1 of 3")
    page.shows("#strong-outline .sa-move")
    reveal_the_outline(page)
    page.shows("#strong-outline .sa-move", *(move.move for move in CARD.strong_outline))
    for move in (1, 3):
        page.press(f"#move-{move} input")
    page.shows("[data-score]", "2 of 4 moves")
    page.press('[data-rating="2"]')
    page.shows("[data-place]", "Card 2 of 3")


def reveal_the_outline(page: Tab) -> None:
    """Reveal stage by stage until the answer can be rated."""
    for _ in CARD.strong_outline:
        if page.texts("[data-rate]"):
            return
        page.press("[data-next]")


def finds_progress(visit: Visit) -> None:
    page = visit.open("practice/progress.html")
    page.shows('[data-sum="seen"]', "1")
    page.shows('tr[data-id="bench"] [data-figure]', "1 of 2", "0", "0", "2 of 4")
    (answer,) = json.loads(page.run("() => localStorage.getItem('strong-loaf:progress')"))["value"]["cards"][CARD_ID]
    assert (answer["hit"], answer["of"], answer["rating"]) == ([0, 2], 4, 2)


def fills_in_a_worksheet(visit: Visit) -> None:
    page = visit.open("worksheets/one-loaf.html")
    page.write("#sa-name", "Rye")
    page.write("#write-flour", FLOUR)
    page.shows("#sa-filled", "1 of 4 filled in.")
    page = visit.open("worksheets/one-loaf.html")
    page.holds("#sa-name", "Rye")
    page.holds("#write-flour", FLOUR)


def begins_a_plan(visit: Visit) -> None:
    page = visit.open("plans/two-days.html")
    page.write("#plan-start", "2026-11-30")
    page.press("#days-2-2 input")
    page.shows("#plan-done", "1 of 2 rows done")
    page = visit.open("plans/two-days.html")
    page.shows("#plan-done", "1 of 2 rows done")
    page.holds("#plan-start", "2026-11-30")
    dates = [text.replace(",", "") for text in page.texts(".sa-plan__dates")]  # engines differ in the comma
    assert dates == ["Mon 30 Nov 2026", "Tue 1 Dec"]


def sits_a_mock_interview(visit: Visit) -> None:
    page = visit.open(MOCK)
    page.shows("[data-found]", "3 questions, about 10 of 30 minutes.")
    page.press("[data-start]")
    page.shows("[data-place]", "Question 1 of 3")
    reveal_the_outline(page)
    page.press("#move-1 input")
    page.press('[data-rating="3"]')
    page.shows("[data-place]", "Question 2 of 3")
    page.press("[data-end]")
    page.shows("[data-sure-words]", "One question was not reached; it stays unseen.")
    page.press("[data-sure-yes]")
    page.sees("[data-results] .sa-rated")
    first, _, last = page.texts("[data-results] .sa-rated")  # of the second it depends on the clock
    assert (first, last) == ("said it", "not reached")
