"""What an office keeps beside the figures: routing rows, phrases, messages, extra form fields, documents.

None of it judges anybody, so none of it enters the edition that a case pins.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from suyuan.domain.fields import Field, Type
from suyuan.domain.procedures import CURRENT
from suyuan.domain.vocabulary import Role

from .clauses import Clause, check_clause, clause
from .duties import Duty, duty
from .messages import MessageText, message_text
from .playbooks import Emergency, Playbook, check_playbook, emergency, playbook
from .reading import Row, conditions, sourced
from .records import PROCEDURES, Sourced, Title, holds
from .sheets import SheetRule, check_sheet, sheet_rule

ROUTED_BY = ("business_type", "category", "channel", "area")
"""What a routing row may depend on."""
FIELD_NAME = re.compile(r"x_[a-z][a-z0-9_]{0,29}")
"""Names of extra fields begin with x_, so that no field of a procedure is ever shadowed."""
FIELD_TYPES = (Type.TEXT, Type.LONGTEXT, Type.CHOICE, Type.BOOL, Type.MOMENT, Type.INTEGER)
DOCUMENT_KINDS = ("law", "promise", "system", "standard", "duty", "flow")
"""法规, 承诺, 工作制度, 标准, 职责, 流程."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Sourced):
    """Which unit and specialty an order with those facts goes to; a person confirms."""

    id: str
    title: Title
    when: Mapping[str, tuple[str, ...]] = field(hash=False)
    unit: str
    specialty: str

    @property
    def key(self) -> str:
        return self.id

    def matches(self, facts: Mapping[str, str]) -> bool:
        """Tell whether the row is for a case with those facts."""
        return holds(self.when, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Sourced):
    """A standard phrase for a situation; ``fields`` empty: offered at every long text."""

    id: str
    title: Title
    text: str
    fields: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField(Sourced):
    """A field the office adds to the form of a step."""

    procedure: str
    verb: str
    name: str
    title: Title
    type: str
    required: bool
    choices: tuple[str, ...]
    personal: bool

    @property
    def key(self) -> str:
        return f"{self.procedure}.{self.verb}.{self.name}"

    @property
    def field(self) -> Field:
        """Return the field as forms ask for it."""
        return Field(self.name, Type(self.type), self.required, self.choices, personal=self.personal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Sourced):
    """A controlled document of one of the kinds, and what it governs."""

    number: str
    title: Title
    kind: str
    version: str
    text: str
    file: str
    """SHA-256 of the attached file, empty where the text is all."""
    steps: tuple[str, ...]
    limits: tuple[str, ...]
    posts: tuple[str, ...]
    """Roles that must read it."""
    review_on: date | None

    @property
    def key(self) -> str:
        return self.number


OfficeRecord = (
    Route | Phrase | FormField | Document | MessageText | SheetRule | Duty | Clause | Playbook | Emergency
)


def _route(row: Row) -> Route:
    return Route(
        id=row.text("id"),
        title=row.title(),
        when=conditions(row, ROUTED_BY),
        unit=row.text("unit"),
        specialty=row.text("specialty", ""),
        **sourced(row),
    )


def _phrase(row: Row) -> Phrase:
    return Phrase(
        id=row.text("id"),
        title=row.title(),
        text=row.text("text"),
        fields=row.texts("fields", []),
        **sourced(row),
    )


def _form_field(row: Row) -> FormField:
    found = FormField(
        procedure=row.one_of("procedure", PROCEDURES),
        verb=row.text("verb"),
        name=row.text("name"),
        title=row.title(),
        type=row.one_of("type", tuple(FIELD_TYPES)),
        required=row.take("required", bool, False),
        choices=row.texts("choices", []),
        personal=row.take("personal", bool, False),
        **sourced(row),
    )
    if not FIELD_NAME.fullmatch(found.name):
        raise row.error("name", "must be x_ and then small letters, digits or _, 32 at most")
    if (found.type == Type.CHOICE) != bool(found.choices):
        raise row.error("choices", "must be given exactly for a choice")
    if found.personal and found.type not in (Type.TEXT, Type.LONGTEXT):
        raise row.error("personal", "must be text: nothing else is sealed")
    if found.in_force_from is None:
        raise row.error("in_force_from", "is missing")
    return found


def _document(row: Row) -> Document:
    found = Document(
        number=row.text("number"),
        title=row.title(),
        kind=row.one_of("kind", DOCUMENT_KINDS),
        version=row.text("version"),
        text=row.text("text", ""),
        file=row.text("file", ""),
        steps=row.texts("steps", []),
        limits=row.texts("limits", []),
        posts=row.texts("posts", []),
        review_on=row.day("review_on", None),
        **sourced(row),
    )
    if not found.text and not found.file:
        raise row.error("text", "must be there where no file is")
    if unknown := set(found.posts) - {role.value for role in Role}:
        raise row.error("posts", f"names the unknown role {min(unknown)!r}")
    return found


OFFICE_TABLES: Mapping[str, Callable[[Row], OfficeRecord]] = {
    "route": _route,
    "phrase": _phrase,
    "message": message_text,
    "form_field": _form_field,
    "document": _document,
    "sheet": sheet_rule,
    "duty": duty,
    "clause": clause,
    "playbook": playbook,
    "emergency": emergency,
}


def check_office(row: Row, record: OfficeRecord, codes: Mapping[str, set[str]], limits: set[str]) -> None:
    """Raise where a record names a step, code or limit that is not there."""
    match record:
        case Route():
            for key, values in record.when.items():
                if key != "area" and (unknown := set(values) - codes.get(key, set())):
                    raise row.error(f"when.{key}", f"names the unknown code {min(unknown)!r}")
            if record.specialty and record.specialty not in codes["specialty"]:
                raise row.error("specialty", f"is unknown: {record.specialty!r}")
        case SheetRule():
            check_sheet(row, record, codes)
        case Clause():
            check_clause(row, record, codes, limits)
        case Playbook():
            check_playbook(row, record, codes)
        case FormField():
            _check_step(row, "verb", f"{record.procedure}.{record.verb}")
        case Document():
            for step in record.steps:
                _check_step(row, "steps", step)
            if unknown := set(record.limits) - limits:
                raise row.error("limits", f"names the unknown limit {min(unknown)!r}")


def _check_step(row: Row, key: str, step: str) -> None:
    name, _, verb = step.partition(".")
    procedure = CURRENT.get(name)
    if procedure is None or verb not in {one.verb for one in procedure.steps}:
        raise row.error(key, f"names the unknown step {step!r}")


def in_force_all(editions: Mapping[str, Sequence[Any]], on: date) -> list[Any]:
    """Return the edition of each record that is in force on a day, where one is."""
    found = []
    for same in editions.values():
        begun = [one for one in same if (one.in_force_from or date.min) <= on]
        if begun and (begun[-1].in_force_until or date.max) >= on:
            found.append(begun[-1])
    return found


def routed(routes: Sequence[Route], facts: Mapping[str, str]) -> Route | None:
    """Return the row that says most about a case: the one with the most conditions, then the first by id."""
    fitting = sorted((one for one in routes if one.matches(facts)), key=lambda one: (-len(one.when), one.id))
    return fitting[0] if fitting else None
