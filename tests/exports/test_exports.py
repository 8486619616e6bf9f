"""What readers take away: Anki, data, Markdown, the feed, the Downloads page, and the command that makes them all."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, TINY, copy_tiny_project, digests, mkdocs
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.cli.__main__ import main
from studyguide.content.identity import OURS
from studyguide.exports import anki, data, feed, markdown, shelf
from studyguide.exports.edition import Edition, edition_time, read_edition
from studyguide.exports.files import archive
from studyguide.files import write_whole
from studyguide.notebooks.execute import run_notebooks
from studyguide.notebooks.outputs import INK
from studyguide.notebooks.run import Run
from studyguide.pages.render import Renderer
from studyguide.problems import ContentError

WHEN = datetime.datetime(2026, 11, 21, 6, 30, tzinfo=datetime.UTC)
LATER = WHEN + datetime.timedelta(days=3)
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 150"><text x="5" y="20">Proof</text>'
    f'<path d="M 10 100 L 90 20" style="fill: none; stroke: {INK}"/></svg>'
)


@pytest.fixture(scope="session")
def runs(runs_cache: Path) -> Mapping[str, Run]:
    catalogue = require_catalogue(TINY)
    return run_notebooks(catalogue.scripts, TINY / "notebooks", runs_cache / "runs")


Editor = Callable[..., Edition]


@pytest.fixture
def edition(runs: Mapping[str, Run]) -> Editor:
    """Editions of the small guide, with one card changed: ``edition(dense_loaf={"title": ...}, when=LATER)``."""

    def make(
        folder: Path = TINY, *, when: datetime.datetime = WHEN, shows: Any = None, address: str = "",
        guides: Mapping[str, str] | None = None, **changed: Mapping[str, Any],
    ) -> Edition:  # fmt: skip
        catalogue = require_catalogue(folder)
        cards = tuple(
            dataclasses.replace(
                card, value=card.value.model_copy(update=dict(changed.get(card.id.replace("-", "_"), {})))
            )
            for card in catalogue.cards
        )
        catalogue = dataclasses.replace(catalogue, cards=cards)
        lent = dict(runs)
        if shows is not None:
            run = lent["proofing"]
            place = run.code_cells.index(run.script.evidence["time-by-warmth"])
            outputs = tuple(shows if n == place else there for n, there in enumerate(run.outputs))
            lent["proofing"] = dataclasses.replace(run, outputs=outputs)
        return Edition(Renderer(catalogue, lent), when, address, guides or {})

    return make


def xml(text: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own


def packed(edition: Edition) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(anki.package(edition, anki.notes(edition))))


def collection(edition: Edition, tmp_path: Path) -> sqlite3.Connection:
    """The collection database of the package, opened."""
    file = tmp_path / f"{edition.when.timestamp()}-{id(edition)}.anki2"
    file.write_bytes(packed(edition).read("collection.anki2"))
    return sqlite3.connect(file)


def note_rows(edition: Edition, tmp_path: Path) -> dict[str, tuple[Any, ...]]:
    """Every row of the table of notes by its guid: id, guid, model, time, fields, tags."""
    connection = collection(edition, tmp_path)
    rows = connection.execute("SELECT id, guid, mid, mod, flds, tags FROM notes").fetchall()
    connection.close()
    return {row[1]: row for row in rows}


# --- Anki ------------------------------------------------------------------------------------------------------------
def test_an_edited_card_is_one_updated_note_under_the_same_guid_and_number(edition: Editor, tmp_path: Path) -> None:
    prompt = "Your rye has come out flat for nine days, and the cafe has begun to ask whether you still bake. What now?"
    before = note_rows(edition(), tmp_path)
    after = note_rows(edition(dense_loaf={"prompt": prompt}), tmp_path)
    assert before.keys() == after.keys()
    changed = [guid for guid in before if before[guid] != after[guid]]
    assert changed == [anki.guid("strong-loaf", "dense-loaf")]
    old, new = before[changed[0]], after[changed[0]]
    assert (old[0], old[1], old[2]) == (new[0], new[1], new[2])
    assert "nine days" in new[4]
    assert "nine days" not in old[4]


def test_a_later_edition_is_newer_to_anki_and_keeps_every_number(edition: Editor, tmp_path: Path) -> None:
    title = {"title": "The loaf that stayed flat"}
    before, after = note_rows(edition(), tmp_path), note_rows(edition(when=LATER, dense_loaf=title), tmp_path)
    assert {row[3] for row in before.values()} == {int(WHEN.timestamp())}
    assert {row[3] for row in after.values()} == {int(LATER.timestamp())}
    assert {guid: row[0] for guid, row in before.items()} == {guid: row[0] for guid, row in after.items()}
    assert [g for g in before if before[g][4] != after[g][4]] == [anki.guid("strong-loaf", "dense-loaf")]


def test_a_new_card_moves_no_other_note(edition: Editor, tmp_path: Path, tiny: Path) -> None:
    before = note_rows(edition(), tmp_path)
    other = tiny / "cards" / "bench" / "a-first-card.yml"
    words = (tiny / "cards" / "bench" / "dense-loaf.yml").read_text(encoding="utf-8")
    words = words.replace("The loaf that did not rise", "A key before all others")
    words = words.replace("Why is a loaf dense, and how", "Why does a key break, and how")
    words = words.replace("Your bread did not rise.", "Your key broke in the lock.")
    words = words.replace(
        "Your rye has come out flat for three days.", "Nine people stand outside in the snow and wait."
    )
    words = words.replace("The recipe is unchanged, the oven was serviced in spring, and a cafe waits", "The key broke")
    other.write_text(words.replace("for forty loaves at seven. It is four in the morning.", "in the lock today."))
    after = note_rows(edition(tiny), tmp_path)
    assert {guid: after[guid][:2] for guid in before} == {guid: before[guid][:2] for guid in before}
    assert len(after) == len(before) + 1


def test_a_guid_comes_from_the_id_alone_and_stays_for_good() -> None:
    assert anki.guid(OURS, "dense-loaf") == "sbuY,-:m[~"
    ours = anki.note_id(OURS, "dense-loaf"), anki.deck_id(OURS, "bench"), anki.model_id(OURS)
    assert ours == (1667759730716, 1484181673, 1728304951)


def test_two_guides_with_the_same_cards_share_no_number_and_no_guid(edition: Editor, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(TINY, other)
    named = (TINY / "site.yml").read_text(encoding="utf-8")
    (other / "site.yml").write_text(named.replace("strong-loaf", "weak-loaf").replace("Strong Loaf", "Weak Loaf"))
    one, two = note_rows(edition(), tmp_path), note_rows(edition(other), tmp_path)
    assert not one.keys() & two.keys()
    assert not {row[0] for row in one.values()} & {row[0] for row in two.values()}
    assert not {row[2] for row in one.values()} & {row[2] for row in two.values()}


def test_a_round_is_a_deck_and_tags_say_round_level_role_and_topic(edition: Editor, tmp_path: Path) -> None:
    connection = collection(edition(), tmp_path)
    (decks,) = connection.execute("SELECT decks FROM col").fetchone()
    names = {int(key): deck["name"] for key, deck in json.loads(decks).items()}
    there = {names[did] for (did,) in connection.execute("SELECT did FROM cards")}
    connection.close()
    assert there == {"Strong Loaf::Bench test", "Strong Loaf::Counter"}
    tags = note_rows(edition(), tmp_path)[anki.guid("strong-loaf", "dense-loaf")][5]
    assert tags.split() == [
        "round::bench", "level::foundation", "role::baker", "topic::fermentation", "edition::2026-11-21",
    ]  # fmt: skip


def test_the_front_asks_and_the_back_opens_in_stages(edition: Editor, tmp_path: Path) -> None:
    connection = collection(edition(), tmp_path)
    (kinds,) = connection.execute("SELECT models FROM col").fetchone()
    connection.close()
    (model,) = json.loads(kinds).values()
    (sides,) = model["tmpls"]
    assert "{{Prompt}}" in sides["qfmt"]
    assert not {"{{Outline}}", "{{Title}}", "{{Weak}}"} & set(re.findall(r"\{\{[^}]+\}\}", sides["qfmt"]))
    back = sides["afmt"]
    places = [back.index(f"{{{{{name}}}}}") for name in ("Outline", "Tested", "Weak", "Follow-ups", "Red flags")]
    assert places == sorted(places)
    fields = {note.card.id: note.fields for note in anki.notes(edition())}["dense-loaf"]
    answer = BeautifulSoup(fields["Outline"], "html.parser")
    assert answer.find("p").get_text() == "Say first"
    stages = answer.find_all("details") + BeautifulSoup(back, "html.parser").find_all("details")
    assert [stage.summary.get_text() for stage in stages[:3]] == [
        "Ask first, or assume aloud", "The outline of a strong answer", "What is being tested",
    ]  # fmt: skip
    opened = [stage.summary.get_text() for stage in stages if stage.has_attr("open")]
    assert opened == ["The outline of a strong answer"]


def test_a_note_is_in_the_language_and_direction_of_its_guide(edition: Editor, tiny: Path, tmp_path: Path) -> None:
    site = tiny / "site.yml"
    site.write_text(site.read_text(encoding="utf-8") + "lang: ar\ndir: rtl\n", encoding="utf-8")
    arabic = edition(tiny)
    connection = collection(arabic, tmp_path)
    (kinds,) = connection.execute("SELECT models FROM col").fetchone()
    connection.close()
    (model,) = json.loads(kinds).values()
    (sides,) = model["tmpls"]
    text = anki.table(arabic, anki.notes(arabic)).decode().split("#columns", 1)[1].split("\n", 1)[1]
    (row, *_) = csv.reader(io.StringIO(text), delimiter="\t")
    for side in (sides["qfmt"], sides["afmt"], row[2], row[3]):
        assert side.startswith('<div lang="ar" dir="rtl">')
    style = (ROOT / "hooks" / "studyguide" / "templates" / "anki" / "style.css").read_text(encoding="utf-8")
    assert re.search(r":is\(pre, code[^)]*\) \{ direction: ltr;", style)
    assert not re.search(r"(?:padding|border|margin|align)\S* ?left", style), "sides are those of the script"


def picture(pack: zipfile.ZipFile) -> tuple[str, str]:
    """The number and the name in a package of the picture that the edition was given."""
    media: dict[str, str] = json.loads(pack.read("media"))
    (found,) = ((number, name) for number, name in media.items() if name.startswith("proofing-time-by-warmth-"))
    return found


def test_pictures_go_along_with_a_size_and_ink_of_their_own(edition: Editor) -> None:
    shown = edition(shows=[{"output_type": "display_data", "data": {"image/svg+xml": DRAWING}, "metadata": {}}])
    pack = packed(shown)
    number, name = picture(pack)
    note = next(note for note in anki.notes(shown) if note.card.id == "dense-loaf")
    assert f'<img src="{name}" alt="' in note.fields["Evidence"]
    root = xml(pack.read(number))
    assert (root.get("width"), root.get("height"), root.get("color")) == ("421", "221", INK)
    assert "currentColor" in pack.read(number).decode(), "the ink is the picture's own colour"
    sheet = root[0]
    assert (sheet.tag, sheet.get("fill")) == ("{http://www.w3.org/2000/svg}rect", "#ffffff")
    assert "<img" not in note.back, "text files carry no pictures"


def test_a_changed_picture_has_a_name_of_its_own(edition: Editor) -> None:
    def name(drawing: str) -> str:
        shown = edition(shows=[{"output_type": "display_data", "data": {"image/svg+xml": drawing}, "metadata": {}}])
        return picture(packed(shown))[1]

    assert name(DRAWING) != name(DRAWING.replace("90 20", "90 25"))
    assert re.fullmatch(r"proofing-time-by-warmth-[0-9a-f]{8}\.svg", name(DRAWING))


def test_the_cards_in_anki_have_the_colours_of_the_guide_in_both_modes() -> None:
    def palettes(css: str) -> list[dict[str, str]]:
        blocks = re.findall(r"\{([^{}]*--paper: #[^{}]*)\}", css)
        return [dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]

    tokens = (ROOT / "docs" / "assets" / "tokens.css").read_text(encoding="utf-8")
    style = (ROOT / "hooks" / "studyguide" / "templates" / "anki" / "style.css").read_text(encoding="utf-8")
    assert palettes(style) == palettes(tokens)[:2]
    assert ".card.nightMode" in style


def test_the_text_file_says_how_anki_is_to_read_it(edition: Editor) -> None:
    shown = edition()
    text = anki.table(shown, anki.notes(shown)).decode()
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert head[:6] == [
        "#separator:Tab", "#html:true", "#notetype:Basic", "#guid column:1", "#deck column:2", "#tags column:5",
    ]  # fmt: skip
    body = text.split("\n", len(head))[-1]
    assert body.startswith('"'), "a guid may begin with #, the sign of a comment, so every field is quoted"
    rows = list(csv.reader(io.StringIO(body), delimiter="\t"))
    assert [row[0] for row in rows] == [anki.guid("strong-loaf", card.id) for card in shown.catalogue.cards]
    assert all(len(row) == 5 for row in rows)
    assert "<ol>" in rows[0][3]
    assert "round::bench" in rows[0][4].split()


def test_prose_and_coloured_print_go_into_the_deck_without_their_marks(edition: Editor) -> None:
    shows = [
        {"data": {"text/markdown": "**3** of 5", "text/plain": "<IPython.core.display.Markdown object>"}},
        {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\n"},
    ]
    note = next(note for note in anki.notes(edition(shows=shows)) if note.card.id == "dense-loaf")
    (fields,) = (field for field in note.fields.values() if "<figure>" in field and "3</strong>" in field)
    assert "<p><strong>3</strong> of 5</p>" in fields
    assert "<pre>red</pre>" in fields
    assert "\x1b" not in fields
    assert "object&gt;" not in fields


# --- what cannot be carried ----------------------------------------------------------------------------------------
def test_a_mark_that_anki_would_act_on_is_refused_with_its_place(tiny: Path, edition: Editor) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("Blames the flour without", "Plays [sound:oven.mp3] without"))
    with pytest.raises(ContentError) as caught:
        anki.notes(edition(tiny))
    assert [str(problem) for problem in caught.value.problems] == [
        "content/cards/bench/dense-loaf.yml:57:5: must not hold '[sound:', which Anki takes for a mark of its own: "
        "put a space after the bracket (export)"
    ]


@pytest.mark.parametrize(
    ("shows", "why"),
    [
        ([], "nothing shown: end the cell with something to see"),
        (
            [{"data": {"image/png": "bm90IGEgcGljdHVyZQ=="}}],
            "a picture that is neither PNG nor JPEG, whatever its kind (image/png) says: draw it again",
        ),
        ([{"data": {"image/svg+xml": "<svg"}}], "the picture is not valid SVG: unclosed token: line 1, column 0"),
    ],
)
def test_missing_evidence_is_refused_with_its_place(shows: Any, why: str, tiny: Path, edition: Editor) -> None:
    with pytest.raises(ContentError) as caught:
        anki.notes(edition(tiny, shows=shows))
    assert [str(problem) for problem in caught.value.problems] == [
        "content/cards/bench/dense-loaf.yml:62:11: must show a picture, a table or text that a deck can carry, "
        f"found: {why} (export)"
    ]


# --- data ------------------------------------------------------------------------------------------------------------
def test_cards_are_valid_by_the_schema_published_with_them(edition: Editor) -> None:
    files = {uri: json.loads(content) for uri, content in data.files(edition()).items()}
    Draft202012Validator.check_schema(files[data.ALL_SCHEMA])
    Draft202012Validator(files[data.ALL_SCHEMA]).validate(files[data.ALL])
    assert files[data.ALL]["format"] == 2


def test_a_schema_refuses_what_the_format_does_not_have(edition: Editor) -> None:
    files = {uri: json.loads(content) for uri, content in data.files(edition()).items()}
    guide = files[data.ALL]
    card = guide["cards"][0]
    for wrong in (card | {"colour": "blue"}, {key: value for key, value in card.items() if key != "say_first"}):
        assert not Draft202012Validator(files[data.ALL_SCHEMA]).is_valid(guide | {"cards": [wrong]})
    assert not Draft202012Validator(files[data.ALL_SCHEMA]).is_valid(guide | {"format": 1})


def test_keys_keep_their_order_and_values_of_notebooks_are_put_in(edition: Editor) -> None:
    said = "A third less for five degrees more: [[proofing:hours-at-25]] hours at 25 degrees, and no guess."
    guide = json.loads(data.files(edition(dense_loaf={"whats_being_tested": said}))[data.ALL])
    card = next(card for card in guide["cards"] if card["id"] == "dense-loaf")
    assert list(card)[:8] == ["id", "url", "markdown", "minutes", "title", "form", "asked_as", "round"]
    assert "4.0 hours at 25 degrees" in card["whats_being_tested"]
    assert (card["url"], card["markdown"]) == ("cards/dense-loaf.html", "cards/dense-loaf.md")


# --- Markdown --------------------------------------------------------------------------------------------------------
def links(text: str) -> list[str]:
    tokens = [child for token in MarkdownIt().parse(text) for child in token.children or ()]
    return [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]


def test_every_link_of_a_markdown_copy_leads_to_something(built_tiny: Path) -> None:
    site = built_tiny / "site"
    copies = [*site.rglob("*.md"), site / "llms.txt"]
    assert {copy.relative_to(site).as_posix() for copy in copies} > {"cards/dense-loaf.md", "plans/two-days.md"}
    for copy in copies:
        for link in links(copy.read_text(encoding="utf-8")):
            target, _, anchor = link.partition("#")
            if re.match(r"https?:", link):
                continue
            there = (copy.parent / target).resolve()
            assert there.is_file(), f"{copy.relative_to(site)} links to {link}"
            assert not anchor or f'id="{anchor}"' in there.read_text(encoding="utf-8"), f"{copy.name}: {link}"


def test_a_copy_says_all_that_its_card_says(edition: Editor) -> None:
    shown = edition()
    card = shown.catalogue.card["dense-loaf"].value
    words = " ".join(markdown.files(shown)["cards/dense-loaf.md"].decode().split())
    parts = [card.title, card.prompt, card.weak_answer.says, card.weak_answer.misses, card.whats_being_tested]
    parts += [part for move in card.strong_outline for part in (move.move, move.detail)]
    parts += [part for follow_up in card.follow_ups for part in (follow_up.ask, follow_up.listen_for)]
    parts += [*card.red_flags, *(working.formula for working in card.workings), *(item.shows for item in card.evidence)]
    parts += [f"[{source.title}]({source.url})" for source in card.sources]
    assert [part for part in parts if " ".join(part.split()) not in words] == []


def test_llms_txt_has_the_parts_that_its_convention_asks_for(edition: Editor) -> None:
    text = markdown.files(edition(address="https://example.org/guide/"))["llms.txt"].decode()
    blocks = [token for token in MarkdownIt().parse(text) if token.level == 0 and token.nesting >= 0]
    assert [block.type for block in blocks[:3]] == ["heading_open", "blockquote_open", "paragraph_open"]
    assert (blocks[0].tag, text.splitlines()[0]) == ("h1", "# Strong Loaf")
    rest = [(block.type, block.tag) for block in blocks[3:]]
    assert rest == [("heading_open", "h2"), ("bullet_list_open", "ul")] * (len(rest) // 2), "sections of links, no more"
    assert all(link.startswith("https://example.org/guide/") for link in links(text))
    assert "## Optional" in text


def test_a_hand_written_guide_loses_what_only_mkdocs_reads(edition: Editor) -> None:
    words = (
        "---\ntitle: The bench\ndescription: What stands on it.\n---\n# The bench\n\n## Tools {#tools}\n\n"
        '!!! note "Mind the oven"\n\n    It is hot.\n\nAfter it. [A card](../cards/dense-loaf.md#prompt), '
        "[a list](../rounds/index.md), [a run](../notebooks/proofing.ipynb), [a guide](shop.md), [out](https://a.org/b.md).\n\n"
        "Peel {#peel}\n:   Flat, of wood.\n\n**Why wood?** {#wood}\n\n:   It does not stick.\n\n    Nor scorch.\n"
    )
    made = markdown.files(edition(guides={"guides/bench": words, "guides/shop": "# Shop\n"}))
    text = made["guides/bench.md"].decode()
    assert text == (
        "# The bench\n\n## Tools\n\n> **Mind the oven**\n>\n>\n> It is hot.\n>\n\nAfter it. "
        "[A card](../cards/dense-loaf.md#prompt), [a list](../rounds/index.html), [a run](../notebooks/proofing.html), "
        "[a guide](shop.md), [out](https://a.org/b.md).\n\n"
        "- **Peel**\n\n  Flat, of wood.\n\n- **Why wood?**\n\n  It does not stick.\n\n    Nor scorch.\n"
    )
    assert "- [The bench](guides/bench.md): What stands on it.\n- [Shop](guides/shop.md)\n" in made["llms.txt"].decode()


# --- the feed --------------------------------------------------------------------------------------------------------
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def text_of(element: ElementTree.Element, path: str) -> str:
    found = element.find(path, ATOM)
    assert found is not None, path
    return found.text or ""


def test_the_feed_has_what_rfc_4287_requires(edition: Editor) -> None:
    root = xml(feed.feed(edition(address="https://example.org/guide/")))
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = root.findall("a:entry", ATOM)
    assert len(entries) == 3
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text_of(element, "a:updated"))
        assert text_of(element, "a:id").startswith("tag:strong-loaf,2026:")
    assert text_of(root, "a:author/a:name") == "Strong Loaf", "an author of the feed is one of every entry without"
    rel = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert rel == {"self": "https://example.org/guide/feed.xml", "alternate": "https://example.org/guide/index.html"}
    for entry in entries:
        (link,) = entry.findall("a:link", ATOM)
        assert str(link.get("href")).startswith("https://example.org/guide/cards/")
    ids = [text_of(entry, "a:id") for entry in entries]
    assert len(set(ids)) == len(ids)


def test_ids_of_entries_do_not_depend_on_the_host(edition: Editor) -> None:
    def ids(address: str) -> list[str]:
        root = xml(feed.feed(edition(address=address)))
        return [text_of(entry, "a:id") for entry in root.findall("a:entry", ATOM)]

    assert ids("https://example.org/") == ids("") == ids("https://elsewhere.example/deep/")


def test_a_new_review_moves_a_card_to_the_top(edition: Editor) -> None:
    root = xml(feed.feed(edition(angry_customer={"reviewed": datetime.date(2026, 11, 19)})))
    first = root.findall("a:entry", ATOM)[0]
    assert (text_of(first, "a:id"), text_of(first, "a:updated")) == (
        "tag:strong-loaf,2026:cards/angry-customer", "2026-11-19T00:00:00Z",
    )  # fmt: skip
    assert text_of(root, "a:updated") == "2026-11-19T00:00:00Z"


# --- when an edition is from -----------------------------------------------------------------------------------------
def test_an_edition_is_dated_by_the_variable_else_by_the_commit_else_by_the_newest_review(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = require_catalogue(tiny)
    root = Path.cwd()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert edition_time(catalogue) == datetime.datetime(2026, 9, 21, 14, 13, 20, tzinfo=datetime.UTC)
    for wrong in ("today", "4354819200", "99999999999"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(ValueError, match=f"since 1970 that ZIP can say, at most 4354819199, found '{wrong}': set"):
            edition_time(catalogue)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4354819199")
    assert archive({"a": b""}, edition_time(catalogue))
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert edition_time(catalogue) == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    environment = {**os.environ, "GIT_COMMITTER_DATE": "1795000000 +0100", "GIT_CONFIG_GLOBAL": os.devnull}
    person = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*person, "commit", "-q", "-m", "Bread"]):
        subprocess.run(["git", *command], cwd=root, env=environment, check=True)
    assert edition_time(catalogue).timestamp() == 1795000000


def test_a_signature_that_git_shows_does_not_hide_the_date(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with log.showSignature: what verifies prints, and git prints that before the date."""
    catalogue, root = require_catalogue(tiny), Path.cwd()
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    git_in(root, "init", "-q")
    git_in(root, "config", "log.showSignature", "true")
    git_in(root, "add", ".")
    git_in(root, "commit", "-q", "-m", "Bread", date="1795000000 +0100")
    assert edition_time(catalogue).timestamp() == 1795000000


