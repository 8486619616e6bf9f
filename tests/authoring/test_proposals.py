"""A proposal becomes a file, a pull request its summary and preview; whatever a stranger writes stays text."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import preview
import proposed_card
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.authoring.pull_request import Change, escape, page_of, parse_changes, preview_pages
from studyguide.catalogue import load_catalogue
from studyguide.content.card_yaml import card_yaml
from studyguide.content.models import LEVELS, Card
from studyguide.content.yaml_source import parse

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
TODAY = datetime.date(2026, 11, 20)
BODY = """### Title

The oven that lied

### Round

bench

### Level

senior

### Minutes aloud

6

### Roles

baker

### Topics

fermentation, customers

### The situation and the question

The dial says 230, the crust is pale after forty minutes, and sixty people are coming at noon.

The thermometer is at home. What do you do first?

### The weak answer: what it says

I would turn the dial up by thirty degrees and give the bread ten more minutes to be safe.

### The weak answer: what it misses

Nobody knows whether the dial, the door or the element is wrong. If the element comes back, the next batch is charcoal.

### The moves of a strong answer

1. Bake something that shows the heat
   A sheet of sugar on the middle shelf melts at 186 degrees, so within ten minutes
   I know on which side of that the oven is.
2. Weigh what has left the loaf
   A loaf that lost a tenth of its weight is done, whatever its crust looks like; one that lost less goes back in.
3. Watch the door for five minutes
   If steam leaves at the seal, the heat goes there, and no dial mends it: a wet towel shows how much.
4. Write down what the dial is worth
   Two settings, two melting points: from these I read every other setting, and the next baker reads them too.

### What is being tested

Whether you measure before you correct, with whatever is at hand, while people wait.

### Follow-ups

- There is no sugar in the house. What else melts?
  Butter, water, paper: each with a number to compare.
- The guests are there already. What now?
  Says what will be late, and what can be eaten before that.

### What sinks it

Turns the dial twice before looking.
Blames the flour, which was fine before.

### Sources

