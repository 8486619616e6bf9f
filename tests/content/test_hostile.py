"""What strangers could send: each card gives its exact problems, or a page in which a real browser runs nothing."""

# ruff: noqa: E501 -- one attack a line

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import TINY, copy_tiny_project, mkdocs
from playwright.sync_api import Browser, BrowserContext, Page, expect
from studyguide.catalogue import load_catalogue
from studyguide.checks.texts import MANY_LINES
from studyguide.notebooks.outputs import shown_outputs

CORPUS = Path(__file__).parent.with_name("hostile.yml")
CASES: list[dict[str, Any]] = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
SURVIVORS = [case for case in CASES if case["expect"] == []]
SOUND = yaml.safe_load((TINY / "cards" / "bench" / "dense-loaf.yml").read_text(encoding="utf-8"))
#: Rules about how much is said: what is written into every field here says too much.
OF_ANSWERS = {"asked-as", "example", "number", "outline", "prompt", "say-first", "term-unused", "title", "torn-word"}
#: Where a text goes, with how much fits.
PLACES = (
    (("prompt",), 700), (("weak_answer", "says"), 500), (("weak_answer", "misses"), 700),
    (("strong_outline", 0, "move"), 90), (("strong_outline", 0, "detail"), 1400), (("whats_being_tested",), 400),
    (("follow_ups", 0, "ask"), 260), (("follow_ups", 0, "listen_for"), 360), (("red_flags", 0), 180),
    (("workings", 0, "step"), 90), (("workings", 0, "result"), 80), (("evidence", 0, "shows"), 200),
    (("sources", 0, "title"), 160), (("say_first",), 700), (("takeaway",), 360), (("ask_first", 0, "ask"), 160),
    (("ask_first", 0, "suppose"), 160), (("asked_as", 1), 120),
)  # fmt: skip


def sound_card(number: int) -> dict[str, Any]:
    """A card without problems, unlike every other in its title and its prompt."""
    card = copy.deepcopy(SOUND)
    card["title"] = f"Zebra bread number {number}"
    card["asked_as"] = [f"What is zebra bread number {number}?", f"Why is zebra bread number {number} dense?"]
    card["prompt"] = " ".join(f"loaf{number}x{word}" for word in range(16))
    return card  # type: ignore[no-any-return]


def with_text(card: dict[str, Any], text: str) -> dict[str, Any]:
    """The card with a text before the words of every field that it fits into, and as its title if it can be one."""
    for place, room in PLACES:
        parent: Any = card
        for step in place[:-1]:
            parent = parent[step]
        old = parent[place[-1]]
        # A result begins with its number, and a text of blocks needs its own lines.
        if "\n" in text.strip() and place[-1] not in MANY_LINES:
            continue
        new = (
            f"20 {text}"
            if place[-1] == "result"
            else f"{text}\n\n{old}"
            if place[-1] in MANY_LINES
            else f"{text} {old}"
        )
        # What is said has limits of its own, which are not what is tried here.
        counted = place[0] in ("say_first", "prompt", "strong_outline", "ask_first", "takeaway")
        if len(new) <= room and not (counted and (len(text.split()) > 12 or re.search(r"\d", text))):
            parent[place[-1]] = new
    if "\n" not in text and len(text) <= 39:
        card["title"] = f"{text} {card['title'].removeprefix('Zebra ')}"
    return card


def write(case: dict[str, Any], number: int, content: Path, name: str) -> Path:
    """Put a card of the corpus into a content folder."""
    file = content / case.get("file", f"cards/bench/{name}.yml")
    file.parent.mkdir(parents=True, exist_ok=True)
    card = sound_card(number)
    filling = lambda text: text  # noqa: E731
    if "fill" in case:
        what, times = case["fill"].split(" ")
        filling = lambda text: text.replace("FILL", what * int(times))  # noqa: E731
    if "hex" in case:
        file.write_bytes(bytes.fromhex(case["hex"]))
    elif "link" in case:
        file.symlink_to(case["link"])
    elif "raw" in case:
        text = "".join(case["raw"].replace("{n}", str(n)) for n in range(case.get("times", 1)))
        file.write_text(filling(text), encoding="utf-8", newline="")
    elif "lines" in case:
        keys = [line.split(":")[0] for line in case["lines"].split("\n")]
        kept = {key: value for key, value in card.items() if key not in keys}
        text = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=1000)
        file.write_text(filling(case["lines"]) + "\n" + text, encoding="utf-8", newline="")
    else:
        card = with_text(card, case.get("text", ""))
        file.write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")
    return file


