"""Serve the guide, and show every edit: a saved card at once, all else as soon as the site is built.

A card is rendered by itself while the whole site is built behind it, in a process of its own; when that is whole it
takes the old site's place. What is wrong is printed and shown in the browser; until it is fixed the last good site
stays.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import queue
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from studyguide.authoring.preview import LiveGuide
from studyguide.cache import fingerprint
from studyguide.cli.common import UsageError, add_content, content_folder, project_folder
from studyguide.cli.engine import Engine
from studyguide.content.read import is_aside, is_ignored
from studyguide.files import work_folder

SCRIPT = Path(__file__).with_name("live.js")
#: An editor saves in several steps; changes this close together are one. In seconds.
TOGETHER = 0.02


# --- serving ---------------------------------------------------------------------------------------------------------


class Site:
    """The folder that is served now, and the browsers that look at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems = ""
        self._lock = threading.Lock()
        self._viewers: dict[queue.SimpleQueue[tuple[str, Any]], tuple[str, str]] = {}

    def file(self, path: str) -> Path:
        """The file behind an address of the site; the folder itself where the address tries to leave it, or is none."""
        try:
            wanted = (self.folder / unquote(path).lstrip("/")).resolve()
            wanted = wanted / "index.html" if wanted.is_dir() else wanted
        except (OSError, ValueError):  # too long for a name, or with a zero in it
            return self.folder
        return wanted if wanted.is_relative_to(self.folder.resolve()) else self.folder

    def join(self, path: str, has: str) -> queue.SimpleQueue[tuple[str, Any]]:
        viewer: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        with self._lock:
            now = _digest(self.file(path))
            self._viewers[viewer] = (path, now)
        if now and now != has:  # it has changed between the loading of the page and this
            viewer.put(("reload", None))
        if self.problems:
            viewer.put(("problems", self.problems))
        return viewer

    def show(self, uri: str, html: str) -> None:
        """Put a page into the site that is served."""
        target = self.folder / uri
        fresh = target.with_suffix(".new")
        fresh.write_text(html, encoding="utf-8")
        fresh.replace(target)

    def leave(self, viewer: queue.SimpleQueue[tuple[str, Any]]) -> None:
        with self._lock:
            self._viewers.pop(viewer, None)

    def tell(self, problems: str) -> None:
        """Tell every browser what is wrong, or that nothing is; those whose page has changed, to load it again."""
        before, self.problems = self.problems, problems
        with self._lock:
            for viewer, (path, digest) in self._viewers.items():
                now = _digest(self.file(path))
                if problems:
                    viewer.put(("problems", problems))
                elif now != digest:
                    self._viewers[viewer] = (path, now)
                    viewer.put(("reload", None))
                elif before:
                    viewer.put(("fixed", None))


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


