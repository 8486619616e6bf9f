"""Characters that only look like those of YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from studyguide.catalogue import load_catalogue
from studyguide.content.yaml_source import parse
from test_yaml_source import refused


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
        (
            'a: 1\ntitle: "Drainage\u201d\nround: bench\nlead: x\nx: y\nz: 1\n',
            2,
            17,
            "U+201D, right double quotation mark)",
        ),
        ("red_flags:\n  - a\n  \u25e6 Blames the flour\nx: y\n", 3, 3, "U+25E6, white bullet): write a hyphen (-)"),
        ("title: \u2033The loaf: a\u2033\n", 1, 8, "U+2033, double prime): write straight"),
        ("title: \u300cThe loaf: a\u300d\n", 1, 8, "U+300C, left corner bracket): write straight"),
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
    ("find", "put", "found"),
    [
        (
            "level: foundation",
            "level: found\u0430tion",
            "'found\u0430tion' with '\u0430' (U+0430, cyrillic small letter a)",
        ),
        ("round: bench", "round: b\u0435nch", "'b\u0435nch' with '\u0435' (U+0435, cyrillic small letter ie)"),
        ("terms: [crumb", "terms: [\u0441rumb", "'\u0441rumb' with '\u0441' (U+0441, cyrillic small letter es)"),
        (
            "related: [angry-",
            "related: [angry\u2011",
            "'angry\u2011customer' with '\u2011' (U+2011, non-breaking hyphen)",
        ),
        ("2026-11-01", "2026\u201311\u201301", "'2026\u201311\u201301' with '\u2013' (U+2013, en dash)"),
        (
            "title:",
            "t\u0456tle:",
            "'t\u0456tle' with '\u0456' (U+0456, cyrillic small letter byelorussian-ukrainian i)",
        ),
    ],
)
def test_a_character_that_only_looks_like_the_right_one_is_named(find: str, put: str, found: str, tiny: Path) -> None:
    file = tiny / "cards" / "bench" / "dense-loaf.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(find, put, 1), encoding="utf-8")
    assert [problem.message for problem in load_catalogue(tiny)[1] if found in problem.message]
