"""Renew all requirements files: exact versions with hashes, for all platforms and Pythons at once.

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
    base = "--constraint=requirements.txt"
    for output, extra in (
        ("requirements.txt", []),
        ("requirements-pdf.txt", ["--extra=pdf", base]),
        ("requirements-dev.txt", ["--extra=dev", base]),
        ("requirements-audit.txt", ["--extra=audit", base]),
        ("requirements-engines.txt", ["--extra=engines", base]),
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
