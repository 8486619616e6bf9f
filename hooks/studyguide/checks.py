"""Rules across fields and files. Each check is a generator of problems; none prints, raises or stops early.

A check's docstring says why the rule is there, with a bad and a good example; together they are the page "Rules for
content" of the guide.
"""

from __future__ import annotations

import ast
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from studyguide import arithmetic
from studyguide.content import Content, Item
from studyguide.models import ID_PATTERN, Model
from studyguide.problems import Problem
from studyguide.shape import did_you_mean, shown_location
from studyguide.source import Loc
from studyguide.text import VALUE, refusals

Check = Callable[[Content], Iterator[Problem]]

#: Prompts that share this much of their three-word phrases ask the same question; see `prompts_differ`.
NEAR_DUPLICATE = 0.6
_STUB = re.compile(
    r"\b(TODO|TBD|FIXME|XXX|lorem ipsum|to be written)\b|\[\.\.\.\]|^\s*(\.\.\.|…|\?+|-+)\s*$", re.IGNORECASE
)


def all_items(content: Content) -> Iterator[Item[Any]]:
    """Every item of every kind, notebooks included."""
    for kind in (
        content.cards,
        content.rounds,
        content.checklists,
        content.plans,
        content.roles,
        content.collections,
        content.topics,
        content.glossary,
        content.resources,
        content.notebooks,
        content.site,
    ):
        yield from kind


