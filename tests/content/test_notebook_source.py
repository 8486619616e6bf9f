"""What jupytext calls a cell is a cell of ours, with its place in the file; what a guide cannot run is refused."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studyguide.content.notebook_source import Script, read_script
from studyguide.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    [*(ROOT / "content" / "notebooks").glob("*.py"), *(ROOT / "tests" / "tiny" / "notebooks").glob("*.py")]
)
KERNEL = "{display_name: Python 3, language: python, name: python3}"
HEADER = f"# ---\n# jupyter:\n#   kernelspec: {KERNEL}\n#   studyguide: {{title: A test, minutes: 5}}\n# ---\n\n"
FIRST = HEADER.count("\n") + 1


def read(folder: Path, body: str, header: str = HEADER) -> tuple[Script | None, list[Problem]]:
    file = folder / "test.py"
    file.write_text(header + body, encoding="utf-8")
    return read_script(file, "test.py")


def cells(folder: Path, body: str) -> Script:
    script, problems = read(folder, body)
    assert problems == []
    assert script is not None
    return script


def problem(folder: Path, body: str, header: str = HEADER) -> Problem:
    _, problems = read(folder, body, header)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_cells_are_those_of_jupytext_and_stand_where_they_say(file: Path) -> None:
    script, problems = read_script(file, file.name)
    assert problems == []
    assert script is not None
    text = file.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    assert [(cell.kind, cell.text, cell.metadata) for cell in script.cells] == [
        (cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells
    ]
    lines = text.split("\n")
    assert all(lines[cell.line - 1].startswith("# %%") for cell in script.cells)
    for cell in script.cells:
        there = lines[cell.start - 1].removeprefix("# ") if cell.prose else lines[cell.start - 1]
        assert there == cell.text.split("\n")[0]


MARKERS = (
    "# %%", "#%%", "# %% A title", '# %% tags=["evidence: a"]', "# %% tags=['check']", "# %% [markdown]", "# %% [md]",
    "# %% [raw]", "# In[3]:", "# <codecell>", '# %% {"tags": ["values"]}', '# %% alt="A \\"dashed\\" line"', "#  %% x",
    "# %%%% deeper", "",
)  # fmt: skip
TEXTS = (
    "# words", "x = 1", 's = """\n# %% not a cell\n"""', "# %matplotlib inline\nx = 2", "# %%capture\nprint(1)", "",
    "\n\ny = 3\n\n", '"""\nprose in quotes\n"""', "# ```\n# # %% fenced\n# ```",
)  # fmt: skip


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(st.tuples(st.sampled_from(MARKERS), st.sampled_from(TEXTS)), max_size=4))
def test_whatever_is_not_refused_is_read_as_jupytext_reads_it(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, str]]
) -> None:
    body = "".join(f"{marker}\n{text}\n" for marker, text in pieces)
    script, problems = read(tmp_path_factory.getbasetemp(), body)
    assert script is not None
    assert all(problem.line >= FIRST and "Error" not in problem.message for problem in problems)
    notebook = jupytext.reads(HEADER + body, fmt="py:percent")
    ours = [(cell.kind, cell.text, cell.metadata) for cell in script.cells]
    theirs = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    assert ours == [cell for cell in theirs if cell[1].strip() or cell[2].keys() - {"lines_to_next_cell"}]
    lines = (HEADER + body).split("\n")
    for cell in script.cells:
        assert cell.text.split("\n")[0].lstrip("# ") in lines[cell.start - 1]


def test_the_text_alternative_keeps_its_quotes(tmp_path: Path) -> None:
    (cell,) = cells(tmp_path, '# %% tags=["evidence: a"] alt="A \\"dashed\\" line that falls"\nx').cells
    assert (cell.alt, cell.evidence) == ('A "dashed" line that falls', ("a",))


