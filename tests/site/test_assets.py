"""Scripts of today run in the pages of today, whatever a browser keeps; a page for lost readers has its style."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import mkdocs
from playwright.sync_api import Browser, expect


@pytest.fixture(scope="module")
def project(built_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built project, to be built again."""
    return Path(shutil.copytree(built_tiny, tmp_path_factory.mktemp("addresses") / "project"))


def addresses(site: Path, page: str) -> list[str]:
    soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    found = [str(tag.get("src") or tag.get("href")) for tag in soup.select("script[src], link[rel=stylesheet]")]
    worker = re.search(r'"search": "([^"]+)"', str(soup))
    assert worker is not None
    return [address for address in [*found, worker[1]] if "bundle." not in address]


def test_what_scripts_and_the_sheet_hold_is_in_their_addresses(project: Path) -> None:
    pages = ("practice/index.html", "cards/dense-loaf.html", "404.html")
    before = {page: addresses(project / "site", page) for page in pages}
    assert all(re.search(r"\.(js|css)\?[0-9a-f]{8}$", address) for found in before.values() for address in found)
    script = project / "docs" / "assets" / "js" / "queue.js"
    script.write_text(script.read_text(encoding="utf-8") + "\n// changed\n", encoding="utf-8")
    assert mkdocs(project, "build", STUDYGUIDE_CONTENT="other").returncode == 0
    for page, was in before.items():
        now = addresses(project / "site", page)
        assert [address.split("?")[0] for address in now] == [address.split("?")[0] for address in was]
        changed = {address for address in now if "/data/" not in address}
        assert not changed & set(was)
        assert {address for address in now if "/data/" in address} <= set(was)


class _Lost(http.server.SimpleHTTPRequestHandler):
    """A host that gives the site's own page for what is not there."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        body = Path(self.directory, "sub", "guide", "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def host(built_tiny: Path, tmp_path: Path) -> Iterator[str]:
    shutil.copytree(built_tiny / "site", tmp_path / "sub" / "guide")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Lost, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_lost_reader_under_a_folder_of_the_host_finds_the_style_and_the_way_back(host: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{host}/sub/guide/cards/nope.html")
    expect(page.locator(".sa-pair")).to_have_css("display", "grid")
    page.get_by_role("link", name="All cards").click()
    expect(page).to_have_url(f"{host}/sub/guide/cards/index.html")
    page.close()
