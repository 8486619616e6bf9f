"""Write the JSON Schemas of all content kinds, from the models, for editors and for the site.

Exit codes: 0 written, or current with --check; 1 not current with --check.
"""

from __future__ import annotations

import sys
from pathlib import Path

from studyguide.content.schemas import schema_files
from studyguide.files import write_whole

FOLDER = Path(__file__).resolve().parent.parent / "hooks" / "schemas"


def main() -> int:
    wanted = schema_files()
    if "--check" in sys.argv[1:]:
        there = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
        if there != wanted:
            print("hooks/schemas/ must be what the models give, and is not: run `make schemas`", file=sys.stderr)
            return 1
        return 0
    for name, text in wanted.items():
        write_whole(FOLDER / name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