def test_the_corpus_is_large_and_names_each_attack_once() -> None:
    assert len(CASES) >= 200
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert len(SURVIVORS) >= 40


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_hostile_card_gives_exactly_its_problems(number: int, tiny: Path, found_now: dict[int, list[str]]) -> None:
    case = CASES[number]
    write(case, number, tiny, "hostile")
    _, problems = load_catalogue(tiny)
    found_now[number] = stated([str(problem) for problem in problems if problem.rule not in OF_ANSWERS])
    assert found_now[number] == case["expect"]


def stated(problems: list[str]) -> list[str]:
    """The problems, or the first of very many and their number."""
    return problems if len(problems) <= 20 else [*problems[:3], f"... {len(problems)} problems"]


@pytest.fixture(scope="module")
def found_now(request: pytest.FixtureRequest) -> Iterator[dict[int, list[str]]]:
    """What this run found, by the number of the case; written into the corpus when goldens are renewed."""
    found: dict[int, list[str]] = {}
    yield found
    if request.config.getoption("--renew-goldens"):
        head = CORPUS.read_text(encoding="utf-8").split("\n- ")[0]
        cases = [{**case, "expect": found.get(number, case["expect"])} for number, case in enumerate(CASES)]
        CORPUS.write_text(f"{head}\n{yaml.safe_dump(cases, sort_keys=False, width=10**6)}", encoding="utf-8")


# --- what survives, in a real browser --------------------------------------------------------------------------------

