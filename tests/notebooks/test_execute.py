"""Notebooks run once, safely, and fail with a place."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import psutil
import pytest
from studyguide.catalogue import require_catalogue
from studyguide.content.notebook_source import Script, read_script
from studyguide.notebooks.execute import Progress, execute, run_notebooks
from studyguide.notebooks.run import Run, environment_digest, key_of
from studyguide.problems import ContentError, Problem

HEADER = """\
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   studyguide: {title: A test, minutes: 5}
# ---

# %% [markdown]
# # A test

"""


def script(tmp_path: Path, *cells: str) -> Script:
    file = tmp_path / "test.py"
    file.write_text(HEADER + "\n\n".join(f"# %%{cell}" for cell in cells) + "\n", encoding="utf-8")
    found, problems = read_script(file, "test.py")
    assert problems == []
    assert found is not None
    return found


def failing(tmp_path: Path, *cells: str, **options: int) -> Problem:
    found = execute(script(tmp_path, *cells), str(tmp_path), **options)
    assert isinstance(found, list)
    assert len(found) == 1
    return found[0]


def test_a_kernel_takes_no_port_that_another_process_could_take_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_client.connect.socket", None)
    found = execute(script(tmp_path, "\n6 * 7"), str(tmp_path))
    assert isinstance(found, Run)
    assert found.outputs[0][0]["data"] == {"text/plain": "42"}


def test_an_exception_is_reported_at_its_line_with_the_end_of_its_traceback(tmp_path: Path) -> None:
    problem = failing(tmp_path, "\nok = 1", "\nfirst = 1\nsecond = first / 0\nthird = 3")
    line = (HEADER + "# %%\nok = 1\n\n# %%\nfirst = 1\n").count("\n") + 1
    assert str(problem).split("\n")[0] == (
        f"test.py:{line}:1: every cell must run, found ZeroDivisionError: division by zero: "
        "fix the cell (notebook-error)"
    )
    assert "second = first / 0" in problem.detail


def test_an_exception_caused_by_another_is_reported_at_the_line_of_the_cell(tmp_path: Path) -> None:
    """The traceback shows the cause first, whose frames are a library's."""
    problem = failing(tmp_path, "\nimport pandas\npandas.DataFrame()['a']")
    assert problem.line == (HEADER + "# %%\nimport pandas\n").count("\n") + 1


def test_a_cell_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    problem = failing(tmp_path, "\nwhile True:\n    pass", cell_seconds=2)
    assert problem.rule == "notebook-timeout"
    assert problem.message == "a cell must end within 2 s, found one that did not: make it smaller or end its loop"


def test_half_a_surrogate_pair_cannot_be_printed(tmp_path: Path) -> None:
    problem = failing(tmp_path, "\nprint('rye')\nprint(chr(0xd800))")
    assert problem.line == (HEADER + "# %%\nprint('rye')\n").count("\n") + 1
    assert problem.message.startswith("every cell must run, found UnicodeEncodeError: 'utf-8' codec can't encode")


def test_what_is_printed_piece_by_piece_is_one_text(tmp_path: Path) -> None:
    code = "\nimport sys\nfor part in ('10 %', '\\r20 %', '\\nrye', ' bread'):\n    print(part, end='', flush=True)"
    run = execute(script(tmp_path, code), str(tmp_path))
    assert isinstance(run, Run)
    assert run.outputs == ([{"output_type": "stream", "name": "stdout", "text": "20 %\nrye bread"}],)


def test_what_is_sent_to_a_pager_is_an_output(tmp_path: Path) -> None:
    run = execute(script(tmp_path, "\nfrom IPython.core.page import page\npage('hello')"), str(tmp_path))
    assert isinstance(run, Run)
    assert [output["data"] for output in run.outputs[0]] == [{"text/plain": "hello"}]


