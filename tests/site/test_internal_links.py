"""Links: those within the site break the build, those to elsewhere are asked once a week."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from conftest import mkdocs
from links import addresses, dead, main, report, trimmed
from studyguide.site.internal_links import References

# --- within the site -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(built_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built, so that each test below pays for its own break alone."""
    return Path(shutil.copytree(built_tiny, tmp_path_factory.mktemp("links") / "project"))


@pytest.mark.parametrize(
    ("file", "find", "put", "told"),
    [
        (
            "docs/contributing.md",
            None,
            "\n[gone](guides/nowhere.md)\n",
            "contains a link 'guides/nowhere.md', but the target is not found among documentation files",
        ),
        (
            "docs/contributing.md",
            None,
            "\n[gone](#no-such-heading)\n",
            "contains a link '#no-such-heading', but there is no such anchor on this page",
        ),
        (
            "hooks/studyguide/templates/card.html",
            'url("topics.html#"',
            'url("nowhere.html#"',
            "cards/angry-customer.html links to nowhere.html, which is not in the site",
        ),
        (
            "hooks/studyguide/templates/card.html",
            '"topics.html#" ~ topic',
            '"topics.html#no-" ~ topic',
            "cards/angry-customer.html links to topics.html#no-",
        ),
        (
            "hooks/studyguide/templates/outputs.html",
            'src="{{ output.picture }}"',
            'src="{{ output.picture }}.gone"',
            ".svg.gone, which is not in the site",
        ),
    ],
    ids=["page, by hand", "anchor, by hand", "page, generated", "anchor, generated", "picture"],
)
def test_a_broken_link_within_the_site_breaks_the_build(
    file: str, find: str | None, put: str, told: str, project: Path
) -> None:
    path = project / file
    kept = path.read_text(encoding="utf-8")
    try:
        if find is None:
            path.write_text(kept + put, encoding="utf-8")
        else:
            assert find in kept
            path.write_text(kept.replace(find, put), encoding="utf-8")
        done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT="other")
    finally:
        path.write_text(kept, encoding="utf-8")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ("<a class='x' href='y.html'>", {"y.html"}),
        ("<A HREF = y.html#z>", {"y.html#z"}),
        ('<img alt="1 > 0" src="a.png" srcset="b.png 1x, c.png 2x">', {"a.png", "b.png", "c.png"}),
        ("<video poster='a.png'><source src=b.mp4></video>", {"a.png", "b.mp4"}),
        ('<code>&lt;a href="y.html"&gt;</code> <a title="href=y.html">', set()),
    ],
)
def test_links_are_found_however_they_are_written(html: str, links: set[str]) -> None:
    references = References()
    references.add("x.html", html)
    assert set(references.links["x.html"]) == links


def test_an_anchor_is_found_however_it_is_written() -> None:
    references = References()
    references.add("x.html", """<h2 id="a"><h2 id='b'><h2 id=c><a href="#a"><a href="#b"><a href="#c"><a href="#d">""")
    assert list(references.broken(lambda uri: True)) == ["x.html links to x.html#d, and no element there has that id"]


# --- to elsewhere ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("https://a.org/x.", "https://a.org/x"),
        ("https://a.org/x),", "https://a.org/x"),
        ("https://a.org/wiki/F_(x)", "https://a.org/wiki/F_(x)"),
        ("https://a.org/x#part", "https://a.org/x"),
        ("https://a.org/x}", "https://a.org/x"),
        ("http://[::1", ""),
        ("https://example.org/x", ""),
        ("http://127.0.0.1:8000/", ""),
        ("https://a.org/{{ x }}", ""),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(found: str, kept: str) -> None:
    assert trimmed(found) == kept


def test_addresses_are_listed_with_every_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.yml").write_text("url: https://a.org/x\nother: see (https://a.org/x#y).\n")
    (tmp_path / "README.md").write_text("\n[b](https://b.org)\n")
    assert addresses(tmp_path, Path("content")) == {
        "https://a.org/x": [("content/a.yml", 1), ("content/a.yml", 2)],
        "https://b.org": [("README.md", 2)],
    }


class Host(http.server.BaseHTTPRequestHandler):
    """Answers by path, and counts."""

    asked: ClassVar[Counter[str]] = Counter()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        path = self.path.strip("/")
        Host.asked[f"{method} {path}"] += 1
        code = int(path) if path.isdigit() else 200
        if path == "no-head":
            code = 405 if method == "HEAD" else 200
        if path == "later":
            code = 503 if Host.asked["GET later"] < 2 else 200
        self.send_response(code)
        if path in ("301", "302"):
            self.send_header("Location", "/moved" if path == "301" else "file:///etc/passwd")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_dead_links_are_told_from_living_moved_shy_and_tired_ones(host: str) -> None:
    Host.asked.clear()
    paths = ("alive", "no-head", "301", "302", "403", "429", "404", "410", "500", "later")
    waited: list[float] = []
    found = dead({f"{host}/{path}": [("a.yml", 1)] for path in paths}, pause=5, wait=waited.append)
    assert {address.rsplit("/", 1)[1]: told for address, told in found.items()} == {
        "302": "answers 302",
        "404": "answers 404",
        "410": "answers 410",
        "500": "answers 500",
    }
    assert Host.asked["HEAD alive"] == 1
    assert Host.asked["GET alive"] == 0, "a HEAD was enough"
    assert Host.asked["GET 404"] == 1, "what is gone is not asked again"
    assert Host.asked["GET 500"] == 3
    assert waited[:2] == [5, 10]


def test_a_host_that_is_not_there_is_dead() -> None:
    (told,) = dead({"http://127.0.0.1:9/": [("a.yml", 1)]}, tries=1).values()
    assert told.startswith("does not answer (")


def test_the_report_is_one_text_for_all_dead_links() -> None:
    places = {"https://a.org/": [("a.yml", 3), ("b.md", 4)], "https://b.org/": [("a.yml", 9)]}
    assert report({"https://a.org/": "answers 404"}, places) == (
        "1 of 2 links to elsewhere do not answer. Find where each went, or another source.\n\n"
        "| Link | What happened | Where |\n| --- | --- | --- |\n"
        "| https://a.org/ | answers 404 | `a.yml:3`, `b.md:4` |\n"
    )
    assert report({}, places) == "All 2 links to elsewhere answer.\n"


def test_the_command_names_file_and_line_and_is_soft_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("\n[b](https://b.org/x)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("links.dead", lambda places: {"https://b.org/x": "answers 404"})
    assert main([]) == 1
    assert capsys.readouterr().out == (
        "README.md:2:1: https://b.org/x answers 404: find where it went, or another source (dead-link)\n"
    )
    assert main(["--soft", "--report", "links.md"]) == 0
    assert "| https://b.org/x | answers 404 | `README.md:2` |" in (tmp_path / "links.md").read_text()
