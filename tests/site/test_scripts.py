"""Guides in other languages and scripts, from a new guide to its pages, its search and its PDFs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import studyguide
from playwright.sync_api import Browser
from reading import SIZES, reader, served

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
LANGUAGES = ("fa", "hi", "zh")


def write(folder: Path, lang: str) -> tuple[Path, dict[str, Any]]:
    """A new guide in a language, with its card among the two of `init`."""
    words = yaml.safe_load((SCRIPTS / f"{lang}.yml").read_text(encoding="utf-8"))
    done = studyguide("init", "guide", "--name", words["title"], "--lang", lang, cwd=folder)
    assert done.returncode == 0, done.stderr
    guide = folder / "guide"
    card = guide / "cards" / "greenhouse" / f"{words['file']}.yml"
    card.write_text(yaml.safe_dump(words["card"], allow_unicode=True, width=4000), encoding="utf-8")
    with (guide / "glossary.yml").open("a", encoding="utf-8") as glossary:
        yaml.safe_dump(words["terms"], glossary, allow_unicode=True, width=4000)
    return guide, words


@pytest.fixture(scope="module", params=LANGUAGES)
def guide(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A built guide: the folder of its site, and its words."""
    folder = tmp_path_factory.mktemp(request.param)
    content, words = write(folder, request.param)
    done = studyguide("check", "--content", str(content), cwd=folder)
    assert (done.returncode, done.stdout) == (0, "3 cards, 1 round, 1 notebook: nothing to fix.\n")
    done = studyguide("build", "--content", str(content), "--site", str(folder / "site"), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "site", words


def test_pages_say_their_language_and_direction(guide: tuple[Path, dict[str, Any]]) -> None:
    site, words = guide
    page = BeautifulSoup((site / "cards" / f"{words['file']}.html").read_text(encoding="utf-8"), "html.parser")
    assert page.html is not None
    assert page.body is not None
    assert (page.html["lang"], page.html["dir"], page.body["dir"]) == (words["lang"], words["dir"], words["dir"])
    assert page.title is not None
    assert page.title.text == f"{words['card']['title']} - {words['title']}"
    if words["dir"] == "rtl":
        assert all(paragraph.get("dir") == "auto" for paragraph in page.select(".sa-first > p:not(.sa-terms)"))
    feed = (site / "feed.xml").read_text(encoding="utf-8")
    assert f'xml:lang="{words["lang"]}"' in feed
    assert "<id>tag:," not in feed


def test_words_are_found_from_within_with_and_without_marks(
    guide: tuple[Path, dict[str, Any]], browser: Browser
) -> None:
    site, words = guide
    queries = {
        "zh": ["过拟合", "拟合", "验证集"], "hi": ["लर्निंग", "ओवरफ़िटिंग"], "fa": ["تعلم", "تعلُّم", "بیش‌برازش"],
    }[words["lang"]]  # fmt: skip
    with served(site) as root, reader(browser, root) as who:
        page = who.tab("index.html")
        for query in queries:
            page.locator("input.md-search__input").fill(query)
            card = f".md-search-result__item a[href*='{words['file']}']"
            page.locator(card).first.wait_for()
            marks = page.locator(".md-search-result__list mark").all_inner_texts()
            assert any(len(mark) >= len(words["terms"][1]["term"]) - 3 for mark in marks), (query, marks)
        assert who.trouble == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_scrolls_sideways(size: str, guide: tuple[Path, dict[str, Any]], browser: Browser) -> None:
    site, words = guide
    with served(site) as root, reader(browser, root, viewport=SIZES[size]) as who:
        for uri in ("index.html", f"cards/{words['file']}.html", "cards/index.html", "practice/index.html"):
            page = who.tab(uri)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, uri
        assert who.trouble == []


def test_a_new_card_takes_an_id_from_letters_of_any_script_or_from_the_flag(tmp_path: Path) -> None:
    content, _ = write(tmp_path, "zh")
    for flags, name in ([], "xun-lian-shu-ju-tai-shao"), (["--id", "few-data"], "few-data"):
        title = "训练数据太少" if not flags else "训练数据还是太少"
        flags += ["--round", "greenhouse", "--title", title, "--form", "question"]
        done = studyguide("new", "--content", str(content), *flags, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        text = (content / "cards" / "greenhouse" / f"{name}.yml").read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=../../.schemas/card.schema.json\n")


def test_the_schema_of_a_dense_script_asks_for_fewer_characters(tmp_path: Path) -> None:
    def least(lang: str) -> int:
        (tmp_path / lang).mkdir()
        content, _ = write(tmp_path / lang, lang)
        schema = json.loads((content / ".schemas" / "card.schema.json").read_text(encoding="utf-8"))
        number: int = schema["properties"]["say_first"]["minLength"]
        return number

    assert (least("fa"), least("zh")) == (160, 54)
