"""Notebook scripts (the percent format): a header of ours, and the cells that jupytext reads.

What jupytext calls a cell is a cell, with its kind, its text and its metadata; everything that is run, shown or taken
along is made from these. What we add is the place of each cell in the file, the meaning of some tags, and a refusal of
what a guide cannot run or would show otherwise than it was meant.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from studyguide.content.file_text import decode_text, read_raw
from studyguide.content.yaml_source import Loc, Source, parse
from studyguide.problems import Problem

#: Where in a header what we ask for stands.
INFO_LOC: Loc = ("jupyter", "studyguide")
EVIDENCE = "evidence: "
MAX_BYTES = 128 * 1024
#: Tags that mean something to us, and only on code.
_CODE_TAGS = ("solution", "check", "values")
_MARKS = ("tags", "alt", *_CODE_TAGS)
#: Tags that let a cell fail, or leave it out, without a word on its page.
_SILENT_TAGS = ("raises-exception", "skip-execution")

#: What jupytext takes for a title, and was meant for more: `[R]`, `[Markdown]`, `markdown`, `tags: [...]`.
_NO_TITLE = re.compile(r"\[[^\]]*\]$|(?:markdown|md|raw)$|.*\btags?\s*[:=]\s*\[|.*\balt\s*[:=]\s*[\"']", re.IGNORECASE)
#: Commands of IPython that a guide can run, by what they do with the rest of the cell.
_LINE_MAGICS = frozenset({"matplotlib", "config", "precision"})
_PYTHON_MAGICS = frozenset({"capture"})
_TEXT_MAGICS = frozenset({"html", "HTML", "markdown", "svg", "SVG"})
_CLOCKS = frozenset({"time", "timeit", "prun", "lprun", "memit", "mprun"})
_PROGRAMS = {
    "!", "system", "sx", "pip", "conda", "mamba", "micromamba", "uv", "cd", "ls", "bash", "sh", "script", "cmd",
    "perl", "ruby", "python", "python2", "python3", "pypy",
}  # fmt: skip
_HELP = frozenset({"pinfo", "pinfo2", "psearch", "psource", "pdoc", "pfile", "quickref", "lsmagic", "magic"})


@dataclass(frozen=True)
class Cell:
    """A cell as jupytext reads it, and where it stands: the line of its marker and that of its text, from 1."""

    kind: str
    text: str
    metadata: Mapping[str, Any]
    line: int
    start: int

    @property
    def code(self) -> bool:
        return self.kind == "code"

    @property
    def prose(self) -> bool:
        return self.kind == "markdown"

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.metadata.get("tags", ()))

    @property
    def alt(self) -> str:
        """The text alternative of its picture."""
        return str(self.metadata.get("alt", ""))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The names in its tags `evidence: name`."""
        return tuple(tag.removeprefix(EVIDENCE) for tag in self.tags if tag.startswith(EVIDENCE))


@dataclass(frozen=True)
class Script:
    """A notebook script: its header as YAML data with places, its cells, and what jupytext reads of its header."""

    path: str
    text: str
    header: Source
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]

    @cached_property
    def evidence(self) -> dict[str, Cell]:
        """Cells by the name in their tag `evidence: name`."""
        return {name: cell for cell in self.cells for name in cell.evidence}

    def tagged(self, tag: str) -> list[Cell]:
        return [cell for cell in self.cells if tag in cell.tags]

    def notebook(self) -> dict[str, Any]:
        """The cells in nbformat's form, code without outputs."""
        # nbformat's own ids are random, and the same commit gives the same bytes.
        cells: list[dict[str, Any]] = [
            {
                "id": f"cell-{number}",
                "cell_type": cell.kind,
                "source": cell.text,
                "metadata": dict(cell.metadata),
                **({"execution_count": None, "outputs": []} if cell.code else {}),
            }
            for number, cell in enumerate(self.cells)
        ]
        return {"cells": cells, "metadata": dict(self.metadata), "nbformat": 4, "nbformat_minor": 5}


