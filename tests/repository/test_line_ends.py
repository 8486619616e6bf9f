"""A checkout has the same bytes on every system."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".woff2"}


def test_every_text_keeps_its_line_ends_whatever_git_is_told_on_a_machine() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    asked = ["git", "check-attr", "--stdin", "-z", "eol", "text"]
    said = subprocess.run(asked, cwd=ROOT, input=files, capture_output=True, text=True, check=True).stdout.split("\0")
    attributes = {(name, key): value for name, key, value in zip(said[::3], said[1::3], said[2::3], strict=False)}
    for name in files.strip("\0").split("\0"):
        if Path(name).suffix in BINARY:
            assert attributes[name, "text"] == "unset", name
        else:
            assert attributes[name, "eol"] == "lf", name
            file = ROOT / name
            assert not file.is_file() or b"\r\n" not in file.read_bytes(), name