@pytest.mark.parametrize("marker", ["# %%", "#%%", "# In[3]:", "# %% A title"])
def test_every_marker_of_jupytext_s_begins_a_cell(marker: str, tmp_path: Path) -> None:
    script = cells(tmp_path, f'# %% tags=["evidence: a"]\nprint(1)\n\n{marker}\nprint(2)\n')
    assert [(cell.text, cell.line) for cell in script.cells] == [("print(1)", FIRST), ("print(2)", FIRST + 3)]
    assert script.evidence["a"].text == "print(1)"


@pytest.mark.parametrize("ending", ["\r", "\n\r"])
def test_carriage_returns_alone_are_refused_at_the_first(ending: str, tmp_path: Path) -> None:
    file = tmp_path / "test.py"
    file.write_bytes((HEADER + f"# %%{ending}x = 1{ending}").encode())
    script, problems = read_script(file, "test.py")
    assert script is None
    message = "must end its lines in LF or CRLF, found a carriage return alone (U+000D): save the file with either"
    assert {problem.message for problem in problems} == {message}


def test_code_before_the_first_marker_and_prose_in_quotes_are_cells(tmp_path: Path) -> None:
    script = cells(tmp_path, 'import os\n\n# %% [markdown]\n"""\nwords\n"""\n\n# %% [raw]\n# <b>\n')
    assert [(cell.kind, cell.text, cell.start - FIRST) for cell in script.cells] == [
        ("code", "import os", 0),
        ("markdown", "words", 4),
        ("raw", "<b>", 8),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("!ls", "starts a program, found '!ls'"),
        ("# !pip install bread", "starts a program, found '!pip install bread'"),
        ("files = !ls", "starts a program, found 'files = !ls'"),
        ("# %pip install bread", "starts a program"),
        ("# %%bash\n# ls", "starts a program, found '%%bash'"),
        ("# %%R\n# x <- 3", "a guide does not know, found '%%R'"),
        ("# %%time\nsum([1])", "measures time, which differs in each run, found '%%time': remove it"),
        ("x = %timeit -o 1", "measures time"),
        ("print?", "shows help, found 'print?'"),
        ("%load_ext autoreload", "a guide does not know, found '%load_ext autoreload'"),
        ("# %%capture\n!ls", "starts a program"),
        ('get_ipython().system("ls")', "starts a program"),
        ("# cat sat on the mat", "jupytext takes this comment for the command 'cat sat on the mat'"),
        ("# ls", "jupytext takes this comment for the command 'ls'"),
    ],
)
def test_commands_that_a_guide_cannot_run_are_refused_where_they_stand(line: str, found: str, tmp_path: Path) -> None:
    refused = problem(tmp_path, f"# %%\n{line}\n")
    assert found in refused.message
    assert refused.rule == "cell"
    assert refused.line in (FIRST + 1, FIRST + 2)


@pytest.mark.parametrize(
    "line", ["# %matplotlib inline\nx = 1", "%precision 3", "# %%capture\nx = 1", "%%markdown\n*words*", "await x"]
)
def test_commands_that_only_set_or_show_something_are_read(line: str, tmp_path: Path) -> None:
    assert len(cells(tmp_path, f"# %%\n{line}\n").cells) == 1


