"""Ask every link to elsewhere whether it still answers; print those that do not, with the files that hold them.

Politely: one request at a time to a host, HEAD first, GET where a host does not know HEAD, a few tries with pauses,
and a name that says who asks. A host that refuses machines (401, 403, 429, 999) is not counted as dead.

Exit codes: 0 all answer (or --soft), 1 some do not, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import http.client
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from studyguide.cli.common import add_content

#: Texts of the project, beside the content.
WHERE = ("docs", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md")
KINDS = {".yml", ".md", ".py"}
AGENT = "strong-answer-links/1 (checks the links of a study guide once a week)"
#: Hosts that are never asked: reserved for examples and for the machine itself (RFC 2606, RFC 6761).
RESERVED = re.compile(r"(^|\.)(example\.(org|com|net)|example|invalid|test|localhost)$|^127\.|^192\.0\.2\.|^\[?::1")
#: Answers of hosts that are there but do not speak with machines.
SHY = frozenset({401, 403, 405, 406, 429, 451, 999})
#: Seconds that an answer may take, and hosts asked at once.
TIMEOUT, HOSTS = 20, 8
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+")

Places = Mapping[str, Sequence[tuple[str, int]]]


def addresses(root: Path, content: Path, where: Sequence[str] = WHERE) -> dict[str, list[tuple[str, int]]]:
    """Every http(s) address in the content and in the project's texts, without its fragment: the files and lines
    (from 1) that hold it."""
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for start in (root / content, *(root / name for name in where)):
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for file in files:
            if file.suffix not in KINDS or not file.is_file():
                continue
            for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
                for match in _ADDRESS.finditer(line):
                    address = trimmed(match[0])
                    shown = file.relative_to(root) if file.is_relative_to(root) else file
                    if address and (place := (shown.as_posix(), number)) not in found[address]:
                        found[address].append(place)
    return {address: places for address, places in sorted(found.items()) if places}


def trimmed(address: str) -> str:
    """The address without what belongs to the sentence around it; an empty text for a host that is never asked."""
    address = address.split("#")[0].rstrip(".,;:!?*_|]}")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:!?*_|]}")
    try:
        host = urllib.parse.urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return "" if not host or RESERVED.search(host) or any(sign in address for sign in "{$") else address


def ask(address: str) -> str:
    """What is wrong with an address; an empty text where it answers."""
    fault = ""
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(address, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310 - http(s), see addresses()
                return ""
        except urllib.error.HTTPError as error:
            fault = f"answers {error.code}"
            if method == "GET" and error.code in SHY:
                return ""
        except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
            fault = f"does not answer ({getattr(error, 'reason', None) or error or type(error).__name__})"
    return fault


def dead(
    places: Places,
    *,
    tries: int = 3,
    pause: float = 5,
    wait: Callable[[float], None] = time.sleep,
) -> dict[str, str]:
    """The addresses that do not answer, with what happened.

    Some hosts are asked side by side, the addresses of one in turn; ``pause`` is in seconds and doubles.
    """
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for address in places:
        by_host[urllib.parse.urlsplit(address).netloc].append(address)

    def of_host(all_of_it: list[str]) -> Iterator[tuple[str, str]]:
        for address in all_of_it:
            fault = ""
            for attempt in range(tries):
                fault = ask(address)
                if not fault or fault in ("answers 404", "answers 410"):
                    break
                if attempt + 1 < tries:
                    wait(pause * 2**attempt)
            if fault:
                yield address, fault

    with ThreadPoolExecutor(HOSTS) as pool:
        return dict(
            sorted(pair for found in pool.map(lambda urls: list(of_host(urls)), by_host.values()) for pair in found)
        )


def report(found: Mapping[str, str], places: Places) -> str:
    """All dead links as one text in Markdown, the same for the same links."""
    if not found:
        return f"All {len(places):,} links to elsewhere answer.\n"
    rows = [
        f"| {address} | {fault.replace('|', '/')} | {', '.join(f'`{file}:{line}`' for file, line in places[address])} |"
        for address, fault in found.items()
    ]
    head = (
        f"{len(found):,} of {len(places):,} links to elsewhere do not answer. Find where each went, or another source."
    )
    return "\n".join([head, "", "| Link | What happened | Where |", "| --- | --- | --- |", *rows, ""])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="links.py", description=(__doc__ or "").split("\n\n")[0])
    add_content(parser)
    parser.add_argument("--soft", action="store_true", help="exit with 0 also where links are dead")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was found as Markdown")
    options = parser.parse_args(arguments)
    places = addresses(Path.cwd(), options.content)
    found = dead(places)
    for address, fault in found.items():
        for file, line in places[address]:
            print(f"{file}:{line}:1: {address} {fault}: find where it went, or another source (dead-link)")
    text = report(found, places)
    print(text.split("\n")[0], file=sys.stderr)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if found and not options.soft else 0


if __name__ == "__main__":
    sys.exit(main())
