"""The commands: what they print, and what they exit with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import TINY, copy_project
from execute_notebooks import shard
from new_card import slug
from studyguide.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parent.parent


def run(script: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / script), *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def test_a_new_card_passes_but_for_the_words_to_fill_in(tiny: Path) -> None:
    done = run("new_card.py", "--round", "counter", "--title", "The queue: too long, again", cwd=tiny.resolve().parent)
    assert (done.returncode, done.stdout) == (
        0,
        "Wrote content/cards/counter/the-queue-too-long-again.yml. Replace every TODO, then run: make check\n",
    )
    card = yaml.safe_load((tiny / "cards" / "counter" / "the-queue-too-long-again.yml").read_text())
    assert card["title"] == "The queue: too long, again"
    rules = {problem.rule for problem in load_catalogue(tiny)[1]}
    assert rules <= {"too-short", "bad-url", "stub"}


def test_a_new_card_never_replaces_another(tiny: Path) -> None:
    before = (tiny / "cards" / "bench" / "dense-loaf.yml").read_bytes()
    done = run("new_card.py", "--round", "bench", "--title", "Dense loaf", cwd=tiny.resolve().parent)
    assert done.returncode == 1
    assert "The id 'dense-loaf' is that of content/cards/bench/dense-loaf.yml: choose another title" in done.stderr
    assert (tiny / "cards" / "bench" / "dense-loaf.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--round", "bensh", "--title", "A long enough title"), "found 'bensh': did you mean 'bench'?"),
        (("--round", "bench", "--title", "Short"), "The title must have 8 to 60 characters, found 5"),
        (("--round", "bench"), "give it as a flag, nobody is there to be asked"),
    ],
)
def test_a_new_card_says_what_does_not_fit(arguments: tuple[str, ...], message: str, tiny: Path) -> None:
    done = run("new_card.py", *arguments, cwd=tiny.resolve().parent)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_titles_become_ids() -> None:
    assert slug("Late labels: drift?") == "late-labels-drift"
    assert slug("Caf\u00e9 \u00e0 la carte") == "cafe-a-la-carte"


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


def test_the_schemas_are_what_the_models_give() -> None:
    done = run("schemas.py", "--check", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_content_file_names_its_schema() -> None:
    for file in (ROOT / "content").rglob("*.yml"):
        first = file.read_text(encoding="utf-8").split("\n")[0]
        assert first.startswith("# yaml-language-server: $schema="), file
        assert (file.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve().is_file(), file


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