@pytest.mark.parametrize(
    ("body", "line", "found"),
    [
        ("# %% [markdown]\n# # Title\nx = 3\n", 2, "a markdown cell must be comments, found code"),
        ("# %% [raw]\nx = 3\n", 1, "a raw cell must be comments, found code"),
        ("# %%\nx = (1\n", 1, "a cell must be Python, found '(' was never closed"),
        ("# %%\nreturn 1\n", 1, "a cell must be Python, found 'return' outside function"),
        ('# %% tags=["check"\nx\n', 0, 'options of a cell must be written as tags=["..."]'),
        ('# %% tags="check"\nx\n', 0, "a cell must be one that jupytext can read"),
        ('# %%\nx\n\n# %% tags="check"\nx\n\n# %%\nx\n', 3, "a cell must be one that jupytext can read"),
        ('# %% tags=["raises-exception"]\n1 / 0\n', 0, "a cell must run to its end, found the tag 'raises-exception'"),
        ('# %% tags=["skip-execution"]\nx\n', 0, "a cell must run to its end, found the tag 'skip-execution'"),
        ("# %% alt=3\nx\n", 0, "an alt must be text, found 3"),
        ('# %% [markdown] tags=["evidence: a"]\n# x\n', 0, "the tag 'evidence: a' belongs to code"),
        ("# %%\nx = 1 \u202e\n", 1, "must hold visible characters only"),
        ("# %% [markdown]\n# ```\n\n# %%\nx\n\n# %% [markdown]\n# ```\n", 3, "must not begin within a block of code"),
        ("# %% [R]\nx <- 3\n", 0, "found '[R]'"),
        ("# %% [Markdown]\n# words\n", 0, "found '[Markdown]'"),
        ("# %% markdown\n# words\n", 0, "found 'markdown'"),
        ('# %% tags: ["check"]\nx\n', 0, "a title must be words"),
        ('# %% tag=["check"]\nx\n', 0, "found 'tag': write 'tags', or another word"),
        ('# %% Alt="A line"\nx\n', 0, "found 'Alt': write 'alt'"),
        ('# %% tags=["Solution"]\n# TASK: x\n', 0, "found 'Solution': write 'solution'"),
        ('# %% tags=["evidence:loaf"]\nx\n', 0, "found 'evidence:loaf': write 'evidence: '"),
        ('# %% tags=["evidences: loaf"]\nx\n', 0, "found 'evidences: loaf': write 'evidence: '"),
        ("# %%\n# %%markdown\n# words\n", 1, "write '# %% language=\"markdown\"' above them"),
        ("# %% [markdown]\n\n", 2, "a notebook must have a cell, found none"),
    ],
)
def test_a_cell_that_cannot_be_what_was_meant_is_refused(body: str, line: int, found: str, tmp_path: Path) -> None:
    refused = problem(tmp_path, body)
    assert found in refused.message
    assert refused.line == FIRST + line


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("language: python", "language: R", "must be in Python, found 'python3, R'"),
        (KERNEL, "{display_name: R, name: ir}", "must be in Python, found 'ir, python': write 'name: python3' and"),
        ("name: python3", "name: my-env", "must be in Python, found 'my-env, python'"),
        (KERNEL, "{language: python}", "a kernelspec must hold 'name' and 'display_name'"),
        ("# jupyter:", "# title: A\n# jupyter:", "the header must hold 'jupyter' alone, found 'title'"),
        ("#   studyguide", "  studyguide", "each line of the header must begin with '# '"),
        (
            "#   studyguide",
            "#   jupytext: {text_representation: {format_name: light}}\n#   studyguide",
            "found 'light'",
        ),
        ("#   studyguide", "#   jupytext: {main_language: julia}\n#   studyguide", "found 'julia'"),
    ],
)
def test_a_header_that_jupytext_reads_otherwise_is_refused(old: str, new: str, found: str, tmp_path: Path) -> None:
    assert found in problem(tmp_path, "# %%\nx\n", HEADER.replace(old, new)).message


@pytest.mark.parametrize(
    ("line", "reason"), [("jupytext: 5", "'int' object has no"), ("language_info: 5", "5 is not of type 'object'")]
)
def test_a_header_that_jupytext_cannot_read_is_named_and_not_a_cell(line: str, reason: str, tmp_path: Path) -> None:
    refused = problem(tmp_path, "# %%\nx\n", HEADER.replace("#   studyguide", f"#   {line}\n#   studyguide"))
    assert refused.message.startswith(f"a header must be one that jupytext can read, found another ({reason}")
    assert (refused.line, refused.rule) == (2, "no-header")
