"""Find the browsers that the tests drive, or install them (`--install`); print where they are.

Names as arguments: chromium (if none is given), firefox, webkit. In this order: one that is present; Debian's packages,
as root; the one that Playwright brings. Without any, an error that says what to do: tests that need a browser are never
skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Debian's packages. WebKit has no mode without windows, so it gets a screen that nobody sees.
PACKAGES = {"chromium": ("chromium",), "firefox": ("firefox-esr",), "webkit": ("webkit2gtk-driver", "xvfb")}
#: Chromium without windows, which Playwright too prefers: the tests take half the time in it. Older systems lack it.
HEADLESS = "chromium-headless-shell"
CHROMIUMS = (HEADLESS, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class NoBrowserError(RuntimeError):
    """A browser is not there; the text says how to get it."""


@dataclass(frozen=True)
class Engine:
    """A program, and what drives it: "marionette", "webdriver" (the program is itself the driver) or "playwright"."""

    path: str
    driven_by: str


def find(name: str = "chromium") -> Engine | None:
    """The engine of this name that is present. Raises `NoBrowserError` where CHROMIUM names none."""
    if name == "chromium" and (path := _chromium()):
        return Engine(path, "playwright")
    if name == "firefox" and (path := shutil.which("firefox-esr") or shutil.which("firefox")):
        return Engine(path, "marionette")
    if name == "webkit" and shutil.which("Xvfb") and (path := shutil.which("WebKitWebDriver")):
        return Engine(path, "webdriver")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = getattr(playwright, name).executable_path
    return Engine(path, "playwright") if Path(path).is_file() else None


def _chromium() -> str | None:
    """The path of a Chromium that is named by CHROMIUM, or that the system has."""
    if named := os.environ.get("CHROMIUM"):
        if path := shutil.which(named):
            return path
        raise NoBrowserError(f"CHROMIUM must name a browser, found '{named}': correct or unset it")
    present = (path for name in CHROMIUMS if (path := shutil.which(name)))
    return next(present, str(MAC) if MAC.is_file() else None)


def on_debian() -> bool:
    """Whether packages can be installed here: as root, on Debian or its like, whose lists are renewed."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
    return True


def apt_install(*packages: str) -> bool:
    """Install packages of Debian; whether that went well."""
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def install(name: str) -> Engine:
    """Install an engine where it is not. Raises `NoBrowserError` where that does not work either."""
    if engine := find(name):
        return engine
    if on_debian():
        _ = (name == "chromium" and apt_install(HEADLESS)) or apt_install(*PACKAGES[name])
    else:
        # Playwright's WebKit needs libraries of the system; on a machine for tests alone it may ask sudo for them.
        libraries = ["--with-deps"] if os.environ.get("CI") and name != "chromium" else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, name], check=False)
    if engine := find(name):
        return engine
    raise NoBrowserError(missing(name))


def missing(name: str) -> str:
    """What to say where an engine is missing."""
    named = ", or name one with CHROMIUM=/path/to/it" if name == "chromium" else ""
    return (
        f"The tests need {name}, and none is there. Install it (Debian: apt-get install {' '.join(PACKAGES[name])}; "
        f"elsewhere: .venv/bin/playwright install {name}){named}."
    )


def main(arguments: list[str]) -> int:
    names = [word for word in arguments if word in PACKAGES] or ["chromium"]
    try:
        for name in names:
            engine = install(name) if "--install" in arguments else find(name)
            if engine is None:
                raise NoBrowserError(missing(name))
            print(f"{name}: {engine.path}, driven by {engine.driven_by}")
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
