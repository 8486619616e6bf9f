"""What the browser prints: every kind of page, from light and from dark, on A4 and on Letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    "contributing.html": "make check",
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


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
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


@pytest.mark.parametrize("uri", KINDS)
def test_a_page_is_dark_ink_on_white_paper_also_from_the_dark_palette(uri: str, page: Page, site: str) -> None:
    page.goto(f"{site}/{uri}")
    page.emulate_media(media="print")
    colours = page.evaluate(COLOURS)
    assert colours
    for kind, colour, element in colours:
        if kind == "paper":
            assert lightness(colour) == 1, f"{element} has a background of {colour}"
        else:  # 7:1 against white
            assert lightness(colour) <= 0.1, f"{element} is printed in {colour}"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("uri", KINDS)
def test_a_page_bears_its_words_and_nothing_of_the_navigation(
    uri: str, paper: str, browser: Browser, site: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(f"{site}/{uri}")
    sheets = printed(page, tmp_path, paper)
    page.emulate_media(media="print")
    shown = page.evaluate(
        "all => all.filter(one => [...document.querySelectorAll(one)].some(e => e.offsetParent))", list(GONE)
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert KINDS[uri] in " ".join(sheets)
    assert all(sheets), "no sheet is empty"
    assert shown == []
    assert wide <= 0


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


@pytest.mark.parametrize("uri", WHOLE)
def test_what_belongs_together_is_not_cut_in_two(uri: str, page: Page, site: str) -> None:
    page.goto(f"{site}/{uri}")
    page.emulate_media(media="print")
    for selector in WHOLE[uri]:
        found = page.locator(selector).evaluate_all("all => all.map(e => getComputedStyle(e).breakInside)")
        assert set(found) == {"avoid"}, selector


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
