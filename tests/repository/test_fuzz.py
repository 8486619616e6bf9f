"""A short, repeatable run of scripts/fuzz.py, and proof that it would find what it looks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import FunctionType, SimpleNamespace

import pytest
from fuzz import GUIDING, TARGETS, Target, TooSlowError, fuzz, guided, read_bytes, stopped
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_no_input_crashes_stalls_or_fills_the_memory(target: str) -> None:
    """In a process of its own, for its limit on memory cannot be taken back."""
    command = [sys.executable, str(ROOT / "scripts" / "fuzz.py"), "--seconds", "0", "--examples", "60", "--derandomize"]
    done = subprocess.run([*command, "--target", target], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "60 inputs" in done.stdout


def test_a_crash_is_found_and_shrunk() -> None:
    def read(found: str) -> None:
        if len(found) > 3:
            raise IndexError(found)

    with pytest.raises(IndexError) as error:
        fuzz(Target("crash", st.text(), read), 0, 100, derandomize=True)
    assert len(str(error.value)) == 4


def test_an_input_that_stalls_is_found() -> None:
    def spin() -> None:
        with stopped():
            while True:
                pass

    with pytest.raises(TooSlowError, match="more than 2 s"):
        spin()


@pytest.mark.parametrize(
    "raw", [b"!!int", b"!!float", b"!!bool maybe", b"!!timestamp x", b"a: !!int ''", b"a: 0b", b"a: 0x_"]
)
def test_values_that_the_yaml_library_chokes_on_are_problems(raw: bytes) -> None:
    """Found by fuzzing: the library's own constructors raise IndexError, KeyError and AttributeError for some."""
    read_bytes(raw)


def test_atheris_is_guided_by_what_reads_strangers_files_and_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own `instrument_all` took more than two minutes before the first input."""
    seen: list[FunctionType] = []
    stand_in = SimpleNamespace(instrument_func=seen.append, Setup=lambda *_: None, Fuzz=lambda: None)
    monkeypatch.setitem(sys.modules, "atheris", stand_in)
    guided(next(target for target in TARGETS if target.name == "markdown"), 1)
    assert {function.__module__.partition(".")[0] for function in seen} == GUIDING
    assert read_bytes not in seen
