"""Ids and names that the site and other systems can hold."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import pytest
from conftest import studyguide_here
from studyguide.cache import TEMPLATES
from studyguide.checks.ids import TAKEN
from studyguide.content.models import Resource


@pytest.mark.parametrize(("kind", "template"), [("round", "cards"), ("plan", "plans")])
def test_an_id_is_taken_where_the_page_that_lists_it_has_it_for_a_part(kind: str, template: str) -> None:
    text = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
    assert set(re.findall(r'\sid="([a-z0-9-]+)"', text)) - {"content"} == TAKEN[kind]


def test_the_sorts_of_resources_are_taken() -> None:
    assert TAKEN["resource"] == set(get_args(Resource.model_fields["sort"].annotation))


@pytest.mark.parametrize("form", ["people", "json", "github"])
def test_a_name_that_is_no_unicode_is_said_in_every_form(form: str, tiny: Path) -> None:
    (tiny / "notebooks" / "data" / os.fsdecode(b"\xff.csv")).write_text("a")
    done = studyguide_here("check", "--format", form, cwd=tiny.resolve().parent)
    assert done.returncode == 1, done.stderr
    assert "the name must be one that every system can hold, found" in done.stdout
