"""A notebook's page offers its copies before it shows what is in them, and hides its solutions from who tries first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from reading import SIZES, reader, served, sideways, violations


@pytest.mark.parametrize("size", SIZES)
def test_copies_stand_above_the_code_and_solutions_can_be_hidden(size: str, browser: Browser, built_tiny: Path) -> None:
    with served(built_tiny / "site") as root, reader(browser, root, viewport=SIZES[size]) as visit:
        page = visit.tab("notebooks/proofing.html")
        copies = page.get_by_role("region", name="Your copy")
        first = page.locator(".nb-cell").first
        assert copies.bounding_box()["y"] < first.bounding_box()["y"]  # type: ignore[index]
        with page.expect_download() as exercise:
            copies.get_by_role("link", name="The exercise").click()
        assert exercise.value.suggested_filename == "proofing-exercise.ipynb"
        with page.expect_download() as data:
            copies.get_by_role("link", name="proofing-kitchen.csv").click()
        assert data.value.path().read_bytes() == (built_tiny / "other/notebooks/data/proofing-kitchen.csv").read_bytes()
        solution = page.locator(".nb-cell--solution")
        button = copies.get_by_role("button", name="Hide the solutions")
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(solution.locator(".highlight")).to_be_hidden()
        expect(solution.locator(".nb-tag")).to_be_visible()
        button.press("Enter")
        expect(solution.locator(".highlight")).to_be_visible()
        assert visit.trouble == []


def test_code_that_is_wider_than_a_phone_is_scrolled_by_the_keys_of_who_tabs_to_it(
    browser: Browser, built_tiny: Path
) -> None:
    with reader(browser, (built_tiny / "site").as_uri(), viewport=SIZES["phone"]) as visit:
        page = visit.tab("notebooks/proofing.html")
        code = page.locator(".nb-cell .highlight pre").first
        code.locator("code").evaluate("code => (code.textContent = 'word_'.repeat(80))")
        code.press("ArrowRight")
        expect(code).not_to_have_js_property("scrollLeft", 0)
        assert violations(page) == []
        assert sideways(page) == 0


def test_a_table_that_is_wider_than_a_phone_is_scrolled_by_the_keys_of_who_tabs_to_it(
    browser: Browser, built_tiny: Path
) -> None:
    with reader(browser, (built_tiny / "site").as_uri(), viewport=SIZES["phone"]) as visit:
        page = visit.tab("notebooks/proofing.html")
        table = page.get_by_role("region", name="Output table").first
        table.locator("td").first.evaluate("cell => (cell.textContent = 'word_'.repeat(80))")
        assert table.evaluate("box => box.scrollWidth - box.clientWidth") > 400, "it scrolls itself, not a box within"
        expect(table.locator("[tabindex]")).to_have_count(0)
        table.press("ArrowRight")
        expect(table).not_to_have_js_property("scrollLeft", 0)
        assert violations(page) == []
        assert sideways(page) == 0
