"""Bytes -> files: archives that are the same bytes each time, and checksums."""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from collections.abc import Mapping

#: ZIP cannot say earlier.
_EARLIEST = (1980, 1, 1, 0, 0, 0)
#: Nor later than the end of 2107; in seconds since 1970.
LATEST = 4_354_819_199
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


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()
