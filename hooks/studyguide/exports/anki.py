"""Edition -> a package for Anki, and the same notes as text that Anki imports.

A note is the card of the same id for good: its guid is made from that id and the guide's, and nothing else, so an
import of a later edition finds the note, changes its words and leaves its scheduling alone. Format:
https://docs.ankiweb.net/exporting.html and https://docs.ankiweb.net/importing/text-files.html; the collection is
written by genanki.
"""

from __future__ import annotations

import base64
import csv
import io
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

import genanki
from markupsafe import Markup

from studyguide.cache import TEMPLATES
from studyguide.catalogue import CardItem
from studyguide.checks.exports import mark_of_anki
from studyguide.content import models
from studyguide.content.identity import OURS, seed
from studyguide.exports.edition import Edition
from studyguide.exports.files import archive, digest
from studyguide.notebooks.outputs import Shown, drawing_file, shown_outputs
from studyguide.pages.listing import card_uri
from studyguide.problems import ContentError, Problem
from studyguide.text.formulas import for_anki
from studyguide.text.markdown import to_html, to_inline_html

#: Our guide's kind of note, chosen once at random; another number would be another kind to every collection there is.
MODEL_ID, MODEL_NAME = 1_728_304_951, "Study guide card"
#: Field name -> the block of templates/anki/fields.html that fills it. Anki maps fields by place: add at the end only.
FIELDS = {
    "Title": "",
    "Where": "where",
    "Prompt": "prompt",
    "Outline": "outline",
    "Tested": "tested",
    "Weak": "weak",
    "Follow-ups": "follow_ups",
    "Red flags": "red_flags",
    "Workings": "workings",
    "Evidence": "evidence",
    "Sources": "sources",
}
_SHEET = "#ffffff"


@dataclass(frozen=True)
class Figure:
    """The evidence of a card as its note shows it; pictures are the names of files, or none where text alone is."""

    evidence: models.Evidence
    alt: str
    pieces: tuple[Shown, ...]


@dataclass(frozen=True)
class Note:
    """A card as Anki has it: its fields as HTML by name, and the pictures that they name."""

    card: CardItem
    guid: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    media: Mapping[str, bytes]
    #: The whole answer in one field, without pictures: for notes imported from text.
    back: str


class _Note(genanki.Note):  # type: ignore[misc]
    """A note whose id in the collection comes from the card too; genanki counts ids from the time of writing."""

    first_id: int

    def write_to_db(
        self,
        cursor: sqlite3.Cursor,
        timestamp: float,
        deck_id: int,
        id_gen: Iterator[int],  # noqa: ARG002 - genanki's name
    ) -> None:
        super().write_to_db(cursor, timestamp, deck_id, itertools.count(self.first_id))


def guid(guide: str, card_id: str) -> str:
    """The note's identity in every collection: from ids alone, never from words that somebody will correct."""
    return str(genanki.guid_for(seed(guide, card_id)))


def model_id(guide: str) -> int:
    """The number of a guide's kind of note: each has its own, so that an edition of one leaves the other's style."""
    return MODEL_ID if guide == OURS else (1 << 30) + _hash(f"{guide} model") % (1 << 30)


def edition_tag(edition: Edition) -> str:
    """Tells the notes of this edition from those of cards that the guide has no more."""
    return f"edition::{edition.when.date().isoformat()}"


def deck_id(guide: str, round_id: str) -> int:
    """The deck's number, from 2^30 to 2^31 as genanki asks, from ids alone."""
    return (1 << 30) + _hash(seed(guide, f"deck {round_id}")) % (1 << 30)


def note_id(guide: str, card_id: str) -> int:
    """The note's number, followed by its card's: milliseconds somewhere in 2020 to 2022, where Anki expects a time."""
    return 1_600_000_000_000 + 2 * (_hash(seed(guide, f"note {card_id}")) % (1 << 35))


def _hash(text: str) -> int:
    return int(digest(text.encode()), 16)


