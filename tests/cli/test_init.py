"""From an empty folder to a guide of one's own: by the checkout, and by a package that was installed elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, copy_project, studyguide, studyguide_here


def test_a_new_guide_has_nothing_to_fix_and_says_what_was_asked(tmp_path: Path) -> None:
    done = studyguide("init", "ours", "--name", "راهنمای مصاحبه", "--lang", "fa", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Wrote a guide into ours. Show it: studyguide serve --content ours\n"
    site = yaml.safe_load((tmp_path / "ours" / "site.yml").read_text(encoding="utf-8"))
    assert {key: site[key] for key in ("title", "lang", "dir")} == {
        "title": "راهنمای مصاحبه", "lang": "fa", "dir": "rtl",
    }  # fmt: skip
    done = studyguide("check", "--content", "ours", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 cards, 1 round, 1 notebook: nothing to fix.\n")


def test_a_name_of_two_chinese_characters_is_long_enough(tmp_path: Path) -> None:
    done = studyguide_here("init", "ours", "--name", "题库", "--lang", "zh", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("folder", "title"), [("नर्सिंग-गाइड", "नर्सिंग गाइड"), ("our_ICU.guide", "Our ICU guide")])
def test_a_name_made_from_the_folder_keeps_its_marks_and_capitals(folder: str, title: str, tmp_path: Path) -> None:
    assert studyguide_here("init", folder, cwd=tmp_path).returncode == 0
    assert yaml.safe_load((tmp_path / folder / "site.yml").read_text(encoding="utf-8"))["title"] == title


def test_the_command_to_show_it_can_be_pasted(tmp_path: Path) -> None:
    done = studyguide_here("init", "our guide", cwd=tmp_path)
    assert done.stdout == "Wrote a guide into our guide. Show it: studyguide serve --content 'our guide'\n"


def test_a_guide_begins_in_the_empty_repository_that_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = studyguide_here("init", ".", "--name", "Our guide", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(file.name for file in tmp_path.glob(".*")) == [".git", ".gitignore", ".schemas"]
    done = studyguide_here("check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 cards, 1 round, 1 notebook: nothing to fix.\n")


def test_two_guides_of_one_name_have_an_id_each(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        assert studyguide_here("init", name, "--name", "Our guide", cwd=tmp_path).returncode == 0
        ids.add(yaml.safe_load((tmp_path / name / "site.yml").read_text(encoding="utf-8"))["id"])
    assert len(ids) == 2
    assert all(id_.startswith("our-guide-") for id_ in ids)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ["--id", "Our Guide"],
            "The id must be 2 to 60 lower-case Latin letters, digits and hyphens, found 'Our Guide'",
        ),
        (["--lang", "persian"], "The language must be a tag such as en, pt-BR or zh-Hant, found 'persian'"),
        (["--dir", "left"], "The direction must be ltr or rtl, found 'left'"),
        (
            ["--name", "<b>x</b> & co"],
            "The guide would have a problem: 'title' must be Markdown without HTML, found <b>: write code in backticks",
        ),
        (["--name", "Rocket 🚀 guide"], "The guide would have a problem:"),
        (["--name", "TODO list"], "The guide would have a problem: must be finished text, found 'todo': write it"),
        (
            ["--id", "aux"],
            "The guide would have a problem: the name must be one that every system can hold, found 'aux'",
        ),
        (["--name", "A"], "The name must have 3 to 60 visible characters, found 'A'"),
    ],
)
def test_a_flag_that_cannot_be_is_refused_and_nothing_written(flags: list[str], message: str, tmp_path: Path) -> None:
    done = studyguide_here("init", "ours", *flags, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert done.stderr.endswith(". Nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "mine.txt").write_text("mine")
    done = studyguide_here("init", "ours", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "ours must be a new or an empty folder, and is neither: name another. Nothing was written.\n"
    assert [file.name for file in (tmp_path / "ours").iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_an_installed_package_makes_and_builds_a_guide_far_from_the_checkout(tmp_path: Path) -> None:
    source, place = copy_project(tmp_path / "source"), tmp_path / "place"
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, source / name)
    command = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([sys.executable, *command, "--target", place, source], check=True)
    shutil.rmtree(source)
    # The packages that it needs are those of the tests; its own files are found where it was installed.
    variables = {**os.environ, "PYTHONPATH": str(place)}
    variables.pop("STUDYGUIDE_CONTENT", None)

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "studyguide.cli", *arguments]
        return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)

    home = tmp_path / "home"
    home.mkdir()
    assert run("init", "ours", "--name", "Our plants", cwd=home).returncode == 0
    done = run("build", "--content", "ours", cwd=home)
    assert done.returncode == 0, done.stderr
    page = (home / "ours" / "site" / "cards" / "drooping-over-wet-soil.html").read_text(encoding="utf-8")
    assert "Drooping leaves over wet soil - Our plants" in page
    assert "Strong Answer" not in page
    assert "/edit/" not in page
    assert (home / "ours" / "site" / "assets" / "style.css").is_file()
    assert sorted(file.name for file in home.iterdir()) == ["ours"]
    done = run("check", cwd=home / "ours")
    assert (done.returncode, done.stdout) == (0, "2 cards, 1 round, 1 notebook: nothing to fix.\n")
    assert run("build", cwd=home / "ours").returncode == 0, "what was built before is not in the way"
