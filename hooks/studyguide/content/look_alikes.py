"""Characters that only look like YAML's own: curly quotes, full-width colons, bullets for hyphens."""

from __future__ import annotations

import re

from studyguide.content.characters import shown_character

#: The bullets of word processors, which Markdown takes for words.
BULLETS = "•‣◦▪●"
#: Characters that look like YAML's own, and what to write instead.
LOOK_ALIKES = {
    **dict.fromkeys("“”„‟«»＂″〝〞「」『』", 'straight quotes (")'),
    **dict.fromkeys("‘’‚‛＇′´", "straight quotes (')"),
    **dict.fromkeys("：﹕∶꞉", "a colon (:) and a space"),
    **dict.fromkeys("–—−－‐‑﹣⁃", "a hyphen (-)"),
    **dict.fromkeys(f"{BULLETS}·○■⁎∙", "a hyphen (-)"),
    **dict.fromkeys("，、﹐", "a comma (,)"),
    **dict.fromkeys("［【", "a bracket ([)"),
    **dict.fromkeys("］】", "a bracket (])"),
    "｛": "a brace ({)",
    "｝": "a brace (})",
    "＃": "a hash (#)",
    "＞": "a sign (>)",
    "｜": "a bar (|)",
}
#: Where a character is part of YAML: before the first word, after a key, before the value, and at the line's end.
_STRUCTURE = re.compile(
    r"(?P<indent>\s*)(?P<entry>[-–—−－‐‑•·▪]\s+)?(?P<quote>[\"'“”‘’«„＂]?)[\w-]*[\"'”’»＂]?\s*(?P<colon>[:：﹕∶꞉]?)(?P<value>\s*\S?)"
)

#: A text that begins with a straight quote and ends in a curly one.
_HALF_QUOTED = re.compile(r"""(?:^|[:-] )\s*(["'])(?:(?!\1).)*(?P<end>[“”„‟’‘‚‛»＂＇])\s*$""")


def find_look_alike(line: str) -> tuple[int, str] | None:
    """The first character of a line that only looks like one of YAML's: its column (from 1), and what to do."""
    match = _STRUCTURE.match(line)
    structure = match.end() if match else 0
    for column, char in enumerate(line[:structure], start=1):
        if char in LOOK_ALIKES or (char != " " and char.isspace()):
            return column, _remedy(char)
    if half := _HALF_QUOTED.search(line):
        return half.start("end") + 1, _remedy(half["end"])
    begins = line.lstrip()[:1]
    if begins in ("[", "{") or (match and match["value"].strip() in ("[", "{")):
        for column, char in enumerate(line, start=1):
            if char in LOOK_ALIKES:
                return column, _remedy(char)
    return None


def named_beyond_ascii(text: str) -> str:
    """Names the first character of a text that should have been ASCII and may only look so, for a message."""
    return next((f" with {shown_character(char)}" for char in text if not char.isascii()), "")


def _remedy(char: str) -> str:
    remedy = f"write {LOOK_ALIKES[char]}" if char in LOOK_ALIKES else "replace it with a plain space"
    return f"{shown_character(char)}: {remedy}"
