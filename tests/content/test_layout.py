"""`check --fix` mends what is mechanical and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.content.layout import WIDTH, fix, model_of
from studyguide.content.models import Card, Topic
from studyguide.content.yaml_source import parse

ROOT = Path(__file__).resolve().parents[2]


def fixed(text: str, model: type = Card) -> tuple[str, list[str]]:
    mended, done = fix(text.encode(), model)
    return mended.decode(), done


def test_keys_go_into_the_order_of_the_model_with_the_comments_above_them() -> None:
    before = """\
# yaml-language-server: $schema=card.schema.json
# about the file
round: bench  # where it stands
# the name
# on two lines
title: Dense loaf
strong_outline:
  # about the first move
  - detail: >
      Its words,
      on two lines.
    # what to do
    move: Cut it
  - move: Bake it
    detail: Words
weak_answer:
  # the harm
  misses: harm
  # the words
  says: words
# the end
"""
    after = """\
# yaml-language-server: $schema=card.schema.json
# about the file
# the name
# on two lines
title: Dense loaf
round: bench  # where it stands
weak_answer:
  # the words
  says: words
  # the harm
  misses: harm
strong_outline:
  # about the first move
    # what to do
  - move: Cut it
    detail: >
      Its words,
      on two lines.
  - move: Bake it
    detail: Words