HIT = "window.__hit=1"
NOTEBOOK_HEAD = """\
# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   studyguide:
#     title: Outputs of a stranger
#     summary: Every kind of output that could carry a script, to see that none of them runs.
#     minutes: 5
#     rounds: [bench]
#     topics: [fermentation]
# ---
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
#: What cells of a notebook show, by media type: each would run, fetch, or take over the page.
OUTPUTS = [
    ("text/html", f"<script>{HIT}</script><table><tr><td>1</td></tr></table>"),
    ("text/html", f"<img src=x onerror={HIT}>"),
    ("text/html", f"<table onmouseover={HIT} style='position:fixed;inset:0'><tr><td>cover</td></tr></table>"),
    ("text/html", f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>"),
    ("text/html", f"<svg><script>{HIT}</script></svg><math><mtext><style><img src=x onerror={HIT}></style></mtext></math>"),
    ("text/html", f"<a href='javascript:{HIT}'>go</a><form action='https://example.org'><button>go</button></form>"),
    ("text/html", f"</div></article><script>{HIT}</script>"),
    ("text/html", "<link rel=stylesheet href=https://example.org/x.css><style>@import 'https://example.org/y.css'</style>"),
    ("text/html", "<meta http-equiv=refresh content='0;url=https://example.org'>"),
    ("text/html", f"<div id='cell-id=cell-1' class='jp-RenderedMarkdown'><script>{HIT}</script></div>"),
    ("application/javascript", HIT),
    ("application/vnd.jupyter.widget-view+json", f"<script>{HIT}</script>"),
    ("text/markdown", f"<script>{HIT}</script>"),
    ("text/latex", f"$$\\href{{javascript:{HIT}}}{{x}}$$"),
    ("text/plain", f"</pre><script>{HIT}</script>"),
    ("image/svg+xml", SVG.format(f"<script>{HIT}</script><rect width='9' height='9'/>")),
    ("image/svg+xml", SVG.format(f"<g onload='{HIT}'><rect onclick='{HIT}' width='9' height='9'/></g>")),
    ("image/svg+xml", SVG.format(f"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='{HIT}'/></foreignObject>")),
    ("image/svg+xml", SVG.format(f"<a xlink:href='javascript:{HIT}'><text>go</text></a>")),
    ("image/svg+xml", SVG.format("<image href='https://example.org/pixel.png'/><use xlink:href='https://example.org/x.svg#a'/>")),
    ("image/svg+xml", SVG.format(f"<rect/><animate attributeName='x' onbegin='{HIT}'/><set attributeName='onclick' to='{HIT}'/>")),
    ("image/svg+xml", SVG.format("<style>* { display: none }</style><rect width='9' height='9'/>")),
    ("image/svg+xml", SVG.format("<style>@import 'https://example.org/x.css'; * { display: none }</style>")),
    ("image/svg+xml", SVG.format("<rect style='fill: url(https://example.org/x)' filter='url(//example.org/f)'/>")),
    ("image/svg+xml", SVG.format("<rect style='fill: u\\72l(https://example.org/x)' width='9' height='9'/>")),
    ("image/svg+xml", SVG.format("<rect style='position:fixed;inset:0;width:100vw;height:100vh' width='9' height='9'/>")),
    ("image/png", f"\"><script>{HIT}</script>"),
    ("image/png", f"x\" onerror=\"{HIT}"),
]  # fmt: skip
PROSE = [
    f"<script>{HIT}</script>",
    f"<img src=x onerror='{HIT}'>",
    f"[go](javascript:{HIT})",
    "<details open ontoggle='window.__hit=1'>x</details>",
]


def fits(kind: str, data: str) -> bool:
    """Whether a run that shows this is taken at all; the rest is refused at the cell."""
    try:
        shown_outputs([{"output_type": "display_data", "data": {kind: data}}], "A picture")
    except ValueError:
        return False
    return True


SHOWN = [output for output in OUTPUTS if fits(*output)]


def test_most_hostile_outputs_are_refused_and_the_others_tried_in_a_browser() -> None:
    assert len(OUTPUTS) - len(SHOWN) >= 13
    assert len(SHOWN) >= 9


def hostile_notebook(prose: list[str]) -> str:
    cells = [
        NOTEBOOK_HEAD,
        "# %% [markdown]\n# # Outputs of a stranger\n",
        "# %%\nfrom IPython.display import display\n",
    ]
    cells += [f"# %% [markdown]\n# {text}\n" for text in prose]
    for number, (kind, data) in enumerate(SHOWN):
        cells.append(f'# %% tags=["evidence: output-{number}"] alt="A picture"\ndisplay({ {kind: data}!r}, raw=True)\n')
    return "\n".join(cells)


def test_html_and_foreign_links_in_the_prose_of_a_notebook_are_refused(tiny: Path) -> None:
    (tiny / "notebooks" / "stranger.py").write_text(hostile_notebook(PROSE), encoding="utf-8")
    _, problems = load_catalogue(tiny)
    assert [(problem.rule, problem.line) for problem in problems] == [
        ("raw-html", 21), ("raw-html", 24), ("bad-link", 27), ("raw-html", 30),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def survivors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of all cards that have no problem, and of a notebook whose outputs are hostile; its folder."""
    project = copy_tiny_project(tmp_path_factory.mktemp("hostile") / "project")
    content = project / "other"
    for number, case in enumerate(SURVIVORS):
        write(case, number, content, f"hostile-{number}")
    (content / "notebooks" / "stranger.py").write_text(hostile_notebook([]), encoding="utf-8")
    base = sound_card(900)
    for start in range(0, len(SHOWN), 4):
        numbers = range(start, min(start + 4, len(SHOWN)))
        shown = "What a stranger's cell showed."
        card = {
            **base,
            "title": f"Outputs of bread from {start}",
            "asked_as": [f"Which outputs of bread come from {start}?", f"What is shown from {start} on?"],
            "prompt": " ".join(f"out{start}x{word}" for word in range(16)),
            "evidence": [{"notebook": "stranger", "cell": f"output-{n}", "shows": shown} for n in numbers],
        }
        text = yaml.safe_dump(card, sort_keys=False)
        (content / "cards" / "bench" / f"outputs-{start}.yml").write_text(text, encoding="utf-8")
    # Said at too great length, a card is refused for that; what else is in it must not matter.
    for problem in load_catalogue(content)[1]:
        assert problem.rule in OF_ANSWERS, problem
        Path(problem.path).unlink(missing_ok=True)
    assert len([*(content / "cards" / "bench").glob("hostile-*.yml")]) >= 40
    # Not strict: the deck for Anki cannot carry cells that show nothing, and says so, which is all that it should do.
    done = mkdocs(project, "build", STUDYGUIDE_CONTENT=str(content))
    assert done.returncode == 0, done.stderr
    return project / "site"


