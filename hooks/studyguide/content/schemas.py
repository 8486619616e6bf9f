"""Models -> JSON Schemas: what editors complete and check by, and what the form on the site is made of."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from studyguide.content.characters import MOST_A_CHARACTER
from studyguide.content.models import Card, Model, Site
from studyguide.content.read import FOLDERS, LISTS

DRAFT = "https://json-schema.org/draft/2020-12/schema"


#: Languages whose characters say more than a Latin letter each.
_DENSE = frozenset({"zh", "ja", "ko", "yue"})


@cache  # models are code
def schemas(lang: str = "en") -> dict[str, dict[str, Any]]:
    """A schema for every kind of content file, by the kind's name: ``card``, ``topics`` ...

    JSON Schema counts characters alike; for a language of dense ones it asks for the fewest that may do.
    """
    kinds: dict[str, type[Model]] = {"card": Card, "site": Site}
    kinds |= {folder.removesuffix("s"): model for folder, model in FOLDERS.items()}
    made = {kind: {"$schema": DRAFT, **model.model_json_schema()} for kind, model in kinds.items()}
    for name, model in LISTS.items():
        schema = model.model_json_schema()
        parts = {"$defs": definitions} if (definitions := schema.pop("$defs", None)) else {}
        made[name.removesuffix(".yml")] = {"$schema": DRAFT, "type": "array", "items": schema, **parts}
    return _eased(made) if lang.split("-")[0] in _DENSE else dict(sorted(made.items()))


def _eased(value: Any) -> Any:
    if isinstance(value, dict):
        eased = {key: _eased(part) for key, part in sorted(value.items())}
        return eased | (
            {"minLength": -(-value["minLength"] // MOST_A_CHARACTER)}
            if "minLength" in value and "pattern" not in value
            else {}
        )
    return [_eased(part) for part in value] if isinstance(value, list) else value


def schema_files(lang: str = "en") -> dict[str, str]:
    """File name -> text, for every kind of content."""
    return {f"{kind}.schema.json": json.dumps(schema, indent=2) + "\n" for kind, schema in schemas(lang).items()}


def globs() -> dict[str, list[str]]:
    """File name of a schema -> the files of a content folder that it describes, as editors write patterns."""
    found = {"card": ["cards/*/*.yml"], "site": ["site.yml"]}
    found |= {folder.removesuffix("s"): [f"{folder}/*.yml"] for folder in FOLDERS}
    found |= {name.removesuffix(".yml"): [name] for name in LISTS}
    return {f"{kind}.schema.json": patterns for kind, patterns in sorted(found.items())}
