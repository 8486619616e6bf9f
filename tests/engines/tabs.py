"""One way to use a page in three engines: Chromium by Playwright, Firefox and WebKit by Selenium or by Playwright."""

from __future__ import annotations

import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import Engine
from marionette import firefox
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver import Remote, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service

#: Seconds that anything on a page may take.
PATIENCE = 10
SIZE = (1280, 900)
#: What can be read of the elements that a selector finds, without those that are hidden.
TEXTS = """([selector]) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  .map((one) => one.innerText.replace(/\\s+/g, " ").trim())"""
VALUE = "([selector]) => document.querySelector(selector).value"
#: A date is typed as the reader's language writes it, so it is put in as Playwright does: by value, and told.
SET_DATE = """([selector, text]) => {
  const field = document.querySelector(selector);
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
}"""


class Tab(ABC):
    """A tab of a reader who has never been here; what a test finds on its page, it waits for."""

    @abstractmethod
    def open(self, address: str) -> None: ...

    @abstractmethod
    def run(self, function: str, *given: Any) -> Any:
        """What a JavaScript function gives in the page, for one list of arguments."""

    @abstractmethod
    def comes_true(self, function: str, *given: Any) -> bool:
        """Whether a JavaScript function gives something true in time."""

    @abstractmethod
    def press(self, selector: str) -> None:
        """Click what can be seen."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None:
        """Write into an empty field; a date as YYYY-MM-DD."""

    @abstractmethod
    def errors(self, root: str) -> list[str]:
        """What the browser noted of errors in pages below an address, as far as it tells."""

    def texts(self, selector: str) -> list[str]:
        return list(self.run(TEXTS, selector))

    def shows(self, selector: str, *texts: str) -> None:
        """Wait until exactly these texts can be read where a selector points."""
        self.comes_true(f"([selector, texts]) => ({TEXTS})([selector]).join('|') === texts.join('|')", selector, texts)
        found = self.texts(selector)
        assert found == list(texts), f"{selector} must show {list(texts)}, found {found}"

    def holds(self, selector: str, text: str) -> None:
        """Wait until a field holds a text."""
        self.comes_true(f"([selector, text]) => ({VALUE})([selector]) === text", selector, text)
        found = self.run(VALUE, selector)
        assert found == text, f"{selector} must hold {text!r}, found {found!r}"

    def sees(self, selector: str) -> None:
        """Wait until something can be read where a selector points."""
        assert self.comes_true(f"([selector]) => ({TEXTS})([selector]).length > 0", selector), f"{selector} is hidden"


class SeleniumTab(Tab):
    def __init__(self, driver: Remote, errors: Callable[[str], list[str]]) -> None:
        self._driver, self._errors = driver, errors

    def open(self, address: str) -> None:
        self._driver.get(address)

    def run(self, function: str, *given: Any) -> Any:
        return self._driver.execute_script(f"return ({function})(arguments[0])", list(given))

    def comes_true(self, function: str, *given: Any) -> bool:
        # While one page gives way to the next, neither can be asked.
        waiting = WebDriverWait(self._driver, PATIENCE, 0.02, ignored_exceptions=[WebDriverException])
        try:
            return bool(waiting.until(lambda _: self.run(function, *given)))
        except TimeoutException:
            return False

    def press(self, selector: str) -> None:
        self.sees(selector)
        # For a moment a message may lie over it, or it may be painted anew, or still be on its way into the page.
        in_the_way = [
            ElementClickInterceptedException,
            ElementNotInteractableException,
            StaleElementReferenceException,
        ]
        waiting = WebDriverWait(self._driver, PATIENCE, 0.02, ignored_exceptions=in_the_way)
        waiting.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector).click() or True)

    def write(self, selector: str, text: str) -> None:
        self.sees(selector)
        if self.run("([selector]) => document.querySelector(selector).type === 'date'", selector):
            self.run(SET_DATE, selector, text)
        else:
            self._driver.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def errors(self, root: str) -> list[str]:
        return self._errors(root)


class PlaywrightTab(Tab):
    def __init__(self, page: Page) -> None:
        page.set_default_timeout(PATIENCE * 1000)
        self._page = page
        self._found: list[tuple[str, str]] = []
        page.on("pageerror", lambda error: self._found.append((str(error), page.url)))
        page.on("console", lambda message: message.type == "error" and self._found.append((message.text, page.url)))

    def open(self, address: str) -> None:
        self._page.goto(address)

    def run(self, function: str, *given: Any) -> Any:
        return self._page.evaluate(function, list(given))

    def comes_true(self, function: str, *given: Any) -> bool:
        try:
            self._page.wait_for_function(function, arg=list(given))
        except PlaywrightTimeoutError:
            return False
        return True

    def press(self, selector: str) -> None:
        self._page.locator(selector).click()

    def write(self, selector: str, text: str) -> None:
        self._page.locator(selector).fill(text)

    def errors(self, root: str) -> list[str]:
        return [text for text, address in self._found if address.startswith(root)]


@contextmanager
def tab(name: str, engine: Engine, scheme: str, folder: Path) -> Iterator[Tab]:
    """A tab of a browser that has kept nothing yet, and prefers "light" or "dark" pages; an empty folder is its own."""
    if engine.driven_by == "marionette":
        with firefox(engine.path, scheme, folder / "profile") as (driver, connection):
            yield SeleniumTab(driver, connection.errors)
    elif engine.driven_by == "webdriver":
        with webkit(engine.path, scheme) as driver:
            yield SeleniumTab(driver, lambda _: [])  # WebKit tells its driver of none
    else:
        with sync_playwright() as playwright:
            sandbox = [] if not is_root() or name != "chromium" else ["--no-sandbox"]
            browser = getattr(playwright, name).launch(executable_path=engine.path, args=sandbox)
            size = dict(zip(("width", "height"), SIZE, strict=True))
            yield PlaywrightTab(browser.new_context(viewport=size, color_scheme=scheme).new_page())
            browser.close()


@contextmanager
def webkit(driver: str, scheme: str) -> Iterator[Remote]:
    """GTK's WebKit in its small browser, on a screen that nobody sees. What it keeps, it forgets at its end."""
    with screen() as display:
        environment = {**os.environ, "DISPLAY": display}
        if is_root():
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"  # as root there is none to be had
        options = WebKitGTKOptions()
        wide, high = SIZE
        for argument in ("--automation", f"--geometry={wide}x{high}", *(["--dark-mode"] if scheme == "dark" else [])):
            options.add_argument(argument)
        service = Service(driver, env=environment)
        service.start()
        try:
            connection = RemoteConnection(client_config=ClientConfig(service.service_url))
            with Remote(connection, options=options) as browser:
                yield browser
        finally:
            service.stop()


@contextmanager
def screen() -> Iterator[str]:
    """The name of an X display of its own."""
    reading, writing = os.pipe()
    wide, high = SIZE
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{wide}x{high}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as said:
            display = said.readline().strip()
        assert display, "Xvfb does not start"
        try:
            yield f":{display}"
        finally:
            server.terminate()


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
