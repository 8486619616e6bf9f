"""Whatever a cell shows is right on the page, in a deck and in a PDF, or is refused with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.cache import Cache
from studyguide.notebooks.cells import cells_html
from studyguide.notebooks.execute import execute
from studyguide.notebooks.outputs import UnfitError, plain_text, shown_outputs
from studyguide.notebooks.run import Run
from studyguide.text.formulas import drawn, for_anki, mathml
from test_execute import script


def display(**data: str) -> list[dict[str, Any]]:
    """One output; ``text_html="..."`` stands for text/html."""
    return [{"output_type": "display_data", "data": {key.replace("_", "/", 1): value for key, value in data.items()}}]


def words(outputs: list[dict[str, Any]]) -> list[str]:
    return [str(shown.table or shown.prose or shown.text) for shown in shown_outputs(outputs, "")]


OBJECT = "<IPython.core.display.HTML object>"


@pytest.mark.parametrize(
    ("outputs", "shown"),
    [
        (display(text_markdown="**3** of 5", text_plain="<IPython.core.display.Markdown object>"),
         ["<p><strong>3</strong> of 5</p>"]),
        (display(text_html="<b>3</b> of <s>4</s> 5", text_plain=OBJECT), ["<b>3</b> of <s>4</s> 5"]),
        (display(text_html="<style>x</style><table><tr><td>1</td></tr></table>", text_plain="<Styler at 0x7f000000>"),
         ["<table><tbody><tr><td>1</td></tr></tbody></table>"]),
        (display(text_html="<pre style='color:red'>a  b</pre>", text_plain="a  b"), ["a  b"]),
        (display(text_html="<input><table><tr><td>penalty</td></tr></table>", text_plain="Model(C=2)"), ["Model(C=2)"]),
        (display(text_latex="$x^2$", text_plain="x**2"), ["x**2"]),
        ([{"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m \x1b]0;t\x07\x1b[2K\x1b(Bok\x00\n"}],
         ["red ok\\x00"]),
        ([{"output_type": "stream", "name": "stdout", "text": "a\u200bb \u202ec"}], ["a\\u200bb \\u202ec"]),
        (display(text_html="<h2 class='x'>A</h2>B", text_plain=OBJECT), ["<h3>A</h3>B"]),
        ([{"output_type": "stream", "name": "stdout", "text": "\n \n"}], []),
    ],
)  # fmt: skip
def test_rich_objects_and_coloured_print_are_shown_as_what_they_say(
    outputs: list[dict[str, Any]], shown: list[str]
) -> None:
    assert words(outputs) == shown


@pytest.mark.parametrize(
    ("outputs", "found"),
    [
        (display(text_html='<div id="p"></div><script>draw()</script>', text_plain=OBJECT), "HTML with <script"),
        (display(text_latex="$x$", text_plain="<IPython.core.display.Latex object>"),
         "text/latex: show Markdown(...) of $...$"),
        (display(text_html="<div> </div>", text_plain=OBJECT), "HTML without words: end the cell with something to"),
        (display(text_html="<p>&nbsp;\u200b</p>", text_plain=OBJECT), "HTML without words"),
        (display(text_html="a loss of <math><mi>x</mi></math>", text_plain=OBJECT), "HTML with <math"),
        (display(text_html="<meter value=1></meter> done", text_plain=OBJECT), "HTML with <meter"),
        (display(text_plain="<Figure size 640x480 with 0 Axes>"), "end the cell with a picture"),
        (display(**{"image_svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'}), "an empty picture: draw"),
        (display(text_html="<table></table>", text_plain=""), "an empty table"),
        (display(text_html="<audio src='a.wav'></audio>", text_plain="<IPython.lib.display.Audio object>"), "<audio"),
        (display(text_markdown="<b>x</b>", text_plain=OBJECT), "Markdown that must be Markdown"),
        (display(**{"application_vnd.jupyter.widget-view+json": "{}", "text_plain": "IntSlider(value=3)"}),
         "a widget, which needs a running kernel: print its value"),
        (display(**{"application_vnd.plotly.v1+json": "{}", "text_plain": "Figure({})"}), "draw it with matplotlib"),
        (display(**{"application_vnd.vegalite.v5+json": "{}", "text_plain": "<VegaLite 5 object>\n\nIf you see this"}),
         "draw it with matplotlib"),
        (display(**{"application_vnd.other+json": "{}"}), "data for a program: print what matters of it"),
        (display(application_javascript="alert(1)"), "a script, which no page runs"),
        (display(application_json="{}", text_plain="<IPython.core.display.JSON object>"), "application/json: end the"),
        (display(image_gif="R0lGODlh", text_plain="<IPython.core.display.Image object>"), "image/gif: end the cell"),
        (display(image_png="bm90IGEgcGljdHVyZQ=="), "a picture that is neither PNG nor JPEG"),
        (display(text_plain="<Axes: >"), None),
        (display(text_plain="[<matplotlib.lines.Line2D at 0x7f0012345678>]"), "a memory address, which differs"),
        (display(text_html="<table><tr><td>f at 0x7f0012345678</td></tr></table>"), "a memory address"),
        (display(text_plain="<object object at 0x7f0012345678>"), "end the cell with a picture"),
    ],
)  # fmt: skip
def test_what_no_page_can_show_is_refused_with_what_to_do(outputs: list[dict[str, Any]], found: str | None) -> None:
    if found is None:
        assert words(outputs) == ["<Axes: >"]
        return
    with pytest.raises(UnfitError) as caught:
        shown_outputs(outputs, "")
    assert found in str(caught.value)
    assert ": " in str(caught.value)


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(alphabet=st.sampled_from("a1;[]?mK\x1b\x07\x08\r\n\\H("), max_size=30))
def test_nothing_that_a_terminal_acts_on_is_left_in_print(text: str) -> None:
    assert set(plain_text(text)) <= set("a1;[]?mK\n\\H(x0bd7e")


CELLS = (
    ' tags=["evidence: model"]\nfrom sklearn.linear_model import LogisticRegression\n'
    'LogisticRegression().fit([[0], [1]], [0, 1])',
    ' tags=["evidence: styled"]\nimport pandas as pd\n'
    'pd.DataFrame({"a": [1.0, 2.5]}).style.format("{:.2f}").highlight_max()',
    ' tags=["evidence: words"]\nfrom IPython.display import Markdown, display\ndisplay(Markdown("**3** of 5 checks"))',
    ' tags=["evidence: colours"]\nprint("\\x1b[31mred\\x1b[0m and \\x1b[1mbold\\x1b[0m")',
    ' [raw]\n# <b>raw & plain</b>',
    '\n# %%capture\nprint("unseen")',
)  # fmt: skip


def test_a_fitted_model_a_styler_markdown_and_colours_are_right_and_the_same_in_each_run(tmp_path: Path) -> None:
    runs = [execute(script(tmp_path, *CELLS), str(tmp_path)) for _ in range(2)]
    first, second = runs
    assert isinstance(first, Run), first
    assert isinstance(second, Run), second
    assert first.outputs == second.outputs
    shown = [shown_outputs(first.evidence(name), "")[0] for name in ("model", "styled", "words", "colours")]
    assert shown[0].text == "LogisticRegression()"
    assert "<td>2.50</td>" in str(shown[1].table)
    assert shown[2].prose == "<p><strong>3</strong> of 5 checks</p>"
    assert shown[3].text == "red and bold"
    assert first.outputs[-1] == []


def test_a_formula_in_markdown_is_one_on_a_page_in_a_deck_and_in_a_pdf() -> None:
    output = display(text_markdown=r"$$\frac{37}{52}$$")
    shown = [str(shown_outputs(output, "", formulas)[0].prose) for formulas in (mathml, for_anki, drawn)]
    assert "<mfrac>" in shown[0]
    assert r"\[ \frac{37}{52} \]" in shown[1]
    assert 'src="data:image/svg+xml' in shown[2]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$5 *today* and $7 *tomorrow*", "<p>$5 <em>today</em> and $7 <em>tomorrow</em></p>"),
        ("**$5** or **$7**", "<p><strong>$5</strong> or <strong>$7</strong></p>"),
        (r"\$x\$", "<p>$x$</p>"),
        ("a$x$b", f"<p>a{mathml('x', False)}b</p>"),
        ("$x +\n# 1$", f"<p>{mathml('x + 1', False)}</p>"),
        ("[x](https://example.org/$a$)", '<p><a href="https://example.org/$a$" rel="noopener">x</a></p>'),
        ("## A *first* look", '<h2 id="a-first-look">A <em>first</em> look</h2>'),
        ("## מבט", '<h2 dir="auto" id="מבט">מבט</h2>'),
    ],
)
def test_a_notebooks_prose_is_read_by_the_parser_that_the_checks_read_it_by(
    text: str, html: str, tmp_path: Path
) -> None:
    run = Run(script(tmp_path, f" [markdown]\n# {text}"), (), 0)
    first, cell = cells_html(run, lambda outputs, alt: "", Cache(None))
    assert cell.prose == html
    assert (first.prose, first.heading) == ('<h1 id="a-test">A test</h1>', "a-test")


def test_a_page_shows_raw_text_as_text_and_cells_without_words(tmp_path: Path) -> None:
    cells = (" [raw]\n# <b>raw</b> ``` & plain", ' tags=["x"]\n', " [markdown]\n# # A\n#\n# words", "\nprint(1)")
    ran = execute(script(tmp_path, *cells), str(tmp_path))
    assert isinstance(ran, Run)
    shown = cells_html(
        ran, lambda outputs, alt: "".join(f"<pre>{piece}</pre>" for piece in words(outputs)), Cache(None)
    )
    assert [(bool(cell.prose), bool(cell.outputs)) for cell in shown] == [
        (True, False), (True, False), (False, False), (True, False), (False, True),
    ]  # fmt: skip
    assert "&lt;b&gt;raw&lt;/b&gt; ``` &amp; plain" in shown[1].prose
    assert shown[4].outputs.endswith("<pre>1</pre>")
