"""A run is found again where nothing that it was made from has changed, and its outputs by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from studyguide.catalogue import require_catalogue
from studyguide.notebooks import run
from studyguide.notebooks.execute import Progress, execute, run_notebooks
from studyguide.notebooks.run import Run, environment_digest, key_of
from test_execute import script


def test_a_kept_run_of_other_cells_is_not_taken(tiny: Path, tmp_path: Path) -> None:
    scripts = require_catalogue(tiny).scripts
    first = run_notebooks(scripts, tiny / "notebooks", tmp_path)["proofing"]
    (file,) = tmp_path.glob("*.json")
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["cells"][-1], kept["outputs"] = "1 + 1", kept["outputs"][::-1]
    file.write_text(json.dumps(kept), encoding="utf-8")
    said: list[Progress] = []
    again = run_notebooks(scripts, tiny / "notebooks", tmp_path, report=said.append)["proofing"]
    assert (said[0].cached, again.outputs) == (False, first.outputs)


def test_values_and_evidence_are_found_by_name(tmp_path: Path) -> None:
    found = execute(
        script(tmp_path, ' tags=["evidence: sum"]\nprint(1 + 1)', ' tags=["values"]\n{"sum": f"{1 + 1:.1f}"}'),
        str(tmp_path),
    )
    assert isinstance(found, Run)
    assert found.evidence("sum") == [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    assert found.values == {"sum": "2.0"}
    with pytest.raises(KeyError):
        found.evidence("difference")


def test_a_damaged_cache_is_made_anew(tiny: Path, tmp_path: Path) -> None:
    scripts = require_catalogue(tiny).scripts
    run_notebooks(scripts, tiny / "notebooks", tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    for damage in ("", "{", '{"outputs": [], "seconds": 1}', '{"seconds": 1}'):
        kept.write_text(damage)
        said: list[Progress] = []
        run_notebooks(scripts, tiny / "notebooks", tmp_path / "cache", report=said.append)
        assert [one.cached for one in said] == [False]
        assert json.loads(kept.read_text())["outputs"]


@pytest.mark.parametrize(
    ("file", "find", "put", "same"),
    [
        ("proofing.py", "The numbers are invented;", "All numbers are invented;", True),
        ("proofing.py", "6 * (2 / 3)", "7 * (2 / 3)", False),
        ("proofing.py", 'tags=["values"]', 'tags=["values", "more"]', False),
        ("data/proofing-kitchen.csv", "warm,25", "warm,26", False),
    ],
)
def test_the_cache_knows_code_tags_and_data_but_not_prose(
    file: str, find: str, put: str, same: bool, tiny: Path
) -> None:
    folder = tiny / "notebooks"
    before = key_of(require_catalogue(tiny).scripts["proofing"], environment_digest(folder))
    text = (folder / file).read_text()
    assert find in text
    (folder / file).write_text(text.replace(find, put))
    assert (key_of(require_catalogue(tiny).scripts["proofing"], environment_digest(folder)) == before) is same


def test_the_cache_knows_the_installed_versions(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = require_catalogue(tiny).scripts["proofing"]
    before = key_of(found, environment_digest(tiny / "notebooks"))
    distributions = list(run.importlib.metadata.distributions())
    monkeypatch.setattr(run.importlib.metadata, "distributions", lambda: distributions[1:])
    assert key_of(found, environment_digest(tiny / "notebooks")) != before
