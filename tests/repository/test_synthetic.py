"""The invented guide that `make bench` measures is one that the checker takes."""

from __future__ import annotations

from pathlib import Path

import synthetic
from conftest import studyguide


def test_the_invented_guide_has_no_problem(tmp_path: Path) -> None:
    synthetic.write_guide(tmp_path / "other", synthetic.cards(60))
    done = studyguide("check", "--content", "other", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "60 cards, 7 rounds, 0 notebooks: nothing to fix.\n")
