"""Texts that an export cannot carry: the characters are the font's, and a guide in another script is printed too."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont
from studyguide.catalogue import load_catalogue
from studyguide.checks.exports import PRINTED, lacking, mark_of_anki, unprintable


def test_the_characters_are_those_of_the_font() -> None:
    with TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf") as font:
        beyond_ascii = {code for code in font.getBestCmap() if code > 127}
    ends = [[int(end, 16) for end in span.split("-")] for span in PRINTED.split()]
    assert {code for span in ends for code in range(span[0], span[-1] + 1)} == beyond_ascii


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("\u03b1 \u2260 \u0436 \u2192 \u201c\u201d", []),
        ("e\u0301\u00a0\u200d", []),
        ("\U0001f950 and \U0001f999", ["\U0001f950", "\U0001f999"]),
        ("\u597d", ["\u597d"]),
    ],
)
def test_characters_to_be_seen_need_a_font(text: str, found: list[str]) -> None:
    assert lacking(text) == found
    assert unprintable(text, "The strong loaf") == found


def test_a_guide_in_another_script_is_printed_in_the_system_s_fonts_but_for_pictures() -> None:
    assert unprintable("\u597d\u7684\u9762\u5305\u3002 \U0001f950", "\u9762\u5305") == ["\U0001f950"]
    assert unicodedata.category("\U0001f950") == "So"


@pytest.mark.parametrize("text", ["[sound:a]", "[SOUND:a]", "[anki:play:x]", "[latex]", "[$]", "[$$]", "a\x1fb"])
def test_what_anki_takes_for_its_own_is_known(text: str) -> None:
    assert mark_of_anki(f"a {text} b")


@pytest.mark.parametrize("text", ["[sound of it]", "[a](https://b.c)", "$5", "[ $]", "(latex)", "[[proofing:x]]"])
def test_what_anki_leaves_alone_passes(text: str) -> None:
    assert mark_of_anki(text) is None


def test_a_title_in_another_script_lets_its_texts_pass(tiny: Path) -> None:
    site = tiny / "site.yml"
    site.write_text(site.read_text(encoding="utf-8").replace("title: ", "title: \u9762\u5305 ", 1), encoding="utf-8")
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text(encoding="utf-8").replace("Blames", "\u9762\u5305 blames"), encoding="utf-8")
    assert load_catalogue(tiny)[1] == []
