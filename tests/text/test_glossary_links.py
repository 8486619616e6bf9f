"""Glossary terms on hand-written pages, and their definitions at hand: by pointer, by keyboard, at 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from reading import violations
from studyguide.cache import Cache
from studyguide.catalogue import require_catalogue
from studyguide.pages.render import Renderer
from studyguide.text.glossary import Glossary, Linker, link_terms

CRUMB = {"crumb": ("../glossary.html#crumb", 'The "inside" <of> a loaf.'), "proof": ("../glossary.html#proof", "Rest.")}


def linked(html: str) -> BeautifulSoup:
    return BeautifulSoup(link_terms(html, Linker(Glossary({id_: id_ for id_ in CRUMB}), CRUMB)), "html.parser")


def test_the_first_use_in_prose_is_linked_with_its_definition() -> None:
    soup = linked("<p>A <em>crumb</em> &amp; a crumb.</p><ul><li>Then proof</li></ul>")
    assert [(a.text, a["href"], a["title"], a["class"]) for a in soup.find_all("a")] == [
        ("crumb", "../glossary.html#crumb", 'The "inside" <of> a loaf.', ["term"]),
        ("proof", "../glossary.html#proof", "Rest.", ["term"]),
    ]
    assert soup.text == "A crumb & a crumb.Then proof"
    assert soup.em is not None
    assert soup.em.a is not None


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="x.html">the <b>crumb</b></a></p>',
        "<h2>Crumb</h2>",
        "<h6 id='x'>Crumb<a class='headerlink' href='#x'>¶</a></h6>",
        "<p><code>crumb</code></p>",
        "<div class='highlight'><pre><span></span><code>crumb = 1</code></pre></div>",
        "<details><summary>Crumb</summary></details>",
        "<button>Crumb</button>",
        "<table><thead><tr><th>Crumb</th></tr></thead></table>",
        "<!-- crumb -->",
        "<svg><text>crumb</text></svg>",
        "<p>crumb-like, bulletproof, breadcrumb</p>",
    ],
)
def test_links_headings_code_and_controls_stay_as_they_are(html: str) -> None:
    assert linked(html).select("a.term") == []
    assert str(linked(html)) == str(BeautifulSoup(html, "html.parser"))


def test_a_term_is_not_linked_on_a_card_where_the_word_means_something_else(tiny: Path) -> None:
    glossary = tiny / "glossary.yml"
    terms = {}
    for line in ("", "\n  not_in: [oven-cools]"):
        glossary.write_text(glossary.read_text().replace("  term: crumb", f"  term: crumb{line}"))
        renderer = Renderer(require_catalogue(tiny), {})
        for uri in ("cards/oven-cools.html", "cards/dense-loaf.html"):
            soup = BeautifulSoup(link_terms("<p>the crumb</p>", renderer.linker(uri)), "html.parser")
            terms[line, uri] = len(soup.select("a.term"))
    assert list(terms.values()) == [1, 1, 0, 1]


def test_what_is_kept_of_linked_terms_follows_the_glossary(tiny: Path) -> None:
    glossary = tiny / "glossary.yml"
    cache = Cache(None)
    definitions = []
    for old, new in (("", ""), ("inside of a loaf", "inside of any loaf")):
        text = glossary.read_text(encoding="utf-8")
        assert old in text
        glossary.write_text(text.replace(old, new) if old else text, encoding="utf-8")
        renderer = Renderer(require_catalogue(tiny), {}, cache)
        page = BeautifulSoup(renderer.with_terms("<p>the crumb</p>", "guides/x.html"), "html.parser")
        definitions.append(str(page.select("a.term")[0]["title"]))
        assert renderer.with_terms("<p>no term</p>", "guides/x.html") == "<p>no term</p>"
    assert "any loaf" not in definitions[0]
    assert "any loaf" in definitions[1]


def test_every_guide_links_each_term_once_and_none_in_headings(built: Path) -> None:
    found = 0
    for file in sorted((built / "site" / "guides").glob("*.html")):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        links = [str(link["href"]) for link in soup.select("article a.term")]
        assert len(links) == len(set(links)), file.name
        assert not soup.select(":is(h1, h2, h3, h4, pre, code, summary, a) a.term"), file.name
        found += len(links)
    assert found > 50
    assert not BeautifulSoup((built / "site" / "contributing.html").read_text(), "html.parser").select("a.term")


# --- the definition beside the word ----------------------------------------------------------------------------------

CARD = "cards/dense-loaf.html"


@pytest.fixture
def phone(browser: Browser, built_tiny: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 480})
    page = context.new_page()
    page.goto(f"{(built_tiny / 'site').as_uri()}/{CARD}")
    yield page
    context.close()


def test_focus_shows_the_definition_within_the_window_and_escape_takes_it_away(phone: Page) -> None:
    term, tip = phone.locator("a.term").first, phone.get_by_role("tooltip")
    expect(tip).to_have_count(0)
    term.focus()
    expect(tip).to_have_text("The inside of a loaf; close when the dough was young, torn when it was old.")
    expect(term).to_have_accessible_description(tip.inner_text())
    box, wide = tip.bounding_box(), phone.evaluate("document.documentElement.clientWidth")
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= wide
    assert phone.evaluate("document.documentElement.scrollWidth") == wide
    assert violations(phone, {"include": [["#sa-tip"], ["a.term"]]}) == []
    phone.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    expect(term).to_be_focused()


def test_the_pointer_may_move_onto_the_definition_and_off_it(phone: Page) -> None:
    term, tip = phone.locator("a.term").first, phone.get_by_role("tooltip")
    term.hover()
    expect(tip).to_be_visible()
    tip.hover()
    word, box = term.bounding_box(), tip.bounding_box()
    assert word is not None
    assert box is not None
    assert box["y"] <= word["y"] + word["height"] + 1 or box["y"] + box["height"] >= word["y"] - 1
    expect(tip).to_be_visible()
    phone.mouse.move(1, 1)
    expect(tip).to_have_count(0)


def test_without_javascript_the_keyboard_finds_the_definition_at_the_foot_of_the_window(
    browser: Browser, built_tiny: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 480})
    page = context.new_page()
    page.goto(f"{(built_tiny / 'site').as_uri()}/{CARD}")
    term = page.locator("a.term").first
    assert term.get_attribute("title") == "The inside of a loaf; close when the dough was young, torn when it was old."
    term.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    style = (
        "(link) => { const s = getComputedStyle(link, '::after'); return [s.content, s.position, s.left, s.right]; }"
    )
    assert term.evaluate(style) == [f'"{term.get_attribute("title")}"', "fixed", "10px", "10px"]
    context.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("模型的过拟合很常见", ["过拟合"]), ("用SQL看过拟合", ["SQL", "过拟合"]), ("लर्निंग में", ["लर्निंग"]), ("लर्निंगें", []),
        ("NoSQL", []), ("बेलर्निंग", []), ("بیش‌برازش چیست", ["بیش‌برازش"]), ("เรียนเครื่องจักร", ["เครื่อง"]),
    ],
)  # fmt: skip
def test_a_term_is_found_in_any_script_as_a_word_or_within_a_run(text: str, found: list[str]) -> None:
    glossary = Glossary({term: term for term in ("过拟合", "SQL", "लर्निंग", "بیش‌برازش", "เครื่อง")})
    assert [text[start:end] for start, end, _ in glossary.find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("30 psi and a map of shops", []),
        ("The PSI rose; MAPs fell, and mAP too", ["PSI", "MAPs", "mAP"]),
        ("Roc curves, ROC curves", ["ROC curves"]),
        ("Crumb and CRUMB", ["Crumb", "CRUMB"]),
        ("Precision-recall AUC", ["Precision-recall AUC"]),
    ],
)
def test_acronyms_are_found_as_they_are_written(text: str, found: list[str]) -> None:
    terms = ("PSI", "MAP", "mAP", "ROC curve", "crumb", "precision-recall AUC")
    glossary = Glossary({term: term for term in terms})
    assert [text[start:end] for start, end, _ in glossary.find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An F1 score, F1-like, F1s", ["F1 score", "F1s"]),
        ("k-NN and NN", ["k-NN"]),
        ("precision at k, precision", ["precision at k", "precision"]),
        ("Precisions at k", ["Precisions"]),
        ("imprecision, precision_at", []),
    ],
)
def test_a_term_is_a_whole_word_its_plural_included_and_the_longest_one_wins(text: str, found: list[str]) -> None:
    spellings = ("F1", "F1 score", "k-NN", "precision", "precision at k")
    glossary = Glossary({spelling: spelling for spelling in spellings})
    assert [text[start:end] for start, end, _ in glossary.find(text)] == found
