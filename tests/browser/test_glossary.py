"""The glossary is one page that can be narrowed to what somebody looks for."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect


def test_the_list_is_narrowed_to_terms_that_begin_so_and_all_come_back(browser: Browser, built_tiny: Path) -> None:
    page = browser.new_page()
    page.goto((built_tiny / "site" / "glossary.html").as_uri())
    shown = page.locator(".sa-glossary > div:visible dt")
    before = shown.count()
    page.get_by_label("Find a term").fill("cold pro")
    expect(shown).to_have_text(["cold proof"])
    expect(page.get_by_role("status")).to_have_text(f"1 of {before}")
    page.get_by_label("Find a term").fill("zeppelin")
    expect(page.get_by_role("status")).to_have_text("Nothing has a word that begins so.")
    page.get_by_label("Find a term").fill("")
    expect(shown).to_have_count(before)
    page.close()


def test_without_scripts_the_page_has_no_box_that_does_nothing(browser: Browser, built_tiny: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built_tiny / "site" / "glossary.html").as_uri())
    expect(page.locator(".sa-narrow")).to_be_hidden()
    expect(page.locator("#crumb")).to_be_visible()
    context.close()
