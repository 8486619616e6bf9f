"""The package brings the project along: mkdocs.yml, docs/ and hooks/, for guides that lie elsewhere (files.PACKAGED).

Everything else about the package stands in pyproject.toml.
"""

from pathlib import Path
from shutil import copy2

from setuptools import setup
from setuptools.command.build_py import build_py

#: What any guide is built with; docs/guides/ is our guide's own, and so is its screenshot.
ALONG = ("mkdocs.yml", "docs/contributing.md", "docs/assets/**/*", "hooks/main.py", "hooks/overrides/**/*")
OURS = "docs/assets/screenshot.png"


class BuildWithProject(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # the checkout is the project
        for pattern in ALONG:
            for file in Path().glob(pattern):
                if file.is_file() and file.as_posix() != OURS and "__pycache__" not in file.parts:
                    target = Path(self.build_lib, "studyguide", "project", file)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    copy2(file, target)


setup(cmdclass={"build_py": BuildWithProject})
