"""Formulas are formulas on a page, in Anki and in PDFs; prices stay prices, and what cannot be read has a place."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from html import escape, unescape
from pathlib import Path

import pytest
from conftest import studyguide
from hypothesis import given
from hypothesis import strategies as st
from studyguide.catalogue import load_catalogue
from studyguide.checks.exports import mark_of_anki
from studyguide.text.formulas import FormulaError, drawn, for_anki, mathml, plain, with_mathml
from studyguide.text.markdown import to_html, to_inline_html, to_plain

LOSS = r"The loss is $\hat{y}_{i}*w_{i} + \lambda*\lVert w\rVert_1$, where $\lambda > 0$."
MEAN = "$$\\frac{1}{n}\\sum_{i=1}^{n} x_i$$"
PRICES = [
    "$5 and $7", "It costs $5 and then $7 a call.", "from $5-$7", "$5 for three (not $7)", "5$ and 7$", "a price of $5",
    "$5 for bread and butter, or 7$", "US$5 or US$7", r"\$5 is a \$ sign", "$1,200 a month, $0.10 a call",
]  # fmt: skip


def test_a_formula_is_mathml_within_its_line_and_by_itself() -> None:
    html = to_html(f"{LOSS}\n\n{MEAN}\n")
    assert html.count('<math display="inline">') == 2
    assert html.count('<math display="block">') == 1
    assert "<mi>λ</mi><mo>&gt;</mo><mn>0</mn>" in html
    assert "<em>" not in html
    assert "$" not in html
    assert to_inline_html("a $x_1$ b").startswith("a <math")


@pytest.mark.parametrize("text", PRICES)
def test_prices_stay_prices(text: str) -> None:
    assert "<math" not in to_html(text)
    assert to_plain(text) == text.replace("\\$", "$")


@pytest.mark.parametrize(
    "text", ["$n$ is 5", "$n$ costs $5", "$n$ costs \\$5", "- $n$ is 5", "| a |\n|---|\n| $n$ 5 |"]
)
def test_a_formula_begins_a_text_that_ends_in_a_digit(text: str) -> None:
    assert '<math display="inline"><mrow><mi>n</mi>' in to_html(text)


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"\boldsymbol{x}", "𝒙"), (r"\bm{\theta}", "𝜽"), (r"\mathbf{\theta}", "𝛉"), (r"\mathbb{1}", "𝟙"),
        (r"\bm{1}", "𝟏"),
        (r"\mathbf{Wx}", "𝐖𝐱"), (r"\mathbb{RQ}", "ℝℚ"), (r"\mathscr{LA}", "ℒ𝒜"), (r"\textbf{a ż}", "𝐚\xa0ż"),
        (r"\boldsymbol{\epsilon}", "𝝐"), (r"\mathfrak{Rg}", "ℜ𝔤"),
    ],
)  # fmt: skip
def test_letters_of_another_kind_are_characters_of_their_own(latex: str, letters: str) -> None:
    html = mathml(latex, False)
    assert unescape(re.sub("<[^>]*>", "", html)) == letters
    assert "mathvariant" not in html


def test_one_upright_letter_is_upright_on_pages_and_in_pdfs() -> None:
    assert '<mi mathvariant="normal">d</mi></mrow><mi>x</mi>' in mathml(r"\mathrm{d}x", False)
    paths = {latex: base64.b64decode(drawn(latex, False).split('"')[3].split(",")[1]) for latex in (r"\mathrm{d}", "d")}
    assert paths[r"\mathrm{d}"] != paths["d"]


def test_code_is_no_formula() -> None:
    assert "<math" not in to_html("`$x$`\n\n```python\nre.compile(r'$a$')\n```")


def test_of_a_hand_written_page_the_marked_formulas_are_formulas_and_no_other_dollars() -> None:
    html = r'<p>$5 and $7</p><code>$x$</code><span class="arithmatex">\({}\)</span>'
    assert with_mathml(html.format("x")) == html.partition("<span")[0] + mathml("x", False)
    assert with_mathml(html.format("5 or US")) == html.partition("<span")[0] + "$5 or US$"
    assert '<math display="block"' in with_mathml('<div class="arithmatex">\\[x\n+ y\\]</div>')


def test_anki_gets_its_own_notation_which_is_none_of_its_other_marks() -> None:
    html = to_html(f"{LOSS}\n\n$$[sound:x]$$", None, for_anki)
    assert r"\(\hat{y}_{i}*w_{i} + \lambda*\lVert w\rVert_1\)" in html
    assert r"\(\lambda &gt; 0\)" in html
    assert mark_of_anki(for_anki("latex]", True)) is None


def test_a_pdf_gets_a_drawing_that_says_its_source() -> None:
    html = to_html(LOSS, None, drawn)
    (picture,) = re.findall(
        r'<img class="formula" src="data:image/svg\+xml;base64,([^"]+)" alt="\\lambda &gt; 0"', html
    )
    assert base64.b64decode(picture).startswith(b"<svg ")
    assert b"<text" not in base64.b64decode(picture), "drawn by paths, whatever fonts there are"


def test_two_processes_draw_the_same_bytes() -> None:
    code = "from studyguide.text.formulas import drawn; {}print(drawn(r'\\frac{{1}}{{n}}', True))"
    one, two = (
        subprocess.run([sys.executable, "-c", code.format(first)], capture_output=True, text=True, check=True).stdout
        for first in ("", "drawn('x^2', False); ")
    )
    assert one == two


def test_plain_words_hold_the_signs_and_not_the_source() -> None:
    assert to_plain(r"where $\lambda > 0$ holds") == "where λ > 0 holds"
    assert to_plain(r"$\frac{1}{2}$ of $x^{10}$") == "1/2 of x^10"


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\frac{n + 1}{2n} x_i^2", "(n + 1)/(2n) x_i^2"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"\sqrt{p (1 - p) / n}", "√(p(1 − p) / n)"),
        (r"\sum_{i=1}^n f'(x_i), y", "∑_(i = 1)^n f′ (x_i), y"),
        (r"\mathrm{softmax}(x) \text{ if } O(n \log n)", "softmax(x) if O(n log n)"),
        (r"\hat R(f)", r"\hat R(f)"),
        (r"\binom{n}{k}", r"\binom{n}{k}"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", r"\begin{pmatrix} a & b \end{pmatrix}"),
    ],
)
def test_a_formula_on_one_line_says_what_it_says_on_two_or_is_its_source(latex: str, line: str) -> None:
    assert plain(latex) == line


@pytest.mark.parametrize(
    ("latex", "found"),
    [
        ("0.5% + x", "a '%', which begins a comment: write '\\%', outside of '\\text'"),
        (r"\text{5\%}", "the unknown '\\%'"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "the unknown environment 'aligned': use align*"),
        (r"\begin{bmatrix*}[r] a \end{bmatrix*}", "the unknown environment 'bmatrix*'"),
        (r"\begin{cases} a & b \\[2pt] c & d \end{cases}", "'\\\\[', whose brackets would be shown"),
        ("a &= b", "'&' or '\\\\' outside of an environment"),
        (r"a \\ b", "'&' or '\\\\' outside of an environment"),
        (r"\mathop{argmax}_x", "a command that loses what it holds (argmx)"),
        (r"a \mathrel{=} b", "a command that loses what it holds (a sign)"),
        (r"\operatorname*{arg\,max}", "write '\\operatorname{argmax}'"),
        (r"\cancel{x}", "a frame or a stroke, which browsers leave out: say it in words"),
        ("a$$ and $$b", "a dollar inside: put each formula between dollars of its own"),
        (r"\color{red}{x}", "a command that loses what it holds (red): leave it out"),
    ],
)
def test_what_would_be_shown_otherwise_than_it_is_written_is_refused(latex: str, found: str) -> None:
    with pytest.raises(FormulaError) as caught:
        mathml(latex, False)
    assert found in str(caught.value)


@pytest.mark.parametrize(
    "latex",
    [
        r"50\% \& more", r"\operatorname*{argmax}_x \left. f \right|", r"\begin{align*} a &= b \\ c &= d \end{align*}",
        r"\begin{array}{l|r} a & b \\ c & d \end{array}", r"\text{für } \mathbb{R}^n, \mathcal{L}, \bm{x}, \max_i x_i",
    ],
)  # fmt: skip
def test_what_is_shown_as_it_is_written_is_taken(latex: str) -> None:
    assert drawn(latex, True)


@pytest.mark.parametrize(
    "latex", [r"\frac{1}{n", "x_{", r"\foo x", "x" * 700, r"\begin{pmatrix} a", "{" * 400 + "}" * 400]
)
def test_what_cannot_be_read_says_so(latex: str) -> None:
    with pytest.raises(FormulaError, match="a formula must "):
        drawn(latex, True)


@pytest.mark.parametrize("word", ["好", "שמרים", "खमीर", "خبز"])
def test_a_word_that_a_formula_cannot_draw_is_refused_and_not_left_out_of_pdfs(word: str) -> None:
    with pytest.raises(FormulaError, match=f"must be in letters that its font has, found '{word[0]}' in"):
        drawn(rf"x_{{\text{{{word}}}}}", False)


@pytest.mark.parametrize(
    "latex", [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\text{<img src=x onerror=y>}"]
)
def test_hostile_formulas_become_nothing_that_runs(latex: str) -> None:
    with pytest.raises(FormulaError):
        with_mathml(rf'<span class="arithmatex">\({escape(latex)}\)</span>')
    for html in (to_html(f"${latex}$"), to_html(f"${latex}$", None, for_anki)):
        assert not re.search(r"<(script|img|a)\b|href=|onerror=(?!y&gt;)", html.replace("\\href", ""))


@given(st.text("$\\{}_^<>&x1 a\"'[]()\ue000\n`", max_size=30))
def test_no_text_breaks_the_page(text: str) -> None:
    for html in (to_html(text), to_html(text, None, for_anki)):
        assert set(re.findall(r"<(\w+)", html)) <= {
            "p", "code", "pre", "div", "span", "blockquote", "br", "a", "h3", "math", "mrow", "mi", "mo", "mn", "msub",
            "msup", "msubsup", "mtext", "mspace", "mtable", "mtr", "mtd", "mstyle", "mfrac", "em", "ol", "ul", "li",
        }  # fmt: skip


def spoiled(tiny: Path, words: str) -> list[str]:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("Blames the flour without opening the bag.", words), encoding="utf-8")
    return [str(problem) for problem in load_catalogue(tiny)[1]]


def test_a_formula_that_cannot_be_read_is_a_problem_with_a_place(tiny: Path) -> None:
    (problem,) = spoiled(tiny, "'Says $\\frac{1}{n$ and hopes for the best.'")
    assert re.match(
        r"content/cards/bench/dense-loaf\.yml:\d+:5: 'red_flags\[2\]' holds a formula that cannot be", problem
    )
    assert problem.endswith("(formula)")


@pytest.mark.parametrize("words", [r"'Says \(\lambda > 0\) and hopes.'", r"'Says \lambda and hopes for it.'"])
def test_latex_without_dollars_is_named(words: str, tiny: Path) -> None:
    (problem,) = spoiled(tiny, words)
    assert r"must hold LaTeX between dollars only, found '\lambda': write $...$, or code in backticks" in problem


def test_a_title_with_a_formula_is_named(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("title: The loaf that did not rise", "title: The loaf that rose by $x^2$"))
    (problem,) = (str(found) for found in load_catalogue(tiny)[1] if found.rule == "formula")
    assert "'title' must be plain words, found the formula 'x^2': say it in words" in problem


@pytest.mark.slow
def test_formulas_of_cards_and_notebooks_are_on_their_pages_and_in_copies_as_written(tiny: Path) -> None:
    spoiled(tiny, "'Says $O(n^2)$ and hopes for the best.'")
    script = tiny / "notebooks" / "proofing.py"
    text = script.read_text(encoding="utf-8")
    invented = "# The numbers are invented; the direction is not."
    script.write_text(text.replace(invented, r"# It is $\lambda_1 + x^2$, for $5 or $7." + "\n#\n# $$a_1 + b_2$$"))
    done = studyguide("build", "--site", str(Path.cwd() / "site"), cwd=Path.cwd())
    assert done.returncode == 0, done.stderr
    site = Path("site")
    notebook = (site / "notebooks" / "proofing.html").read_text(encoding="utf-8")
    assert '<math display="inline"><mrow><msub><mi>λ</mi>' in notebook
    assert '<math display="block">' in notebook
    assert "for $5 or $7." in notebook
    assert "<mi>O</mi>" in (site / "cards" / "dense-loaf.html").read_text(encoding="utf-8")
    assert "$O(n^2)$" in (site / "cards" / "dense-loaf.md").read_text(encoding="utf-8")
    assert r"\(O(n^2)\)" in (site / "downloads" / "strong-loaf.tsv").read_text(encoding="utf-8")


def test_a_wide_formula_is_kept_to_one_length() -> None:
    with pytest.raises(FormulaError, match="at most 600 characters"):
        mathml("x" * 601, False)
