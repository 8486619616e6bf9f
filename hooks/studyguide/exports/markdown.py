"""Edition -> Markdown copies of pages, each beside its page, and the llms.txt that lists them (https://llmstxt.org)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from studyguide.content.kinds import FOLDERS
from studyguide.content.yaml_source import parse
from studyguide.exports import data
from studyguide.exports.edition import Edition
from studyguide.pages.render import relative

LIST = "llms.txt"
_BLANKS = re.compile(r"\n{3,}")
_ANCHOR = re.compile(r"[ \t]*\{#[\w-]+\}[ \t]*$", re.MULTILINE)
#: A link to a notebook's source, which MkDocs understands as one to its page.
_NOTEBOOK = re.compile(r"(\]\((?:\.\./)*notebooks/[a-z0-9-]+)\.ipynb(?=[)#])")
_LINK = re.compile(r"\]\((?P<path>[\w./-]+)\.md(?=[)#])")
#: A term above its definition, which Markdown itself does not know.
_DEFINITION = re.compile(r"^(?:\*\*)?(?P<term>[^\s:*].*?)(?:\*\*)?\n\n?:   ", re.MULTILINE)
_ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) \w+(?: "(?P<title>[^"]*)")?\s*$')


@dataclass(frozen=True)
class Guide:
    """A hand-written page: its title and description, and its text as plain Markdown."""

    title: str
    description: str
    text: str


def files(edition: Edition) -> dict[str, bytes]:
    """All copies by address, the list first."""
    guides = {uri: guide(words) for uri, words in edition.guides.items()}
    texts = {LIST: _list(edition, guides)}
    for item in edition.catalogue.cards:
        texts[f"cards/{item.id}.md"] = _render(edition, "card.md", f"cards/{item.id}.md", {"card": item.value})
    for kind in (kind for kind in FOLDERS.values() if kind.copied):
        for item in getattr(edition.catalogue, kind.name):
            uri = f"{kind.name}/{item.id}.md"
            texts[uri] = _render(edition, f"{kind.word}.md", uri, {"item": item})
    if edition.catalogue.glossary:
        texts["glossary.md"] = _render(edition, "glossary.md", "glossary.md", {})
    copies = {*texts, *(f"{uri}.md" for uri in guides)}
    return texts | {f"{uri}.md": _guide_text(f"{uri}.md", page.text, copies) for uri, page in guides.items()}


def _guide_text(uri: str, words: str, copies: Set[str]) -> bytes:
    """A guide whose links lead to copies, or to the page where a page has none (lists, topics)."""

    def target(match: re.Match[str]) -> str:
        there = posixpath.normpath(posixpath.join(posixpath.dirname(uri), match["path"]))
        return match[0] if f"{there}.md" in copies else f"]({match['path']}.html"

    return (_LINK.sub(target, words) + "\n").encode()


def _list(edition: Edition, guides: Mapping[str, Guide]) -> bytes:
    context = {
        "site": edition.catalogue.site.value,
        "guides": guides,
        "address": edition.url,
        "data": data.ALL,
    }
    return _render(edition, "llms.txt", LIST, context)


def _render(edition: Edition, template: str, uri: str, context: Mapping[str, Any]) -> bytes:
    text = edition.renderer.environment.get_template(f"markdown/{template}").render(
        **context, catalogue=edition.catalogue, url=lambda target: relative(target, uri)
    )
    return (_BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n").encode()


def guide(words: str) -> Guide:
    """A hand-written page without what only MkDocs reads: front matter, anchors, notes, definitions, notebooks."""
    meta: Mapping[str, Any] = {}
    if words.startswith("---\n"):
        head, _, words = words.removeprefix("---\n").partition("\n---\n")
        source, _problems = parse(head.encode(), "front matter")
        meta = source.data if source is not None and isinstance(source.data, Mapping) else {}
    words = _NOTEBOOK.sub(r"\g<1>.html", _ANCHOR.sub("", words))
    words = _DEFINITION.sub(r"- **\g<term>**\n\n  ", words)
    text = "\n".join(_without_admonitions(words.strip().splitlines()))
    title = next((line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")), "")
    return Guide(str(meta.get("title", title)), str(meta.get("description", "")), text)


def _without_admonitions(lines: list[str]) -> Iterator[str]:
    """``!!! note "Title"`` and the indented lines below it, as a block quote."""
    inside = False
    for line in lines:
        match = _ADMONITION.match(line)
        if match:
            inside = True
            yield f"> **{match['title']}**" if match["title"] else ">"
            yield ">"
        elif inside and (line.startswith("    ") or not line.strip()):
            yield f"> {line[4:]}".rstrip()
        else:
            if inside:
                yield ""
            inside = False
            yield line
