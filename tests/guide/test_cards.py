"""The cards themselves: their code runs, and they are cards of this guide."""

from __future__ import annotations

import contextlib
import doctest
import re
import sqlite3
from pathlib import Path

import pytest
from conftest import the_guide
from studyguide.catalogue import CardItem
from studyguide.content.card_yaml import slug
from studyguide.text.markdown import fences

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = the_guide()
ROUNDS = (
    "ml-fundamentals", "deep-learning", "notebook-coding", "coding-screen", "mlops", "genai-systems",
    "ml-system-design", "project-deep-dive", "behavioral", "responsible-ai", "case-study",
)  # fmt: skip


def code(card: CardItem) -> list[tuple[str, str]]:
    """The fenced blocks of a card's answer, in order: (language, code). What a prompt shows need not run by itself."""
    answer = (text for loc, text in card.texts if loc[0] != "prompt")
    return [(language, block) for text in answer for language, block, _ in fences(text)]


WITH_PYTHON = [card for card in CATALOGUE.cards if any(language == "python" for language, _ in code(card))]
WITH_SQL = [card for card in CATALOGUE.cards if any(language == "sql" for language, _ in code(card))]


def test_the_command_that_a_newcomer_copies_writes_a_card() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    ((round_, title),) = re.findall(r'ROUND=(\S+) TITLE="([^"]+)"', text)
    assert round_ in CATALOGUE.round
    assert title not in {card.value.title for card in CATALOGUE.cards}
    assert slug(title) not in CATALOGUE.card


@pytest.mark.parametrize("card", WITH_PYTHON, ids=lambda card: card.id)
def test_python_in_a_card_runs_and_prints_what_it_says(card: CardItem) -> None:
    namespace: dict[str, object] = {}
    parser = doctest.DocTestParser()
    for number, (language, block) in enumerate(code(card)):
        if language != "python":
            continue
        if ">>>" not in block:
            exec(compile(block, f"{card.path} block {number}", "exec"), namespace)  # noqa: S102 - reviewed content
            continue
        runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
        report: list[str] = []
        test = parser.get_doctest(block, namespace, card.id, card.path, 0)
        runner.run(test, out=report.append, clear_globs=False)
        namespace = test.globs
        assert report == []


@pytest.mark.parametrize("card", WITH_SQL, ids=lambda card: card.id)
def test_sql_in_a_card_gives_the_rows_it_says(card: CardItem) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        blocks = code(card)
        for (language, block), following in zip(blocks, [*blocks[1:], ("", "")], strict=True):
            if language != "sql":
                continue
            rows = run_sql(database, block)
            if following[0] == "text":
                expected = [re.sub(r"\s*\|\s*", " | ", line.strip()) for line in following[1].strip().splitlines()]
                assert rows == expected


def run_sql(database: sqlite3.Connection, block: str) -> list[str]:
    """Run the statements of a block; the rows of the last one, as a card shows them."""
    rows: list[str] = []
    statement = ""
    for line in f"{block.rstrip().rstrip(';')};".splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found = database.execute(statement).fetchall()
            rows = [" | ".join("NULL" if value is None else str(value) for value in row) for row in found]
            statement = ""
    assert not statement.strip(), "a statement is not complete"
    return rows


def test_the_eleven_rounds_are_there_in_order_and_none_is_empty() -> None:
    assert tuple(CATALOGUE.round) == ROUNDS
    assert all(CATALOGUE.cards_of_round.get(name) for name in ROUNDS)


def test_at_least_six_cards_rest_on_a_notebook_that_ran() -> None:
    assert len([card for card in CATALOGUE.cards if card.value.evidence]) >= 6


def test_every_item_of_a_checklist_leads_to_a_card() -> None:
    bare = [(sheet.id, box.ask) for sheet in CATALOGUE.checklists for box in sheet.value.items if not box.card]
    assert bare == []


def test_every_role_has_questions_of_its_own() -> None:
    """Cards that its page gives first, and no other role's page; from them it takes the questions that it shows."""
    first = {role.id: set(role.value.must_do) for role in CATALOGUE.roles}
    own = {
        name: cards - set().union(*(first[other] for other in first if other != name)) for name, cards in first.items()
    }
    assert {name: len(cards) for name, cards in own.items() if len(cards) < 4} == {}


def test_nothing_that_cannot_be_verified_is_repeated() -> None:
    """Names and figures in circulation that have no source."""
    pattern = re.compile(
        r"Anya Sharma|NovaTech|Uptor|AIToolboard|AI Agents Kit|GPT-[34]|Claude [0-9]|Llama [0-9]|Gemini [0-9]"
    )
    for item in CATALOGUE.cards:
        for loc, text in item.texts:
            assert not pattern.search(text), f"{item.path} {loc}"
