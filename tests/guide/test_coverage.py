"""The guide carries everything it set out to carry: each item of the inventory has an address that exists."""

from __future__ import annotations

from pathlib import Path

import yaml
from bs4 import BeautifulSoup

COVERAGE: dict[str, str] = yaml.safe_load(
    Path(__file__).parent.with_name("guide_coverage.yml").read_text(encoding="utf-8")
)
#: Items of the inventory; an item may move, and does not get lost.
ITEMS = 411


def test_no_item_is_lost_and_the_list_is_sorted() -> None:
    assert len(COVERAGE) == ITEMS
    assert list(COVERAGE) == sorted(COVERAGE)


def test_every_address_and_anchor_exists_in_the_built_site(built: Path) -> None:
    anchors: dict[str, set[str]] = {}
    missing = []
    for item, address in COVERAGE.items():
        page, _, anchor = address.partition("#")
        file = built / "site" / page
        if page not in anchors and file.is_file():
            soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
            anchors[page] = {str(tag["id"]) for tag in soup.find_all(id=True)}
        if not anchor or anchor not in anchors.get(page, set()):
            missing.append(f"{item}: {address}")
    assert missing == []
