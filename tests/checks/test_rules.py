"""Every rule has a fixture that breaks it and states the exact messages: tests/bad/<rule>.yml."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from studyguide.catalogue import load_catalogue
from studyguide.checks import rules
from studyguide.problems import RULES

BAD = sorted(Path(__file__).parent.with_name("bad").glob("*.yml"))
#: Rules that only a run can break (tests/notebooks/test_run_problems.py).
#: `unreadable` needs a file that even its owner may not read (tests/content/test_file_text.py); `wrong-value` is for
#: kinds of error that the models cannot raise today.
ELSEWHERE = {rule for rule in RULES if rule.startswith("notebook-")} | {"no-alt", "unreadable", "wrong-value"}


def spoil(content: Path, change: dict[str, Any]) -> None:
    """Apply one change of a fixture to the copy of the small guide."""
    file = content / change["file"]
    if "find" in change:
        text = file.read_text(encoding="utf-8")
        assert text.count(change["find"].rstrip("\n")) == 1, f"{change['find']!r} must stand once in {file}"
        file.write_text(text.replace(change["find"].rstrip("\n"), change["put"].rstrip("\n")), encoding="utf-8")
    elif "write" in change:
        file.write_text(change["write"], encoding="utf-8")
    elif "hex" in change:
        file.write_bytes(bytes.fromhex(change["hex"]))
    elif "repeat" in change:
        file.write_text(change["repeat"] * change["times"], encoding="utf-8")
    elif "copy" in change:
        shutil.copy2(content / change["copy"], file)
    elif "link" in change:
        file.symlink_to(change["link"])
    else:
        assert change.get("delete") is True
        file.unlink()


def test_the_small_guide_has_no_problem(tiny: Path) -> None:
    assert load_catalogue(tiny)[1] == []


@pytest.mark.parametrize("fixture", BAD, ids=lambda path: path.stem)
def test_a_broken_rule_gives_exactly_the_messages_its_fixture_states(fixture: Path, tiny: Path, renew: bool) -> None:
    case = yaml.safe_load(fixture.read_text(encoding="utf-8"))
    for change in case["changes"]:
        spoil(tiny, change)
    _, problems = load_catalogue(tiny)
    found = [str(problem) for problem in problems]
    if renew:
        fixture.write_text(yaml.dump({**case, "expect": found}, sort_keys=False, width=1000), encoding="utf-8")
    assert found == case["expect"]


def test_every_rule_has_a_fixture_and_every_problem_a_known_rule() -> None:
    stated = {rule for path in BAD for line in yaml.safe_load(path.read_text())["expect"] for rule in [_rule(line)]}
    assert stated == set(RULES) - ELSEWHERE


def _rule(line: str) -> str:
    return line.rsplit("(", 1)[1].rstrip(")")


def test_all_problems_of_all_files_come_in_one_sorted_run(tiny: Path) -> None:
    names = ("tab", "bad-url", "weights", "duplicate-order")
    expected: list[str] = []
    for name in names:
        case = yaml.safe_load((Path(__file__).parent.with_name("bad") / f"{name}.yml").read_text(encoding="utf-8"))
        if name == "tab":  # in another file, so that it does not hide the rest
            case["changes"] = [{**case["changes"][0], "file": "cards/counter/angry-customer.yml"}]
        for change in case["changes"]:
            spoil(tiny, change)
        expected += [_rule(line) for line in case["expect"]]
    _, problems = load_catalogue(tiny)
    assert sorted(problem.rule for problem in problems) == sorted(expected)
    assert problems == sorted(problems)


def test_a_link_to_a_card_that_is_itself_broken_is_not_a_second_problem(tiny: Path) -> None:
    spoil(
        tiny,
        {"file": "cards/counter/angry-customer.yml", "find": "level: practitioner", "put": "level: [practitioner]"},
    )
    _, problems = load_catalogue(tiny)
    assert [problem.rule for problem in problems] == ["unknown-value"]


@pytest.mark.parametrize("check", rules.CHECKS, ids=lambda check: check.__name__)
def test_every_check_documents_itself_with_a_bad_and_a_good_example(check: rules.Check) -> None:
    doc = check.__doc__ or ""
    assert "Bad: " in doc
    assert "Good: " in doc
