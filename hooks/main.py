"""MkDocs' entry into the guide. Everything happens in `studyguide.site`; this file only names the events."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from studyguide import site


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Before MkDocs empties the output folder: a problem in the content leaves the last good site as it was."""
    site.prepare(config)
    return config


@event_priority(100)  # before mkdocs-jupyter looks for notebooks among the files
def on_files(files: Files, config: MkDocsConfig) -> Files:
    return site.add_files(files, config)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    site.describe(page, config)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return site.content_html(html, page)


@event_priority(-100)  # after every plugin that still changes the HTML
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return site.final_page(output, page, config)


@event_priority(-100)
def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    return site.final_template(output_content, template_name)


@event_priority(-100)  # after everything that still writes files
def on_post_build(config: MkDocsConfig) -> None:
    site.check_links(config)
