"""Whatever bytes and texts come in, readers answer with a value or with problems, each on a line, and never crash."""

from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import TINY
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.checks import arithmetic
from studyguide.checks.rules import check
from studyguide.content.models import Card
from studyguide.content.read import Content, Item
from studyguide.content.validate import shape
from studyguide.content.yaml_source import parse
from studyguide.notebooks.outputs import shown_outputs
from studyguide.text import markdown

SOUND = yaml.safe_load((TINY / "cards" / "bench" / "dense-loaf.yml").read_text(encoding="utf-8"))


def pieces(signs: str) -> st.SearchStrategy[str]:
    """Texts of a notation's own signs, some many times over, among other characters."""
    one = st.one_of(st.sampled_from(signs.split(" ")), st.text(max_size=5), st.just("\n"))
    return st.lists(st.builds(str.__mul__, one, st.sampled_from([1, 1, 1, 2, 40, 2_000])), max_size=8).map("".join)


yaml_text = pieces(
    "a: - [ ] { } &a *a !!int !x | >- \" ' # %YAML --- ... ? : , <<: ~ 1:30 0x1 .nan 2026-11-01 \\u202E \t"
)
markdown_text = pieces(
    "* ** _ ` ``` ~~~ [ ]( ) ![ < > <!-- <a & &#x202E; | # - 1. > \\ javascript: [a]: ~~ [[a:b]] $ $$"
)
formula = pieces("1 9 . e9 ( ) + - * ** / // % , sqrt( comb( max( round( x j inf nan _ ' [ lambda: << ~ not")
svg = pieces(
    "<g> </g> <path /> style='fill:url( ' <script> --> &lt; &#1; <!ENTITY <![CDATA[ ]]> <text> <use href='//x'/>"
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | markdown_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
outputs = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["display_data", "execute_result", "stream"])},
    optional={
        "text": st.text(max_size=50),
        "data": st.dictionaries(
            st.sampled_from(["image/svg+xml", "image/png", "text/html", "text/plain", "application/javascript"]),
            svg.map(lambda text: f'<svg xmlns="http://www.w3.org/2000/svg">{text}</svg>') | svg | markdown_text,
            max_size=3,
        ),
    },
)


@st.composite
def spoilt_cards(draw: st.DrawFn) -> bytes:
    """A sound card in which one value, at any depth, is exchanged for another."""
    card = copy.deepcopy(SOUND)
    parent: Any = card
    while True:
        step = draw(st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(len(parent))))
        if not (isinstance(parent[step], dict | list) and parent[step] and draw(st.booleans())):
            break
        parent = parent[step]
    parent[step] = draw(values)
    return yaml.safe_dump(card, allow_unicode=draw(st.booleans()), sort_keys=False).encode("utf-8", "surrogatepass")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=500) | yaml_text.map(lambda text: text.encode("utf-8", "surrogatepass")) | spoilt_cards())
def test_bytes_become_a_card_or_problems_of_one_line_each(raw: bytes) -> None:
    source, problems = parse(raw, "card.yml")
    assert (source is None) == bool(problems)
    card, more = shape(Card, source) if source is not None else (None, [])
    if source is not None and card is not None:
        more += check(Content(Path(), cards=[Item("card", card, source)]))
    assert not [problem for problem in [*problems, *more] if "\n" in str(problem) or problem.line < 1]


@pytest.mark.parametrize(
    "raw", [b"!!int", b"!!float", b"!!bool maybe", b"!!timestamp x", b"a: !!int ''", b"a: 0b", b"a: 0x_"]
)
def test_values_that_the_yaml_library_chokes_on_are_problems(raw: bytes) -> None:
    """The library's own constructors raise IndexError, KeyError and AttributeError for some."""
    source, problems = parse(raw, "card.yml")
    assert (source is None) == bool(problems)


@settings(max_examples=200, deadline=None)
@given(formula)
def test_a_formula_has_a_value_or_a_problem(text: str) -> None:
    with suppress(arithmetic.FormulaError):
        value = arithmetic.evaluate(text[:200], {"x": 3.0})
        for result in (text[:80], f"{value} a day"):
            if printed := arithmetic.printed_number(result):
                arithmetic.rounds_to(value, printed)


@settings(max_examples=200, deadline=None)
@given(markdown_text)
def test_any_markdown_becomes_html_and_plain_text(text: str) -> None:
    list(markdown.refusals(text))
    markdown.to_html(text)
    markdown.to_inline_html(text)
    markdown.to_plain(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(outputs, max_size=3))
def test_outputs_are_shown_or_refused(given_outputs: list[dict[str, Any]]) -> None:
    with suppress(ValueError):  # what the build reports as an output that is not fit for a page
        shown_outputs(given_outputs, "A picture")
