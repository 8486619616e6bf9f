"""Models -> JSON Schemas: what editors complete and check by, and what the form on the site is made of."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from studyguide.content.models import Card, Model, Site
from studyguide.content.read import FOLDERS, LISTS

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache  # models are code
def schemas() -> dict[str, dict[str, Any]]:
    """A schema for every kind of content file, by the kind's name: ``card``, ``topics`` ..."""
    kinds: dict[str, type[Model]] = {"card": Card, "site": Site}
    kinds |= {folder.removesuffix("s"): model for folder, model in FOLDERS.items()}
    made = {kind: {"$schema": DRAFT, **model.model_json_schema()} for kind, model in kinds.items()}
    for name, model in LISTS.items():
        schema = model.model_json_schema()
        parts = {"$defs": definitions} if (definitions := schema.pop("$defs", None)) else {}
        made[name.removesuffix(".yml")] = {"$schema": DRAFT, "type": "array", "items": schema, **parts}
    return dict(sorted(made.items()))


def schema_files() -> dict[str, str]:
    """File name -> text, for every kind of content."""
    return {f"{kind}.schema.json": json.dumps(schema, indent=2) + "\n" for kind, schema in schemas().items()}


def globs() -> dict[str, list[str]]:
    """File name of a schema -> the files of a content folder that it describes, as editors write patterns."""
    found = {"card": ["cards/*/*.yml"], "site": ["site.yml"]}
    found |= {folder.removesuffix("s"): [f"{folder}/*.yml"] for folder in FOLDERS}
    found |= {name.removesuffix(".yml"): [name] for name in LISTS}
    return {f"{kind}.schema.json": patterns for kind, patterns in sorted(found.items())}
