"""What is broken is said once, where it is broken, and not wherever it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from studyguide.catalogue import load_catalogue

CRUMB = "definition: The inside of a loaf; close when the dough was young, torn when it was old."


@pytest.mark.parametrize(
    ("file", "find", "put", "rule"),
    [
        ("glossary.yml", CRUMB, "definition: Inside.", "too-short"),
        ("glossary.yml", CRUMB, "definition: The inside of a loaf #7; close when it was young.", "comment"),
        ("glossary.yml", "term: crumb", 'term: "crumb', "syntax"),
        ("glossary.yml", "- id: crumb", "- idd: crumb", "missing-key unknown-key"),
        ("topics.yml", "- id: fermentation", "\ufeff- id: fermentation", "invisible-character"),
        ("topics.yml", "- id: ", "id: ", "syntax"),
    ],
)
def test_a_broken_list_is_one_problem_and_not_one_of_each_card(
    file: str, find: str, put: str, rule: str, tiny: Path
) -> None:
    site = (tiny / "site.yml").read_text(encoding="utf-8")
    (tiny / "site.yml").write_text(site.replace("page: rounds/index.html", "page: glossary.html#crumb"), "utf-8")
    text = (tiny / file).read_text(encoding="utf-8")
    (tiny / file).write_text(text.replace(find, put, 1), encoding="utf-8")
    problems = load_catalogue(tiny)[1]
    assert {problem.path for problem in problems if "crumb" not in problem.message} <= {f"content/{file}"}
    assert [problem.rule for problem in problems if problem.path == f"content/{file}"] == rule.split()


@pytest.mark.parametrize("file", ["glossary.yml", "topics.yml", "rounds/bench.yml", "cards/bench/oven-cools.yml"])
def test_a_file_with_another_ending_is_one_problem(file: str, tiny: Path) -> None:
    (tiny / file).rename((tiny / file).with_suffix(".yaml"))
    assert [problem.rule for problem in load_catalogue(tiny)[1]] == ["unexpected-file"]


def test_a_way_leads_to_a_page_and_not_to_a_folder(tiny: Path) -> None:
    site = (tiny / "site.yml").read_text(encoding="utf-8")
    (tiny / "site.yml").write_text(site.replace("page: rounds/index.html", "page: rounds/"), "utf-8")
    (problem,) = load_catalogue(tiny)[1]
    assert problem.message == "'page' must lead to a page, found the folder 'rounds/': write 'rounds/index.html'"
