"""Find the system libraries that PDFs need (pango and what belongs to it), or install them.

In this order: they are present; Debian's packages, as root. Without them, an error that says what to install: tests of
PDFs are never skipped.
"""

from __future__ import annotations

import subprocess
import sys

from browser import apt_install, on_debian

#: The first are needed; the last makes smaller files, and older systems do not have it.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def missing() -> str | None:
    """What is missing, as a message. Asked in a process of its own: a failed import leaves traces."""
    module = "studyguide.exports.pdf_typesetting"
    code = f"import sys; from {module} import what_is_missing; print(what_is_missing(sys.platform) or '')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() or None


def install() -> None:
    """Install what Debian has of the libraries; elsewhere they have to be installed by hand."""
    if on_debian():
        for package in PACKAGES:
            apt_install(package)


def main() -> int:
    message = missing()
    if message and "--install" in sys.argv[1:]:
        install()
        message = missing()
    if message:
        print(message, file=sys.stderr)
        return 1
    print("PDFs can be made here.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
