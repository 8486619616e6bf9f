"""Rules about ids, titles and places in lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType

from studyguide.checks.common import all_items, repeated
from studyguide.content.kinds import FOLDERS
from studyguide.content.models import FORMS, ID_PATTERN
from studyguide.content.read import Content, files_below, shown_path
from studyguide.problems import Problem


def there_is_something(content: Content) -> Iterator[Problem]:
    """A guide needs a name, at least one round and one card.

    Bad: a content folder without `rounds/`.
    Good: `site.yml`, `rounds/screening.yml` and `cards/screening/first-question.yml`.
    """
    for name, wanted in (("site", "site.yml"), ("rounds", "rounds/<id>.yml"), ("cards", "cards/<round>/<id>.yml")):
        if not getattr(content, name) and not content.broken:
            message = f"must hold {wanted}, found none: add one"
            yield Problem(content.folder.as_posix(), 1, 1, "no-content", message)


#: What pages that list items of a kind call their own parts; the items' ids are anchors there too.
TAKEN = MappingProxyType(
    {
        "round": frozenset(
            {"browse-bar", "count", "filter-evidence", "filter-minutes", "filter-q", "filter-sort", "filters"}
            | {"filters-groups", "filters-open", "jump", "none", "one-list", "practise", "reset"}
        ),
        "plan": frozenset({"choose", "compare"}),
        "card": frozenset(FORMS),
        "resource": frozenset({"practice", "course", "book", "papers", "mock", "tool", "blog"}),
    }
)


def ids_are_well_formed(content: Content) -> Iterator[Problem]:
    """Ids become addresses, which never change: lower-case words joined by hyphens.

    Bad: `cards/mlops/Late_Labels.yml`.
    Good: `cards/mlops/late-labels.yml`.
    """
    for item in all_items(content):
        if not re.fullmatch(ID_PATTERN, item.id):
            must = "be lower-case words joined by hyphens"
        elif not 2 <= len(item.id) <= 60:
            must = "have 2 to 60 characters"
        elif item.id == "index":
            must = "be free, 'index' is the list of all"
        elif item.id == "content" or item.id in TAKEN.get(item.value.kind, ()):
            must = "be free, a page that lists it has a part of this name"
        else:
            continue
        yield item.problem("bad-id", f"the name must {must}, found '{item.id[:70]}': rename it")
    for item in content.worksheets:
        for number, part in enumerate(item.value.parts):
            if part.id == "content":
                message = "the name must be free, 'content' is the heading of the page, found 'content': rename it"
                yield item.problem("bad-id", message, "parts", number, "id")


def ids_are_unique(content: Content) -> Iterator[Problem]:
    """One id names one card, in whatever round it stands; the same holds for topics, terms and resources.

    Bad: `cards/mlops/drift.yml` and `cards/case-study/drift.yml`.
    Good: `cards/mlops/drift.yml` and `cards/case-study/drift-in-retail.yml`.
    """
    for items in (content.cards, content.topics, content.glossary, content.resources):
        for item, first in repeated((item.id, item) for item in items):
            line, _ = first.source.place(first.loc)
            message = f"must have an id of its own, found '{item.id}' again (first in {first.path}:{line}): rename one"
            yield item.problem("duplicate-id", message)
    for notebook in content.notebooks:
        name = notebook.id.removesuffix("-exercise")
        if name != notebook.id and name in content.scripts:
            message = (
                f"must have an id of its own, found '{notebook.id}', as the exercise of {name} is called: rename one"
            )
            yield notebook.problem("duplicate-id", message)


def cards_stand_in_their_round(content: Content) -> Iterator[Problem]:
    """The folder of a card is its round, so that the files can be browsed as the guide is.

    Bad: `round: mlops` in `cards/behavioral/launch-date.yml`.
    Good: `round: behavioral` in `cards/behavioral/launch-date.yml`.
    """
    for item in content.cards:
        folder = item.path.split("/")[-2] if "/" in item.path else ""
        if item.value.round != folder:
            message = (
                f"'round' must be the folder's name '{folder}', found '{item.value.round}': correct it or move the file"
            )
            yield item.problem("round-folder", message, "round")


def titles_differ(content: Content) -> Iterator[Problem]:
    """Readers remember a card by its title, and lists show nothing else.

    Bad: two cards called "Drift".
    Good: "Drift that hurts nobody" and "Harm without drift".
    """
    for items in (content.cards, content.rounds, content.topics, content.notebooks, content.worksheets):
        for item, first in repeated((item.value.title.casefold(), item) for item in items):
            message = f"must have a title of its own, found that of {first.path}: rename one"
            yield item.problem("duplicate-title", message, "title")


def orders_differ(content: Content) -> Iterator[Problem]:
    """Two rounds, plans ... at the same place in a list would change places from one machine to the next.

    Bad: `order: 3` in two rounds.
    Good: 3 and 4.
    """
    for kind in FOLDERS:
        for item, first in repeated((item.value.order, item) for item in getattr(content, kind)):
            message = f"'order' must differ from that of {first.path}, found {item.value.order} in both: change one"
            yield item.problem("duplicate-order", message, "order")


def worksheet_fields_differ(content: Content) -> Iterator[Problem]:
    """What a reader wrote is kept under the field's id, so an id stands once on a worksheet, parts included.

    Bad: `id: result` in two fields of one worksheet.
    Good: `id: result` and `id: result-measured`.
    """
    for item in content.worksheets:
        ids = [(loc, text) for loc, text in item.texts if loc[-1] == "id"]
        for (loc, name), _ in repeated((found[1], found) for found in ids):
            message = f"must have an id of its own on the sheet, found '{name}' again: rename one"
            yield item.problem("duplicate-id", message, *loc)


#: Names that Windows keeps for devices, whatever follows a point.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")})


def names_fit_every_system(content: Content) -> Iterator[Problem]:
    """Whoever takes the guide home may have another system: files keep the names that all of them can hold.

    Bad: `cards/mlops/aux.yml`; `notebooks/data/Sales.csv` beside `sales.csv`.
    Good: `cards/mlops/auxiliary-loss.yml`.
    """
    named = [(item, item.id, ()) for item in all_items(content) if not item.loc]
    # Files to take home are called as the guide is.
    for item, name, loc in (*named, *((site, site.value.id, ("id",)) for site in content.site)):
        if name in _DEVICES:
            message = f"the name must be one that every system can hold, found '{name}', a device of Windows: rename it"
            yield item.problem("file-name", message, *loc)
    folder = content.folder / "notebooks" / "data"
    first: dict[str, str] = {}
    for file in files_below(folder):
        shown = f"{shown_path(folder)}/{file.relative_to(folder).as_posix()}"
        for part in file.relative_to(folder).parts:
            if re.search(r'[<>:"|?*\\\x00-\x1f\ud800-\udfff]|[. ]$', part) or part.split(".")[0].lower() in _DEVICES:
                message = (
                    f"the name must be one that every system can hold, found '{part}': use letters, digits and hyphens"
                )
                yield Problem(shown, 1, 1, "file-name", message)
        same = first.setdefault(unicodedata.normalize("NFC", shown).casefold(), shown)
        if same != shown:
            message = f"the name must differ from others by more than its case, found it beside {same}: rename one"
            yield Problem(shown, 1, 1, "file-name", message)
