"""The one form renderer: from the fields a step asks for to what stands on the page, and back."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone

from suyuan.domain.fields import Field, Type
from suyuan.store import clauses, rules
from suyuan.store.queries import org
from suyuan.store.queries.viewer import Viewer

from .templatetags.ui import lang

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]

CHOSEN = frozenset(
    {Type.CHOICE, Type.CHOICES, Type.UNIT, Type.CATEGORY, Type.BUSINESS_TYPE, Type.CLAUSE, Type.ITEM}
)
RADIO_UP_TO = 4
"""So few choices are shown at once, as radio buttons."""

LONGEST = {Type.TEXT: 200, Type.PASSWORD: 200, Type.LONGTEXT: 20_000, Type.CASE: 60}


@dataclass(frozen=True, slots=True)
class Box:
    """One field as it stands on a page."""

    name: str
    id: str
    label: str
    kind: str
    """select radio checks bool tick date datetime integer longtext password text: how it is entered."""
    required: bool
    value: str
    error: str = ""
    choices: Choices = field(default_factory=list)
    groups: Groups = field(default_factory=list)
    """The choices under headings, where a list box has them."""
    suggest: Choices = field(default_factory=list)
    longest: int = 200
    phrases: Choices = field(default_factory=list)
    """Standard phrases offered at a long text: the text and its title."""
    hint: str = ""
    """How it is written, under the box."""
    autocomplete: str = "off"
    """What a browser may fill in or keep, by the names of HTML."""

    @property
    def described(self) -> str:
        """Return the ids of what is said under the box."""
        said = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*said, f"{self.id}-error"] if self.error else said)

    @property
    def chosen(self) -> list[str]:
        """Return the codes of a field that takes several."""
        return self.value.split()


@dataclass(frozen=True, slots=True)
class Section:
    """Some boxes of a long form under a title; folded unless one of them is wrong."""

    title: object
    boxes: list[Box]
    may_fold: bool = False
    ticks: bool = False
    """Whether it is all ticks, which stand close together."""

    @property
    def open(self) -> bool:
        """Return whether its boxes are seen without a click."""
        return not self.may_fold or any(box.error for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into the boxes of a form: what was typed or is known, what was wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    suggest: Mapping[str, Choices] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    """The choices of fields that list rows of a register and no codes; a text with choices is a list."""
    groups: Mapping[str, Groups] = field(default_factory=dict)
    """The choices of fields that stand under headings."""


def boxes(viewer: Viewer, asked: Iterable[Field], entry: Entry, prefix: str) -> list[Box]:
    """Return the boxes of a form; ``prefix`` keeps ids apart where a page holds several forms."""
    return [_box(viewer, asked_for, entry, prefix) for asked_for in asked]


def _box(viewer: Viewer, asked: Field, entry: Entry, prefix: str) -> Box:
    value = entry.values.get(asked.name, "")
    groups = entry.groups.get(asked.name, [])
    choices = entry.choices.get(asked.name) or [one for _, under in groups for one in under]
    choices = choices or _offered(choices_of(viewer, asked), asked, value)
    return Box(
        name=asked.name,
        id=f"{prefix}-{asked.name}",
        label=rules.label("field", asked.name, lang()),
        kind=_kind(asked, choices),
        required=asked.required,
        value=value,
        error=entry.errors.get(asked.name, ""),
        choices=choices,
        groups=groups,
        suggest=entry.suggest.get(asked.name, []),
        longest=LONGEST.get(asked.type, 40),
        hint=_hint(f"{prefix}_{asked.name}") or _hint(asked.name),
        phrases=_phrases(asked) if asked.type is Type.LONGTEXT else [],
    )


def _hint(name: str) -> str:
    """Return when a field is needed that is not always, or nothing."""
    said = rules.label("hint", name, lang())
    return "" if said == name else said


def _offered(choices: Choices, asked: Field, value: str) -> Choices:
    """Return the choices without those that have ended; the one that stands there already stays."""
    if asked.type not in CHOSEN or asked.type is Type.UNIT:
        return choices
    gone = rules.ended(asked, rules.local_day(timezone.now()))
    return (
        [(code, words) for code, words in choices if code == value or code not in gone] if gone else choices
    )


def _phrases(asked: Field) -> Choices:
    today = rules.local_day(timezone.now())
    return [(one.text, getattr(one.title, lang())) for one in rules.rulebook().phrases_for(asked.name, today)]


def _kind(asked: Field, choices: Choices) -> str:
    if asked.type is Type.CHOICES:
        return "checks"
    if asked.type in CHOSEN:
        return "radio" if asked.type is Type.CHOICE and len(choices) <= RADIO_UP_TO else "select"
    if asked.type is Type.TEXT and choices:
        return "select"
    return "text" if asked.type is Type.CASE else asked.type.value


def choices_of(viewer: Viewer, asked: Field) -> Choices:
    """Return the codes a field allows with their words: units as a tree, the rest from the rulebook."""
    if asked.type is Type.UNIT:
        return units(viewer)
    if asked.type is Type.CLAUSE:
        return clauses.offered(lang())
    return _listed(asked, lang(), rules.rulebook().edition) if asked.type in CHOSEN else []


@functools.lru_cache(maxsize=256)
def _listed(asked: Field, language: str, _edition: str) -> Choices:
    """Return the choices of a field, kept until the rulebook's edition changes."""
    return rules.choices(asked, language)


def units(viewer: Viewer) -> Choices:
    """Return the units in reach that are not closed, indented by their depth."""
    return _tree(org.units(viewer))


def every_unit() -> Choices:
    """Return the units of the whole company that are not closed: help may be asked of any."""
    return _tree(org.every_unit())


def _tree(found) -> Choices:  # type: ignore[no-untyped-def]
    rows = [row for row in found if row.closed_at is None]
    top = min((row.path.count("/") for row in rows), default=0)
    return [(row.code, "　" * (row.path.count("/") - top) + row.name) for row in rows]


def read(asked: Iterable[Field], posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the fields asked for, empty ones left out."""
    typed = {one.name: _posted(one, posted) for one in asked}
    return {name: value for name, value in typed.items() if value}


def _posted(asked: Field, posted: Mapping[str, str]) -> str:
    if asked.type is Type.CHOICES and isinstance(posted, QueryDict):
        return " ".join(posted.getlist(asked.name))
    text = posted.get(asked.name, "")
    return text if asked.type is Type.PASSWORD else text.strip()
