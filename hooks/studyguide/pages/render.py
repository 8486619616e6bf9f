"""Pages -> HTML: the one Jinja environment, and everything that templates may call.

All markup lives in ``templates/``. Undefined names are errors, every value is escaped, and content's Markdown goes
through `studyguide.text.markdown`, which sanitises it.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

import jinja2
from markupsafe import Markup

from studyguide.cache import TEMPLATES, Cache, TemplateCache
from studyguide.catalogue import Catalogue
from studyguide.content.models import Evidence
from studyguide.notebooks.outputs import Outputs, Shown, drawing_file, shown_outputs
from studyguide.notebooks.run import Run
from studyguide.problems import count
from studyguide.text.formulas import mathml
from studyguide.text.glossary import Glossary, Linker, link_terms
from studyguide.text.markdown import VALUE, to_html, to_inline_html, to_plain
from studyguide.traces import TracedCatalogue, Traces

#: Formulas are Python; readers group digits by commas.
_DIGITS = re.compile(r"(?<=\d)_(?=\d)")
#: Where the drawings are that cards show.
DRAWINGS = "notebooks/drawings"
FORM_NAMES = {"situation": "Situation", "question": "Plain question", "story": "Story"}
LEVEL_NAMES = {"foundation": "Foundation", "practitioner": "Practitioner", "senior": "Senior"}


class Renderer:
    """Renders templates over one catalogue and the runs of its notebooks."""

    def __init__(self, catalogue: Catalogue, runs: Mapping[str, Run], cache: Cache | None = None) -> None:
        self.catalogue = catalogue
        self.runs = runs
        self._cache = cache or Cache(None)
        self._traces = Traces(catalogue, runs)
        #: Names of what the page being rendered has read so far.
        self._seen: set[str] = set()

    @cached_property
    def environment(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=TemplateCache(self._cache),
        )
        environment.filters["count"] = count
        environment.filters["grouped"] = lambda formula: _DIGITS.sub(",", formula)
        environment.filters["plain"] = to_plain
        environment.filters["resolved"] = self.with_values  # Markdown as it is, for copies of pages
        environment.filters["inline"] = jinja2.pass_context(
            lambda context, value: Markup(to_inline_html(self.with_values(value), context.get("formulas", mathml)))  # noqa: S704
        )
        environment.filters["words"] = lambda value: Markup(to_inline_html(value))  # noqa: S704
        # For HTML that another stage has made safe already: cells from studyguide.notebooks.
        environment.filters["made_safe"] = Markup
        environment.tests["contains_id"] = lambda ids, wanted: wanted in ids
        environment.globals["level_names"] = LEVEL_NAMES
        return environment

    @cached_property
    def _glossary(self) -> Glossary:
        terms = self.catalogue.glossary
        return Glossary({spelling: item.id for item in terms for spelling in (item.value.term, *item.value.aliases)})

    @cached_property
    def _terms(self) -> Callable[[str], Mapping[str, tuple[str, str]]]:
        """For the address of the glossary: each term's id, with (address of the entry, definition in plain words)."""
        definitions = {item.id: to_plain(item.value.definition) for item in self.catalogue.glossary}

        @cache  # few folders, many pages
        def terms(address: str) -> Mapping[str, tuple[str, str]]:
            return {id_: (f"{address}#{id_}", definition) for id_, definition in definitions.items()}

        return terms

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
        return Linker(self._glossary, self._terms(relative("glossary.html", uri)), self._other_sense.get(uri, ()))

    def with_terms(self, html: str, uri: str) -> str:
        """HTML that others made for the page at ``uri``, with its glossary terms linked."""
        key = hashlib.sha256(f"{self._traces.digest('glossary')}\n{html}".encode()).digest()
        return self._cache.get_or_make("terms", uri, key, lambda: link_terms(html, self.linker(uri)))

    def render(self, template: str, uri: str, context: Mapping[str, Any]) -> str:
        """The HTML of a page's content. ``uri`` is its address from the root of the site, with ``.html``.

        Taken from the cache where everything that the page was made from is as it was.
        """
        name, given = f"{uri} {template}", self._traces.of_context(context)
        found = self._cache.newest("page", name)
        if found is not None:
            before = json.loads(found[0])
            if before["given"] == given and all(
                self._traces.digest(part) == was for part, was in before["read"].items()
            ):
                return found[1].decode()
        self._seen = set()
        html = self.render_anew(template, uri, context)
        read = {part: self._traces.digest(part) for part in sorted(self._seen)}
        self._cache.put("page", name, json.dumps({"given": given, "read": read}).encode(), html.encode())
        return html

    def render_anew(self, template: str, uri: str, context: Mapping[str, Any]) -> str:
        """The same from the templates as they are now, whatever is in the cache."""
        linker = self.linker(uri)

        def markdown(value: str) -> Markup:
            self._seen.add("glossary")
            return Markup(to_html(self.with_values(value), linker))  # noqa: S704 - sanitised by to_html

        def url(target: str) -> str:
            return relative(target, uri)

        def shown(evidence: Evidence) -> Markup:
            return Markup(self.evidence_html(evidence, uri))  # noqa: S704 - made safe by studyguide.notebooks.outputs

        catalogue = TracedCatalogue(self.catalogue, self._seen)
        return self.environment.get_template(template).render(
            **context, catalogue=catalogue, uri=uri, markdown=markdown, url=url, shown=shown
        )

    def with_values(self, value: str) -> str:
        """The text with every ``[[notebook:name]]`` replaced by what the notebook published."""
        if "[[" not in value:
            return value
        return VALUE.sub(lambda match: self._value(match["notebook"], match["name"]), value)

    def _value(self, notebook: str, name: str) -> str:
        self._seen.add(f"run/{notebook}")
        return self.runs[notebook].values[name]

    def evidence_html(self, evidence: Evidence, uri: str) -> str:
        """What the cell showed when it ran, in the page at ``uri``; its drawings are the files of `drawings`."""
        self._seen.add(f"run/{evidence.notebook}")
        shown = [
            replace(output, picture=relative(output.picture, uri)) if output.size else output
            for output in self._shown(evidence.notebook, evidence.cell)[0]
        ]
        alt = self.runs[evidence.notebook].script.evidence[evidence.cell].alt
        return self.environment.get_template("outputs.html").render(shown=shown, alt=alt)

    def drawings(self) -> dict[str, str]:
        """The drawings that cards show as evidence, by address: within the cards they would be half of each."""
        evidence = {(found.notebook, found.cell) for card in self.catalogue.cards for found in card.value.evidence}
        drawings: dict[str, str] = {}
        for notebook, cell in sorted(evidence):
            drawings |= self._shown(notebook, cell)[1]
        return drawings

    def _shown(self, notebook: str, cell: str) -> tuple[list[Shown], dict[str, str]]:
        """What a cell of evidence showed, its drawings by address, and the files there."""
        run = self.runs[notebook]
        shown, files = shown_outputs(run.evidence(cell), run.script.evidence[cell].alt), {}
        for number, output in enumerate(shown):
            if output.drawing is not None:
                content, size = drawing_file(output.drawing)
                address = _drawing_uri(notebook, cell, content)
                shown[number], files[address] = Shown(picture=address, size=size), content.decode()
        return shown, files

    def outputs_html(self, outputs: Outputs, alt: str) -> str:
        """All outputs of a cell, one below the other, safe in a page."""
        return self.environment.get_template("outputs.html").render(shown=shown_outputs(outputs, alt), alt=alt)


def _drawing_uri(notebook: str, cell: str, content: bytes) -> str:
    """Named by its content too: a browser that keeps a drawing must not show it beside newer words."""
    return f"{DRAWINGS}/{notebook}/{cell}-{hashlib.sha256(content).hexdigest()[:8]}.svg"


def relative(target: str, uri: str) -> str:
    """The address of ``target`` as seen from the page ``uri``; both from the root of the site."""
    path, hash_, fragment = target.partition("#")
    return posixpath.relpath(path, posixpath.dirname(uri) or ".") + hash_ + fragment