def read_script(file: Path, shown: str) -> tuple[Script | None, list[Problem]]:
    """Read a notebook script; ``None`` where it has no header or its cells cannot be read."""
    raw, problems = read_raw(file, shown, MAX_BYTES, "move data to notebooks/data")
    if raw is None:
        return None, problems
    text, problems = decode_text(raw, shown, tabs=True)
    if text is None:
        return None, problems
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == "# ---"), None)
    if lines[0].rstrip() != "# ---" or end is None:
        message = "must begin with a header between two lines '# ---', found none: copy it from another notebook"
        return None, [Problem(shown, 1, 1, "no-header", message)]
    for number, line in enumerate(lines[1:end], start=2):
        if not line.startswith("#"):
            message = f"each line of the header must begin with '# ', found '{line[:40]}': put '# ' before it"
            return None, [Problem(shown, number, 1, "no-header", message)]
    # Blank lines stand in for the comment signs, so that places in the header are places in the file.
    header_text = "\n".join(["", *("  " + line.removeprefix("#").removeprefix(" ") for line in lines[1:end])])
    header, problems = parse(header_text.encode(), shown)
    if header is None:
        return None, problems
    if problems := list(_header_problems(header)):
        return None, problems
    header = replace(header, digest=hashlib.sha256(raw).hexdigest())  # of the whole file: a notebook is its cells too
    return _with_cells(header, shown, text, lines, end)


def _header_problems(header: Source) -> Iterator[Problem]:
    """What is not a header of ours, or makes jupytext read another format or another language."""
    data = header.data
    jupyter = data.get("jupyter") if isinstance(data, dict) else None
    if not isinstance(jupyter, dict) or "studyguide" not in jupyter:
        message = "the header must hold 'jupyter: studyguide:', found none: copy it from another notebook"
        yield header.problem("no-header", message)
        return
    for key in data:
        if key != "jupyter":
            message = f"the header must hold 'jupyter' alone, found '{key}' beside it: move it into 'jupyter'"
            yield header.problem("no-header", message, (key,), key=True)
    spec, own = jupyter.get("kernelspec"), jupyter.get("jupytext")
    if spec is not None:
        if not isinstance(spec, dict) or not all(isinstance(spec.get(key), str) for key in ("name", "display_name")):
            message = "a kernelspec must hold 'name' and 'display_name', found another: copy it from another notebook"
            yield header.problem("no-header", message, ("jupyter", "kernelspec"))
            return
        found = f"{spec['name']}, {spec.get('language', 'python')}"[:40]
        if found != "python3, python":
            message = f"a notebook must be in Python, found '{found}': write 'name: python3' and 'language: python'"
            yield header.problem("cell", message, ("jupyter", "kernelspec"))
    if not isinstance(own, dict):
        return
    if own.get("main_language", "python") != "python":
        message = f"a notebook must be in Python, found '{str(own['main_language'])[:40]}': remove the line"
        yield header.problem("cell", message, ("jupyter", "jupytext", "main_language"))
    written = own.get("text_representation")
    form = written.get("format_name", "percent") if isinstance(written, dict) else "percent"
    if form != "percent":
        message = (
            f"a notebook must be in the percent format, found '{str(form)[:40]}': write 'format_name: percent', "
            "and '# %%' above each cell"
        )
        yield header.problem("cell", message, ("jupyter", "jupytext", "text_representation", "format_name"))


def _with_cells(
    header: Source, shown: str, text: str, lines: list[str], end: int
) -> tuple[Script | None, list[Problem]]:
    starts: list[int] = []
    try:
        notebook = _read_by_jupytext(text, starts)
    except Exception as error:  # jupytext and nbformat raise any of them, and none says where
        # nbformat says what must be in the first line of its message.
        reason = str(getattr(error, "message", error)).split("\n")[0][:80]
        if not _can_be_read("\n".join([*lines[: end + 1], "# %%", "1"])):
            message = f"a header must be one that jupytext can read, found another ({reason}): correct that value"
            return None, [header.problem("no-header", message, ("jupyter",), key=True)]
        marker = lines[starts[-1] - 1].strip() if starts else lines[0]
        message = f"a cell must be one that jupytext can read, found '{marker[:60]}' ({reason}): correct its marker"
        return None, [Problem(shown, starts[-1] if starts else 1, 1, "bad-tags", message)]
    cells: list[Cell] = []
    problems: list[Problem] = []
    ends = [*starts[1:], len(lines) + 1][: len(starts)]
    for line, following, found in zip(starts, ends, notebook.cells, strict=True):
        cell = _cell(found, line, lines[line - 1 : following - 1])
        if not cell.text.strip() and not cell.metadata.keys() - {"lines_to_next_cell"}:
            continue  # jupytext takes blank lines above the first marker for a cell
        cells.append(cell)
        problems += _cell_problems(cell, lines, following - 1, shown)
    if not cells:
        message = "a notebook must have a cell, found none: write '# %%' and some code below the header"
        problems.append(Problem(shown, len(lines), 1, "cell", message))
    metadata = {key: value for key, value in notebook.metadata.items() if key != "jupytext"}
    return Script(shown, text, header, tuple(cells), metadata), problems


