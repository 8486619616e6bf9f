"""Print what a pull request changes in the content, as Markdown for the summary of a job.

Exit codes: 0 printed (whatever the rules say), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from studyguide.authoring.pull_request import changes_since, summary
from studyguide.checks.rules import check
from studyguide.cli.common import add_content
from studyguide.content.read import read_content


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="summary.py", description=(__doc__ or "").split("\n\n")[0])
    add_content(parser)
    parser.add_argument("--base", default="origin/main", help="what the changes are against (default: origin/main)")
    options = parser.parse_args(arguments)
    try:
        changes = changes_since(options.base)
    except ValueError as error:
        parser.error(str(error))
    content, problems = read_content(options.content)
    sys.stdout.write(summary(changes, content, sorted({*problems, *check(content)})))
    return 0


if __name__ == "__main__":
    sys.exit(main())