def hostile_pages(site: Path) -> list[str]:
    found = [*(site / "cards").glob("hostile-*.html"), *(site / "cards").glob("outputs-*.html")]
    lists = ["cards/index.html", "rounds/bench.html", "notebooks/stranger.html", "topics.html", "index.html"]
    return [*(f"cards/{file.name}" for file in sorted(found)), *lists]


class Watched:
    """A page that remembers whatever ran, asked or complained."""

    def __init__(self, context: BrowserContext, site: Path) -> None:
        self.seen: list[str] = []
        self.site = site
        self.page: Page = context.new_page()
        self.page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.seen.append(f"error {error}"))
        self.page.on("console", lambda said: self.seen.append(f"console {said.text}") if said.type == "error" else None)
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site.as_uri(), "data:image/svg+xml;", "about:")):
            self.seen.append(f"request {url[:200]}")


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_no_surviving_card_or_output_runs_anything(policy: bool, survivors: Path, browser: Browser) -> None:
    """Without the policy it is the sanitising alone that holds; with it, nothing even tries.

    A browser says of each script, handler and address that the policy stopped it, also where nothing would have set it
    off: with the policy every page is opened, without it those on which many strangers stand beside each other.
    """
    context = browser.new_context(bypass_csp=not policy)
    watched = Watched(context, survivors)
    pages = hostile_pages(survivors)
    assert len(pages) >= len(SURVIVORS) + len(SHOWN) // 4
    if not policy:
        pages = [uri for uri in pages if not uri.startswith("cards/hostile-")]
        assert len(pages) >= len(SHOWN) // 4 + 5
    for uri in pages:
        watched.page.goto(f"{survivors.as_uri()}/{uri}")
        hit = watched.page.evaluate("window.__hit")
        assert (uri, hit, watched.seen) == (uri, None, [])
    context.close()


def test_no_page_of_the_survivors_holds_what_could_run(survivors: Path) -> None:
    for uri in hostile_pages(survivors):
        soup = BeautifulSoup((survivors / uri).read_text(encoding="utf-8"), "html.parser")
        article = soup.select_one("article.md-content__inner")
        assert article is not None
        for own in article.select("dialog.sa-dialog, #filters, .sa-today__ask"):  # the guide's own forms
            own.decompose()
        assert not article.find_all(["script", "style", "iframe", "object", "embed", "base", "meta", "form", "math"]), (
            uri
        )
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on") or name in ("srcdoc", "formaction")], uri
            for name in ("href", "src", "xlink:href", "action"):
                scheme = (
                    str(tag.get(name, "")).strip().casefold().split(":")[0] if ":" in str(tag.get(name, "")) else ""
                )
                assert scheme in ("", "http", "https", "mailto", "data" if tag.name == "img" else ""), (uri, tag)


def test_search_shows_hostile_titles_and_texts_as_text(survivors: Path, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    watched = Watched(context, survivors)
    page = watched.page
    for words in ("number", "Zebra bread", "trap title"):
        page.goto(f"{survivors.as_uri()}/index.html")
        page.keyboard.press("/")
        page.keyboard.type(words)
        expect(page.locator(".md-search-result__link").first).to_be_visible()
    assert page.evaluate("window.__hit") is None
    assert watched.seen == []
    context.close()
