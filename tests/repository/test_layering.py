"""The structure that ARCHITECTURE.md promises."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hooks" / "studyguide"


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
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)], file
