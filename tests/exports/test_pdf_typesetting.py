"""What setting a PDF needs: its libraries, its colors and fonts; and what is said without them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND, ROOT, TINY, studyguide
from pango import PACKAGES
from studyguide.cache import TEMPLATES
from studyguide.exports import pdf_typesetting

pytestmark = pytest.mark.slow


#: In place of the real package: as on a machine without pango, and as on one without WeasyPrint.
NO_PANGO = "print('-----')\nraise OSError(\"cannot load library 'libpango-1.0-0': no such file\\nmore\")\n"
NO_PACKAGE = "raise ImportError('none')\n"


@pytest.mark.parametrize(
    ("package", "platform", "message"),
    [
        (NO_PANGO, "linux", "PDFs need the library pango, which was not found (cannot load library 'libpango-1.0-0': "
         "no such file). Install it. Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
         "libharfbuzz-subset0; Fedora: dnf install pango."),
        (NO_PANGO, "darwin", "PDFs need the library pango, which was not found (cannot load library 'libpango-1.0-0': "
         "no such file). Install it. brew install pango."),
        (NO_PACKAGE, "linux", "PDFs need WeasyPrint, which is not installed: run `make pdf`, or pip install "
         '"studyguide[pdf]"'),
    ],
)  # fmt: skip
def test_without_its_libraries_the_message_says_what_to_install(
    package: str, platform: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text(package)
    code = f"from studyguide.exports.pdf_typesetting import what_is_missing; print(what_is_missing({platform!r}))"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'hooks'}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{message}\n", "")


def test_the_command_without_the_libraries_exits_1_and_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text(NO_PANGO)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'hooks'}"}
    command = [*COMMAND, "pdf", "--content", str(TINY), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("PDFs need the library pango, which was not found")
    assert not (tmp_path / "out").exists()


def test_where_the_machine_has_no_font_for_a_script_it_is_named_and_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>")
    assert studyguide("init", "ours", "--name", "面试指南", "--lang", "zh", cwd=tmp_path).returncode == 0
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    command = [*COMMAND, "pdf", "checklists/*", "--content", "ours", "--out", "out"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:6]) == (1, "0 PDFs")
    name = "checklists/before-the-greenhouse.pdf"
    assert f"{name}: this machine has no font for 南, 指, 试, 面. Install one. Debian" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"Not made: {name}.")
    assert "Traceback" not in done.stderr


def test_listing_the_pdfs_needs_no_weasyprint(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text(NO_PACKAGE)
    code = "import studyguide.exports.pdf, sys; print('weasyprint' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'hooks'}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr


def test_the_packages_that_are_installed_are_those_that_the_message_names() -> None:
    assert " ".join(PACKAGES) in pdf_typesetting.INSTALL["linux"]


def test_the_colours_of_the_book_are_those_of_the_light_palette() -> None:
    def colours(css: str) -> dict[str, str]:
        return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", css))

    light = (ROOT / "docs" / "assets" / "tokens.css").read_text(encoding="utf-8").split("}")[0]
    book_css = (TEMPLATES / "print" / "book.css").read_text(encoding="utf-8").split("}")[0]
    assert colours(book_css)
    assert colours(book_css).items() <= colours(light).items()


def test_the_site_does_not_load_the_fonts_of_the_pdfs(built_tiny: Path) -> None:
    assert [path.name for path in (built_tiny / "site").rglob("*") if "charis" in path.name.lower()] == []
    for sheet in (ROOT / "docs" / "assets").glob("*.css"):
        assert "@font-face" not in sheet.read_text(encoding="utf-8"), sheet
    assert (TEMPLATES / "print" / "fonts" / "OFL.txt").is_file()
