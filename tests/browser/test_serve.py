"""`make serve`: edits reach an open page, a broken card says so there, and the last good site stays."""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psutil
import pytest
from conftest import COMMAND, ROOT, TINY, copy_tiny_project, studyguide
from playwright.sync_api import Browser, Page, expect

WAIT = 60_000


@dataclass
class Served:
    """A project that is served: its folder, its address, and the process."""

    project: Path
    address: str
    process: subprocess.Popen[str]
    #: Lines that it prints, as they come.
    said: queue.SimpleQueue[str]

    @property
    def card(self) -> Path:
        return self.project / "other" / "cards" / "bench" / "dense-loaf.yml"

    def edit(self, file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def page(self, uri: str) -> str:
        """What is served at an address; the script put into it names the digest of the file behind it."""
        with urllib.request.urlopen(f"{self.address}/{uri}") as answer:  # noqa: S310 - our own server
            return str(answer.read().decode())

    def until(self, words: str) -> list[str]:
        """What it prints up to the line with these words."""
        lines = [self.said.get(timeout=WAIT / 1000)]
        while words not in lines[-1]:
            lines.append(self.said.get(timeout=WAIT / 1000))
        return lines


@contextmanager
def serving(project: Path, **variables: str) -> Iterator[Served]:
    """The small guide, served from a copy of the project."""
    copy_tiny_project(project)
    log = project / "serve.log"
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "STUDYGUIDE_CONTENT": str(project / "other"),
        "PYTHONPATH": str(project / "hooks"),  # its own templates, not those of the checkout that is installed
        **variables,
    }
    command = [*COMMAND, "serve", "--port", "0"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            cwd=project,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # A run in the background hands down that Ctrl+C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as process,
    ):
        assert process.stdout is not None
        found = next((match[0] for line in process.stdout if (match := re.search(r"http://[\d.:]+", line))), None)
        assert found, log.read_text()
        said: queue.SimpleQueue[str] = queue.SimpleQueue()
        listener = threading.Thread(target=lambda lines: [said.put(line) for line in lines], args=(process.stdout,))
        listener.start()
        try:
            yield Served(project, found, process, said)
        finally:
            process.terminate()
            listener.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("serve") / "project") as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    with page.expect_request("**/__live/events*"):
        page.goto(f"{served.address}/cards/dense-loaf.html")
    yield page
    context.close()


def test_a_saved_card_shows_its_new_words_in_the_open_page(page: Page, served: Served) -> None:
    served.edit(served.card, "It is four in the morning.", "It is five in the morning.")
    expect(page.locator("#prompt")).to_contain_text("It is five in the morning.", timeout=WAIT)


def test_new_words_are_shown_before_the_page_is_loaded_again_and_it_is(page: Page, served: Served) -> None:
    page.evaluate(
        """() => new MutationObserver(() => {
          sessionStorage.setItem("shown", document.querySelector("#prompt").textContent);
        }).observe(document.querySelector(".md-main"), {childList: true, subtree: true})"""
    )
    with page.expect_event("load", timeout=WAIT):
        served.edit(served.card, "in the morning.", "in the evening.")
    expect(page.locator("#prompt")).to_contain_text("in the evening.")
    assert "in the evening." in page.evaluate("sessionStorage.getItem('shown')"), "by the page as it was before"


