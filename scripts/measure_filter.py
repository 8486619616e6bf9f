"""How long the list of all cards takes to answer a filter, with so many rows made from those of a built site.

    python scripts/measure_filter.py [--site site] [--cards 1000]

Prints, for each way of filtering, the milliseconds from the choice to the page laid out anew: median and worst of 30.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import sys
import tempfile
from pathlib import Path

import browser  # beside this script
from bs4 import BeautifulSoup, Tag

#: What a reader does, as a script that ends in the event that the page answers.
WAYS = {
    "a letter into the words": "form.elements.q.value = 'mode'.slice(0, 1 + turn % 4)",
    "a level": "boxes('level')[turn % 3].click()",
    "a topic": "boxes('topic')[turn % boxes('topic').length].click()",
    "a status": "boxes('status')[turn % 5].click()",
    "all off": "document.getElementById('reset').click()",
    "an order": "form.elements.sort.value = ['title', 'minutes', 'due', 'round'][turn % 4]",
}
#: A reader who has answered every third card.
ANSWERS = """() => {
  const ids = [...document.querySelectorAll(".sa-row")].map((row) => row.dataset.id);
  const at = (number) => new Date(Date.now() - (number % 20) * 864e5).toISOString();
  const one = (number) => ({ at: at(number), on: at(number).slice(0, 10), hit: [0], of: 4, rating: 2, box: 1 });
  const third = ids.filter((_, number) => number % 3 === 0);
  const cards = Object.fromEntries(third.map((id, number) => [id, [one(number)]]));
  StrongAnswer.progress.importText(JSON.stringify({ format: `${StrongAnswer.id}-progress`, version: 1, cards }));
}"""
MEASURE = """(act) => {
  const form = document.getElementById("filters");
  const boxes = (name) => [...form.querySelectorAll(`input[name=${name}]`)];
  const once = new Function("form", "boxes", "turn", act);
  const times = [];
  for (let turn = 0; turn < 30; turn += 1) {
    const start = performance.now();
    once(form, boxes, turn);
    form.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.offsetHeight;
    times.push(performance.now() - start);
  }
  return times;
}"""


def enlarged(html: str, cards: int) -> str:
    """The page with its rows repeated, each under an id of its own, until there are so many."""
    soup = BeautifulSoup(html, "html.parser")
    rows = [row for row in soup.select("[data-sa-browse] .sa-row") if isinstance(row, Tag)]
    for number in range(len(rows), cards):
        original = rows[number % len(rows)]
        row = copy.copy(original)
        row["data-id"] = f"{original['data-id']}-{number}"
        original.insert_after(row)
    for row in rows[cards:]:
        row.decompose()
    return str(soup)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--site", type=Path, default=Path("site"), help="a built site (default: site)")
    parser.add_argument("--cards", type=int, default=1000, help="how many rows (default: 1000)")
    options = parser.parse_args()
    page = options.site / "cards" / "index.html"
    chromium = browser.find()
    if not page.is_file() or chromium is None:
        print(f"There is no {page}: run `make build`." if chromium else "No Chromium is there: run `make browser`.")
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.NamedTemporaryFile("w", dir=page.parent, suffix=".html", encoding="utf-8") as file:
        file.write(enlarged(page.read_text(encoding="utf-8"), options.cards))
        file.flush()
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            tab = opened.new_page()
            tab.goto(Path(file.name).resolve().as_uri())
            tab.evaluate(ANSWERS)
            print(f"{tab.locator('#count').inner_text()}; a third of them answered before")
            for name, act in WAYS.items():
                times = tab.evaluate(MEASURE, act)
                print(f"{name:25} median {statistics.median(times):5.1f} ms, worst {max(times):5.1f} ms")
            opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
