"""Find Firefox and WebKit for `make test-browsers`, or install them; print what was found.

In this order: what is present; Debian's packages, as root; what Playwright brings. Where one is missing all the same,
an error says what to do: tests that need a browser are never skipped. Chromium is found by browser.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

from browser import NoBrowserError, apt_install, of_playwright, on_debian
from browser import find as find_chromium

#: Debian's packages. WebKit has no mode without windows, so it gets a screen that nobody sees.
PACKAGES = {"firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb")}


@dataclass(frozen=True)
class Engine:
    """A program, and what drives it: "marionette", "webdriver" (the program is itself the driver) or "playwright"."""

    path: str
    driven_by: str


def find(name: str) -> Engine | None:
    """The engine of this name ("chromium", "firefox" or "webkit") that is present."""
    if name == "chromium":
        path = find_chromium()
        return Engine(path, "playwright") if path else None
    if name == "firefox":
        if path := shutil.which("firefox-esr") or shutil.which("firefox"):
            return Engine(path, "marionette")
    elif shutil.which("Xvfb") and (path := shutil.which("WebKitWebDriver")):
        return Engine(path, "webdriver")
    path = of_playwright(name)
    return Engine(path, "playwright") if path else None


def install(name: str) -> Engine:
    """Install an engine where it is not. Raises `NoBrowserError` where that does not work either."""
    if engine := find(name):
        return engine
    if on_debian():
        apt_install(*PACKAGES[name])
    else:
        # Playwright's WebKit needs libraries of the system; on a machine for tests alone it may ask sudo for them.
        libraries = ["--with-deps"] if os.environ.get("CI") else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, name], check=False)
    if engine := find(name):
        return engine
    raise NoBrowserError(missing(name))


def missing(name: str) -> str:
    """What to say where an engine is missing."""
    return (
        f"`make test-browsers` needs {name}, and none is there. Install it (Debian: apt-get install "
        f"{' '.join(PACKAGES[name])}; elsewhere: .venv/bin/playwright install {name})."
    )


def main() -> int:
    try:
        for name in PACKAGES:
            engine = install(name) if "--install" in sys.argv[1:] else find(name)
            if engine is None:
                raise NoBrowserError(missing(name))
            print(f"{name}: {engine.path}, driven by {engine.driven_by}")
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
