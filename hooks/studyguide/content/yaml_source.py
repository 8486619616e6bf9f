"""YAML text -> plain data, with the place of every key and value.

The reader is strict where YAML is generous: duplicate keys, anchors, aliases, tags, several documents, tabs, invisible
characters, other encodings, symbolic links, deep nesting and large files are refused, each with a remedy. Nothing is
repaired. Scalars are resolved by PyYAML's own safe rules (YAML 1.1).
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from studyguide.content.characters import hidden, hidden_message
from studyguide.content.file_text import decode_text, read_raw
from studyguide.content.look_alikes import BULLETS, LOOK_ALIKES, find_look_alike
from studyguide.problems import Problem

MAX_BYTES = 64 * 1024
MAX_DEPTH = 12

Loc = tuple[str | int, ...]
Place = tuple[int, int]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_SCALAR_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))


@dataclass(frozen=True)
class Source:
    """A file that could be read: its data and where everything stands.

    ``data`` holds ``dict``, ``tuple`` (for sequences), ``str``, ``int``, ``float``, ``bool``, ``date`` and ``None``.
    ``keys`` and ``values`` map a location such as ``("follow_ups", 0, "ask")`` to a (line, column), both from 1.
    """

    path: str
    data: Any
    keys: dict[Loc, Place] = field(default_factory=dict)
    values: dict[Loc, Place] = field(default_factory=dict)
    #: The SHA-256 of the file's bytes, in hex.
    digest: str = ""
    #: Texts of several lines that YAML put on one, as they stand in the file; see `lines_stay_lines`.
    folded: dict[Loc, str] = field(default_factory=dict)
    #: The file's bytes; places that are not known are found in them when they are asked for.
    raw: bytes = b""

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """The place of a value (or of its key); of the nearest parent that exists where it does not."""
        if loc and self.raw and len(self.values) <= 1:  # the place of the whole is known without reading
            self.values.update(parsed.values if (parsed := parse(self.raw, self.path)[0]) else {})
            self.keys.update(parsed.keys if parsed else {})
        table = self.keys if key else self.values
        while loc:
            if loc in table:
                return table[loc]
            if loc in self.values:
                return self.values[loc]
            loc = loc[:-1]
        return self.values.get((), (1, 1))

    def light(self) -> Source:
        """The same without its data, which a model holds by now, and with the place of the whole alone.

        Both take ten times as much memory as the file.
        """
        return replace(self, data=None, keys={}, folded={}, values={(): self.place()})

    def problem(self, rule: str, message: str, loc: Loc = (), *, key: bool = False) -> Problem:
        line, column = self.place(loc, key=key)
        return Problem(self.path, line, column, rule, message)


class _RefusedError(Exception):
    """Stops the reading of one file; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_source(file: Path, shown: str, *, max_bytes: int = MAX_BYTES) -> tuple[Source | None, list[Problem]]:
    """Read one YAML file; ``shown`` is the path that problems name.

    Returns the source (``None`` where the file cannot be understood at all) and the problems found.
    """
    raw, problems = read_raw(file, shown, max_bytes, "split it or shorten its texts")
    return parse(raw, shown) if raw is not None else (None, problems)


def parse(raw: bytes, shown: str) -> tuple[Source | None, list[Problem]]:
    """Parse the bytes of one YAML document; see `read_source`."""
    text, problems = decode_text(raw, shown)
    if text is None:
        return None, problems
    if not text.strip():
        return None, [Problem(shown, 1, 1, "empty-file", "must hold a YAML mapping, is empty: fill it in or delete it")]
    builder = _Builder(shown, text)
    try:
        data = builder.build()
    except _RefusedError as refused:
        return None, [*builder.problems, refused.problem]
    digest = hashlib.sha256(raw).hexdigest()
    source = Source(shown, data, builder.keys, builder.values, digest, builder.folded, raw)
    return (source if not builder.problems else None), builder.problems


#: What lines of a list, a fence, a table, a quotation, a heading or a rule look like, and one that ends in a break.
BLOCK_LINE = re.compile(
    rf"^[ ]*(?:[-*+] |[{BULLETS}]|\d{{1,9}}[.)] |```|~~~|>|#{{1,6}} |[-*_=][-*_= ]*$|.*\||.*\\$).*", re.MULTILINE
)

