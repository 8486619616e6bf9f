"""Print what a pull request changes in the content, as Markdown for the summary of a job.

Exit codes: 0 printed (whatever the rules say), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from studyguide.authoring.pull_request import Change, parse_changes, summary
from studyguide.catalogue import load_catalogue
from studyguide.cli.common import add_content
from studyguide.content.read import read_content


def changes_since(base: str) -> list[Change]:
    """What changed since the branch left ``base``; `subprocess.CalledProcessError` where git has no such base."""
    command = ["git", "diff", "--name-status", "-z", f"{base}...HEAD", "--"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace")
    return parse_changes(done.stdout)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="summary.py", description=(__doc__ or "").split("\n\n")[0])
    add_content(parser)
    parser.add_argument("--base", default="origin/main", help="what the changes are against (default: origin/main)")
    options = parser.parse_args(arguments)
    try:
        changes = changes_since(options.base)
    except subprocess.CalledProcessError as error:
        parser.error(f"--base must be a commit that git knows, found '{options.base}': {error.stderr.strip()}")
    _, problems = load_catalogue(options.content)
    content, _ = read_content(options.content)
    sys.stdout.write(summary(changes, content, problems))
    return 0


if __name__ == "__main__":
    sys.exit(main())
