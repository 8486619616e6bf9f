"""The structure that ARCHITECTURE.md promises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hooks" / "studyguide"
#: Rooms from first to last; a module imports only from its own room and from those before it.
ROOMS = [
    "problems", "files", "parallel", "cache", "content", "text", "checks", "catalogue", "notebooks", "traces", "pages",
    "exports", "site", "authoring", "cli",
]  # fmt: skip


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_every_room_has_its_place() -> None:
    rooms = {
        path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.name not in {"templates", "__pycache__"}
    }
    assert rooms == {*ROOMS, "__init__"}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_only_towards_the_first_room(room: str) -> None:
    files = [*(PACKAGE / room).rglob("*.py")] or [PACKAGE / f"{room}.py"]
    used = {room_of(name) for file in files for name in imports(file) if name.startswith("studyguide.")}
    assert used <= set(ROOMS[: ROOMS.index(room) + 1])


def test_only_the_site_knows_mkdocs() -> None:
    knowing = {
        file.parent.name for file in PACKAGE.rglob("*.py") if any(n.startswith("mkdocs.") for n in imports(file))
    }
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
    for file in PACKAGE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)], file