class Handler(SimpleHTTPRequestHandler):
    """Files of the site, pages with the script that reloads them, and the stream of events."""

    protocol_version = "HTTP/1.1"  # a page is a dozen files, over few connections
    disable_nagle_algorithm = True  # or a file waits for the acknowledgement of its own header
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def __init__(self, *arguments: Any, site: Site) -> None:
        self.here = site
        super().__init__(*arguments)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        try:
            if address.path == "/__live/events" and self.command == "GET":
                asked = parse_qs(address.query)
                self._stream(asked.get("page", ["/"])[0], asked.get("has", [""])[0])
            elif address.path == "/__live/script.js":
                self._send(SCRIPT.read_bytes(), "text/javascript")
            else:
                file = self.here.file(address.path)
                if file.name == "index.html" and not address.path.endswith(("/", "/index.html")):
                    self._redirect(f"{address.path.rpartition('/')[2]}/")  # or the page's links would lead astray
                else:
                    self._send_file(file)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the browser went on to another page

    def _send_file(self, file: Path) -> None:
        status = 200
        if not file.is_file():
            file, status = self.here.folder / "404.html", 404
        body = file.read_bytes() if file.is_file() else b"Not found"
        kind = self.guess_type(str(file))
        if kind == "text/html":
            script = f'<script src="/__live/script.js" data-has="{hashlib.sha256(body).hexdigest()}" defer></script>'
            body = body.replace(b"</body>", f"{script}</body>".encode())
            kind = "text/html; charset=utf-8"
        self._send(body, kind, status)

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _stream(self, path: str, has: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()
        viewer = self.here.join(path, has)
        try:
            while True:
                try:
                    name, data = viewer.get(timeout=15)
                    self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        finally:
            self.here.leave(viewer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is for problems."""


# --- watching --------------------------------------------------------------------------------------------------------


class Changes(FileSystemEventHandler):
    """Collects the paths of changed files, without those in the content folder that are no content."""

    def __init__(self, content: Path) -> None:
        self._content = content
        self.paths: queue.SimpleQueue[Path] = queue.SimpleQueue()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory or event.event_type in ("opened", "closed_no_write"):
            return
        for path in filter(None, (event.src_path, event.dest_path)):
            found = Path(str(path))
            aside = found.is_relative_to(self._content) and is_aside(found.relative_to(self._content).parts)
            if not aside and not is_ignored(found.name) and "__pycache__" not in found.parts:
                self.paths.put(found)

    def next(self) -> set[Path]:
        """Wait for a change, and for those that come right after it."""
        found = {self.paths.get()}
        while True:
            try:
                found.add(self.paths.get(timeout=TOGETHER))
            except queue.Empty:
                return found


class Server:
    """Shows edited cards, and builds the site behind them; two threads, so that a build keeps nobody waiting."""

    def __init__(self, root: Path, content: Path, scratch: Path) -> None:
        self.root, self.content, self.scratch = root, content, scratch
        self.site = Site(scratch)
        self.guide: LiveGuide | None = None
        #: Set while something has changed that no build has begun with.
        self.changed = threading.Event()
        self._engine: Engine | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._number = 0

    def rebuild(self) -> bool:
        """Build the whole site, and serve it if it is whole and nothing has changed since it was begun."""
        began = time.perf_counter()
        self._number += 1
        target = self.scratch / f"site-{self._number}"
        with self._lock:
            if self._closed:
                return False
            self._engine = Engine(self.root, self.content, target, behind=True)
        problems = self._engine.problems()
        if self._closed:
            return False
        if problems or self.changed.is_set():
            shutil.rmtree(target, ignore_errors=True)
            if problems and not self.changed.is_set():
                self._say_problems(problems)
            return False
        old, self.site.folder = self.site.folder, target
        _say(f"Built in {time.perf_counter() - began:.2f} s")
        self.site.tell("")
        if old != self.scratch:
            shutil.rmtree(old, ignore_errors=True)
        self.guide = LiveGuide.load(self.content, work_folder(self.root, self.content) / ".cache", fingerprint())
        return True

    def keep_building(self) -> None:
        while True:
            self.changed.wait()
            self.changed.clear()
            self.rebuild()

    def keep_showing(self, changes: Changes) -> None:
        while True:
            if self.glance(sorted(changes.next())):
                self.changed.set()

    def glance(self, files: Iterable[Path]) -> bool:
        """Show saved cards at once. Whether a build is worth while: it is, if they are sound."""
        problems: list[str] = []
        shown = False
        for file in files:
            began = time.perf_counter()
            found = self.guide.glance(file) if self.guide and file.suffix == ".yml" and file.is_file() else None
            if found is None:
                continue  # only a build can tell
            problems += map(str, found.problems)
            if found.uri:
                self.site.show(found.uri, found.html)
                shown = True
                _say(f"{found.uri} in {time.perf_counter() - began:.2f} s")
        if problems:
            self._say_problems("\n".join(problems))
        elif shown:
            self.site.tell("")
        return not problems

    def close(self) -> None:
        """End the build that runs, and begin no other."""
        with self._lock:
            self._closed = True
        if self._engine is not None:
            self._engine.stop()

    def _say_problems(self, text: str) -> None:
        print(text.strip(), file=sys.stderr, flush=True)
        self.site.tell(text.strip())


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def watched(root: Path, content: Path) -> list[Path]:
    """Everything that a page may be made from."""
    places = [content, root / "docs", root / "hooks", root / "mkdocs.yml", Path(__file__).resolve().parents[1]]
    return [place for place in places if place.exists() and not any(p in place.parents for p in places)]


def _serve(server: Server, http: ThreadingHTTPServer) -> None:
    """Serve what is built, and follow what changes, until Ctrl-C."""
    changes = Changes(server.content.resolve())
    observer = Observer()
    for place in watched(server.root, server.content.resolve()):
        observer.schedule(changes, str(place), recursive=place.is_dir())
    observer.start()
    threading.Thread(target=server.keep_showing, args=(changes,), daemon=True).start()
    threading.Thread(target=server.keep_building, daemon=True).start()
    host, port = http.server_address[:2]
    shown = f"[{host!s}]" if ":" in str(host) else host
    print(f"http://{shown!s}:{port}/ (Ctrl-C stops)", flush=True)
    try:
        http.serve_forever()
    finally:
        observer.stop()


@contextmanager
def bound(host: str, port: int, site: Site) -> Iterator[ThreadingHTTPServer]:
    """A server that has its port. Raises `UsageError` where it cannot have it."""

    class HttpServer(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server_bind = TCPServer.server_bind  # that of HTTP asks the network for the host's name, and may wait for it

    try:
        server = HttpServer((host, port), partial(Handler, site=site))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
            message = f"'{host}' is no address of this machine ({why}): give another with --host (make serve HOST=...)"
            raise UsageError(message) from error
        raise UsageError(
            f"port {port} of {host} cannot be had ({why}): stop what uses it, or choose another with --port (make "
            "serve PORT=...); 0 takes a free one"
        ) from error
    with server:
        yield server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_content(parser)
    parser.add_argument("--port", type=int, default=8000, help="default: 8000; 0 takes a free one")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1, this machine alone)"
    )


def run(options: argparse.Namespace) -> int:
    root, content = project_folder(), content_folder(options)
    with tempfile.TemporaryDirectory(prefix="studyguide-") as scratch:
        server = Server(root, content, Path(scratch))
        with bound(options.host, options.port, server.site) as http:
            try:
                if not server.rebuild():
                    print("Nothing to serve yet; fix this first.", file=sys.stderr)
                    return 1
                _serve(server, http)
            except KeyboardInterrupt:
                with suppress(BrokenPipeError):
                    print()
            finally:
                server.close()
    return 0
