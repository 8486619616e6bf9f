"""What characters are, as far as rules ask: tables of our own, because those of Python change with its version.

From the Unicode Character Database 16.0 (https://www.unicode.org/Public/16.0.0/ucd/).
"""

from __future__ import annotations

import re
import unicodedata

#: Controls (line ends aside), formats, fillers, private and lone ones: there, but not seen. Not among them: signs of
#: Arabic and Syriac that Unicode counts as formats (U+0600), and the selectors of a variant.
_HIDDEN = (
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"
)
#: Vowel signs, points and other marks that stand over, under or around a letter, and are no letters to Python.
MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d"
    r"\u0859-\u085b\u0898-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd"
    r"\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2\u0ae3"
    r"\u0afa-\u0aff\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c56"
    r"\u0c62\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d62\u0d63"
    r"\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19"
    r"\u0f35\u0f37\u0f39\u0f3e\u0f3f\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    r"\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u1712-\u1715\u1732-\u1734"
    r"\u17b4-\u17d3\u17dd\u180b-\u180d\u180f\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1ace\u1b00-\u1b04"
    r"\u1b34-\u1b44\u1b6b-\u1b73\u1b80-\u1b82\u1ba1-\u1bad\u1be6-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2\u1cd4-\u1cf9\u1dc0-\u1dff"
    r"\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f"
    r"\ua6f0\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880\ua881\ua8b4-\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d"
    r"\ua947-\ua953\ua980-\ua983\ua9b3-\ua9c0\ua9e5\uaa29-\uaa36\uaa43\uaa4c\uaa4d\uaa7b-\uaa7d\uaab0-\uaac1\uaaeb-\uaaef"
    r"\uaaf5\uaaf6\uabe3-\uabea\uabec\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f"
)
#: Chinese characters and Japanese kana: a character says about as much as three Latin letters.
_DENSE = r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # noqa: E501
#: Thai, Lao, Tibetan, Myanmar and Khmer: letters, with no space between words.
_RUNNING = r"\u0e01-\u0e4e\u0e81-\u0ece\u0f40-\u0fbc\u1000-\u109d\u1780-\u17d3"
#: Scripts whose letters join or stack, where a joiner between two says whether they do.
_JOINED = r"\u0620-\u065f\u066e-\u06d3\u06d5\u06ea-\u07fa\u0840-\u0dff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\u1807-\u18aa\u1900-\u1cff\ua800-\ua97c\ua980-\ua9ff\uaa00-\uabff\ufb50-\ufdcf\ufe70-\ufefc\U00011000-\U00011fff"  # noqa: E501
#: What takes a letter's vowel away; a joiner after one may end a word (Malayalam).
_VIRAMA = r"\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
#: Letters of scripts that run from the right.
_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"

_JOINER = rf"(?:(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])|(?<=[{_VIRAMA}])[\u200c\u200d])"
_HIDDEN_ONE = re.compile(rf"(?!{_JOINER})[{_HIDDEN}]")
#: A word as it is written, marks and joiners within; in scripts without spaces a run of words.
WORD = rf"[^\W_](?:[^\W_]++|[{MARKS}\u200c\u200d])*+"
_WORD = re.compile(WORD)
#: Letters of scripts that put no spaces between words.
UNSPACED = _DENSE + _RUNNING
_UNSPACED = re.compile(f"[{UNSPACED}]")
_DENSE_ONE, _RUN = re.compile(f"[{_DENSE}]"), re.compile(rf"[{_RUNNING}]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_RIGHT_ONE = re.compile(f"[{_RIGHT}]")
#: Letters of Thai and its like to a word, and Chinese characters to one, roughly.
_LETTERS_A_WORD, _CHARACTERS_A_WORD = 4, 1.6

#: The names of the hidden ones that people meet.
_NAMES = {
    "\u00ad": "SOFT HYPHEN", "\u200b": "ZERO WIDTH SPACE", "\u200c": "ZERO WIDTH NON-JOINER",
    "\u200d": "ZERO WIDTH JOINER", "\u200e": "LEFT-TO-RIGHT MARK", "\u200f": "RIGHT-TO-LEFT MARK",
    "\u061c": "ARABIC LETTER MARK", "\u2028": "LINE SEPARATOR", "\u2029": "PARAGRAPH SEPARATOR",
    "\u202a": "LEFT-TO-RIGHT EMBEDDING", "\u202b": "RIGHT-TO-LEFT EMBEDDING", "\u202c": "POP DIRECTIONAL FORMATTING",
    "\u202d": "LEFT-TO-RIGHT OVERRIDE", "\u202e": "RIGHT-TO-LEFT OVERRIDE", "\u2060": "WORD JOINER",
    "\u2062": "INVISIBLE TIMES", "\u2066": "LEFT-TO-RIGHT ISOLATE", "\u2067": "RIGHT-TO-LEFT ISOLATE",
    "\u2068": "FIRST STRONG ISOLATE", "\u2069": "POP DIRECTIONAL ISOLATE", "\ufeff": "ZERO WIDTH NO-BREAK SPACE",
    "\u3164": "HANGUL FILLER",
}  # fmt: skip


def hidden_places(text: str) -> list[int]:
    """Where characters stand that are there but not seen. A joiner is none where its script needs it."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return []
    return [match.start() for match in _HIDDEN_ONE.finditer(text)]


def hidden(text: str) -> str:
    """The first character of a text that is there but not seen; an empty string where there is none."""
    return next((text[place] for place in hidden_places(text)), "")


def hidden_message(char: str) -> str:
    if char == "\ufeff":
        return (
            "must hold visible characters only, found a byte-order mark (U+FEFF): save the file as UTF-8 without one "
            "(editors call it 'UTF-8', not 'UTF-8 with BOM')"
        )
    if char == "\t":
        return "must hold visible characters only, found a tab (U+0009): put spaces"
    if char == "\r":
        return "must end its lines in LF or CRLF, found a carriage return alone (U+000D): save the file with either"
    name = _NAMES.get(char, "TAG CHARACTER" if "\U000e0000" <= char <= "\U000e007f" else "unnamed")
    return f"must hold visible characters only, found U+{ord(char):04X} ({name}): delete it"


def shown_character(char: str) -> str:
    """A character for a message: as it is, and its code and name."""
    return f"'{char}' (U+{ord(char):04X}, {unicodedata.name(char, 'without a name').lower()})"


def words(text: str) -> list[str]:
    """The words of a text, folded; of scripts without spaces, each character stands for one."""
    found: list[str] = []
    for word in _WORD.findall(text.casefold()):
        found += word if _UNSPACED.search(word) else (word,)
    return found


def words_spoken(text: str) -> float:
    """How many words the parts of a text have that are written without spaces."""
    if text.isascii():
        return 0
    return len(_DENSE_ONE.findall(text)) / _CHARACTERS_A_WORD + len("".join(_RUN.findall(text))) / _LETTERS_A_WORD


def without_unspaced(text: str) -> str:
    """The text without its parts that are written without spaces."""
    return text if text.isascii() else _UNSPACED.sub(" ", text)


#: How many Latin letters one character stands for at most.
MOST_A_CHARACTER = 3


def length(text: str) -> int:
    """A length as it would be in Latin letters: a Chinese character or a kana counts three, a Korean syllable two."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_DENSE_ONE.findall(text)) + len(_HANGUL.findall(text))


def runs_from_the_right(text: str) -> bool:
    """Whether a text holds letters of a script that runs from the right."""
    return not text.isascii() and _RIGHT_ONE.search(text) is not None
