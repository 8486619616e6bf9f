"""A content folder -> validated items, each with the place it came from.

The layout of the folder is the table of `kinds`; a file that it does not know is a problem, not left out.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar

from studyguide.cache import Cache
from studyguide.content import models
from studyguide.content.kinds import CARDS, FOLDERS, LISTS, NOTEBOOKS, Kind, kind_of
from studyguide.content.models import Model
from studyguide.content.notebook_source import INFO_LOC, Script, read_script
from studyguide.content.validate import shape
from studyguide.content.yaml_source import Loc, Source, read_source
from studyguide.problems import Problem

M_co = TypeVar("M_co", bound=Model, covariant=True)

LIST_BYTES = 512 * 1024
FIRST_EDITION = (
    "must be a card of the second edition, found one of the first: write it anew with 'form', 'asked_as', 'terms', "
    "'say_first' and 'takeaway', and without 'minutes', which are worked out (`make new` shows the parts)"
)
_NOT_A_FILE = "must be a file, is a pipe, a socket or a device: delete it"
#: The folders of content.
_PLACES = ("cards", *FOLDERS, "notebooks")
_ALLOWED = frozenset({"README.md", "LICENSE", "matplotlibrc"})
#: What commands put into a content folder (see `files.work_folder`).
_BUILT = frozenset({"site", "dist"})
#: What editors and systems leave beside files; no reader of content takes it for any.
_LEFTOVER = re.compile(
    r"\..*|__pycache__|.*~|#.*#|.*\.(?:swp|swo|bak|orig|rej|tmp)|Thumbs\.db|desktop\.ini|Icon\r", re.IGNORECASE
)


@dataclass(frozen=True)
class Item(Generic[M_co]):
    """One card, round, topic ...: its id, its value and where its data stands."""

    id: str
    value: M_co
    source: Source
    loc: Loc = ()
    #: Whether the checks that look at this item alone have passed before; see `remember`.
    vetted: bool = False

    @property
    def path(self) -> str:
        return self.source.path

    def problem(self, rule: str, message: str, *loc: str | int) -> Problem:
        return self.source.problem(rule, message, (*self.loc, *loc))

    @property
    def digest(self) -> str:
        """Changes where anything in the item's file does."""
        return self.source.digest

    @cached_property
    def texts(self) -> tuple[tuple[Loc, str], ...]:
        """Every text of the item, with its location; several checks read them all."""
        return tuple(texts_in(self.value.model_dump(by_alias=True)))


