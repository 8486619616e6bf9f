"""Glossary terms in HTML that is already made: the hand-written pages, whose Markdown is not ours to render."""

from __future__ import annotations

from studyguide.text.markdown import Linker

#: Elements whose words stay as they are: links and controls, headings and what is no prose.
_NOT_IN = frozenset(
    {"a", "abbr", "button", "code", "label", "math", "pre", "script", "style", "summary", "svg", "th"}
    | {f"h{level}" for level in range(1, 7)}
)


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
