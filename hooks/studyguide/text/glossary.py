"""Terms of the glossary: found in texts, and linked once a page.

`text.markdown` links them in content's Markdown, `link_terms` in the HTML of the hand-written pages.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from studyguide.content.characters import MARKS, UNSPACED

#: Elements whose words stay as they are: links and controls, headings and what is no prose.
_NOT_IN = frozenset(
    {"a", "abbr", "button", "code", "label", "math", "pre", "script", "style", "summary", "svg", "th"}
    | {f"h{level}" for level in range(1, 7)}
)
#: A word and its marks; where a script has no spaces, each character begins one.
_SPACED = rf"(?![{UNSPACED}])[\w{MARKS}\u200c\u200d-]"
_WORD, _ASCII_WORD = re.compile(rf"[{UNSPACED}]|(?:{_SPACED})+"), re.compile(r"[\w-]+")
_GOES_ON = re.compile(rf"{_SPACED}|\.\d")


class Glossary:
    """Finds the spellings of terms in texts, in time that grows with the text and not with the number of terms.

    ``spellings`` maps every spelling to the id of its term. A spelling stands for itself where no letter, digit,
    underscore or hyphen touches it; a plural s belongs to the word, and decimals to their number; the longest spelling
    wins. Words count in any case, but for those with capitals after their first letter: PSI is not psi, nor mAP a map.
    """

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._spellings = spellings
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for spelling, id_ in sorted(spellings.items(), key=lambda found: (-len(found[0]), found[0])):
            lower = spelling.lower()
            first = _WORD.match(lower)
            if first is None:
                continue  # the checker refuses it
            plurals = (f"{first[0]}s",) if first[0] == lower else ()
            for word in (first[0], *plurals):
                self._by_first.setdefault(word, []).append((spelling, id_))

    def only(self, ids: Container[str]) -> Glossary:
        """A glossary of some of the terms."""
        return Glossary({spelling: id_ for spelling, id_ in self._spellings.items() if id_ in ids})

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every use of a term in the text, from left to right: (start, end, id)."""
        lower = text.lower()
        if len(lower) != len(text):  # a few letters change their length; a text that holds one keeps its case
            lower = text
        done = 0
        for word in (_ASCII_WORD if lower.isascii() else _WORD).finditer(lower):
            candidates = self._by_first.get(word[0])
            if candidates is None or word.start() < done:
                continue
            for spelling, id_ in candidates:
                end = _end_of_word(lower, word.start(), spelling.lower())
                if end and _same_capitals(text, word.start(), spelling):
                    yield word.start(), end, id_
                    done = end
                    break


def folded(spelling: str) -> str:
    """What two spellings share that are found in the same texts: each word in lower case, or as its capitals are."""
    return _WORD.sub(lambda word: word[0] if _has_capitals_within(word[0]) else word[0].lower(), spelling)


def _has_capitals_within(word: str) -> bool:
    return word[1:] != word[1:].lower()


def _end_of_word(text: str, start: int, spelling: str) -> int:
    """Where the spelling, or its plural, ends as a whole word; 0 where it does not stand at ``start``."""
    if not text.startswith(spelling, start):
        return 0
    end = start + len(spelling)
    if text.startswith("s", end):
        end += 1
    return 0 if _GOES_ON.match(text, end) else end


def _same_capitals(text: str, start: int, spelling: str) -> bool:
    """Whether the words of a spelling that have capitals within stand in the text as they are written."""
    return text.startswith(spelling, start) or all(
        text.startswith(word[0], start + word.start())
        for word in _WORD.finditer(spelling)
        if _has_capitals_within(word[0])
    )


class Linker:
    """Links the first use of each glossary term on a page to its entry.

    ``terms`` maps the id of every term to (address of the entry, definition). One linker serves one page: it remembers
    which it has linked; those in ``not_here`` it never links.
    """

    def __init__(self, glossary: Glossary, terms: Mapping[str, tuple[str, str]], not_here: Iterable[str] = ()) -> None:
        self.glossary = glossary
        self.terms = terms
        self.linked: set[str] = set(not_here)

    def split(self, text: str) -> Iterator[tuple[str, tuple[str, str] | None]]:
        """The text in pieces, each with the entry it should link to, if any."""
        done = 0
        for start, end, id_ in self.glossary.find(text):
            if id_ in self.linked:
                continue
            self.linked.add(id_)
            yield text[done:start], None
            yield text[start:end], self.terms[id_]
            done = end
        yield text[done:], None


def link_terms(html: str, linker: Linker) -> str:
    """The HTML with the first use of each glossary term in its prose linked to the entry."""
    # Imported here, because it takes longer than everything else of ours, and what came of it is kept.
    from bs4 import BeautifulSoup
    from bs4.element import CData, Comment, NavigableString

    soup = BeautifulSoup(html, "html.parser")
    for words in soup.find_all(string=True):
        if isinstance(words, Comment | CData) or any(parent.name in _NOT_IN for parent in words.parents):
            continue
        pieces = list(linker.split(str(words)))
        if all(entry is None for _, entry in pieces):
            continue
        for piece, entry in pieces:
            if entry is None:
                words.insert_before(NavigableString(piece))
                continue
            link = soup.new_tag("a", attrs={"class": "term", "href": entry[0], "title": entry[1]})
            link.string = piece
            words.insert_before(link)
        words.extract()
    return str(soup)
