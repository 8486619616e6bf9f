"""Look for inputs that crash or stall what reads strangers' files, or make it take too much memory.

Each input is made by Hypothesis: raw bytes, YAML, cards with parts exchanged, formulas, Markdown, and outputs of
notebooks; small ones, and fragments repeated up to the size that a file may have. An input may take 2 seconds of this
machine's processor and 300 MB; only the errors that a reader announces may leave it.

Exit codes: 0 nothing found, 1 an input was found (printed, shrunk), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

import hypothesis
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from studyguide.checks import arithmetic
from studyguide.content.models import Card
from studyguide.content.read import Content, Item
from studyguide.content.validate import shape
from studyguide.content.yaml_source import MAX_BYTES, parse
from studyguide.notebooks.outputs import shown_outputs
from studyguide.text import markdown

SECONDS = 2.0
MEMORY = 300 * 1024**2
#: The longest text that a field may have.
FIELD = 1_400
#: Packages whose branches guide atheris: those that read strangers' files. To prepare all that is loaded takes minutes.
GUIDING = frozenset({"studyguide", "yaml", "markdown_it"})
SOUND = Path(__file__).resolve().parent.parent / "tests" / "tiny" / "cards" / "bench" / "dense-loaf.yml"


class TooSlowError(Exception):
    """An input took more than `SECONDS` of processor time."""


@dataclass(frozen=True)
class Target:
    """Something that reads what strangers write, and inputs for it."""

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], None]


def repeated(fragments: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    """Fragments one after the other, some of them repeated until ``most`` characters are full."""
    piece = st.tuples(fragments, st.sampled_from([1, 1, 1, 2, 40, most]))
    return st.lists(piece, max_size=8).map(lambda found: "".join((part * times)[:most] for part, times in found)[:most])


# --- inputs ----------------------------------------------------------------------------------------------------------

YAML_SIGNS = st.sampled_from(
    [
        "a: ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!!int ",
        "!x ",
        "|\n",
        ">-\n",
        '"',
        "'",
        "#",
        "%YAML",
        "---\n",
        "...\n",
        "\n",
        "  ",
        "? ",
        ": ",
        ",",
        "<<: ",
        "~",
        "1:30",
        "0x1",
        "0o7",
        ".nan",
        "2026-11-01",
        "1e9",
        "\\u202E",
        "\t",
        "\r",
        "é",
    ]
)
MARKDOWN_SIGNS = st.sampled_from(
    [
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "~~~",
        "[",
        "](",
        ")",
        "![",
        "<",
        ">",
        "<!--",
        "-->",
        "<a ",
        "&",
        "&#x202E;",
        "&amp;",
        "|",
        "\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\\",
        "http://a.b",
        "javascript:",
        "<http://",
        "[a]: ",
        "---\n",
        "~~",
        "a",
        " ",
        "[[a:b]]",
        "{{ x }}",
        "\u00a0",
        "\u0301",
        "e\u0300",
    ]
)
FORMULA_SIGNS = st.sampled_from(
    [
        "1",
        "9",
        "0",
        ".",
        "e9",
        "1e308",
        "(",
        ")",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "%",
        ",",
        " ",
        "sqrt(",
        "log(",
        "exp(",
        "comb(",
        "min(",
        "max(",
        "round(",
        "ceil(",
        "floor(",
        "abs(",
        "x",
        "j",
        "inf",
        "nan",
        "_",
        "'",
        "[",
        "]",
        "lambda:",
        "<<",
        "~",
        "not ",
    ]
)
SVG_SIGNS = st.sampled_from(
    [
        "<g>",
        "</g>",
        "<path ",
        "/>",
        "style='",
        "fill: url(",
        "u\\72l(",
        "'",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "&lt;",
        "&#1;",
        "<a xlink:href='#'>",
        "<!ENTITY a 'b'>",
        "<![CDATA[",
        "]]>",
        "text",
        "<text>",
        "</text>",
        "<use href='//x'/>",
        "#1b212c",
    ]
)

any_text = st.text(max_size=200)
yaml_text = st.one_of(any_text, repeated(YAML_SIGNS, MAX_BYTES), repeated(any_text, MAX_BYTES))
any_markdown = st.one_of(st.text(max_size=FIELD), repeated(MARKDOWN_SIGNS, FIELD), repeated(st.text(max_size=9), FIELD))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    any_markdown,
    st.binary(max_size=20),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(any_text, inner, max_size=5)),
    max_leaves=20,
)
svg = st.one_of(
    any_text,
    st.tuples(any_text, repeated(SVG_SIGNS, 20_000)).map(
        lambda parts: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{parts[0]}">{parts[1]}</svg>'
    ),
    st.integers(0, 9_000).map(lambda n: '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * n + "</g>" * n + "</svg>"),
)
bundles = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["display_data", "execute_result", "stream"])},
    optional={
        "text": st.one_of(any_text, st.lists(any_text, max_size=3)),
        "data": st.dictionaries(
            st.sampled_from(
                ["image/svg+xml", "image/png", "image/jpeg", "text/html", "text/plain", "application/javascript"]
            ),
            st.one_of(svg, any_markdown, any_text, st.lists(any_text, max_size=3)),
            max_size=3,
        ),
    },
)


@st.composite
def cards(draw: st.DrawFn) -> bytes:
    """A sound card in which some values are exchanged for others."""
    card = copy.deepcopy(yaml.safe_load(SOUND.read_text(encoding="utf-8")))
    for _ in range(draw(st.integers(1, 4))):
        parent: Any = card
        while True:
            steps = sorted(parent) if isinstance(parent, dict) else range(len(parent))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            inner = parent[step]
            if isinstance(inner, dict | list) and draw(st.booleans()):
                parent = inner
                continue
            parent[step] = draw(st.one_of(values, any_markdown))
            break
    return yaml.safe_dump(card, allow_unicode=draw(st.booleans()), sort_keys=False).encode("utf-8", "surrogatepass")


# --- readers ---------------------------------------------------------------------------------------------------------


def read_bytes(raw: bytes) -> None:
    source, problems = parse(raw[:MAX_BYTES], "fuzz.yml")
    if (source is None) != bool(problems):
        raise AssertionError("a source or problems, never both or neither")
    if source is not None:
        shape(Card, source)


def read_card(raw: bytes) -> None:
    from studyguide.checks.rules import check

    source, problems = parse(raw[:MAX_BYTES], "fuzz.yml")
    card, more = shape(Card, source) if source is not None else (None, [])
    if card is not None and source is not None:
        more += check(Content(Path(), cards=[Item("fuzz", card, source)]))
    for problem in [*problems, *more]:
        if "\n" in str(problem):
            raise AssertionError("a message is one line")


def read_formula(formula: str) -> None:
    with contextlib.suppress(arithmetic.FormulaError):
        value = arithmetic.evaluate(formula[:200], {"x": 3.0})
        for result in (formula[:80], f"{value} a day"):
            if printed := arithmetic.printed_number(result):
                arithmetic.rounds_to(value, printed)


def read_markdown(found: str) -> None:
    list(markdown.refusals(found))
    markdown.to_html(found)
    markdown.to_inline_html(found)
    markdown.to_plain(found)
    list(markdown.fences(found))


def read_outputs(found: list[dict[str, Any]]) -> None:
    with contextlib.suppress(ValueError):  # what the build reports as an output that is not fit for a page
        shown_outputs(found, "A picture")


TARGETS = (
    Target(
        "bytes",
        st.one_of(st.binary(max_size=2_000), yaml_text.map(lambda t: t.encode("utf-8", "surrogatepass"))),
        read_bytes,
    ),
    Target("cards", cards(), read_card),
    Target("formulas", st.one_of(st.text(max_size=200), repeated(FORMULA_SIGNS, 200)), read_formula),
    Target("markdown", any_markdown, read_markdown),
    Target("outputs", st.lists(bundles, max_size=3), read_outputs),
)


# --- running ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def stopped() -> Iterator[None]:
    """Raise `TooSlowError` within what takes too long, by the processor's time: a busy machine is no finding."""

    def stop(*_: object) -> None:
        raise TooSlowError(f"more than {SECONDS:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def limit_memory() -> None:
    """300 MB beyond what the interpreter and the libraries take; Linux only, elsewhere the limit is not enforced."""
    if sys.platform == "linux":
        import resource

        used = int(
            next(line for line in Path("/proc/self/status").read_text().split("\n") if "VmData" in line).split()[1]
        )
        limit = used * 1024 + MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def fuzz(target: Target, seconds: float, examples: int, *, derandomize: bool = False) -> int:
    """Try inputs until the time is over, at least ``examples``; how many. Raises what an input raised."""
    tried = 0
    end = time.monotonic() + seconds
    seed = 0

    def one(found: Any) -> None:
        nonlocal tried
        tried += 1
        with stopped():
            target.read(found)

    while seed == 0 or time.monotonic() < end:
        run = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=derandomize,
        )(hypothesis.given(target.inputs)(one))
        (run if derandomize else hypothesis.seed(seed)(run))()
        seed += 1
    return tried


