"""The engine, building a guide in a process of its own; what it says is read, and told when the build has failed.

The engine is MkDocs, or another that takes the same command (``STUDYGUIDE_ENGINE=properdocs``).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from studyguide.content.read import files_below
from studyguide.files import CONTENT_VARIABLE, EPOCH_VARIABLE, last_commit

ENGINE_VARIABLE = "STUDYGUIDE_ENGINE"
POLICY = 'http-equiv="Content-Security-Policy"'
#: How a record of the engine's log begins. What follows without such a beginning belongs to it.
_RECORD = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) +-  ")
_NO_DOWNLOADS = {"STUDYGUIDE_DOWNLOADS": "false"}
_QUIET = ("DEBUG", "INFO")


class Engine:
    """One strict build of a guide into a folder. It has begun; wait for its `problems`, or `stop` it."""

    def __init__(
        self, root: Path, content: Path, target: Path, *, behind: bool = False, held: Sequence[int] = ()
    ) -> None:
        """``held`` are files that stay open for as long as the engine runs.

        ``behind`` is for a build behind a guide that is being written and read: it lets the reader's browser go first,
        makes nothing to take away, and is not reached by the Ctrl-C that the server answers.
        """
        self._content, self._target = content, target
        name = os.environ.get(ENGINE_VARIABLE) or "mkdocs"
        command = [sys.executable, "-m", name, "build", "--strict"]
        command += ["--config-file", str(root / "mkdocs.yml"), "--site-dir", str(target)]
        self._process = subprocess.Popen(  # noqa: S603 - fixed words, and folders
            command,
            env=environment(content) | {CONTENT_VARIABLE: str(content)} | (_NO_DOWNLOADS if behind else {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=held if os.name == "posix" else (),
            start_new_session=behind,
        )
        if behind and hasattr(os, "setpriority"):
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def problems(self) -> str:
        """Wait until it has ended: every warning and error, and why the guide was not built; or nothing."""
        try:
            output, _ = self._process.communicate()
        except BaseException:
            self.stop()
            raise
        if not self._process.returncode:
            return complaint(self._target, self._content)
        return "\n".join(warnings_in(output)) or output.strip() or f"The engine ended with {self._process.returncode}."

    def stop(self) -> None:
        """End it, and wait until it has."""
        with suppress(ProcessLookupError):
            if os.name == "posix":
                self._process.send_signal(signal.SIGINT)  # an exception, so that processes of its own end first
            else:
                self._process.terminate()
        self._process.wait()


def warnings_in(output: str) -> Iterator[str]:
    """What the engine logged as warnings and errors, without their level, and whatever else it printed but news."""
    level = ""
    for line in output.splitlines():
        if match := _RECORD.match(line):
            level, line = match[1], line[match.end() :]
        elif level in _QUIET:
            level = ""  # nothing that is logged as news has a second line
        if level not in _QUIET and line.strip():
            yield line


def environment(content: Path) -> dict[str, str]:
    """The environment of a build. Its clock is that of the last commit to the content's repository, so that
    the same commit gives the same bytes. Outside a repository, or where it is set already, it is left alone.
    """
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    with suppress(ValueError):  # git refuses, and the build says why
        if EPOCH_VARIABLE not in variables and (seconds := last_commit(content)) is not None:
            variables[EPOCH_VARIABLE] = str(seconds)
    return variables


def missing(site: Path, content: Path) -> Iterator[str]:
    """What the hooks would have made of a content folder and is not in the site.

    Without hooks an engine builds a plain site of the hand-written pages alone, and says nothing.
    """
    wanted = [site / "index.html", site / "contributing" / "rules.html"]
    for file in files_below(content):
        match file.relative_to(content).parts:
            case ("cards", _, name) if name.endswith(".yml"):
                wanted.append(site / "cards" / f"{file.stem}.html")
            case ("notebooks", name) if name.endswith(".py"):
                wanted.append(site / "notebooks" / f"{file.stem}.html")
    for page in sorted(wanted):
        if not page.is_file():
            yield f"{page.relative_to(site).as_posix()} is not there"
    for page in sorted(site.rglob("*.html")):
        if POLICY not in page.read_text(encoding="utf-8"):
            yield f"{page.relative_to(site).as_posix()} has no Content-Security-Policy"


def complaint(site: Path, content: Path) -> str:
    """What to tell whoever built the site; an empty text where nothing is missing."""
    found = list(missing(site, content))
    if not found:
        return ""
    more = f", and {len(found) - 3:,} more" if len(found) > 3 else ""
    return (
        f"The site must be what the hooks make of {content}, found that {'; '.join(found[:3])}{more}: "
        "mkdocs.yml must name hooks/main.py under 'hooks', and the engine must support hooks."
    )
