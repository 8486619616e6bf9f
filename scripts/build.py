"""Build the site, strictly, beside the last one, and put it in its place when it is whole.

Exit codes: 0 built, 1 not built (the last site is as it was), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--site", type=Path, default=Path("site"), metavar="DIR", help="where the site goes (default: site)"
    )
    site: Path = parser.parse_args(arguments).site.absolute()
    site.parent.mkdir(parents=True, exist_ok=True)
    # Beside the old site, so that the last step is a rename on one file system.
    with tempfile.TemporaryDirectory(prefix=f".{site.name}-", dir=site.parent) as scratch:
        made = Path(scratch) / "new"
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(made)]
        if subprocess.run(command, check=False).returncode:
            print(f"Not built; {site} is as it was.", file=sys.stderr)
            return 1
        put_in_place(made, site, Path(scratch) / "old")
    pages = sum(1 for _ in site.rglob("*.html"))
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    print(f"{pages} pages, {size / 1e6:.1f} MB in {site}")
    return 0


def put_in_place(made: Path, site: Path, old: Path) -> None:
    """Replace a folder by another in two renames; the first is undone if the second fails."""
    if site.exists():
        site.rename(old)
    try:
        made.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
