"""Plain data -> models; what does not fit becomes problems with a place and a remedy."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from studyguide.content.characters import length
from studyguide.content.look_alikes import named_beyond_ascii
from studyguide.content.models import LANG_PATTERN, Model
from studyguide.content.models.fields import URL_PATTERN
from studyguide.content.yaml_source import Loc, Source
from studyguide.problems import Problem

M = TypeVar("M", bound=Model)

_KIND_OF_VALUE = {
    str: "the text",
    bool: "the yes/no value",
    int: "the number",
    float: "the number",
    datetime.date: "the date",
    datetime.datetime: "the time",
    dict: "a mapping",
    tuple: "a list",
    type(None): "nothing",
}

_DATE = ("wrong-type", "a date", "write it as 2026-11-20, without quotes")
_WHOLE_ADDRESS = "give the full address, in ASCII and without a user name"
_LIST = ("wrong-type", "a list", "begin each entry with '- '")
_MAPPING = ("wrong-type", "a mapping", "write 'key: value' lines, indented")
_WHOLE_NUMBER = ("wrong-type", "a whole number", "write digits only, without quotes")
#: Pydantic's error types, and patterns that a text does not fit: (rule, what must be, remedy). What stands in braces is
#: taken from the error's context.
_RULES = {
    "string_type": ("wrong-type", "text", "write words, or put quotes around it"),
    **dict.fromkeys(("int_type", "int_from_float"), _WHOLE_NUMBER),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), _MAPPING),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    "literal_error": ("unknown-value", "{expected}", "choose one of these"),
    "string_too_short": ("too-short", "at least {min_length} characters", "say it fully"),
    "string_too_long": ("too-long", "at most {max_length} characters", "shorten it"),
    "too_short": ("too-few", "at least {min_length} entries", "add what is missing"),
    "too_long": ("too-many", "at most {max_length} entries", "keep the best"),
    "greater_than_equal": ("out-of-range", "at least {ge}", "correct the number"),
    "less_than_equal": ("out-of-range", "at most {le}", "correct the number"),
    URL_PATTERN: ("bad-url", "an address that begins with https://", _WHOLE_ADDRESS),
    LANG_PATTERN: ("wrong-value", "the tag of a language, such as en, pt-BR or zh-Hant", "look it up (BCP 47)"),
    "string_pattern_mismatch": ("bad-id", "lower-case words joined by hyphens", "rename it"),
}


#: Kinds of error about values that are written in ASCII alone.
_OF_ASCII = frozenset({"literal_error", "string_pattern_mismatch", "date_type"})


def shape(model: type[M], source: Source, loc: Loc = ()) -> tuple[M | None, list[Problem]]:
    """Fit the data of ``source`` at ``loc`` to ``model``; ``None`` and every reason where it does not fit."""
    data = source.data
    for step in loc:
        data = data[step]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
        return None, [_problem(model, source, loc, detail) for detail in found if not _is_reported_by_its_entry(detail)]


def _is_reported_by_its_entry(detail: Any) -> bool:
    """Whether pydantic counted only the valid entries of a list: the invalid one is reported by itself."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The remedy for a wrong name: the nearest known one, or the whole list where it is short."""
    names = sorted(known)
    close = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if 0 < len(names) <= 12:
        return f"use one of {', '.join(names)}"
    return "look up the name, or add it"


def _problem(model: type[Model], source: Source, base: Loc, detail: Any) -> Problem:
    loc: Loc = tuple(detail["loc"])
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    here = (*base, *loc)
    name = shown_location(loc)
    if kind == "missing":
        about = (_fields_at(model, loc[:-1])[str(loc[-1])].description or "").rstrip(".")
        message = f"must have '{loc[-1]}', found none: add it" + (f" ({about})" if about else "")
        return source.problem("missing-key", message, here[:-1])
    if kind == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        found = f"'{loc[-1]}'{named_beyond_ascii(str(loc[-1]))}"
        message = f"must be a known key, found {found}: {did_you_mean(str(loc[-1]), known)}"
        return source.problem("unknown-key", message, here, key=True)
    unforeseen = ("wrong-value", "another value", f"see the schema ({kind})")
    rule, must, remedy = _RULES.get(context.get("pattern", "")) or _RULES.get(kind, unforeseen)
    must = must.format(**context).replace("'", "")  # pydantic puts choices in quotes
    found = _shown_value(value, kind) + _as_written(source, here, value)
    verb = "have" if rule in ("too-few", "too-many") else "be"
    return source.problem(rule, f"{name} must {verb} {must}, found {found}: {remedy}", here)


def _shown_value(value: Any, kind: str) -> str:
    if kind in ("string_too_short", "string_too_long") and isinstance(value, str):
        characters = value.strip()
        if not characters:
            return "none (it is empty)"
        counted = length(characters) if kind == "string_too_short" else len(characters)
        return f"{counted}" + (f" (in Latin letters; {len(characters)} here)" if counted > len(characters) else "")
    if kind in ("too_short", "too_long"):
        return str(len(value))
    word = _KIND_OF_VALUE.get(type(value), "something else")
    if isinstance(value, (dict, tuple, type(None))):
        return word
    text = str(value)  # with a space at its end, which may be what is wrong
    strange = named_beyond_ascii(text) if kind in _OF_ASCII else ""
    return f"{word} '{text if len(text) <= 40 else text[:39] + '…'}'{strange}"


def _as_written(source: Source, loc: Loc, value: Any) -> str:
    """How a number or a yes or no stands in the file, where YAML has made another text of it: 12:30 is 750."""
    if not isinstance(value, bool | int | float):
        return ""
    line, column = source.place(loc)
    lines = source.raw.decode(errors="replace").split("\n")
    if line > len(lines):
        return ""
    written = re.match(r"[^\s,\]}]*", lines[line - 1][column - 1 :])
    return f", written {written[0]}" if written and written[0] not in ("", str(value)) else ""


def shown_location(loc: Loc) -> str:
    """A location as people write it: ``follow_ups[1].ask`` (entries count from 1)."""
    text = ""
    for step in loc:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return f"'{text}'" if text else "the entry"


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a mapping of this kind by their keys, in the model's order."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _fields_at(model: type[BaseModel], loc: Loc) -> dict[str, FieldInfo]:
    """The fields of the mapping at ``loc``."""
    fields = fields_of(model)
    for step in loc:
        if isinstance(step, str):
            inner = _model_in(fields[step].annotation)
            fields = fields_of(inner) if inner else {}
    return fields


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside a field's annotation, such as that of the entries of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
