"""What we write into the site past MkDocs: cards, and what readers can take away; then a look at every link."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from studyguide.parallel import in_parts
from studyguide.site.card_pages import Shell
from studyguide.site.guide_files import CardFile, Guide
from studyguide.site.internal_links import References
from studyguide.site.log import log, stopped
from studyguide.site.policy import PolicyError, refuse_scripts

#: Fewer than these are written sooner than another process is started, its result sent back, and its memory let go.
CARDS_A_PART = 100


def write_cards(guide: Guide, shell: Shell) -> None:
    """Write the cards' pages, on all processors where they are many."""
    first, *rest = guide.cards
    guide.cache.put("shell", "card", b"", shell.to_bytes())
    Path(first.abs_dest_path).parent.mkdir(parents=True, exist_ok=True)
    # What is around the content leads to the same places from each card: it is judged on the first.
    guide.references.add(first.dest_uri, _write_card(shell, first, first.html))

    def write(part: Sequence[CardFile]) -> tuple[References, set[str]]:
        found = References()
        for file in part:
            content = file.html
            found.add(file.dest_uri, content)
            _write_card(shell, file, content)
        guide.cache.write()
        return found, guide.cache.used["page"]

    guide.cache.write()
    guide.cache.close()
    for found, used in in_parts(write, rest, least=CARDS_A_PART):
        guide.references.add_framed(found, first.dest_uri)
        guide.cache.used["page"] |= used


def _write_card(shell: Shell, file: CardFile, content: str) -> str:
    """Write a card's page, and return it."""
    try:
        refuse_scripts(content)
    except PolicyError as error:
        raise stopped("%s %s", file.src_uri, error) from error
    html = shell.page(file.page_of_guide, content)
    with open(file.abs_dest_path, "wb") as target:  # noqa: PTH123 - pathlib would take longer than the writing
        target.write(html.encode())
    return html


def write_exports(config: MkDocsConfig) -> None:
    """Put what readers can take away beside the pages, once MkDocs has written those."""
    guide: Guide = config.extra["guide"]
    when = guide.edition.when.timestamp()
    for uri, content in guide.exported.items():
        file = Path(config.site_dir, uri)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (when, when))


def check_links(config: MkDocsConfig) -> None:
    """Warn of every link within the site that leads nowhere; a strict build ends with that."""
    guide: Guide = config.extra["guide"]
    for link in guide.references.broken(lambda uri: (Path(config.site_dir) / uri).is_file()):
        log.warning("%s: correct the link, or what it names", link)