A handbook of ovens - https://example.org/ovens?a=1.
[Sugar and its states](https://example.org/sugar)
"""


def propose(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "proposed_card.py")]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PROPOSAL": body}, capture_output=True, text=True, check=False
    )


def test_a_full_proposal_becomes_a_file_that_passes(tiny: Path) -> None:
    folder = tiny.resolve().parent
    done = propose(folder, BODY)
    assert (done.returncode, done.stdout) == (0, "Wrote proposed/the-oven-that-lied.yml: 0 things to mend.\n")
    shutil.copy2(folder / "proposed" / "the-oven-that-lied.yml", tiny / "cards" / "bench")
    assert load_catalogue(tiny)[1] == []
    card = load_catalogue(tiny)[0].card["the-oven-that-lied"].value
    assert [move.move for move in card.strong_outline][:2] == [
        "Bake something that shows the heat",
        "Weigh what has left the loaf",
    ]
    assert [(source.title, source.url) for source in card.sources] == [
        ("A handbook of ovens", "https://example.org/ovens?a=1"),
        ("Sugar and its states", "https://example.org/sugar"),
    ]
    assert card.follow_ups[0].listen_for == "Butter, water, paper: each with a number to compare."
    report = (folder / "proposed" / "report.md").read_text()
    assert report.startswith("# `content/cards/bench/the-oven-that-lied.yml`\n\nNothing to mend.\n\n```yaml\n")
    assert (folder / "proposed" / "problems").read_text() == "0\n"


def test_half_a_proposal_becomes_a_file_and_a_list_of_what_is_missing(tiny: Path) -> None:
    folder = tiny.resolve().parent
    body = "### Title\n\nThe oven that lied\n\n### Level\n\n_No response_\n\n"
    body += "### The situation and the question\n\nShort?\n"
    done = propose(folder, body)
    assert done.returncode == 0, done.stderr
    report = (folder / "proposed" / "report.md").read_text()
    assert "(`too-short`)" in report
    assert "must have 'level', found none: add it" in report
    assert int((folder / "proposed" / "problems").read_text()) > 5


def test_what_is_no_proposal_is_refused(tiny: Path) -> None:
    done = propose(tiny.resolve().parent, "Just a question about bread.\n")
    assert done.returncode == 1
    assert done.stderr == "The text must hold a proposal made with the form, and holds no title and no situation.\n"
    assert not (tiny.resolve().parent / "proposed").exists()


HOSTILE = {
    "shell": BODY.replace("The oven that lied", "$(touch pwned) `touch pwned` ; touch pwned"),
    "path": BODY.replace("The oven that lied", "../../../etc/passwd").replace(
        "\nbench\n", "\n../../.github/workflows\n"
    ),
    "yaml": BODY.replace("The oven that lied", 'x"\nround: evil\nextra: !!python/object/apply:os.system ["id"]'),
    "headings": BODY + "\n### Title\n\nAnother title\n\n### Round\n\nevil\n\n### Extra\n\nfield\n",
    "fence": BODY.replace("The thermometer is at home.", "```\n````yaml\n# evil\n````\n"),
    "template": BODY.replace("The oven that lied", "{{ 7 * 7 }} ${{ secrets.GITHUB_TOKEN }} {% raw %}"),
    "command": BODY.replace("The thermometer is at home.", "\n::set-output name=x::y\n::add-mask::a\n"),
    "mention": BODY.replace("The oven that lied", "@everyone see www.example.org <img src=x onerror=alert(1)>"),
    "escape": BODY.replace("The oven", "The \x1b[31m\x00\x08\u202e\u200b\ufeff oven"),
    "lines": BODY.replace("thermometer", "a\u2028b\u2029c\x85d\x0be"),
    "tabs": BODY.replace("   A sheet", "\tA sheet").replace("The oven", "The\toven"),
    "windows": BODY.replace("\n", "\r\n"),
    "long": BODY.replace("The oven that lied", "x" * 60_000),
    "many": BODY + "\n".join(f"- {n}" for n in range(8_000)),
    "deep": BODY.replace("The thermometer", "[" * 5_000 + "(" * 5_000),
    "numbers": BODY.replace("\n6\n", "\n" + "9" * 5_000 + "\n"),
    "surrogate": BODY.replace("oven", "\udc80oven"),
    "document": BODY.replace("The thermometer", "\n---\n...\n%YAML 1.2\n---\nround: evil\n"),
    "anchor": BODY.replace("baker", "&a [*a, *a]").replace("fermentation", "*a"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_proposal_is_data_and_nothing_else(case: str, tiny: Path, tmp_path: Path) -> None:
    found = proposed_card.answers(HOSTILE[case])
    text = card_yaml(proposed_card.card_of(found, TODAY))
    source, problems = parse(text.encode("utf-8"), "card.yml")
    assert (source is not None, problems) == (True, [])
    assert source is not None
    assert set(source.data) <= set(Card.model_fields)
    assert source.data.get("round") != "evil"
    name = proposed_card.slug(source.data["title"]) or "proposed-card"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 60


@pytest.mark.parametrize("case", ["shell", "path", "fence", "mention", "template"])
def test_a_hostile_proposal_writes_three_files_and_a_quiet_report(case: str, tiny: Path) -> None:
    folder = tiny.resolve().parent
    before = {path for path in folder.rglob("*") if path.is_file()}
    done = propose(folder, HOSTILE[case])
    assert done.returncode == 0, done.stderr
    made = {path for path in folder.rglob("*") if path.is_file()} - before
    assert {path.parent for path in made} == {folder / "proposed"}
    assert len(made) == 3
    report = (folder / "proposed" / "report.md").read_text()
    outside = report[: report.index("```")]
    for mark in ("<img", "@everyone", "www.", "${{", "]("):
        assert mark not in outside
    # Nothing in the text ends the block of code early: the fence is longer than any run of signs in it.
    fence = re.search(r"^(`{3,})yaml$", report, re.M)
    assert fence is not None
    assert report.rstrip().endswith(fence[1])
    assert report.count(f"\n{fence[1]}\n") == 1


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*proposed_card.HEADINGS]), st.text(max_size=300)))
def test_any_answers_at_all_become_a_file_that_can_be_read(given: dict[str, str]) -> None:
    body = "\n\n".join(f"### {heading}\n\n{answer}" for heading, answer in given.items())
    text = card_yaml(proposed_card.card_of(proposed_card.answers(body), TODAY))
    source, problems = parse(text.encode("utf-8"), "card.yml")
    assert problems == []
    assert source is not None
    assert set(source.data) <= set(Card.model_fields)


# --- forms and templates -------------------------------------------------------------------------------------------
def form(name: str) -> list[dict[str, Any]]:
    fields = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))["body"]
    return [field for field in fields if field["type"] != "markdown"]


def test_the_form_asks_what_the_script_reads_in_the_same_order() -> None:
    assert [field["attributes"]["label"] for field in form("card.yml")] == [*proposed_card.HEADINGS]


def test_the_form_offers_the_rounds_roles_and_levels_that_exist() -> None:
    catalogue, _ = load_catalogue(ROOT / "content")
    options = {field["id"]: field["attributes"].get("options") for field in form("card.yml")}
    assert options["round"] == [*catalogue.round]
    assert options["roles"] == [*catalogue.role]
    assert options["level"] == [*LEVELS]


@pytest.mark.parametrize("name", ["card.yml", "wrong-answer.yml"])
def test_the_forms_have_the_forges_shape(name: str) -> None:
    file = str(GITHUB / "ISSUE_TEMPLATE" / name)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-issue-forms", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_a_wrong_answer_is_reported_with_card_sentence_and_source() -> None:
    fields = {field["id"]: field["validations"]["required"] for field in form("wrong-answer.yml")}
    assert fields == {"card": True, "sentence": True, "right": True, "source": True}


@pytest.mark.parametrize(
    "name", ["pull_request_template.md", "PULL_REQUEST_TEMPLATE/card.md", "PULL_REQUEST_TEMPLATE/code.md"]
)
def test_templates_ask_how_somebody_knows(name: str) -> None:
    text = (GITHUB / name).read_text(encoding="utf-8")
    assert "- [ ] " in text
    assert "?**" in text


# --- workflows -----------------------------------------------------------------------------------------------------
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_have_the_forges_shape_and_start_with_no_permission(file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")
    flow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert flow["permissions"] == {}
    for job in flow["jobs"].values():
        for step in job.get("steps", ()):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step.get("uses", "x/y@" + "0" * 40))
            assert "${{" not in step.get("run", ""), "values go through the environment, never into a command"


def test_only_the_second_step_of_a_proposal_may_write_and_it_runs_nothing_of_the_first() -> None:
    first, second = (
        yaml.safe_load((GITHUB / "workflows" / name).read_text(encoding="utf-8"))
        for name in ("propose.yml", "proposed.yml")
    )
    assert first["jobs"]["card"]["permissions"] == {"contents": "read"}
    assert second["jobs"]["comment"]["permissions"] == {"actions": "read", "issues": "write"}
    steps = second["jobs"]["comment"]["steps"]
    assert [list(step) for step in steps] == [["name", "run", "env"]]
    script = steps[0]["run"]
    assert set(re.findall(r"proposed/(\w+)", script)) == {"number", "problems"}
    assert script.count("tr -cd '0-9'") == 2


# --- pull requests -------------------------------------------------------------------------------------------------
def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def branch(tiny: Path) -> Path:
    """A repository with the small guide on main, and a branch that changes some of it."""
    folder = tiny.resolve().parent
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Start")
    git(folder, "switch", "-qc", "change")
    near = (tiny / "cards" / "bench" / "dense-loaf.yml").read_text()
    near = near.replace("The loaf that did not rise", "A | near <b>loaf</b> [x](https://evil.example)")
    near = near.replace("order: 1", "order: 1").replace("has come out flat for three days", "came out flat on Monday")
    (tiny / "cards" / "bench" / "near-loaf.yml").write_text(near)
    customer = tiny / "cards" / "counter" / "angry-customer.yml"
    customer.write_text(customer.read_text().replace("minutes: 3", "minutes: 30"))
    (folder / "README.md").write_text("Bread.\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Change")
    return folder


def summarise(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "summary.py"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_summary_says_what_was_added_what_rules_say_and_what_comes_near(branch: Path) -> None:
    done = summarise(branch, "--base", "main")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:7] == [
        "# What this changes",
        "",
        "1 file added, 1 file changed.",
        "",
        "| | File | Title | Round | Level |",
        "| --- | --- | --- | --- | --- |",
        "| added | `content/cards/bench/near-loaf.yml` | A \\| near &lt;b\\&gt;loaf&lt;/b\\&gt; "
        "\\[x\\]\\(https&#58;//evil.example\\) | bench | foundation |".replace("\\&gt;", "\\>"),
    ]
    assert "| changed | `content/cards/counter/angry-customer.yml` |  |  |  |" in lines
    assert (
        "| `out-of-range` | Numbers lie within their bounds. | 1 | `content/cards/counter/angry-customer.yml:4` "
        "'minutes' must be at most 15, found the number '30': correct the number |"
    ) in lines
    assert "| `near-duplicate` | Prompts pose different situations. | 1 |" in done.stdout
    near = [line for line in lines if line.startswith("| `near-loaf` | `dense-loaf` The loaf that did not rise | ")]
    assert len(near) == 1
    share = int(re.search(r"(\d+)% \*\*too near\*\* \|$", near[0])[1])  # type: ignore[index]
    assert 60 <= share < 100


def test_a_change_without_content_is_summed_up_in_a_line(branch: Path) -> None:
    git(branch, "switch", "-q", "main")
    git(branch, "switch", "-qc", "code")
    (branch / "code.py").write_text("1\n")
    git(branch, "add", "-A")
    git(branch, "commit", "-qm", "Code")
    text = summarise(branch, "--base", "main").stdout
    assert "No content: code, pages or settings only." in text
    assert re.search(r"^All \d+ rules: nothing to mend\.$", text, re.M)
    assert "near" not in text


def test_an_unknown_base_is_wrong_usage(branch: Path) -> None:
    done = summarise(branch, "--base", "no-such-branch")
    assert done.returncode == 2
    assert "--base must be a commit that git knows, found 'no-such-branch'" in done.stderr


def test_changes_are_read_as_git_writes_them() -> None:
    raw = "A\0a b.yml\0M\0é.yml\0R087\0old.yml\0new.yml\0D\0gone.yml\0"
    assert parse_changes(raw) == [
        Change("added", "a b.yml"), Change("changed", "é.yml"),
        Change("renamed", "new.yml"), Change("removed", "gone.yml"),
    ]  # fmt: skip
    assert parse_changes("") == []


@pytest.mark.parametrize(
    "text", ["@everyone", "<b>", "[a](b)", "![a](b)", "`x`", "a|b", "https://x.y", "www.x.y", "a\nb", "# x"]
)
def test_quoted_words_do_nothing_on_the_forges_page(text: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(f"x {escape(text)}")
    assert re.sub(r"</?p>", "", html).count("<") == 0
    assert not re.search(r"@\w|://|www\.", escape(text))


def test_every_content_file_leads_to_its_page(built_tiny: Path) -> None:
    shown = [path for path in (built_tiny / "other").rglob("*") if path.suffix in (".yml", ".py") and path.is_file()]
    for path in shown:
        uri = page_of("content/" + path.relative_to(built_tiny / "other").as_posix())
        assert uri is not None, path
        assert (built_tiny / "site" / uri).is_file(), uri
    assert [page_of(path) for path in ("docs/guides/faq.md", "docs/x.css", "hooks/main.py", "content/x/y/z.yml")] == [
        "guides/faq.html", None, None, None,
    ]  # fmt: skip


def test_what_was_removed_has_no_page_and_each_page_is_listed_once() -> None:
    changes = [Change("changed", "content/topics.yml"), Change("added", "content/cards/a/b.yml")]
    changes += [Change("removed", "content/cards/a/c.yml"), Change("renamed", "content/cards/d/b.yml")]
    assert preview_pages(changes) == ["cards/b.html", "topics.html"]


def test_a_preview_holds_the_pages_their_assets_and_a_list(built_tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "preview"
    preview.collect(built_tiny / "site", ["cards/oven-cools.html", "topics.html"], out)
    pages = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))
    assert pages == ["cards/oven-cools.html", "changed.html", "topics.html"]
    html = (out / "cards" / "oven-cools.html").read_text(encoding="utf-8")
    needed = re.findall(r'(?:src="|href="(?=(?:\.\./)+assets/))([^"?#]+)', html)
    assert [address for address in needed if not (out / "cards" / address).resolve().is_file()] == []
    assert [address for address in needed if "/notebooks/drawings/proofing/warmth-drawn-" in address]
    listing = (out / "changed.html").read_text(encoding="utf-8")
    assert re.findall(r'<li><a href="([^"]+)"', listing) == ["cards/oven-cools.html", "topics.html"]
    preview.collect(built_tiny / "site", [], out)
    assert "No page of the guide changes." in (out / "changed.html").read_text(encoding="utf-8")
    assert not (out / "topics.html").exists()


# --- before a commit -----------------------------------------------------------------------------------------------
HOOKS = {
    hook["id"]: hook
    for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repo["hooks"]
}


def test_hooks_are_local_and_name_commands_that_make_installs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    installed = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    for hook in HOOKS.values():
        if hook["language"] != "system":
            continue
        words = hook["entry"].split()
        assert words[0].startswith(".venv/bin/")
        tool = words[0].removeprefix(".venv/bin/")
        if tool == "python":
            assert (ROOT / words[1]).is_file()
        else:
            assert re.search(rf"^{tool}==", installed, re.M), tool


@pytest.mark.parametrize(
    ("hook", "bad", "good"),
    [
        ("yaml-tabs", "a:\tb", "a: b"),
        ("yaml-spaces", "a: b  ", "a: b"),
        ("yaml-truth", "a: yes", "a: true"),
        ("yaml-truth", "a: Off  # comment", "a: 'off'"),
    ],
)
def test_a_rule_for_yaml_finds_what_it_is_for(hook: str, bad: str, good: str) -> None:
    pattern = re.compile(HOOKS[hook]["entry"])
    assert pattern.search(bad)
    assert not pattern.search(good)


@pytest.mark.parametrize("hook", [name for name in HOOKS if name.startswith("yaml-")])
def test_all_settings_of_this_project_keep_the_rules_for_yaml(hook: str) -> None:
    pattern, exclude = re.compile(HOOKS[hook]["entry"]), re.compile(HOOKS[hook]["exclude"])
    files = [ROOT / "mkdocs.yml", ROOT / ".pre-commit-config.yaml", *GITHUB.rglob("*.yml")]
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        assert re.search(HOOKS[hook]["files"], name)
        assert not exclude.search(name)
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
            assert not pattern.search(line), f"{name}:{number}"


@pytest.mark.parametrize(
    "given", [(), ("README.md", "tests/hostile.yml", "tests/bad/plan-unknown-names.yml")], ids=["all", "named"]
)
def test_words_of_the_project_are_spelled_right(given: tuple[str, ...]) -> None:
    """Also where a hook names the files: some are misspelt on purpose."""
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *given], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
