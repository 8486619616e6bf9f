"""Begin a guide of your own: a folder that builds as it is.

It has a round, two cards, a notebook and a checklist to replace.
At a terminal it asks for what the flags do not say.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from studyguide.catalogue import load_catalogue
from studyguide.cli.common import answer, nothing_written
from studyguide.content.card_yaml import slug
from studyguide.content.characters import WORD, length
from studyguide.content.models import ID_PATTERN, LANG_PATTERN
from studyguide.content.schemas import schema_files

STARTER = Path(__file__).resolve().parents[1] / "starter"
#: Languages whose usual script runs from the right (BCP 47 tags of languages, and of scripts).
FROM_THE_RIGHT = frozenset("ar arc ckb dv fa he iw khw ks ku-Arab ps sd syr ug ur yi Arab Hebr Syrc Thaa".split())  # noqa: SIM905
SITE = """\
# yaml-language-server: $schema=.schemas/site.schema.json
# Names this guide, for good: what readers keep is kept under it. Title and all else may change.
id: {id}
title: {title}
lang: {lang}
dir: {dir}
headline: You know the facts. Now *use* them.
lead: Each question with the answer that sounds fine and fails, and the outline of one that works.
showcase: drooping-over-wet-soil
ways_in:
  - {{label: Show me the rounds, page: rounds/index.html}}
  - {{label: I want to write a card, page: contributing/write.html}}
"""
IGNORED = "site/\ndist/\n.cache/\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        help="the folder to make; it may be there if it is empty or holds .git alone",
    )
    parser.add_argument("--name", help="what readers call the guide (default: made from the folder's name)")
    parser.add_argument("--id", help="a name that no other guide has, for good (default: made from the name)")
    parser.add_argument("--lang", help="its language, as a tag: en, pt-BR, fa, zh-Hant (default: en)")
    parser.add_argument("--dir", help="ltr or rtl: which way its script runs (default: as the language usually does)")


def run(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    try:
        if folder.exists() and (not folder.is_dir() or any(file.name != ".git" for file in folder.iterdir())):
            raise ValueError(f"{folder} must be a new or an empty folder, and is neither: name another")
        site = answers(options, sys.stdin.isatty())
        write(folder, site)
    except (ValueError, OSError, EOFError, KeyboardInterrupt) as error:
        return nothing_written(error)
    print(f"Wrote a guide into {folder}. Show it: studyguide serve --content {shlex.quote(str(folder))}")
    return 0


def answers(options: argparse.Namespace, terminal: bool) -> dict[str, str]:
    """What site.yml is to say. Raises `ValueError` for a flag that cannot be."""
    get = partial(answer, vars(options), terminal)
    words = " ".join(re.findall(WORD, options.folder.resolve().name))
    words = words[:1].upper() + words[1:]
    title = get("name", "Name of the guide", _title, words if length(words) >= 3 else "A study guide")
    id_ = get("id", "Id, for good", _id, f"{slug(title)[:50].strip('-') or 'guide'}-{secrets.token_hex(3)}")
    lang = get("lang", "Language", _lang, "en")
    parts = {lang, *lang.split("-")}
    return {
        "id": id_,
        "title": json.dumps(title, ensure_ascii=False),
        "lang": json.dumps(lang),  # "no" is a language, and YAML's word for false
        "dir": get("dir", "Direction", _dir, "rtl" if parts & FROM_THE_RIGHT else "ltr"),
    }


def write(folder: Path, site: dict[str, str]) -> None:
    """Write the guide whole or not at all: beside its place first. Raises `ValueError` for one that `check` refuses."""
    there = folder.exists()  # and stays the folder that it is: somebody may stand in it
    place = folder if there else folder.parent
    place.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=place))
    try:
        shutil.copytree(STARTER, beside, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        (beside / "site.yml").write_text(SITE.format(**site), encoding="utf-8")
        (beside / ".gitignore").write_text(IGNORED, encoding="utf-8")
        (beside / ".schemas").mkdir()
        for name, text in schema_files(json.loads(site["lang"])).items():
            (beside / ".schemas" / name).write_text(text, encoding="utf-8")
        if problems := load_catalogue(beside)[1]:
            raise ValueError(f"The guide would have a problem: {problems[0].message}")
        if there:
            for part in list(beside.iterdir()):
                part.rename(folder / part.name)
            beside.rmdir()
        else:
            beside.chmod(0o755)
            beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _check(requirement: str, holds: Callable[[str], bool]) -> Callable[[str], str]:
    """A check that returns a text for which ``holds`` is true, and raises `ValueError` for any other."""

    def check(text: str) -> str:
        if not holds(text):
            raise ValueError(f"{requirement}, found '{text}'")
        return text

    return check


_title = _check(
    "The name must have 3 to 60 visible characters",
    lambda text: length(text) >= 3 and len(text) <= 60 and text.isprintable(),
)
_id = _check(
    "The id must be 2 to 60 lower-case Latin letters, digits and hyphens",
    lambda text: 2 <= len(text) <= 60 and re.fullmatch(ID_PATTERN, text) is not None,
)
_lang = _check(
    "The language must be a tag such as en, pt-BR or zh-Hant",
    lambda text: re.fullmatch(LANG_PATTERN, text) is not None,
)
_dir = _check("The direction must be ltr or rtl", lambda text: text in ("ltr", "rtl"))
