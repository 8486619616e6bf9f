"""HTML -> PDF, by WeasyPrint: its fonts, its pictures, and what it says.

WeasyPrint needs pango, a system library, so both are an optional extra and are imported only when a PDF is made.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from studyguide.cache import TEMPLATES
from studyguide.exports.pdf_manuscript import Picture
from studyguide.problems import ContentError

PRINT = TEMPLATES / "print"
#: ISO 14289-1: tagged for screen readers, with a language and a title.
VARIANT = "pdf/ua-1"

INSTALL = MappingProxyType(
    {
        "linux": "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
        "Fedora: dnf install pango",
        "darwin": "brew install pango",
        "win32": "install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango",
    }
)
#: DejaVu Sans by weight and style: in pictures, as matplotlib drew them, and where the other fonts have no shape.
_DEJAVU = MappingProxyType(
    {
        ("400", "normal"): "DejaVuSans.ttf",
        ("700", "normal"): "DejaVuSans-Bold.ttf",
        ("400", "italic"): "DejaVuSans-Oblique.ttf",
        ("700", "italic"): "DejaVuSans-BoldOblique.ttf",
    }
)


#: What WeasyPrint says of a character that is printed as an empty box.
_NO_FONT = re.compile(r'\.notdef glyph rendered for Unicode string unsupported by fonts: "(.+)" \(U\+')


class PdfUnavailableError(RuntimeError):
    """WeasyPrint, a system library or a font is not there; the text says what to install."""


def what_is_missing(platform: str) -> str | None:
    """``None`` where PDFs can be made here, else what to install; ``platform`` is `sys.platform`."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # WeasyPrint prints advice of its own before it raises
            import weasyprint  # noqa: F401 - whether it can be imported is the question
    except ImportError:
        return 'PDFs need WeasyPrint, which is not installed: run `make pdf`, or pip install "studyguide[pdf]"'
    except OSError as error:
        system = INSTALL.get(platform, INSTALL["linux"])
        first = str(error).split("\n")[0]
        return f"PDFs need the library pango, which was not found ({first}). Install it. {system}."
    return None


def typeset(html: str, pictures: Mapping[str, Picture], titles: Mapping[str, str]) -> bytes:
    """HTML -> PDF; ``titles`` say where its links lead.

    Raises `ContentError` for a picture that cannot be drawn, `RuntimeError` for what is our own fault.
    """
    if (missing := what_is_missing(sys.platform)) is not None:
        raise PdfUnavailableError(missing)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Answers with this PDF's pictures and the fonts; nothing else is read, and nothing is fetched."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in pictures:
                return URLFetcherResponse(url, pictures[url].content, {"Content-Type": pictures[url].mime})
            if not url.startswith((PRINT.as_uri(), _dejavu().as_uri(), "data:")):
                raise ValueError(f"not a file of the guide: {url}")
            return super().fetch(url, headers)

    fetcher = OurFiles()
    fonts = FontConfiguration()
    logged = _Logged()
    logger = logging.getLogger("weasyprint")
    before = logger.propagate
    logger.addHandler(logged)
    logger.propagate = False  # what it says is raised below, once, and with a place
    # Millions of boxes, all alive until the end: looking for dead ones among them took a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        styles = [
            CSS(string=_dejavu_css(), base_url=PRINT.as_uri(), font_config=fonts, url_fetcher=fetcher),
            CSS(filename=PRINT / "book.css", font_config=fonts, url_fetcher=fetcher),
        ]
        document = HTML(string=html, base_url=f"{PRINT.as_uri()}/", url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=styles, pdf_variant=VARIANT
        )
        identifier = hashlib.md5(html.encode(), usedforsecurity=False).digest()
        pdf = document.write_pdf(
            pdf_variant=VARIANT, pdf_identifier=identifier, finisher=partial(_describe_links, titles)
        )
    finally:
        logger.removeHandler(logged)
        logger.propagate = before
        if collecting:
            gc.enable()
    _refuse(logged.records, pictures)
    return bytes(pdf)


def _describe_links(titles: Mapping[str, str], _document: object, pdf: Any) -> None:
    """Give links within the PDF the title of their target as description, where WeasyPrint puts the target's name."""
    import pydyf

    for entry in pdf.objects:
        if isinstance(entry, pydyf.Dictionary) and entry.get("Subtype") == "/Link" and "Dest" in entry:
            name = entry["Dest"].string
            entry["Contents"] = pydyf.String(titles.get(name, name))


class _Logged(logging.Handler):
    """Keeps what WeasyPrint warns of: it goes on after errors, and a book with a hole is not a book."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())


def _refuse(messages: Iterable[str], pictures: Mapping[str, Picture]) -> None:
    problems, ours = [], []
    for message in messages:
        address = re.search(r"picture:\d+", message)
        if address and address[0] in pictures:
            problems.append(pictures[address[0]].problem(message.split(": ", 1)[-1].strip() or "no picture"))
        else:
            ours.append(message)
    if problems:
        raise ContentError(problems)
    if unseen := sorted({match[1] for message in ours if (match := _NO_FONT.match(message))}):
        more = f" and {len(unseen) - 5} more" if len(unseen) > 5 else ""
        raise PdfUnavailableError(
            f"this machine has no font for {', '.join(unseen[:5])}{more}. Install one. Debian and Ubuntu: apt-get "
            "install fonts-noto-core, and fonts-noto-cjk for Chinese, Japanese, Korean; elsewhere: https://notofonts.github.io."
        )
    if ours:
        raise RuntimeError("WeasyPrint could not set the pages:\n" + "\n".join(sorted(set(ours))))


def _dejavu() -> Path:
    """The folder of the fonts that matplotlib installs."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _dejavu_css() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{(_dejavu() / name).as_uri()}"); }}'
        for (weight, style), name in _DEJAVU.items()
    )
