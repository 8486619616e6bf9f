"""Renew requirements.txt and requirements-dev.txt: exact versions with hashes, for all platforms and Pythons at once.

uv resolves universally, so that one file serves Linux, macOS and Windows; pip installs it with --require-hashes.
"""

from __future__ import annotations

import subprocess
import sys

COMMON = (
    "--universal",
    "--generate-hashes",
    "--python-version=3.11",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def main() -> int:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    for output, extra in (
        ("requirements.txt", []),
        ("requirements-dev.txt", ["--extra=dev", "--constraint=requirements.txt"]),
    ):
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            f"--output-file={output}",
            *COMMON,
            *extra,
            *upgrade,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
