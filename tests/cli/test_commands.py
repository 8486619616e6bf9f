"""The commands: what they print, and what they exit with."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TINY, copy_project, studyguide, studyguide_here
from studyguide.cli.__main__ import COMMANDS
from studyguide.cli.notebooks import shard
from studyguide.files import refusal

ROOT = Path(__file__).resolve().parents[2]


def test_shards_share_out_all_notebooks_once() -> None:
    names = list("gfedcba")
    parts = [shard(names, f"{part}/3") for part in (1, 2, 3)]
    assert parts == [["a", "d", "g"], ["b", "e"], ["c", "f"]]
    for wrong in ("0/3", "4/3", "x", "1"):
        with pytest.raises(ValueError, match="must be i/n"):
            shard(names, wrong)


def test_notebooks_run_print_a_line_each_and_are_cached(tiny: Path) -> None:
    first = studyguide("notebooks", "--cache", "kept", cwd=tiny.resolve().parent)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("[1/1] proofing: ")
    second = studyguide("notebooks", "--cache", "kept", cwd=tiny.resolve().parent)
    assert second.stdout.startswith("[1/1] proofing: cached\n1 notebook in ")


def test_a_failed_build_keeps_the_last_site_and_leaves_nothing_behind(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project / "other").mkdir()
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("the last good site")
    done = studyguide("build", cwd=project, STUDYGUIDE_CONTENT="other", PYTHONPATH=str(project / "hooks"))
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("site is as it was.")
    assert (project / "site" / "index.html").read_text() == "the last good site"
    assert [path.name for path in project.iterdir() if path.name.startswith(".site")] == []


@pytest.mark.parametrize("command", ["build --site {}/site", "init {}/guide --name Breads", "downloads --dist {}/dist"])
def test_what_the_system_refuses_is_told_with_what_to_do(command: str, built_tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    words = command.format(tmp_path / "taken").split()
    done = studyguide_here(*words, cwd=built_tiny, STUDYGUIDE_CONTENT="other")
    assert done.returncode == 1
    assert str(tmp_path / "taken") in done.stderr
    assert "a file stands where a folder must be: move it, or name another folder" in done.stderr


def test_a_remedy_for_each_refusal_and_the_folder_instead_of_a_half() -> None:
    denied = PermissionError(errno.EACCES, "Permission denied", "/guide/cards/mlops/.new.yml-71-a.part")
    assert refusal(denied) == (
        "/guide/cards/mlops: Permission denied: let this user write there, or name another folder"
    )
    assert refusal(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert refusal(OSError("no number")) == "no number"


def test_a_build_replaces_the_last_site_whole(built_tiny: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(built_tiny, tmp_path / "project"))
    (project / "site" / "cards" / "dense-loaf.html").unlink()
    (project / "site" / "left-over.html").write_text("old")
    done = studyguide("build", cwd=project, STUDYGUIDE_CONTENT="other", PYTHONPATH=str(project / "hooks"))
    assert done.returncode == 0, done.stderr
    assert not (project / "site" / "left-over.html").exists()
    assert (project / "site" / "cards" / "dense-loaf.html").is_file()
    assert " pages, " in done.stdout


#: What the command does when it is stopped, in place of its own work: each says that it has begun, once there is
#: something to end, and never ends.
UNENDING = {
    "a pool of processes": "with pool(2) as both: list(as_they_end([begun(both.submit(signal.pause)) for _ in 'ab']))",
    "a build in its scratch folder": "with build.scratch(here / 'site'): begun(signal).pause()",
}
STANDING_IN = """
import signal, sys
from pathlib import Path
from studyguide.cli import build, downloads
from studyguide.cli.__main__ import main
from studyguide.parallel import as_they_end, pool
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests run under nohup
here = Path.cwd()
def begun(thing):
    print("begun", flush=True)
    return thing
def run(_):
    {statement}
