"""Which pages exist, and what stands on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.notebooks.execute import run_notebooks
from studyguide.pages.listing import Page, excerpt, site_pages
from studyguide.pages.render import Renderer, relative

GOLDENS = Path(__file__).parent.with_name("goldens")
GOLDEN_PAGES = (
    "index.html",
    "rounds/index.html",
    "rounds/bench.html",
    "cards/index.html",
    "cards/dense-loaf.html",
    "checklists/before-the-bench.html",
    "checklists/index.html",
    "plans/index.html",
    "plans/two-days.html",
    "worksheets/one-loaf.html",
    "roles/baker.html",
    "collections/people.html",
    "glossary.html",
    "resources.html",
    "topics.html",
    "notebooks/index.html",
)


@pytest.fixture
def catalogue(tiny: Path) -> Catalogue:
    return require_catalogue(tiny)


@pytest.fixture
def renderer(catalogue: Catalogue, tiny: Path, runs_cache: Path) -> Renderer:
    return Renderer(catalogue, run_notebooks(catalogue.scripts, tiny / "notebooks", runs_cache / "runs"))


def rendered(renderer: Renderer, page: Page) -> str:
    return renderer.render(page.template, page.uri, page.context)


def page_at(catalogue: Catalogue, uri: str) -> Page:
    return next(page for page in site_pages(catalogue) if page.uri == uri)


def test_every_address_is_made_once(catalogue: Catalogue) -> None:
    uris = [page.uri for page in site_pages(catalogue)]
    assert len(uris) == len(set(uris))
    assert set(uris) >= set(GOLDEN_PAGES)


@pytest.mark.parametrize("uri", GOLDEN_PAGES)
def test_a_page_looks_as_its_golden_does(uri: str, catalogue: Catalogue, renderer: Renderer, renew: bool) -> None:
    golden = GOLDENS / uri.replace("/", "--")
    html = rendered(renderer, page_at(catalogue, uri))
    if renew:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(html, encoding="utf-8")
    assert html == golden.read_text(encoding="utf-8")


def test_every_link_between_pages_leads_to_a_page_and_an_anchor_that_exist(
    catalogue: Catalogue, renderer: Renderer
) -> None:
    pages = {page.uri: BeautifulSoup(rendered(renderer, page), "html.parser") for page in site_pages(catalogue)}
    made_elsewhere = {f"notebooks/{item.id}.html" for item in catalogue.notebooks}
    made_elsewhere |= {"contributing.html", "downloads/index.html"}
    for uri, soup in pages.items():
        for link in soup.find_all("a", href=True):
            href = str(link["href"])
            if "://" in href:
                continue
            path, _, anchor = href.partition("#")
            path = path.partition("?")[0]
            target = relative_to_root(path, uri)
            assert target in pages or target in made_elsewhere, f"{uri} links to {href}"
            if anchor and target in pages:
                assert pages[target].find(id=anchor), f"{uri} links to {href}, which has no such anchor"


def relative_to_root(path: str, uri: str) -> str:
    return str(Path("/", uri).parent.joinpath(path).resolve().relative_to("/")) if path else uri


def test_a_card_shows_all_its_parts_in_reading_order(catalogue: Catalogue, renderer: Renderer) -> None:
    soup = BeautifulSoup(rendered(renderer, page_at(catalogue, "cards/dense-loaf.html")), "html.parser")
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    wanted = ["prompt", "say-first", "takeaway", "red-flags", "weak-answer", "ask-first", "strong-outline"]
    wanted += ["move-1", "move-4", "tested", "follow-ups"]
    wanted += ["workings", "evidence-1", "sources", "related"]
    assert [name for name in ids if name in wanted] == wanted
    assert [item.text.strip() for item in soup.select(".sa-moves .sa-move")] == [
        move.move for move in catalogue.card["dense-loaf"].value.strong_outline
    ]


def test_evidence_is_what_the_cell_printed(catalogue: Catalogue, renderer: Renderer) -> None:
    soup = BeautifulSoup(rendered(renderer, page_at(catalogue, "cards/dense-loaf.html")), "html.parser")
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in soup.select(".sa-evidence table tr")]
    assert rows == [
        ["", "night", "degrees", "hours"],
        ["0", "cold", "15", "9.0"],
        ["1", "usual", "20", "6.0"],
        ["2", "warm", "25", "4.0"],
    ]


def test_changing_the_data_changes_the_figures_on_the_page(tiny: Path, tmp_path: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(
        card.read_text().replace("Five degrees more at night shorten", "At [[proofing:hours-at-25]] h, it may shorten")
    )
    shown = []
    for factor in ("2 / 3", "1 / 3"):
        script = tiny / "notebooks" / "proofing.py"
        text = script.read_text().replace("2 / 3", factor).replace("assert round(hours(25), 6) == 4\n", "")
        script.write_text(text)
        catalogue = require_catalogue(tiny)
        renderer = Renderer(catalogue, run_notebooks(catalogue.scripts, tiny / "notebooks", tmp_path / "cache"))
        soup = BeautifulSoup(rendered(renderer, page_at(catalogue, "cards/dense-loaf.html")), "html.parser")
        shown.append(
            (soup.select("#move-2")[0].text.split(" h,")[0].split("At ")[1], soup.select(".sa-evidence td")[-1].text)
        )
    assert shown == [("4.0", "4.0"), ("2.0", "2.0")]


def test_addresses_are_relative_so_that_the_site_works_from_any_folder() -> None:
    assert relative("cards/a.html", "rounds/b.html") == "../cards/a.html"
    assert relative("glossary.html#x", "index.html") == "glossary.html#x"
    assert relative("cards/a.html#x", "cards/b.html") == "a.html#x"


def test_the_home_page_is_described_in_plain_words(tiny: Path) -> None:
    file = tiny / "site.yml"
    file.write_text(file.read_text().replace("lead: A guide", "lead: A guide of $x^2$ pages"), encoding="utf-8")
    assert page_at(require_catalogue(tiny), "index.html").description.startswith("A guide of x^2 pages to interviews")


def test_an_excerpt_is_cut_at_a_word() -> None:
    assert excerpt("**Twelve** words, " * 20, 40) == "Twelve words, Twelve words, Twelve…"
    assert excerpt("Short.") == "Short."