def test_the_rest_of_the_site_follows(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/rounds/bench.html")
    served.edit(served.card, "title: The loaf that did not rise", "title: The loaf that sulked")
    expect(page.get_by_role("link", name="The loaf that sulked")).to_be_visible(timeout=WAIT)


def test_a_broken_card_shows_its_problem_keeps_the_page_and_recovers(page: Page, served: Served) -> None:
    served.edit(served.card, "level: foundation", "level: easy")
    note = page.get_by_role("alert", name="Problems")
    expect(note).to_contain_text("dense-loaf.yml:7:8: 'level' must be foundation, practitioner or senior", timeout=WAIT)
    expect(page.locator("#strong-outline")).to_be_visible()
    page.reload()
    expect(note).to_contain_text("'level' must be", timeout=WAIT)
    expect(page.locator("h1")).to_be_visible()
    served.edit(served.card, "level: easy", "level: foundation")
    expect(note).to_have_count(0, timeout=WAIT)
    assert "'level' must be" in (served.project / "serve.log").read_text()


@contextmanager
def loaded_again(page: Page) -> Iterator[None]:
    """An edit after which the page is loaded again, for its scripts; a click before that would be undone."""
    page.evaluate("document.documentElement.dataset.old = ''")
    yield
    expect(page.locator("html[data-old]")).to_have_count(0, timeout=WAIT)
    page.wait_for_load_state()


def test_a_guide_page_and_a_template_are_shown_too(page: Page, served: Served) -> None:
    template = served.project / "hooks" / "studyguide" / "templates" / "card.html"
    with loaded_again(page):
        served.edit(template, "What sinks it", "What drowns it")
        expect(page.get_by_role("heading", name="What drowns it")).to_be_visible(timeout=WAIT)
    page.goto(f"{served.address}/contributing.html")
    served.edit(served.project / "docs" / "contributing.md", "\n", "\nBread is served.\n\n")
    expect(page.get_by_text("Bread is served.").first).to_be_visible(timeout=WAIT)


def test_what_is_shown_before_the_site_is_built_is_what_is_built(page: Page, served: Served) -> None:
    uri = "cards/dense-loaf.html"
    before = served.page(uri)
    while not served.said.empty():
        served.said.get()
    served.edit(served.card, "flat for", "level for")
    assert f"{uri} in " in served.until(" in ")[0]
    shown = served.page(uri)
    assert "Built in" in served.until(" in ")[0]
    assert before != shown
    assert served.page(uri) == shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_amid_a_build_ends_every_process_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with (
        tempfile.TemporaryDirectory() as temporary,  # a short path, for that of a socket must be
        serving(tmp_path / "project", TMPDIR=temporary) as running,
    ):
        scratch = Path(temporary)
        began = set(scratch.glob("studyguide-*/*"))
        running.edit(running.card, "flat for", "level for")
        while set(scratch.glob("studyguide-*/*")) == began:
            time.sleep(0.005)  # polls a folder; nothing is timed
        processes = psutil.Process(running.process.pid).children(recursive=True)
        assert processes
        running.process.send_signal(number)
        assert running.process.wait(timeout=60) == 0
        assert psutil.wait_procs(processes, timeout=60)[1] == []
        assert list(scratch.glob("studyguide-*")) == []
        assert "Traceback" not in (running.project / "serve.log").read_text()


def test_a_new_card_gets_its_page(page: Page, served: Served) -> None:
    text = served.card.read_text(encoding="utf-8").replace("title: The loaf", "title: Another dense loaf")
    text = text.replace("Why is a loaf", "Why is another loaf").replace("Your bread", "My bread")
    prompt = "A tray of buns has slid off the trolley, the queue has seen it, and the oven needs more time. What now?"
    text = re.sub(r"(?s)prompt: >.*?say_first:", f"prompt: {prompt}\nsay_first:", text)
    page.goto(f"{served.address}/cards/index.html")
    with loaded_again(page):
        (served.card.parent / "another-loaf.yml").write_text(text, encoding="utf-8")
    page.get_by_role("link", name=re.compile("Another dense loaf")).click(timeout=WAIT)
    expect(page.locator("#prompt")).to_contain_text("A tray of buns")


def test_head_answers_as_get_without_the_page(served: Served) -> None:
    for path, status in (("/cards/dense-loaf.html", 200), ("/mkdocs.yml", 404), ("/nowhere.html", 404)):
        answers = []
        for method in ("GET", "HEAD"):
            connection = http.client.HTTPConnection(urlsplit(served.address).netloc)
            connection.request(method, path)
            answer = connection.getresponse()
            answers.append((answer.status, answer.headers["Content-Type"], answer.headers["Content-Length"]))
            assert bool(answer.read()) == (method == "GET")
            connection.close()
        assert answers[0] == answers[1]
        assert answers[0][0] == status


def test_a_port_that_is_taken_is_said_before_anything_is_built(served: Served, tmp_path: Path) -> None:
    port = str(urlsplit(served.address).port)
    done = studyguide("serve", "--port", port, "--content", str(TINY), cwd=served.project)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(
        f"error: port {port} of 127.0.0.1 cannot be had (Address already in use): stop what uses it, or choose another "
        "with --port (make serve PORT=...); 0 takes a free one\n"
    )


def test_another_address_can_be_listened_at(served: Served) -> None:
    done = studyguide("serve", "--host", "192.0.2.1", "--port", "0", "--content", str(TINY), cwd=served.project)
    assert done.returncode == 2
    assert done.stderr.endswith(
        "error: '192.0.2.1' is no address of this machine (Cannot assign requested address): give another with --host "
        "(make serve HOST=...)\n"
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(BIN)/studyguide serve --port $(PORT) --host $(HOST)\n" in makefile


def test_nothing_outside_the_site_is_served(served: Served) -> None:
    for path in ("/../serve.log", "/%2e%2e/%2e%2e/etc/passwd", "/nowhere.html", "/%00", f"/{'a' * 300}"):
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(f"{served.address}{path}")  # noqa: S310 - our own server
        assert refused.value.code == 404
        refused.value.close()


def test_a_folder_is_left_for_its_page_as_hosts_do_so_that_links_of_the_page_hold(served: Served) -> None:
    with urllib.request.urlopen(f"{served.address}/cards") as answer:  # noqa: S310 - our own server
        assert answer.url == f"{served.address}/cards/"


def test_the_script_is_in_served_pages_and_not_in_built_ones(page: Page, built_tiny: Path) -> None:
    assert page.locator("script[src='/__live/script.js']").count() == 1
    assert "__live" not in (built_tiny / "site" / "cards" / "dense-loaf.html").read_text(encoding="utf-8")