# --- notes ----------------------------------------------------------------------------------------------------------
def notes(edition: Edition) -> list[Note]:
    """Every card as a note, in the order of the guide. Raises `ContentError` naming each that cannot be one."""
    found: list[Note] = []
    problems: list[Problem] = []
    cell = cache(partial(_cell, edition))  # several cards rest on one cell
    for card in edition.catalogue.cards:
        try:
            note = _note(edition, card, cell)
        except ContentError as error:
            problems += error.problems
            continue
        found.append(note)
        if message := mark_of_anki("\0".join((*note.fields.values(), note.back))):
            problems.append(card.problem("export", f"its note {message}"))
    seen: dict[int, CardItem] = {}
    for note in found:
        other = seen.setdefault(note_id(edition.id, note.card.id), note.card)
        if other is not note.card:
            message = f"its number in Anki must be its own, and is that of '{other.id}': give the newer card another id"
            problems.append(note.card.problem("export", message))
    if problems:
        raise ContentError(problems)
    return found


#: What a cell shows, and the pictures among it by file name.
_Cell = tuple[tuple[Shown, ...], Mapping[str, bytes]]


def _note(edition: Edition, card: CardItem, cell: Callable[[str, str], _Cell]) -> Note:
    media: dict[str, bytes] = {}
    figures, plain = [], []
    for index, evidence in enumerate(card.value.evidence):
        try:
            pieces, pictures = cell(evidence.notebook, evidence.cell)
        except ValueError as error:
            message = f"must show a picture, a table or text that a deck can carry, found: {error}"
            raise ContentError([card.problem("export", message, "evidence", index, "cell")]) from error
        media |= pictures
        alt = edition.renderer.runs[evidence.notebook].script.evidence[evidence.cell].alt or evidence.shows
        figures.append(Figure(evidence, alt, pieces))
        plain.append(Figure(evidence, alt, tuple(replace(piece, picture="") for piece in pieces)))
    value = card.value
    tags = [f"round::{value.round}", f"level::{value.level}"]
    tags += [f"role::{role}" for role in value.roles] + [f"topic::{topic}" for topic in value.topics]
    tags.append(edition_tag(edition))
    # Cached, because the fields and the back for text files hold the same words.
    markdown = cache(lambda words: Markup(to_html(edition.renderer.with_values(words), None, for_anki)))  # noqa: S704 - sanitised
    block = _blocks(edition, card, markdown, figures)
    fields = {"Title": to_inline_html(value.title)} | {name: block(part) for name, part in FIELDS.items() if part}
    back = _blocks(edition, card, markdown, plain)("back")
    return Note(card, guid(edition.id, card.id), fields, tuple(tags), media, back)


def _blocks(
    edition: Edition, card: CardItem, markdown: Callable[[str], Markup], figures: list[Figure]
) -> Callable[[str], str]:
    """A function from the name of a block of fields.html to its HTML for this card."""
    template = edition.renderer.environment.get_template("anki/fields.html")
    page = edition.url(card_uri(card.id)) if edition.address else ""
    context = template.new_context(
        {
            "catalogue": edition.catalogue,
            "card": card.value,
            "figures": figures,
            "guide": edition.title,
            "page": page,
            "markdown": markdown,
            "formulas": for_anki,
        }
    )
    return lambda name: "".join(template.blocks[name](context)).strip()


def _cell(edition: Edition, notebook: str, name: str) -> _Cell:
    """What a cell showed. Raises `ValueError` for nothing, and for what cannot be shown."""
    run = edition.renderer.runs[notebook]
    media: dict[str, bytes] = {}
    shown = shown_outputs(run.evidence(name), run.script.evidence[name].alt, for_anki)
    if not shown:
        raise ValueError("nothing shown: end the cell with something to see")
    return tuple(_piece(output, f"{notebook}-{name}", media) for output in shown), media


