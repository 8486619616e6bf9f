"""The guide as plain pages: what an engine without hooks makes of them says the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from conftest import TINY, copy_project


def words(file: Path) -> str:
    article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select_one("article.md-content__inner")
    assert article is not None, file
    for extra in article.select(".headerlink, .md-content__button"):
        extra.decompose()
    return " ".join(article.get_text(" ").split())


def test_an_engine_without_hooks_makes_the_same_pages_of_the_staged_guide(tmp_path: Path, built_tiny: Path) -> None:
    project = copy_project(tmp_path / "project")
    shutil.copytree(TINY, project / "other")
    with (project / "docs" / "contributing.md").open("a", encoding="utf-8") as guide:
        guide.write("\nSee also [how long a dough needs](notebooks/proofing.ipynb#evidence-time-by-warmth)\n")
    ours = {**os.environ, "STUDYGUIDE_CONTENT": "other", "NO_MKDOCS_2_WARNING": "1"}
    staged = subprocess.run(
        [sys.executable, "scripts/stage.py", "staged"],
        cwd=project,
        env=ours,
        capture_output=True,
        text=True,
        check=False,
    )
    assert staged.returncode == 0, staged.stderr
    assert staged.stdout.startswith("29 generated pages in ")
    config = yaml.safe_load((project / "staged" / "mkdocs.yml").read_text(encoding="utf-8"))
    assert "hooks" not in config
    assert "plugins" not in config
    guide = (project / "staged" / "docs" / "contributing.md").read_text(encoding="utf-8")
    assert "](notebooks/proofing.md#evidence-time-by-warmth)" in guide
    # MkDocs itself, without hooks, stands in for the other engine: the weekly run uses Zensical.
    (project / "hooks").rename(project / "away")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", "staged/mkdocs.yml", "-d", "site"],
        cwd=project, env=ours, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = {file.relative_to(built_tiny / "site") for file in (built_tiny / "site").rglob("*.html")} - {
        Path("404.html")
    }
    assert {
        file.relative_to(project / "staged" / "site") for file in (project / "staged" / "site").rglob("*.html")
    } == {
        *pages,
        Path("404.html"),
    }
    card = BeautifulSoup((project / "staged" / "site" / "cards" / "oven-cools.html").read_text("utf-8"), "html.parser")
    drawings = [str(drawing["src"]) for drawing in card.select("img.nb-drawing")]
    assert len(drawings) == 1
    assert (project / "staged" / "site" / "cards" / drawings[0]).is_file()
    for page in sorted(pages):
        added = " See also how long a dough needs" if page.name == "contributing.html" else ""
        assert words(project / "staged" / "site" / page) == words(built_tiny / "site" / page) + added, page


def test_staging_never_writes_over_anything(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[2] / "scripts" / "stage.py"), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "the folder must not exist yet" in done.stderr
    assert list(tmp_path.iterdir()) == []