def _can_be_read(text: str) -> bool:
    try:
        _read_by_jupytext(text, [])
    except Exception:  # as above
        return False
    return True


def _read_by_jupytext(text: str, starts: list[int]) -> Any:
    """The notebook that jupytext reads; the lines on which it begins to read a cell (from 1) go into ``starts``."""
    from jupytext.jupytext import TextNotebookConverter

    converter = TextNotebookConverter("py:percent", None)
    reader_class, total = converter.implementation.cell_reader_class, len(text.splitlines())

    def noting(*arguments: Any) -> Any:
        reader = reader_class(*arguments)
        read = reader.read

        def noted(lines: Sequence[str]) -> Any:
            starts.append(total - len(lines) + 1)
            return read(lines)

        reader.read = noted
        return reader

    converter.implementation = copy.copy(converter.implementation)
    converter.implementation.cell_reader_class = noting
    return converter.reads(text)


def _cell(found: Any, line: int, lines: list[str]) -> Cell:
    """``lines`` are those of the cell, its marker among them where it has one."""
    # A cell without a marker begins with its text. One of prose may be a string in three quotes.
    start = 0 if found.source.split("\n")[0] == lines[0] else 1
    if "cell_marker" in found.metadata:
        while start < len(lines) - 1 and not lines[start].strip():
            start += 1
        start += lines[start].strip() in ('"""', "'''", 'r"""', "r'''", 'R"""', "R'''")
    # nbformat's nodes are dictionaries that cannot be compared after a copy; plain ones can.
    return Cell(found.cell_type, found.source, _plain(found.metadata), line, line + start)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _cell_problems(cell: Cell, lines: list[str], end: int, shown: str) -> Iterator[Problem]:
    """What a guide cannot run, or would show otherwise than it was meant. ``end`` is the line after the cell's."""
    if wrong := cell.metadata.get("incorrectly_encoded_metadata"):
        message = (
            f'options of a cell must be written as tags=["..."] and alt="...", found {str(wrong)[:60]}: correct it'
        )
        yield Problem(shown, cell.line, max(1, lines[cell.line - 1].find(str(wrong)) + 1), "bad-tags", message)
    if not isinstance(cell.metadata.get("alt", ""), str):
        message = f'an alt must be text, found {str(cell.metadata["alt"])[:60]}: write alt="..."'
        yield Problem(shown, cell.line, 1, "bad-tags", message)
    for tag in set(_SILENT_TAGS).intersection(cell.tags):
        message = f"a cell must run to its end, found the tag '{tag}': remove it, and catch what the cell raises"
        yield Problem(shown, cell.line, 1, "cell", message)
    if meant := _misspelt(cell):
        yield Problem(shown, cell.line, 1, "bad-tags", meant)
    if cell.code:
        yield from _code_problems(cell, lines, shown)
        return
    for tag in cell.tags:
        if tag in _CODE_TAGS or tag.startswith(EVIDENCE):
            message = f"the tag '{tag}' belongs to code, found it on a cell of {cell.kind}: move it to another cell"
            yield Problem(shown, cell.line, 1, "cell", message)
    for number, words in enumerate(cell.text.split("\n"), start=cell.start):
        if words.startswith("%%"):  # jupytext looks for no marker in a block of code, wherever that ends
            message = f"a cell must not begin within a block of code, found '{words[:40]}' there: close the block first"
            yield Problem(shown, number, 1, "cell", message)
            return
    if "cell_marker" in cell.metadata or "active" in cell.metadata:
        return
    bare = (n for n in range(cell.start - 1, end) if lines[n].strip() and not lines[n].startswith("#"))
    if (first := next(bare, None)) is not None:
        message = f"a {cell.kind} cell must be comments, found code: begin the line with '# ', or write '# %%' above"
        yield Problem(shown, first + 1, 1, "cell", message)