def _piece(shown: Shown, name: str, media: dict[str, bytes]) -> Shown:
    """One output; a picture goes into ``media``."""
    if shown.drawing is not None:
        # Nothing of a note's style arrives in a picture, so its ink would be dark on a dark card too.
        content, kind = drawing_file(shown.drawing, margin=8, sheet=_SHEET)[0], "svg"
    elif shown.picture:
        head, _, data = shown.picture.partition(",")
        content, kind = base64.b64decode(data), "jpg" if "jpeg" in head else "png"
    else:
        return shown
    # Named by its content too: Anki keeps a file that it has, so a new picture needs a new name.
    file = f"{name}-{digest(content)[:8]}.{kind}"
    media[file] = content
    return Shown(picture=file)


# --- the package ----------------------------------------------------------------------------------------------------
def package(edition: Edition, notes: list[Note]) -> bytes:
    """The notes as an .apkg: a deck a round, and the pictures."""
    model = _model(edition)
    decks = {
        item.id: genanki.Deck(deck_id(edition.id, item.id), f"{edition.title}::{item.value.title}")
        for item in edition.catalogue.rounds
    }
    for place, note in enumerate(notes, start=1):
        given = _Note(model=model, fields=list(note.fields.values()), guid=note.guid, tags=list(note.tags), due=place)
        given.first_id = note_id(edition.id, note.card.id)
        decks[note.card.value.round].add_note(given)
    media = {name: content for note in notes for name, content in note.media.items()}
    names = sorted(media)
    entries = {"collection.anki2": _collection([deck for deck in decks.values() if deck.notes], edition)}
    entries["media"] = json.dumps({str(index): name for index, name in enumerate(names)}).encode()
    entries |= {str(index): media[name] for index, name in enumerate(names)}
    return archive(entries, edition.when, ordered=True)


def _in_language(edition: Edition, html: str) -> str:
    """In the guide's language and direction, which Anki would take from its own."""
    site = edition.catalogue.site.value
    return f'<div lang="{site.lang}" dir="{site.dir}">{html}</div>'


def _model(edition: Edition) -> genanki.Model:
    folder = TEMPLATES / "anki"
    front, back, style = (
        (folder / name).read_text(encoding="utf-8") for name in ("front.html", "back.html", "style.css")
    )
    return genanki.Model(
        model_id(edition.id),
        MODEL_NAME if edition.id == OURS else f"{edition.title}: card",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Card", "qfmt": _in_language(edition, front), "afmt": _in_language(edition, back)}],
        css=style,
    )


def _collection(decks: list[genanki.Deck], edition: Edition) -> bytes:
    """The bytes of the SQLite database; made in memory, so that nothing of a file's life gets in."""
    connection = sqlite3.connect(":memory:")
    try:
        cursor = connection.cursor()
        # The counter of ids is never used: each note brings its own.
        genanki.Package(decks).write_to_db(cursor, edition.when.timestamp(), itertools.count())
        (kinds,) = cursor.execute("SELECT models FROM col").fetchone()
        # genanki writes the model once a deck, under the same key; read back, it is there once.
        cursor.execute("UPDATE col SET models = ?", (json.dumps(json.loads(kinds), sort_keys=True),))
        connection.commit()
        cursor.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


# --- text -----------------------------------------------------------------------------------------------------------
def table(edition: Edition, notes: list[Note]) -> bytes:
    """The notes as text in Anki's own import format, for the kind of note that every collection has; no pictures.

    Every field is quoted, because a guid may begin with the sign of a comment.
    """
    columns = ("GUID", "Deck", "Front", "Back", "Tags")
    out = io.StringIO(newline="")
    head = ["#separator:Tab", "#html:true", "#notetype:Basic", "#guid column:1", "#deck column:2", "#tags column:5"]
    out.writelines(f"{line}\n" for line in [*head, "#columns:" + "\t".join(columns)])
    writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
    for note in notes:
        deck = f"{edition.title}::{edition.catalogue.round[note.card.value.round].value.title}"
        front, back = (_in_language(edition, side) for side in (note.fields["Prompt"], note.back))
        writer.writerow([note.guid, deck, front, back, " ".join(note.tags)])
    return out.getvalue().encode()
