"""What the search knows of a card: the words that it says most, beside how many cards say them."""

from __future__ import annotations

from conftest import TINY
from studyguide.catalogue import require_catalogue
from studyguide.pages.search_entries import SUBJECT_WORDS, subject_words


def test_a_card_is_known_by_words_that_it_says_often_and_others_seldom() -> None:
    cards = require_catalogue(TINY).cards
    words = subject_words(cards)
    assert set(words) == {card.id for card in cards}
    assert all(len(found) == SUBJECT_WORDS and found == sorted(found) for found in words.values())
    assert {"starter", "thermometer"} <= set(words["dense-loaf"]), "one is said often, a follow-up asks with the other"
    assert not {"the", "and", "bread"} & set().union(*words.values())


def test_a_word_of_every_card_is_of_no_card_in_particular() -> None:
    (card, *_) = require_catalogue(TINY).cards
    alone = subject_words([card])[card.id]  # every word is in all of the cards, so the alphabet decides
    assert alone == sorted(alone)
    assert subject_words([]) == {}
