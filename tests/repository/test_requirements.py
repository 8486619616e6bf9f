"""A check needs little to be installed: no more than requirements.txt."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from conftest import ROOT, TINY

#: A command, in an interpreter that lacks the modules named after it.
WITHOUT = """
import sys
from studyguide.cli.__main__ import main
lacking = set(sys.argv[1].split(","))
class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in lacking:
            raise ModuleNotFoundError(f"{name} is not among the core requirements")
sys.meta_path.insert(0, Lacking())
sys.exit(main(sys.argv[2:]))
"""


def pinned(file: str) -> set[str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def test_check_runs_with_the_core_requirements_alone() -> None:
    more = pinned("requirements-site.txt") | pinned("requirements-dev.txt")
    more -= pinned("requirements.txt")
    lacking = [
        module
        for module, owners in packages_distributions().items()
        if {owner.lower().replace("_", "-") for owner in owners} <= more
    ]
    assert {"mkdocs", "mkdocs_jupyter", "scipy", "weasyprint"} <= set(lacking)
    command = [sys.executable, "-c", WITHOUT, ",".join(lacking), "check", "--content", str(TINY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
