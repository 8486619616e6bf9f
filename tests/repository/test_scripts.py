"""The commands: what they print, and what they exit with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TINY, copy_project
from execute_notebooks import shard

ROOT = Path(__file__).resolve().parents[2]


def run(script: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def test_shards_share_out_all_notebooks_once() -> None:
    names = list("gfedcba")
    parts = [shard(names, f"{part}/3") for part in (1, 2, 3)]
    assert parts == [["a", "d", "g"], ["b", "e"], ["c", "f"]]
    for wrong in ("0/3", "4/3", "x", "1"):
        with pytest.raises(ValueError, match="must be i/n"):
            shard(names, wrong)


def test_notebooks_run_print_a_line_each_and_are_cached(tiny: Path) -> None:
    first = run("execute_notebooks.py", "--cache", "kept", cwd=tiny.resolve().parent)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("[1/1] proofing: ")
    second = run("execute_notebooks.py", "--cache", "kept", cwd=tiny.resolve().parent)
    assert second.stdout.startswith("[1/1] proofing: cached\n1 notebook in ")


def test_a_failed_build_keeps_the_last_site_and_leaves_nothing_behind(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project / "other").mkdir()
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("the last good site")
    done = run("build.py", cwd=project, STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("site is as it was.")
    assert (project / "site" / "index.html").read_text() == "the last good site"
    assert [path.name for path in project.iterdir() if path.name.startswith(".site")] == []


def test_a_build_replaces_the_last_site_whole(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project / "site").mkdir()
    (project / "site" / "left-over.html").write_text("old")
    done = run("build.py", cwd=project, STUDYGUIDE_CONTENT=str(TINY))
    assert done.returncode == 0, done.stderr
    assert not (project / "site" / "left-over.html").exists()
    assert (project / "site" / "cards" / "dense-loaf.html").is_file()
    assert " pages, " in done.stdout


def test_the_batch_reader_finds_shared_phrases_openings_and_moves(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "oven-cools.yml"
    text = card.read_text().replace("Bake three and cut one before deciding", "Cut a loaf and read its crumb")
    card.write_text(text.replace("Halfway through a double shift", "Your rye has come late, halfway through a shift"))
    done = run("read_batch.py", cwd=tiny.resolve().parent)
    assert "  cut a loaf and read its crumb: dense-loaf, oven-cools" in done.stdout
    assert "  your rye has come: dense-loaf, oven-cools" in done.stdout
    assert "Phrases of 6 words in more than two cards: 0" in done.stdout


def test_a_browser_that_is_named_but_absent_is_an_error(tmp_path: Path) -> None:
    done = run("browser.py", cwd=tmp_path, CHROMIUM="/no/such/browser")
    assert done.returncode == 1
    assert done.stderr == "CHROMIUM must name a browser, found '/no/such/browser': correct or unset it\n"
