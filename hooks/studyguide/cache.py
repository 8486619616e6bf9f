"""What was worked out before: one file that may be deleted at any time, and that nothing depends on but speed.

An entry is looked up by its kind and its name, and holds a key: what it was made from. It counts only where the key is
that of today, so a wrong answer would take a wrong key, not a stale file. The whole file belongs to one version of the
code, the templates and the packages (`fingerprint`); another version begins anew.

SQLite keeps two builds at once from spoiling it: each writes whole transactions, and whoever comes late writes over the
same names. Every value carries a checksum. Whatever is wrong with the file, damaged, locked or read-only, the answer is
to go on without it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import sqlite3
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

#: Packages whose version may change what is kept here.
PACKAGES = (
    "beautifulsoup4", "ipython", "jinja2", "jupytext", "markdown-it-py", "markupsafe", "mkdocs-jupyter",
    "mkdocs-material", "nbconvert", "nbformat", "nh3", "pydantic", "pydantic-core", "pygments", "pyyaml",
)  # fmt: skip
#: How many entries wait to be written together: a page has some 30 KB, and ten thousand must not wait in memory.
AT_ONCE = 500
TEMPLATES = Path(__file__).with_name("templates")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (kind TEXT, name TEXT, key BLOB, sum INTEGER, value BLOB, PRIMARY KEY (kind, name))
WITHOUT ROWID
"""


class Cache:
    """Entries by (kind, name); see the module. Without a file it remembers what waits to be written.

    Use it as a context manager, or call `save`: what was put and not yet written is written then. It may be used again
    after `close`, and must be closed before the process forks: a connection to SQLite belongs to one process.
    """

    def __init__(self, file: Path | None, fingerprint: bytes = b"") -> None:
        self._file = file
        self._fingerprint = fingerprint
        self._connection: sqlite3.Connection | None = None
        self._new: dict[tuple[str, str], tuple[bytes, bytes]] = {}
        #: Names that were asked for, by kind.
        self.used: defaultdict[str, set[str]] = defaultdict(set)

    def get(self, kind: str, name: str, key: bytes) -> bytes | None:
        """The value that was put under this name and made from the same; ``None`` where there is none."""
        found = self.newest(kind, name)
        return found[1] if found and found[0] == key else None

    def newest(self, kind: str, name: str) -> tuple[bytes, bytes] | None:
        """What was last put under this name, with its key; for those who can tell themselves whether it still holds."""
        self.used[kind].add(name)
        if (kind, name) in self._new:
            return self._new[kind, name]
        connection = self._open()
        if connection is None:
            return None
        try:
            query = "SELECT key, sum, value FROM entry WHERE kind = ? AND name = ?"
            row = connection.execute(query, (kind, name)).fetchone()
        except (sqlite3.Error, OverflowError):
            self._give_up()
            return None
        if row is None or not isinstance(row[2], bytes) or zlib.crc32(row[2]) != row[1]:
            return None
        return row[0], row[2]

    def get_or_make(self, kind: str, name: str, key: bytes, make: Callable[[], str]) -> str:
        """The text under this name, made now where it is not kept."""
        value = self.get(kind, name, key)
        if value is not None:
            return value.decode()
        text = make()
        self.put(kind, name, key, text.encode())
        return text

    def in_memory(self, *kinds: str) -> Cache:
        """What there is of these kinds, in a cache without a file: for a process that shows what builds have left."""
        copy = Cache(None)
        connection = self._open()
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                for kind in kinds:
                    for name in _names(connection, kind):
                        if found := self.newest(kind, name):
                            copy.put(kind, name, *found)
        return copy

    def put(self, kind: str, name: str, key: bytes, value: bytes) -> None:
        self._new[kind, name] = (key, value)
        if len(self._new) >= AT_ONCE:
            self.write()

    def save(self) -> None:
        """Write what was put. Entries that are not among `used` go, once they are the most."""
        if self._new:
            self.write(forget=True)

    def write(self, *, forget: bool = False) -> None:
        """Write what was put. To ``forget`` the unused is for those who know all that is used; a part does not."""
        connection = self._open() if self._new else None
        if connection is not None:
            rows = ((*name, key, zlib.crc32(value), value) for name, (key, value) in self._new.items())
            try:
                with connection:  # a transaction
                    connection.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", rows)
                    for kind, used in self.used.items() if forget else ():
                        _forget_unused(connection, kind, used)
            except sqlite3.Error:
                self._give_up()
        self._new.clear()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.save()
        self.close()

    def _open(self) -> sqlite3.Connection | None:
        """The connection, opened where it is not; ``None`` where there is no file, or none that works."""
        if self._connection is None and self._file is not None:
            self._connection = self._connect(self._file)
            if self._connection is None:
                self._file = None
        return self._connection

    def _connect(self, file: Path) -> sqlite3.Connection | None:
        for _ in range(2):
            connection = None
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(file, timeout=10, check_same_thread=False)
                connection.execute("PRAGMA synchronous = OFF")  # a power cut costs the cache, which is nothing
                connection.execute("PRAGMA page_size = 32768")  # of a new file; a page of the guide is of that size
                connection.execute(_SCHEMA)
                version = connection.execute("SELECT value FROM entry WHERE kind = ''").fetchone()
                if version is None or version[0] != self._fingerprint:
                    with connection:
                        connection.execute("DELETE FROM entry")
                        connection.execute("INSERT INTO entry VALUES ('', '', x'', 0, ?)", (self._fingerprint,))
            except (sqlite3.Error, OSError):
                with contextlib.suppress(sqlite3.Error):
                    if connection is not None:
                        connection.close()
                with contextlib.suppress(OSError):
                    file.unlink()
            else:
                return connection
        return None

    def _give_up(self) -> None:
        """Go on without a file that cannot be read or written, and let the next build begin a new one."""
        self.close()
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.unlink()
        self._file = None


def _forget_unused(connection: sqlite3.Connection, kind: str, used: set[str]) -> None:
    names = _names(connection, kind)
    if len(names) > 2 * len(used) + 64:
        connection.executemany("DELETE FROM entry WHERE kind = ? AND name = ?", [(kind, name) for name in names - used])


def _names(connection: sqlite3.Connection, kind: str) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM entry WHERE kind = ?", (kind,))}


class TemplateCache(jinja2.BytecodeCache):
    """Compiled templates, kept in a `Cache`. Jinja itself compares the template's source with what was compiled."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        bytecode = self._cache.get("template", bucket.key, b"")
        if bytecode is not None:
            bucket.bytecode_from_string(bytecode)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache.put("template", bucket.key, b"", bucket.bytecode_to_string())


def fingerprint() -> bytes:
    """This version of the code, of its templates, and of the packages and the Python under it.

    Templates are read anew for each build, so their part is that of today; code is read once, when it begins to run.
    """
    return hashlib.sha256(_code() + _hash(TEMPLATES.rglob("*.html"))).digest()


@cache
def _code() -> bytes:
    versions = "".join(f"{name} {importlib.metadata.version(name)}\n" for name in PACKAGES)
    return f"{sys.version}\n{versions}".encode() + _hash(TEMPLATES.parent.rglob("*.py"))


def _hash(files: Iterable[Path]) -> bytes:
    """Names and contents, as one digest."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(f"{file.relative_to(TEMPLATES.parent).as_posix()}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.digest()
