"""What the browser prints: every kind of page, from light and from dark, on A4 and on Letter."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from studyguide.catalogue import require_catalogue

CATALOGUE = require_catalogue(Path(__file__).parent.with_name("tiny"))
CARD = CATALOGUE.card["dense-loaf"].value
#: A page of each kind, and words that its paper must bear.
KINDS = {
    "index.html": "Now bake it.",
    "rounds/index.html": "Weak against strong preparation",
    "rounds/bench.html": "The loaf that did not rise",
    "cram/bench.html": "So I would cut one loaf before I change anything.",
    "cards/index.html": "The oven that loses heat",
    "cards/dense-loaf.html": "Cut a loaf and read its crumb",
    "checklists/index.html": "Before the bench test",
    "checklists/before-the-bench.html": "Is the starter awake?",
    "plans/two-days.html": "What exists afterwards".upper(),
    "roles/baker.html": "How to share out your time",
    "collections/people.html": "The customer with yesterday's bread",
    "notebooks/proofing.html": "warm 25 4.0",
    "glossary.html": "The inside of a loaf",
    "resources.html": "https://",
    "topics.html": "The loaf that did not rise",
    "contributing.html": "studyguide check",
    "contributing/rules.html": "All rules by name",
}
#: What only a screen can use: the frame, and addresses of other pages.
GONE = (
    "header.md-header",
    "nav.md-tabs",
    "footer.md-footer",
    ".sa-everywhere",
    ".sa-whole",
    ".md-sidebar",
    ".md-content__button",
    ".sa-step",
    ".headerlink",
    ".sa-plan a[href*='practice/']",
)


#: The palette of the screen, and the paper that its reader has.
PAPERS = {"light": "A4", "dark": "Letter"}


@pytest.fixture(scope="module")
def readers(browser: Browser) -> Iterator[dict[str, Page]]:
    """A tab for each palette, of a reader who keeps nothing: every test opens its own page in it."""
    contexts = {scheme: browser.new_context(color_scheme=scheme) for scheme in ("light", "dark")}
    yield {scheme: context.new_page() for scheme, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture(params=PAPERS)
def page(request: pytest.FixtureRequest, readers: dict[str, Page]) -> Page:
    page = readers[request.param]
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 720})
    return page


@pytest.fixture(scope="module")
def site(built_tiny: Path) -> str:
    return (built_tiny / "site").as_uri()


def printed(page: Page, folder: Path, paper: str = "A4") -> list[str]:
    page.pdf(path=folder / "printed.pdf", format=paper)
    sheets = PdfReader(folder / "printed.pdf").pages
    return [" ".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]  # ligatures are two letters


#: Every visible text of the page with the colour of its ink, every paper that is not clear, as [what, colour] pairs.
COLOURS = """() => {
  const found = new Map();
  const name = (element) => element.tagName + "." + element.getAttribute("class");
  const note = (kind, element, colour) => found.set(kind + " " + colour, name(element));
  for (const element of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(element);
    if (!element.getClientRects().length || style.visibility === "hidden") continue;
    const svg = element.ownerSVGElement;
    if (!svg && style.backgroundColor !== "rgba(0, 0, 0, 0)") note("paper", element, style.backgroundColor);
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (words) note("ink", element, svg ? style.fill : style.color);
  }
  return [...found].map(([kind, element]) => [...kind.split(/ (.*)/s).slice(0, 2), element]);
}"""


def lightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a computed colour, 0 to 1."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour.removeprefix("color(srgb"))][:3]
    shares = [number if colour.startswith("color(") else number / 255 for number in numbers]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


#: For each kind of thing that must stay whole, the `break-inside` that it prints with.
WHOLE = {
    "cards/dense-loaf.html": (
        ".sa-prompt", ".sa-weak", ".sa-moves > li", ".sa-tested", ".sa-follow", ".sa-flags > li", "tr", ".sa-evidence",
    ),
    "cram/bench.html": (".sa-cram > section",),
    "rounds/bench.html": (".sa-row", ".sa-weak", ".sa-ticks > li", ".sa-tile"),
    "plans/two-days.html": ("tbody tr",),
    "checklists/before-the-bench.html": (".sa-boxes > li",),
    "glossary.html": (".sa-glossary > div",),
    "notebooks/proofing.html": ("tr",),
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A page as it is printed."""

    #: The words of each sheet.
    sheets: list[str]
    #: As `COLOURS` gives them.
    colours: list[tuple[str, str, str]]
    #: What is left of the frame.
    left: list[str]
    #: By how many pixels it is wider than the paper.
    over: int
    #: How each kind of thing that must stay whole may be cut.
    cuts: dict[str, list[str]]


@pytest.fixture(scope="module")
def paper(readers: dict[str, Page], site: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Paper]:
    """What a page is on paper, from a palette: each is opened and printed once, and asked for several promises."""
    folder = tmp_path_factory.mktemp("printed")

    @cache
    def print_it(uri: str, scheme: str) -> Paper:
        page = readers[scheme]
        page.emulate_media(media="null")
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{site}/{uri}")
        sheets = printed(page, folder, PAPERS[scheme])
        page.emulate_media(media="print")
        return Paper(
            sheets,
            page.evaluate(COLOURS),
            page.evaluate(
                "all => all.filter(one => [...document.querySelectorAll(one)].some(e => e.offsetParent))", list(GONE)
            ),
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
            {
                selector: page.locator(selector).evaluate_all("all => all.map(e => getComputedStyle(e).breakInside)")
                for selector in WHOLE.get(uri, ())
            },
        )

    return print_it


