"""Style sheets and scripts: the theme's and ours as one file each, at addresses that change with what they hold."""

from __future__ import annotations

import hashlib
import posixpath
import re

from jinja2 import Environment, pass_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils.templates import TemplateContext, url_filter

from studyguide.site.log import stopped

#: Where the theme keeps its style sheets, and what they become together with ours (they name no file, only data).
THEME_STYLES = "assets/stylesheets/"
STYLE = "assets/style.css"
#: Where the theme keeps its search worker, the languages of that, and the scripts that ours is made of.
THEME_WORKERS = ("assets/javascripts/workers/", "assets/javascripts/lunr/")
WORKER = ("assets/vendor/minisearch.min.js", "assets/vendor/stemmer.min.js", "assets/js/search.js")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")


def style_sheet(files: Files, config: MkDocsConfig) -> File:
    """The theme's style sheets and those that mkdocs.yml names, as one: a browser shows nothing before it has each."""
    themes = sorted(file.src_uri for file in files if file.src_uri.startswith(THEME_STYLES))
    texts = []
    for name in [*themes, *config.extra_css]:
        file = files.get_file_from_path(name)
        if file is None:
            raise stopped("mkdocs.yml names %s under 'extra_css', and docs/ has no such file: correct the name", name)
        files.remove(file)
        if name.endswith(".css"):  # and not a map from one to its source
            texts.append(_SOURCE_MAP.sub("", file.content_string))
    config.extra_css = []  # main.html names the one
    return File.generated(config, STYLE, content="\n".join(texts))


def search_worker(files: Files, config: MkDocsConfig) -> File:
    """Our search, in one file, where the theme looks for its own."""
    theirs = [file for file in files if file.src_uri.startswith(THEME_WORKERS)]
    places = [
        file.src_uri for file in theirs if file.src_uri.startswith(THEME_WORKERS[0]) and file.src_uri[-3:] == ".js"
    ]
    if len(places) != 1:
        raise stopped("the theme must have one search worker, found %d: see %s", len(places), WORKER[1])
    ours = [file for name in WORKER if (file := files.get_file_from_path(name))]
    if len(ours) != len(WORKER):
        raise stopped(
            "the search is made of docs/%s, found %d of them: restore the other", " and docs/".join(WORKER), len(ours)
        )
    for file in (*theirs, *ours):
        files.remove(file)
    return File.generated(config, places[0], content="\n".join(file.content_string for file in ours))


def name_by_content(environment: Environment, config: MkDocsConfig, files: Files) -> None:
    """Put what our scripts and the style sheet hold into their addresses, as a query that changes with it.

    Hosts let browsers keep such files for a while; a page of today must not run the scripts of last week. All scripts
    have one query, because they are made for each other; the guide's data has one of its own.
    """
    of_pages, versions = hashlib.sha256(), {}
    for file in sorted(files, key=lambda file: file.src_uri):
        if file.src_uri.startswith(("assets/js/", "assets/vendor/", THEME_WORKERS[0])) or file.src_uri == STYLE:
            of_pages.update(file.content_bytes)
            versions[file.src_uri] = ""
        elif file.src_uri.startswith("assets/data/"):
            versions[file.src_uri] = f"?{hashlib.sha256(file.content_bytes).hexdigest()[:8]}"
    version = f"?{of_pages.hexdigest()[:8]}"

    def versioned(address: str) -> str:
        query = versions.get(posixpath.normpath(address))
        return address if query is None else f"{address}{query or version}"

    @pass_context
    def url(context: TemplateContext, address: str) -> str:
        return url_filter(context, versioned(str(address)))

    environment.filters["url"] = url
    environment.globals["asset_version"] = version
    for script in config.extra_javascript:
        if not isinstance(script, str):
            script.path = versioned(script.path)
    config.extra["polyfills"] = [versioned(script) for script in config.extra["polyfills"]]
