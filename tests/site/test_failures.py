"""Builds that fail in the middle: the last good site and the content stay, and the next build is right."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import COMMAND, copy_tiny_project, digests, mkdocs
from studyguide.cli.build import exchange, put_in_place
from studyguide.cli.engine import complaint, warnings_in

EPOCH = "1790000000"


def environment(project: Path) -> dict[str, str]:
    ours = {"STUDYGUIDE_CONTENT": "other", "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": EPOCH}
    return {**os.environ, **ours, "PYTHONPATH": str(project / "hooks")}


#: Runs the command with something of its modules exchanged: statements about ``build``, ``engine``, ``kill``.
STANDING_IN = """
import os, signal, sys
from studyguide.cli import build, engine
from studyguide.cli.__main__ import main
def kill(*_, **__): os.killpg(0, signal.SIGKILL)
{statements}
sys.exit(main(["build"]))
"""


def start(project: Path, limit: Callable[[], None] | None = None, statements: str = "") -> subprocess.Popen[str]:
    """Begin a build as `make build` does, in a process group of its own."""
    command = [sys.executable, "-c", STANDING_IN.format(statements=statements)] if statements else [*COMMAND, "build"]
    return subprocess.Popen(
        command,
        cwd=project,
        env=environment(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limit,
    )


def build(project: Path) -> None:
    process = start(project)
    _, told = process.communicate()
    assert process.returncode == 0, told


def left(project: Path) -> list[str]:
    return [path.name for path in project.iterdir() if path.name.startswith(".site")]


class Built:
    """A project with a good site, and what its site and content are."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.site = digests(project / "site")
        self.content = digests(project / "other")

    def is_as_it_was(self) -> bool:
        return digests(self.project / "site") == self.site and digests(self.project / "other") == self.content


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_tiny_project(tmp_path_factory.mktemp("model") / "project")
    build(project)
    assert (project / "site" / "cards" / "dense-loaf.html").is_file()
    return project


@pytest.fixture
def good(model: Path, tmp_path: Path) -> Built:
    shutil.copytree(model, tmp_path / "project", symlinks=True)
    return Built(tmp_path / "project")


def change(good: Built) -> None:
    """What the next build would show: another title."""
    card = good.project / "other" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text(encoding="utf-8").replace("The loaf that did not rise", "The loaf that rose late"))
    good.content = digests(good.project / "other")


def next_build_is_right(good: Built) -> None:
    build(good.project)
    assert "The loaf that rose late" in (good.project / "site" / "cards" / "dense-loaf.html").read_text(
        encoding="utf-8"
    )
    assert digests(good.project / "other") == good.content
    assert left(good.project) == []
    assert list((good.project / ".cache").rglob("*.tmp")) == []


