"""Links within the site, in every page whoever made it: gathered as pages are finished, judged when all are there.

MkDocs checks the links of Markdown files. Most pages here are made by templates, which it does not look into.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from sys import intern
from urllib.parse import unquote

# Parsing every page again would cost seconds. Whoever writes a page by hand may quote attributes in any way of HTML's.
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_ID = re.compile(rf"\s(?:id|name){_VALUE}", re.IGNORECASE)
_TAG = re.compile(
    r"""<(?:a|area|img|source|video|audio|track)(\s[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>""", re.IGNORECASE
)
_LINK = re.compile(rf"\s(href|src|srcset|poster){_VALUE}", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/", re.IGNORECASE)


@dataclass
class References:
    """The anchors and the links of the pages of one build, by address from the root of the site."""

    anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Pages of content alone, and the page that has the same around it.
    frames: dict[str, str] = field(default_factory=dict)

    def add(self, uri: str, html: str) -> None:
        """Note a page."""
        self.anchors[uri] = frozenset(unescape("".join(values)) for values in _ID.findall(html))
        self.links[uri] = tuple({intern(link) for tag in _TAG.findall(html) for link in _links(tag)})

    def add_framed(self, others: References, frame: str) -> None:
        """Note what was gathered of pages' contents; around each is what is around that of the page ``frame``."""
        self.anchors |= others.anchors
        self.links |= others.links
        self.frames |= dict.fromkeys(others.links, frame)

    def _is_there(self, anchor: str, uri: str) -> bool:
        return anchor in self.anchors[uri] or (uri in self.frames and anchor in self.anchors[self.frames[uri]])

    def broken(self, exists: Callable[[str], bool]) -> Iterator[str]:
        """What is wrong with each link that leads nowhere; ``exists`` tells whether the site has a file."""
        for uri, links in sorted(self.links.items()):
            folder = posixpath.dirname(uri)
            for link in sorted(links):
                there, anchor = _target(folder, link)
                if there is None:
                    continue
                target = there or uri
                if target not in self.anchors and not exists(target):
                    yield f"{uri} links to {target}, which is not in the site"
                    continue
                if not anchor or anchor.startswith("__") or target not in self.anchors:
                    continue
                if not self._is_there(unquote(anchor), target):
                    yield f"{uri} links to {target}#{anchor}, and no element there has that id"


def _links(attributes: str) -> Iterator[str]:
    """The addresses that a tag names."""
    for name, *values in _LINK.findall(attributes):
        address = unescape("".join(values))
        if name.lower() == "srcset":
            yield from (part.split()[0] for part in address.split(",") if part.strip())
        else:
            yield address


def _target(folder: str, link: str) -> tuple[str | None, str]:
    """The address that a link on a page of this folder leads to and its anchor; ``None`` for one out of the site, and
    nothing for the page itself."""
    if _ELSEWHERE.match(link):
        return None, ""
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return "", anchor
    target = posixpath.normpath(posixpath.join(folder, path))
    return (posixpath.join(target, "index.html") if path.endswith("/") or path in (".", "..") else target), anchor
