"""What the checker takes for the site's pages and anchors is what the site has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from studyguide.cache import TEMPLATES
from studyguide.catalogue import catalogue_of
from studyguide.checks.addresses import addresses, anchors
from studyguide.checks.notebooks import PARTS
from studyguide.content.identity import OURS
from studyguide.content.read import read_content
from studyguide.pages.listing import site_pages
from studyguide.text.markdown import to_html

GOLDENS = Path(__file__).parent.with_name("goldens")
#: Parts of a card that scripts show.
OF_SCRIPTS = {"own-answer", "sure-title"}


def test_the_pages_are_those_that_are_made(tiny: Path) -> None:
    content, _ = read_content(tiny)
    made = {page.uri for page in site_pages(catalogue_of(content))}
    made |= {"notebooks/proofing.html", "notebooks/files/proofing.ipynb", "notebooks/files/proofing-exercise.ipynb"}
    made |= {"notebooks/files/data/proofing-kitchen.csv"}
    by_hand = {"contributing.html", "assets/favicon.svg"}
    assert addresses(content) == made | by_hand | {"downloads/index.html"}


@pytest.mark.parametrize("kind", ["plans", "worksheets", "resources", "topics", "glossary", "notebooks", "collections"])
def test_a_guide_without_a_kind_has_none_of_its_pages(kind: str, tiny: Path) -> None:
    content, _ = read_content(tiny)
    getattr(content, kind).clear()
    made = {page.uri for page in site_pages(catalogue_of(content))}
    assert made <= addresses(content)
    assert f"{kind}.html" not in addresses(content)
    assert not any(page.startswith(f"{kind}/") for page in addresses(content))


def test_our_own_guide_has_the_hand_written_pages(tiny: Path) -> None:
    (tiny / "site.yml").write_text((tiny / "site.yml").read_text().replace("id: strong-loaf", f"id: {OURS}"))
    assert {"guides/day-of.html", "assets/screenshot.png"} <= addresses(read_content(tiny)[0])


@pytest.mark.parametrize("page", ["cards/dense-loaf.html", "glossary.html", "topics.html"])
def test_the_anchors_are_those_of_the_page(page: str, tiny: Path) -> None:
    html = (GOLDENS / page.replace("/", "--")).read_text(encoding="utf-8")
    there = set(re.findall(r'\sid="([^"]+)"', html)) - OF_SCRIPTS
    assert anchors(read_content(tiny)[0], page) | {"content"} == there


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("# What I would say", "what-i-would-say"),
        ("##  Don't use `f(x)`, *please* ##", "dont-use-fx-please"),
        ("### Prüfung & 50%?", "prüfung-50"),
        ("# 面包", "面包"),
        ("# לחם", "לחם"),
        ("A line\n# ---", "a-line"),
    ],
)
def test_headings_of_a_notebook_are_named_as_its_page_names_them(heading: str, name: str, tiny: Path) -> None:
    file = tiny / "notebooks" / "proofing.py"
    file.write_text(file.read_text(encoding="utf-8").replace("# ## What I would say next", f"# {heading}"), "utf-8")
    assert re.findall(r'id="([^"]+)"', to_html(heading.replace("\n# ", "\n"), headings=True)) == [name]
    assert name in anchors(read_content(tiny)[0], "notebooks/proofing.html")


def test_a_comment_in_a_block_of_code_is_no_heading(tiny: Path) -> None:
    file = tiny / "notebooks" / "proofing.py"
    file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n#\n# ```\n# # Salt\n# ```\n", "utf-8")
    assert "salt" not in anchors(read_content(tiny)[0], "notebooks/proofing.html")


def test_a_heading_may_have_no_name_of_a_part_of_a_notebooks_page() -> None:
    assert set(re.findall(r' id="([a-z-]+)"', (TEMPLATES / "notebook.html").read_text(encoding="utf-8"))) <= PARTS
