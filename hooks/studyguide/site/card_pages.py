"""One page of the theme, rendered once, and filled for every page that differs from it only in a few places.

The theme renders a page whose title, description, addresses and content are slots; `Shell` takes what came out apart at
the slots. A thousand cards then cost the theme one page.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from html import escape

from studyguide.pages.listing import Page, markdown_uri

#: What differs from page to page. ``content`` is HTML, the others are plain words and addresses.
NAMES = ("title", "description", "canonical", "edit", "markdown", "content")
_SLOT = re.compile(rf"(?:<h1>)?studyguide-slot-({'|'.join(NAMES)})-here(?:</h1>)?")


def slot(name: str) -> str:
    """What the theme is given instead of a value. Letters and hyphens, so that no filter or escaping changes it.

    Content is given as a heading, because the theme puts one of its own before content that has none.
    """
    here = f"studyguide-slot-{name}-here"
    return f"<h1>{here}</h1>" if name == "content" else here


@dataclass(frozen=True)
class Shell:
    """A page of the theme with slots, and the addresses of forge (see `Forge.edit`) and site, if they are known.

    Raises `ValueError` on use where the theme lost the content, or shows it twice.
    """

    html: str
    forge: str = ""
    site_url: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Shell:
        return cls(**json.loads(data))

    def page(self, page: Page, content: str) -> str:
        """The whole HTML of a page whose content is given."""
        words = {
            "title": page.title,
            "description": page.description,
            "canonical": f"{self.site_url.rstrip('/')}/{page.uri}" if self.site_url else "",
            "edit": page.edit_url(self.forge) or "",
            "markdown": posixpath.basename(markdown_uri(page.uri)),  # as seen from the page itself
        }
        values = {name: escape(value) for name, value in words.items()} | {"content": content}
        parts = self._parts.copy()
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)

    @cached_property
    def _parts(self) -> list[str]:
        """Text and names of slots in turns, a text first."""
        parts = _SLOT.split(self.html)
        if (found := parts[1::2].count("content")) != 1:
            raise ValueError(f"the theme must show the content of a page once, found it {found} times: see overrides/")
        return parts
