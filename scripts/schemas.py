"""Write the JSON Schemas of all content kinds, from the models, for editors and for the site.

Exit codes: 0 written, or current with --check; 1 not current with --check.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from studyguide.content import FOLDERS, LISTS
from studyguide.models import Card, Model, Site

FOLDER = Path(__file__).resolve().parent.parent / "hooks" / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """File name -> text, for every kind of content."""
    kinds: dict[str, type[Model]] = {"card": Card, "site": Site}
    kinds |= {folder.removesuffix("s"): model for folder, model in FOLDERS.items()}
    made = {kind: {"$schema": DRAFT, **model.model_json_schema()} for kind, model in kinds.items()}
    for name, model in LISTS.items():
        schema = model.model_json_schema()
        parts = {"$defs": definitions} if (definitions := schema.pop("$defs", None)) else {}
        made[name.removesuffix(".yml")] = {"$schema": DRAFT, "type": "array", "items": schema, **parts}
    return {f"{kind}.schema.json": json.dumps(schema, indent=2) + "\n" for kind, schema in sorted(made.items())}


def main() -> int:
    wanted = schemas()
    if "--check" in sys.argv[1:]:
        there = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
        if there != wanted:
            print("hooks/schemas/ must be what the models give, and is not: run `make schemas`", file=sys.stderr)
            return 1
        return 0
    FOLDER.mkdir(exist_ok=True)
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
