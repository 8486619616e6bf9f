"""What runs on the forge's machines, and with which rights."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
#: Who may write what, by workflow and job; nobody else may write anything.
WRITERS = {
    ("publish.yml", "publish"): {"pages": "write", "id-token": "write"},
    ("publish.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("links.yml", "issue"): {"issues": "write"},
    ("dependencies.yml", "propose"): {"contents": "write", "pull-requests": "write"},
}
#: Commands of the repository's own that a job with the right to write must not run.
OURS = re.compile(r"\bmake\b|\.ci/run|scripts/|\.venv|\bpip\b|\bnpm\b|python")


def read(file: Path) -> dict[str, Any]:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    found["on"] = found.pop(True)  # YAML 1.1 reads the key `on` as true
    return found  # type: ignore[no-any-return]


def triggers(workflow: dict[str, Any]) -> set[str]:
    on = workflow["on"]
    return {on} if isinstance(on, str) else set(on)


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in FILES:
        for name, job in read(file)["jobs"].items():
            for step in job["steps"]:
                yield file.name, name, step


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_grants_nothing_and_each_job_only_what_it_reads(file: Path) -> None:
    workflow = read(file)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        granted = {scope: level for scope, level in job["permissions"].items() if level != "read"}
        assert granted == WRITERS.get((file.name, name), {}), f"{file.name}: {name}"
        assert job["timeout-minutes"] <= 60
        assert job["runs-on"] == "ubuntu-24.04", "no runner of ours, and no moving label"


def test_those_that_may_write_exist_and_never_run_on_a_pull_request_or_run_the_repository_s_code() -> None:
    for name, job in WRITERS:
        if not (FOLDER / name).is_file():
            continue
        workflow = read(FOLDER / name)
        found = workflow["jobs"][job]
        assert "pull_request" not in triggers(workflow) or found["if"] == "github.event_name == 'schedule'"
        for step in found["steps"]:
            assert not OURS.search(step.get("run", "")), f"{name}: {job}"


def test_no_workflow_hands_its_rights_to_a_stranger_s_branch() -> None:
    for file in FILES:
        workflow = read(file)
        assert not triggers(workflow) & {"pull_request_target", "issue_comment"}, file.name
        if "workflow_run" in triggers(workflow):
            # Runs with the rights of main after a stranger's run: it may pass numbers on, and run nothing.
            for step in (step for job in workflow["jobs"].values() for step in job["steps"]):
                assert "actions/checkout" not in step.get("uses", ""), file.name
                assert not OURS.search(step.get("run", "")), file.name


def test_pull_requests_see_no_secret() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        assert "secrets." not in text, file.name
        assert "secrets:" not in text, file.name


def test_every_action_is_pinned_by_commit_with_its_version_and_the_same_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for file in FILES:
        for line in file.read_text(encoding="utf-8").split("\n"):
            if match := re.search(r"uses: (?P<action>\S+)@(?P<pin>\S+)(?P<rest>.*)", line):
                assert re.fullmatch(r"[0-9a-f]{40}", match["pin"]), line
                assert re.fullmatch(r" # v\d+\.\d+\.\d+", match["rest"]), line
                pins.setdefault(match["action"], set()).add(match["pin"])
    assert len(pins) >= 8
    assert {action for action, found in pins.items() if len(found) > 1} == set()


def test_no_checkout_leaves_its_credentials_behind() -> None:
    keeping = [
        (file, job)
        for file, job, step in steps()
        if step.get("uses", "").startswith("actions/checkout@")
        and step.get("with", {}).get("persist-credentials") is not False
    ]
    assert keeping == []


def test_the_site_is_published_from_main_alone_after_its_tests_and_its_attestation() -> None:
    workflow = read(FOLDER / "publish.yml")
    assert workflow["on"] == {"push": {"branches": ["main"]}}
    jobs = workflow["jobs"]
    assert jobs["publish"]["environment"]["name"] == "github-pages"
    assert set(jobs["publish"]["needs"]) == {"build", "attest"}
    commands = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert "bash .ci/run" in commands
    assert not any("download-artifact" in step.get("uses", "") for step in jobs["build"]["steps"]), (
        "what is published is built here, not taken from a run that a stranger could have fed"
    )
    assert any("attest-build-provenance@" in step.get("uses", "") for step in jobs["attest"]["steps"])


def test_notebooks_of_pull_requests_run_without_a_network() -> None:
    commands = [step.get("run", "") for file, job, step in steps() if (file, job) == ("test.yml", "notebooks")]
    (command,) = [found for found in commands if "studyguide notebooks" in found]
    assert "unshare --net" in command
    assert "--no-new-privs" in command
    assert "timeout " in command


def test_every_week_dependencies_are_audited_and_renewed_and_other_engines_tried() -> None:
    for name in ("dependencies.yml", "engines.yml", "links.yml", "scorecard.yml"):
        assert re.fullmatch(r"\d+ \d+ \* \* \d", read(FOLDER / name)["on"]["schedule"][0]["cron"]), name
    commands = "\n".join(step.get("run", "") for file, _, step in steps() if file == "dependencies.yml")
    assert "make audit" in commands
    assert "bash .ci/run" in commands
    engines = "\n".join(str(step) for file, _, step in steps() if file == "engines.yml")
    assert "studyguide build" in engines
    assert "'STUDYGUIDE_ENGINE': 'properdocs'" in engines
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["github-actions"]


def test_everything_that_a_workflow_installs_is_locked_with_hashes() -> None:
    """But in the weekly job that asks whether the newest engine still builds the guide."""
    for file, _, step in steps():
        if file == "engines.yml":
            continue
        for line in step.get("run", "").split("\n"):
            # The weekly look at another engine takes the newest, with a token that can only read.
            if "pip install" in line and file != "engines.yml":
                assert "--require-hashes" in line, f"{file}: {line}"


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or "zizmor"
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--quiet", "--color=never", str(FOLDER)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("No findings to report."), done.stdout