def guided(target: Target, seconds: float) -> None:
    """Let coverage guide the inputs of one target (atheris, which is installed apart); ends the process."""
    import atheris

    def one(found: Any) -> None:
        with stopped():
            target.read(found)

    for function in gc.get_objects():
        if isinstance(function, FunctionType) and str(function.__module__).partition(".")[0] in GUIDING:
            atheris.instrument_func(function)
    test: Any = hypothesis.given(target.inputs)(
        settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))(one)
    )
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds:.0f}", "-print_final_stats=1"],
        test.hypothesis.fuzz_one_input,
    )
    atheris.Fuzz()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fuzz.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="for all targets together (default: 60)")
    parser.add_argument("--examples", type=int, default=200, help="at least so many inputs for each target")
    parser.add_argument("--derandomize", action="store_true", help="the same inputs each time")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage; needs atheris and --target")
    parser.add_argument("--target", choices=[target.name for target in TARGETS], help="only this one")
    options = parser.parse_args(arguments)
    chosen = [target for target in TARGETS if options.target in (None, target.name)]
    for target in chosen:  # once, so that what is imported and cached on first use does not count
        hypothesis.given(target.inputs)(settings(max_examples=3, database=None, deadline=None)(target.read))()
    if options.atheris:
        if len(chosen) > 1:
            parser.error("--atheris must have one --target, found none: name it")
        guided(chosen[0], options.seconds)
    limit_memory()
    failed = False
    for target in chosen:
        began = time.monotonic()
        try:
            tried = fuzz(target, options.seconds / len(chosen), options.examples, derandomize=options.derandomize)
        except Exception as error:  # any exception whatever is what is looked for
            notes = "\n".join(getattr(error, "__notes__", []))
            print(f"{target.name}: {type(error).__name__}: {error}\n{notes}", file=sys.stderr)
            failed = True
        else:
            print(f"{target.name}: {tried:,} inputs in {time.monotonic() - began:.1f} s, nothing found")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
