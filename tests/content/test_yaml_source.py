"""YAML text -> data with places."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.content.yaml_source import MAX_BYTES, parse, read_source
from studyguide.problems import Problem


def test_data_is_plain_and_every_key_and_value_has_its_place() -> None:
    source, problems = parse(b"title: A loaf\nmoves:\n  - {move: Cut it, minutes: 4}\nday: 2026-11-01\n", "a.yml")
    assert problems == []
    assert source is not None
    assert source.data == {
        "title": "A loaf",
        "moves": ({"move": "Cut it", "minutes": 4},),
        "day": datetime.date(2026, 11, 1),
    }
    assert source.place(("moves", 0, "minutes")) == (3, 29)
    assert source.place(("moves", 0, "minutes"), key=True) == (3, 20)
    assert source.place(("moves", 0, "no-such-key")) == (3, 5), "the nearest parent that exists"


def test_an_unreadable_file_is_a_problem_and_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.yml"
    file.touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    source, problems = read_source(file, "a.yml")
    assert source is None
    assert [str(problem) for problem in problems] == [
        "a.yml:1:1: must be readable, but: Permission denied: fix its permissions (unreadable)"
    ]


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"a: b\n" + b"#" * (MAX_BYTES - 5))
    assert read_source(file, "a.yml")[1] == []
    file.write_bytes(b"a: b\n" + b"#" * (MAX_BYTES - 4))
    assert [problem.rule for problem in read_source(file, "a.yml")[1]] == ["too-large"]


@pytest.mark.parametrize("text", ["caf\u00e9: na\u00efve", "a: \U0001f35e", "a: \u4e2d\u6587", "a: x\r\nb: y\r\n"])
def test_visible_text_of_any_language_is_welcome(text: str) -> None:
    assert parse(text.encode(), "a.yml")[1] == []


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u2066", "\ufeff", "\x07", "\x85", "\u2028"])
def test_characters_that_are_there_but_not_seen_are_refused(char: str) -> None:
    rules = {problem.rule for problem in parse(f"a: b{char}c\n".encode(), "a.yml")[1]}
    assert rules == {"invisible-character"}


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_no_bytes_whatever_raise(raw: bytes) -> None:
    source, problems = parse(raw, "a.yml")
    assert (source is None) == bool(problems)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\n ", max_size=120))
def test_text_made_of_yaml_signs_never_raises(text: str) -> None:
    source, problems = parse(text.encode(), "a.yml")
    assert (source is None) == bool(problems)


def refused(text: str) -> Problem:
    _, problems = parse(text.encode(), "card.yml")
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        (
            "title: \u201cLate labels: again\u201d\nround: bench\n",
            1,
            8,
            "U+201C, left double quotation mark): write",
        ),
        ("title: \u2018Late: again\u2019\n", 1, 8, "U+2018"),
        ("title\uff1a Late\nround: bench\n", 1, 6, "U+FF1A, fullwidth colon): write a colon (:) and"),
        ("title:\u00a0Late\nround: bench\n", 1, 7, "U+00A0, no-break space): replace it with a plain space"),
        ("roles:\n\u3000\u3000- baker: x\n  - y\n", 2, 1, "U+3000, ideographic space"),
        ("a:\n  - b: 1\n\u00a0\u00a0  c: 2\n", 3, 1, "U+00A0"),
        ("roles:\n- baker\n\u2013 counter\nx: y\n", 3, 1, "U+2013, en dash): write a hyphen (-)"),
        ("roles: \uff3bbaker, counter]: x\n", 1, 8, "U+FF3B"),
        ("a:\n  - b: c\n    d:\u00a0e\n", 3, 7, "U+00A0"),
        ("roles: [baker\uff0c counter: x: y]\n", 1, 14, "U+FF0C, fullwidth comma): write a comma (,)"),
        ("\ufefftitle: x\n", 1, 1, "a byte-order mark (U+FEFF): save the file as UTF-8 without one"),
    ],
)
def test_a_character_that_only_looks_like_one_of_yaml_s_is_named_where_it_stands(
    text: str, line: int, column: int, found: str
) -> None:
    problem = refused(text)
    assert (problem.line, problem.column) == (line, column), problem
    assert found in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "title: \u201cquoted\u201d words\n",
        "title: |\n  \u6a21\u578b\uff1a\u8fc7\u62df\u5408\u3000\u4e0e\u6b20\u62df\u5408\n",
        "title: 5\u00a0kg \u2013 of flour\n",
        "title: C# and F#,#7\n",
        "# a comment\ntitle: x\nminutes: 4 # or five\nroles: [a, b] # two\n",
        'title: "a # b" # quoted\n',
        "a: {b: 1, c: \"x, y\", d: ''}\n",
    ],
)
def test_such_characters_and_comments_are_welcome_where_they_change_nothing(text: str) -> None:
    source, problems = parse(text.encode(), "card.yml")
    assert problems == []
    assert source is not None
    assert source.folded == {}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("title: Debugging in C # without\n", 1, 23),
        ("a:\n  - reads\n    the ticket #7\n", 3, 16),
        ("a:\n  - reads ticket # 7\n  - b\n", 2, 18),
        ("a:\n  b: # nothing but this\n  c: d\n", 2, 6),
        ("a: [x, y # z\n  ]\n", 1, 10),
    ],
)
def test_a_text_that_a_comment_cuts_is_refused_at_the_comment(text: str, line: int, column: int) -> None:
    _, problems = parse(text.encode(), "card.yml")
    found = [(problem.line, problem.column) for problem in problems if problem.rule == "comment"]
    assert found == [(line, column)]


def test_a_comma_in_a_text_between_braces_is_refused_where_the_rest_stands() -> None:
    problem = refused("workings:\n  - {step: Loaves, in half a batch, formula: 40 / 2}\n")
    assert (problem.line, problem.column, problem.rule) == (2, 20, "syntax")
    assert "ends at a comma, and 'in half a batch' after it has no value: put the text in quotes" in problem.message
