"""The PDFs: what is in them, where their links lead, and what is said when one cannot be made."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import COMMAND, TINY
from pypdf import PdfReader
from pypdf.generic import ArrayObject, Destination, DictionaryObject, IndirectObject
from studyguide.catalogue import CardItem, require_catalogue
from studyguide.cli.pdf import share_out
from studyguide.content import models
from studyguide.exports import pdf
from studyguide.exports.edition import Edition, newest_review
from studyguide.notebooks.execute import run_notebooks
from studyguide.pages.render import Renderer
from studyguide.problems import ContentError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://bread.example/guide/"


def edition_of(content: Path, cache: Path, address: str = "") -> Edition:
    catalogue = require_catalogue(content)
    runs = run_notebooks(catalogue.scripts, content / "notebooks", cache)
    return Edition(Renderer(catalogue, runs), newest_review(catalogue), address)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Edition:
    """The small guide."""
    content = tmp_path_factory.mktemp("pdf") / "content"
    shutil.copytree(TINY, content)
    return edition_of(content, cache)


def pdf_of(edition: Edition, uri: str) -> bytes:
    return next(each for each in pdf.pdf_files(edition) if each.uri == uri).make()[uri]


@pytest.fixture(scope="module")
def made(edition: Edition) -> Mapping[str, bytes]:
    return {uri: content for each in pdf.pdf_files(edition) for uri, content in each.make().items()}


@pytest.fixture(scope="module")
def folder(made: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    for name, content in made.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(content)
    return out


@pytest.fixture(scope="module")
def book(folder: Path) -> PdfReader:
    return PdfReader(folder / "strong-loaf.pdf")


@pytest.fixture(scope="module")
def pages(book: PdfReader) -> list[str]:
    """The words of each page of the book: reading them takes longer than what is asked of them."""
    return text_of(book)


def text_of(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def outline(reader: PdfReader) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 1) of every bookmark, in order."""

    def walk(entries: list[object], depth: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                assert isinstance(entry, Destination)
                yield depth, str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1

    return list(walk(list(reader.outline), 1))


def annotations(reader: PdfReader) -> Iterator[DictionaryObject]:
    """The links of all pages."""
    for page in reader.pages:
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            assert annotation["/Subtype"] == "/Link"
            yield annotation


def links(reader: PdfReader) -> list[tuple[str | None, str | None]]:
    """The name within the file, or else the address, of every link."""
    return [(link.get("/Dest"), str(link["/A"]["/URI"]) if "/A" in link else None) for link in annotations(reader)]


def test_there_is_a_book_a_booklet_a_round_and_a_sheet_a_checklist(edition: Edition) -> None:
    assert [(each.uri, each.title) for each in pdf.pdf_files(edition)] == [
        ("strong-loaf.pdf", "The whole guide"),
        ("rounds/bench.pdf", "Booklet: Bench test"),
        ("cram/bench.pdf", "Cram sheet: Bench test"),
        ("rounds/counter.pdf", "Booklet: Counter"),
        ("cram/counter.pdf", "Cram sheet: Counter"),
        ("checklists/before-the-bench.pdf", "Checklist: Before the bench test"),
    ]


def test_how_to_read_a_card_names_its_first_part_and_counts_its_moves(pages: list[str]) -> None:
    how = next(page for page in pages if "Cover the page below" in page)
    assert how.index("The prompt") < how.index("Say first") < how.index("Sounds fine")
    moves = models.Card.model_json_schema()["properties"]["strong_outline"]
    assert (moves["minItems"], moves["maxItems"]) == (2, 6)
    assert "Two to six moves" in how


def test_bookmarks_name_the_parts_and_below_them_their_cards_sheets_and_plans(
    book: PdfReader, pages: list[str]
) -> None:
    marks = outline(book)
    assert [(depth, title) for depth, title, _ in marks] == [
        (1, "Contents"),
        (1, "How to read a card"),
        (1, "Weak against strong preparation"),
        (1, "Bench test"),
        (2, "The loaf that did not rise"),
        (2, "The oven that loses heat"),
        (1, "Counter"),
        (2, "The customer with yesterday's bread"),
        (1, "Checklists"),
        (2, "Before the bench test"),
        (1, "Plans"),
        (2, "Two days"),
        (1, "Roles"),
        (2, "Baker"),
        (1, "Drill sets"),
        (2, "People"),
        (1, "Glossary"),
        (1, "Cards by topic"),
    ]
    for _, title, page in marks:
        assert title in pages[page - 1]


def test_the_contents_give_the_page_on_which_each_thing_stands_and_which_its_footer_bears(
    book: PdfReader, pages: list[str]
) -> None:
    contents = pages[1]
    for _, title, page in outline(book)[1:]:
        found = re.search(rf"{re.escape(title)}[. ]*(\d+)", contents)
        assert found, f"{title} is not in the contents"
        assert int(found[1]) == page
        assert re.search(rf"(^|\s){page}(\s|$)", pages[page - 1]), f"page {page} does not bear its number"


def test_every_link_within_the_book_leads_to_a_place_that_exists_and_is_meant(
    book: PdfReader, pages: list[str]
) -> None:
    names = book.named_destinations
    inner = {str(name) for name, _ in links(book) if name}
    assert inner <= set(names)
    assert {"cards-dense-loaf", "cards-angry-customer", "rounds-bench", "glossary-crumb"} <= inner
    described = {str(link["/Dest"]): str(link["/Contents"]) for link in annotations(book) if "/Dest" in link}
    assert described["cards-angry-customer"] == "The customer with yesterday's bread"
    page = book.get_destination_page_number(names["cards-angry-customer"])
    assert page is not None
    assert "The customer with yesterday's bread" in pages[page]


def test_links_out_of_a_pdf_lead_to_the_site_where_its_address_is_known(edition: Edition, tmp_path: Path) -> None:
    item = edition.catalogue.checklists[0]
    known = Edition(edition.renderer, edition.when, ADDRESS)
    found = {}
    for name, of in (("known", known), ("not", edition)):
        (tmp_path / name).write_bytes(pdf_of(of, f"checklists/{item.id}.pdf"))
        found[name] = {address for _, address in links(PdfReader(tmp_path / name))}
    assert found["known"] == {f"{ADDRESS}cards/dense-loaf.html", f"{ADDRESS}cards/oven-cools.html"}
    assert found["not"] == set()


def test_all_of_a_card_is_in_the_book_its_evidence_and_arithmetic_included(pages: list[str], edition: Edition) -> None:
    text = " ".join(pages)
    card = edition.catalogue.card["dense-loaf"].value
    for words in (
        card.prompt,
        card.weak_answer.misses,
        *(move.detail for move in card.strong_outline),
        *(follow_up.listen_for for follow_up in card.follow_ups),
        *card.red_flags,
        card.workings[0].formula,
        card.evidence[0].shows,
        card.sources[0].url,
    ):
        for some in re.findall(r"\S+", words)[:6]:
            assert some in text
    assert "warm 25 4.0" in text


def test_the_list_at_the_end_of_a_card_is_not_cut_from_its_name(edition: Edition) -> None:
    """Cards of growing length, so that the list of some of them meets the end of a page."""
    catalogue = edition.catalogue
    card = catalogue.card["dense-loaf"]

    def longer(lines: int) -> CardItem:
        given = {
            "title": f"Loaf number {lines}",
            "whats_being_tested": "\n\n".join(["A line."] * lines),
            "related": ("angry-customer",) * 6,
            "evidence": (),
        }
        return replace(card, id=f"loaf-{lines}", value=card.value.model_copy(update=given))

    cards = tuple(longer(lines) for lines in range(2, 48, 2))
    renderer = Renderer(replace(catalogue, cards=(*catalogue.cards, *cards)), edition.renderer.runs)
    content = pdf_of(replace(edition, renderer=renderer), "rounds/bench.pdf")
    pages = [page.upper() for page in text_of(PdfReader(io.BytesIO(content)))]
    pages = [page for page in pages if "READ NEXT" in page and "LOAF NUMBER" in page]
    assert len(pages) == len(cards)
    for page in pages:
        assert page.count(catalogue.card["angry-customer"].value.title.upper()) == 6
    assert any("SOURCES" not in page for page in pages), "one must have met the end of a page"


def test_the_glossary_of_the_book_holds_every_term_that_of_a_booklet_those_it_uses(
    book: PdfReader, pages: list[str], folder: Path, edition: Edition
) -> None:
    glossary = next(page for title, page in [(t, p) for _, t, p in outline(book)] if title == "Glossary")
    for term in edition.catalogue.glossary:
        assert term.value.term in pages[glossary - 1]
    booklet = PdfReader(folder / "rounds" / "counter.pdf")
    inner = {str(name) for name, _ in links(booklet) if name}
    assert inner <= set(booklet.named_destinations)
    used = {name for name in inner if name.startswith("glossary-")}
    assert {name for name in booklet.named_destinations if name.startswith("glossary-")} == used


@pytest.mark.parametrize(
    "name", ["strong-loaf.pdf", "rounds/bench.pdf", "rounds/counter.pdf", "checklists/before-the-bench.pdf"]
)
def test_a_pdf_is_tagged_has_a_language_and_a_title_and_says_that_it_is_pdf_ua(name: str, folder: Path) -> None:
    reader = PdfReader(folder / name)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/StructTreeRoot"]["/K"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).endswith("Strong Loaf")


def tags(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the structure tree."""
    waiting: list[object] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        element = element.get_object() if isinstance(element, IndirectObject) else element
        if isinstance(element, ArrayObject):
            waiting += element
        elif isinstance(element, DictionaryObject):
            if "/S" in element:
                yield element
            waiting += [element["/K"]] if "/K" in element else []


def test_headings_lists_tables_and_links_are_tagged_as_what_they_are(book: PdfReader) -> None:
    found = {str(tag["/S"]) for tag in tags(book)}
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Link", "/BlockQuote"} <= found


def test_every_font_is_one_of_ours_and_embedded(folder: Path) -> None:
    for file in folder.rglob("*.pdf"):
        seen = set()
        for page in PdfReader(file).pages:
            for font in page["/Resources"]["/Font"].values():
                below = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = below["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(descriptor), descriptor["/FontName"]
                seen.add(str(descriptor["/FontFamily"]) if "/FontFamily" in descriptor else str(below["/BaseFont"]))
        assert seen
        families = {re.sub(r"^/?[A-Z]{6}\+", "", name).replace("-", " ").split(" ")[0] for name in seen}
        assert families <= {"Charis", "Source", "DejaVu"}, families


def test_a_checklist_is_one_page_that_fits_a4_and_letter(folder: Path, edition: Edition) -> None:
    reader = PdfReader(folder / "checklists" / "before-the-bench.pdf")
    (page,) = reader.pages
    millimetres = [float(side) * 25.4 / 72 for side in (page.mediabox.width, page.mediabox.height)]
    assert millimetres == pytest.approx([210, 279], abs=0.1)
    text = text_of(reader)[0]
    for box in edition.catalogue.checklists[0].value.items:
        assert box.ask in text
        assert box.means in text


def test_the_same_content_gives_the_same_bytes_also_in_another_process(
    made: Mapping[str, bytes], edition: Edition, tmp_path: Path
) -> None:
    command = [*COMMAND, "pdf", "--content", str(edition.catalogue.folder)]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1", "TZ": "Asia/Tokyo"}
    environment.pop("STUDYGUIDE_URL", None)
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), "--jobs", "1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in tmp_path.rglob("*.pdf")}
    assert {name: len(content) for name, content in again.items()} == {
        name: len(content) for name, content in made.items()
    }
    assert again == made
    assert [path.name for path in tmp_path.rglob(".*.part")] == []


def spoilt(tiny: Path, cache: Path, old: str, new: str, file: str = "cards/bench/dense-loaf.yml") -> Edition:
    path = tiny / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return edition_of(tiny, cache)


def booklet(edition: Edition) -> bytes:
    return pdf_of(edition, "rounds/bench.pdf")


#: A cell whose output has a character that no font of ours has.
SHOWS_AN_EYE = '\n# %% tags=["evidence: drawn"]\nprint("An eye: \U00013080")\n'


def with_an_eye(tiny: Path, cache: Path) -> Edition:
    script = tiny / "notebooks" / "proofing.py"
    script.write_text(script.read_text(encoding="utf-8") + SHOWS_AN_EYE, encoding="utf-8")
    return spoilt(tiny, cache, "cell: time-by-warmth", "cell: drawn")


def test_a_character_that_no_font_has_is_named_with_its_place(tiny: Path, cache: Path) -> None:
    """In a text of the guide the checker refuses it; this one came from a run."""
    with pytest.raises(ContentError) as caught:
        booklet(with_an_eye(tiny, cache))
    assert [str(problem) for problem in caught.value.problems] == [
        "content/cards/bench/dense-loaf.yml:1:1: must be in characters that the fonts of the PDFs have, found "
        "'\U00013080' (U+13080, egyptian hieroglyph d010): write it in letters (export)"
    ]


def test_characters_of_other_scripts_are_printed_in_the_font_that_has_them(tiny: Path, cache: Path) -> None:
    edition = spoilt(tiny, cache, "Changes three things at once", "Changes α → β and ж at once")
    text = " ".join(text_of(reader_of(booklet(edition), tiny.parent)))
    assert "Changes α → β and ж at once" in text


def reader_of(content: bytes, folder: Path) -> PdfReader:
    file = folder / "made.pdf"
    file.write_bytes(content)
    return PdfReader(file)


DRAWS = """
# %% tags=["evidence: drawn"] alt="A line that rises from left to right"
from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path d="M0 30L90 0" stroke="#1b212c"/></svg>')
"""


def drawing(tiny: Path, cache: Path) -> Edition:
    script = tiny / "notebooks" / "proofing.py"
    script.write_text(script.read_text(encoding="utf-8") + DRAWS, encoding="utf-8")
    return spoilt(tiny, cache, "cell: time-by-warmth", "cell: drawn")


def test_a_picture_of_evidence_is_tagged_with_its_text_alternative(tiny: Path, cache: Path) -> None:
    reader = reader_of(booklet(drawing(tiny, cache)), tiny.parent)
    figures = [tag for tag in tags(reader) if tag["/S"] == "/Figure"]
    assert {str(figure["/Alt"]) for figure in figures} == {
        "A line that rises from left to right",
        "A line that falls from a cold kitchen to a warm one",
    }


PLACE = "content/cards/bench/dense-loaf.yml:62:11: evidence must be something that can be printed, found "


@pytest.mark.parametrize(
    ("outputs", "found"),
    [
        ([], "the cell 'drawn' of 'proofing' without anything to show"),
        (
            [{"data": {"image/svg+xml": "<svg"}}],
            "the cell 'drawn' of 'proofing' with an output that cannot be read (the picture is not valid SVG: "
            "unclosed token: line 1, column 0)",
        ),
        (
            [{"data": {"image/png": "bm90IGEgcGljdHVyZQ=="}}],
            "the cell 'drawn' of 'proofing' with an output that cannot be read (a picture that is neither PNG nor JPEG",
        ),
    ],
)
def test_evidence_that_cannot_be_printed_is_named_with_the_place_of_the_card(
    outputs: list[dict[str, object]], found: str, tiny: Path, cache: Path
) -> None:
    edition = drawing(tiny, cache)
    run = edition.renderer.runs["proofing"]
    place = run.code_cells.index(run.script.evidence["drawn"])
    broken = type(run)(run.script, (*run.outputs[:place], outputs, *run.outputs[place + 1 :]), 0.0)
    spoilt_edition = Edition(Renderer(edition.catalogue, {"proofing": broken}), edition.when)
    with pytest.raises(ContentError) as caught:
        booklet(spoilt_edition)
    (problem,) = caught.value.problems
    assert str(problem).startswith(PLACE + found)
    assert str(problem).endswith(": fix the notebook (export)")


def test_what_cannot_be_made_leaves_the_last_good_file_and_the_others_are_made(tiny: Path, cache: Path) -> None:
    with_an_eye(tiny, cache)
    out = tiny.parent / "out"
    (out / "rounds").mkdir(parents=True)
    (out / "rounds" / "bench.pdf").write_text("the last good file")
    done = subprocess.run(
        [*COMMAND, "pdf", "--out", "out", "--content", "content", "rounds/*"],
        cwd=tiny.resolve().parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "rounds/bench.pdf: content/cards/bench/dense-loaf.yml:1:1: must be in characters that" in done.stderr
    assert done.stderr.endswith("Not made: rounds/bench.pdf. What was there before is as it was.\n")
    assert (out / "rounds" / "bench.pdf").read_text() == "the last good file"
    assert (out / "rounds" / "counter.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert {path.name for path in out.rglob("*") if path.is_file()} == {"bench.pdf", "counter.pdf"}


def test_an_unknown_name_is_wrong_usage_and_the_names_are_listed(tmp_path: Path) -> None:
    command = [
        *COMMAND,
        "pdf",
        "--content",
        str(TINY),
        "--out",
        str(tmp_path),
        "round/*",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'round/*' names no PDF; there are strong-loaf.pdf, rounds/bench.pdf, " in done.stderr


def test_processes_share_the_work_and_the_book_has_one_of_its_own() -> None:
    names = ["book", "a", "b", "c"]
    assert share_out(names, 1) == [names]
    assert share_out(names, 2) == [["book"], ["a", "b", "c"]]
    assert share_out(names, 3) == [["book"], ["a", "c"], ["b"]]
    assert share_out(names, 9) == [["book"], ["a"], ["b"], ["c"]]
    assert share_out(["book"], 4) == [["book"]]
