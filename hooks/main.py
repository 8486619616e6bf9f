"""MkDocs' entry into the guide. Everything happens in `studyguide.site`; this file only names the events."""

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext
from studyguide.site import assets, events


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Before MkDocs empties the output folder: a problem in the content leaves the last good site as it was."""
    events.prepare(config)
    return config


@event_priority(100)  # before any plugin looks at the files
def on_files(files: Files, config: MkDocsConfig) -> Files:
    return events.add_files(files, config)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    events.speed_up(env, config)
    assets.name_by_content(env, config, files)
    return env


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    events.describe(page, config)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return events.content_html(html, page, config)


@event_priority(-100)  # after every plugin that still changes the HTML
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return events.finished(output, page, config)


def on_template_context(context: TemplateContext, template_name: str, config: MkDocsConfig) -> TemplateContext:
    return events.with_cards(context, template_name, config)


@event_priority(-100)
def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    return events.final_template(output_content, template_name)


on_post_build = CombinedEvent(
    event_priority(-50)(events.complete),  # after the search has written its index, before it is made fit for file://
    event_priority(-100)(events.publish),  # after everything that still writes files
)
