"""Forms ask what helps, a pull request gets its summary and preview, and whatever a stranger writes stays text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import preview
import pytest
import yaml
from studyguide.authoring.pull_request import Change, escape, page_of, parse_changes, preview_pages
from studyguide.cli.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"


# --- forms and templates -------------------------------------------------------------------------------------------
def form(name: str) -> list[dict[str, Any]]:
    fields = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))["body"]
    return [field for field in fields if field["type"] != "markdown"]


def test_a_question_is_proposed_with_a_weak_answer_and_a_reason() -> None:
    fields = {field["id"]: field["validations"]["required"] for field in form("card.yml")}
    assert fields == {"question": True, "weak": True, "why": True}


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
    customer.write_text(re.sub("reviewed: .*", "reviewed: soon", customer.read_text()))
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
        "| `wrong-type` | Text is text, numbers are numbers, lists are lists. | 1 | "
        "`content/cards/counter/angry-customer.yml:55` 'reviewed' must be a date, found the text 'soon': "
        "write it as 2026\\-11\\-20, without quotes |"
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
    assert re.search(r"^All \d+ rules: nothing to fix\.$", text, re.M)
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
        elif tool == "studyguide":
            assert words[1] in COMMANDS
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
