"""YAML text -> data with places."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.content.yaml_source import parse
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


def test_a_quote_that_nobody_closes_is_refused_where_it_opens() -> None:
    problem = refused('a: 1\ntitle: "Drainage\nround: bench\nlead: x\n')
    assert (problem.line, problem.column, problem.rule) == (2, 8, "syntax")


@pytest.mark.parametrize(
    ("text", "column", "command"),
    [
        (r"$\lambda$", 6, r"\lambda"),
        (r"$\beta$", 6, r"\beta"),
        (r"$\rho$", 6, r"\rho"),
        (r"where $\nabla f$ is", 12, r"\nabla"),
        (r"$\\alpha \neq 1$", 14, r"\neq"),
        (r"C:\users\data", 7, r"\users"),
    ],
)
def test_latex_between_double_quotes_is_refused_at_its_backslash(text: str, column: int, command: str) -> None:
    problem = refused(f'a: 1\nb: "{text}"\n')
    assert (problem.line, problem.column, problem.rule) == (2, column, "syntax")
    assert f"found '{command}': put the text between single quotes" in problem.message


@pytest.mark.parametrize("text", [r"\nabla", r"costs $5\nand $7", r"$\\nabla$", r"a\u00e9\n\nNew"])
def test_lines_that_end_between_double_quotes_are_welcome(text: str) -> None:
    assert parse(f'a: "{text}"\n'.encode(), "card.yml")[1] == []


@pytest.mark.parametrize("text", ["level:foundation\n", "level = foundation\n", "<<<<<<< HEAD\n", "\u2023 late\n"])
def test_a_line_without_a_colon_is_refused_where_it_stands_and_not_at_the_next(text: str) -> None:
    assert refused(f"a: 1\n{text}b: 2\n").line == 2


def test_a_carriage_return_alone_ends_no_line() -> None:
    problem = refused("title: Debugging in C # without\rround: x\n")
    assert (problem.line, problem.column, problem.rule) == (1, 32, "invisible-character")
    assert "found a carriage return alone" in problem.message


@pytest.mark.parametrize("text", ["> \n  a | b\n  --|--\n  1 | 2", ">\n  a\n\n  ***\n  b", ">\n  a\\\n  b", "a\\\n  b"])
def test_a_text_whose_lines_say_something_is_noted_where_they_are_joined(text: str) -> None:
    source, problems = parse(f"a: {text}\n".encode(), "card.yml")
    assert problems == []
    assert source is not None
    assert list(source.folded) == [("a",)]


def test_a_line_that_goes_on_between_double_quotes_ends_in_no_break() -> None:
    source, _ = parse(b'a: "one \\\n  two"\n', "card.yml")
    assert source is not None
    assert (source.data, source.folded) == ({"a": "one two"}, {})


@pytest.mark.parametrize(
    ("text", "line", "column", "key"),
    [
        ("title:The oven\nform: story\n", 1, 6, "title"),
        ("title: a\nlevel:senior\nform: story\n", 2, 6, "level"),
        ("signs:\n  - move:Say it\n    detail: x\n", 2, 9, "move"),
    ],
)
def test_a_key_that_runs_into_its_value_is_named_where_it_stands(text: str, line: int, column: int, key: str) -> None:
    (problem,) = parse(text.encode(), "card.yml")[1]
    assert (problem.line, problem.column) == (line, column)
    assert problem.message == f"must be valid YAML, found '{key}:' without a space behind it: put one there"
