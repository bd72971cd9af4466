"""How the entry of each kind is typed: one list of fields a kind, each with how it is read and said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from suyuan.domain.fields import Field, Type
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedures import CURRENT
from suyuan.domain.rulebook.checks import CONFIRMED
from suyuan.domain.rulebook.messages import TEMPLATES
from suyuan.domain.rulebook.office import DOCUMENT_KINDS, FIELD_TYPES
from suyuan.domain.rulebook.playbooks import TRIGGERS
from suyuan.domain.rulebook.posts import roles_of
from suyuan.domain.rulebook.records import GROUPS, KINDS, PROCEDURES, Certainty
from suyuan.domain.signatures import SHEETS
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.domain.worktime import COUNTS, UNITS

from . import played, reads

TEXT, LONG, CHOICE, CHOICES = Type.TEXT, Type.LONGTEXT, Type.CHOICE, Type.CHOICES


@dataclass(frozen=True, slots=True)
class How:
    """One key of an entry: the field it is typed into, how it is read, which words its codes have."""

    key: str
    field: Field
    reads: Callable[[str], Any] = str
    words: str = ""


def _key(key: str, kind: Type = TEXT, *, named: str = "", optional: bool = False, **given: Any) -> How:
    how, shelf = given.pop("reads", str), given.pop("words", "")
    return How(key, Field(named or key, kind, not optional, **given), how, shelf)


TITLE = (_key("title_zh"), _key("title_en"))
SAY = (_key("say_zh", LONG), _key("say_en", LONG))
FROM, SINCE = _key("in_force_from", Type.DATE), _key("in_force_from", Type.DATE, optional=True)
"""The first day: needed where a record without one could not be told from the one before."""
SOURCED = (
    _key("in_force_until", Type.DATE, optional=True),
    _key("basis"),
    _key(
        "certainty",
        CHOICE,
        words="certainty",
        choices=tuple(c for c in Certainty if c is not Certainty.CONFIRMED),
    ),
    _key("note", LONG, optional=True),
)
DATED = (SINCE, *SOURCED)
VERBS = tuple(dict.fromkeys(step.verb for procedure in CURRENT.values() for step in procedure.steps))
SPECIALTY = _key("specialty", CHOICE, optional=True, words="specialty", choices=SPECIALTIES)
POSTS = tuple(role.value for role in Role)
PROCEDURE = _key("procedure", CHOICE, words="procedure", choices=PROCEDURES)
SYNONYMS = _key("synonyms", optional=True, reads=reads.several)
FIELDS: Mapping[str, tuple[How, ...]] = {
    "limit": (
        _key("id"),
        *TITLE,
        _key("amount", Type.INTEGER, reads=int),
        _key("unit", CHOICE, named="time_unit", words="time_unit", choices=UNITS),
        _key("count", CHOICE, optional=True, words="count", choices=COUNTS),
        _key(
            "procedures", CHOICES, reads=reads.several, optional=True, words="procedure", choices=PROCEDURES
        ),
        _key("starts", CHOICE, words="milestone", choices=MILESTONES),
        _key("stops", CHOICE, words="milestone", choices=MILESTONES),
        _key("when", LONG, reads=reads.conditions, optional=True),
        _key("kind", CHOICE, words="clock_kind", choices=KINDS),
        _key("binding", Type.BOOL, reads=reads.yes, optional=True),
        _key("warn", reads=reads.fractions, optional=True),
        _key("after", reads=reads.numbers, optional=True),
        _key("family", optional=True),
        FROM,
        *SOURCED,
    ),
    "category": (
        _key("code"),
        *TITLE,
        _key("group", CHOICE, optional=True, words="group", choices=GROUPS[1:]),
        SPECIALTY,
        SYNONYMS,
        *DATED,
    ),
    "business_type": (_key("code"), *TITLE, PROCEDURE, SYNONYMS, *DATED),
    "choice": (_key("list"), _key("code"), *TITLE, SYNONYMS, _key("limit", optional=True), *DATED),
    "figure": (_key("id"), *TITLE, _key("terms", LONG, reads=reads.terms), *DATED),
    "route": (
        _key("id"),
        *TITLE,
        _key("when", LONG, reads=reads.conditions, optional=True),
        _key("unit", Type.UNIT),
        SPECIALTY,
        *DATED,
    ),
    "phrase": (
        _key("id"),
        *TITLE,
        _key("text", LONG, named="rule_text"),
        _key("fields", reads=reads.several, optional=True, words="field"),
        *DATED,
    ),
    "message": (
        _key("template", CHOICE, words="message", choices=TEMPLATES),
        *TITLE,
        _key("text_zh", LONG, named="message_zh"),
        _key("text_en", LONG, named="message_en"),
        *DATED,
    ),
    "form_field": (
        PROCEDURE,
        _key("verb", CHOICE, words="verb", choices=VERBS),
        _key("name", named="field_name"),
        *TITLE,
        _key("type", CHOICE, choices=tuple(FIELD_TYPES), words="field_type"),
        _key("required", Type.BOOL, reads=reads.yes, optional=True),
        _key("choices", LONG, reads=reads.lines, optional=True),
        _key("personal", Type.BOOL, reads=reads.yes, optional=True),
        FROM,
        *SOURCED,
    ),
    "sheet": (
        _key("id"),
        *TITLE,
        _key("verb", CHOICE, words="verb", choices=SHEETS),
        _key("procedures", CHOICES, reads=reads.several, words="procedure", choices=PROCEDURES),
        _key("when", LONG, reads=reads.conditions, optional=True),
        *DATED,
    ),
    "duty": (
        _key("id"),
        *TITLE,
        _key("procedures", CHOICES, reads=reads.several, words="procedure", choices=PROCEDURES),
        _key("verbs", reads=reads.several, words="verb"),
        _key("responsible", CHOICES, reads=reads.several, words="post", choices=tuple(roles_of())),
        _key("accountable", CHOICE, words="post", choices=tuple(roles_of())),
        *(
            _key(each, CHOICES, reads=reads.several, optional=True, words="post", choices=tuple(roles_of()))
            for each in ("consulted", "informed")
        ),
        *DATED,
    ),
    "clause": (
        _key("code"),
        _key("document", named="clause_document"),
        _key("number", named="clause_number", optional=True),
        *TITLE,
        _key("procedures", CHOICES, reads=reads.several, words="procedure", choices=PROCEDURES),
        _key("categories", reads=reads.several, optional=True, words="category"),
        *DATED,
    ),
    "playbook": (
        _key("category", named="play_category"),
        *TITLE,
        _key("trigger", CHOICES, reads=reads.several, words="detector", choices=TRIGGERS),
        _key("steps", LONG, named="play_steps", reads=played.steps),
        *SAY,
        _key("emergency", named="play_emergency", optional=True, words="emergency"),
        *DATED,
    ),
    "emergency": (
        _key("code"),
        *TITLE,
        *(_key(f"begins_{each}") for each in ("zh", "en")),
        _key("trigger", CHOICES, reads=reads.several, optional=True, words="detector", choices=TRIGGERS),
        _key("steps", LONG, named="play_steps", reads=played.steps),
        *SAY,
        *DATED,
    ),
    "document": (
        _key("number", named="document_number"),
        *TITLE,
        _key("kind", CHOICE, choices=DOCUMENT_KINDS, words="document_kind"),
        _key("version"),
        _key("text", LONG, named="rule_text", optional=True),
        _key("steps", reads=reads.several, optional=True, words="step"),
        _key("limits", reads=reads.several, optional=True, words="limit"),
        _key("posts", CHOICES, reads=reads.several, optional=True, words="role", choices=POSTS),
        _key("review_on", Type.DATE, optional=True),
        *DATED,
    ),
}
SURE = (
    _key("of", CHOICE, words="rule_kind", choices=CONFIRMED),
    _key("key"),
    _key("in_force_from", Type.DATE, optional=True),
)
FIELDS = {
    **FIELDS,
    "confirm": (*SURE, _key("basis")),
    "revoke": (
        *SURE,
        _key("certainty", CHOICE, words="certainty", choices=("Q2", "S", "memory", "I")),
        _key("note", LONG),
    ),
}
