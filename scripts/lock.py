"""Renew the requirements files: exact versions with hashes, for all platforms and Pythons at once.

uv resolves universally, so that one file serves Linux, macOS and Windows; pip installs it with --require-hashes. Each
file holds what it adds to those before it: core (check, new), site (build, serve, notebooks), dev (tests, lint, PDFs).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = {
    "requirements.txt": "--group=core",
    "requirements-site.txt": "--extra=notebooks",
    "requirements-dev.txt": "--extra=dev",
}
OPTIONS = (
    "--universal", "--generate-hashes", "--python-version=3.11", "--no-emit-index-url", "--no-emit-find-links",
    "--no-annotate", "--no-header", "--quiet",
)  # fmt: skip


def main() -> int:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    root = Path(__file__).resolve().parent.parent
    # All of them first, so that the versions of each file fit together.
    known = "" if upgrade else "".join((root / name).read_text() for name in FILES if (root / name).is_file())
    everything = _resolved(root, ["--extra=dev"], known, upgrade)
    before: set[str] = set()
    for name, part in FILES.items():
        found = _resolved(root, [part], everything, [])
        blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", found)
        added = [block for block in blocks if block.strip() and block not in before]
        before |= set(blocks)
        (root / name).write_text("".join(added), encoding="utf-8")
        print(f"{name}: {len(added)} packages")
    return 0


def _resolved(root: Path, part: list[str], constraints: str, upgrade: list[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        pinned, output = Path(folder) / "constraints.txt", Path(folder) / "output.txt"
        pinned.write_text(re.sub(r"(?m) \\$|^ +--hash.*\n", "", constraints), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", f"--output-file={output}"]
        command += [] if "--group=core" in part else ["pyproject.toml"]
        command += [*OPTIONS, *part, *upgrade, f"--constraint={pinned}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=root)
        return output.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
