"""The Content-Security-Policy of every page: what it says, and that the guide works under it."""

# ruff: noqa: E501 -- one attack a line

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import mkdocs
from playwright.sync_api import Browser, Page, expect
from reading import reached
from studyguide.site.policy import DIRECTIVES, PolicyError, finish, sha256

HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body>'
KINDS = [
    "index.html",
    "cards/index.html",
    "cards/dense-loaf.html",
    "rounds/index.html",
    "rounds/bench.html",
    "notebooks/index.html",
    "notebooks/proofing.html",
    "checklists/before-the-bench.html",
    "plans/two-days.html",
    "roles/baker.html",
    "collections/people.html",
    "topics.html",
    "glossary.html",
    "resources.html",
    "contributing.html",
    "contributing/rules.html",
]


def policies(html: str) -> list[str]:
    found = BeautifulSoup(html, "html.parser").find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    return [str(meta["content"]) for meta in found]


def sources(policy: str, directive: str) -> list[str]:
    return next(part.split()[1:] for part in policy.split("; ") if part.split()[0] == directive)


# --- what it says ----------------------------------------------------------------------------------------------------


def test_the_policy_stands_right_behind_the_charset_with_the_referrer_policy() -> None:
    assert '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'' in finish(
        HEAD
    )
    assert '<meta name="referrer" content="no-referrer">' in finish(HEAD)


def test_inline_scripts_of_the_theme_are_named_by_hash_and_data_is_not() -> None:
    # The example of Content Security Policy Level 3, section 8.5.
    page = f"{HEAD}<script>doSomething();</script><script type='application/json'>{{}}</script><script src='a.js'></script>"
    (policy,) = policies(finish(page))
    assert [part for part in sources(policy, "script-src") if "sha256" in part] == [f"'{sha256('doSomething();')}'"]
    assert sha256("doSomething();") == "sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc="


@pytest.mark.parametrize("inside", ["<!-- <script>a()</script> -->", "<p title='<script>a()</script>'>x</p>"])
def test_what_only_looks_like_a_script_is_not_named(inside: str) -> None:
    (policy,) = policies(finish(HEAD + inside))
    assert "sha256" not in policy


@pytest.mark.parametrize("content", ["<p>x</p><script>a()</script>", "<SCRIPT src='//example.org'></SCRIPT>"])
def test_a_script_in_a_page_s_own_text_is_refused(content: str) -> None:
    with pytest.raises(PolicyError, match="must hold no script, found one in its text"):
        finish(f"{HEAD}{content}", content)


def test_a_page_without_a_head_is_refused() -> None:
    with pytest.raises(PolicyError, match="must have a charset in its head"):
        finish("<p>words</p>")


def test_nothing_but_the_site_itself_is_allowed() -> None:
    allowed = {source for value in DIRECTIVES.values() for source in value.split()}
    assert allowed == {"'none'", "'self'", "data:", "blob:", "'unsafe-inline'"}
    assert [name for name, value in DIRECTIVES.items() if "'unsafe-inline'" in value] == ["style-src-attr"]
    assert [name for name, value in DIRECTIVES.items() if "data:" in value] == ["img-src"]
    assert [name for name, value in DIRECTIVES.items() if "blob:" in value] == ["media-src"]


def test_every_page_of_the_site_has_one_policy_before_its_first_script(built_tiny: Path) -> None:
    files = sorted((built_tiny / "site").rglob("*.html"))
    assert {file.name for file in files} > {"404.html", "index.html", "dense-loaf.html", "proofing.html"}
    for file in files:
        html = file.read_text(encoding="utf-8")
        (policy,) = policies(html)
        assert html.index("Content-Security-Policy") < html.index("<script")
        assert html.index("Content-Security-Policy") < html.index("<link")
        scripts = [tag for tag in BeautifulSoup(html, "html.parser").find_all("script") if not tag.get("src")]
        hashes = {f"'{sha256(tag.string or '')}'" for tag in scripts if not tag.get("type")}
        assert {part for part in sources(policy, "script-src") if "sha256" in part} == hashes, file


def test_no_page_has_a_style_element_or_a_handler_attribute(built_tiny: Path) -> None:
    for file in (built_tiny / "site").rglob("*.html"):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        assert not soup.find_all(["style", "base", "object", "embed", "iframe"]), file
        assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")], file