def texts_in(data: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every text in plain data, with its location."""
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, dict | tuple):
        for step, entry in data.items() if isinstance(data, dict) else enumerate(data):
            yield from texts_in(entry, (*loc, step))


@dataclass
class Content:
    """Everything that could be read, in the order of the folders; nothing here is checked across files."""

    folder: Path
    cards: list[Item[models.Card]] = field(default_factory=list)
    rounds: list[Item[models.Round]] = field(default_factory=list)
    checklists: list[Item[models.Checklist]] = field(default_factory=list)
    plans: list[Item[models.Plan]] = field(default_factory=list)
    worksheets: list[Item[models.Worksheet]] = field(default_factory=list)
    roles: list[Item[models.Role]] = field(default_factory=list)
    collections: list[Item[models.Collection]] = field(default_factory=list)
    topics: list[Item[models.Topic]] = field(default_factory=list)
    glossary: list[Item[models.Term]] = field(default_factory=list)
    resources: list[Item[models.Resource]] = field(default_factory=list)
    notebooks: list[Item[models.NotebookInfo]] = field(default_factory=list)
    site: list[Item[models.Site]] = field(default_factory=list)
    scripts: dict[str, Script] = field(default_factory=dict)
    #: Ids of items whose file exists but has problems of its own, and the words of kinds whose list has: a link to one
    #: is not a second problem.
    broken: set[str] = field(default_factory=set)
    #: The items that do not fit their model, where their data stand: what they name is checked all the same.
    misfits: list[tuple[Source, Loc]] = field(default_factory=list)


def read_content(folder: Path, cache: Cache | None = None) -> tuple[Content, list[Problem]]:
    """Read a content folder; every problem of every file, in no particular order. See `remember` for the cache."""
    content = Content(folder)
    problems: list[Problem] = []
    base = shown_path(folder)
    strange: Counter[str] = Counter()
    for file, parts in _files(folder, problems):
        if len(parts) > 1 and parts[0] not in _PLACES:
            strange[_shown(base, parts[:1])] += 1
            continue
        shown = _shown(base, parts)
        if not file.is_symlink() and not file.is_file():
            problems.append(Problem(shown, 1, 1, "unreadable", _NOT_A_FILE))
            continue
        kind = kind_of(parts)
        if cache is None or not _recall(content, file, kind, shown, cache):
            problems += _read_file(content, file, kind, shown)
    for shown, files in strange.items():
        message = (
            f"must be a folder the guide knows ({', '.join(_PLACES)}), found another, with "
            f"{files:,} file{'s' * (files > 1)}: move or delete it, or name another folder of content"
        )
        problems.append(Problem(shown, 1, 1, "unexpected-file", message))
    return content, problems


def _shown(base: str, parts: Iterable[str]) -> str:
    """A path below the content folder as it is shown; of a name that is no text, its bytes."""
    return PurePosixPath(base, *parts).as_posix().encode("utf-8", "backslashreplace").decode()


def read_again(card: Item[models.Card], file: Path) -> tuple[Item[models.Card] | None, list[Problem]]:
    """A card as its file is now; ``None`` with the problems where it cannot be read."""
    content = Content(file.parent)
    problems = _read_item(content, models.Card, content.cards, file, card.path)
    return (content.cards[0] if content.cards else None), problems


def remember(content: Content, cache: Cache) -> None:
    """Keep the data of cards and the cells of notebooks, for content without problems only.

    What is remembered of a card is not checked by itself again, while the guide's language is the same.
    """
    for item in content.cards:
        if not item.vetted:
            data = pickle.dumps((item.source.data, item.source.place()))
            cache.put("card", item.path, _card_key(content, item.digest), data)
    for script in content.scripts.values():
        cache.put("script", script.path, bytes.fromhex(script.header.digest), pickle.dumps(script))


def lighten(content: Content) -> None:
    """Let go of what checks have gathered about cards, once they have passed."""
    content.cards = [replace(item, source=item.source.light()) for item in content.cards]


def _card_key(content: Content, digest: str) -> bytes:
    """What a card is remembered by: its file, and ``site.yml``, which is read first and names the guide's language."""
    return bytes.fromhex("".join([*(item.digest for item in content.site), digest]))


def _recall(content: Content, file: Path, kind: Kind | None, shown: str, cache: Cache) -> bool:
    """Take a card or a notebook from the cache, if it is there as it stands in its file."""
    if file.is_symlink() or kind not in (CARDS, NOTEBOOKS):
        return False
    try:
        raw = file.read_bytes()
    except OSError:
        return False
    digest = hashlib.sha256(raw).hexdigest()
    if kind is NOTEBOOKS:
        known = cache.get("script", shown, bytes.fromhex(digest))
        return known is not None and not _add_script(content, file.stem, pickle.loads(known))  # noqa: S301 - as below
    found = cache.get("card", shown, _card_key(content, digest))
    if found is None:
        return False
    data, place = pickle.loads(found)  # noqa: S301 - whoever can write the cache can write the code beside it
    source = Source(shown, data, values={(): place}, digest=digest, raw=raw)
    value, problems = shape(models.Card, source)
    if value is None or problems:
        return False
    content.cards.append(Item(file.stem, value, source, vetted=True))
    return True


def _files(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every file that may be content, with the parts of its path below the folder: the site, then in their order."""
    if not folder.is_dir():
        problems.append(
            Problem(str(folder), 1, 1, "no-content", "must be a folder of content, is none: name the folder")
        )
        return
    for parts in sorted(_below(folder, ()), key=lambda parts: (parts != ("site.yml",), parts)):
        if parts[0] not in _BUILT and parts[-1] not in _ALLOWED and parts[:2] != ("notebooks", "data"):
            yield folder.joinpath(*parts), parts


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is nobody's content: a dot file, or what an editor left behind."""
    return _LEFTOVER.fullmatch(name) is not None


def is_aside(parts: Sequence[str]) -> bool:
    """Whether a path from the content folder leads to what is no content: hidden, left behind, or built."""
    return parts[0] in _BUILT or any(map(is_ignored, parts))


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, in order, without those that are ignored."""
    return [folder.joinpath(*parts) for parts in sorted(_below(folder, ()))] if folder.is_dir() else []


def visible(files: Iterable[Path]) -> Iterator[Path]:
    """The files that are not ignored; `Path.glob` gives dot files too."""
    return (file for file in files if not is_ignored(file.name))


def ignored_files(folder: Path) -> list[str]:
    """What looks like content but for a name that is ignored, its own or a folder's, as it is shown; for whoever
    wonders. Hidden folders beside those of content are no matter of the guide: `.git`, `.venv`."""
    base, found = shown_path(folder), set()
    for file in folder.rglob("*"):
        parts = file.relative_to(folder).parts
        ignored = next((number for number, name in enumerate(parts, start=1) if is_ignored(name)), 0)
        hidden = parts[0].startswith(".") and len(parts) > 1
        if ignored and not hidden and re.search(r"\.(ya?ml|py|md)\b", file.name) and file.is_file():
            found.add(PurePosixPath(base, *parts[:ignored]).as_posix())
    return sorted(found)


def _below(folder: str | Path, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, (*parts, entry.name))
            else:
                yield (*parts, entry.name)


def _read_file(content: Content, file: Path, kind: Kind | None, shown: str) -> list[Problem]:
    if kind is NOTEBOOKS:
        return _read_notebook(content, file, shown)
    if kind is not None and kind.files in LISTS:
        return _read_list(content, kind, file, shown)
    if kind is not None:
        return _read_item(content, kind.model, getattr(content, kind.name), file, shown)
    stem, dot, ending = file.name.rpartition(".")
    if ending != "yml" and ending.lower() in ("yml", "yaml"):
        content.broken.update((stem, LISTS[f"{stem}.yml"].word) if f"{stem}.yml" in LISTS else (stem,))
        message = f"must end in '.yml' to be read, found '{dot}{ending}': name it '{stem}.yml'"
        return [Problem(shown, 1, 1, "unexpected-file", message)]
    if ending == "ipynb":
        message = (
            f"must be a script, found a notebook: jupytext --to py:percent writes '{stem}.py'; then delete this file"
        )
        return [Problem(shown, 1, 1, "unexpected-file", message)]
    message = (
        "must be a place the guide knows (site.yml, cards/<round>/<id>.yml, "
        + ", ".join(f"{folder}/<id>.yml" for folder in FOLDERS)
        + f", {', '.join(LISTS)}, notebooks/<id>.py), found another: move or delete the file"
    )
    return [Problem(shown, 1, 1, "unexpected-file", message)]


def _read_item(content: Content, model: type[Model], items: list[Item[Any]], file: Path, shown: str) -> list[Problem]:
    source, problems = read_source(file, shown)
    value = None
    if source is not None:
        if isinstance(source.data, dict) and "id" in source.data and "id" not in model.model_fields:
            found = source.data.pop("id")
            message = (
                f"must have no 'id', for the file's name '{file.stem}' is the id, found '{found}': remove the line"
            )
            problems.append(source.problem("id-in-file", message, ("id",), key=True))
        if model is models.Card and _is_of_the_first_edition(source.data):
            problems.append(source.problem("first-edition", FIRST_EDITION, ("minutes",), key=True))
        else:
            value, more = _fitted(content, model, source, ())
            problems += more
    if source is None or value is None:
        content.broken.add(file.stem)
    else:
        items.append(Item(file.stem, value, source))
    return problems


def _is_of_the_first_edition(data: Any) -> bool:
    return isinstance(data, dict) and "minutes" in data and not data.keys() & {"form", "asked_as", "say_first"}


def _read_list(content: Content, kind: Kind, file: Path, shown: str) -> list[Problem]:
    source, problems = read_source(file, shown, max_bytes=LIST_BYTES)
    if source is None or not isinstance(source.data, tuple):
        content.broken.update((file.stem, kind.word))
        message = "the file must be a list, found something else: begin entries with '- '"
        return problems if source is None else [source.problem("wrong-type", message)]
    for index, entry in enumerate(source.data):
        value, more = _fitted(content, kind.model, source, (index,))
        problems += more
        if value is not None:
            getattr(content, kind.name).append(Item(value.id, value, source, (index,)))  # type: ignore[attr-defined]
        elif isinstance(entry, dict):
            content.broken.add(str(entry.get("id")))
    return problems


def _read_notebook(content: Content, file: Path, shown: str) -> list[Problem]:
    script, problems = read_script(file, shown)
    if script is None:
        content.broken.add(file.stem)
        return problems
    return [*problems, *_add_script(content, file.stem, script)]


def _add_script(content: Content, name: str, script: Script) -> list[Problem]:
    info, problems = _fitted(content, models.NotebookInfo, script.header, INFO_LOC)
    if info is None:
        content.broken.add(name)
    else:
        content.notebooks.append(Item(name, info, script.header, INFO_LOC))
        content.scripts[name] = script
    return problems


def _fitted(content: Content, model: type[M_co], source: Source, loc: Loc) -> tuple[M_co | None, list[Problem]]:
    """The data at a place as their model; what does not fit it is remembered."""
    value, problems = shape(model, source, loc)
    if value is None:
        content.misfits.append((source, loc))
    return value, problems


def shown_path(folder: Path) -> str:
    """The path as somebody in the current folder would type it."""
    try:
        shown = folder.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        shown = folder.as_posix()
    return "" if shown == "." else shown
