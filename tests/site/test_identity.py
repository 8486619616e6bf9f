"""A guide is its own wherever its folder lies, and leaves others on its host alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import TINY, copy_project, differing, digests, studyguide
from playwright.sync_api import Browser
from reading import reader, served

CLOCK = {"SOURCE_DATE_EPOCH": "1790000000"}
CARD = "cards/dense-loaf.html"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a guide whose folder lies beside a project that has no content of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    project = copy_project(folder / "project")
    shutil.rmtree(project / "content")
    shutil.copytree(TINY, folder / "our-cards")
    done = studyguide("build", "--content", "../our-cards", cwd=project, **CLOCK)
    assert done.returncode == 0, done.stderr
    return project / "site"


def test_its_pages_carry_its_own_name_and_lead_into_no_repository(elsewhere: Path) -> None:
    for name in (CARD, "index.html", "contributing.html", "notebooks/proofing.html", "404.html"):
        html = (elsewhere / name).read_text(encoding="utf-8")
        assert "Strong Loaf" in html, name
        assert "Strong Answer" not in html, name
        assert "/edit/" not in html, name
        assert "md-source" not in html, name
    assert "<title>Strong Loaf</title>" in (elsewhere / "index.html").read_text(encoding="utf-8")
    # There is no clone to make anything in, no forms of our forge, and its subject is another.
    for name in ("contributing.html", "contributing/write.html", "contributing/wanted.html"):
        html = (elsewhere / name).read_text(encoding="utf-8")
        for ours in ("mlops", "p-value", "Propose a card", "A wrong answer", "content/cards", "make new</code> asks"):
            assert ours not in html, (name, ours)
    assert not (elsewhere / "guides").exists()
    assert not (elsewhere / "assets" / "screenshot.png").exists()


def test_its_bytes_do_not_depend_on_where_the_folder_lies(elsewhere: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    shutil.rmtree(project / "content")
    shutil.copytree(TINY, project / "content")
    done = studyguide("build", cwd=project, **CLOCK)
    assert done.returncode == 0, done.stderr
    assert differing(digests(elsewhere), digests(project / "site")) == []
    here = [str(place).encode() for place in (project, elsewhere.parent, elsewhere.parent.parent / "our-cards")]
    named = [file for file in elsewhere.rglob("*") if file.is_file() and any(h in file.read_bytes() for h in here)]
    assert named == []


def test_pages_lead_to_their_file_where_the_repository_holds_the_content(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    shutil.rmtree(project / "content")
    ours = tmp_path / "ours"
    shutil.copytree(TINY, ours / "guide")
    subprocess.run(["git", "init", "-q"], cwd=ours, check=True)
    with (ours / "guide" / "site.yml").open("a", encoding="utf-8") as site:
        site.write("repo: https://example.org/us/ours/\nrights: All of it is bread.\nlang: pt-BR\n")
    done = studyguide("build", "--content", str(ours / "guide"), cwd=project)
    assert done.returncode == 0, done.stderr
    html = (project / "site" / CARD).read_text(encoding="utf-8")
    assert 'href="https://example.org/us/ours/edit/main/guide/cards/bench/dense-loaf.yml"' in html
    assert '<html lang="pt-BR"' in html
    assert "All of it is bread." in html
    data = (project / "site" / "assets" / "data" / "schema.js").read_text(encoding="utf-8")
    assert '"folder":"guide/cards","repo":"https://example.org/us/ours"' in data
    assert "/edit/" not in (project / "site" / "contributing.html").read_text(encoding="utf-8"), "it lies elsewhere"


# --- in the browser --------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def host(built_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two guides with the same cards on one host: one with our guide's id under /a/, another under /b/."""
    folder = tmp_path_factory.mktemp("host")
    for name, id_ in (("a", "strong-answer"), ("b", "weak-loaf")):
        shutil.copytree(built_tiny / "site", folder / name)
        for page in (folder / name).rglob("*.html"):
            html = page.read_text(encoding="utf-8")
            page.write_text(
                html.replace('name="studyguide" content="strong-loaf"', f'name="studyguide" content="{id_}"')
            )
    return folder


