"""Rules about answers: long enough to help, short enough to say, and no number that comes from nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from math import ceil, floor
from typing import Any

import snowballstemmer

from studyguide.checks import arithmetic
from studyguide.checks.common import is_english, language, repeated, unvetted_cards
from studyguide.content import characters
from studyguide.content.models import Card, Term
from studyguide.content.read import Content, Item
from studyguide.content.speech import code_blocks, minutes_aloud, numbers, sentences, stands_among, words
from studyguide.content.validate import shown_location
from studyguide.problems import Problem

#: For each form: the least and most moves, follow-ups and red flags.
ENTRIES: dict[str, dict[str, tuple[int, int]]] = {
    "situation": {"strong_outline": (4, 5), "follow_ups": (2, 4), "red_flags": (2, 5)},
    "story": {"strong_outline": (4, 5), "follow_ups": (2, 4), "red_flags": (2, 5)},
    "question": {"strong_outline": (2, 4), "follow_ups": (1, 3), "red_flags": (1, 3)},
}
#: The most words of an outline's details.
OUTLINE_WORDS = {"situation": 380, "story": 380, "question": 280}
#: A design is told in one move more than other situations; its rounds have this word in their id.
DESIGN, DESIGN_MOVES = "design", 6
SAY_FIRST, SAY_FIRST_NUMBERS = (40, 80), 3
PROMPT_WORDS, PROMPT_NUMBERS = 60, 4
DETAIL_WORDS, BLOCK_LINES, CARD_LINES, MINUTES = 80, 25, 30, (1, 8)
OUTLINE_RESULTS, OUTLINE_NUMBERS = 4, 8
EXAMPLE_WORDS, EXAMPLE_NUMBERS, EXAMPLE_BEGINS = 160, 3, "(Invented.)"
TESTED_WORDS_OF_A_QUESTION = 25
ASK_FIRST_NUMBERS = 2
#: How a panel begins when it does not ask a question.
REQUESTS = (
    "Build Calculate Choose Code Compare Compute Convince Count Debug Defend Define Derive Describe Design "
    "Discuss Estimate Explain Find Fix Give Given Here Imagine Implement Improve Introduce List Make Merge Name "
    "Narrate Optimize Pick Plan Present Prove Read Return Review Say Show Sketch Solve Speed Suppose Take Talk "
    "Tell Walk Write"
)
_REQUEST = re.compile(rf"^({REQUESTS.replace(' ', '|')})\b")
#: Languages whose words are reduced to their stems, as snowball calls them.
STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can do does for from has have how i in is it its my not of on or our so than that "
        "the their this to was we were what when where which who why will with would you your",
    )
)


def first_words_can_be_said(content: Content) -> Iterator[Problem]:
    """`say_first` is what a candidate says at once: 40 to 80 words, with no number that the question does not hold.

    Bad: `say_first` of 120 words; "it costs $43" where the prompt names no price.
    Good: the plain answer in one sentence, then what you would do about the case.
    """
    for item in unvetted_cards(content):
        card = item.value
        length = words(card.say_first)
        remedy = "cut an idea, not words" if length > SAY_FIRST[1] else "say more"
        yield from _between(item, "say_first", length, SAY_FIRST, "words", remedy)
        if "[[" in card.say_first:
            message = "'say_first' must be words to say, found a value of a notebook: say it without the number"
            yield item.problem("say-first", message, "say_first")
        said = [number for number in numbers(card.say_first) if not number.free]
        yield from _at_most(item, ("say_first",), "say-first", len(said), SAY_FIRST_NUMBERS, "numbers")
        given = _values([card.prompt or "", *card.asked_as])
        for number in said:
            if not stands_among(number, given):
                message = (
                    f"'say_first' must use numbers of the prompt, found {number.written}: say it without, or add it"
                )
                yield item.problem("say-first", message, "say_first")


def outlines_can_be_said(content: Content) -> Iterator[Problem]:
    """An outline fits its form: a situation or story has four or five moves and at most 380 words, a question two to
    four moves and 280 words; a detail has at most 80 words, and a card at most 30 lines of code.

    Bad: seven moves; a detail of 130 words; a program of 60 lines.
    Good: one idea in each move, in whole sentences.
    """
    for item in unvetted_cards(content):
        card = item.value
        for name, (least, most) in ENTRIES[card.form].items():
            design = name == "strong_outline" and card.form == "situation" and DESIGN in card.round.split("-")
            bounds = (least, DESIGN_MOVES if design else most)
            yield from _between(
                item, name, len(getattr(card, name)), bounds, f"entries in a {card.form}", "add or merge"
            )
        lines = 0
        for index, move in enumerate(card.strong_outline):
            here = ("strong_outline", index, "detail")
            yield from _at_most(item, here, "outline", words(move.detail), DETAIL_WORDS, "words")
            for block in code_blocks(move.detail):
                lines += len(block)
                yield from _at_most(item, here, "outline", len(block), BLOCK_LINES, "lines of code in a block")
        total = sum(words(move.detail) for move in card.strong_outline)
        yield from _at_most(item, ("strong_outline",), "outline", total, OUTLINE_WORDS[card.form], "words")
        yield from _at_most(item, ("strong_outline",), "outline", lines, CARD_LINES, "lines of code")
        minutes = minutes_aloud([card.say_first, *(move.detail for move in card.strong_outline)])
        if not MINUTES[0] <= minutes <= MINUTES[1]:
            # Rounded away from the limit: what is too short by a little must not read "takes 1.0".
            takes, remedy = (floor, "say more") if minutes < MINUTES[0] else (ceil, "cut an idea")
            message = (
                f"the answer must take {MINUTES[0]} to {MINUTES[1]} minutes to say, takes {takes(minutes * 10) / 10}: "
                f"{remedy}"
            )
            yield item.problem("outline", message, "strong_outline")
        yield from _at_most(item, ("takeaway",), "outline", sentences(card.takeaway), 3, "sentences")
        if card.form == "question":
            tested = words(card.whats_being_tested)
            yield from _at_most(
                item, ("whats_being_tested",), "outline", tested, TESTED_WORDS_OF_A_QUESTION, "words in a question"
            )


def numbers_come_from_somewhere(content: Content) -> Iterator[Problem]:
    """A number in the outline stands in the prompt, in `ask_first`, or in `workings` as an input or a result.

    Counts up to twelve, times of day and names ("L2") are free. At most four are results, and eight not in the prompt.

    Bad: "so 37% of the clicks are lost" where no prompt, assumption or formula gives 37.
    Good: `ask_first` asks how many clicks are lost and supposes a third.
    """
    for item in unvetted_cards(content):
        card = item.value
        given = _values([card.prompt or "", *card.asked_as])
        inputs, results = _workings(card)
        known = _values(chain.from_iterable((entry.ask, entry.suppose) for entry in card.ask_first)) | inputs
        derived: set[float] = set()
        unseen: set[float] = set()
        for index, move in enumerate(card.strong_outline):
            for name in ("move", "detail"):
                for number in numbers(getattr(move, name)):
                    if number.free or stands_among(number, given):
                        continue
                    unseen.add(number.value)
                    if stands_among(number, known):
                        continue
                    if stands_among(number, results, rounded=True):
                        derived.add(number.value)
                        continue
                    message = (
                        f"must be a number of the prompt, 'ask_first' or 'workings', found {number.written}: "
                        "say where it comes from, or say it without"
                    )
                    yield item.problem("number", message, "strong_outline", index, name)
        here = ("strong_outline",)
        yield from _at_most(item, here, "number", len(derived), OUTLINE_RESULTS, "results of workings")
        yield from _at_most(item, here, "number", len(unseen), OUTLINE_NUMBERS, "numbers that the prompt does not hold")


def prompts_are_short(content: Content) -> Iterator[Problem]:
    """A prompt has at most 60 words and four numbers, and the answer uses each of these. A plain question needs none.

    Bad: a prompt with twelve figures; "a team of 14" that no move comes back to.
    Good: the two or three figures that decide.
    """
    for item in unvetted_cards(content):
        card = item.value
        if card.prompt is None:
            if card.form != "question":
                message = f"must have 'prompt', found none in a {card.form}: add it, or make it a question"
                yield item.problem("prompt", message)
            continue
        found = [number for number in numbers(card.prompt) if not number.free]
        yield from _at_most(item, ("prompt",), "prompt", words(card.prompt), PROMPT_WORDS, "words")
        yield from _at_most(item, ("prompt",), "prompt", len(found), PROMPT_NUMBERS, "numbers")
        used = _values(_answer(card)) | {float(figure) for figure in _figures(card)} if found else set()
        for number in found:
            share = replace(number, value=number.value / 100)
            if not stands_among(number, used) and not stands_among(share, used):
                message = f"each number must be used in the answer, found {number.written} unused: use it or drop it"
                yield item.problem("prompt", message, "prompt")


def stories_have_an_example(content: Content) -> Iterator[Problem]:
    """A story shows one example, marked as invented, of at most 160 words and three numbers; other cards have none, and
    a story has nothing to ask first. What is asked first supposes at most two numbers.

    Bad: `form: story` without `example`; an example that begins "At my last job".
    Good: `example: (Invented.) "I once ..."`.
    """
    english = is_english(content)
    for item in unvetted_cards(content):
        card = item.value
        if (card.form == "story") != (card.example is not None):
            found = "none" if card.example is None else f"one in a {card.form}"
            message = f"a story, and only a story, must have 'example', found {found}: add it, move it or leave it out"
            yield item.problem("example", message, *(() if card.example is None else ("example",)))
        if card.form == "story" and card.ask_first:
            yield item.problem("example", "a story must have no 'ask_first', found one: remove it", "ask_first")
        for index, entry in enumerate(card.ask_first):
            here = ("ask_first", index, "suppose")
            yield from _at_most(item, here, "example", len(numbers(entry.suppose)), ASK_FIRST_NUMBERS, "numbers")
        if card.example is not None:
            if not card.example.startswith(EXAMPLE_BEGINS if english else ("(", "\uff08")):
                message = f"must begin with {EXAMPLE_BEGINS}, found '{card.example[:20]}': mark it as invented"
                yield item.problem("example", message, "example")
            told = card.example.removeprefix(EXAMPLE_BEGINS)
            count = len({number.value for number in numbers(told) if not number.free})
            yield from _at_most(item, ("example",), "example", words(told), EXAMPLE_WORDS, "words")
            yield from _at_most(item, ("example",), "example", count, EXAMPLE_NUMBERS, "numbers")


def questions_are_asked(content: Content) -> Iterator[Problem]:
    """`asked_as` holds what an interviewer says or a candidate types; no two cards are asked in the same words.

    Bad: `Overfitting`; the same line in two cards.
    Good: `What is overfitting?`, `Tell me about a conflict with a coworker.`
    """
    english = is_english(content)
    asked = [(item, index, line) for item in content.cards for index, line in enumerate(item.value.asked_as)]
    for item, index, line in asked:
        if english and not line.endswith(("?", "\uff1f", "\u061f")) and not _REQUEST.match(line):
            message = f"must end as a question or begin as a panel does ('Tell me ...'), found '{line[:40]}': say it so"
            yield item.problem("asked-as", message, "asked_as", index)
    for (item, index, _), (first, _, _) in repeated((" ".join(characters.words(each[2])), each) for each in asked):
        message = f"must differ from every other question, found that of {first.path}: change one"
        yield item.problem("asked-as", message, "asked_as", index)


def terms_are_used(content: Content) -> Iterator[Problem]:
    """The words a panel listens for are said: each of `terms` stands in the answer, by an alias or a form too.

    The title names the subject: it shares a word with `asked_as` or with a term.

    Bad: `terms: [recall]` in an answer that never says recall; a title that riddles.
    Good: "Shadow deployment: what it can't show".
    """
    terms = {item.id: item.value for item in content.glossary}
    lang = language(content)
    for item in content.cards:
        card = item.value
        spoken = " ".join(_spoken(card))
        said = f" {' '.join(_stems(spoken, lang))} "
        for index, name in enumerate(card.terms):
            if name in terms and not any(_is_said(form, spoken, said, lang) for form in _forms(terms[name])):
                message = f"must be said in the answer, found '{terms[name].term}' nowhere: say it, or take it out"
                yield item.problem("term-unused", message, "terms", index)
        if lang != "en" or not terms.keys() >= set(card.terms):
            continue
        named = [*card.asked_as, *chain.from_iterable(_forms(terms[name]) for name in card.terms if name in terms)]
        title = {stem for word in _words(card.title) if word not in _SMALL_WORDS for stem in _stems(word)}
        if not title & set(_stems(" ".join(named))):
            message = "must share a word with 'asked_as' or a term, shares none: name the subject in the field's words"
            yield item.problem("title", message, "title")


def _values(texts: Any) -> set[float]:
    return {number.value for text in texts for number in numbers(text)}


def _workings(card: Card) -> tuple[set[float], set[float]]:
    """The values that are put in, and those that come out, as printed and as computed."""
    inputs: set[float] = set()
    results: set[float] = set()
    for working, value in arithmetic.values(card.workings):
        if isinstance(value, arithmetic.FormulaError):
            continue
        into = inputs if re.fullmatch(r"[\d_.]+", working.formula.strip()) else results
        into |= {value, *(number.value for number in numbers(working.result)[:1])}
        if (printed := arithmetic.printed_number(working.result)) is not None:
            into.add(float(printed))
    return inputs, results


def _spoken(card: Card) -> Iterator[str]:
    """What is said, follow-ups included."""
    yield from (card.say_first, card.takeaway, card.example or "")
    for move in card.strong_outline:
        yield from (f"{move.move}.", move.detail)
    for follow_up in card.follow_ups:
        yield from (follow_up.ask, follow_up.listen_for)


def _answer(card: Card) -> Iterator[str]:
    """Everything in which a number of the prompt may come back."""
    yield from _spoken(card)
    yield from (card.weak_answer.says, card.weak_answer.misses, *card.red_flags)
    yield from (working.result for working in card.workings)


def _figures(card: Card) -> Iterator[str]:
    """The numbers within formulas and code."""
    for text in (*(working.formula for working in card.workings), *(move.detail for move in card.strong_outline)):
        yield from (figure.replace("_", "") for figure in re.findall(r"\d[\d_]*(?:\.\d+)?", text))


def _forms(term: Term) -> tuple[str, ...]:
    return (term.term, *term.aliases, *term.forms)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


_WORD = re.compile(rf"{characters.WORD}(?:[+#]+)?")


@cache
def _stem(word: str, lang: str) -> str:
    return str(_stemmer(lang).stemWord(word)) if lang in STEMMED else word


@cache
def _stemmer(lang: str) -> Any:
    return snowballstemmer.stemmer(STEMMED[lang])


def _stems(text: str, lang: str = "en") -> list[str]:
    return [_stem(word, lang) for word in _words(text)]


def _is_said(form: str, spoken: str, said: str, lang: str) -> bool:
    """Whether a form of a term is used. Beyond English, also within a word: some languages join words, or part none."""
    return f" {' '.join(_stems(form, lang))} " in said or (
        (lang != "en" or not form.isascii()) and form.casefold() in spoken.casefold()
    )


def _at_most(
    item: Item[Any], loc: tuple[str | int, ...], rule: str, found: int, most: int, what: str
) -> Iterator[Problem]:
    if found > most:
        message = f"{shown_location(loc)} must have at most {most} {what}, found {found}: cut an idea, not words"
        yield item.problem(rule, message, *loc)


def _between(
    item: Item[Any], name: str, found: int, bounds: tuple[int, int], what: str, remedy: str
) -> Iterator[Problem]:
    least, most = bounds
    if not least <= found <= most:
        rule = "say-first" if name == "say_first" else "outline"
        yield item.problem(rule, f"'{name}' must have {least} to {most} {what}, found {found}: {remedy}", name)
