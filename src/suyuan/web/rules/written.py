"""From the boxes of a form to the entry a file would hold, and back; one list of fields a kind."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedures import CURRENT
from suyuan.domain.rulebook.checks import CONFIRMED
from suyuan.domain.rulebook.messages import TEMPLATES
from suyuan.domain.rulebook.office import DOCUMENT_KINDS, FIELD_TYPES
from suyuan.domain.rulebook.posts import roles_of
from suyuan.domain.rulebook.records import GROUPS, KINDS, PROCEDURES, Certainty
from suyuan.domain.signatures import SHEETS
from suyuan.domain.vocabulary import SPECIALTIES, Role
from suyuan.domain.worktime import COUNTS, UNITS
from suyuan.store import rules
from suyuan.store.queries.viewer import Viewer

from .. import forms
from ..templatetags.ui import lang
from . import codes, hints, reads, said

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
BOTH = ("title", "text")
"""Keys that hold a text in each language, each typed into a box of its own."""
WHY = Field("why", LONG)


def fields(kind: str) -> tuple[Field, ...]:
    """Return the fields the form of a kind asks for; an unknown kind raises."""
    if kind not in FIELDS:
        raise BadInput("unknown_value", field="kind", value=kind)
    return (*(how.field for how in FIELDS[kind]), WHY)


def boxes(viewer: Viewer, kind: str, entry: forms.Entry) -> list[forms.Box]:
    """Return the boxes of the form of a kind, their codes in words."""
    shelves = {how.field.name: how.words for how in FIELDS[kind] if how.field.type in (CHOICE, CHOICES)}
    return [
        replace(
            box,
            choices=[(code, codes.word(shelves[box.name], code)) for code, _ in box.choices]
            if shelves.get(box.name)
            else box.choices,
            hint=hints.hint(kind, box.name),
            phrases=[],
        )
        for box in forms.boxes(viewer, fields(kind), _with_documents(entry), kind)
    ]


def _with_documents(entry: forms.Entry) -> forms.Entry:
    """Return what goes into a form with the documents a clause may belong to."""
    documents = [(number, rules.label("document", number, lang())) for number in rules.rulebook().documents]
    return replace(entry, suggest={"clause_document": documents})


def entry(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry of what was typed; raise BadInput naming the boxes that cannot be read."""
    found: dict[str, Any] = {}
    problems = {}
    for how in FIELDS[kind]:
        text = typed.get(how.field.name, "")
        if not text:
            if how.field.required:
                problems[how.field.name] = "required"
            elif how.field.type is CHOICES:  # nothing ticked is an answer too
                found[how.key] = how.reads("")
            continue
        try:
            found[how.key] = how.reads(text)
        except ValueError:
            problems[how.field.name] = "not_readable"
    if problems:
        raise BadInput("bad_form", fields=problems)
    for name in BOTH:
        if f"{name}_zh" in found:
            found[name] = {"zh": found.pop(f"{name}_zh"), "en": found.pop(f"{name}_en")}
    if kind in ("confirm", "revoke"):
        found[found.pop("of")] = found.pop("key")
    return found


def flat(kind: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry by the name of the field each is typed into."""
    known = dict(entry)
    for name in BOTH:
        if isinstance(both := known.get(name), Mapping):
            known[f"{name}_zh"], known[f"{name}_en"] = both["zh"], both["en"]
    if kind in ("confirm", "revoke"):
        of = next((name for name in CONFIRMED if name in known), "")
        known["of"], known["key"] = of, known.get(of, "")
    return {how.field.name: known[how.key] for how in FIELDS[kind] if how.key in known}


def typed(kind: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the boxes for an entry."""
    several = {how.field.name for how in FIELDS[kind] if how.field.type is CHOICES}
    values = flat(kind, entry)
    return {name: " ".join(value) if name in several else text(value) for name, value in values.items()}


def text(value: Any) -> str:
    """Return a value of an entry as it is typed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return "、".join(text(one) for one in value)
    if isinstance(value, Mapping):
        lists = all(
            isinstance(one, list | tuple) and all(isinstance(x, str) for x in one) for one in value.values()
        )
        if lists and value:
            return "\n".join(f"{name}: {text(one)}" for name, one in value.items())
        return "\n".join(f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in value.items())
    return "" if value is None else str(value)


def problems(kind: str, wrong: BadInput) -> dict[str, str]:
    """Return where in the form an entry does not fit, in words."""
    full = str(wrong.facts.get("key", ""))
    names = {how.key: how.field.name for how in FIELDS[kind]} | {"title": "title_zh"}
    key = full.replace(".", "_") if full.partition(".")[0] in BOTH else full.partition(".")[0]
    return {names[key]: said.said(str(wrong.facts.get("problem", "")))} if key in names else {}
