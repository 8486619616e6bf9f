"""Data -> the YAML of a card, as people would write it: keys in order, long texts folded, lists of ids on one line."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anyascii import anyascii

WIDTH = 120
#: A text that means itself without quotes, whatever YAML reader meets it: it begins with a letter, and holds nothing
#: that YAML reads as a sign. A comma or a bracket would end it within a list on one line.
_PLAIN = re.compile(r"^[A-Za-z](?:[A-Za-z0-9 ;.()/%+*=_'-]|,(?= )|:(?=[A-Za-z0-9/]))*$")
#: Words that YAML 1.1 reads as something other than text.
RESERVED = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
#: Letters that are not ASCII, in a run; and where a syllable of their transliteration begins.
_FOREIGN, _SYLLABLE = re.compile(r"[^\x00-\x7f]+"), re.compile(r"(?<=[a-z])(?=[A-Z])")


def slug(title: str) -> str:
    """A title as an id: ``Late labels!`` becomes ``late-labels``, ``过拟合`` becomes ``guo-ni-he``."""
    return "-".join(re.findall(r"[a-z0-9]+", _FOREIGN.sub(_latin, title).lower()))[:60].strip("-")


def _latin(match: re.Match[str]) -> str:
    """Letters of any script in Latin ones, a hyphen before each Chinese or Korean syllable but the first."""
    return _SYLLABLE.sub("-", anyascii(unicodedata.normalize("NFC", match[0])))


def modeline(content: Path) -> str:
    """The first line of a card's file, by which editors find its schema: in a content folder that `init` made, else in
    this repository."""
    place = "../../.schemas" if (content / ".schemas").is_dir() else "../../../hooks/schemas"
    return f"# yaml-language-server: $schema={place}/card.schema.json"


def card_yaml(data: dict[str, Any], content: Path) -> str:
    """The text of a card's file. ``data`` is plain: mappings in the order of the file, lists, texts, dates."""
    return "\n".join([modeline(content), *_mapping(data, 0), ""])


def _mapping(data: dict[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        head = f"{' ' * indent}{key}:"
        match value:
            case str():
                yield from _text(head, value, indent + 2)
            case dict():
                yield head
                yield from _mapping(value, indent + 2)
            case list():
                yield from _list(head, value, indent + 2)
            case _:
                yield f"{head} {value}"


def _list(head: str, values: list[Any], indent: int) -> Iterator[str]:
    if all(isinstance(value, str) and re.fullmatch(r"[a-z0-9-]*[a-z][a-z0-9-]*", value) for value in values):
        yield f"{head} [{', '.join(map(_id, values))}]"
        return
    yield head
    for value in values:
        if isinstance(value, dict):
            first, *others = _mapping(value, indent + 2)
            yield f"{' ' * indent}- {first.lstrip()}"
            yield from others
        else:
            yield from _text(f"{' ' * indent}-", value, indent + 2)


def _id(value: str) -> str:
    return json.dumps(value) if value in RESERVED or not value[0].isalpha() else value


def _text(head: str, text: str, indent: int) -> Iterator[str]:
    """A text on the line of its key where it fits, else folded in a block below it."""
    plain = _PLAIN.match(text) and text.lower() not in RESERVED
    scalar = text if plain else json.dumps(text, ensure_ascii=False)
    if "\n" in text or (len(head) + 1 + len(scalar) <= WIDTH and len(text) <= 90):
        yield f"{head} {scalar}"
        return
    yield f"{head} >"
    for line in textwrap.wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False):
        yield " " * indent + line
