"""Problems as people, GitHub and programs get them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import at_a_terminal, studyguide
from studyguide.authoring.report import WIDTH, about_files, as_json, github, people, wants_colour
from studyguide.problems import Problem

LEVEL = (
    "content/cards/bench/dense-loaf.yml:7:8: 'level' must be foundation, practitioner or senior, "
    "found the text 'easy': choose one of these (unknown-value)"
)


@pytest.fixture
def spoiled(tiny: Path) -> Path:
    """The small guide with one wrong level; the folder from which commands are run."""
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", "level: easy"))
    return tiny.resolve().parent


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return studyguide("check", *arguments, cwd=folder)


def problem(**changes: Any) -> Problem:
    return Problem(**{"path": "card.yml", "line": 1, "column": 1, "rule": "stub", "message": "words", **changes})


def test_people_see_the_line_and_a_caret_under_the_place(spoiled: Path) -> None:
    done = check(spoiled)
    assert done.returncode == 1
    assert done.stdout == f"{LEVEL}\n    7 | level: easy\n      |        ^\n\n1 problem in 1 file.\n"


def test_nothing_to_fix_is_said_with_what_was_read(tiny: Path) -> None:
    done = check(tiny.resolve().parent)
    assert (done.returncode, done.stdout) == (0, "3 cards, 2 rounds, 1 notebook: nothing to fix.\n")


def test_a_terminal_gets_colours_around_the_same_words(spoiled: Path) -> None:
    _, printed = at_a_terminal("check", cwd=spoiled)
    assert "\x1b[31m^\x1b[0m" in printed
    assert re.sub(r"\x1b\[\d+m", "", printed) == check(spoiled).stdout


def test_no_source_line_is_wrapped_by_a_terminal(spoiled: Path) -> None:
    card = spoiled / "content" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: easy", f"level: easy-{'x' * 200}"))
    for columns in (80, 200):
        _, printed = at_a_terminal("check", cwd=spoiled, NO_COLOR="1", COLUMNS=str(columns))
        line, caret = printed.split("\n")[1:3]
        assert len(line) <= min(columns, WIDTH + 10)
        assert line[caret.index("^") :].startswith("easy-xxx")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_reader_who_wants_no_colours_gets_none(environment: dict[str, str], spoiled: Path) -> None:
    assert at_a_terminal("check", cwd=spoiled, **environment) == (1, check(spoiled).stdout)


def test_an_empty_no_color_means_nothing() -> None:
    assert wants_colour({"NO_COLOR": "", "TERM": "xterm"}, terminal=True)
    assert not wants_colour({}, terminal=False)


def test_the_caret_stands_right_under_wide_and_combining_characters(tmp_path: Path) -> None:
    file = tmp_path / "card.yml"
    file.write_text("title: 日本e\u0301 x\n", encoding="utf-8")
    shown = people([problem(path=str(file), column=13)]).split("\n")
    assert shown[1].endswith("title: 日本e\u0301 x")
    # 7 for "title: ", 4 for two wide characters, 1 for e with its accent, 1 for the space
    assert shown[2] == "      | " + " " * 13 + "^"


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    file = tmp_path / "card.yml"
    file.write_text("a" * 500 + "HERE" + "b" * 500 + "\n", encoding="utf-8")
    line, caret = people([problem(path=str(file), column=501)]).split("\n")[1:3]
    assert len(line) == len("    1 | ") + WIDTH + 2
    assert line[caret.index("^") :].startswith("HERE")


def test_what_a_file_holds_cannot_steer_the_terminal_or_the_machine_that_checks(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", 'level: "easy\\n::add-mask::x"'))
    folder = tiny.resolve().parent
    shown = check(folder).stdout
    assert "found the text 'easy\\n::add-mask::x'" in shown
    commands = [line for line in check(folder, "--format", "github").stdout.splitlines() if "::" in line]
    assert len(commands) == 1
    assert commands[0].startswith("::error file=content/cards/bench/dense-loaf.yml,line=7,col=8,title=unknown-value::")
    assert "%0A::add-mask" in commands[0]


def test_an_escape_that_would_steer_a_terminal_is_shown_as_what_it_is(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", 'level: "\\e[2J"'))
    shown = check(tiny.resolve().parent).stdout
    assert "found U+001B (unnamed): delete it (invisible-character)" in shown
    assert "\x1b" not in shown


def test_raw_control_characters_in_a_line_are_shown_as_escapes(tmp_path: Path) -> None:
    file = tmp_path / "card.yml"
    file.write_text("title: \x1b[31mred\u202e\n", encoding="utf-8")
    assert people([problem(path=str(file), column=8)]).split("\n")[1] == "    1 | title: \\x1b[31mred\\u202e"


def test_github_escapes_what_its_commands_are_made_of() -> None:
    found = problem(path="a,b:c%.yml", line=2, column=3, message="100% of\nit", detail="more")
    assert github([found]) == "::error file=a%2Cb%3Ac%25.yml,line=2,col=3,title=stub::100%25 of%0Ait%0Amore\n"


def test_github_puts_each_problem_on_its_line(spoiled: Path) -> None:
    done = check(spoiled, "--format", "github")
    assert done.returncode == 1
    assert done.stdout == (
        "::error file=content/cards/bench/dense-loaf.yml,line=7,col=8,title=unknown-value::'level' must be foundation, "
        "practitioner or senior, found the text 'easy': choose one of these\n"
    )


def test_json_has_a_version_a_count_and_every_field(spoiled: Path) -> None:
    done = check(spoiled, "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "version": 1,
        "count": 1,
        "problems": [
            {
                "path": "content/cards/bench/dense-loaf.yml",
                "line": 7,
                "column": 8,
                "rule": "unknown-value",
                "message": "'level' must be foundation, practitioner or senior, found the text 'easy': "
                "choose one of these",
            }
        ],
    }
    assert json.loads(as_json([problem(detail="more")]))["problems"][0]["detail"] == "more"


def test_programs_get_a_whole_answer_when_there_is_nothing_to_fix(tiny: Path) -> None:
    folder = tiny.resolve().parent
    assert json.loads(check(folder, "--format", "json").stdout) == {"version": 1, "count": 0, "problems": []}
    assert check(folder, "--format", "github").stdout == ""


def test_named_files_are_checked_in_the_light_of_all_but_only_their_problems_fail(spoiled: Path) -> None:
    mine = check(spoiled, "content/cards/bench/oven-cools.yml")
    assert (mine.returncode, mine.stdout) == (0, "2 cards, 2 rounds, 1 notebook: nothing to fix in these files.\n")
    assert mine.stderr == "1 more problem in other files; without file names, all are listed.\n"
    card = "content/cards/bench/dense-loaf.yml"
    for name in (card, f"./{card}", str(spoiled / card)):
        theirs = check(spoiled, name)
        assert (theirs.returncode, theirs.stderr) == (1, "")
        assert theirs.stdout.startswith(f"{card}:7:8: ")


def test_a_problem_elsewhere_that_names_the_file_or_its_id_is_about_it() -> None:
    by_path = problem(path="b.yml", message="found 71% of its phrases in content/cards/x/a.yml: merge")
    by_id = problem(path="c.yml", message="must name a card that exists, found 'a': look up the name")
    neither = problem(path="d.yml", message="must be a thing that exists")
    assert about_files([by_path, by_id, neither], ["content/cards/x/a.yml"]) == ([by_path, by_id], [neither])


@pytest.mark.parametrize("arguments", [("--content", "no-such-folder"), ("--format", "xml"), ("--no-such-flag",)])
def test_wrong_usage_exits_2(arguments: tuple[str, ...], tiny: Path) -> None:
    done = check(tiny.resolve().parent, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: studyguide check")


HEAVY = {"nbclient", "mkdocs", "genanki", "weasyprint", "fontTools"}
LAZY = (
    f"import sys; from studyguide.cli.__main__ import main; main(['check']); print(sorted({HEAVY} & set(sys.modules)))"
)


def test_a_check_loads_none_of_the_heavy_libraries(tiny: Path) -> None:
    folder = tiny.resolve().parent
    done = subprocess.run([sys.executable, "-c", LAZY], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
