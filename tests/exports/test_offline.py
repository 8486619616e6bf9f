"""The offline copy, unpacked as a reader would, in a real Chromium without a network."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, TINY
from playwright.sync_api import Browser, Page, Request, expect
from studyguide.cli.__main__ import main
from studyguide.cli.downloads import offline_zip
from studyguide.exports.edition import load_guide

pytestmark = pytest.mark.slow

#: Spaces, letters beyond ASCII, and the signs that an address needs to escape.
PLACE = "Meine Übungen – 面接 (50% #1)"


@pytest.fixture(scope="session")
def packed(built_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive made from the small guide's site, after that site was given its downloads."""
    folder = tmp_path_factory.mktemp("packed")
    shutil.copytree(built_tiny / "site", folder / "site")
    options = ["--content", str(TINY), "--site", str(folder / "site"), "--dist", str(folder / "dist")]
    assert main(["downloads", "zip", "anki", "data", "feed", *options]) == 0
    first = (folder / "dist" / "downloads" / "strong-loaf.zip").read_bytes()
    assert main(["downloads", "zip", *options]) == 0
    file = folder / "dist" / "downloads" / "strong-loaf.zip"
    assert file.read_bytes() == first, "the copy does not hold itself, so a second one is the same"
    return file


@pytest.fixture(scope="session")
def copy(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the archive unpacks to."""
    place = tmp_path_factory.mktemp("reader") / PLACE
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(place)
    (folder,) = place.iterdir()
    return folder


class Visit:
    """A page without a network; notes errors and every request that leaves the folder."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        page.on("requestfailed", self._failed)

    def _note(self, url: str) -> None:
        inside = urlsplit(url).scheme == "file" and Path(unquote(urlsplit(url).path)).is_relative_to(self.folder)
        if not inside and not url.startswith(("data:", "blob:", "about:")):
            self.elsewhere.append(url)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # an icon on its way when the next page was opened
            self.errors.append(f"{request.url}: {request.failure}")

    def open(self, uri: str) -> Page:
        self.page.goto((self.folder / uri).as_uri())
        return self.page

    def assert_quiet(self) -> None:
        assert (self.errors, self.elsewhere) == ([], [])


@pytest.fixture
def visit(browser: Browser, copy: Path) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_offline(True)
    yield Visit(context.new_page(), copy)
    context.close()


def test_the_archive_has_one_folder_with_the_first_page_on_top(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert {name.split("/")[0] for name in names} == {"strong-loaf"}
    assert "strong-loaf/index.html" in names
    assert names == sorted(names)
    assert not [name for name in names if re.search(r"sitemap|404|\.map$|\.zip$|\.pdf$|\.part$", name)]


def test_every_page_opens_without_errors_or_requests_elsewhere(visit: Visit, copy: Path) -> None:
    pages = sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*.html"))
    assert {"index.html", "plans/two-days.html", "notebooks/proofing.html", "downloads/index.html"} <= set(pages)
    for uri in pages:
        expect(visit.open(uri).locator("h1").first).to_be_visible()
    visit.assert_quiet()


def test_every_link_of_every_page_leads_to_something_in_the_copy(copy: Path) -> None:
    for file in copy.rglob("*.html"):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for tag, name in (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src")):
            for element in soup.find_all(tag, attrs={name: True}):
                target = str(element[name]).partition("#")[0].partition("?")[0]
                if target and not re.match(r"[a-z]+:", target):
                    there = file.parent / unquote(target)
                    assert there.is_file() or (there / "index.html").is_file(), f"{file.name}: {target}"


def test_search_finds_a_card_and_leads_to_it(visit: Visit) -> None:
    page = visit.open("plans/two-days.html")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("loaf that did not rise")
    page.locator(".md-search-result__link[href*='cards/dense-loaf.html']").first.click()
    expect(page.locator("h1")).to_have_text("The loaf that did not rise")
    visit.assert_quiet()


def test_a_reader_walks_from_the_first_page_to_plans_notebooks_and_cards(visit: Visit) -> None:
    page = visit.open("index.html")
    page.locator(".md-tabs__link", has_text="Plans").click()
    page.locator("main a", has_text="Two days").first.click()
    expect(page.locator("h1")).to_have_text("Two days")
    page.locator("main a", has_text="How long a dough needs").first.click()
    expect(page.locator("main h1")).to_have_text("How long a dough needs")
    page.locator("main a", has_text="The loaf that did not rise").first.click()
    expect(page.locator("h1")).to_have_text("The loaf that did not rise")
    visit.assert_quiet()


def test_the_deck_can_be_saved_from_the_copy(visit: Visit, copy: Path, tmp_path: Path) -> None:
    page = visit.open("downloads/index.html")
    with page.expect_download() as caught:
        page.locator("main a", has_text="Anki package").click()
    caught.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == (copy / "downloads" / "strong-loaf.apkg").read_bytes()


@pytest.mark.parametrize(
    ("uri", "link", "words"),
    [
        ("notebooks/proofing.html", "The exercise", "How long a dough needs"),
        ("downloads/index.html", "All cards as JSON", "The loaf that did not rise"),
        ("downloads/index.html", "llms.txt", "cards/dense-loaf.md"),
    ],
)
def test_text_files_open_or_are_saved(uri: str, link: str, words: str, visit: Visit, copy: Path) -> None:
    """A browser shows a text from a folder rather than saving what is on the disk already; either way it is whole."""
    page = visit.open(uri)
    page.locator("main a", has_text=link).first.click()
    expect(page.locator("body")).to_contain_text(words)
    assert Path(unquote(urlsplit(page.url).path)).is_relative_to(copy)


def test_the_page_of_downloads_says_what_the_copy_holds_and_what_not(copy: Path) -> None:
    soup = BeautifulSoup((copy / "downloads" / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert "You are reading it." in soup.select_one("section[aria-labelledby=zip]").text  # type: ignore[union-attr]
    assert "Not in this copy." in soup.select_one("section[aria-labelledby=pdf]").text  # type: ignore[union-attr]
    assert not soup.select("a[href$='.zip'], a[href$='.pdf']")
    sums = (copy / "downloads" / "SHA256SUMS").read_text()
    assert {line.split("  ")[1] for line in sums.splitlines()} == {
        "strong-loaf.apkg", "strong-loaf.tsv", "cards.json", "llms.txt", "feed.xml",
    }  # fmt: skip


def test_the_whole_guide_takes_at_most_27_kb_a_card(built: Path, tmp_path: Path) -> None:
    edition = load_guide(ROOT, ROOT / "content")
    site = Path(shutil.copytree(built / "site", tmp_path / "site"))
    content = offline_zip(edition, site)
    assert len(content) <= 27_000 * len(edition.catalogue.cards)
    (tmp_path / "copy.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        cards = json.loads(archive.read("strong-answer/data/cards.json"))["cards"]
        names = set(archive.namelist())
        stamp = edition.when.astimezone(datetime.UTC)
        assert {info.date_time[:5] for info in archive.infolist()} == {tuple(stamp.timetuple()[:5])}
    assert {f"strong-answer/cards/{card['id']}.html" for card in cards} <= names
