"""What a guide's ids are made from, so that two guides keep apart in one browser, one Anki collection, one calendar."""

from __future__ import annotations

#: The guide of this repository. Its readers have ids from before guides had one, and keep them. The hand-written pages
#: in docs/ are its own too.
OURS = "strong-answer"
#: Hand-written pages about our guide's own subject, and a picture of it; another guide leaves them out.
OWN_PAGES = "guides/"
OWN_FILES = (OWN_PAGES, "assets/screenshot.png")


def seed(guide: str, what: str) -> str:
    """What to hash for the id of something of a guide, such as ``deck bench``."""
    return what if guide == OURS else f"{guide} {what}"
