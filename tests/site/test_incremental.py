"""A build that takes what it can from the cache writes the same bytes as one that has no cache."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import copy_tiny_project, differing, digests
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from studyguide.cache import Cache

#: Builds the project in the current folder whenever it reads a line: the name of a folder to build into.
BUILDER = """
import logging
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
logging.basicConfig(level=logging.WARNING)
for line in sys.stdin:
    config = load_config("mkdocs.yml", site_dir=line.strip(), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    except Abort as stopped:
        print(f"stopped: {stopped.message}", flush=True)
    else:
        print("built", flush=True)
    config.plugins.on_shutdown()
"""


class Project:
    """A project with the small guide's content, and a process that builds it; each build reads everything anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_tiny_project(folder)
        self.content = folder / "other"
        self.cards = self.content / "cards" / "bench"
        self.made = 0
        variables = {"STUDYGUIDE_CONTENT": str(self.content), "SOURCE_DATE_EPOCH": "1790000000"}
        self.environment = {**os.environ, **variables, "NO_MKDOCS_2_WARNING": "1"}
        self.builder = subprocess.Popen(
            [sys.executable, "-c", BUILDER], cwd=folder, env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "log").open("w"),
        )  # fmt: skip

    @property
    def cache(self) -> Path:
        return self.folder / ".cache" / "guide.sqlite"

    def build(self, name: str) -> dict[str, str]:
        """The digests of all files that a build writes."""
        assert self.builder.stdin is not None
        assert self.builder.stdout is not None
        print(name, file=self.builder.stdin, flush=True)
        assert self.builder.stdout.readline() == "built\n", (self.folder / "log").read_text()[-2000:]
        return digests(self.folder / name)

    def build_without_cache(self, name: str) -> dict[str, str]:
        aside = self.cache.with_suffix(".aside")
        self.cache.rename(aside)
        made = self.build(name)
        aside.replace(self.cache)
        return made

    def close(self) -> None:
        self.builder.communicate(timeout=60)

    # Ways to change the content; each leaves it valid.

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text by another, or the other by the text where that has been done."""
        path = self.content / file
        text = path.read_text(encoding="utf-8")
        changed = text.replace(new, old) if new in text else text.replace(old, new)
        assert changed != text
        path.write_text(changed, encoding="utf-8")

    def added(self) -> list[Path]:
        return sorted(self.cards.glob("added-*.yml"))

    def add(self) -> None:
        self.made += 1
        words = " ".join(f"word{self.made}{letter}" for letter in "abcdefghijklmnopqrst")
        text = (self.cards / "oven-cools.yml").read_text(encoding="utf-8")
        own = {
            "title": f" Added as number {self.made}",
            "asked_as": f" [What do you do with number {self.made}?, What is number {self.made}?]",
            "prompt": f" A case of its own, {words}, sixty loaves at 205 to 240 degrees, and what do you do about it?",
        }
        for key, value in own.items():
            text = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", f"{key}:{value}\n", text, flags=re.MULTILINE)
        (self.cards / f"added-{self.made}.yml").write_text(text, encoding="utf-8")

    def rename(self) -> None:
        for file in self.added()[:1]:
            self.made += 1
            file.rename(file.with_name(f"added-{self.made}.yml"))

    def delete(self) -> None:
        for file in self.added()[-1:]:
            file.unlink()


CHANGES: dict[str, Callable[[Project], None]] = {
    "a card's words": lambda on: on.edit("cards/bench/dense-loaf.yml", "flat for three days", "flat for *four* days"),
    "a card's title": lambda on: on.edit("cards/bench/oven-cools.yml", "title: The oven", "title: An oven"),
    "a card's level": lambda on: on.edit("cards/bench/dense-loaf.yml", "level: foundation", "level: senior"),
    "what a card tests": lambda on: on.edit("cards/counter/angry-customer.yml", "Whether you", "If you"),
    "a round's title": lambda on: on.edit("rounds/bench.yml", "title: Bench test", "title: At the bench"),
    "a topic's title": lambda on: on.edit("topics.yml", "title: Fermentation", "title: Rising"),
    "a definition": lambda on: on.edit("glossary.yml", "The inside of a loaf;", "The inside of *any* loaf;"),
    "a new term": lambda on: on.edit("glossary.yml", "  term: crumb", "  term: crumb\n  aliases: [gummy]"),
    "a role's title": lambda on: on.edit("roles/baker.yml", "title: Baker", "title: Head baker"),
    "a sheet": lambda on: on.edit("checklists/before-the-bench.yml", "summary: ", "summary: First of all. "),
    "a notebook's title": lambda on: on.edit("notebooks/proofing.py", "How long a dough needs", "How long dough needs"),
    "a template": lambda on: on.edit("../hooks/studyguide/templates/card.html", "What sinks it", "What burns it"),
    "a card more": Project.add,
    "a card renamed": Project.rename,
    "a card less": Project.delete,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("incremental") / "project")
    made.build("warm")
    yield made
    made.close()


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@example(changes=[*CHANGES, "a card more"])
@given(changes=st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=5))
def test_after_any_changes_a_warm_build_gives_the_bytes_of_a_cold_one(changes: list[str], project: Project) -> None:
    for change in changes:
        CHANGES[change](project)
    warm = project.build("warm")
    assert differing(warm, project.build_without_cache("cold")) == []


@pytest.mark.parametrize("change", ["a card's title", "a definition", "a topic's title"])
def test_a_change_reaches_every_page_that_shows_it(change: str, project: Project) -> None:
    before = project.build("warm")
    CHANGES[change](project)
    after = project.build("warm")
    assert (
        set(differing(before, after))
        >= {
            "a card's title": {"cards/oven-cools.html", "cards/index.html", "rounds/bench.html", "topics.html"},
            "a definition": {"glossary.html", "cards/dense-loaf.html"},
            "a topic's title": {"topics.html", "cards/dense-loaf.html"},
        }[change]
    )
    assert differing(after, project.build_without_cache("cold")) == []


@pytest.mark.parametrize("damage", ["cut", "overwritten", "another file", "values"])
def test_a_damaged_cache_is_made_anew(damage: str, project: Project) -> None:
    before = project.build("warm")
    size = project.cache.stat().st_size
    if damage == "cut":
        os.truncate(project.cache, size // 3)
    elif damage == "overwritten":
        with project.cache.open("r+b") as file:
            file.seek(size // 2)
            file.write(b"\xff" * (size // 4))
    elif damage == "another file":
        project.cache.write_text("no database at all")
    else:
        with sqlite3.connect(project.cache) as connection:
            connection.execute("UPDATE entry SET value = CAST('<p>spoiled</p>' AS BLOB) WHERE kind != ''")
        connection.close()
    assert differing(before, project.build("warm")) == []
    assert differing(before, project.build("warm")) == []
    assert project.cache.stat().st_size > size // 2


def test_two_builds_at_once_share_the_cache(project: Project) -> None:
    wanted = project.build("warm")
    project.cache.unlink()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir"]
    both = [subprocess.Popen([*command, name], cwd=project.folder, env=project.environment) for name in ("one", "two")]
    assert [build.wait() for build in both] == [0, 0]
    assert differing(wanted, digests(project.folder / "one")) == []
    assert differing(wanted, digests(project.folder / "two")) == []
    assert differing(wanted, project.build("warm")) == []


def test_another_version_of_the_code_begins_a_new_cache(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    with Cache(file, b"one") as cache:
        cache.put("page", "a", b"key", b"value")
    with Cache(file, b"one") as cache:
        assert cache.get("page", "a", b"key") == b"value"
        assert cache.get("page", "a", b"other key") is None
        assert cache.get("page", "b", b"key") is None
    with Cache(file, b"two") as cache:
        assert cache.get("page", "a", b"key") is None


def test_entries_that_nothing_asks_for_any_more_go(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    with Cache(file) as cache:
        for number in range(200):
            cache.put("page", str(number), b"", b"")
    with Cache(file) as cache:
        assert cache.get("page", "7", b"") == b""
        cache.put("page", "7", b"", b"new")
    with Cache(file) as cache:
        assert cache.get("page", "7", b"") == b"new"
        assert cache.get("page", "8", b"") is None


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    with Cache(tmp_path / "file" / "cache.sqlite") as cache:
        cache.put("page", "a", b"", b"value")
        assert cache.get("page", "a", b"") == b"value"  # for as long as it waits to be written
        cache.save()
        assert cache.get("page", "a", b"") is None