def texts(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every text in a model, with its location."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from texts(getattr(value, name), (*loc, info.alias or name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from texts(entry, (*loc, index))


def there_is_something(content: Content) -> Iterator[Problem]:
    """A guide needs a name, at least one round and one card.

    Bad: a content folder without `rounds/`.
    Good: `site.yml`, `rounds/screening.yml` and `cards/screening/first-question.yml`.
    """
    for name, wanted in (("site", "site.yml"), ("rounds", "rounds/<id>.yml"), ("cards", "cards/<round>/<id>.yml")):
        if not getattr(content, name) and not content.broken:
            message = f"must hold {wanted}, found none: add one"
            yield Problem(content.folder.as_posix(), 1, 1, "no-content", message)


def ids_are_well_formed(content: Content) -> Iterator[Problem]:
    """Ids become addresses, which never change: lower-case words joined by hyphens.

    Bad: `cards/mlops/Late_Labels.yml`.
    Good: `cards/mlops/late-labels.yml`.
    """
    for item in all_items(content):
        found = f"found '{item.id[:70]}': rename it"
        if not re.fullmatch(ID_PATTERN.rstrip("$"), item.id):
            yield item.problem("bad-id", f"the name must be lower-case words joined by hyphens, {found}")
        elif not 2 <= len(item.id) <= 60:
            yield item.problem("bad-id", f"the name must have 2 to 60 characters, {found}")
        elif item.id == "index":
            yield item.problem("bad-id", f"the name must be free, 'index' is the list of all, {found}")


def ids_are_unique(content: Content) -> Iterator[Problem]:
    """One id names one card, in whatever round it stands; the same holds for topics, terms and resources.

    Bad: `cards/mlops/drift.yml` and `cards/case-study/drift.yml`.
    Good: `cards/mlops/drift.yml` and `cards/case-study/drift-in-retail.yml`.
    """
    for items in (content.cards, content.topics, content.glossary, content.resources):
        first: dict[str, Item[Any]] = {}
        for item in items:
            if item.id in first:
                line, _ = first[item.id].source.place(first[item.id].loc)
                other = f"{first[item.id].path}:{line}"
                message = f"must have an id of its own, found '{item.id}' again (first in {other}): rename one"
                yield item.problem("duplicate-id", message)
            else:
                first[item.id] = item


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


def references_exist(content: Content) -> Iterator[Problem]:
    """Whatever is named by id must exist: rounds, roles, topics, cards, notebooks, cells.

    Bad: `topics: [drfit]`.
    Good: `topics: [drift]`.
    """
    known = _known(content)
    for item in all_items(content):
        for kind, loc, name in references(item.value):
            if name not in known[kind] and name not in content.broken:
                message = f"must name a {kind} that exists, found '{name}': {did_you_mean(name, known[kind])}"
                yield item.problem("unknown-reference", message, *loc)
    for item in content.cards:
        for index, evidence in enumerate(item.value.evidence):
            script = content.scripts.get(evidence.notebook)
            if script is not None and evidence.cell not in script.evidence:
                message = (
                    f"must name a cell of {evidence.notebook} tagged 'evidence: ...', found '{evidence.cell}': "
                    f"{did_you_mean(evidence.cell, script.evidence)}"
                )
                yield item.problem("unknown-cell", message, "evidence", index, "cell")


def _known(content: Content) -> dict[str, set[str]]:
    return {
        "card": {item.id for item in content.cards},
        "round": {item.id for item in content.rounds},
        "role": {item.id for item in content.roles},
        "topic": {item.id for item in content.topics},
        "notebook": {item.id for item in content.notebooks},
    }


#: Fields that hold ids, and the kind of thing each names.
REFERENCE_FIELDS = {
    "round": "round", "rounds": "round", "roles": "role", "role": "role", "topics": "topic", "cards": "card",
    "card": "card", "showcase": "card", "related": "card", "must_do": "card", "notebooks": "notebook",
    "notebook": "notebook",
}  # fmt: skip


def references(value: Model, loc: Loc = ()) -> Iterator[tuple[str, Loc, str]]:
    """The ids that a model names: (kind, location, id)."""
    for name in type(value).model_fields:
        entry = getattr(value, name)
        here = (*loc, name)
        if isinstance(entry, Model):
            yield from references(entry, here)
        elif isinstance(entry, str) and name in REFERENCE_FIELDS:
            yield REFERENCE_FIELDS[name], here, entry
        elif isinstance(entry, tuple):
            for index, inner in enumerate(entry):
                if isinstance(inner, Model):
                    yield from references(inner, (*here, index))
                elif name in REFERENCE_FIELDS:
                    yield REFERENCE_FIELDS[name], (*here, index), inner


def references_are_not_repeated(content: Content) -> Iterator[Problem]:
    """A list names each thing once, and a card is not related to itself.

    Bad: `related: [drift, drift]`.
    Good: `related: [drift, label-delay]`.
    """
    for item in all_items(content):
        seen: dict[tuple[Loc, str], None] = {}
        for _, loc, name in references(item.value):
            if isinstance(loc[-1], int):
                group = (loc[:-1], name)
                if group in seen:
                    message = f"must name each thing once, found '{name}' again: remove it"
                    yield item.problem("repeated-reference", message, *loc)
                seen[group] = None
    for card in content.cards:
        if card.id in card.value.related:
            message = "must name other cards, found this card itself: remove it"
            yield card.problem("self-reference", message, "related", card.value.related.index(card.id))


def prompts_differ(content: Content) -> Iterator[Problem]:
    """Two cards that pose the same situation: one of them goes, or changes.

    The measure is the share of the shorter prompt's three-word phrases that the other prompt holds too (shingle
    containment: Broder, "On the resemblance and containment of documents", 1997).

    Bad: the same prompt with another number in it.
    Good: one card, with the other number in a follow-up.
    """
    shingles = {item.id: _shingles(item.value.prompt) for item in content.cards}
    by_shingle: dict[tuple[str, ...], list[Item[Any]]] = defaultdict(list)
    for item in content.cards:
        shared: Counter[int] = Counter()
        earlier: dict[int, Item[Any]] = {}
        for shingle in shingles[item.id]:
            for other in by_shingle[shingle]:
                shared[id(other)] += 1
                earlier[id(other)] = other
            by_shingle[shingle].append(item)
        for key, number in shared.items():
            other = earlier[key]
            part = number / max(1, min(len(shingles[item.id]), len(shingles[other.id])))
            if part >= NEAR_DUPLICATE:
                message = (
                    f"the prompt must be unlike every other, found {part:.0%} of its phrases in {other.path}: "
                    "change the situation, or merge the cards"
                )
                yield item.problem("near-duplicate", message, "prompt")


def _shingles(text: str, size: int = 3) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def titles_differ(content: Content) -> Iterator[Problem]:
    """Readers remember a card by its title, and lists show nothing else.

    Bad: two cards called "Drift".
    Good: "Drift that hurts nobody" and "Harm without drift".
    """
    for items in (content.cards, content.rounds, content.topics, content.notebooks):
        first: dict[str, Item[Any]] = {}
        for item in items:
            title = item.value.title.casefold()
            if title in first:
                message = f"must have a title of its own, found that of {first[title].path}: rename one"
                yield item.problem("duplicate-title", message, "title")
            first.setdefault(title, item)


def nothing_is_a_stub(content: Content) -> Iterator[Problem]:
    """What is not written yet is not published.

    Bad: `detail: TODO explain calibration`.
    Good: a finished sentence, or no card.
    """
    for item in all_items(content):
        for loc, text in texts(item.value):
            if match := _STUB.search(text):
                message = (
                    f"must be finished text, found '{match[0].strip()[:20]}': write it, or leave the card out for now"
                )
                yield item.problem("stub", message, *loc)


def text_is_plain_markdown(content: Content) -> Iterator[Problem]:
    """Texts are Markdown without HTML or pictures, and link to the web by full addresses only.

    Bad: `detail: Click <b>here</b>`, `[run](javascript:alert(1))`.
    Good: `detail: Compare **both** weeks`.
    """
    for item in all_items(content):
        for loc, text in texts(item.value):
            for refusal in {found.rule: found for found in [*refusals(text)][::-1]}.values():
                yield item.problem(refusal.rule, f"{shown_location(loc)} {refusal.message}", *loc)
    for script in content.scripts.values():
        for cell in script.cells:
            # jupytext's comment signs are one line each, so a line of the text is a line of the file.
            prose = "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.text.split("\n"))
            for refusal in () if cell.code else refusals(prose, in_site=True):
                line = cell.line + 1 + refusal.line
                yield Problem(script.path, line, 1, refusal.rule, f"the prose {refusal.message}")


def workings_are_right(content: Content) -> Iterator[Problem]:
    """The arithmetic of a card is recomputed, so that nobody says a wrong number aloud.

    Bad: `{formula: 1_000_000 / 86_400, result: 12.6 requests a second}`.
    Good: `{formula: 1_000_000 / 86_400, result: 11.6 requests a second}`.
    """
    for item in content.cards:
        names: dict[str, float] = {}
        for index, working in enumerate(item.value.workings):
            try:
                value = arithmetic.evaluate(working.formula, names)
            except arithmetic.FormulaError as error:
                message = f"must be arithmetic over numbers and earlier names, found {error}: correct the formula"
                yield item.problem("arithmetic", message, "workings", index, "formula")
                continue
            if working.name:
                names[working.name] = value
            printed = arithmetic.printed_number(working.result)
            if printed is None:
                message = (
                    f"must begin with a number, found '{working.result[:30]}': put the number first, then its unit"
                )
                yield item.problem("arithmetic", message, "workings", index, "result")
            elif not arithmetic.rounds_to(value, printed):
                message = f"must be what the formula gives ({value:,.6g}), found {printed}: correct one of them"
                yield item.problem("arithmetic", message, "workings", index, "result")


def values_are_published(content: Content) -> Iterator[Problem]:
    """A figure of our own experiments comes from the run: `[[notebook:name]]`, never typed.

    Bad: `[[leakage-hunt:auc]]` where no cell of that notebook publishes `auc`.
    Good: a cell tagged `values` in leakage-hunt.py that ends in `{"auc": f"{auc:.2f}"}`.
    """
    published = {name: _published(script.tagged("values")) for name, script in content.scripts.items()}
    for item in content.cards:
        for loc, text in texts(item.value):
            for match in VALUE.finditer(text):
                names = published.get(match["notebook"], set())
                if match["name"] not in names and match["notebook"] not in content.broken:
                    remedy = did_you_mean(match["name"], names)
                    message = f"must be a value that a notebook publishes, found '{match[0]}': {remedy}"
                    yield item.problem("unknown-value-name", message, *loc)


def _published(cells: Iterable[Any]) -> set[str]:
    names: set[str] = set()
    for cell in cells:
        try:
            last = ast.parse(cell.text).body[-1]
        except (SyntaxError, IndexError):
            continue
        if isinstance(last, ast.Expr) and isinstance(last.value, ast.Dict):
            names |= {str(key.value) for key in last.value.keys if isinstance(key, ast.Constant)}
    return names


def notebooks_can_be_quoted(content: Content) -> Iterator[Problem]:
    """Evidence names are unique in a notebook, and an exercise has a task and a check.

    Bad: a cell tagged `solution` without a `# TASK:` comment, or with no cell tagged `check` after it.
    Good: `# TASK: Write recall_at_k(...)`, the code, then a `check` cell.
    """
    for item in content.notebooks:
        script = content.scripts[item.id]
        names: dict[str, int] = {}
        for cell in script.cells:
            for tag in cell.tags:
                if not tag.startswith("evidence: "):
                    continue
                if tag in names:
                    message = (
                        f"must have a name of its own, found '{tag}' again (first on line {names[tag]}): rename one"
                    )
                    yield Problem(script.path, cell.line, 1, "duplicate-evidence", message)
                names.setdefault(tag, cell.line)
        checks = [cell.line for cell in script.tagged("check")]
        for cell in script.tagged("solution"):
            if not cell.text.startswith("# TASK:"):
                message = "a solution must begin with a comment '# TASK: ...', found none: say what is to be written"
                yield Problem(script.path, cell.line, 1, "exercise", message)
            if not any(line > cell.line for line in checks):
                message = "a solution must be followed by a cell tagged 'check', found none: add one that can fail"
                yield Problem(script.path, cell.line, 1, "exercise", message)


def reviews_are_past(content: Content) -> Iterator[Problem]:
    """`reviewed` and `checked` are days on which somebody really looked.

    A day of grace lets contributors east of the server be a day ahead.

    Bad: `reviewed: 2099-01-01`.
    Good: the day you read every sentence once more.
    """
    latest = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    dated: list[tuple[Item[Any], str]] = [(item, "reviewed") for item in content.cards]
    dated += [(item, "checked") for item in content.resources]
    for item, name in dated:
        if (day := getattr(item.value, name)) > latest:
            yield item.problem(
                "future-date", f"'{name}' must not lie ahead, found {day}: write the day of the review", name
            )


def orders_differ(content: Content) -> Iterator[Problem]:
    """Two rounds, plans ... at the same place in a list would change places from one machine to the next.

    Bad: `order: 3` in two rounds.
    Good: 3 and 4.
    """
    for items in (content.rounds, content.checklists, content.plans, content.roles, content.collections):
        first: dict[int, Item[Any]] = {}
        for item in items:
            order = item.value.order
            if order in first:
                message = f"'order' must differ from that of {first[order].path}, found {order} in both: change one"
                yield item.problem("duplicate-order", message, "order")
            first.setdefault(order, item)


def weights_sum_to_hundred(content: Content) -> Iterator[Problem]:
    """The weights of a role are shares of one whole.

    Bad: 40 and 50.
    Good: 40 and 60.
    """
    for item in content.roles:
        total = sum(weight.percent for weight in item.value.rounds)
        if total != 100:
            yield item.problem("weights", f"the percentages must sum to 100, found {total}: correct them", "rounds")


def plan_days_follow(content: Content) -> Iterator[Problem]:
    """The rows of a plan go forward in time and do not overlap.

    Bad: days 1 to 4, then 3 to 5.
    Good: days 1 to 2, then 3 to 5.
    """
    for item in content.plans:
        for index, row in enumerate(item.value.rows):
            if row.last_day < row.first_day:
                message = f"'last_day' must not be before 'first_day' {row.first_day}, found {row.last_day}: correct it"
                yield item.problem("plan-days", message, "rows", index, "last_day")
        for index, (before, after) in enumerate(pairwise(item.value.rows), start=1):
            if after.first_day <= before.last_day:
                message = f"'first_day' must be after day {before.last_day}, found {after.first_day}: correct it"
                yield item.problem("plan-days", message, "rows", index, "first_day")


def selections_select(content: Content) -> Iterator[Problem]:
    """A collection, or a topic named in a plan, must lead to at least one card.

    Bad: a collection whose topics no card has.
    Good: a collection whose topics some cards have.
    """
    for item in content.collections:
        if not any(selects(item.value, card) for card in content.cards) and not content.broken:
            message = "must select at least one card, selects none: name topics, rounds or cards that exist"
            yield item.problem("selects-nothing", message)
    used = {topic for card in content.cards for topic in card.value.topics}
    for plan in content.plans:
        for index, row in enumerate(plan.value.rows):
            for position, topic in enumerate(row.topics):
                if topic not in used and not content.broken:
                    message = f"must name topics that some card has, found '{topic}', which none has: name another"
                    yield plan.problem("selects-nothing", message, "rows", index, "topics", position)


def selects(collection: Any, card: Item[Any]) -> bool:
    """Whether a collection selects a card: named by id, or of one of its topics within its rounds."""
    if card.id in collection.cards:
        return True
    in_round = not collection.rounds or card.value.round in collection.rounds
    return in_round and bool(set(collection.topics) & set(card.value.topics))


CHECKS: tuple[Check, ...] = (
    there_is_something,
    ids_are_well_formed,
    ids_are_unique,
    cards_stand_in_their_round,
    references_exist,
    references_are_not_repeated,
    prompts_differ,
    titles_differ,
    nothing_is_a_stub,
    text_is_plain_markdown,
    workings_are_right,
    values_are_published,
    notebooks_can_be_quoted,
    reviews_are_past,
    orders_differ,
    weights_sum_to_hundred,
    plan_days_follow,
    selections_select,
)


def check(content: Content) -> list[Problem]:
    """Every problem that every check finds."""
    return [problem for rule in CHECKS for problem in rule(content)]
