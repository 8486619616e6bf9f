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
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any, get_args

from studyguide.checks import arithmetic
from studyguide.content.models import ID_PATTERN, Model
from studyguide.content.read import Content, Item
from studyguide.content.validate import did_you_mean, shown_location
from studyguide.content.yaml_source import Loc
from studyguide.problems import Problem
from studyguide.text.markdown import VALUE, refusals

Check = Callable[[Content], Iterator[Problem]]

#: Prompts that share this much of their three-word phrases ask the same question; see `prompts_differ`.
NEAR_DUPLICATE = 0.6
#: Words and signs that stand where text is still to come. Found by `stub`, here and in the browser.
STUB_WORDS = ("TODO", "TBD", "FIXME", "XXX", "lorem ipsum", "to be written")
STUB = rf"\b({'|'.join(STUB_WORDS)})\b|\[\.\.\.\]|^\s*(\.\.\.|…|\?+|-+)\s*$"
_STUB = re.compile(STUB, re.IGNORECASE)
_STUB_HINTS = (*map(str.lower, STUB_WORDS), "[...]")


#: What the messages about a card say; the form on the site says the same words about a card that is being written.
SAYS = {
    "bad-id": "the name must be lower-case words joined by hyphens, found '{found}': rename it",
    "duplicate-id": "must have an id of its own, found '{found}' again (first in {other}): rename one",
    "unknown-reference": "must name a {kind} that exists, found '{found}': {remedy}",
    "unknown-cell": "must name a cell of {notebook} tagged 'evidence: ...', found '{found}': {remedy}",
    "repeated-reference": "must name each thing once, found '{found}' again: remove it",
    "self-reference": "must name other cards, found this card itself: remove it",
    "near-duplicate": "the prompt must be unlike every other, found {part} of its phrases in {other}: "
    "change the situation, or merge the cards",
    "duplicate-title": "must have a title of its own, found that of {other}: rename one",
    "stub": "must be finished text, found '{found}': write it, or leave the card out for now",
    "printed": "must begin with a number, found '{found}': put the number first, then its unit",
    "unknown-value-name": "must be a value that a notebook publishes, found '{found}': {remedy}",
    "future-date": "'{name}' must not lie ahead, found {found}: write the day of the review",
}


def all_items(content: Content) -> Iterator[Item[Any]]:
    """Every item of every kind, notebooks included."""
    for kind in (
        content.cards,
        content.rounds,
        content.checklists,
        content.plans,
        content.worksheets,
        content.roles,
        content.collections,
        content.topics,
        content.glossary,
        content.resources,
        content.notebooks,
        content.site,
    ):
        yield from kind


def unvetted(content: Content) -> Iterator[Item[Any]]:
    """Items for the checks that look at one item alone: those that have not passed them before, unchanged."""
    return (item for item in all_items(content) if not item.vetted)


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
            yield item.problem("bad-id", SAYS["bad-id"].format(found=item.id[:70]))
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
                yield item.problem("duplicate-id", SAYS["duplicate-id"].format(found=item.id, other=other))
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
                remedy = did_you_mean(name, known[kind])
                message = SAYS["unknown-reference"].format(kind=kind, found=name, remedy=remedy)
                yield item.problem("unknown-reference", message, *loc)
    for item in content.cards:
        for index, evidence in enumerate(item.value.evidence):
            script = content.scripts.get(evidence.notebook)
            if script is not None and evidence.cell not in script.evidence:
                remedy = did_you_mean(evidence.cell, script.evidence)
                message = SAYS["unknown-cell"].format(notebook=evidence.notebook, found=evidence.cell, remedy=remedy)
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
    "card": "card", "showcase": "card", "related": "card", "must_do": "card", "not_in": "card",
    "notebooks": "notebook", "notebook": "notebook",
}  # fmt: skip


def references(value: Model, loc: Loc = ()) -> Iterator[tuple[str, Loc, str]]:
    """The ids that a model names: (kind, location, id)."""
    for name in _fields_that_may_refer(type(value)):
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


@cache
def _fields_that_may_refer(model: type[Model]) -> tuple[str, ...]:
    """The fields of a model that hold ids, or models that do; the others need not be looked at for every item."""
    fields = model.model_fields.items()
    return tuple(name for name, info in fields if name in REFERENCE_FIELDS or _refers(info.annotation))