# the end
"""
    assert fixed(before) == (after, ["order of keys"])


def test_entries_of_a_list_file_are_ordered_too_and_unknown_keys_come_last() -> None:
    before = "- zz: 1\n  title: Bread\n  id: bread\n\n- id: oven\n  title: Oven\n"
    after = "- id: bread\n  title: Bread\n  zz: 1\n\n- id: oven\n  title: Oven\n"
    assert fixed(before, Topic) == (after, ["order of keys"])


def test_a_folded_text_with_a_long_line_is_wrapped_and_its_paragraphs_stay() -> None:
    words = " ".join(["word"] * 60)
    text = f"prompt: >\n  {words}\n\n  Second.\n  Short line.\n"
    after, done = fixed(text)
    assert done == ["wrapping"]
    assert max(map(len, after.splitlines())) <= WIDTH
    assert parse(after.encode(), "")[0].data == parse(text.encode(), "")[0].data  # type: ignore[union-attr]
    assert after.endswith("\n\n  Second. Short line.\n")


@pytest.mark.parametrize(
    "text",
    [
        "prompt: >\n  Short lines\n  stay where\n  they are.\n",
        "prompt: |\n  " + "a literal text keeps its long lines " * 9 + "\n",
        "prompt: >\n  Text.\n\n    indented code\n  " + "and a long line " * 12 + "end.\n",
        "{title: a, round: b}  # one on a line\n",
        "workings:\n  - {result: 2 loaves, formula: 1 + 1, step: Sum}\n",
    ],
    ids=["short", "literal", "own lines", "flow", "flow in a list"],
)
def test_what_somebody_laid_out_stays(text: str) -> None:
    assert fixed(text) == (text, [])


def test_spaces_at_ends_of_lines_and_of_the_file_go_but_not_those_of_a_text() -> None:
    before = "title: Loaf   \r\nround: bench \nprompt: |\n  two spaces  \n  break a line\n\n\n"
    after = "title: Loaf\nround: bench\nprompt: |\n  two spaces  \n  break a line\n"
    assert fixed(before) == (after, ["white space"])


@pytest.mark.parametrize(
    "text", ["title: [\n", "title: a\ntitle: b\n", "title: &x a\nround: *x\n", "round: a\n\ttitle: b\n", "", "\udcff"]
)
def test_a_file_that_cannot_be_read_is_left_for_the_check_to_explain(text: str) -> None:
    raw = text.encode("utf-8", "surrogateescape")
    assert fix(raw, Card) == (raw, [])


def test_only_content_files_are_mended() -> None:
    kinds = {path: model_of(tuple(path.split("/"))) for path in ("cards/a/b.yml", "cards/b.yml", "x/a.yml", "x.yml")}
    assert kinds == {"cards/a/b.yml": Card, "cards/b.yml": None, "x/a.yml": None, "x.yml": None}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "check.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_command_mends_in_place_says_what_it_did_and_then_checks(tiny: Path) -> None:
    run(tiny.resolve().parent, "--fix")
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    good = card.read_text()
    lines = good.splitlines(keepends=True)
    card.write_text("".join([lines[1], lines[0], *lines[2:]]) + "\n\n")
    done = run(tiny.resolve().parent, "--fix")
    assert done.stderr == "content/cards/bench/dense-loaf.yml: mended white space, order of keys\n"
    assert (done.returncode, done.stdout) == (0, "3 cards, 2 rounds, 1 notebook: nothing to mend.\n")
    assert card.read_text() == good
    assert run(tiny.resolve().parent, "--fix").stderr == ""


def test_meaning_is_never_mended(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("minutes: 4", "minutes: '4'"))
    done = run(tiny.resolve().parent, "--fix")
    assert done.returncode == 1
    assert "'minutes' must be a whole number, found the text '4'" in done.stdout
    assert "minutes: '4'" in card.read_text()


def test_all_content_of_this_guide_is_as_the_command_leaves_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("notebooks"))
    changed = [
        file.name
        for file in (tmp_path / "content").rglob("*.yml")
        if (model := model_of(file.relative_to(tmp_path / "content").parts)) and fix(file.read_bytes(), model)[1]
    ]
    assert changed == []


# --- for any content at all ----------------------------------------------------------------------------------------
words = st.text(st.sampled_from("abc #:'\"-é>|[]{}"), min_size=1, max_size=12)
sentence = st.lists(words, min_size=1, max_size=40).map(" ".join)
comment = st.none() | st.text(st.sampled_from("abc :'\"-é"), max_size=12).map("§{}".format)
KEYS = ("title", "round", "level", "minutes", "prompt", "whats_being_tested", "reviewed", "other", "another")


@st.composite
def scalar(draw: st.DrawFn, indent: int) -> str:
    """A value as it stands after its key, in any style."""
    style = draw(st.sampled_from(["plain", "quoted", "folded", "literal", "number"]))
    text = draw(sentence)
    if style == "number":
        return f" {draw(st.integers(0, 99))}"
    if style in ("folded", "literal"):
        pieces = draw(
            st.lists(
                st.lists(st.sampled_from(["Word", "a", "of", "#no", "x: y", "-"]), min_size=1, max_size=60).map(
                    " ".join
                ),
                min_size=1,
                max_size=3,
            )
        )
        gap = draw(st.sampled_from(["\n", "\n\n"]))
        body = gap.join(pieces)
        lines = "\n".join(" " * indent + line if line else "" for line in body.split("\n"))
        return f" {'>' if style == 'folded' else '|'}{draw(st.sampled_from(['', '-', '+']))}\n{lines}"
    if style == "plain":
        return " word and word"
    return " " + yaml.dump(text, default_style='"', width=10_000, allow_unicode=True).strip()


@st.composite
def mapping(draw: st.DrawFn, names: tuple[str, ...], column: int, first: str) -> str:
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=len(names), unique=True))
    lines: list[str] = []
    for number, name in enumerate(chosen):
        prefix = first if number == 0 else " " * column
        if number and (above := draw(comment)) is not None:
            lines.append(" " * draw(st.sampled_from([0, column])) + f"#{above}")
        value = draw(scalar(column + 2))
        tail = draw(st.sampled_from(["", " ", "  # § beside"])) if "\n" not in value else ""
        lines.append(f"{prefix}{name}:{value}{tail}")
    return "\n".join(lines)


@st.composite
def document(draw: st.DrawFn) -> str:
    text = draw(mapping(KEYS, 0, ""))
    if draw(st.booleans()):
        text += "\nweak_answer:\n" + draw(mapping(("misses", "says", "odd"), 2, "  "))
    if draw(st.booleans()):
        moves = draw(st.lists(mapping(("detail", "move", "odd"), 4, "  - "), min_size=1, max_size=3))
        text = "strong_outline:\n" + "\n".join(moves) + "\n" + text
    return (
        draw(st.sampled_from(["", "# § head\n", "# § head\n\n"]))
        + text
        + draw(st.sampled_from(["", "\n", "\n\n", "\n# § tail\n"]))
    )


def comments(text: str) -> list[str]:
    """The comments of a document made above: each, and nothing else, holds a section sign."""
    return sorted(re.findall(r"#[^#\n]*§.*?(?=\s*$)", text, re.MULTILINE))


@settings(max_examples=150, deadline=None)
@given(document())
def test_data_and_comments_survive_and_a_second_time_changes_nothing(text: str) -> None:
    source, problems = parse(text.encode(), "")
    after, done = fixed(text)
    again, twice = fixed(after)
    assert (again, twice) == (after, [])
    if source is None or problems:
        assert done == []
        return
    mended = parse(after.encode(), "")[0]
    assert mended is not None
    assert mended.data == source.data
    assert comments(after) == comments(text)
