"""The shape of every kind of content, and nothing else: no files, no rules across files.

Models are frozen, strict and closed: an unknown key is an error and no value is converted. The descriptions are what
contributors read in their editor (the JSON Schemas are generated from here) and in messages.
"""

from studyguide.content.models.card import FORMS, LEVELS, Card, Evidence, Working
from studyguide.content.models.fields import ID_PATTERN, LANG_PATTERN, Id, Model
from studyguide.content.models.lists import Resource, Term, Topic
from studyguide.content.models.notebook import NotebookInfo
from studyguide.content.models.plans import Collection, Plan, PlanRow
from studyguide.content.models.rounds import Role, Round
from studyguide.content.models.sheets import Checklist, Worksheet
from studyguide.content.models.site import Site

__all__ = [
    "FORMS",
    "ID_PATTERN",
    "LANG_PATTERN",
    "LEVELS",
    "Card",
    "Checklist",
    "Collection",
    "Evidence",
    "Id",
    "Model",
    "NotebookInfo",
    "Plan",
    "PlanRow",
    "Resource",
    "Role",
    "Round",
    "Site",
    "Term",
    "Topic",
    "Working",
    "Worksheet",
]