def test_a_guide_that_has_just_begun_is_dated_by_its_newest_review(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    git_in(Path.cwd(), "init", "-q")
    assert edition_time(require_catalogue(tiny)) == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)


def test_git_that_refuses_is_quoted_with_a_remedy(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git_in(Path.cwd(), "init", "-q")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with pytest.raises(ValueError, match="git says: fatal: detected dubious ownership in repository") as caught:
        edition_time(require_catalogue(tiny))
    assert "git config --global --add safe.directory" in str(caught.value)
    assert "or set SOURCE_DATE_EPOCH" in str(caught.value)


@pytest.mark.parametrize("damage", ["gitdir: /nonexistent\n", ""])
def test_a_repository_that_git_cannot_read_is_named_and_not_passed_over(
    damage: str, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if damage:  # a worktree that has moved
        Path(".git").write_text(damage, encoding="utf-8")
    else:
        git_in(Path.cwd(), "init", "-q")
        Path(".git", "HEAD").write_text("garbage", encoding="utf-8")
    with pytest.raises(ValueError, match=r"git says: fatal: not a git repository.* or set SOURCE_DATE_EPOCH"):
        edition_time(require_catalogue(tiny))


def test_a_repository_without_git_is_not_dated_by_an_older_day(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    catalogue = require_catalogue(tiny)
    monkeypatch.setenv("PATH", str(tiny))
    assert edition_time(catalogue) == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC), "no repository"
    Path(".git").mkdir()
    with pytest.raises(
        ValueError, match=r"git cannot be run \(No such file or directory\): install git, or set SOURCE"
    ):
        edition_time(catalogue)


def git_in(root: Path, *command: str, date: str = "") -> None:
    environment = {**os.environ, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
    person = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *person, *command], cwd=root, env=environment, check=True)


def test_a_note_has_the_tag_of_its_edition_and_the_page_says_how_to_find_those_that_left(edition: Editor) -> None:
    later = edition(when=LATER)
    assert {note.tags[-1] for note in anki.notes(later)} == {"edition::2026-11-24"}
    html = BeautifulSoup(shelf.shelf_html(later, []), "html.parser")
    assert html.find("code", string='"deck:Strong Loaf" -tag:edition::2026-11-24')
    assert "A card that has moved to another round stays in its deck" in html.text
    # Anki replaces tags as well as fields, and passes over a note that was tagged after the edition.
    assert "the tags you gave it are replaced" in html.text
    assert "keep remarks in tags" not in html.text
    assert "set Update notes to Always" in " ".join(html.text.split())


def test_a_guide_from_other_content_has_none_of_our_guides(tiny: Path, runs: Mapping[str, Run]) -> None:
    (Path.cwd() / "docs" / "guides").mkdir(parents=True)
    (Path.cwd() / "docs" / "guides" / "bar.md").write_text("# Bar\n")
    site = tiny / "site.yml"
    site.write_text(site.read_text(encoding="utf-8").replace("strong-loaf", OURS), encoding="utf-8")
    ours = read_edition(Renderer(require_catalogue(tiny), runs), Path.cwd(), "https://example.org/x")
    assert (dict(ours.guides), ours.address) == ({"guides/bar": "# Bar\n"}, "https://example.org/x/")
    theirs = read_edition(Renderer(require_catalogue(TINY), runs), Path.cwd(), "")
    assert (dict(theirs.guides), theirs.address) == ({}, "")


# --- files -----------------------------------------------------------------------------------------------------------
def test_an_archive_is_the_same_bytes_whatever_the_order_and_the_day() -> None:
    one = archive({"b.txt": b"2", "a.txt": b"1"}, WHEN)
    assert one == archive(
        {"a.txt": b"1", "b.txt": b"2"}, WHEN.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    )
    infos = zipfile.ZipFile(io.BytesIO(one)).infolist()
    assert [(info.filename, info.date_time, info.external_attr >> 16) for info in infos] == [
        ("a.txt", (2026, 11, 21, 6, 30, 0), 0o644), ("b.txt", (2026, 11, 21, 6, 30, 0), 0o644),
    ]  # fmt: skip


def test_a_write_that_fails_leaves_the_last_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deck.apkg"
    write_whole(file, b"good", WHEN)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, b"better", LATER)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"deck.apkg": b"good"}
    assert file.stat().st_mtime == WHEN.timestamp()


