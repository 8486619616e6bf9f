"""Work shared by several processes gives what one process gives, errors included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TINY, copy_project, differing, digests

#: Processes of our own, because a fork is refused where other threads run, and pytest may have some.
HEAD = """
import json, os, threading
from studyguide.parallel import in_parts
os.cpu_count = lambda: 3
def where(things): return [os.getpid(), list(things)]
"""


def said(script: str) -> Any:
    done = subprocess.run([sys.executable, "-c", HEAD + script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_parts_are_done_in_processes_of_their_own_and_come_back_in_order() -> None:
    done = said("print(json.dumps([os.getpid(), in_parts(where, range(7), least=2)]))")
    here, ((first, some), *others) = done
    assert first == here
    assert len({here, *(process for process, _ in others)}) == 3
    assert [*some, *(thing for _, part in others for thing in part)] == list(range(7))


@pytest.mark.parametrize("least", [3, 100])
def test_every_part_has_as_many_things_as_it_should(least: int) -> None:
    done = said(f"print(json.dumps(in_parts(where, range(8), least={least})))")
    assert [len(part) for _, part in done] == ([4, 4] if least == 3 else [8])


def test_nothing_is_forked_beside_other_threads() -> None:
    done = said(
        "wait = threading.Event(); threading.Thread(target=wait.wait, daemon=True).start()\n"
        "print(json.dumps([os.getpid(), in_parts(where, range(8), least=1)]))"
    )
    here, parts = done
    assert parts == [[here, list(range(8))]]


def test_an_error_in_another_process_is_raised_here() -> None:
    done = said(
        "def fails(things):\n"
        "    if 7 in things: raise KeyError(f'seven, in {os.getpid()}')\n"
        "try: in_parts(fails, range(8), least=1)\n"
        "except KeyError as error: print(json.dumps([os.getpid(), error.args[0]]))\n"
    )
    here, error = done
    assert error == f"seven, in {here}"


@pytest.mark.parametrize("error", ["ValueError", "KeyboardInterrupt"])
def test_an_error_here_ends_the_other_processes_though_their_results_wait(error: str) -> None:
    done = said(
        "here = os.getpid()\n"
        "def fails(things):\n"
        f"    if os.getpid() == here: raise {error}('here')\n"
        "    return bytes(10_000_000)\n"
        "import multiprocessing\n"
        "try: in_parts(fails, range(8), least=1)\n"
        f"except {error} as found: print(json.dumps([str(found), len(multiprocessing.active_children())]))\n"
    )
    assert done == ["here", 0]


def test_a_process_that_dies_leaves_its_part_to_this_one() -> None:
    done = said(
        "here = os.getpid()\n"
        "def dies(things):\n"
        "    if os.getpid() != here: os._exit(9)\n"
        "    return [os.getpid(), list(things)]\n"
        "print(json.dumps([here, in_parts(dies, range(6), least=1)]))\n"
    )
    here, parts = done
    assert parts == [[here, [0, 1]], [here, [2, 3]], [here, [4, 5]]]


def test_a_site_written_by_several_processes_is_that_of_one(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    script = """
import os, sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
from studyguide.site import output
os.cpu_count = lambda: 3
output.CARDS_A_PART = int(sys.argv[2])
forks = []
os.register_at_fork(after_in_parent=lambda: forks.append(1))
config = load_config("mkdocs.yml", site_dir=sys.argv[1], strict=True)
config.plugins.on_startup(command="build", dirty=False)
build(config)
print(len(forks))
"""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1790000000"}
    environment["STUDYGUIDE_CONTENT"] = str(TINY)
    made, forks = {}, {}
    for name, least in (("notebooks", 10_000), ("alone", 10_000), ("shared", 1), ("shared-warm", 1)):
        command = [sys.executable, "-c", script, name, str(least)]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
        forks[name] = int(done.stdout)
        made[name] = digests(project / name)
        if name != "shared":  # the next finds its cache
            (project / ".cache" / "guide.sqlite").unlink()
    # Of three cards the first is written before the rest are shared.
    assert (forks["alone"], forks["shared"], forks["shared-warm"]) == (0, 1, 1)
    assert differing(made["alone"], made["shared"]) == []
    assert differing(made["alone"], made["shared-warm"]) == []
