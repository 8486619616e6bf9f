"""Where things stand on the pages of a PDF: nothing over something else, and nothing beyond the paper."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import weasyprint
from studyguide.cache import TEMPLATES

pytestmark = pytest.mark.slow

WIDE = "".join(f"<td>column_{number}_of_many</td>" for number in range(9))


def places(body: str, direction: str = "ltr") -> tuple[float, Mapping[str, tuple[float, float]]]:
    """The width of the paper, and of every piece of text where it begins and ends."""
    css = (TEMPLATES / "print" / "book.css").read_text(encoding="utf-8")
    html = f'<html lang="fa" dir="{direction}"><style>{css}</style><body>{body}</body></html>'
    (page, *_) = weasyprint.HTML(string=html, base_url=str(TEMPLATES / "print")).render().pages
    boxes = [box for box in page._page_box.descendants(placeholders=True) if getattr(box, "text", "").strip()]
    return page.width, {box.text.strip(): (box.position_x, box.position_x + box.width) for box in boxes}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_term_stands_beside_its_definition_and_a_box_beside_its_question(direction: str) -> None:
    glossary = '<dl class="glossary"><div><dt>crumb</dt><dd>inside</dd></div></dl>'
    _, text = places(glossary, direction)
    first, second = sorted((text["crumb"], text["inside"]))
    assert first[1] < second[0]
    assert (text["crumb"] == first) == (direction == "ltr")
    _, text = places('<ol class="boxes"><li>Warm?</li></ol><p>Beside</p>', direction)
    inner, outer = text["Warm?"], text["Beside"]
    assert (inner[0] - outer[0] if direction == "ltr" else outer[1] - inner[1]) > 30


def test_code_runs_from_the_left_in_every_script() -> None:
    _, text = places("<pre><code><span>def</span> <span>split</span><span>(rows):</span></code></pre>", "rtl")
    assert text["def"][0] < text["split"][0] < text["(rows):"][0]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_table_of_many_columns_stays_on_the_paper(direction: str) -> None:
    width, text = places(f'<section class="part-of"><table><tr>{WIDE}</tr></table></section>', direction)
    assert all(left > 0 and right < width for left, right in text.values())
