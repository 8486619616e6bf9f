"""Bytes -> files: archives that are the same bytes each time, and files that are there whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

#: ZIP cannot say earlier.
_EARLIEST = (1980, 1, 1, 0, 0, 0)
#: Written already compressed; to try again costs time and gains nothing.
_PACKED = (".png", ".jpg", ".woff2", ".gz", ".zip", ".apkg", ".pdf")


def archive(entries: Mapping[str, bytes], when: datetime.datetime, *, ordered: bool = False) -> bytes:
    """A ZIP archive of the entries, sorted by name (or in the order given), each from ``when`` and readable by all."""
    stamp = max(when.astimezone(datetime.UTC).timetuple()[:6], _EARLIEST)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        for name in entries if ordered else sorted(entries):
            info = zipfile.ZipInfo(name, stamp)
            info.create_system = 3  # Unix, wherever it is made: the permissions below are read as such
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            pack.writestr(info, entries[name], compresslevel=6)
    return buffer.getvalue()


def write_whole(path: Path, content: bytes, when: datetime.datetime) -> None:
    """Write a file whole or not at all: one beside it takes its place when complete.

    The file is dated ``when``, the time of its edition, so that a copy kept from an earlier edition says so.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.chmod(0o644)
        os.utime(beside, (when.timestamp(), when.timestamp()))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()
