"""Readers for the tests in a real browser: where they find the site, what their browser keeps, and what went wrong."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 320, "height": 640}}

#: Browsers that keep nothing, or no more; run before the page's own scripts.
BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  configurable: true, get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = function () {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); };"""
#: A browser that does not let pages copy.
NO_COPY = "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false;"


class Reader:
    """Somebody with a browser of their own at a site; keeps what their pages complained of or asked for elsewhere."""

    def __init__(self, context: BrowserContext, root: str) -> None:
        self.context, self.root = context, root
        self.errors: list[str] = []
        self.elsewhere: list[str] = []

    def tab(self, uri: str = "") -> Page:
        """A new tab, at an address from the root of the site where one is given."""
        page = self.context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        if uri:
            page.goto(f"{self.root}/{uri}")
        return page

    def go(self, page: Page, uri: str) -> Page:
        page.goto(f"{self.root}/{uri}")
        return page

    def _note(self, url: str) -> None:
        if not url.startswith((self.root, "data:", "blob:", "about:")):
            self.elsewhere.append(url)

    @property
    def trouble(self) -> list[str]:
        return self.errors + self.elsewhere


@contextmanager
def reader(browser: Browser, root: str, *scripts: str, **options: Any) -> Iterator[Reader]:
    """A reader at a site; ``scripts`` run before those of each page."""
    context = browser.new_context(**{"viewport": SIZES["wide"], "timezone_id": "Europe/Berlin", **options})
    for script in scripts:
        context.add_init_script(script)
    yield Reader(context, root)
    context.close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """A static host: quiet, and with the site's own page for what is not there."""

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            return super().send_error(code, message, explain)
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def handle(self) -> None:
        with suppress(ConnectionError):  # a page was left while it was sent
            super().handle()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served, on a free port of this machine."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def reached(site: Path, way: str) -> Iterator[str]:
    """The address of a site as readers reach it: ``file``, from a folder on disk, or ``http``, from a host."""
    if way == "file":
        yield site.as_uri()
    else:
        with served(site) as address:
            yield address


@contextmanager
def narrow_page(browser: Browser, scheme: str) -> Iterator[tuple[Page, list[str]]]:
    """A page 320 pixels wide in the light or the dark scheme, and everything that its console says."""
    context = browser.new_context(viewport=SIZES["phone"], color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()


def sideways(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


#: WCAG 2.2 A and AA, as axe-core names them.
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Runs axe-core and brings back what a test asks for alone: all that axe says of a page is longer than the page.
_LOOK = """async ([within, options]) => {
  const found = await axe.run(within ?? document, options);
  const groups = [found.passes, found.violations, found.incomplete, found.inapplicable];
  return {
    looked: groups.flat().map((rule) => rule.id),
    broken: found.violations.flatMap((rule) => rule.nodes.map((node) =>
      `${rule.id}: ${JSON.stringify(node.target)} ${node.html} ${node.failureSummary}`)),
  };
}"""


def violations(page: Page, within: object = None) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on the page, or on a part of it, as it stands: rule, place, remedy.

    No rule is switched off. What passes is not described (``resultTypes``): that takes as long as all the rest.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # Without preload from a folder: axe would fetch the style sheets, which a page from there may not.
    options = {"runOnly": _WCAG, "resultTypes": ["violations"], "preload": not page.url.startswith("file:")}
    found = page.evaluate(_LOOK, [within, options])
    of_pages = set() if within else {"document-title", "html-has-lang"}
    assert {"color-contrast", "target-size", "link-name"} | of_pages <= set(found["looked"])
    return list(found["broken"])
