"""A built site -> one archive to unpack and open by a double click on its index.html."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from studyguide.exports.edition import Edition
from studyguide.exports.files import archive

#: Of use to hosts and robots alone, or with the addresses of a host in them.
_FOR_HOSTS = frozenset({"404.html", "sitemap.xml", "sitemap.xml.gz"})
#: Source maps of the theme: a third of the site's scripts, and only a debugger asks for them.
_FOR_DEBUGGERS = ".map"


def offline_copy(edition: Edition, site: Path, replaced: Mapping[str, bytes], without: Iterable[str]) -> bytes:
    """The site at ``site`` as a ZIP archive with one folder in it.

    ``replaced`` holds files that read differently in the copy, by address; ``without`` the addresses that stay outside:
    the copy itself, and what was made after the site. Raises `FileNotFoundError` where no site is there.
    """
    if not (site / "index.html").is_file():
        raise FileNotFoundError(f"{site} must be a built site, and holds no index.html: run `make build`")
    outside = _FOR_HOSTS | set(without)
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    kept = {uri: path for uri, path in found.items() if uri not in outside and not uri.endswith(_FOR_DEBUGGERS)}
    entries = {uri: replaced.get(uri) or path.read_bytes() for uri, path in kept.items()}
    return archive({f"{edition.id}/{uri}": content for uri, content in entries.items()}, edition.when)
