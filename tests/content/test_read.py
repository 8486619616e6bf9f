"""What is read of a content folder, what is not, and what is said of the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from studyguide.cache import Cache
from studyguide.catalogue import load_catalogue
from studyguide.content.read import ignored_files, read_content


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("cards/.drafts/late.yml", ["content/cards/.drafts"]),
        ("cards/bench~/late.yml", ["content/cards/bench~"]),
        ("cards/bench.bak/deep/late.yml", ["content/cards/bench.bak"]),
        ("cards~/bench/late.yml", ["content/cards~"]),
        ("notebooks/.ipynb_checkpoints/proofing-checkpoint.py", ["content/notebooks/.ipynb_checkpoints"]),
        (".late.yml", ["content/.late.yml"]),
        (".venv/lib/late.py", []),
        ("cards/.drafts/late.txt", []),
    ],
)
def test_what_looks_like_content_in_a_folder_that_is_ignored_is_said(file: str, said: list[str], tiny: Path) -> None:
    for name in (file, file.replace("late", "later")):
        (tiny / name).parent.mkdir(parents=True, exist_ok=True)
        (tiny / name).touch()
    assert sorted({name.replace("later", "late") for name in ignored_files(tiny)}) == said
    assert ignored_files(tiny.resolve()) == ignored_files(tiny)


@pytest.mark.parametrize("name", ["cards/bench/pipe.yml", "notebooks/pipe.py", "site.yml"])
def test_a_pipe_is_a_problem_and_not_waited_for(name: str, tiny: Path) -> None:
    (tiny / name).unlink(missing_ok=True)
    os.mkfifo(tiny / name)
    for cache in (None, Cache(None)):
        (problem,) = read_content(tiny, cache)[1]
        assert str(problem) == (
            f"content/{name}:1:1: must be a file, is a pipe, a socket or a device: delete it (unreadable)"
        )


@pytest.mark.parametrize("text", ["&dense and pale", "!dense and pale", "*dense"])
def test_a_text_that_begins_with_a_sign_of_yaml_is_to_be_quoted(text: str, tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    title = next(line for line in card.read_text().splitlines() if line.startswith("title:"))
    card.write_text(card.read_text().replace(title, f"title: {text}"))
    assert read_content(tiny)[1][0].message.endswith(", or quote the text")


def test_a_name_that_is_no_text_is_written_out(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.rename(card.with_name(os.fsdecode(b"\xff.yml")))
    problems = load_catalogue(tiny, Cache(tiny.parent / "cache.sqlite"))[1]
    assert ("content/cards/bench/\\udcff.yml", "bad-id") in {(problem.path, problem.rule) for problem in problems}


def test_a_guide_whose_language_changes_has_its_cards_checked_again(tiny: Path) -> None:
    site, card = tiny / "site.yml", tiny / "cards" / "bench" / "dense-loaf.yml"
    english = site.read_text()
    site.write_text(f"{english}lang: hi\n")
    card.write_text(card.read_text().replace("whats_being_tested: ", "whats_being_tested: A half- baked one. "))
    with Cache(tiny.parent / "cache.sqlite") as cache:
        assert load_catalogue(tiny, cache)[1] == []
        site.write_text(english)
        assert [problem.rule for problem in load_catalogue(tiny, cache)[1]] == ["torn-word"]


def test_a_folder_that_is_none_of_a_guide_is_one_problem_however_much_it_holds(tiny: Path) -> None:
    for number in range(1200):
        (tiny / f"src/part-{number // 100}").mkdir(parents=True, exist_ok=True)
        (tiny / f"src/part-{number // 100}/module-{number}.py").touch()
    assert list(map(str, read_content(tiny)[1])) == [
        "content/src:1:1: must be a folder the guide knows (cards, rounds, checklists, plans, worksheets, roles, "
        "collections, notebooks), found another, with 1,200 files: move or delete it, or name another folder of "
        "content (unexpected-file)"
    ]


def test_a_notebook_has_changed_where_a_cell_has(tiny: Path) -> None:
    script = tiny / "notebooks" / "proofing.py"
    before = {item.id: item.digest for item in load_catalogue(tiny)[0].notebooks}
    script.write_text(f"{script.read_text()}\n# %%\n1 + 1\n")
    after = {item.id: item.digest for item in load_catalogue(tiny)[0].notebooks}
    assert {name for name in before if before[name] != after[name]} == {"proofing"}
