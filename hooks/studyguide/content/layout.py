"""What a machine may mend in a content file: white space, the order of keys, the wrapping of folded texts.

Never meaning: every step is kept only if the file still holds the same data and the same comments; a step that would
change either is left undone. Files that cannot be read are left as they are, for the check to explain.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from studyguide.content.models import Card, Model, Site
from studyguide.content.read import FOLDERS, LISTS
from studyguide.content.validate import keys_of, model_in
from studyguide.content.yaml_source import parse

#: Folded texts with a longer line are wrapped anew to this many characters.
WIDTH = 120

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: A single space between two words; wider gaps and spaces at the ends of lines are the text's own.
_GAP = re.compile(r"(?<=[^ ]) (?=[^ ])")

_Step = Callable[[str, type[Model]], str]


def model_of(parts: tuple[str, ...]) -> type[Model] | None:
    """The kind of content in a file, by its path within the content folder; ``None`` where nothing is to be mended."""
    match parts:
        case ("cards", _, name) if name.endswith(".yml"):
            return Card
        case ("site.yml",):
            return Site
        case (str() as kind, name) if kind in FOLDERS and name.endswith(".yml"):
            return FOLDERS[kind]
        case (str() as name,) if name in LISTS:
            return LISTS[name]
    return None


def fix_folder(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Mend every YAML file of a content folder in place; yields each changed file with what was done."""
    for file in sorted(folder.rglob("*.yml")):
        model = model_of(file.relative_to(folder).parts)
        if model is None or file.is_symlink():
            continue
        try:
            raw = file.read_bytes()
        except OSError:
            continue
        mended, done = fix(raw, model)
        if done:
            _replace(file, mended)
            yield file, done


def fix(raw: bytes, model: type[Model]) -> tuple[bytes, list[str]]:
    """The bytes of a file after mending, and what was done, in words; nothing is done to what cannot be parsed."""
    source, problems = parse(raw, "")
    if source is None or problems:
        return raw, []
    text, done = raw.decode("utf-8"), []
    for name, step in _STEPS:
        mended = step(text, model)
        if mended != text and _same(text, mended):
            text = mended
            done.append(name)
    return text.encode("utf-8"), done


def _same(before: str, after: str) -> bool:
    """Whether two texts hold the same data (dates and numbers as written) and the same comments."""
    one, two = (parse(text.encode("utf-8"), "")[0] for text in (before, after))
    return (
        one is not None
        and two is not None
        and repr(_sorted(one.data)) == repr(_sorted(two.data))
        and (_comments(before) == _comments(after))
    )


def _sorted(data: Any) -> Any:
    if isinstance(data, dict):
        return sorted((key, _sorted(value)) for key, value in data.items())
    return tuple(map(_sorted, data)) if isinstance(data, tuple) else data


def _comments(text: str) -> list[str]:
    """The comments of a file, sorted: what stands after a # outside every scalar."""
    lines = text.split("\n")
    for node in _nodes(_compose(text)):
        if isinstance(node, yaml.ScalarNode):
            first, last = node.start_mark, node.end_mark
            start = (first.line + 1, 0) if node.style in ("|", ">") else (first.line, first.column)
            for number in range(start[0], min(last.line, len(lines) - 1) + 1):
                left = start[1] if number == start[0] else 0
                right = last.column if number == last.line else len(lines[number])
                if left < right:
                    lines[number] = lines[number][:left] + "x" * (right - left) + lines[number][right:]
    return sorted(match[1].rstrip() for line in lines if (match := re.search(r"(?:^|\s)(#.*)$", line)))


def _compose(text: str) -> Any:
    return yaml.compose(text, Loader=_LOADER)


def _nodes(node: Any) -> Iterator[Any]:
    """A node and all below it."""
    if node is None:
        return
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(key)
            yield from _nodes(value)
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _nodes(entry)


# --- white space ---------------------------------------------------------------------------------------------------
def _spaces(text: str, _model: type[Model]) -> str:
    """No spaces at the ends of lines outside block texts, Unix line ends, one line end at the end of the file."""
    text = text.replace("\r\n", "\n")
    own: set[int] = set()
    for node in _nodes(_compose(text)):
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            own |= set(range(node.start_mark.line + 1, node.end_mark.line))
    lines = [line if n in own and line.strip() else line.rstrip(" ") for n, line in enumerate(text.split("\n"))]
    return "\n".join(lines).rstrip("\n") + "\n"


