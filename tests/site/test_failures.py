"""Builds that fail in the middle: the last good site and the content stay, and the next build is right."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from build import exchange, put_in_place
from canary import complaint
from conftest import TINY, copy_project, digests, mkdocs

ROOT = Path(__file__).resolve().parents[2]
EPOCH = "1790000000"


def environment(project: Path) -> dict[str, str]:
    ours = {"STUDYGUIDE_CONTENT": "other", "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": EPOCH}
    return {**os.environ, **ours, "PYTHONPATH": str(project / "hooks")}


def start(project: Path, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """Begin a build as `make build` does, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "scripts/build.py"],
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
    project = copy_project(tmp_path_factory.mktemp("model") / "project")
    shutil.copytree(TINY, project / "other")
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


def wait_for(happens: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Until something has happened; a build that ends before is a failure of the test."""
    while not happens():
        assert process.poll() is None, "the build ended before it could be killed"
        time.sleep(0.005)  # polls a folder; nothing is timed


@pytest.mark.parametrize("moment", [".site-*", ".site-*/new/search/search_index.js"])
def test_a_build_killed_at_any_moment_leaves_the_last_site_and_the_next_one_tidies_up(moment: str, good: Built) -> None:
    change(good)
    process = start(good.project)
    wait_for(lambda: any(good.project.glob(moment)), process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert good.is_as_it_was()
    next_build_is_right(good)


def test_a_site_moved_aside_by_a_build_that_was_killed_comes_back(good: Built) -> None:
    """Where folders cannot be exchanged in one step, a build may die between two renames."""
    aside = good.project / ".site-abc"
    aside.mkdir()
    (aside / "lock").touch()
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
            monkeypatch.setattr("build.exchange", lambda one, other: False)
        made, site = tmp_path / f"made-{helped}", tmp_path / f"site-{helped}"
        for folder in (made, site):
            folder.mkdir()
            (folder / "name").write_text(folder.name)
        put_in_place(made, site, tmp_path / f"old-{helped}")
        assert (site / "name").read_text() == made.name
    if sys.platform == "linux":
        assert exchange(tmp_path / "site-True", tmp_path / "site-False")
        assert (tmp_path / "site-True" / "name").read_text() == "made-False"


# --- the canary ------------------------------------------------------------------------------------------------------


def without_hooks(project: Path) -> None:
    config = project / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    assert "hooks:\n  - hooks/main.py\n" in text
    config.write_text(text.replace("hooks:\n  - hooks/main.py\n", ""), encoding="utf-8")


def test_a_strict_build_without_the_hooks_fails(good: Built) -> None:
    without_hooks(good.project)
    done = mkdocs(good.project, "build", "--strict", "--site-dir", "plain", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert "A reference to 'index.md' is included in the 'nav' configuration, which is not found" in done.stderr


def test_a_lenient_build_without_the_hooks_is_told_apart_by_the_canary(good: Built) -> None:
    without_hooks(good.project)
    done = mkdocs(good.project, "build", "--site-dir", "plain", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 0
    told = complaint(good.project / "plain", good.project / "other")
    assert "cards/angry-customer.html is not there; cards/dense-loaf.html is not there" in told
    assert told.endswith("mkdocs.yml must name hooks/main.py under 'hooks', and the engine must support hooks.")


def test_the_canary_is_content_with_a_site_that_is_the_guide(model: Path) -> None:
    assert complaint(model / "site", model / "other") == ""
    script = [sys.executable, str(ROOT / "scripts" / "canary.py")]
    ours = {**os.environ, "STUDYGUIDE_CONTENT": str(model / "other")}
    done = subprocess.run([*script, str(model / "site")], env=ours, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{model / 'site'} is the guide.\n")
    done = subprocess.run([*script, "nowhere"], env=ours, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
