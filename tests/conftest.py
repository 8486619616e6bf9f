"""What tests share: the small guide about bread, ways to spoil it, and one built site and one browser for all."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from filelock import FileLock
from studyguide.catalogue import Catalogue, require_catalogue
from studyguide.cli.__main__ import main
from studyguide.files import write_whole

if TYPE_CHECKING:  # tests without a browser run without Playwright too
    from playwright.sync_api import Browser, BrowserContext
    from reading import Reader

ROOT = Path(__file__).resolve().parent.parent
TINY = Path(__file__).with_name("tiny")
os.environ.pop("MAKELEVEL", None)  # `make test` sets it, and commands would speak as they do to whoever uses make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-goldens", action="store_true", help="write the goldens and the expected problems anew")


#: What makes a test slow: a browser, a whole build, a PDF, a kernel. `make test-fast` leaves such tests out.
SLOW_FIXTURES = {"browser", "built", "built_tiny"}
SLOW_FOLDERS = {"browser", "site", "notebooks", "guide"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in SLOW_FOLDERS or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    # Files of slow tests first, the longest before all: what is left for the end is short, and no process waits long
    # for another. (`make test` keeps xdist from an order of its own, in which a few slow tests come last.) One file
    # begins with the build of the real guide, and the others that need it come when it is there.
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    real = {item.path for item in items if "built" in getattr(item, "fixturenames", ())}
    builder = min(real, default=None)
    sizes = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (item.path != builder, item.path not in slow, item.path in real, -sizes[item.path], item.path)
    )


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-goldens"))


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small guide, in a current folder of its own, as ``content``."""
    shutil.copytree(TINY, tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    return Path("content")


@cache
def the_guide() -> Catalogue:
    """This guide's own content, read once in a process."""
    return require_catalogue(ROOT / "content")


def search_entries(site: Path) -> list[dict[str, Any]]:
    """What the search's index of a built site holds, entry by entry."""
    fields = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    rows = zip(*fields.values(), strict=True)
    found = [{name: value for name, value in zip(fields, row, strict=True) if value is not None} for row in rows]
    for entry in found:
        if entry["location"].endswith("#"):  # the anchor that the title gives
            entry["location"] += re.sub(r"[^a-z0-9]+", "-", entry["title"].lower()).strip("-")
    return found


def copy_project(folder: Path, *names: str) -> Path:
    """The project without what it built, as a contributor would have it in a fresh clone."""
    folder.mkdir(parents=True)
    for name in names or ("mkdocs.yml", "docs", "hooks", "content", "scripts"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy2(source, folder / name)
    return folder


#: Runs of notebooks are kept between test runs, as they are between builds: of our guide, and of the small one.
RUNS = ROOT / ".cache" / "notebooks"
TINY_RUNS = ROOT / ".cache" / "notebooks-of-the-small-guide"


def copy_tiny_project(folder: Path, *, runs: Path = TINY_RUNS) -> Path:
    """The project with the small guide as ``other``, in the place of the real one, and with runs of its notebook."""
    project = copy_project(folder, "mkdocs.yml", "docs", "hooks", "scripts")
    shutil.copytree(TINY, project / "other")
    _lend(runs, project)
    return project


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path from there."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def differing(one: dict[str, str], two: dict[str, str]) -> list[str]:
    """The files that only one of two folders has, or that differ."""
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def mkdocs(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in a project folder, as a user would."""
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment}
    variables.pop("STUDYGUIDE_CONTENT", None) if "STUDYGUIDE_CONTENT" not in environment else None
    command = [sys.executable, "-m", "mkdocs", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


#: How a test runs the command.
COMMAND = (sys.executable, "-m", "studyguide.cli")


def studyguide(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, with nobody at the terminal."""
    variables = {name: value for name, value in os.environ.items() if name != "STUDYGUIDE_CONTENT"}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**variables, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def studyguide_here(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same within this process, in a tenth of the time: for the many cases of a command whose way from the shell
    another test goes.
    """
    said, told = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ),
        Path(os.devnull).open(encoding="utf-8") as nobody,
        mock.patch("sys.stdin", nobody),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(told),
    ):
        os.environ.pop("STUDYGUIDE_CONTENT", None)
        os.environ.update(environment)
        try:
            code = main([*arguments])
        except SystemExit as end:  # argparse: the help, or wrong usage
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), told.getvalue())


def at_a_terminal(*arguments: str, cwd: Path, typed: str = "", **environment: str) -> tuple[int, str]:
    """Run a command at a terminal where somebody types; the exit code and everything on the screen."""
    import pty  # Windows has none

    ours, theirs = pty.openpty()
    variables = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**variables, "TERM": "xterm", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as running:
        os.close(theirs)
        os.write(ours, typed.encode())
        screen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if not part:
                break
            screen += part
        code = running.wait()
    os.close(ours)
    return code, screen.decode().replace("\r\n", "\n")


@pytest.fixture(scope="session")
def runs_cache() -> Path:
    return RUNS


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, runs_cache: Path) -> Path:
    """The project with its site built strictly from the real content; the path of the project."""

    def build(project: Path) -> None:
        _lend(runs_cache, project)
        done = mkdocs(project, "build", "--strict")
        assert done.returncode == 0, done.stderr
        _keep(project, runs_cache)

    return _build_once(tmp_path_factory, "real", copy_project, build)


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site built from the small guide's content; the path of the project."""

    def build(project: Path) -> None:
        forge = "https://github.com/strong-answer/strong-answer"
        done = mkdocs(project, "build", "--strict", STUDYGUIDE_CONTENT=str(project / "other"), STUDYGUIDE_REPO=forge)
        assert done.returncode == 0, done.stderr
        _keep(project, TINY_RUNS)

    return _build_once(tmp_path_factory, "tiny", copy_tiny_project, build)


def _build_once(
    factory: pytest.TempPathFactory, name: str, copy: Callable[[Path], Path], build: Callable[[Path], None]
) -> Path:
    """A copy of the project, built by whichever of the processes that share the tests comes first."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    project, finished = shared / name / "project", shared / name / "finished"
    with FileLock(shared / f"{name}.lock"):
        if not finished.exists():
            shutil.rmtree(shared / name, ignore_errors=True)  # what another process could not finish
            build(copy(project))
            finished.touch()
    return project


def _lend(cache: Path, project: Path) -> None:
    if (cache / "runs").is_dir():
        whole = shutil.ignore_patterns("*.part")
        shutil.copytree(cache / "runs", project / ".cache" / "notebooks" / "runs", ignore=whole)


def _keep(project: Path, cache: Path) -> None:
    """Add the runs of a project to those that are kept. Others may be reading these, so each appears whole."""
    for run in (project / ".cache" / "notebooks" / "runs").glob("*.json"):
        target = cache / "runs" / run.name
        if not target.exists() or target.read_bytes() != run.read_bytes():
            write_whole(target, run.read_bytes())


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A real Chromium; without one the tests fail and say what to do."""
    from browser import find
    from playwright.sync_api import expect, sync_playwright

    engine = find()
    if engine is None:
        pytest.fail("no Chromium is there: run `make browser`", pytrace=False)
    expect.set_options(timeout=30_000)  # as long as its clicks wait: the machine may be busy with ten other things
    flags = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=engine.path, args=[*flags, "--no-first-run"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet, and may keep files."""
    context = browser.new_context(accept_downloads=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def roots(built_tiny: Path) -> Iterator[dict[str, str]]:
    """The small guide on disk and on a host."""
    from reading import served

    with served(built_tiny / "site") as address:
        yield {"disk": (built_tiny / "site").as_uri(), "host": address}


#: A Tuesday, at noon: the day on which the readers of `either` and `visit` come.
TUESDAY = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture(params=[("disk", "wide"), ("host", "phone")], ids="-".join)
def either(request: pytest.FixtureRequest, browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader on Tuesday, 10 March 2026, of files and of a host."""
    where, size = request.param
    yield from _on_tuesday(browser, roots[where], size)


@pytest.fixture
def visit(browser: Browser, roots: dict[str, str]) -> Iterator[Reader]:
    """A reader of a host on the same day."""
    yield from _on_tuesday(browser, roots["host"], "wide")


def _on_tuesday(browser: Browser, root: str, size: str) -> Iterator[Reader]:
    from reading import SIZES, reader

    with reader(browser, root, viewport=SIZES[size]) as one:
        one.context.clock.set_fixed_time(TUESDAY)
        yield one
        assert one.trouble == []
