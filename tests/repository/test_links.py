"""Links to elsewhere are asked of the guide that is meant, as every command does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import ROOT


def test_links_are_those_of_the_content_that_is_named(tmp_path: Path) -> None:
    content = tmp_path / "other" / "cards"
    content.mkdir(parents=True)
    (content / "late.yml").write_text("a: b\nurl: http://0.0.0.0:9/gone\n", encoding="utf-8")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "ours.yml").write_text("url: http://0.0.0.0:9/ours\n", encoding="utf-8")
    code = "import runpy, sys, time; time.sleep = lambda _: None; links = runpy.run_path(sys.argv.pop(1)); "
    code += "print(links['addresses'](links['Path'].cwd(), links['Path'](sys.argv[1])))"
    command = [sys.executable, "-c", code, str(ROOT / "scripts" / "links.py"), "other"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "{'http://0.0.0.0:9/gone': [('other/cards/late.yml', 2)]}\n"
