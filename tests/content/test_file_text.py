"""What a content file may be made of, before anybody reads it as YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from studyguide.content.yaml_source import MAX_BYTES, parse, read_source


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
