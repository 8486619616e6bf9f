"""End to end: what MkDocs writes, from a folder such as a contributor has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import copy_tiny_project, digests, mkdocs, search_entries, the_guide
from nbclient import NotebookClient
from studyguide.pages.search_entries import subject_words
from studyguide.text.markdown import to_plain

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = the_guide()


def page(project: Path, uri: str) -> BeautifulSoup:
    return BeautifulSoup((project / "site" / uri).read_text(encoding="utf-8"), "html.parser")


def test_every_card_round_and_notebook_has_its_page(built: Path) -> None:
    made = {path.relative_to(built / "site").as_posix() for path in (built / "site").rglob("*.html")}
    wanted = {f"cards/{item.id}.html" for item in CATALOGUE.cards} | {
        f"rounds/{item.id}.html" for item in CATALOGUE.rounds
    }
    wanted |= {f"notebooks/{item.id}.html" for item in CATALOGUE.notebooks}
    assert wanted <= made


def test_a_solved_copy_runs_where_it_was_put_with_the_data_that_it_reads(built_tiny: Path, tmp_path: Path) -> None:
    copies = shutil.copytree(built_tiny / "site/notebooks/files", tmp_path / "files")
    notebook = nbformat.read(copies / "proofing.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(copies)}}).execute()


@dataclass(frozen=True)
class Read:
    """What the tests below ask of every page; parsing all of them takes its time."""

    headings: int
    title: str
    anchors: frozenset[str]
    #: (element, its relation, address), of everything that names an address.
    addresses: tuple[tuple[str, str, str], ...]


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[Path, Read]:
    found = {}
    for file in sorted((built / "site").rglob("*.html")):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        anchors = {str(tag["id"]) for tag in soup.find_all(id=True)}
        anchors |= {str(tag["name"]) for tag in soup.find_all("a", attrs={"name": True})}
        naming = soup.find_all(["a", "link", "script", "img", "iframe", "source"])
        addresses = [
            (tag.name, " ".join(tag.get("rel") or []), str(tag[name]))
            for tag in naming
            for name in ("href", "src")
            if tag.has_attr(name)
        ]
        title = soup.title.text if soup.title else ""
        found[file] = Read(len((soup.find("main") or soup).find_all("h1")), title, frozenset(anchors), tuple(addresses))
    return found


def test_pages_have_one_heading_and_a_title_of_their_own(pages: dict[Path, Read]) -> None:
    assert [file for file, read in pages.items() if read.headings != 1] == []
    titles = Counter(read.title for file, read in pages.items() if file.name != "404.html")
    assert [title for title, number in titles.items() if number > 1] == []


def test_every_local_link_picture_and_script_exists_anchors_included(pages: dict[Path, Read], built: Path) -> None:
    site = built / "site"
    for file, read in pages.items():
        if file.name == "404.html":
            continue  # its addresses are absolute, for it is shown at any address
        for _, _, address in read.addresses:
            path, _, anchor = address.partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            target = (file.parent / path.split("?")[0]).resolve() if path else file
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{file.relative_to(site)} links to {target}, which is not there"
            if anchor and target in pages:
                assert anchor in pages[target].anchors or anchor.startswith("__"), (
                    f"{file.relative_to(site)} links to {target.name}#{anchor}"
                )


def test_nothing_on_a_page_is_fetched_from_elsewhere(pages: dict[Path, Read]) -> None:
    for file, read in pages.items():
        fetched = [
            address for element, relation, address in read.addresses if element != "a" and "canonical" not in relation
        ]
        assert not [address for address in fetched if re.match(r"(https?:)?//", address)], file


def test_a_card_is_edited_in_its_yaml_file(built: Path) -> None:
    card = CATALOGUE.cards[0]
    button = page(built, f"cards/{card.id}.html").select_one("a.md-content__button[rel=edit]")
    assert button is not None
    assert str(button["href"]).endswith(f"/edit/main/content/cards/{card.value.round}/{card.id}.yml")


def test_guides_and_notebooks_that_list_cards_show_the_readers_marks_beside_them(built: Path) -> None:
    listing = []
    for file in [*(built / "site" / "guides").glob("*.html"), *(built / "site" / "notebooks").glob("*.html")]:
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        if soup.select('.md-content :is(li, td) > a[href^="../cards/"]:not([href$="index.html"])'):
            listing.append(file.name)
            assert soup.select('script[src*="assets/js/marks.js"]'), file.name
    assert {"star-method.html", "leakage-hunt.html"} <= set(listing)


def test_the_comparison_on_the_rounds_page_is_that_of_the_round_files(built: Path) -> None:
    rows = page(built, "rounds/index.html").select("table.sa-compare tbody tr")
    assert [row.select("th")[0].text for row in rows] == [item.value.title for item in CATALOGUE.rounds]
    for row, item in zip(rows, CATALOGUE.rounds, strict=True):
        weak, strong = (" ".join(cell.text.split()) for cell in row.select("td"))
        assert weak == f"Weak{' '.join(item.value.weak_prep.split())}"
        assert strong == f"Strong{' '.join(item.value.strong_prep.split())}"


def test_the_tabs_read_in_the_order_of_a_newcomers_questions(built: Path) -> None:
    tabs = [link.text.strip() for link in page(built, "index.html").select(".md-tabs__link")]
    order = ["Start here", "Rounds", "Cards", "Practice", "Notebooks", "Plans", "Checklists", "Guides"]
    assert tabs == [tab for tab in order if tab in tabs]
    assert set(order) - set(tabs) <= {"Practice"}


def test_a_page_outside_the_navigation_stands_under_the_tab_of_its_list(built: Path) -> None:
    under = {
        "cards/calibration.html": "Cards",
        "rounds/mlops.html": "Rounds",
        "plans/two-week.html": "Plans",
        "notebooks/leakage-hunt.html": "Notebooks",
        "worksheets/star-story.html": "Checklists",
        "roles/ml-engineer.html": "Guides",
        "collections/mlops.html": "Guides",
        "guides/faq.html": "Guides",
        "index.html": "Start here",
    }
    for uri, tab in under.items():
        assert [found.get_text(strip=True) for found in page(built, uri).select(".md-tabs__item--active")] == [tab], uri
    assert page(built, "404.html").select(".md-tabs__item--active") == []


def test_the_home_page_shows_a_weak_and_a_strong_answer_and_three_ways_in(built: Path) -> None:
    home = page(built, "index.html")
    ways = [(link.text.strip(), str(link["href"])) for link in home.select(".sa-go a")]
    assert ways == [
        ("I have two weeks", "plans/two-week.html"),
        ("I have a round tomorrow", "guides/day-of.html"),
        ("Practice a question now", "practice/index.html"),
    ]
    showcase = CATALOGUE.card[CATALOGUE.site.value.showcase].value
    weak, strong = (home.select_one(f".sa-hero .sa-say--{kind}") for kind in ("weak", "strong"))
    assert weak is not None
    assert strong is not None
    assert " ".join(showcase.weak_answer.says.split())[:40] in " ".join(weak.text.split())
    assert [line.text for line in strong.select("li")] == [move.move for move in showcase.strong_outline]


def words_of(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").text.split())


def test_search_knows_cards_by_questions_title_terms_and_what_they_say_most_but_not_by_their_whole_prose(
    built: Path,
) -> None:
    entries = search_entries(built / "site")
    found = {entry["location"]: entry for entry in entries}
    said_most = subject_words(CATALOGUE.cards)
    terms = [entry for entry in entries if "aliases" in entry]
    for item in CATALOGUE.cards:
        card, entry = item.value, found[f"cards/{item.id}.html"]
        assert words_of(entry["title"]) == card.title
        assert [words_of(line) for line in entry["asked"]] == [to_plain(line) for line in card.asked_as]
        named = set(re.findall(r"[^\W_]+", " ".join([card.title, *card.asked_as]).lower()))
        said = [*item.id.split("-"), *said_most[item.id]]
        assert entry["text"].split() == [word for word in said if word not in named]
        named_by = [terms[place]["location"] for place in entry["terms"]]
        assert named_by == [f"glossary.html#{name}" for name in card.terms]
        assert words_of(entry["about"]).endswith(f"{CATALOGUE.round[card.round].value.title} · {card.level.title()}")
        whole = words_of(" ".join([entry["text"], entry["say"], *entry["asked"]]))
        assert to_plain(card.strong_outline[-1].detail) not in whole
        assert "Listen for" not in whole


def test_notebook_pages_show_code_and_outputs_without_the_style_of_jupyterlab(built: Path) -> None:
    for item in CATALOGUE.notebooks:
        soup = page(built, f"notebooks/{item.id}.html")
        article = soup.select_one("article.sa-notebook")
        assert article is not None
        assert not article.find_all(["style", "script"])
        assert article.select(".nb-cell .highlight code span")
        assert article.select(".nb-out")
        for svg in article.select(".nb-picture svg"):
            assert svg["aria-label"]


def test_notebook_pages_carry_at_most_25_kb_gzipped_beyond_their_pictures(built: Path) -> None:
    import gzip

    for item in CATALOGUE.notebooks:
        soup = page(built, f"notebooks/{item.id}.html")
        for picture in soup.select(".nb-picture"):
            picture.decompose()
        assert len(gzip.compress(str(soup).encode())) <= 25_000, item.id


def test_outputs_are_not_in_the_search_index_prose_and_titles_are(built: Path) -> None:
    entries = search_entries(built / "site")
    texts = " ".join(
        f"{entry['title']} {entry['text']}" for entry in entries if entry["location"].startswith("notebooks/")
    )
    assert "What I would say next" in texts
    assert "import numpy" not in texts
    assert "<svg" not in texts


def test_a_team_builds_its_own_guide_from_its_own_cards(built_tiny: Path) -> None:
    home = page(built_tiny, "index.html")
    assert home.select_one("h1").text.strip() == "You know the recipe. Now bake it."  # type: ignore[union-attr]
    assert [link.text.strip() for link in page(built_tiny, "rounds/index.html").select("a.sa-tile b")] == [
        "Bench test",
        "Counter",
    ]
    cards = {path.name for path in (built_tiny / "site" / "cards").glob("*.html")} - {"index.html"}
    assert cards == {"dense-loaf.html", "oven-cools.html", "angry-customer.html"}
    assert "Strong Loaf" in home.title.text  # type: ignore[union-attr]


TWICE = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
for folder in ("one", "two"):
    config = load_config("mkdocs.yml", site_dir=folder, strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
"""


def test_two_builds_in_one_process_give_the_same_bytes(built_tiny: Path) -> None:
    environment = {**os.environ, "STUDYGUIDE_CONTENT": str(built_tiny / "other"), "SOURCE_DATE_EPOCH": "1790000000"}
    environment["NO_MKDOCS_2_WARNING"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", TWICE], cwd=built_tiny, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    one, two = digests(built_tiny / "one"), digests(built_tiny / "two")
    assert one == two
    assert len(one) > 50


def test_a_build_with_problems_names_them_and_leaves_the_last_site(tmp_path: Path) -> None:
    project = copy_tiny_project(tmp_path / "project")
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("the last good site")
    card = project / "other" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", "level: easy"))
    done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert (
        "dense-loaf.yml:7:8: 'level' must be foundation, practitioner or senior, found the text 'easy'" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert (project / "site" / "index.html").read_text() == "the last good site"


def test_a_generated_page_and_a_written_one_at_the_same_address_are_an_error(tmp_path: Path) -> None:
    project = copy_tiny_project(tmp_path / "project")
    (project / "docs" / "glossary.md").write_text("# Mine\n")
    done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert "glossary.md is generated, and" in done.stderr
