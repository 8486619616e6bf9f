"""Data -> the YAML of a card, as people would write it: keys in order, long texts folded, lists of ids on one line."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from anyascii import anyascii
from pydantic import BaseModel

from studyguide.content.models import Card
from studyguide.content.validate import keys_of, model_in

WIDTH = 120
#: A text that means itself without quotes, whatever YAML reader meets it: it begins with a letter, and holds nothing
#: that YAML reads as a sign. A comma or a bracket would end it within a list on one line.
PLAIN = r"^[A-Za-z](?:[A-Za-z0-9 ;.()/%+*=_'-]|,(?= )|:(?=[A-Za-z0-9/]))*$"
#: Words that YAML 1.1 reads as something other than text.
RESERVED = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
#: A word that would begin a list, a heading, a quotation or a rule if a line began with it.
MARKS = r"^(?:[-+*>#|=~`]|\d+[.)]|\$\$)"

_PLAIN, _MARKS = re.compile(PLAIN), re.compile(MARKS)
#: Letters that are not ASCII, in a run; and where a syllable of their transliteration begins.
_FOREIGN, _SYLLABLE = re.compile(r"[^\x00-\x7f]+"), re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAP = re.compile(r"(?<=\S) (?=\S)")


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


def card_yaml(data: Mapping[str, Any], content: Path) -> str:
    """The text of a card's file. ``data`` is plain: mappings, lists, texts, numbers, dates."""
    return "\n".join([modeline(content), *_mapping(data, Card, 0), ""])


def _mapping(data: Mapping[str, Any], model: type[BaseModel], indent: int) -> Iterator[str]:
    known = keys_of(model)
    kinds = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    for key in sorted(data, key=lambda name: (known.index(name) if name in known else len(known), name)):
        yield from _entry(f"{' ' * indent}{key}:", data[key], model_in(kinds.get(key)), indent)


def _entry(head: str, value: Any, model: type[BaseModel] | None, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield head
        yield from _mapping(value, model or Card, indent + 2)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _list(head, value, model, indent)
    elif isinstance(value, str):
        yield from _text(head, value.strip(), indent + 2)
    else:
        yield f"{head} {value}"


def _list(head: str, values: Sequence[Any], model: type[BaseModel] | None, indent: int) -> Iterator[str]:
    if all(isinstance(value, str) and re.fullmatch(r"[a-z0-9-]*[a-z][a-z0-9-]*", value) for value in values):
        yield f"{head} [{', '.join(map(_id, values))}]"
        return
    yield head
    for value in values:
        if isinstance(value, Mapping):
            lines = [*_mapping(value, model or Card, indent + 4)] or [" " * (indent + 4) + "{}"]
            yield f"{' ' * indent}  - {lines[0].lstrip(' ')}"
            yield from lines[1:]
        else:
            yield from _text(f"{' ' * indent}  -", str(value).strip(), indent + 4)


def _id(value: str) -> str:
    return json.dumps(value) if value in RESERVED or not value[0].isalpha() else value


def _text(head: str, text: str, indent: int) -> Iterator[str]:
    """A text on the line of its key where it fits, else in a block below it."""
    plain = _PLAIN.match(text) and text.lower() not in RESERVED and text == text.rstrip()
    scalar = text if plain else json.dumps(text, ensure_ascii=False)
    if "\n" not in text and len(head) + 1 + len(scalar) <= WIDTH and len(text) <= 90:
        yield f"{head} {scalar}"
    elif "\n" not in text:
        yield f"{head} >"
        yield from (" " * indent + line for line in wrapped(text, WIDTH - indent, marks=False))
    else:
        yield f"{head} |"
        yield from (" " * indent + line if line.strip() else "" for line in _literal(text, WIDTH - indent))


def wrapped(text: str, width: int, *, marks: bool) -> Iterator[str]:
    """One line as several. With ``marks``, none begins with what Markdown would read as a mark."""
    line = ""
    for word in _GAP.split(text):
        held = marks and (_MARKS.match(word) or line.endswith("\\"))
        if line and len(line) + 1 + len(word) > width and not held:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _literal(text: str, width: int) -> Iterator[str]:
    """The lines of a text; long ones of plain paragraphs are wrapped, where a line end means what a space means."""
    fence = False
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        if bare.startswith(("```", "~~~")):
            fence = not fence
            yield line
        elif fence or bare != line or _MARKS.match(line) or "|" in line or len(line) <= width:
            yield line
        else:
            yield from wrapped(line, width, marks=True)