#: Where a build is killed, with its engine: what is exchanged in its modules.
MOMENTS = {
    "before the folder is made": "build.tempfile.mkdtemp = kill",
    "between folder and mark": "make = build.tempfile.mkdtemp\nbuild.tempfile.mkdtemp = lambda **k: kill(make(**k))",
    "before the engine begins": "build.Engine = kill",
    "while the engine runs": "engine.Engine.problems = kill",
    "once the site is made": "build.put_in_place = kill",
    "between two renames": "build.exchange = lambda *_: 0\nbuild.Path.rename = lambda a, b: (os.rename(a, b), kill())",
    "while the old site is deleted": "build.shutil.rmtree = kill",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_any_moment_leaves_a_good_site_and_the_next_one_tidies_up(moment: str, good: Built) -> None:
    change(good)
    process = start(good.project, statements=MOMENTS[moment])
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    if moment not in ("between two renames", "while the old site is deleted"):
        assert good.is_as_it_was()
    next_build_is_right(good)


@pytest.mark.parametrize("event", ["on_files", "on_post_build"])
def test_a_build_killed_within_its_engine_leaves_the_last_site_and_the_next_one_tidies_up(
    event: str, good: Built
) -> None:
    hook = good.project / "hooks" / "main.py"
    text = hook.read_text(encoding="utf-8")
    hook.write_text(f"{text}\n\n{event} = lambda *_, **__: __import__('os').killpg(0, 9)\n", encoding="utf-8")
    change(good)
    process = start(good.project)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert good.is_as_it_was()
    hook.write_text(text, encoding="utf-8")
    next_build_is_right(good)


def test_what_a_killed_build_was_writing_into_the_cache_goes_too(good: Built) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    runs = good.project / ".cache" / "notebooks" / "runs"
    (runs / f".a.json-{gone.pid}-abc.part").touch()
    (runs / f".b.json-{os.getpid()}-abc.part").touch()
    build(good.project)
    assert [file.name for file in runs.glob(".*")] == [f".b.json-{os.getpid()}-abc.part"], "another build writes that"


def test_a_build_that_works_keeps_its_folder_while_another_tidies(good: Built) -> None:
    begin, end = good.project / "begin", good.project / "end"
    for pipe in (begin, end):
        os.mkfifo(pipe)
    late = "open('begin', 'w').close(); open('end').close(); put(*a)"
    wait = f"put = build.put_in_place\ndef late(*a): {late}\nbuild.put_in_place = late"
    change(good)
    process = start(good.project, statements=wait)
    begin.read_text()  # it has built, and waits
    build(good.project)
    end.write_text("")
    told = process.communicate()[1]
    assert process.returncode == 0, told
    for pipe in (begin, end):
        pipe.unlink()
    next_build_is_right(good)


def test_a_site_moved_aside_by_a_build_that_was_killed_comes_back(good: Built) -> None:
    """Where folders cannot be exchanged in one step, a build may die between two renames."""
    aside = good.project / ".site-abc"
    aside.mkdir()
    (good.project / "site").rename(aside / "old")
    card = good.project / "other" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text("broken: [")
    good.content = digests(good.project / "other")
    process = start(good.project)
    assert "Not built" in process.communicate()[1]
    assert good.is_as_it_was()
    assert left(good.project) == []


@pytest.mark.parametrize("size", [0, 100_000])
def test_a_disk_that_is_full_leaves_the_last_site(size: int, good: Built) -> None:
    """A limit on the size of files stands in for the full disk: writing fails in the same places."""
    resource = pytest.importorskip("resource")
    change(good)
    process = start(good.project, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    _, told = process.communicate()
    assert process.returncode == 1
    assert "site is as it was." in told
    assert good.is_as_it_was()
    next_build_is_right(good)


def test_a_file_that_cannot_be_read_is_named(good: Built) -> None:
    change(good)
    good_file = good.project / "other" / "cards" / "bench" / "oven-cools.yml"
    kept = good_file.read_bytes()
    good_file.unlink()
    good_file.mkdir()  # a folder where a file should be cannot be read by anybody, not even by root
    (good_file / "inside.yml").write_text("x: y\n")
    process = start(good.project)
    _, told = process.communicate()
    assert process.returncode == 1
    assert "oven-cools.yml/inside.yml:1:1: must be a place the guide knows" in told
    assert digests(good.project / "site") == good.site
    shutil.rmtree(good_file)
    good_file.write_bytes(kept)
    next_build_is_right(good)


def test_two_builds_at_once_each_leave_a_whole_site(good: Built) -> None:
    change(good)
    processes = [start(good.project), start(good.project)]
    told = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert set(digests(good.project / "site")) == set(good.site)
    next_build_is_right(good)


DAMAGES = [b"", b"{", b"null", b'{"outputs": [[7]], "seconds": 1}', b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("first", [0, 2, 4])
def test_a_damaged_cache_is_made_anew(first: int, good: Built) -> None:
    kept = [file for file in (good.project / ".cache").rglob("*") if file.is_file()]
    assert len(kept) >= 2, "runs, and what was worked out"
    for number, file in enumerate(kept, start=first):
        file.write_bytes(DAMAGES[number % len(DAMAGES)])
    build(good.project)
    assert digests(good.project / "site") == good.site


def test_folders_change_places_whole_with_and_without_the_system_s_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for helped in (True, False):
        if not helped:
            monkeypatch.setattr("studyguide.cli.build.exchange", lambda one, other: False)
        made, site = tmp_path / f"made-{helped}", tmp_path / f"site-{helped}"
        for folder in (made, site):
            folder.mkdir()
            (folder / "name").write_text(folder.name)
        put_in_place(made, site, tmp_path / f"old-{helped}")
        assert (site / "name").read_text() == made.name
    if sys.platform == "linux":
        assert exchange(tmp_path / "site-True", tmp_path / "site-False")
        assert (tmp_path / "site-True" / "name").read_text() == "made-False"


# --- the gate --------------------------------------------------------------------------------------------------------


def refused(good: Built) -> str:
    """Build as `make build` does what must not be built; what it says."""
    process = start(good.project)
    said, told = process.communicate()
    assert (process.returncode, said) == (1, "")
    assert good.is_as_it_was()
    assert left(good.project) == []
    assert told.endswith(f"\nNot built; {good.project / 'site'} is as it was.\n")
    assert "Traceback" not in told
    return told


def test_a_dead_link_and_a_dead_anchor_fail_the_build_and_are_named(good: Built) -> None:
    page = good.project / "docs" / "contributing.md"
    page.write_text(
        f"{page.read_text()}\nSee [the old page](nowhere.md), [an anchor](#none), [a card](cards/dense-loaf.md#no).\n"
    )
    told = refused(good)
    assert "Doc file 'contributing.md' contains a link 'nowhere.md', but the target is not found" in told
    assert "Doc file 'contributing.md' contains a link '#none', but there is no such anchor on this page." in told
    assert "contributing.html links to cards/dense-loaf.html#no, and no element there has that id: correct" in told
    assert told.count("dense-loaf") == 1
    assert re.search(r"Aborted with \d+ warnings in strict mode!\nNot built; ", told)
    assert "INFO" not in told


def test_a_card_with_a_problem_fails_the_build_with_its_place(good: Built) -> None:
    card = good.project / "other" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", "level: easy"))
    good.content = digests(good.project / "other")
    assert "other/cards/bench/dense-loaf.yml:7:8: 'level' must be foundation, practitioner or senior" in refused(good)


def test_make_build_calls_the_command_that_is_tested_here() -> None:
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"\nbuild: .*\n\t\$\(BIN\)/studyguide build\n", makefile)


def test_what_an_engine_says_is_told_without_its_news() -> None:
    output = """\
INFO    -  Cleaning site directory
DEBUG   -  Stage cards: 0.1 s
WARNING -  One thing
  and its second line
INFO    -  Done
Aborted with 1 warnings in strict mode!
"""
    assert [*warnings_in(output)] == ["One thing", "  and its second line", "Aborted with 1 warnings in strict mode!"]


# --- a site that is the guide ----------------------------------------------------------------------------------------


def without_hooks(project: Path) -> None:
    config = project / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    assert "hooks:\n  - hooks/main.py\n" in text
    config.write_text(text.replace("hooks:\n  - hooks/main.py\n", ""), encoding="utf-8")


def test_a_build_without_the_hooks_fails(good: Built) -> None:
    without_hooks(good.project)
    assert "A reference to 'index.md' is included in the 'nav' configuration, which is not found" in refused(good)


def test_a_lenient_build_without_the_hooks_is_told_apart(good: Built) -> None:
    without_hooks(good.project)
    done = mkdocs(good.project, "build", "--site-dir", "plain", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 0
    told = complaint(good.project / "plain", good.project / "other")
    assert "cards/angry-customer.html is not there; cards/dense-loaf.html is not there" in told
    assert told.endswith("mkdocs.yml must name hooks/main.py under 'hooks', and the engine must support hooks.")


def test_a_site_that_is_the_guide_has_all_of_it(model: Path) -> None:
    assert complaint(model / "site", model / "other") == ""
