"""Models -> JSON Schemas: what editors complete and check by, and what the form on the site is made of."""

from __future__ import annotations

import json
from functools import cache
from math import ceil
from typing import Any

from studyguide.content.characters import MOST_A_CHARACTER
from studyguide.content.kinds import KINDS, LISTS, NOTEBOOKS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_IN_YAML = tuple(kind for kind in KINDS if kind is not NOTEBOOKS)

#: Languages whose characters say more than a Latin letter each.
_DENSE = frozenset({"zh", "ja", "ko", "yue"})


@cache  # models are code
def schemas(lang: str = "en") -> dict[str, dict[str, Any]]:
    """A schema for every kind of content file, by the kind's name: ``card``, ``topics`` ...

    JSON Schema counts characters alike; for a language of dense ones it asks for the fewest that may do.
    """
    by_name = {}
    for kind in _IN_YAML:
        schema = kind.model.model_json_schema()
        if kind.files in LISTS:
            parts = {"$defs": definitions} if (definitions := schema.pop("$defs", None)) else {}
            schema = {"type": "array", "items": schema, **parts}
        by_name[kind.schema] = {"$schema": DRAFT, **schema}
    in_order = dict(sorted(by_name.items()))
    return _relax(in_order) if lang.split("-")[0] in _DENSE else in_order


def _relax(value: Any) -> Any:
    if isinstance(value, list):
        return [_relax(part) for part in value]
    if not isinstance(value, dict):
        return value
    relaxed = {key: _relax(part) for key, part in value.items()}
    if "minLength" in value and "pattern" not in value:
        relaxed["minLength"] = ceil(value["minLength"] / MOST_A_CHARACTER)
    return relaxed


def schema_files(lang: str = "en") -> dict[str, str]:
    """File name -> text, for every kind of content."""
    return {f"{kind}.schema.json": json.dumps(schema, indent=2) + "\n" for kind, schema in schemas(lang).items()}
