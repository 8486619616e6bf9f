"""Markdown fields -> HTML, and what they may not hold."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st
from studyguide.text.glossary import Glossary, Linker
from studyguide.text.markdown import (
    fences,
    refusals,
    simple_spans,
    to_html,
    to_inline_html,
    to_plain,
)

ALLOWED = {"p", "em", "strong", "code", "pre", "a", "ul", "ol", "li", "blockquote", "br", "hr", "s", "table", "thead"}
ALLOWED |= {"tbody", "tr", "th", "td", "span", "div", "h3", "h4", "h5", "h6"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ config }}",
        "{% include 'x' %}",
        "{: .class #id onclick=x }",
        "*[HTML]: a trap",
        "--- \ntitle: x\n---",
        "[ref]: javascript:x",
        "&lt;script&gt;",
        "<svg/onload=alert(1)>",
    ],
)
def test_syntax_of_templates_and_extensions_is_plain_text(text: str) -> None:
    soup = BeautifulSoup(to_html(text), "html.parser")
    assert not soup.find(["script", "abbr", "a"])
    assert not [tag for tag in soup.find_all(True) if tag.get("id") or tag.get("onclick")]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,<script>alert(1)</script>)",
        "[a](vbscript:x)",
        "![a](https://example.org/a.png)",
        "<a href='javascript:x'>y</a>",
        "<!-- x --><style>*{display:none}</style>",
    ],
)
def test_what_could_run_or_fetch_is_refused_and_if_rendered_harmless(text: str) -> None:
    assert list(refusals(text)), "the checker must say so"
    soup = BeautifulSoup(to_html(text), "html.parser")
    assert {tag.name for tag in soup.find_all(True)} <= ALLOWED
    for link in soup.find_all("a"):
        assert link["href"].split(":")[0] in ("http", "https", "mailto")


@pytest.mark.parametrize("text", ["a < b and b > c", "`<b>`", "x <3", "use `List[int]`", "1 <= n", "```\n<b>\n```"])
def test_signs_that_are_no_html_are_not_refused(text: str) -> None:
    assert list(refusals(text)) == []


def test_what_is_struck_out_stays_struck_out() -> None:
    assert to_html("Shuffle ~~before~~ after the split.") == "<p>Shuffle <s>before</s> after the split.</p>"


def test_an_address_apart_from_its_link_is_refused_with_its_remedy() -> None:
    (found,) = refusals("See [the paper][1].\n\n[1]: https://example.org")
    assert (found.line, found.rule) == (2, "bad-link")
    assert found.message.endswith("found '[1]: https://example.org': write [words](address)")
    for text in ("[Ana]: no.", "[0, 1]: 0.5", "`[1]: https://example.org`", "x[1]: https://example.org"):
        assert list(refusals(text)) == []


def test_the_first_use_of_a_term_is_linked_and_no_other() -> None:
    terms = {"crumb": ("../glossary.html#crumb", "The inside."), "proof": ("../glossary.html#proof", "The rest.")}
    linker = Linker(Glossary({"crumb": "crumb", "proof": "proof"}), terms)
    soup = BeautifulSoup(to_html("Crumbs, a crumb, `proof` and bulletproof; then proof.", linker), "html.parser")
    assert [(a.text, a["href"], a["title"]) for a in soup.find_all("a")] == [
        ("Crumbs", "../glossary.html#crumb", "The inside."),
        ("proof", "../glossary.html#proof", "The rest."),
    ]
    assert "crumb" not in str(BeautifulSoup(to_html("The crumb again", linker), "html.parser").find("a"))


def test_a_term_that_ends_in_a_number_is_not_found_in_another_number() -> None:
    linker = Linker(Glossary({"temperature 0": "temperature"}), {"temperature": ("g.html#temperature", "x")})
    soup = BeautifulSoup(
        to_html("At temperature 0.05 and temperature 00; at temperature 0. Then on.", linker), "html.parser"
    )
    assert [(a.text, a.next_sibling) for a in soup.find_all("a")] == [("temperature 0", ". Then on.")]


def test_a_term_inside_a_link_stays_part_of_that_link() -> None:
    linker = Linker(Glossary({"crumb": "crumb"}), {"crumb": ("g.html#crumb", "x")})
    soup = BeautifulSoup(to_html("[the crumb](https://example.org)", linker), "html.parser")
    assert [a["href"] for a in soup.find_all("a")] == ["https://example.org"]


def test_a_term_after_a_link_is_linked() -> None:
    linker = Linker(Glossary({"crumb": "crumb"}), {"crumb": ("g.html#crumb", "The inside.")})
    html = to_html("See [a crumb](https://example.org/), then look at the crumb.", linker)
    assert html.count('class="term"') == 1
    assert 'look at the <a class="term" href="g.html#crumb"' in html


def test_plain_words_have_no_marks() -> None:
    assert to_plain("**Bold** and `code`\n\nand a [link](https://example.org)") == "Bold and code and a link"
    assert to_inline_html("a *b*") == "a <em>b</em>"


def test_fences_are_found_with_language_and_line() -> None:
    assert list(fences("a\n\n```python\n1 + 1\n```\n")) == [("python", "1 + 1\n", 2)]


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("Mermaid", "mermaid"), ("{.mermaid}", "mermaid"), ("{mermaid}", "mermaid"), ("{#id .vega-lite}", "vega-lite"),
        ("Python", "python"), ("python3", "python"), ("pycon", "python"), ("{.python .wide}", "python"),
        ("c++", "c++"), ("", ""),
    ],
)  # fmt: skip
def test_a_fence_s_language_is_known_in_every_dialect(info: str, language: str) -> None:
    assert [name for name, _, _ in fences(f"```{info}\nx = 1\n```\n")] == [language]
    if language == "python":
        assert '<span class="o">=</span>' in to_html(f"```{info}\nx = 1\n```\n") or info == "pycon"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>/ab\"'=&;:()[]!`*_{}|#-\n javascript", max_size=120))
def test_no_text_renders_to_anything_outside_the_allowed_elements(text: str) -> None:
    for tag in BeautifulSoup(to_html(text), "html.parser").find_all(True):
        assert tag.name in ALLOWED
        assert set(tag.attrs) <= {"href", "title", "class", "rel", "style", "start", "tabindex"}


WORDS = ["loaf", "Crumb", "crumbs", "proof", "1", "2", "`a < b`", "`x`", "*old*", "**young dough**", "two words"]
SIGNS = ".,;:?!'()\"-/%*`_+=#&<>[]\\|~$\u2019\u2014\n\u00a0"
SIMPLE = st.lists(st.sampled_from([*WORDS, *SIGNS, " ", " ", " "]), max_size=14).map("".join)


@settings(max_examples=500, deadline=None)
@given(SIMPLE)
@example("  \nloaf")
@example("loaf  \n")
def test_the_short_cut_for_simple_texts_gives_what_the_parser_gives(text: str) -> None:
    def linker() -> Linker:
        spellings = {"crumb": "crumb", "proof": "proof", "young dough": "young"}
        return Linker(Glossary(spellings), {id_: (f"../g.html#{id_}", 'What "it" is.') for id_ in spellings.values()})

    def all_forms() -> tuple[str, str, str]:
        return to_html(text, linker()), to_inline_html.__wrapped__(text), to_plain.__wrapped__(text)  # uncached

    by_the_short_cut = all_forms()
    with patch("studyguide.text.markdown.simple_spans", return_value=None):
        assert all_forms() == by_the_short_cut


@pytest.mark.parametrize(
    "text", ["A *plain* case with `code`, and 3 words.", "Half (**most**) is well-known: yes.", "20% off"]
)
def test_plain_prose_takes_the_short_cut(text: str) -> None:
    assert simple_spans(text) is not None