def _refers(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return bool(_fields_that_may_refer(annotation))
    return any(map(_refers, get_args(annotation)))


def references_are_not_repeated(content: Content) -> Iterator[Problem]:
    """A list names each thing once, a checklist leads to each card once, and a card is not related to itself.

    Bad: `related: [drift, drift]`.
    Good: `related: [drift, label-delay]`.
    """
    for item in all_items(content):
        seen: dict[tuple[Loc, str], None] = {}
        for _, loc, name in references(item.value):
            if isinstance(loc[-1], int):
                group = (loc[:-1], name)
                if group in seen:
                    yield item.problem("repeated-reference", SAYS["repeated-reference"].format(found=name), *loc)
                seen[group] = None
    for role in content.roles:
        for listed, kind in (("rounds", "round"), ("neighbours", "role")):
            names: set[str] = set()
            for index, entry in enumerate(getattr(role.value, listed)):
                name = getattr(entry, kind)
                if name in names:
                    message = f"must name each {kind} once, found '{name}' again: merge the two entries"
                    yield role.problem("repeated-reference", message, listed, index, kind)
                names.add(name)
    for sheet in content.checklists:
        cards: set[str] = set()
        for index, box in enumerate(sheet.value.items):
            if box.card in cards:
                message = (
                    f"must lead to each card once, found '{box.card}' again: name one that goes deeper into this item"
                )
                yield sheet.problem("repeated-reference", message, "items", index, "card")
            cards.update([box.card] if box.card else [])
    for card in content.cards:
        if card.id in card.value.related:
            yield card.problem("self-reference", SAYS["self-reference"], "related", card.value.related.index(card.id))


def prompts_differ(content: Content) -> Iterator[Problem]:
    """Two cards that pose the same situation: one of them goes, or changes.

    The measure is the share of the shorter prompt's three-word phrases that the other prompt holds too (shingle
    containment: Broder, "On the resemblance and containment of documents", 1997).

    Bad: the same prompt with another number in it.
    Good: one card, with the other number in a follow-up.
    """
    cards = _written(content)
    shingles = [_shingles(item.value.prompt) for item in cards]
    by_shingle: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            by_shingle[shingle].append(number)
    for number, found in enumerate(shingles):
        # A prompt that holds the share of these holds one of any few more than the rest: only the rarest are looked up
        # (prefix filtering: Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins", 2006).
        enough = max(1, ceil(NEAR_DUPLICATE * len(found)))
        rarest = sorted(found, key=lambda shingle: (len(by_shingle[shingle]), shingle))[: len(found) - enough + 1]
        candidates = {other for shingle in rarest for other in by_shingle[shingle]}
        for other in sorted(candidates):
            if other == number or (len(shingles[other]), other) < (len(found), number):
                continue  # itself, or one that finds this pair when its own turn comes
            part = len(found & shingles[other]) / max(1, len(found))
            if part >= NEAR_DUPLICATE:
                first, second = (cards[index] for index in sorted((number, other)))
                message = SAYS["near-duplicate"].format(part=f"{part:.0%}", other=first.path)
                yield second.problem("near-duplicate", message, "prompt")


def alike(content: Content) -> Iterator[tuple[Item[Any], Item[Any], float]]:
    """Every two cards that share a phrase of their prompts: the later, the earlier, and the share (0 to 1)."""
    cards = _written(content)
    phrases = {item.id: _shingles(item.value.prompt) for item in cards}
    by_shingle: dict[str, list[Item[Any]]] = defaultdict(list)
    for item in cards:
        shared: Counter[int] = Counter()
        earlier: dict[int, Item[Any]] = {}
        for shingle in phrases[item.id]:
            for other in by_shingle[shingle]:
                shared[id(other)] += 1
                earlier[id(other)] = other
            by_shingle[shingle].append(item)
        for key, number in shared.items():
            other = earlier[key]
            yield item, other, number / max(1, min(len(phrases[item.id]), len(phrases[other.id])))


def _written(content: Content) -> list[Item[Any]]:
    """Cards with a prompt: what is still to be written resembles everything else that is still to be written."""
    return [item for item in content.cards if not stub(item.value.prompt)]


def _shingles(text: str) -> set[str]:
    """The phrases of three words that a text holds."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {" ".join(phrase) for phrase in zip(words, words[1:], words[2:], strict=False)}


def titles_differ(content: Content) -> Iterator[Problem]:
    """Readers remember a card by its title, and lists show nothing else.

    Bad: two cards called "Drift".
    Good: "Drift that hurts nobody" and "Harm without drift".
    """
    for items in (content.cards, content.rounds, content.topics, content.notebooks, content.worksheets):
        first: dict[str, Item[Any]] = {}
        for item in items:
            title = item.value.title.casefold()
            if title in first:
                message = SAYS["duplicate-title"].format(other=first[title].path)
                yield item.problem("duplicate-title", message, "title")
            first.setdefault(title, item)


def nothing_is_a_stub(content: Content) -> Iterator[Problem]:
    """What is not written yet is not published.

    Bad: `detail: TODO explain calibration`.
    Good: a finished sentence, or no card.
    """
    for item in unvetted(content):
        for loc, text in item.texts:
            if match := stub(text):
                message = SAYS["stub"].format(found=match[0].strip()[:20])
                yield item.problem("stub", message, *loc)


def stub(text: str) -> re.Match[str] | None:
    """What says that a text is unfinished. Plain searches go first: the pattern alone takes ten times as long."""
    lower = text.lower()
    if any(word in lower for word in _STUB_HINTS) or not text.strip(" \n.…?-"):
        return _STUB.search(text)
    return None


def text_is_plain_markdown(content: Content) -> Iterator[Problem]:
    """Texts are Markdown without HTML or pictures, and link to the web by full addresses only.

    Bad: `detail: Click <b>here</b>`, `[run](javascript:alert(1))`.
    Good: `detail: Compare **both** weeks`.
    """
    for item in unvetted(content):
        for loc, text in item.texts:
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
        if item.vetted:
            continue
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
                message = SAYS["printed"].format(found=working.result[:30])
                yield item.problem("arithmetic", message, "workings", index, "result")
            elif not arithmetic.rounds_to(value, printed):
                message = f"must be what the formula gives ({value:,.6g}), found {printed}: correct one of them"
                yield item.problem("arithmetic", message, "workings", index, "result")


def values_are_published(content: Content) -> Iterator[Problem]:
    """A figure of our own experiments comes from the run: `[[notebook:name]]`, never typed.

    Bad: `[[leakage-hunt:auc]]` where no cell of that notebook publishes `auc`.
    Good: a cell tagged `values` in leakage-hunt.py that ends in `{"auc": f"{auc:.2f}"}`.
    """
    published = {name: published_values(script.tagged("values")) for name, script in content.scripts.items()}
    for item in content.cards:
        if item.vetted and b"[[" not in item.source.raw:
            continue
        for loc, text in item.texts:
            for match in VALUE.finditer(text) if "[[" in text else ():
                names = published.get(match["notebook"], set())
                if match["name"] not in names and match["notebook"] not in content.broken:
                    remedy = did_you_mean(match["name"], names)
                    message = SAYS["unknown-value-name"].format(found=match[0], remedy=remedy)
                    yield item.problem("unknown-value-name", message, *loc)


def published_values(cells: Iterable[Any]) -> set[str]:
    """The names of the values that cells tagged `values` publish: the keys of the dictionaries they end in."""
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
            yield item.problem("future-date", SAYS["future-date"].format(name=name, found=day), name)


def orders_differ(content: Content) -> Iterator[Problem]:
    """Two rounds, plans ... at the same place in a list would change places from one machine to the next.

    Bad: `order: 3` in two rounds.
    Good: 3 and 4.
    """
    kinds = (content.rounds, content.checklists, content.plans, content.worksheets, content.roles, content.collections)
    for items in kinds:
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
    """A collection, a topic in a plan, a role and a checklist lead to a card; a row of a plan names something to use.

    Bad: a collection whose topics no card has; a role that no card names.
    Good: a collection whose topics some cards have; a role under `roles` of some cards.
    """
    for item in content.collections:
        if not any(selects(item.value, card) for card in content.cards) and not content.broken:
            message = "must select at least one card, selects none: name topics, rounds or cards that exist"
            yield item.problem("selects-nothing", message)
    used = {topic for card in content.cards for topic in card.value.topics}
    unused = {topic.id for topic in content.topics} - used
    for plan in content.plans:
        for index, row in enumerate(plan.value.rows):
            for position, topic in enumerate(row.topics):
                if topic in unused and not content.broken:
                    message = f"must name topics that some card has, found '{topic}', which none has: name another"
                    yield plan.problem("selects-nothing", message, "rows", index, "topics", position)
            if not (row.cards or row.topics or row.notebooks):
                message = "must name cards, topics or notebooks to use, found none: name at least one"
                yield plan.problem("selects-nothing", message, "rows", index)
    wanted = {role for card in content.cards for role in card.value.roles}
    for role in content.roles:
        if role.id not in wanted and not content.broken:
            message = (
                f"must be a role that some card names, found '{role.id}', which none does: add it to 'roles' of cards"
            )
            yield role.problem("selects-nothing", message)
    for sheet in content.checklists:
        if not any(box.card for box in sheet.value.items):
            message = "must lead to at least one card, names none: give an item the 'card' that goes deeper"
            yield sheet.problem("selects-nothing", message, "items")


def worksheet_fields_differ(content: Content) -> Iterator[Problem]:
    """What a reader wrote is kept under the field's id, so an id stands once on a worksheet, parts included.

    Bad: `id: result` in two fields of one worksheet.
    Good: `id: result` and `id: result-measured`.
    """
    for item in content.worksheets:
        seen: set[str] = set()
        for number, part in enumerate(item.value.parts):
            places: list[tuple[str, Loc]] = [(part.id, ("parts", number, "id"))]
            places += [(box.id, ("parts", number, "fields", index, "id")) for index, box in enumerate(part.fields)]
            for name, loc in places:
                if name in seen:
                    message = f"must have an id of its own on the sheet, found '{name}' again: rename one"
                    yield item.problem("duplicate-id", message, *loc)
                seen.add(name)


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
    worksheet_fields_differ,
)


def check(content: Content) -> list[Problem]:
    """Every problem that every check finds."""
    return [problem for rule in CHECKS for problem in rule(content)]
