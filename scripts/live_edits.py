"""How long from saving a file to its new words in an open page, under `make serve` and in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import synthetic
from browser import install


@contextmanager
def served(project: Path) -> Iterator[str]:
    """The address at which a project is served, on a free port."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(project / "hooks")}
    environment["STUDYGUIDE_CONTENT"] = str(project / "other")
    command = [sys.executable, "-m", "studyguide.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield next(match[0] for line in process.stdout if (match := re.search(r"http://[\d.:]+", line)))
        finally:
            process.terminate()


def live_edits(project: Path, cards: list[synthetic.SyntheticCard], number: int) -> dict[str, list[float]]:
    """Seconds for each of ``number`` edits of a card, of a hand-written page and of a template."""
    from playwright.sync_api import sync_playwright

    card = cards[len(cards) // 2]
    guide, template = project / "docs" / "contributing.md", project / "hooks" / "studyguide" / "templates" / "card.html"
    words, markup = guide.read_text(encoding="utf-8"), template.read_text(encoding="utf-8")

    edits: dict[str, tuple[str, Callable[[str], object]]] = {
        "a card": (f"cards/{card.id}.html", lambda mark: synthetic.edit_card(project / "other", card, mark)),
        "a guide page": ("contributing.html", lambda mark: guide.write_text(f"{words}\n{mark}\n", encoding="utf-8")),
        "a template": (
            f"cards/{card.id}.html",
            lambda mark: template.write_text(f"{markup}\n<p>{mark}</p>\n", encoding="utf-8"),
        ),
    }
    waits: dict[str, list[float]] = {name: [] for name in edits}
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with served(project) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=install("chromium").path, args=flags)
        page = chromium.new_page()
        for name, (uri, edit) in edits.items():
            with page.expect_request("**/__live/events*"):
                page.goto(f"{address}/{uri}")
            for turn in range(number):
                mark = f"Edited for the {turn + 1}th time: {name}."
                page.wait_for_timeout(1500)  # people do not save twice in a second
                began = time.perf_counter()
                edit(mark)
                page.get_by_text(mark).wait_for(state="attached")
                waits[name].append(time.perf_counter() - began)
        chromium.close()
    return waits
