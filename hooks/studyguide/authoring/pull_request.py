"""What a pull request changes in the content: which pages, what each rule says, and which cards come near each other.

Everything quoted here was written by whoever made the pull request, and is shown on a page of the forge: it is escaped.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from studyguide.checks.prompts import NEAR_DUPLICATE, alike
from studyguide.content.kinds import SITE, kind_of
from studyguide.content.read import Content, Item
from studyguide.problems import RULES, Problem, count

#: Pairs of prompts from this share of common phrases on are named to the reviewer; the checker refuses later.
WORTH_A_LOOK = 0.15
_ESCAPES: dict[str, str | int | None] = {
    **{sign: f"\\{sign}" for sign in "\\`*_{}[]()#+!|~>-"},
    "&": "&amp;",
    "<": "&lt;",
    "@": "&#64;",
}
_STATES = {"A": "added", "M": "changed", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


@dataclass(frozen=True)
class Change:
    """One file that changed: how (``added``, ``changed``, ``removed``, ``renamed`` ...), and its path now."""

    state: str
    path: str


def parse_changes(raw: str) -> list[Change]:
    """The output of ``git diff --name-status -z`` as changes, in its order."""
    fields = raw.split("\0")
    changes: list[Change] = []
    while len(fields) > 1:
        state, path = fields.pop(0)[:1], fields.pop(0)
        if state in ("R", "C"):  # from where, and to where
            path = fields.pop(0)
        changes.append(Change(_STATES.get(state, "changed"), path))
    return changes


def changes_since(base: str) -> list[Change]:
    """What changed since the branch left ``base``. Raises `ValueError` where git has no such base."""
    command = ["git", "diff", "--name-status", "-z", f"{base}...HEAD", "--"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", errors="replace")  # noqa: S603 - fixed words
    if done.returncode:
        raise ValueError(f"--base must be a commit that git knows, found '{base}': {done.stderr.strip()}")
    return parse_changes(done.stdout)


def page_of(path: str) -> str | None:
    """The address of the page that a file of the project is shown on; ``None`` where it has none of its own."""
    file = PurePosixPath(path)
    match file.parts:
        case ("content", *parts) if kind := kind_of(parts):
            if kind is SITE:
                return "index.html"
            return f"{kind.name}.html" if path.count("/") == 1 else f"{kind.name}/{file.stem}.html"
        case ("docs", *parts) if file.suffix == ".md":
            return "/".join(parts).removesuffix(".md") + ".html"
    return None


def summary(changes: Sequence[Change], content: Content, problems: Sequence[Problem]) -> str:
    """The summary of a pull request, as Markdown for the forge."""
    ours = [change for change in changes if change.path.startswith(f"{content.folder.as_posix()}/")]
    paths = {change.path for change in ours}
    parts = ["# What this changes", "", *_what(ours, content)]
    parts += ["", "## What the rules say", "", *_rules(problems, paths)]
    if near := _near(content, paths):
        parts += ["", "## Cards that come near others", "", *near]
    return "\n".join(parts) + "\n"


def _what(changes: Sequence[Change], content: Content) -> list[str]:
    if not changes:
        return ["No content: code, pages or settings only."]
    cards = {card.path: card.value for card in content.cards}
    rows = ["| | File | Title | Round | Level |", "| --- | --- | --- | --- | --- |"]
    for change in sorted(changes, key=lambda one: (one.state, one.path)):
        card = cards.get(change.path)
        about = (card.title, card.round, card.level) if card else ("", "", "")
        rows.append(f"| {change.state} | {_code(change.path)} | {' | '.join(map(escape, about))} |")
    states = Counter(change.state for change in changes)
    return [", ".join(f"{count(number, 'file')} {state}" for state, number in sorted(states.items())) + ".", "", *rows]


def _rules(problems: Sequence[Problem], paths: set[str]) -> list[str]:
    if not problems:
        return [f"All {len(RULES)} rules: nothing to fix."]
    by_rule: dict[str, list[Problem]] = {}
    for problem in problems:
        by_rule.setdefault(problem.rule, []).append(problem)
    rows = ["| Rule | Asks | Problems | The first |", "| --- | --- | --- | --- |"]
    for rule, found in sorted(by_rule.items()):
        here = [problem for problem in found if problem.path in paths]
        first = (here or found)[0]
        where = "" if here else " (in a file that this does not change)"
        what = f"{_code(f'{first.path}:{first.line}')} {escape(first.message)}{where}"
        rows.append(f"| {_code(rule)} | {escape(RULES[rule])} | {len(found)} | {what} |")
    quiet = len(RULES) - len(by_rule)
    return [*rows, "", f"The other {quiet} rules: nothing to fix."]


def _near(content: Content, paths: set[str]) -> list[str]:
    pairs: list[tuple[float, Item[Any], Item[Any]]] = []
    for later, earlier, part in alike(content):
        for new, old in ((later, earlier), (earlier, later)):
            if part >= WORTH_A_LOOK and new.path in paths and (old.path not in paths or new is later):
                pairs.append((part, new, old))
    if not pairs:
        return []
    rows = ["| Card | Near | Shared phrases of the prompts |", "| --- | --- | --- |"]
    for part, new, old in sorted(pairs, key=lambda pair: (-pair[0], pair[1].id, pair[2].id)):
        verdict = " **too near**" if part >= NEAR_DUPLICATE else ""
        rows.append(f"| {_code(new.id)} | {_code(old.id)} {escape(old.value.title)} | {part:.0%}{verdict} |")
    return rows


def _code(text: str) -> str:
    """A name as code. What could end the code or the cell of the table is left out."""
    return f"`{re.sub(r'[`|]', '', _one_line(text))}`"


def escape(text: str) -> str:
    """A text as Markdown that shows it and does nothing else: no links, no pictures, no HTML, no mentions."""
    return _one_line(text).translate(str.maketrans(_ESCAPES)).replace("://", "&#58;//").replace("www.", "www&#46;")


def _one_line(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= 300 else line[:299] + "…"


def preview_pages(changes: Iterable[Change]) -> list[str]:
    """The pages that show what changed, sorted; what was removed has none."""
    uris = {page_of(change.path) for change in changes if change.state != "removed"}
    return sorted(uri for uri in uris if uri)
