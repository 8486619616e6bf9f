"""Characters of any script: what is hidden, what a word is, how long a text is; the same in every Python."""

from __future__ import annotations

import ast
from pathlib import Path

import markdown
import pytest
from conftest import ROOT
from mkdocs.config import load_config
from studyguide.catalogue import load_catalogue
from studyguide.content.card_yaml import slug
from studyguide.content.characters import hidden_places, length, runs_from_the_right, words
from studyguide.content.speech import sentences
from studyguide.content.speech import words as spoken
from studyguide.text.markdown import to_html, to_inline_html


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم", "بیش\u200cبرازش", "क\u094d\u200dष", "അവന\u0d4d\u200d ", "ශ\u0dca\u200dරී", "\u0600\u0661",
        "Café e\u0301", "R²", "👍🏽", "⚠\ufe0f", "ไม่", "日本語",
    ],
)  # fmt: skip
def test_what_a_language_needs_is_not_hidden(text: str) -> None:
    assert hidden_places(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\u200cb", 1), ("می\u200c\u200cخ", 2), ("\u200cمی", 0), ("می\u200c", 2), ("مa\u200dم", 2), ("a\u202eb", 1),
        ("\ufeffa", 0), ("a\u00adb", 1), ("x\u2066y", 1), ("a\u3164", 1),
        ("a\ue000", 1), ("a\U000e0041", 1), ("a\x07", 1),
        ("過\u200d擬", 1),
    ],
)  # fmt: skip
def test_what_is_not_seen_is_found_where_it_stands(text: str, place: int) -> None:
    assert hidden_places(text)[0] == place


def test_no_rule_asks_the_interpreter_which_characters_are_hidden() -> None:
    for name in (
        "content/characters.py",
        "content/file_text.py",
        "content/look_alikes.py",
        "content/yaml_source.py",
        "text/glossary.py",
        "text/markdown.py",
    ):
        tree = ast.parse((ROOT / "hooks" / "studyguide" / name).read_text(encoding="utf-8"))
        asked = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "unicodedata"
        }
        assert asked <= {"name"}, name  # what a message calls a character, no more


def test_words_keep_their_marks_and_scripts_without_spaces_give_characters() -> None:
    assert words("लर्निंग Café 过拟合") == ["लर्निंग", "café", "过", "拟", "合"]
    assert spoken("मैं पहले दोनों अंकों का अंतर देखूँगा।") == 7
    assert spoken("过拟合就是模型把训练数据里的噪声当成了规律") == 13
    assert spoken("we use 过拟合 here") == 5
    assert sentences("这是一句。这是两句！") == 2
    assert sentences("यह एक है। यह दो है।") == 2


def test_a_dense_character_counts_for_several() -> None:
    assert (length("abc"), length("过拟合"), length("과적합"), length("می‌خ")) == (3, 9, 6, 4)


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Late labels!", "late-labels"), ("过拟合怎么办", "guo-ni-he-zen-me-ban"), ("과적합", "gwa-jeog-hab"),
        ("Größe und Café", "grosse-und-cafe"), ("PyTorch vs GPUs", "pytorch-vs-gpus"), ("C# and .NET", "c-and-net"),
    ],
)  # fmt: skip
def test_an_id_is_made_from_letters_of_any_script(title: str, made: str) -> None:
    assert slug(title) == made


def test_texts_from_the_right_find_their_direction_and_others_stay() -> None:
    assert to_html("מה עושים `SQL` קודם?") == '<p dir="auto">מה עושים <code>SQL</code> קודם?</p>'
    assert to_html("- מה\n- b") == '<ul>\n<li dir="auto">מה</li>\n<li>b</li>\n</ul>'
    assert to_inline_html("מה?") == '<span dir="auto">מה?</span>'
    assert to_html("plain") == "<p>plain</p>"
    assert not runs_from_the_right("过拟合 Café")


CHINESE = (
    "面试官给你一个 AB test SQL 的查询结果，说推荐系统的新版本赢了，可是客服收到的投诉多了一倍。你会先和谁说话？",
    "团队在 AB test SQL 里发现转化率下降了，而且只在安卓手机上出现，数据分析师不在。你先看哪一个数字，为什么？",
)


def _with_prompts(tiny: Path, *prompts: str) -> list[str]:
    for name, prompt in zip(("dense-loaf", "oven-cools"), prompts, strict=True):
        file = tiny / "cards" / "bench" / f"{name}.yml"
        text = file.read_text(encoding="utf-8")
        start, end = text.index("prompt:"), text.index("say_first:")
        file.write_text(f"{text[:start]}prompt: {prompt}\n{text[end:]}", encoding="utf-8")
    return [found.rule for found in load_catalogue(tiny)[1] if found.rule in ("near-duplicate", "too-short")]


def test_prompts_are_compared_by_all_their_words(tiny: Path) -> None:
    assert _with_prompts(tiny, *CHINESE) == []
    assert _with_prompts(tiny, CHINESE[0], CHINESE[0].replace("一倍", "两倍")) == ["near-duplicate"]


def test_english_rules_hold_for_english_guides_alone(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("title: The loaf that did not rise", "title: Das flache Brot"), encoding="utf-8")
    assert [found.rule for found in load_catalogue(tiny)[1]] == ["title"]
    with (tiny / "site.yml").open("a", encoding="utf-8") as site:
        site.write("lang: de\n")
    assert load_catalogue(tiny)[1] == []


def test_headings_in_any_script_have_anchors_of_their_own_words() -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))

    def anchors(text: str) -> list[str]:
        made = markdown.Markdown(extensions=["toc"], extension_configs={"toc": config.mdx_configs["toc"]})
        made.convert(text)
        return [token["id"] for token in made.toc_tokens]  # type: ignore[attr-defined]

    assert anchors("## 过拟合\n\n## 数据泄漏\n\n## A/B tests, again") == ["过拟合", "数据泄漏", "ab-tests-again"]
    assert anchors("## 数据泄漏\n\n## 过拟合") == ["数据泄漏", "过拟合"]