#: What a browser holds whose owner used our guide before guides had ids.
KEPT = {
    "strong-answer:progress": {"cards": {"dense-loaf": [
        {"at": "2026-03-01T09:30:00.000Z", "on": "2026-03-01", "hit": [0, 2], "of": 4, "rating": 3, "box": 2},
    ]}},
    "strong-answer:settings": {"staged": True},
    "strong-answer:plans": {"plans": {"two-days": {"start": "2026-03-02", "done": []}}},
    "strong-answer:worksheet:one-loaf": {"current": "x", "sheets": [
        {"id": "x", "name": "Rye", "changed": "2026-03-01T09:30:00.000Z", "fields": {}},
    ]},
}  # fmt: skip
FIRST_FILE = {"format": "strong-answer-progress", "version": 1, "cards": KEPT["strong-answer:progress"]["cards"]}


def test_what_readers_of_our_first_edition_have_is_found_and_another_guide_leaves_it_alone(
    browser: Browser, host: Path
) -> None:
    with served(host) as root, reader(browser, root) as who:
        page = who.tab("b/practice/progress.html")
        for key, value in KEPT.items():
            page.evaluate("([k, v]) => localStorage.setItem(k, v)", [key, json.dumps({"version": 1, "value": value})])
        before = page.evaluate("() => ({...localStorage})")
        who.go(page, "b/practice/progress.html")
        assert page.locator("[data-sum=seen]").inner_text() == "0"
        assert page.evaluate("StrongAnswer.settings.get('staged', false)") is False
        page.locator("#erase").click()
        page.locator("#erase-sure button[value=erase]").click()
        assert {key: page.evaluate("(k) => localStorage.getItem(k)", key) for key in KEPT} == {
            k: before[k] for k in KEPT
        }
        who.go(page, "a/practice/progress.html")
        assert page.locator("[data-sum=seen]").inner_text() == "1"
        assert page.evaluate("StrongAnswer.progress.card('dense-loaf').last.hit") == [0, 2]
        assert page.evaluate("document.documentElement.classList.contains('sa-staged')")
        who.go(page, "a/plans/two-days.html")
        assert page.locator("#plan-start").input_value() == "2026-03-02"
        who.go(page, "a/worksheets/one-loaf.html")
        assert page.locator("#sa-name").input_value() == "Rye"
        assert who.trouble == []


def test_a_file_of_another_guide_is_refused_and_one_of_our_first_edition_taken(browser: Browser, host: Path) -> None:
    add = """(text) => {
      try { return StrongAnswer.progress.importText(text) } catch (error) { return error.message } }"""
    with served(host) as root, reader(browser, root) as who:
        page = who.tab("b/practice/progress.html")
        refused = page.evaluate(add, json.dumps(FIRST_FILE))
        assert refused == "Nothing was imported: it is not a file of progress of this guide."
        who.go(page, "a/practice/progress.html")
        assert page.evaluate(add, json.dumps(FIRST_FILE)).startswith("Added 1 answer to 1 card.")
        assert json.loads(page.evaluate("StrongAnswer.progress.exportText()"))["format"] == "strong-answer-progress"


def test_an_event_of_a_plan_belongs_to_its_guide(browser: Browser, host: Path) -> None:
    with served(host) as root, reader(browser, root) as who:
        for name, id_ in (("a", "strong-answer"), ("b", "weak-loaf")):
            page = who.tab(f"{name}/plans/two-days.html")
            page.locator("#plan-start").fill("2026-03-02")
            with page.expect_download() as event:
                page.locator("#plan-calendar").click()
            assert event.value.suggested_filename == f"{id_}-two-days.ics"
            text = Path(event.value.path()).read_text(encoding="utf-8").replace("\n ", "")
            assert f"UID:two-days-days-1-1@{id_}\n" in text
