"""Where the content is edited: its repository on a forge, and its folder in there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Forge:
    """``url`` is the repository's address, or nothing where there is none to edit in.

    ``folder`` is the content's place from the root of the repository, ending in a slash unless it is the root. Without an
    address it is empty: files are named from the content folder then.
    """

    url: str = ""
    folder: str = ""

    @property
    def edit(self) -> str:
        """The beginning of the addresses at which files of the content are edited."""
        return f"{self.url}/edit/main/{self.folder}" if self.url else ""


def forge(content: Path, project: Path, url: str) -> Forge:
    """The forge of a content folder; ``url`` is the address of the repository that its guide is published from."""
    root = repository(content, project)
    if root is None or not url:
        return Forge()
    folder = content.resolve().relative_to(root).as_posix()
    return Forge(url.rstrip("/"), "" if folder == "." else f"{folder}/")


def repository(folder: Path, project: Path) -> Path | None:
    """The root of the repository that holds a folder; an archive of the project's source is one without its history."""
    here = folder.resolve()
    for place in (here, *here.parents):
        if (place / ".git").exists():
            return place
    return project.resolve() if here.is_relative_to(project.resolve()) else None
