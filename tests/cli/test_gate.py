"""Whatever a build or an export refuses, `check` refuses: random cards, good and broken, get the same verdict."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import TINY, copy_tiny_project, studyguide
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from studyguide.catalogue import load_catalogue
from studyguide.cli.engine import Engine
from studyguide.exports import pdf
from studyguide.exports.edition import load_guide
from studyguide.problems import ContentError

#: What some stage treats as its own, or cannot show.
PIECES = (
    "[sound:oven.mp3]", "&#91;latex]x[/latex]", "[$]", "[anki:play:x]", "\\[sound:x]", "[link](https://example.org/a?b=c)",
    "[mail](mailto:a@example.org)", "[here](#top)", "**bold** and *lean*", "`code`", "<b>", "&lt;script&gt;",
    "{{ card }}", "{% raw %}",
    "$5 and $7", "a | b", "crumb", "\U0001f950", "\u597d", "\u03b1 \u2260 \u2211", "&#x1f950;", "\u0301",
    "~~gone~~",
    "# no heading", "- a\n- b", "| a | b |\n| - | - |\n| 1 | 2 |", "> said", "```python\nprint(1)\n```",
    "```python\nfor\n```",
    "```\n[sound:x]\n```", "[[proofing:hours-at-25]]", "[[proofing:none]]", "]]>", "\u00a0", "\u200b",
)  # fmt: skip
PLACES = (
    ("title",), ("red_flags", 0), ("strong_outline", 0, "detail"), ("strong_outline", 1, "move"), ("takeaway",),
    ("whats_being_tested",), ("follow_ups", 0, "listen_for"), ("weak_answer", "misses"), ("sources", 0, "title"),
    ("evidence", 0, "shows"), ("workings", 0, "step"),
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=2).map(" ".join)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tiny_project(tmp_path_factory.mktemp("gate") / "project")


def refused_later(project: Path) -> str:
    """What a strict build with all exports, and the PDF of everything, say against the content; or nothing."""
    target = project / "new"
    problems = Engine(project, project / "other", target).problems()
    shutil.rmtree(target, ignore_errors=True)
    if problems:
        return problems
    try:
        next(pdf.pdf_files(load_guide(project, project / "other"))).make()
    except ContentError as error:
        return str(error)
    return ""


@pytest.mark.slow
@settings(max_examples=12, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, st.sampled_from(PLACES))
@example("[sound:oven.mp3]", ("takeaway",))
@example("\U0001f950", ("evidence", 0, "shows"))
@example("\U00018cd6", ("title",))
@example("```python\nfor\n```", ("strong_outline", 0, "detail"))
def test_what_check_takes_is_built_and_taken_away(project: Path, text: str, place: tuple[Any, ...]) -> None:
    card: Any = yaml.safe_load((TINY / "cards" / "bench" / "dense-loaf.yml").read_text(encoding="utf-8"))
    parent = card
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = f"{parent[place[-1]]}\n\n{text}" if "\n" in text else f"{parent[place[-1]]} {text}"
    file = project / "other" / "cards" / "bench" / "dense-loaf.yml"
    file.write_text(yaml.safe_dump(card, allow_unicode=True, sort_keys=False), encoding="utf-8")
    checked = [str(problem).partition(": ")[2] for problem in load_catalogue(project / "other")[1]]
    told = refused_later(project)
    assert bool(checked) == bool(told), (checked, told)
    assert [message for message in checked if message not in told] == [], told
    assert "Traceback" not in told


# --- names that are ignored ------------------------------------------------------------------------------------------


def test_a_hidden_file_or_an_editor_s_copy_is_ignored_by_all_and_said_once(project: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(TINY, content)
    names = ["#late.yml#", ".#late.yml", ".late.yml", ".late.yml.swp", "late.yml.orig", "late.yml~"]
    for name in names:
        (content / "cards" / "bench" / name).write_text("title: [", encoding="utf-8")
    done = studyguide("check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "3 cards, 2 rounds, 1 notebook: nothing to fix.\n")
    assert done.stderr.splitlines() == [
        f"content/cards/bench/{name} is ignored: its name is that of a hidden file or of an editor's copy."
        for name in names
    ]
    assert Engine(project, content, tmp_path / "new").problems() == ""


@pytest.mark.parametrize("name", ["late.YML", "late.yaml"])
def test_another_ending_is_named_with_the_right_one(name: str, tiny: Path) -> None:
    (tiny / "cards" / "bench" / name).touch()
    (problem,) = load_catalogue(tiny)[1]
    ending = name.removeprefix("late")
    assert problem.message == f"must end in '.yml' to be read, found '{ending}': name it 'late.yml'"