downloads.run = run
sys.exit(main(["downloads"]))
"""


def stopped(statement: str, number: signal.Signals, folder: Path) -> int:
    """The exit code of a command that was stopped while it did this; returns once all its processes have ended."""
    code = STANDING_IN.format(statement=statement)
    with subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "begun\n"
            process.send_signal(number)
            process.communicate(timeout=60)  # until every process that could write has ended
        finally:
            process.kill()
        return process.returncode


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("what", UNENDING)
def test_a_command_that_is_stopped_ends_its_processes_and_leaves_nothing(
    what: str, number: signal.Signals, tmp_path: Path
) -> None:
    assert stopped(UNENDING[what], number, tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_processes_end_with_a_command_that_is_killed(tmp_path: Path) -> None:
    assert stopped(UNENDING["a pool of processes"], signal.SIGKILL, tmp_path) == -signal.SIGKILL


def test_the_batch_reader_finds_shared_phrases_openings_and_moves(tiny: Path) -> None:
    card = tiny / "cards" / "bench" / "oven-cools.yml"
    text = card.read_text().replace("Bake three and cut one before deciding", "Cut a loaf and read its crumb")
    card.write_text(text.replace("Halfway through a double shift", "Your rye has come late, halfway through a shift"))
    done = studyguide("batch", cwd=tiny.resolve().parent)
    assert "  cut a loaf and read its crumb: dense-loaf, oven-cools" in done.stdout
    assert "  your rye has come: dense-loaf, oven-cools" in done.stdout
    assert "Phrases of 6 words in more than two cards: 0" in done.stdout


def test_a_browser_that_is_named_but_absent_is_an_error(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "browser.py")]
    environment = {**os.environ, "CHROMIUM": "/no/such/browser"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "CHROMIUM must name a browser, found '/no/such/browser': correct or unset it\n"


# --- one command -----------------------------------------------------------------------------------------------------


def test_help_lists_every_command_and_each_has_help_of_its_own(tmp_path: Path) -> None:
    done = studyguide("--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name, summary in COMMANDS.items():
        assert f"  {name:<10} {summary}\n" in done.stdout
        own = studyguide_here(name, "--help", cwd=tmp_path)
        assert (own.returncode, own.stderr) == (0, "")
        assert own.stdout.startswith(f"usage: studyguide {name} ")
        assert ("--content DIR" in own.stdout) == (name != "init"), "one setting for every command that reads a guide"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("bild",), "invalid choice: 'bild'"),
        (("build", "--quiet"), "studyguide build: error: unrecognized arguments: --quiet"),
        (("batch", "--content", "content", "--round", "bensh"), "found 'bensh': did you mean 'bench'?"),
        (("notebooks", "--jobs", "0"), "must be at least 1, found '0'"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_right(arguments: tuple[str, ...], words: str, tiny: Path) -> None:
    done = studyguide(*arguments, cwd=tiny.resolve().parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "init"])
def test_a_content_folder_that_is_none_is_wrong_usage_for_every_command(command: str, tmp_path: Path) -> None:
    for arguments, environment in (((), {"STUDYGUIDE_CONTENT": "nowhere"}), (("--content", "nowhere"), {})):
        done = studyguide_here(command, *arguments, cwd=tmp_path, **environment)
        assert (done.returncode, done.stdout) == (2, "")
        assert "the content must be a folder, found 'nowhere': name the folder" in done.stderr


@pytest.mark.parametrize("setting", ["flag", "variable", "default"])
def test_every_command_reads_the_folder_that_is_set(setting: str, tmp_path: Path, runs_cache: Path) -> None:
    """The flag goes before the variable, and that before ``content``: what is not asked for is another guide."""
    names = {"default": ["content"], "variable": ["content", "named"], "flag": ["content", "named", "flagged"]}[setting]
    for name in names:
        shutil.copytree(TINY, tmp_path / name)
    for other in names[:-1]:
        (tmp_path / other / "notebooks" / "proofing.py").write_text("not read")
    environment = {"STUDYGUIDE_CONTENT": "named"} if "named" in names else {}
    flag = ("--content", "flagged") if setting == "flag" else ()
    checked = studyguide_here("check", *flag, cwd=tmp_path, **environment)
    assert (checked.returncode, checked.stdout) == (0, "3 cards, 2 rounds, 1 notebook: nothing to fix.\n")
    new = studyguide_here("new", "--round", "bench", "--title", "A loaf for two", *flag, cwd=tmp_path, **environment)
    assert new.stdout.startswith(f"Wrote {names[-1]}/cards/bench/a-loaf-for-two.yml.")
    batch = studyguide_here("batch", *flag, cwd=tmp_path, **environment)
    assert f"{names[-1]}/cards/bench/dense-loaf.yml" in batch.stdout
    (tmp_path / names[-1] / "cards" / "bench" / "a-loaf-for-two.yml").unlink()
    run = studyguide("notebooks", "--cache", str(runs_cache / "runs"), *flag, cwd=tmp_path, **environment)
    assert run.stdout.startswith("[1/1] proofing: "), run.stderr
    made = ("feed", "--dist", "dist", "--site", "no-site")
    assert studyguide_here("downloads", *made, *flag, cwd=tmp_path, **environment).returncode == 0
    assert (tmp_path / "dist" / "feed.xml").is_file()


def test_the_targets_of_make_call_the_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"$(BIN)/studyguide {command}" in text


def test_make_new_takes_a_title_with_quotes(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "studyguide"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\nprintf '%s|' \"$@\"\n")
    command.chmod(0o755)
    (tmp_path / "core").touch()
    words = ["make", "new", f"VENV={tmp_path}", "ROUND=mlops", 'TITLE=What is "drift" and `date`?']
    done = subprocess.run(words, check=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == 'new|--round|mlops|--title|What is "drift" and `date`?|'


def test_a_notebook_is_opened_in_a_place_of_its_own_and_saved_as_the_script_that_it_is() -> None:
    """What is installed beside the guide is part of what its runs depend on."""
    done = subprocess.run(
        ["make", "--dry-run", "notebook", "NAME=leakage-hunt", "STUDYGUIDE_CONTENT=other"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '.venv-lab/bin/jupyter lab "other/notebooks/leakage-hunt.py"' in done.stdout
    assert not [line for line in done.stdout.splitlines() if "jupyterlab" in line and ".venv/bin" in line]
