"""Texts as they are spoken: words, sentences, code, minutes, and the numbers somebody would have to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from studyguide.content.characters import MARKS, without_unspaced, words_spoken

#: Somebody who answers slowly says so many words a minute; a typed line of code takes the time of so many words.
WORDS_A_MINUTE = 110
WORDS_A_LINE_OF_CODE = 12

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: E501, SIM905
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (n + 2) for n, word in enumerate(_TENS)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 1_000, "K": 1_000, "M": 10**6, "B": 10**9}
_SMALL_WORD, _SCALE_WORD = "|".join(_SMALL), "|".join(_SCALES)
_PERCENT = r"(?P<percent> ?%| per ?cent\b)?"

_TIME_OF_DAY = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2} ?(?:am|pm|a\.m\.|p\.m\.)(?!\w)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
#: A number within a name: GPT-4, L2, p99, int8, precision@5.
_NAME = re.compile(r"(?<![A-Za-z_])[A-Za-z_]+[-_]?\d[\w.]*(?:-\w+)*|(?:(?<!\w)\w+)?@\d+")
_FIGURE = re.compile(
    rf"(?<![\w.])\$?(?P<figure>\d(?:[\d_]|,(?=\d))*(?:\.\d+)?|\.\d+)(?P<suffix>[kKMB](?!\w))?"
    rf"(?:[ -](?P<scale>{_SCALE_WORD})\b)?{_PERCENT}"
)
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<small>(?:{_SMALL_WORD})(?:-(?:{_SMALL_WORD}))?)(?:[ -](?P<scale>{_SCALE_WORD}))?"
    rf"|an? (?P<alone>{_SCALE_WORD}))(?!\w){_PERCENT}",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t]*(?P<fence>```|~~~)[^\n]*\n(?P<code>.*?)^[ \t]*(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_WORD = re.compile(rf"\w[\w'’.,%\u200c\u200d{MARKS}-]*")
_SENTENCE_END = re.compile(r"[.?!\u061f\u06d4\u0964\u1362][\"')\]]*(?=\s|$)|[\u3002\uff01\uff1f]")


@dataclass(frozen=True)
class Number:
    """One number of a text: its value, whether it is a percentage, and how it is written there."""

    value: float
    percent: bool
    written: str

    @property
    def free(self) -> bool:
        """A count up to twelve that is no percentage may be said anywhere."""
        return not self.percent and self.value <= 12 and self.value == int(self.value)


def code_blocks(text: str) -> list[list[str]]:
    """The fenced blocks of code, each as its lines."""
    if "```" not in text and "~~~" not in text:
        return []
    return [match["code"].rstrip("\n").split("\n") for match in _FENCE.finditer(text)]


def without_code(text: str) -> str:
    """The text without blocks of code and code within lines."""
    return _CODE.sub(" ", _FENCE.sub(" ", text)) if "`" in text or "~~~" in text else text


@lru_cache(maxsize=16384)
def words(text: str) -> int:
    """How many words are spoken; code is not. Where a script has no spaces, they are reckoned from its letters."""
    spoken = without_code(text)
    return len(_WORD.findall(without_unspaced(spoken))) + round(words_spoken(spoken))


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return max(1, len(_SENTENCE_END.findall(text.strip()))) if text.strip() else 0


def minutes_aloud(texts: Iterable[str]) -> float:
    """How long it takes to say some texts, their code typed."""
    spoken = (words(text) + WORDS_A_LINE_OF_CODE * sum(map(len, code_blocks(text))) for text in texts)
    return sum(spoken) / WORDS_A_MINUTE


@lru_cache(maxsize=16384)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text, in order: "1,200", "96%", "two hundred"; not times of day, names such as "L2", or code."""
    plain = without_code(text)
    if _DIGIT.search(plain):
        plain = _NAME.sub(lambda match: " " * len(match[0]), _TIME_OF_DAY.sub(" ", plain))
    found = sorted([*_figures(plain), *_in_words(plain)], key=lambda found: found[0])
    return tuple(number for _, number in found)


def _figures(text: str) -> Iterator[tuple[int, Number]]:
    for match in _FIGURE.finditer(text):
        value = float(match["figure"].replace(",", "").replace("_", ""))
        value *= _SUFFIXES.get(match["suffix"] or "", 1) * _SCALES.get(match["scale"] or "", 1)
        yield match.start(), Number(value, bool(match["percent"]), match[0].strip())


def _in_words(text: str) -> Iterator[tuple[int, Number]]:
    for match in _IN_WORDS.finditer(text):
        scale = _SCALES.get((match["scale"] or match["alone"] or "").lower(), 1)
        value = scale * sum(_SMALL[part] for part in match["small"].lower().split("-")) if match["small"] else scale
        yield match.start(), Number(float(value), bool(match["percent"]), match[0].strip())


def stands_among(number: Number, values: Iterable[float], *, rounded: bool = False) -> bool:
    """Whether a number is one of the values or, ``rounded``, one of them said with two or three significant digits."""
    for value in values:
        said = [value, *(float(f"{value:.{digits}g}") for digits in (2, 3))] if rounded else [value]
        if any(abs(number.value - one) <= 1e-9 * max(1.0, abs(one)) for one in said):
            return True
    return False
