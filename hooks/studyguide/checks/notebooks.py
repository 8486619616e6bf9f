"""Rules about notebooks and what cards quote of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from studyguide.checks.addresses import addresses, fault
from studyguide.checks.common import prose, repeated
from studyguide.content.notebook_source import EVIDENCE
from studyguide.content.read import Content
from studyguide.content.validate import did_you_mean
from studyguide.problems import Problem
from studyguide.text.markdown import VALUE, headings, links

#: Parts of a notebook's page that are no headings of its prose.
PARTS = frozenset({"content", "copies", "its-cards", "notebook"})


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
                    message = f"must be a value that a notebook publishes, found '{match[0]}': {remedy}"
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
        named = [(name, cell.line) for cell in script.cells for name in cell.evidence]
        for (name, line), (_, first) in repeated((pair[0], pair) for pair in named):
            message = f"must have a name of its own, found '{EVIDENCE}{name}' again (first on line {first}): rename one"
            yield Problem(script.path, line, 1, "duplicate-evidence", message)
        checks = [cell.line for cell in script.tagged("check")]
        for cell in script.tagged("solution"):
            if not cell.text.startswith("# TASK:"):
                message = "a solution must begin with a comment '# TASK: ...', found none: say what is to be written"
                yield Problem(script.path, cell.line, 1, "exercise", message)
            if not any(line > cell.line for line in checks):
                message = "a solution must be followed by a cell tagged 'check', found none: add one that can fail"
                yield Problem(script.path, cell.line, 1, "exercise", message)


def headings_differ(content: Content) -> Iterator[Problem]:
    """A heading of a notebook is an address, so no two of them have the same words.

    Bad: `## The data` twice.
    Good: `## The data` and `## The data, once more without the leak`.
    """
    for item in content.notebooks:
        script = content.scripts[item.id]
        cells = [cell for cell in script.cells if cell.prose]
        named = [(id_, cell.start + line) for cell in cells for id_, line in headings(cell.text)]
        for id_, line in named:
            if id_ in PARTS:
                message = f"a heading must be no name of a part of the page, found '{id_}': word it otherwise"
                yield Problem(script.path, line, 1, "duplicate-title", message)
        for (id_, line), (_, first) in repeated((pair[0], pair) for pair in named):
            message = f"a heading must differ from the others, found '{id_}' again (first on line {first}): reword one"
            yield Problem(script.path, line, 1, "duplicate-title", message)


def links_lead_somewhere(content: Content) -> Iterator[Problem]:
    """The prose of a notebook may link to other pages of the guide and to their parts, which exist.

    Bad: `[leakage](../cards/leakage.html)` where no card has this id.
    Good: `[leakage](../cards/leakage-hunt.html#move-2)`.
    """
    pages = addresses(content)
    for script, cell in prose(content):
        page = f"notebooks/{script.path.rpartition('/')[2].removesuffix('.py')}.html"
        for line, href in links(cell.text):
            elsewhere = re.match(r"[a-z][a-z0-9+.-]*:|//", href, re.IGNORECASE)
            if not elsewhere and (message := fault(content, pages, page, href)):
                yield Problem(script.path, cell.start + line, 1, "bad-link", f"a link {message}")