def test_a_hand_written_page_with_a_script_is_not_built(built_tiny: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(built_tiny, tmp_path / "project"))
    (project / "docs" / "contributing.md").write_text("# Contribute\n\n<script>alert(1)</script>\n")
    done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert "contributing.md must hold no script, found one in its text: put it under docs/assets/js" in done.stderr
    assert "Traceback" not in done.stderr


# --- that the guide works under it -----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["file", "http"])
def address(request: pytest.FixtureRequest, built_tiny: Path) -> Iterator[str]:
    """Where the small guide's site is: in a folder on disk, and on a server."""
    with reached(built_tiny / "site", request.param) as root:
        yield root


class Seen:
    """A page and everything that its policy, its scripts or its addresses complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:", "about:")):
            self.elsewhere.append(url)

    def open(self, uri: str) -> Page:
        self.page.goto(f"{self.address}/{uri}")
        return self.page


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Seen]:
    context = browser.new_context()
    yield Seen(context.new_page(), address)
    context.close()


def test_every_kind_of_page_opens_without_a_violation_or_a_request_elsewhere(seen: Seen) -> None:
    for uri in KINDS:
        page = seen.open(uri)
        assert page.evaluate("document.documentElement.classList.contains('js')"), f"the theme runs on {uri}"
    assert (seen.complaints, seen.elsewhere) == ([], [])


@pytest.mark.parametrize("start", ["index.html", "cards/dense-loaf.html"])
def test_search_answers_under_the_policy(start: str, seen: Seen) -> None:
    page = seen.open(start)
    page.get_by_role("textbox", name="Search").focus()
    page.keyboard.insert_text("dense loaf")  # at once, so that no result of half a word comes first
    expect(page.locator(".md-search-result__link").first).to_have_attribute(
        "href", re.compile(r"cards/dense-loaf\.html")
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"cards/dense-loaf\.html\?h=dense\+loaf"))
    assert (seen.complaints, seen.elsewhere) == ([], [])


def test_the_palette_switches_and_is_remembered_under_the_policy(seen: Seen) -> None:
    page = seen.open("index.html")
    page.locator("label[title*='Switch to light']").click()
    page.locator("label[title*='Switch to dark']").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    expect(seen.open("cards/index.html").locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    assert seen.complaints == []


def test_code_of_a_notebook_is_copied_under_the_policy(seen: Seen) -> None:
    if seen.address.startswith("http"):
        seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = seen.open("notebooks/proofing.html")
    page.locator(".md-clipboard, .md-code__button[data-md-type=copy]").first.click()
    expect(page.get_by_text("Copied to clipboard").first).to_be_visible()
    assert seen.complaints == []


def test_style_attributes_hold_under_the_policy(seen: Seen) -> None:
    bar = seen.open("roles/baker.html").locator(".sa-bar").first
    assert bar.evaluate("element => element.style.getPropertyValue('--share')") == "70"
    assert seen.complaints == []


HOSTILE = {
    "an inline script": "const s = document.createElement('script'); s.textContent = 'window.__hit = 1'; document.body.append(s)",
    "a handler": "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.__hit = 1\">')",
    "a javascript: address": "location.href = 'javascript:window.__hit = 1'",
    "eval": "setTimeout('window.__hit = 1')",
    "a script from a data: address": "const s = document.createElement('script'); s.src = 'data:text/javascript,window.__hit=1'; document.body.append(s)",
    "a style element": "document.head.insertAdjacentHTML('beforeend', '<style>body { --hit: 1 }</style>'); window.__hit = getComputedStyle(document.body).getPropertyValue('--hit') || undefined",
    "a frame": "document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc=\"<script>parent.__hit = 1</script>\"></iframe>')",
    "a plugin": "document.body.insertAdjacentHTML('beforeend', '<object data=\"data:text/html,x\"></object>')",
    "a new base": "document.head.insertAdjacentHTML('beforeend', '<base href=\"https://example.org/\">'); window.__hit = document.baseURI.includes('example.org') || undefined",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_got_into_a_page_all_the_same_is_stopped_by_the_policy(name: str, seen: Seen) -> None:
    page = seen.open("cards/dense-loaf.html")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(f"() => {{ {HOSTILE[name]} }}")
    assert page.evaluate("window.__hit") is None