@pytest.mark.parametrize("scheme", PAPERS)
@pytest.mark.parametrize("uri", KINDS)
def test_a_page_is_dark_ink_on_white_paper_also_from_the_dark_palette(
    uri: str, scheme: str, paper: Callable[[str, str], Paper]
) -> None:
    colours = paper(uri, scheme).colours
    assert colours
    for kind, colour, element in colours:
        if kind == "paper":
            assert lightness(colour) == 1, f"{element} has a background of {colour}"
        else:  # 7:1 against white
            assert lightness(colour) <= 0.1, f"{element} is printed in {colour}"


@pytest.mark.parametrize("scheme", PAPERS)
@pytest.mark.parametrize("uri", KINDS)
def test_a_page_bears_its_words_and_nothing_of_the_navigation(
    uri: str, scheme: str, paper: Callable[[str, str], Paper]
) -> None:
    """On A4 and on Letter."""
    made = paper(uri, scheme)
    assert KINDS[uri] in " ".join(made.sheets)
    assert all(made.sheets), "no sheet is empty"
    assert made.left == []
    assert made.over <= 0


@pytest.mark.parametrize("scheme", PAPERS)
@pytest.mark.parametrize("uri", WHOLE)
def test_what_belongs_together_is_not_cut_in_two(uri: str, scheme: str, paper: Callable[[str, str], Paper]) -> None:
    assert {selector: set(found) for selector, found in paper(uri, scheme).cuts.items()} == {
        selector: {"avoid"} for selector in WHOLE[uri]
    }


def test_follow_ups_are_open_on_paper_though_closed_on_the_screen(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/cards/dense-loaf.html")
    assert page.locator("details.sa-follow:not([open])").count() == len(CARD.follow_ups) - 1
    text = " ".join(printed(page, tmp_path))
    for follow_up in CARD.follow_ups:
        assert follow_up.ask in text
        assert follow_up.listen_for in text


def test_addresses_of_sources_are_written_out_and_those_of_other_cards_are_not(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}/cards/dense-loaf.html")
    text = " ".join(printed(page, tmp_path))
    assert f"<{CARD.sources[0].url}>" in text
    assert "angry-customer.html" not in text
    page.goto(f"{site}/resources.html")
    text = "".join(printed(page, tmp_path)).replace(" ", "")
    for resource in CATALOGUE.resources:
        assert f"<{resource.value.url}>" in text


def test_weak_and_strong_differ_without_colour(page: Page, site: str) -> None:
    page.goto(f"{site}/cards/dense-loaf.html")
    page.emulate_media(media="print")
    styles = [
        page.locator(f".sa-{name}").evaluate("e => getComputedStyle(e).borderTopStyle") for name in ("weak", "strong")
    ]
    assert styles == ["dashed", "solid"]
    for name, label in (("weak", "Sounds fine, is weak"), ("strong", "The outline of a strong answer")):
        assert page.locator(f".sa-{name} .sa-label").inner_text().lower() == label.lower()
        assert page.locator(f".sa-{name} .sa-label svg").is_visible()


def test_a_list_longer_than_a_page_is_cut_between_its_rows(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/rounds/bench.html")
    page.evaluate("""() => {
      const list = document.querySelector(".sa-rows");
      for (let n = 0; n < 60; n++) {
        const row = list.firstElementChild.cloneNode(true);
        row.querySelector(".sa-row__title").textContent = "Begin" + n + "x";
        row.querySelector(".sa-row__text").textContent = "some words ".repeat(40) + "end" + n + "x";
        list.append(row);
      }
    }""")
    sheets = printed(page, tmp_path)
    assert len(sheets) > 3
    for number in range(60):
        (begin,) = (n for n, sheet in enumerate(sheets) if f"Begin{number}x" in sheet)
        (end,) = (n for n, sheet in enumerate(sheets) if f"end{number}x" in sheet)
        assert begin == end, f"row {number} is cut"


def test_long_lines_of_code_are_wrapped_and_complete(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/notebooks/proofing.html")
    page.evaluate("document.querySelector('.nb-cell pre code').textContent = 'word_'.repeat(80) + 'THE_END'")
    assert "THE_END" in "".join(printed(page, tmp_path)).replace(" ", "")
    page.emulate_media(media="print")
    over = page.locator("pre").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert max(over) <= 1


def test_tables_stay_tables_on_paper(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 680, "height": 900})  # as wide as A4 without its margins
    page.goto(f"{site}/rounds/index.html")
    page.emulate_media(media="print")
    assert page.locator(".sa-compare tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    assert page.locator(".sa-compare thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"


def test_no_line_of_a_cards_head_touches_the_next_on_paper(page: Page, site: str) -> None:
    page.goto(f"{site}/cards/dense-loaf.html")
    page.emulate_media(media="print")
    heads = "h1, .sa-where, .sa-asked-as, .sa-prompt"
    boxes = (
        page.locator(".md-content")
        .locator(heads)
        .evaluate_all("all => all.map((one) => one.getBoundingClientRect()).sort((a, b) => a.top - b.top)")
    )
    assert len(boxes) == 4
    assert all(lower["top"] - upper["bottom"] >= 2 for upper, lower in itertools.pairwise(boxes))


def test_a_takeaway_has_a_line_below_it_on_paper_and_no_grey_behind_it(page: Page, site: str) -> None:
    """Firefox prints a gradient of which a part is transparent as a block."""
    page.goto(f"{site}/cards/dense-loaf.html")
    page.emulate_media(media="print")
    drawn = "one => [getComputedStyle(one).backgroundImage, getComputedStyle(one).textDecorationLine]"
    assert page.locator(".sa-takeaway mark").evaluate(drawn) == ["none", "underline"]
