"""`make serve`: edits reach an open page, a broken card says so there, and the last good site stays."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import psutil
import pytest
from conftest import TINY, copy_project
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
    copy_project(project)
    shutil.copytree(TINY, project / "other")
    log = project / "serve.log"
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "STUDYGUIDE_CONTENT": str(project / "other"),
        "PYTHONPATH": str(project / "hooks"),  # its own templates, not those of the checkout that is installed
        **variables,
    }
    command = [sys.executable, str(project / "scripts" / "serve.py"), "--port", "0"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout is not None
        found = next((match[0] for line in process.stdout if (match := re.search(r"http://[\d.:]+", line))), None)
        assert found, log.read_text()
        said: queue.SimpleQueue[str] = queue.SimpleQueue()
        listener = threading.Thread(target=lambda lines: [said.put(line) for line in lines], args=(process.stdout,))
        listener.start()
        yield Served(project, found, process, said)
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
    served.edit(served.card, "minutes: 4", "minutes: four")
    note = page.get_by_role("alert", name="Problems")
    expect(note).to_contain_text(
        "dense-loaf.yml:4:10: 'minutes' must be a whole number, found the text 'four'", timeout=WAIT
    )
    expect(page.locator("#strong-outline")).to_be_visible()
    page.reload()
    expect(note).to_contain_text("must be a whole number", timeout=WAIT)
    expect(page.locator("h1")).to_be_visible()
    served.edit(served.card, "minutes: four", "minutes: 4")
    expect(note).to_have_count(0, timeout=WAIT)
    assert "must be a whole number" in (served.project / "serve.log").read_text()


def test_a_guide_page_and_a_template_are_shown_too(page: Page, served: Served) -> None:
    template = served.project / "hooks" / "studyguide" / "templates" / "card.html"
    served.edit(template, "What sinks it", "What drowns it")
    expect(page.get_by_role("heading", name="What drowns it")).to_be_visible(timeout=WAIT)
    page.goto(f"{served.address}/contributing.html")
    served.edit(served.project / "docs" / "contributing.md", "\n", "\nBread is served.\n\n")
    expect(page.get_by_text("Bread is served.").first).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("kind", ["card", "guide page", "template"])
def test_what_is_shown_before_the_site_is_built_is_what_is_built(kind: str, page: Page, served: Served) -> None:
    templates = served.project / "hooks" / "studyguide" / "templates"
    uri, file, old, new = {
        "card": ("cards/dense-loaf.html", served.card, "flat for", "level for"),
        "guide page": ("contributing.html", served.project / "docs" / "contributing.md", "\n", "\nFirst of all.\n\n"),
        "template": ("cards/dense-loaf.html", templates / "card.html", "</h1>", ", in short</h1>"),
    }[kind]
    with page.expect_request("**/__live/events*"):
        page.goto(f"{served.address}/{uri}")
    before = served.page(uri)
    while not served.said.empty():
        served.said.get()
    served.edit(file, old, new)
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
    text = served.card.read_text(encoding="utf-8").replace("title: The loaf", "title: Another loaf")
    prompt = (
        "A tray of thirty buns has slid off the trolley, the queue has seen it, and the oven needs twenty minutes more."
    )
    text = re.sub(r"(?s)prompt: >.*?weak_answer:", f"prompt: {prompt}\nweak_answer:", text)
    page.goto(f"{served.address}/cards/index.html")
    (served.card.parent / "another-loaf.yml").write_text(text, encoding="utf-8")
    page.get_by_role("link", name=re.compile("Another loaf")).click(timeout=WAIT)
    expect(page.locator("#prompt")).to_contain_text("thirty buns")


def test_nothing_outside_the_site_is_served(served: Served) -> None:
    for path in ("/../serve.log", "/%2e%2e/%2e%2e/etc/passwd", "/nowhere.html"):
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(f"{served.address}{path}")  # noqa: S310 - our own server
        assert refused.value.code == 404
        refused.value.close()


def test_the_script_is_in_served_pages_and_not_in_built_ones(page: Page, built_tiny: Path) -> None:
    assert page.locator("script[src='/__live/script.js']").count() == 1
    assert "__live" not in (built_tiny / "site" / "cards" / "dense-loaf.html").read_text(encoding="utf-8")