KILLED = """
import datetime, os, signal, sys
from pathlib import Path
from studyguide.files import write_whole
Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]), b"half" * 1000, datetime.datetime.now(datetime.UTC))
"""


def test_a_run_that_is_killed_leaves_the_last_file_and_the_next_run_tidies_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "downloads" / "strong-loaf.apkg"
    write_whole(file, b"good", WHEN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks")}
    done = subprocess.run([sys.executable, "-c", KILLED, str(file)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"good"
    assert len(list(file.parent.glob(".*.part"))) == 1
    assert (
        main(["downloads", "feed", "--content", str(TINY), "--dist", str(tmp_path), "--site", str(tmp_path / "no")])
        == 0
    )
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["feed.xml", "strong-loaf.apkg"]
    assert "feed.xml" in capsys.readouterr().out


# --- the page and the command ----------------------------------------------------------------------------------------
def listed(site: Path) -> dict[str, dict[str, str]]:
    """The lines of the Downloads page by the file that they link to."""
    soup = BeautifulSoup((site / shelf.PAGE).read_text(encoding="utf-8"), "html.parser")
    found = {}
    for line in soup.select(".sa-file"):
        name = os.path.normpath(f"downloads/{line.a['href']}") if line.a else ""
        facts = {"size": line.b.text, "day": line.time["datetime"], "sha256": line.code.text}  # type: ignore[union-attr]
        found[name] = facts | {"id": str(line["id"])}
    return found


def test_the_page_states_size_date_and_checksum_of_what_each_build_makes(built_tiny: Path) -> None:
    site = built_tiny / "site"
    lines = listed(site)
    assert list(lines) == [
        "downloads/strong-loaf.apkg", "downloads/strong-loaf.tsv",
        "data/cards.json", "llms.txt", "feed.xml",
    ]  # fmt: skip
    for name, facts in lines.items():
        content = (site / name).read_bytes()
        assert facts["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert facts["size"] == f"{round(len(content) / 1000)} KB"
        assert facts["day"] == "2026-11-01"
    names = [line.split("  ")[1] for line in (site / shelf.SUMS).read_text().splitlines()]
    assert len(names) == len(set(names)) == len(lines)


def test_the_offline_copy_does_not_offer_its_own_feed_to_a_reader(edition: Editor) -> None:
    at_home = edition(address="https://bread.example/")
    entries = [shelf.entry(export, b"", WHEN) for export in shelf.exports(at_home)]
    assert "Give this address to a feed reader" in shelf.shelf_html(at_home, entries)
    copy = shelf.shelf_html(at_home, entries, offline=True)
    assert "Give this address to a feed reader" not in copy
    assert copy.count('href="https://bread.example/downloads/index.html"') == 2


def test_the_page_says_once_what_is_not_made_and_how_to_make_it(edition: Editor, built_tiny: Path) -> None:
    nothing = BeautifulSoup(shelf.shelf_html(edition(), []), "html.parser")
    assert [heading.text for heading in nothing.find_all("h2")] == ["Offline copy", "Anki", "PDF"]
    assert len(nothing.find_all("code", string="make downloads")) == 1
    assert nothing.select_one("#not-made").text.startswith(  # type: ignore[union-attr]
        "Not made with this copy of the site: Offline copy, Anki, PDF, For programs, Feed."
    )
    built = BeautifulSoup((built_tiny / "site" / shelf.PAGE).read_text(encoding="utf-8"), "html.parser")
    assert built.select_one("#not-made").text.startswith(  # type: ignore[union-attr]
        "Not made with this copy of the site: Offline copy, PDF."
    )


def test_every_page_leads_to_the_feed_and_to_its_markdown(built_tiny: Path) -> None:
    for name, up in (("index.html", ""), ("cards/dense-loaf.html", "../")):
        soup = BeautifulSoup((built_tiny / "site" / name).read_text(encoding="utf-8"), "html.parser")
        other = {link["type"]: link["href"] for link in soup.find_all("link", rel="alternate")}
        assert other["application/atom+xml"] == f"{up}feed.xml"
        assert other.get("text/markdown") == ("dense-loaf.md" if up else None)


@pytest.fixture
def site(built_tiny: Path, tmp_path: Path) -> Path:
    """A copy of the built small site."""
    return Path(shutil.copytree(built_tiny / "site", tmp_path / "site"))


def make(site: Path, dist: Path, *groups: str, content: Path = TINY) -> int:
    return main(["downloads", *groups, "--content", str(content), "--site", str(site), "--dist", str(dist)])


ALL_BUT_PDF = ("zip", "anki", "data", "feed")


def test_the_command_fills_the_page_with_what_it_made(site: Path, tmp_path: Path) -> None:
    assert make(site, tmp_path / "dist", *ALL_BUT_PDF) == 0
    lines = listed(site)
    assert next(iter(lines)) == "downloads/strong-loaf.zip"
    for name, facts in lines.items():
        assert facts["sha256"] == hashlib.sha256((site / name).read_bytes()).hexdigest(), name
        assert (tmp_path / "dist" / name).read_bytes() == (site / name).read_bytes()
    sums = dict(reversed(line.split("  ")) for line in (site / shelf.SUMS).read_text().splitlines())
    assert sums["strong-loaf.zip"] == lines["downloads/strong-loaf.zip"]["sha256"]


def test_content_with_a_problem_leaves_everything_as_it_was_and_is_named(
    site: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dist = tmp_path / "dist"
    assert make(site, dist, *ALL_BUT_PDF, content=tiny) == 0
    before = digests(dist) | digests(site)
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("Blames the flour without", "Plays [sound:oven.mp3] without"))
    capsys.readouterr()
    assert make(site, dist, *ALL_BUT_PDF, content=tiny) == 1
    assert capsys.readouterr().err == (
        "content/cards/bench/dense-loaf.yml:57:5: must not hold '[sound:', which Anki takes for a mark of its own: put "
        "a space after the bracket (export)\n1 problem in 1 file.\n"
    )
    assert digests(dist) | digests(site) == before


@pytest.mark.parametrize("address", ["ex.org", "javascript:x", "https://ex.org/?q=1", "https://ex.org/#a", "//ex.org"])
def test_an_address_that_pages_cannot_be_put_behind_is_refused(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYGUIDE_URL", address)
    assert make(tmp_path, tmp_path / "dist", "feed") == 1
    assert capsys.readouterr().err == (
        "STUDYGUIDE_URL must be a full address that pages can be put behind, such as https://example.org/guide/, found "
        f"'{address}': write it in ASCII, without a user name, '?' or '#', or unset it\n"
    )


def test_what_cannot_be_made_is_named_and_the_last_good_file_stays(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    assert make(site, dist, *ALL_BUT_PDF) == 0
    good = (dist / "downloads" / "strong-loaf.apkg").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795500000")
    monkeypatch.setattr(anki, "package", no_room)
    capsys.readouterr()
    assert make(site, dist, *ALL_BUT_PDF) == 1
    said = capsys.readouterr().err
    assert said.partition("\n")[2] == (
        "downloads/strong-loaf.apkg: No space left on device: delete what is not needed there, "
        "or name a folder on another disk\n"
        "Not made: downloads/strong-loaf.apkg. What was there before is as it was.\n"
    )
    assert (dist / "downloads" / "strong-loaf.apkg").read_bytes() == good
    assert (site / "downloads" / "strong-loaf.apkg").read_bytes() == good
    lines = listed(site)
    assert lines["downloads/strong-loaf.apkg"]["day"] == "2026-11-18", "the page says how old the deck is"
    assert lines["data/cards.json"]["day"] == "2026-11-24", "the others are made"


def no_room(*_: object) -> bytes:
    raise OSError(28, "No space left on device")


def test_pdfs_that_fail_keep_the_others_and_the_last_good_ones(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795500000")
    write_whole(tmp_path / "dist" / "downloads" / "pdf" / "strong-loaf.pdf", b"%PDF-1.7 of last week", WHEN)
    monkeypatch.setattr("studyguide.cli.downloads.make_pdfs", lambda *_: False)
    assert make(site, tmp_path / "dist", "pdf", "feed") == 1
    said = capsys.readouterr()
    assert said.err.startswith("feed.xml: its addresses are relative (cards/...), for nobody has said where the site")
    assert said.err.endswith("\nNot made: PDF. What was there before is as it was.\n")
    assert "feed.xml" in said.out
    lines = listed(site)
    assert lines["downloads/pdf/strong-loaf.pdf"]["day"] == "2026-11-21"
    assert lines["feed.xml"]["day"] == "2026-11-24"
    assert (site / "downloads" / "pdf" / "strong-loaf.pdf").read_bytes() == b"%PDF-1.7 of last week"
    assert "downloads/pdf/rounds/bench.pdf" not in lines, "what was never made is not promised"


def test_a_strict_build_stops_at_a_card_that_an_export_cannot_carry_and_leaves_the_last_site(tmp_path: Path) -> None:
    project = copy_tiny_project(tmp_path / "project")
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("the last good site")
    card = project / "other" / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("Blames the flour without", "Plays [sound:oven.mp3] without"))
    done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert "other/cards/bench/dense-loaf.yml:57:5: must not hold '[sound:'" in done.stderr
    assert (project / "site" / "index.html").read_text() == "the last good site"


def test_without_a_site_the_offline_copy_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        make(tmp_path / "site", tmp_path / "dist", "zip")
    assert caught.value.code == 2
    assert "holds no downloads/index.html: run `studyguide build" in capsys.readouterr().err


def test_an_unknown_group_is_named_with_those_that_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        make(tmp_path / "site", tmp_path / "dist", "ankii")
    assert caught.value.code == 2
    assert "GROUP must be one of zip, anki, pdf, data, feed, found 'ankii'" in capsys.readouterr().err


def test_a_catalogue_without_problems_is_all_that_exports_ask_for(edition: Editor) -> None:
    catalogue: Catalogue = edition().catalogue
    made = [export.make() for export in shelf.exports(edition())]
    everything = [uri for files in made for uri in files]
    assert len(everything) == len(set(everything)), "no two exports write the same file"
    assert {f"cards/{card.id}.md" for card in catalogue.cards} <= set(everything)