#: A key that runs into its value.
_JOINED = re.compile(r"[ ]*(?:- )?([A-Za-z_]+:)[^\s:/\\]")
#: A backslash with what it stands before; a command of LaTeX that YAML takes for a character that nobody sees; and one
#: in a formula that it takes for a line's end.
_ESCAPE = re.compile(r"\\(?:[A-Za-z]+|.)")
_LATEX = re.compile(r"(?<!\\)(?:\\\\)*(\\[abefrtv][a-z]+)")
_LATEX_OF_LINES = re.compile(r"\$[^$]*?(?<!\\)(?:\\\\)*(\\n(?:abla|eq?|eg|exists|geq|leq|mid|o(?:t|tin)|u)\b)[^$]*\$")
_BACKSLASH = (
    "a backslash between double quotes is YAML's own, found '{}': put the text between single quotes, or under '>'"
)


class _Builder:
    """Builds data and places from the parser's events, refusing what the guide does not allow."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self.text = text
        #: As YAML counts them: a carriage return ends one too. The last is where the text has ended.
        self.lines = [*text.splitlines(), ""]
        #: Whether a text may end at a comment; most files hold none.
        self.comments = " #" in text
        self.problems: list[Problem] = []
        self.keys: dict[Loc, Place] = {}
        self.values: dict[Loc, Place] = {}
        self.folded: dict[Loc, str] = {}

    def build(self) -> Any:
        events = self._events()
        next(events)  # stream start
        if isinstance(next(events), yaml.StreamEndEvent):
            message = "must hold a YAML mapping, holds only comments: fill it in"
            raise _RefusedError(Problem(self.shown, 1, 1, "empty-file", message))
        data = self._node(next(events), events, (), 0)
        next(events)  # document end
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            message = "must hold one YAML document, found a second: put it into a file of its own"
            raise self._refuse("several-documents", message, after)
        return data

    def _events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            # A quote that nobody closes, and a key without a colon: YAML notices at the file's end, or a line late.
            late = "end of stream" in str(error.problem) or "simple key" in str(error.context)
            mark = error.context_mark if late else error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            if re.search("escape character|hexa?decimal", str(error.problem)):
                column = self.lines[line - 1].rfind("\\", 0, column) + 1
                escape = _ESCAPE.match(self.lines[line - 1], column - 1)
                message = _BACKSLASH.format(escape[0] if escape else "one")
                raise _RefusedError(Problem(self.shown, line, column, "syntax", message)) from error
            near = range(line, max(0, line - 4), -1)  # YAML notices a line late, or some
            for number in near[:2]:
                if joined := _JOINED.match(self.lines[number - 1]):
                    message = f"must be valid YAML, found '{joined[1]}' without a space behind it: put one there"
                    raise _RefusedError(Problem(self.shown, number, joined.end(1), "syntax", message)) from error
            for number in (*near, *range(1, len(self.lines) + 1)):
                if found := find_look_alike(self.lines[number - 1]):
                    message = f"must be valid YAML, found {found[1]}"
                    raise _RefusedError(Problem(self.shown, number, found[0], "syntax", message)) from error
            what = " ".join(str(part) for part in (error.context, error.problem) if part)
            message = f"must be valid YAML, found: {what}: fix the indentation, quote the text, or use a '>' block"
            raise _RefusedError(Problem(self.shown, line, column, "syntax", message)) from error

    def _node(self, event: Any, events: Iterator[Any], loc: Loc, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            self._look_at_lines(event, loc)
        if isinstance(event, yaml.AliasEvent):
            message = f"must be written out, found the alias '*{event.anchor}': repeat it here, or quote the text"
            raise self._refuse("alias", message, event)
        if event.anchor is not None:
            message = f"must be plain values, found the anchor '&{event.anchor}': remove it, or quote the text"
            self._note("alias", message, event)
        if event.tag is not None and event.tag not in _SCALAR_TAGS:
            message = f"must be plain YAML, found the tag '{event.tag}': remove it, or quote the text"
            raise self._refuse("tag", message, event)
        if depth > MAX_DEPTH:
            message = f"must be nested at most {MAX_DEPTH} levels deep, found more: flatten it"
            raise self._refuse("too-deep", message, event)
        self.values[loc] = _place(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, loc, depth, in_braces=bool(event.flow_style))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, loc, depth)
        return self._scalar(event)

    def _look_at_lines(self, event: Any, loc: Loc) -> None:
        """A text that ends at a comment, and one of several lines that YAML puts on one."""
        first, last = event.start_mark.line, event.end_mark.line
        if self.comments and not event.style:
            rest = self.lines[last][event.end_mark.column :]
            tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
            if rest.lstrip().startswith("#") and tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:null"):
                column = event.end_mark.column + len(rest) - len(rest.lstrip()) + 1
                message = (
                    f"a text ends where ' #' begins a comment, found '{rest.strip()[:40]}' left out: put the text in "
                    "quotes, or the comment on a line of its own"
                )
                self.problems.append(Problem(self.shown, last + 1, column, "comment", message))
        if last > first and event.style != "|":
            lines = [*self.lines[first:last], self.lines[last][: event.end_mark.column]]
            lines[0] = "" if event.style == ">" else lines[0][event.start_mark.column :].lstrip("\"'")
            # Between double quotes, a backslash at a line's end is YAML's own.
            written = "\n".join(line.strip().rstrip("\\" if event.style == '"' else "") for line in lines)
            if BLOCK_LINE.search(written):
                self.folded[loc] = textwrap.dedent("\n".join(map(str.rstrip, lines))) if event.style == ">" else written

    def _mapping(self, events: Iterator[Any], loc: Loc, depth: int, *, in_braces: bool) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                message = "must have plain words as keys, found a nested value as a key: name the key"
                raise self._refuse("key", message, event)
            key = event.value
            self._refuse_hidden(event)
            line, _ = _place(event)
            odd = key and (key[0] in LOOK_ALIKES or not key.isascii())
            if odd and (found := find_look_alike(self.lines[line - 1])):
                message = f"must have plain words as keys, found {found[1]}"
                raise _RefusedError(Problem(self.shown, line, found[0], "key", message))
            here = (*loc, key)
            if key in result:
                first = self.keys[here]
                message = f"must have each key once, found '{key}' again (first on line {first[0]}): remove one of them"
                self._note("duplicate-key", message, event)
                self._node(next(events), events, (*loc, key, "again"), depth + 1)
                continue
            self.keys[here] = _place(event)
            value = next(events)
            if in_braces and isinstance(value, yaml.ScalarEvent) and value.value == "" and not value.style:
                message = (
                    f"a text between braces ends at a comma, and '{key[:40]}' after it has no value: put the text in "
                    "quotes, or write the value after ': '"
                )
                self._note("syntax", message, event)
            result[key] = self._node(value, events, here, depth + 1)
        return result

    def _sequence(self, events: Iterator[Any], loc: Loc, depth: int) -> tuple[Any, ...]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, (*loc, len(items)), depth + 1))
        return tuple(items)

    def _scalar(self, event: Any) -> Any:
        self._refuse_hidden(event)
        tag = event.tag or _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if tag == "tag:yaml.org,2002:str" or tag not in _SCALAR_TAGS:
            return event.value
        try:
            return _CONSTRUCTOR.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError, LookupError, AttributeError, TypeError):  # PyYAML raises any of them
            message = f"must be a value that exists, found '{event.value[:40]}': correct it or quote it"
            self._note("value", message, event)
            return None

    def _refuse_hidden(self, event: Any) -> None:
        """Characters that the file spells as escapes, as in "\\u202E", which a look at its bytes does not find; and
        LaTeX between double quotes, whose `\\beta` is a backspace to YAML, and its `\\nabla` a line's end."""
        char = hidden(event.value)
        first, last = event.start_mark, event.end_mark
        if event.style == '"' and (char or "$" in event.value):
            for number in range(first.line, min(last.line + 1, len(self.lines))):
                begin = first.column if number == first.line else 0
                end = last.column if number == last.line else len(self.lines[number])
                if found := (_LATEX if char else _LATEX_OF_LINES).search(self.lines[number], begin, end):
                    place = (number + 1, found.start(1) + 1)
                    self.problems.append(Problem(self.shown, *place, "syntax", _BACKSLASH.format(found[1])))
                    return
        if char:
            self._note("invisible-character", hidden_message(char), event)

    def _note(self, rule: str, message: str, event: Any) -> None:
        """A problem with which reading goes on."""
        self.problems.append(self._refuse(rule, message, event).problem)

    def _refuse(self, rule: str, message: str, event: Any) -> _RefusedError:
        line, column = _place(event)
        return _RefusedError(Problem(self.shown, line, column, rule, message))


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
