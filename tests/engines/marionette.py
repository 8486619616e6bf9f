"""Firefox without geckodriver, which Debian does not have: Selenium's commands, sent to Firefox's own Marionette.

Marionette takes the commands of WebDriver over a socket, under names of its own; geckodriver only translates. Both ways
a message is `length:JSON`: ``[0, number, name, parameters]`` there, ``[1, number, error, result]`` back.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import FirefoxOptions, Remote
from selenium.webdriver.remote.command import Command

#: The few of Selenium's commands that the walk gives, by Marionette's names.
NAMES = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.GET: "WebDriver:Navigate",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
}
#: Errors that the browser noted of pages below an address; only the browser's own scripts see them all.
ERRORS = """return Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && one.flags === Ci.nsIScriptError.errorFlag)
  .filter((one) => one.sourceName.startsWith(arguments[0])).map((one) => one.message)"""
#: What a page hears of the reader's preference.
SCHEMES = {"dark": 0, "light": 1}
SETTINGS = {
    "marionette.port": 0,  # any that is free
    # Firefox would fetch the page that a page names as its next one, which the site's policy forbids: it says so as an
    # error, and nothing else comes of it.
    "network.prefetch-next": False,
}
LISTENING = re.compile(r"Marionette\s+INFO\s+Listening on port (\d+)")


class Connection:
    """What Selenium takes for a connection to a driver: commands in, answers out."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._answers = self._socket.makefile("rb")
        self._number = 0
        self._read()  # the greeting

    def execute(self, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The answer to a command of Selenium's, in the form that it reads."""
        parameters = {name: value for name, value in parameters.items() if name not in ("sessionId", "capabilities")}
        if command == Command.W3C_EXECUTE_SCRIPT:
            parameters["sandbox"] = None  # run beside the page's own scripts, not in a copy of its window
        error, result = self.say(NAMES[command], **parameters)
        if error:
            return {"status": 500, "value": json.dumps({"value": error})}
        return result if result and "value" in result else {"value": result}

    def say(self, name: str, **parameters: Any) -> tuple[Any, Any]:
        """The error and the result of a command of Marionette's."""
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        return error, result

    def errors(self, root: str) -> list[str]:
        """What went wrong in the scripts of pages below an address."""
        self.say("Marionette:SetContext", value="chrome")
        error, result = self.say("WebDriver:ExecuteScript", script=ERRORS, args=[root])
        assert error is None, error
        self.say("Marionette:SetContext", value="content")
        return list(result["value"])

    def close(self) -> None:
        self.say("Marionette:Quit", flags=["eForceQuit"])
        self._answers.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox hung up")
            length += byte
        return json.loads(self._answers.read(int(length)))


@contextmanager
def firefox(path: str, scheme: str, profile: Path) -> Iterator[tuple[Remote, Connection]]:
    """A Firefox of its own, which prefers light or dark pages, and the connection to it."""
    profile.mkdir()
    settings = {**SETTINGS, "layout.css.prefers-color-scheme.content-override": SCHEMES[scheme]}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [path, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile]
    environment = {**os.environ, "HOME": str(profile)}  # as root, Firefox refuses another user's
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            port = _port(process)
            threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would halt it
            connection = Connection(port)
            yield Remote(connection, options=FirefoxOptions()), connection
            connection.close()
            process.wait(timeout=60)
        finally:
            process.kill()


def _port(process: subprocess.Popen[str]) -> int:
    """The port that Firefox says it listens at, within a minute."""
    said = []
    limit = threading.Timer(60, process.kill)
    limit.start()
    try:
        for line in process.stdout or ():
            if match := LISTENING.search(line):
                return int(match[1])
            said.append(line)
    finally:
        limit.cancel()
    raise AssertionError(f"Firefox does not start: {''.join(said)}")
