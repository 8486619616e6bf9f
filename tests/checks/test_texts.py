"""What a text would lose on the page is refused: bullets of word processors, stars of products, a term's spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from studyguide.catalogue import load_catalogue

MOVE = "A close, gummy crumb says young dough;"


def messages(tiny: Path, file: str, find: str, put: str) -> list[str]:
    text = (tiny / file).read_text(encoding="utf-8")
    assert find in text
    (tiny / file).write_text(text.replace(find, put, 1), encoding="utf-8")
    return [problem.message for problem in load_catalogue(tiny)[1]]


@pytest.mark.parametrize("style", [">", "|"])
@pytest.mark.parametrize("bullet", "\u2022\u2023\u25e6\u25aa\u25cf")
def test_a_list_with_the_bullets_of_a_word_processor_is_refused(bullet: str, style: str, tiny: Path) -> None:
    put = f"    detail: {style}\n      In order:\n      {bullet} the crumb\n      {bullet} the crust\n      {MOVE}"
    (message,) = messages(tiny, "cards/bench/dense-loaf.yml", f"    detail: >\n      {MOVE}", put)
    assert f"must begin the lines of a list with '- ', found '{bullet} the crumb': write so, under '|'" in message


@pytest.mark.parametrize("text", ["2*3*4", "batch*heads*tokens", "2**3**4"])
def test_stars_that_would_be_emphasis_within_a_word_are_refused(text: str, tiny: Path) -> None:
    (message,) = messages(tiny, "cards/bench/dense-loaf.yml", MOVE, f"Of {text} loaves: {MOVE}")
    assert f"must keep its stars, found '{text}', which is emphasis" in message


@pytest.mark.parametrize("text", ["**bold**, *lean*", "2 * 3 * 4", "`2*3*4`", "$2*3*4$", "a*b", r"2\*3\*4"])
def test_other_stars_are_welcome(text: str, tiny: Path) -> None:
    assert messages(tiny, "cards/bench/dense-loaf.yml", MOVE, f"Of {text} loaves: {MOVE}") == []


@pytest.mark.parametrize("alias", ["-x", "@k precision"])
def test_a_term_begins_as_words_do(alias: str, tiny: Path) -> None:
    (message,) = messages(tiny, "glossary.yml", "aliases: [sourdough starter]", f'aliases: ["{alias}"]')
    assert message == f"a term must begin with a letter, a digit or an underscore, found '{alias}': put a word first"


@pytest.mark.parametrize("alias", ["crumb", "Crumb"])
def test_a_spelling_leads_to_one_term(alias: str, tiny: Path) -> None:
    (message,) = messages(tiny, "glossary.yml", "aliases: [sourdough starter]", f"aliases: [{alias}]")
    assert message == f"a spelling must belong to one term, found '{alias}', which 'crumb' has: name it once"


def test_spellings_are_one_where_texts_find_both_by_the_same_words(tiny: Path) -> None:
    put = "aliases: [Cold Proof, COLD proof]"  # capitals within a word are part of it
    (message,) = messages(tiny, "glossary.yml", "aliases: [sourdough starter]", put)
    assert message == "a spelling must belong to one term, found 'cold proof', which 'starter' has: name it once"
