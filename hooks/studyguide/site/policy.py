"""A page's final HTML -> the same with its Content-Security-Policy and its referrer policy in the head.

The policy is a meta element, because the guide must be as safe from a folder on disk, or on a host whose headers nobody
can set, as behind a server. It allows the site's own files, and of the scripts within pages only those that the theme
wrote: they are named by their SHA-256, computed here from the final HTML (W3C, "Content Security Policy Level 3",
section 8.5). Scripts within a page's *content* are never named: whatever got there did not come from the theme.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from types import MappingProxyType

#: What a page may load, by directive. ``'self'`` also matches when a page is opened from a folder: Chromium and Firefox
#: then take every file of the disk for it.
DIRECTIVES = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        # Drawings of notebooks carry their colours, and tables their alignment, in style attributes. Those can neither
        # run anything nor, with the rest of this policy, load anything from elsewhere. No <style> element is allowed.
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",  # data: the theme's icons, and raster pictures of notebooks
        "media-src": "blob:",  # an answer that the reader recorded; it stays in the page's memory
        "font-src": "'self'",
        "connect-src": "'self'",  # the search index, on a host
        "worker-src": "'self'",  # the search, on a host
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
)
#: Types of a script element that a browser runs; others, such as JSON, are data (HTML, "prepare the script element").
_RUNS = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript"})

_SCRIPT = re.compile("<[sS][cC][rR][iI][pP][tT]")  # a first sign that is one sign is found fastest


class PolicyError(ValueError):
    """A page that must not be published; the text says what was found and how to fix it."""


def finish(html: str, content: str = "") -> str:
    """The page with its policy, right behind its charset.

    ``content`` is the part of ``html`` that did not come from the theme. Raises `PolicyError` where it holds a script,
    and where the page has no head to put a policy into.
    """
    refuse_scripts(content)
    head, theme_scripts = _theme(html.replace(content, "", 1) if content.strip() else html)
    if head is None:
        raise PolicyError("must have a charset in its head, found none: the theme's base template writes it")
    before, charset, after = html.partition(head)
    policy = content_security_policy(theme_scripts)
    return (
        f'{before}{charset}<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="referrer" content="no-referrer">{after}'
    )


def refuse_scripts(content: str) -> None:
    """Raises `PolicyError` where content, which is not the theme's, holds a script."""
    if _SCRIPT.search(content):
        raise PolicyError("must hold no script, found one in its text: put it under docs/assets/js and name it")


def content_security_policy(scripts: tuple[str, ...]) -> str:
    """The policy that allows these inline scripts beside the site's own files."""
    hashes = "".join(f" '{sha256(script)}'" for script in scripts)
    return "; ".join(
        f"{name} {sources}{hashes if name == 'script-src' else ''}" for name, sources in DIRECTIVES.items()
    )


def sha256(script: str) -> str:
    """An inline script as a policy names it."""
    digest = hashlib.sha256(script.replace("\r\n", "\n").encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


class _Scan(HTMLParser):
    """Finds the charset and the inline scripts that a browser would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.charset: str | None = None
        self.scripts: dict[str, None] = {}
        self._script: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            found = dict(attrs)
            runs = (found.get("type") or "").casefold() in _RUNS
            self._script = [] if runs and "src" not in found else None
        elif tag == "meta" and self.charset is None and "charset" in dict(attrs):
            self.charset = self.get_starttag_text()

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts["".join(self._script)] = None
            self._script = None


def _theme(html: str) -> tuple[str | None, tuple[str, ...]]:
    """The charset element of a page as it is written, and its inline scripts."""
    scan = _Scan()
    scan.feed(html)
    scan.close()
    return scan.charset, tuple(scan.scripts)
