"""The table of content kinds, and what a row of it promises."""

from __future__ import annotations

import dataclasses

import pytest
from studyguide.cache import TEMPLATES
from studyguide.catalogue import Catalogue
from studyguide.content.kinds import FOLDERS, KINDS, LISTS, SITE, Kind
from studyguide.content.read import Content


def test_content_and_catalogue_have_a_place_for_each_kind_and_no_other() -> None:
    names = {kind.name for kind in KINDS}
    assert names == {field.name for field in dataclasses.fields(Content)} - {"folder", "scripts", "broken", "misfits"}
    named = {field.name for field in dataclasses.fields(Catalogue)} - {"folder", "scripts"}
    assert names - {SITE.name} | {"sites"} == named


def test_no_two_kinds_have_a_name_a_word_or_files_in_common() -> None:
    for values in zip(*((kind.name, kind.word, kind.files) for kind in KINDS), strict=True):
        assert len(set(values)) == len(KINDS)


@pytest.mark.parametrize("kind", FOLDERS.values(), ids=FOLDERS)
def test_a_kind_with_a_page_for_each_item_has_an_order_a_list_and_its_templates(kind: Kind) -> None:
    assert kind.files == f"{kind.name}/*.yml"
    assert {"title", "order", "summary"} <= kind.model.model_fields.keys()
    assert bool(kind.title and kind.lead) != bool(kind.listed_with)
    wanted = [f"{kind.word}.html", kind.list_template]
    wanted += [f"markdown/{kind.word}.md"] if kind.copied else []
    wanted += [f"print/{kind.word}.html"] if kind.in_book else []
    assert [name for name in wanted if not (TEMPLATES / name).is_file()] == []


def test_the_entries_of_a_list_have_ids_of_their_own() -> None:
    for file, kind in LISTS.items():
        assert file == f"{kind.name}.yml"
        assert "id" in kind.model.model_fields