def test_no_kernel_outlives_its_notebook(tmp_path: Path) -> None:
    for code in ("\npass", "\n1 / 0", "\nwhile True:\n    pass"):
        execute(script(tmp_path, code), str(tmp_path), cell_seconds=2)
        left = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
        assert [command for command in left if "kernel.py" in command] == []


@pytest.mark.parametrize("code", ["big = b'x' * 3_000_000_000", "import numpy as np\nbig = np.ones(400_000_000)"])
def test_a_cell_that_asks_for_too_much_memory_is_stopped(code: str, tmp_path: Path) -> None:
    problem = failing(tmp_path, f"\n{code}")
    assert (problem.rule, problem.message) == (
        "notebook-memory",
        "a notebook must do with 2.1 GB, found a cell that asks for more: use less data",
    )
    assert problem.line == HEADER.count("\n") + 1 + code.count("\n") + 1


def test_a_kernel_that_dies_is_reported(tmp_path: Path) -> None:
    problem = failing(tmp_path, "\nimport os\nos._exit(1)")
    assert (problem.rule, problem.line) == ("notebook-kernel", HEADER.count("\n") + 1)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=1)", "must not use the network"),
        ("import socket\nsocket.create_connection(('example.org', 80), timeout=1)", "must not use the network"),
        ("import pathlib\npathlib.Path('left-behind.txt').write_text('x')", "must not write files"),
        ("import os\nos.remove('keep.txt')", "must not change files"),
        ("import subprocess\nsubprocess.run(['true'])", "must not start programs"),
        ("import os\nos.system('true')", "must not start programs"),
    ],
)
def test_a_notebook_can_neither_fetch_nor_write_nor_start_programs(code: str, found: str, tmp_path: Path) -> None:
    (tmp_path / "keep.txt").touch()
    problem = failing(tmp_path, f"\n{code}")
    assert problem.rule == "notebook-error"
    assert found in f"{problem.message}\n{problem.detail}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keep.txt", "test.py"]


def test_a_notebook_may_read_its_data_and_use_scratch_space(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a\n1\n")
    code = "\nimport tempfile\nwith tempfile.TemporaryFile() as f:\n    f.write(b'x')\nopen('data.csv').read()"
    found = execute(script(tmp_path, code), str(tmp_path))
    assert isinstance(found, Run)
    assert found.outputs[0][0]["data"]["text/plain"] == "'a\\n1\\n'"


def test_the_kernel_takes_no_bare_word_for_a_command(tmp_path: Path) -> None:
    assert "NameError: name 'ls' is not defined" in failing(tmp_path, "\nls").message


def test_one_failure_does_not_keep_the_others_from_running_or_being_kept(tiny: Path, tmp_path: Path) -> None:
    good = require_catalogue(tiny).scripts["proofing"]
    bad = script(tmp_path, "\n1 / 0")
    cache = tmp_path / "cache"
    with pytest.raises(ContentError) as error:
        run_notebooks({"bad": bad, "proofing": good}, tiny / "notebooks", cache)
    assert [problem.rule for problem in error.value.problems] == ["notebook-error"]
    key = key_of(good, environment_digest(tiny / "notebooks"))
    assert [file.stem for file in cache.iterdir()] == [key], "only success is stored"


def test_a_second_run_executes_nothing_and_gives_the_same(tiny: Path, tmp_path: Path) -> None:
    scripts = require_catalogue(tiny).scripts
    said: list[Progress] = []
    first = run_notebooks(scripts, tiny / "notebooks", tmp_path / "cache", report=said.append)["proofing"]
    second = run_notebooks(scripts, tiny / "notebooks", tmp_path / "cache", report=said.append)["proofing"]
    assert [one.cached for one in said] == [False, True]
    assert first.outputs == second.outputs


def test_the_guard_lets_the_loopback_through(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        port = server.getsockname()[1]
        found = execute(
            script(tmp_path, f"\nimport socket\nsocket.create_connection(('127.0.0.1', {port})).close()"), str(tmp_path)
        )
    assert isinstance(found, Run)
