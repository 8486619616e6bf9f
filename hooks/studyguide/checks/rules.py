"""All rules across fields and files. Each is a generator of problems; none prints, raises or stops early.

A rule's docstring says why it is there, with a bad and a good example; together they are the page "Rules for content".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from studyguide.checks import answers, arithmetic, exports, ids, notebooks, prompts, references, texts
from studyguide.content.read import Content
from studyguide.parallel import in_parts
from studyguide.problems import Problem

Check = Callable[[Content], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    ids.there_is_something,
    ids.ids_are_well_formed,
    ids.ids_are_unique,
    ids.cards_stand_in_their_round,
    references.references_exist,
    references.references_are_not_repeated,
    references.ways_lead_somewhere,
    prompts.prompts_differ,
    ids.titles_differ,
    texts.nothing_is_a_stub,
    texts.text_is_plain_markdown,
    texts.formulas_can_be_read,
    answers.questions_are_asked,
    answers.prompts_are_short,
    answers.first_words_can_be_said,
    answers.outlines_can_be_said,
    answers.numbers_come_from_somewhere,
    answers.stories_have_an_example,
    answers.terms_are_used,
    texts.words_are_not_torn,
    arithmetic.workings_are_right,
    notebooks.values_are_published,
    notebooks.notebooks_can_be_quoted,
    notebooks.headings_differ,
    notebooks.links_lead_somewhere,
    texts.code_can_be_read,
    texts.lines_stay_lines,
    texts.terms_can_be_found,
    exports.exports_can_carry,
    ids.names_fit_every_system,
    texts.reviews_are_past,
    ids.orders_differ,
    references.weights_sum_to_hundred,
    references.plan_days_follow,
    references.selections_select,
    ids.worksheet_fields_differ,
)


#: From so many cards on, half of the checks are worth the start of a second process.
CARDS_WORTH_A_PROCESS = 100


def check(content: Content) -> list[Problem]:
    """Every problem that every check finds."""

    def found_by(rules: Sequence[Check]) -> list[Problem]:
        return [problem for rule in rules for problem in rule(content)]

    least = len(CHECKS) // 2 if len(content.cards) >= CARDS_WORTH_A_PROCESS else len(CHECKS)
    return [problem for part in in_parts(found_by, CHECKS, least=least) for problem in part]
