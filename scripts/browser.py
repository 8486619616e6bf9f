"""Find the Chromium that the tests drive, or install one; print its path.

In this order: one that is present; Debian's package, as root; the one that Playwright brings. Without any, an error
that says what to do: tests that need a browser are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: The first is the same engine without windows, which Playwright too prefers: the tests take half the time in it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class NoBrowserError(RuntimeError):
    """No Chromium is there; the text says how to get one."""


def find() -> str | None:
    """The path of a Chromium that is present: named by CHROMIUM, on the PATH, or brought by Playwright."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise NoBrowserError(f"CHROMIUM must name a browser, found '{named}': correct or unset it")
        return shutil.which(named)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if MAC.is_file():
        return str(MAC)
    return of_playwright("chromium")


def of_playwright(name: str) -> str | None:
    """The path of the engine that Playwright brought, if it did: "chromium", "firefox" or "webkit"."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = getattr(playwright, name).executable_path
    return path if Path(path).is_file() else None


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


def install() -> str:
    """Install a Chromium where none is; its path. Raises `NoBrowserError` where that does not work either."""
    if path := find():
        return path
    if on_debian():
        _ = apt_install("chromium-headless-shell") or apt_install("chromium")  # older systems have only the second
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if path := find():
        return path
    raise NoBrowserError(
        "The tests need a Chromium, and none could be installed. Install one (Debian: apt-get install chromium; "
        "elsewhere: .venv/bin/playwright install chromium) or name one with CHROMIUM=/path/to/it."
    )


def main() -> int:
    try:
        path = install() if "--install" in sys.argv[1:] else find()
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    print(path or "none")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