# --- wrapping ------------------------------------------------------------------------------------------------------
def _wrapping(text: str, _model: type[Model]) -> str:
    """Folded texts within `WIDTH`. A text with lines of its own (indented deeper) stays as it is."""
    lines = text.split("\n")
    for node in reversed([*_nodes(_compose(text))]):
        if not (isinstance(node, yaml.ScalarNode) and node.style == ">"):
            continue
        start, end = node.start_mark.line + 1, node.end_mark.line
        while end > start and not lines[end - 1].strip():
            end -= 1
        block = lines[start:end]
        indents = {len(line) - len(line.lstrip(" ")) for line in block if line.strip()}
        if len(indents) == 1 and any(len(line) > WIDTH for line in block):
            lines[start:end] = _wrapped(block, indents.pop())
    return "\n".join(lines)


def _wrapped(block: list[str], indent: int) -> list[str]:
    result: list[str] = []
    words: list[str] = []

    def flush() -> None:
        line = ""
        for word in words:
            if line and indent + len(line) + 1 + len(word) > WIDTH:
                result.append(" " * indent + line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line:
            result.append(" " * indent + line)
        words.clear()

    for line in block:
        if line.strip():
            words.extend(_GAP.split(line[indent:]))
        else:
            flush()
            result.append("")
    flush()
    return result


# --- the order of keys ---------------------------------------------------------------------------------------------
def _order(text: str, model: type[Model]) -> str:
    """Keys of block mappings in the order of the model; keys that it does not know come last, as they stood."""
    for _ in range(text.count("\n") + 2):  # each round puts one mapping in order
        moved = _order_one(text, model)
        if moved == text:
            return text
        text = moved
    return text


def _order_one(text: str, model: type[Model]) -> str:
    for node, kind in _mappings(_compose(text), model):
        if node.flow_style or len(node.value) < 2:
            continue
        known = keys_of(kind)
        names = [key.value for key, _ in node.value]
        wanted = sorted(
            range(len(names)), key=lambda i: (known.index(names[i]) if names[i] in known else len(known), i)
        )
        if wanted != [*range(len(names))]:
            moved = _moved(text.split("\n"), node, wanted)
            if moved != text and _same(text, moved):
                return moved
    return text


def _mappings(node: Any, model: type[BaseModel]) -> Iterator[tuple[Any, type[BaseModel]]]:
    """Every mapping that a model describes."""
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _mappings(entry, model)
    elif isinstance(node, yaml.MappingNode):
        yield node, model
        fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
        for key, value in node.value:
            if inner := model_in(fields.get(key.value)):
                yield from _mappings(value, inner)


def _moved(lines: list[str], node: Any, wanted: list[int]) -> str:
    """The text with the entries of a block mapping in another order, each with the comments right above it."""
    column = node.start_mark.column
    keys = [key.start_mark.line for key, _ in node.value]
    end = node.end_mark.line + (1 if node.end_mark.column and node.end_mark.line == len(lines) - 1 else 0)
    while end > keys[-1] + 1 and _belongs_to_none(lines[end - 1], column):
        end -= 1
    above = [_comments_above(lines, line, column, at_least) for line, at_least in zip(keys, [0, *keys], strict=False)]
    starts = [keys[0], *(line - len(before) for line, before in zip(keys[1:], above[1:], strict=True))]
    # What stands above the first key of a file is about the file (its schema, a licence), and stays.
    before_first = above[0] if column and not lines[keys[0]][:column].strip() else []
    prefix = lines[keys[0]][:column]
    entries = []
    for index, (start, stop) in enumerate(zip(starts, [*starts[1:], end], strict=True)):
        comments, body = lines[start : keys[index]], lines[keys[index] : stop]
        body[0] = body[0][column:]
        entries.append((before_first if index == 0 else comments, body))
    result: list[str] = []
    for position, index in enumerate(wanted):
        comments, body = entries[index]
        result += [*comments, (prefix if position == 0 else " " * column) + body[0], *body[1:]]
    return "\n".join([*lines[: keys[0] - len(before_first)], *result, *lines[end:]])


def _belongs_to_none(line: str, column: int) -> bool:
    """Whether a line after the last entry is blank, or a comment that stands no further in than the keys."""
    bare = line.lstrip(" ")
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= column)


def _comments_above(lines: list[str], line: int, column: int, at_least: int) -> list[str]:
    """The comment lines right above a key, at its own indentation."""
    first = line
    while first - 1 > at_least and re.match(rf" {{{column}}}#", lines[first - 1]):
        first -= 1
    return lines[first:line]


def _replace(file: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(name).chmod(file.stat().st_mode & 0o777)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


_STEPS: tuple[tuple[str, _Step], ...] = (
    ("white space", _spaces),
    ("wrapping", _wrapping),
    ("order of keys", _order),
)
