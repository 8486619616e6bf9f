"""A card on a phone: its text has the width of the screen, and only what is too wide scrolls."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

SMALL = {"width": 375, "height": 812}


def test_text_on_a_phone_has_the_width_of_the_phone_and_names_stay_whole(browser: Browser, built_tiny: Path) -> None:
    page = browser.new_page(viewport=SMALL)  # type: ignore[arg-type]
    page.goto((built_tiny / "site" / "cards" / "dense-loaf.html").as_uri())
    page.get_by_role("button", name="The whole answer").click()
    widths = page.locator(":is(.sa-weak, .sa-tested, .sa-detail) p").evaluate_all("all => all.map(p => p.clientWidth)")
    assert min(widths) >= 300
    begins = page.locator(".sa-detail p:first-child").evaluate_all("""all => all.map((p) => {
      const words = document.createRange();
      words.selectNodeContents(p);
      return words.getClientRects()[0].left - p.getBoundingClientRect().left;
    })""")
    assert {round(begin) for begin in begins} == {0}, "beside the number of the move"
    page.locator(".sa-workings code").first.evaluate("code => (code.textContent = 'long_name_'.repeat(6))")
    assert page.locator(".sa-workings .sa-scroll").evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    page.close()
