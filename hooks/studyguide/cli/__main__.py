"""The one command: ``studyguide init | check | new | build | serve | notebooks | downloads | pdf | batch``.

A command is a module of this package with `add_arguments` and `run`, loaded when it is asked for: a check loads nothing
that a build needs.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from multiprocessing import active_children
from types import MappingProxyType

from studyguide.cli.common import UsageError

#: Each command with what it does, in the order of a day's work.
COMMANDS = MappingProxyType(
    {
        "init": "begin a guide of your own in a new folder",
        "new": "write a new card that is complete but for its words",
        "check": "say every problem of the content, with file, line, column and remedy",
        "serve": "show the guide in a browser, and every edit as it is saved",
        "build": "build the site, strictly; a build that fails leaves the last site as it was",
        "notebooks": "run the notebooks whose runs are not cached",
        "batch": "read all cards as one batch: phrases, openings and moves that they share",
        "downloads": "make what readers take away, and put it into the built site",
        "pdf": "make the PDFs: the guide, a booklet for each round, a sheet for each checklist",
    }
)
_EPILOG = """\
Content is read from --content, else from the folder that STUDYGUIDE_CONTENT names, else from the current folder if it
holds site.yml, else from ./content.
`studyguide COMMAND --help` says what a command takes.
Exit codes: 0 done, 1 something is wrong with the content or could not be made, 2 wrong usage."""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps paragraphs as they are, and leaves names and what they mean a column each."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=24, width=110)


def stop(*_: object) -> None:
    """What Ctrl-C does, which reaches a command's processes too: they end, and what was begun is cleared away."""
    for process in active_children():
        process.kill()
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="studyguide",
        usage="studyguide COMMAND ...",
        description="Structured interview cards in, a study guide out.\n\ncommands:\n"
        + "\n".join(f"  {name:<10} {summary}" for name, summary in COMMANDS.items()),
        epilog=_EPILOG,
        formatter_class=Formatter,
    )
    commands = parser.add_subparsers(
        prog="studyguide", metavar="COMMAND", dest="command", required=True, help=argparse.SUPPRESS
    )
    parsers = {name: commands.add_parser(name, formatter_class=Formatter) for name in COMMANDS}
    name = next((word for word in given if not word.startswith("-")), "")
    if name not in COMMANDS:
        parser.parse_args(given)  # says what is wrong, or prints the help
    module = importlib.import_module(f"studyguide.cli.{name}")
    parsers[name].description = (module.__doc__ or "").strip()
    module.add_arguments(parsers[name])
    for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:  # Windows has no SIGHUP
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` has it ignored
            signal.signal(number, stop)
    options, unknown = parser.parse_known_args(given)
    if unknown:
        parsers[name].error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return int(module.run(options))
    except UsageError as error:
        parsers[name].error(str(error))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
