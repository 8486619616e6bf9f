"""A content file -> its text: bytes within bounds, UTF-8, and no character that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studyguide.content.characters import hidden_message, hidden_places
from studyguide.problems import Problem


def read_raw(file: Path, shown: str, max_bytes: int, remedy: str) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a content file; ``remedy`` is for one that is too large."""
    if file.is_symlink():
        return None, [Problem(shown, 1, 1, "symlink", "must be a file, is a symbolic link: put the file itself here")]
    try:
        with file.open("rb") as handle:
            raw = handle.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [Problem(shown, 1, 1, "unreadable", f"must be readable, but: {reason}: fix its permissions")]
    if len(raw) > max_bytes:
        return None, [Problem(shown, 1, 1, "too-large", f"must be at most {max_bytes:,} bytes, is larger: {remedy}")]
    return raw, []


def decode_text(raw: bytes, shown: str, *, tabs: bool = False) -> tuple[str | None, list[Problem]]:
    """The text of a content file, without characters that nobody sees; ``tabs`` may stand in code."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"byte 0x{raw[error.start]:02x}"
        message = f"must be UTF-8 text, found {found}: save the file with the encoding UTF-8"
        return None, [Problem(shown, line, column, "encoding", message)]
    problems = list(_character_problems(text.replace("\t", " ") if tabs else text, shown))
    return (None, problems) if problems else (text, [])


def _character_problems(text: str, shown: str) -> Iterator[Problem]:
    """Tabs, a byte-order mark, control characters, and characters that are there but not seen.

    Bidirectional and zero-width characters can make a text read otherwise than it is stored
    (Boucher and Anderson, "Trojan Source", 2021), so none has a place in a card.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for place in hidden_places(line):
            if line[place] == "\t":
                message = "must be indented and spaced with spaces, found a tab: replace it with spaces"
                yield Problem(shown, number, place + 1, "tab", message)
            else:
                yield Problem(shown, number, place + 1, "invisible-character", hidden_message(line[place]))
