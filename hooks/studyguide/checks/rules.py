"""All rules across fields and files. Each is a generator of problems; none prints, raises or stops early.

A rule's docstring says why it is there, with a bad and a good example; together they are the page "Rules for content".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studyguide.checks.answers import (
    first_words_can_be_said,
    numbers_come_from_somewhere,
    outlines_can_be_said,
    prompts_are_short,
    questions_are_asked,
    stories_have_an_example,
    terms_are_used,
)
from studyguide.checks.exports import exports_can_carry
from studyguide.checks.ids import (
    cards_stand_in_their_round,
    ids_are_unique,
    ids_are_well_formed,
    names_fit_every_system,
    orders_differ,
    there_is_something,
    titles_differ,
    worksheet_fields_differ,
)
from studyguide.checks.notebooks import links_lead_somewhere, notebooks_can_be_quoted, values_are_published
from studyguide.checks.prompts import prompts_differ
from studyguide.checks.references import (
    plan_days_follow,
    references_are_not_repeated,
    references_exist,
    selections_select,
    weights_sum_to_hundred,
)
from studyguide.checks.texts import (
    code_can_be_read,
    formulas_can_be_read,
    lines_stay_lines,
    nothing_is_a_stub,
    reviews_are_past,
    terms_can_be_found,
    text_is_plain_markdown,
    words_are_not_torn,
)
from studyguide.checks.workings import workings_are_right
from studyguide.content.read import Content
from studyguide.problems import Problem

Check = Callable[[Content], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    there_is_something,
    ids_are_well_formed,
    ids_are_unique,
    cards_stand_in_their_round,
    references_exist,
    references_are_not_repeated,
    prompts_differ,
    titles_differ,
    nothing_is_a_stub,
    text_is_plain_markdown,
    formulas_can_be_read,
    questions_are_asked,
    prompts_are_short,
    first_words_can_be_said,
    outlines_can_be_said,
    numbers_come_from_somewhere,
    stories_have_an_example,
    terms_are_used,
    words_are_not_torn,
    workings_are_right,
    values_are_published,
    notebooks_can_be_quoted,
    links_lead_somewhere,
    code_can_be_read,
    lines_stay_lines,
    terms_can_be_found,
    exports_can_carry,
    names_fit_every_system,
    reviews_are_past,
    orders_differ,
    weights_sum_to_hundred,
    plan_days_follow,
    selections_select,
    worksheet_fields_differ,
)


def check(content: Content) -> list[Problem]:
    """Every problem that every check finds."""
    return [problem for rule in CHECKS for problem in rule(content)]
