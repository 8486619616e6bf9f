"""The structure that ARCHITECTURE.md promises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hooks" / "studyguide"
#: Stages from first to last; a module imports only from those before it.
STAGES = [
    "problems", "whole", "parts", "report", "cache", "source", "models", "shape", "script", "content", "schemas", "fix",
    "writer", "text", "arithmetic", "checks", "catalogue", "wanted", "writing", "notebooks", "outputs", "copies",
    "lean", "terms", "traces", "render", "practice", "pages", "changes", "policy", "references", "shell", "searching",
    "live", "site",
]  # fmt: skip
ALONE = {"__init__", "kernel"}
#: Exports branch off after the pages. They know one another in this order, and nothing of the site.
EXPORTS = ["edition", "files", "anki", "data", "markdown", "feed", "offline", "pdf", "shelf"]


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def test_every_module_is_a_stage() -> None:
    assert {file.stem for file in PACKAGE.glob("*.py")} == set(STAGES) | ALONE


@pytest.mark.parametrize("stage", STAGES)
def test_imports_run_only_towards_the_first_stage(stage: str) -> None:
    ours = {name.split(".")[1] for name in imports(PACKAGE / f"{stage}.py") if name.startswith("studyguide.")}
    assert ours & set(STAGES) <= set(STAGES[: STAGES.index(stage)])


def test_every_export_has_its_place() -> None:
    assert {file.stem for file in (PACKAGE / "exports").glob("*.py")} == {*EXPORTS, "__init__"}


@pytest.mark.parametrize("export", EXPORTS)
def test_exports_know_the_stages_before_the_site_and_one_another_in_order(export: str) -> None:
    known = [
        name.split(".")[1:] for name in imports(PACKAGE / "exports" / f"{export}.py") if name.startswith("studyguide.")
    ]
    stages = {name[0] for name in known} & set(STAGES)
    assert stages <= set(STAGES[: STAGES.index("site")])
    others = {name[1] for name in known if name[0] == "exports" and len(name) > 1}
    assert others <= set(EXPORTS[: EXPORTS.index(export)])


def test_only_the_site_knows_the_exports() -> None:
    knowing = {
        file.stem
        for file in PACKAGE.glob("*.py")
        if any(name.startswith("studyguide.exports") for name in imports(file))
    }
    assert knowing == {"site"}


def test_only_the_site_knows_mkdocs() -> None:
    knowing = {file.stem for file in PACKAGE.rglob("*.py") if any(name.startswith("mkdocs.") for name in imports(file))}
    assert knowing == {"site"}


def test_the_hook_only_delegates() -> None:
    tree = ast.parse((ROOT / "hooks" / "main.py").read_text(encoding="utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        assert function.name.startswith("on_")
        assert len(function.body) <= 3
        assert not [node for node in ast.walk(function) if isinstance(node, ast.If | ast.For | ast.While | ast.Try)]


def test_nobody_touches_the_import_path() -> None:
    code = [*PACKAGE.rglob("*.py"), ROOT / "hooks" / "main.py", *(ROOT / "scripts").glob("*.py")]
    assert [file.name for file in code if "sys.path" in file.read_text(encoding="utf-8")] == []


def test_no_module_keeps_state_between_builds() -> None:
    for file in PACKAGE.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)], file
