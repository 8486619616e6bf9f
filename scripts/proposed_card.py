"""Turn the text of a proposal (the form “Propose a card”) into a ready YAML file, and say what the checker says.

The text comes from a stranger. It is only ever read as text: what the form's headings do not name is left out, the
file's name is made here, and the file holds the keys of a card and nothing else.

Exit codes: 0 written (whatever the checker says), 1 the text holds no proposal, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

from studyguide.authoring.pull_request import escape
from studyguide.catalogue import load_catalogue
from studyguide.content.card_yaml import card_yaml, slug
from studyguide.content.models import ID_PATTERN
from studyguide.problems import Problem, count

#: The variable of the environment that holds the text, so that no shell ever reads it.
VARIABLE = "PROPOSAL"
#: Longer texts are cut here; the forge itself allows 65,536 characters.
LONGEST = 70_000
#: The headings that the form writes above each answer, in its order; tests compare them with the form.
HEADINGS = {
    "Title": "title",
    "Round": "round",
    "Level": "level",
    "Minutes aloud": "minutes",
    "Roles": "roles",
    "Topics": "topics",
    "The situation and the question": "prompt",
    "The weak answer: what it says": "says",
    "The weak answer: what it misses": "misses",
    "The moves of a strong answer": "strong_outline",
    "What is being tested": "whats_being_tested",
    "Follow-ups": "follow_ups",
    "What sinks it": "red_flags",
    "Sources": "sources",
}
_NOTHING = "_No response_"
_ENTRY = re.compile(r"^(?:\d{1,2}[.)]|[-*+])\s+(?P<words>.+)$")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def answers(body: str) -> dict[str, str]:
    """The answers of the form by field; the first answer to a question counts."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in clean(body)[:LONGEST].split("\n"):
        heading = line.removeprefix("### ").strip() if line.startswith("### ") else None
        if heading in HEADINGS and HEADINGS[heading] not in found:
            current = found[HEADINGS[heading]] = []
        elif current is not None:
            current.append(line.rstrip())
    texts = {field: "\n".join(lines).strip() for field, lines in found.items()}
    return {field: text for field, text in texts.items() if text and text != _NOTHING}


def clean(body: str) -> str:
    """The text with line ends of one kind and nothing in it that is not seen."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    hidden = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in hidden)


def card_of(found: dict[str, str], today: datetime.date) -> dict[str, Any]:
    """The answers as the data of a card; fields without an answer stay empty, for the checker to name."""
    minutes = found.get("minutes", "")
    card: dict[str, Any] = {"title": one_line(found.get("title", ""))}
    card |= {field: one_line(found[field]) for field in ("round", "level") if field in found}
    if minutes.isdecimal() and len(minutes) < 4:
        card["minutes"] = int(minutes)
    card |= {field: ids(found.get(field, "")) for field in ("roles", "topics")}
    card["prompt"] = found.get("prompt", "")
    card["weak_answer"] = {"says": found.get("says", ""), "misses": found.get("misses", "")}
    moves = entries(found.get("strong_outline", ""))
    card["strong_outline"] = [{"move": head, "detail": rest} for head, rest in moves]
    card["whats_being_tested"] = found.get("whats_being_tested", "")
    card["follow_ups"] = [{"ask": head, "listen_for": rest} for head, rest in entries(found.get("follow_ups", ""))]
    card["red_flags"] = [one_line(f"{head} {rest}") for head, rest in entries(found.get("red_flags", ""))]
    card["sources"] = sources(found.get("sources", ""))
    card["reviewed"] = today
    return card


def one_line(text: str) -> str:
    return " ".join(text.split())


def ids(text: str) -> list[str]:
    """The ids in a list with commas; what is no id is left out."""
    names = (name.strip() for name in re.split(r"[,\n]", text))
    return list(dict.fromkeys(name for name in names if re.match(ID_PATTERN, name) and len(name) <= 60))


def entries(text: str) -> list[tuple[str, str]]:
    """A numbered or bulleted list: each entry's first line, and what stands below it. Without marks, a line each."""
    lines = text.split("\n")
    if not any(_ENTRY.match(line) for line in lines):
        return [(line.strip(), "") for line in lines if line.strip()]
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if match := _ENTRY.match(line):
            found.append((match["words"].strip(), []))
        elif found:
            found[-1][1].append(re.sub(r"^ {1,4}", "", line))
    return [(head, "\n".join(rest).strip()) for head, rest in found]


def sources(text: str) -> list[dict[str, str]]:
    """One source a line: its title, and the address anywhere on the line."""
    found = []
    for head, rest in entries(text):
        line = one_line(f"{head} {rest}")
        address = _ADDRESS.search(line)
        title = one_line(_ADDRESS.sub(" ", line)).strip(" -–—:|,<>()[]")
        if title or address:
            found.append({"title": title, "url": address[0].rstrip(".,;)>]") if address else ""})
    return found


def check(content: Path, card: str, round_: str, text: str) -> list[Problem]:
    """What the checker says about the card among all others, with its place in the new file."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "content"
        shutil.copytree(content, copy)
        file = copy / "cards" / round_ / f"{card}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            return [Problem(file.name, 1, 1, "duplicate-id", f"the id '{card}' is taken: choose another title")]
        file.write_text(text, encoding="utf-8")
        _, problems = load_catalogue(copy)
        mine = [problem for problem in problems if Path(problem.path) == file]
        return [replace(problem, message=problem.message.replace(str(copy), content.as_posix())) for problem in mine]


def report(path: str, text: str, problems: list[Problem]) -> str:
    """What was made of the proposal, as Markdown for the summary of a job."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    said = [f"- line {problem.line}: {escape(problem.message)} (`{problem.rule}`)" for problem in problems]
    what = [f"{count(len(problems), 'thing')} to mend:", "", *said] if problems else ["Nothing to mend."]
    return "\n".join([f"# `{path}`", "", *what, "", f"{fence}yaml", text.rstrip("\n"), fence, ""])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="proposed_card.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--content", type=Path, default=Path("content"), metavar="DIR", help="content folder")
    parser.add_argument(
        "--out", type=Path, default=Path("proposed"), metavar="DIR", help="where to (default: proposed)"
    )
    options = parser.parse_args(arguments)
    if VARIABLE not in os.environ:
        parser.error(f"the text of the proposal must be in the environment, as {VARIABLE}")
    found = answers(os.environ[VARIABLE])
    if not {"title", "prompt"} & set(found):
        print("The text must hold a proposal made with the form, and holds no title and no situation.", file=sys.stderr)
        return 1
    data = card_of(found, datetime.datetime.now(datetime.UTC).date())
    rounds = [path.stem for path in sorted((options.content / "rounds").glob("*.yml"))]
    round_ = data["round"] if data.get("round") in rounds else rounds[0]
    card = slug(data["title"]) or "proposed-card"
    text = card_yaml(data)
    problems = check(options.content, card, round_, text)
    path = f"content/cards/{round_}/{card}.yml"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{card}.yml").write_text(text, encoding="utf-8")
    (options.out / "report.md").write_text(report(path, text, problems), encoding="utf-8")
    (options.out / "problems").write_text(f"{len(problems)}\n", encoding="utf-8")
    print(f"Wrote {options.out / f'{card}.yml'}: {count(len(problems), 'thing')} to mend.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
