"""Pages -> HTML: the one Jinja environment, and everything that templates may call.

All markup lives in ``templates/``. Undefined names are errors, every value is escaped, and content's Markdown goes
through `studyguide.text`, which sanitises it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from studyguide import text
from studyguide.catalogue import Catalogue
from studyguide.models import Evidence
from studyguide.notebooks import Outputs, Run
from studyguide.outputs import shown_outputs
from studyguide.problems import count
from studyguide.text import Linker

TEMPLATES = Path(__file__).with_name("templates")
LEVEL_NAMES = {"foundation": "Foundation", "practitioner": "Practitioner", "senior": "Senior"}


class Renderer:
    """Renders templates over one catalogue and the runs of its notebooks."""

    def __init__(self, catalogue: Catalogue, runs: Mapping[str, Run]) -> None:
        self.catalogue = catalogue
        self.runs = runs

    @cached_property
    def environment(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["count"] = count
        environment.filters["plain"] = text.to_plain
        environment.filters["resolved"] = self.with_values  # Markdown as it is, for copies of pages
        environment.filters["inline"] = lambda value: Markup(text.to_inline_html(self.with_values(value)))  # noqa: S704
        environment.filters["words"] = lambda value: Markup(text.to_inline_html(value))  # noqa: S704
        # For HTML that another stage has made safe already: cells from studyguide.outputs and mkdocs-jupyter.
        environment.filters["made_safe"] = Markup
        environment.tests["contains_id"] = lambda ids, wanted: wanted in ids
        environment.globals["catalogue"] = self.catalogue
        environment.globals["level_names"] = LEVEL_NAMES
        return environment

    @cached_property
    def _spellings(self) -> Mapping[str, tuple[str, str]]:
        """Glossary spellings in lower case: (id, definition)."""
        return {
            spelling.lower(): (term.id, text.to_plain(term.value.definition))
            for term in self.catalogue.glossary
            for spelling in (term.value.term, *term.value.aliases)
        }

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return Linker.pattern_of(self._spellings)

    @cached_property
    def _other_sense(self) -> Mapping[str, frozenset[str]]:
        """Addresses of cards: the ids of the terms that mean something else there."""
        terms: dict[str, set[str]] = {}
        for term in self.catalogue.glossary:
            for card in term.value.not_in:
                terms.setdefault(f"cards/{card}.html", set()).add(term.id)
        return {uri: frozenset(ids) for uri, ids in terms.items()}

    def linker(self, uri: str) -> Linker:
        """A linker of glossary terms for the page at ``uri``."""
        address = relative("glossary.html", uri)
        terms = {word: (f"{address}#{id_}", definition) for word, (id_, definition) in self._spellings.items()}
        return Linker(terms, self._pattern, {f"{address}#{id_}" for id_ in self._other_sense.get(uri, ())})

    def render(self, template: str, uri: str, context: Mapping[str, Any]) -> str:
        """The HTML of a page's content. ``uri`` is its address from the root of the site, with ``.html``."""
        linker = self.linker(uri)

        def markdown(value: str) -> Markup:
            return Markup(text.to_html(self.with_values(value), linker))  # noqa: S704 - sanitised by to_html

        def url(target: str) -> str:
            return relative(target, uri)

        def shown(evidence: Evidence) -> Markup:
            return Markup(self.evidence_html(evidence))  # noqa: S704 - made safe by studyguide.outputs

        return self.environment.get_template(template).render(
            **context, uri=uri, markdown=markdown, url=url, shown=shown
        )

    def with_values(self, value: str) -> str:
        """The text with every ``[[notebook:name]]`` replaced by what the notebook published."""
        if "[[" not in value:
            return value
        return text.VALUE.sub(lambda match: self._value(match["notebook"], match["name"]), value)

    def _value(self, notebook: str, name: str) -> str:
        return self.runs[notebook].values[name]

    def evidence_html(self, evidence: Evidence) -> str:
        """What the cell showed when it ran."""
        run = self.runs[evidence.notebook]
        return self.outputs_html(run.evidence(evidence.cell), run.script.evidence[evidence.cell].alt)

    def outputs_html(self, outputs: Outputs, alt: str) -> str:
        """All outputs of a cell, one below the other, safe in a page."""
        return self.environment.get_template("outputs.html").render(shown=shown_outputs(outputs, alt), alt=alt)


def relative(target: str, uri: str) -> str:
    """The address of ``target`` as seen from the page ``uri``; both from the root of the site."""
    path, hash_, fragment = target.partition("#")
    return posixpath.relpath(path, posixpath.dirname(uri) or ".") + hash_ + fragment
