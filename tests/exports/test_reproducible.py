"""The same commit gives the same bytes: wherever it lies, whatever the locale, the time zone and the hash seed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from conftest import COMMAND, copy_tiny_project, differing, digests
from studyguide.cli.engine import environment

pytestmark = pytest.mark.slow

ODD = {
    "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242",
    "COLUMNS": "41", "HOME": "/nonexistent", "USER": "somebody",
}  # fmt: skip
PLAIN = {"LC_ALL": "C", "LANG": "C", "TZ": "America/New_York", "PYTHONHASHSEED": "0"}


def build(project: Path, variables: dict[str, str]) -> dict[str, str]:
    """Build without anything cached, notebooks included, make all there is to take away but PDFs, and say what came
    out.
    """
    ours = {**os.environ, **variables, "STUDYGUIDE_CONTENT": "other", "SOURCE_DATE_EPOCH": "1790000000"}
    ours |= {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(project / "hooks"), "MPLCONFIGDIR": str(project / ".mpl")}
    for words in (["build"], ["downloads", "zip", "anki", "data", "feed"]):
        done = subprocess.run([*COMMAND, *words], cwd=project, env=ours, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return digests(project / "site") | {f"dist/{name}": digest for name, digest in digests(project / "dist").items()}


def test_two_places_locales_time_zones_and_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    no_runs = tmp_path / "nothing"
    one = build(copy_tiny_project(tmp_path / "one", runs=no_runs), PLAIN)
    (tmp_path / "a longer path, with spaces and an \u00e9").mkdir()
    place = tmp_path / "a longer path, with spaces and an \u00e9" / "project"
    other = build(copy_tiny_project(place, runs=no_runs), ODD)
    assert differing(one, other) == []
    assert len(one) > 50
    taken_away = ("downloads/strong-loaf.zip", "downloads/strong-loaf.apkg", "data/cards.json", "feed.xml")
    assert {"sitemap.xml.gz", *(f"dist/{name}" for name in taken_away)} <= one.keys()


def test_no_file_of_the_site_names_the_place_where_it_was_built(built_tiny: Path) -> None:
    here = str(built_tiny).encode()
    named = [file for file in (built_tiny / "site").rglob("*") if file.is_file() and here in file.read_bytes()]
    assert named == []


def test_the_clock_of_a_build_is_that_of_its_commit(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert "SOURCE_DATE_EPOCH" not in environment(tmp_path), "no repository, no commit"
    ours = {**os.environ, "GIT_COMMITTER_DATE": "1700000000 +0000", "GIT_AUTHOR_DATE": "1600000000 +0000"}
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], check=True, env=ours)
    assert environment(tmp_path)["SOURCE_DATE_EPOCH"] == "1700000000"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert environment(tmp_path)["SOURCE_DATE_EPOCH"] == "5"
