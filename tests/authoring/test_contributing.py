"""What a contributor is given: a new card, editor support, hooks, templates, and the scripts behind the workflows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import at_a_terminal, studyguide, studyguide_here
from studyguide.catalogue import load_catalogue
from studyguide.cli.new import texts
from studyguide.content.card_yaml import slug
from studyguide.content.kinds import KINDS, NOTEBOOKS
from studyguide.content.models import FORMS
from studyguide.content.schemas import schemas

ROOT = Path(__file__).resolve().parents[2]


# --- a new card ----------------------------------------------------------------------------------------------------
NEW = "content/cards/counter/the-queue-too-long-again.yml"


def count_texts(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(count_texts, value.values()))
    return sum(map(count_texts, value)) if isinstance(value, list) else 1


def test_what_to_run_next_is_told_in_the_way_that_one_called(tiny: Path) -> None:
    folder = tiny.resolve().parent
    for number, (content, how, wanted) in enumerate((
        ("content", {"MAKELEVEL": "1"}, "make check"),
        ("./content", {}, "studyguide check"),
        (str(tiny.resolve()), {}, f"studyguide check --content {tiny.resolve()}"),
    )):  # fmt: skip
        title = ("--round", "counter", "--title", f"The queue: too long, {number}")
        done = studyguide_here("new", "--content", content, *title, cwd=folder, **how)
        assert done.stdout.endswith(f"Replace every TODO, then run: {wanted}\n")


@pytest.mark.parametrize("form", FORMS)
def test_the_checker_names_just_the_texts_to_fill_in(form: str, tiny: Path) -> None:
    folder = tiny.resolve().parent
    wanted = ("--round", "counter", "--title", "The queue: too long, again", "--form", form)
    done = studyguide_here("new", *wanted, cwd=folder)
    assert (done.returncode, done.stdout) == (0, f"Wrote {NEW}. Replace every TODO, then run: studyguide check\n")
    problems = load_catalogue(tiny)[1]
    assert {(problem.path, problem.rule, problem.message) for problem in problems} == {
        (NEW, "stub", "must be finished text, found 'TODO': write it, or leave the card out for now")
    }
    assert len(problems) == count_texts(texts(form, "The queue", ["crumb"]))
    lines = Path(NEW).read_text().split("\n")
    for problem in problems:
        place = " ".join(lines[problem.line - 1 : problem.line + 1])
        assert "TODO" in place


@pytest.mark.parametrize("form", FORMS)
def test_a_card_with_its_texts_filled_in_passes(form: str, tiny: Path) -> None:
    folder = tiny.resolve().parent
    studyguide_here("new", "--round", "counter", "--title", "The queue: too long, again", "--form", form, cwd=folder)
    Path(NEW).write_text(Path(NEW).read_text().replace("https://TODO", "https://example.org").replace("TODO ", ""))
    assert [str(problem) for problem in load_catalogue(tiny)[1]] == []


def test_a_title_that_asks_ends_in_one_question_mark() -> None:
    asked = texts("question", "What is crumb?", ["crumb", "starter"])["asked_as"]
    assert [line.count("?") for line in asked] == [1, 1]


def test_two_new_cards_are_not_called_alike(tiny: Path) -> None:
    for title in ("The first of two", "The second of two"):
        studyguide_here("new", "--round", "counter", "--title", title, cwd=tiny.resolve().parent)
    assert {problem.rule for problem in load_catalogue(tiny)[1]} == {"stub"}


def test_flags_say_everything(tiny: Path) -> None:
    flags = ("--form", "story", "--level", "senior", "--roles", "baker", "--topics", "customers, fermentation")
    done = studyguide(
        "new",
        "--round",
        "bench",
        "--title",
        "A loaf for two",
        *flags,
        "--terms",
        "starter, crumb",
        cwd=tiny.resolve().parent,
    )
    assert done.returncode == 0, done.stderr
    card = yaml.safe_load((tiny / "cards" / "bench" / "a-loaf-for-two.yml").read_text())
    assert [card[name] for name in ("title", "form", "round", "level", "roles", "topics", "terms")] == [
        "A loaf for two", "story", "bench", "senior", ["baker"], ["customers", "fermentation"], ["starter", "crumb"],
    ]  # fmt: skip


def test_a_new_card_never_replaces_another(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    before = card.read_bytes()
    done = studyguide_here("new", "--round", "bench", "--title", "Dense loaf", cwd=tiny.resolve().parent)
    assert done.returncode == 1
    assert done.stderr == (
        "The id 'dense-loaf' is that of content/cards/bench/dense-loaf.yml: choose another title, or another --id. "
        "Nothing was written.\n"
    )
    assert card.read_bytes() == before


def test_a_broken_file_at_the_same_place_is_not_replaced_either(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text("title: [")
    done = studyguide_here("new", "--round", "bench", "--title", "Dense loaf", cwd=tiny.resolve().parent)
    assert done.returncode == 1
    assert done.stderr == f"{card} is there already: choose another title. Nothing was written.\n"
    assert card.read_text() == "title: ["


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"round": "bensh"}, "The round must exist, found 'bensh': did you mean 'bench'?"),
        ({"title": "Short"}, "The title must have 8 to 60 characters, found 5: shorten or lengthen it."),
        (
            {"title": "!!!!!!!!!!"},
            "The id must be 2 to 60 lower-case Latin letters, digits and hyphens, found '': give another as --id.",
        ),
        ({"title": "A title\u202ewith"}, "The title must hold visible characters only: type it anew."),
        (
            {"title": "A <b>bold</b> title"},
            "The card would have a problem besides its TODOs: 'title' must be Markdown without HTML, found <b>: write "
            "code in backticks, or plain words.",
        ),
        (
            {"title": "What $x_1$ is for"},
            "The card would have a problem besides its TODOs: 'title' must be plain words, found the formula 'x_1': "
            "say it in words.",
        ),
        (
            {"id": "index"},
            "The card would have a problem besides its TODOs: the name must be free, 'index' is the list of all, found "
            "'index': rename it.",
        ),
        (
            {"id": "aux"},
            "The card would have a problem besides its TODOs: the name must be one that every system can hold, found "
            "'aux', a device of Windows: rename it.",
        ),
        (
            {"title": "A title on\ntwo lines"},
            "The card would have a problem besides its TODOs: 'title' must be one line, found another after 'A title "
            "on': join them.",
        ),
        ({"level": "easy"}, "The level must exist, found 'easy': use one of foundation, practitioner, senior."),
        ({"form": "joke"}, "The form must exist, found 'joke': use one of question, situation, story."),
        ({"terms": "crumb"}, "There must be 2 to 8 terms, found 1: put commas between their ids."),
        ({"topics": "fermentasion"}, "The topic must exist, found 'fermentasion': did you mean 'fermentation'?"),
        ({"topics": ", "}, "There must be 1 to 5 topics, found 0: put commas between their ids."),
        ({"round": None}, "Round (bench, counter): give it as --round, nobody is there to be asked."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_nothing_is_written(
    flags: dict[str, str | None], message: str, tiny: Path
) -> None:
    wanted = {"round": "bench", "title": "A long enough title", **flags}
    arguments = [part for name, value in wanted.items() if value is not None for part in (f"--{name}", value)]
    before = sorted(tiny.rglob("*"))
    done = studyguide_here("new", *arguments, cwd=tiny.resolve().parent)
    assert (done.returncode, done.stderr) == (1, f"{message} Nothing was written.\n")
    assert sorted(tiny.rglob("*")) == before


def test_at_a_terminal_it_asks_and_asks_again(tiny: Path) -> None:
    code, screen = at_a_terminal(
        "new", cwd=tiny.resolve().parent, typed="bensh\nbench\nShort\nThe oven that lied\nquestion\n\n\ncustomers\n\n"
    )
    assert code == 0
    for words in (
        "Round (bench, counter): ",
        "  The round must exist, found 'bensh': did you mean 'bench'?\n",
        "  The title must have 8 to 60 characters, found 5: shorten or lengthen it\n",
        "Level (foundation, practitioner, senior) [practitioner]: ",
        "Form (situation, question, story) [situation]: ",
        "Roles (baker) [baker]: ",
        "Topics, by id [fermentation]: ",
        "Terms, by id of the glossary [crumb, starter]: ",
        "Wrote content/cards/bench/the-oven-that-lied.yml. Replace every TODO, then run: studyguide check\n",
    ):
        assert words in screen
    card = yaml.safe_load((tiny / "cards" / "bench" / "the-oven-that-lied.yml").read_text())
    assert (card["form"], card["level"], card["topics"]) == ("question", "practitioner", ["customers"])


def test_somebody_who_leaves_has_written_nothing(tiny: Path) -> None:
    before = sorted(tiny.rglob("*"))
    code, screen = at_a_terminal("new", cwd=tiny.resolve().parent, typed="bench\n\x04")
    assert code == 1
    assert screen.endswith("Nothing was written.\n")
    assert "Traceback" not in screen
    assert sorted(tiny.rglob("*")) == before


def test_titles_become_ids() -> None:
    assert slug("Late labels: drift?") == "late-labels-drift"
    assert slug("Caf\u00e9 \u00e0 la carte") == "cafe-a-la-carte"


# --- schemas and editors -------------------------------------------------------------------------------------------
def test_the_schemas_are_what_the_models_give() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/schemas.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def described(node: dict[str, Any], root: dict[str, Any]) -> bool:
    return bool(node.get("description") or root["$defs"][node["$ref"].rsplit("/", 1)[1]].get("description"))


@pytest.mark.parametrize("kind", schemas())
def test_every_field_has_words_to_show_when_pointed_at(kind: str) -> None:
    root = schemas()[kind]
    for node in (root.get("items", root), *root.get("$defs", {}).values()):
        for name, field in node.get("properties", {}).items():
            assert described(field, root), f"{kind}: {name}"


#: File name of a schema -> the files of a content folder that it describes, as editors write patterns.
FILES = {f"{kind.schema}.schema.json": kind.files for kind in KINDS if kind is not NOTEBOOKS}


@pytest.mark.parametrize("name", FILES)
def test_another_validator_finds_all_content_right_too(name: str) -> None:
    files = [str(file) for file in sorted((ROOT / "content").glob(FILES[name]))]
    assert files
    command = ["check-jsonschema", "--schemafile", str(ROOT / "hooks" / "schemas" / name), *files]
    done = subprocess.run(
        [sys.executable, "-m", *["check_jsonschema", *command[1:]]], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_another_validator_finds_what_is_wrong(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "dense-loaf.yml"
    card.write_text(card.read_text().replace("level: foundation", "level: easy\ncolour: brown"))
    schema = ROOT / "hooks" / "schemas" / "card.schema.json"
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(card)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "$.level: 'easy' is not one of ['foundation', 'practitioner', 'senior']" in done.stdout
    assert "'colour' was unexpected" in done.stdout


def test_every_content_file_names_its_schema() -> None:
    of_file = {file: name for name, pattern in FILES.items() for file in (ROOT / "content").glob(pattern)}
    assert set(of_file) == set((ROOT / "content").rglob("*.yml"))
    for file, name in of_file.items():
        first = file.read_text(encoding="utf-8").split("\n")[0]
        named = (file.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert named == ROOT / "hooks" / "schemas" / name, file


def test_the_editors_settings_give_every_kind_of_file_its_schema() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["yaml.schemas"] == {
        f"hooks/schemas/{name}": f"content/{pattern}" for name, pattern in FILES.items()
    }
    recommended = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))["recommendations"]
    assert "redhat.vscode-yaml" in recommended


def test_schemas_are_published_with_the_site(built_tiny: Path) -> None:
    for kind, schema in schemas().items():
        published = built_tiny / "site" / "schemas" / f"{kind}.schema.json"
        assert json.loads(published.read_text(encoding="utf-8")) == schema


def test_patterns_are_legal_where_editors_read_them() -> None:
    """Editors compile patterns with JavaScript's u flag, which refuses escapes that are not needed."""
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(schemas()))
    assert patterns
    for pattern in map(json.loads, patterns):
        assert not re.search(r"\\[^\\^$.*+?()\[\]{}|/dDsSwWbB-]", pattern), pattern