def _misspelt(cell: Cell) -> str:
    """What stands on a marker, does nothing there and looks as if it should; as a message, or nothing."""
    if cell.code and _NO_TITLE.match(title := str(cell.metadata.get("title", ""))):
        return f"a title must be words, found '{title[:40]}': write [markdown] or tags=[\"...\"], or other words"
    for word in (*cell.metadata, *cell.tags):
        name, colon, _ = word.lower().partition(":")
        meant = get_close_matches(f"{name}: " if colon else name, (*_MARKS, EVIDENCE), 1, 0.85)
        if meant and word not in _MARKS and not word.startswith(EVIDENCE):
            return f"a marker must be spelt as it is read, found '{word[:40]}': write '{meant[0]}', or another word"
    return ""


def _code_problems(cell: Cell, lines: list[str], shown: str) -> Iterator[Problem]:
    """Code that is neither Python nor a command of IPython that a guide can run."""
    text = cell.text.split("\n")
    rules = re.match(r"%%(\w+)", cell.text)
    if rules is None or rules[1] in _PYTHON_MAGICS:  # another command gets its lines as comments
        for number, words in enumerate(text):
            there = lines[cell.start - 1 + number]
            if words != there and not words.lstrip().startswith(("%", "!", "?")):
                message = (
                    f"jupytext takes this comment for the command '{words.strip()[:40]}': word it otherwise, or begin "
                    "it with another word"
                )
                yield Problem(shown, cell.start + number, 1, "cell", message)
                return
    elif rules[1] in _TEXT_MAGICS and lines[cell.start - 1].startswith("#") and "%%" in lines[cell.start - 1]:
        message = f"lines of %%{rules[1]} keep their comment signs: write '# %% language=\"{rules[1]}\"' above them"
        yield Problem(shown, cell.start, 1, "cell", message)
    code, error = _as_python(cell.text)
    if error is not None:
        line, column = (error.lineno or 1, error.offset or 1) if isinstance(error, SyntaxError) else (1, 1)
        found = getattr(error, "msg", error)
        message = f"a cell must be Python, found {found}: correct it"
        yield Problem(shown, cell.start - 1 + min(line, len(text)), max(1, column), "cell", message)
        return
    for number, command, body in _commands(code):
        words = text[number - 1].strip() if number <= len(text) else ""
        if remedy := _remedy(command, f"found '{words[:40]}'", cell=body is not None):
            message = f"a line must not be a command of IPython that {remedy}"
            yield Problem(shown, cell.start - 1 + number, 1, "cell", message)
            return
        if body and command in _PYTHON_MAGICS:
            inner = Cell("code", body.removesuffix("\n"), {}, cell.line, cell.start + 1)
            yield from _code_problems(inner, [*lines[: cell.start], *inner.text.split("\n")], shown)


def _remedy(command: str, found: str, *, cell: bool) -> str:
    """What is wrong with a command, and what to do; empty for one that a guide can run."""
    if command in (_PYTHON_MAGICS | _TEXT_MAGICS if cell else _LINE_MAGICS):
        return ""
    if command in _CLOCKS:
        return f"measures time, which differs in each run, {found}: remove it"
    if command in _PROGRAMS:
        return f"starts a program, {found}: write Python, or word the comment otherwise"
    if command in _HELP:
        return f"shows help, {found}: write what the reader needs as prose"
    known = ", ".join(f"%{name}" for name in sorted(_LINE_MAGICS)) + ", %%capture, %%html, %%markdown and %%svg"
    return f"a guide does not know, {found} (it knows {known}): write Python"


def _as_python(text: str) -> tuple[str, Exception | None]:
    """The cell as the kernel compiles it, and what is wrong with it."""
    error = _fault(text)
    if error is None:
        return text, None
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        blank = len(text) - len(text.lstrip("\n"))  # IPython drops these, and places are counted with them
        manager: Any = TransformerManager  # which has no types
        code = "\n" * blank + manager().transform_cell(text)
    except SyntaxError:
        return text, error
    if (fault := _fault(code)) is not None:
        return code, error if "get_ipython()" not in code else fault
    return code, None


def _fault(code: str) -> Exception | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings; whoever runs the cell is told
            compile(code, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None


def _commands(code: str) -> Iterator[tuple[int, str, str | None]]:
    """The commands of IPython in code, in order: line, name, and what a command for a whole cell gets."""
    if "get_ipython" not in code:
        return
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython")), method), arguments):
                match method, arguments:
                    case (("system" | "getoutput"), _):
                        yield node.lineno, "!", None
                    case "run_line_magic", [ast.Constant(str(name)), *_]:
                        yield node.lineno, name, None
                    case "run_cell_magic", [ast.Constant(str(name)), _, ast.Constant(str(body))]:
                        yield node.lineno, name, body
