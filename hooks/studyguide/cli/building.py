"""Builds for `make serve`.

Each is made in a process of its own. That of the last good build stays, to render a page of it again.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from io import StringIO
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

#: What the building processes load before they are needed.
PRELOAD = ["mkdocs.commands.build", "mkdocs.config", "material.plugins.search.plugin", "studyguide.site.events"]


class Builder:
    """Builds in processes made ready beforehand; anew from the code on disk once that has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(PRELOAD)
        #: The process of the last good build, and the way to talk to it.
        self._last: tuple[Any, Connection] | None = None
        #: The process of a build that has not ended.
        self._running: Any = None
        #: Set once nothing is built any more.
        self.closed = False
        self._lock = threading.Lock()

    def code_changed(self) -> None:
        self._context = multiprocessing.get_context("spawn")

    def build(self, target: Path) -> str:
        """Build the whole site into a folder; what went wrong, or nothing."""
        here, there = self._context.Pipe()
        behind = self._last is not None  # something is shown already, and the reader's browser goes first
        arguments = (there, str(self._root), str(target), behind)
        with self._lock:
            if self.closed:
                return "No more builds are made."
            process = self._context.Process(target=_build_and_stay, args=arguments)
            process.start()
            self._running = process
        there.close()
        try:
            problems = str(here.recv())
        except EOFError:
            problems = "The build ended without a word: see the terminal."
        with self._lock:
            self._running = None
            superfluous: tuple[Any, Connection] | None = (process, here)
            if not problems and not self.closed:
                superfluous, self._last = self._last, superfluous
        _end(superfluous)
        return problems

    def page(self, source: Path) -> tuple[str, str] | None:
        """A hand-written page as its file is now, with everything around it as it was built: (address, HTML).

        ``None`` where only a build can tell.
        """
        with self._lock:
            if self._last is None:
                return None
            try:
                self._last[1].send(str(source))
                found: tuple[str, str] | None = self._last[1].recv()
            except (EOFError, OSError):
                return None
        return found

    def close(self) -> None:
        """End what is running, and wait until it has."""
        with self._lock:
            self.closed = True
            running, last, self._last = self._running, self._last, None
        if running is not None:
            running.terminate()
            wait([running.sentinel])  # whoever waits for its result takes leave of it
        _end(last)


def _end(one: tuple[Any, Connection] | None) -> None:
    """Let a process go that waits to be asked for pages."""
    if one is not None:
        process, connection = one
        connection.close()
        process.join()


def _build_and_stay(connection: Connection, root: str, target: str, behind: bool) -> None:
    """In a process of its own: build, say what went wrong or nothing, then render pages until nobody asks any more."""
    from mkdocs.commands.build import build, get_context
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort
    from mkdocs.plugins import BasePlugin

    class Witness(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
        """Keeps what MkDocs renders pages from."""

        def on_nav(self, nav: Any, files: Any, **_: Any) -> None:
            self.nav, self.files = nav, files

        def on_env(self, env: Any, **_: Any) -> None:
            self.env = env

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an exception, so that processes of this one end first
    if behind and hasattr(os, "nice"):
        os.nice(10)
    os.chdir(root)
    os.environ.setdefault("STUDYGUIDE_DOWNLOADS", "false")  # nobody takes a guide away while it is being written
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(handler)
    seen = Witness()
    try:
        config = load_config("mkdocs.yml", site_dir=target)
        config.plugins["studyguide/witness"] = seen
        config.plugins.on_startup(command="serve", dirty=False)
        build(config)
    except KeyboardInterrupt:
        return
    except Abort as stopped:
        connection.send(f"{said.getvalue()}{stopped.message}")
        return
    except Exception as error:
        connection.send(f"{said.getvalue()}{type(error).__name__}: {error}")
        return
    connection.send("")

    def page_from(source: str) -> tuple[str, str] | None:
        page = next((file.page for file in seen.files.documentation_pages() if file.abs_src_path == source), None)
        if page is None:
            return None
        page.active = True
        try:
            return page.file.dest_uri, html_of(page)
        finally:
            page.active = False  # or the next page shows this one as the one that is open

    def html_of(page: Any) -> str:
        """The steps in which MkDocs makes a page, for one that it has made already."""
        page = config.plugins.on_pre_page(page, config=config, files=seen.files)
        page.read_source(config)
        page.markdown = config.plugins.on_page_markdown(page.markdown, page=page, config=config, files=seen.files)
        page.render(config, seen.files)
        page.content = config.plugins.on_page_content(page.content, page=page, config=config, files=seen.files)
        context = get_context(seen.nav, seen.files.documentation_pages(), config, page)
        template = seen.env.get_template(page.meta.get("template", "main.html"))
        context = config.plugins.on_page_context(context, page=page, config=config, nav=seen.nav)
        return str(config.plugins.on_post_page(template.render(context), page=page, config=config))

    while True:
        try:
            source = connection.recv()
        except (EOFError, KeyboardInterrupt):
            break
        try:
            connection.send(page_from(source))
        except Exception:
            connection.send(None)  # the build that follows says what is wrong
    config.plugins.on_shutdown()
