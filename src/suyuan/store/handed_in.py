"""What was handed in with a verb, in words: on the page of a case and on a paper."""

from collections.abc import Mapping
from datetime import datetime

from suyuan.domain.fields import DELEGATE, LIABLE_PERSON, Field, Type

from . import clauses, rules
from .queries import people
from .queries.cases import LOCAL


def results(facts: Mapping[str, object], lang: str | None = None) -> list[tuple[str, str]]:
    """Return what a sheet worked out, in words."""
    found = facts.get("result")
    if not isinstance(found, Mapping):
        return []
    return [
        (rules.label("result", str(name), lang), _result(str(name), str(value), lang))
        for name, value in found.items()
    ]


def _result(name: str, value: str, lang: str | None) -> str:
    if name == "ground":
        return rules.label("ground", value, lang)
    return rules.label("worksheet", value, lang) if value in ("yes", "no") else value


def words(
    asked: Field | None, name: str, value: str, units: Mapping[str, str], lang: str | None = None
) -> str:
    """Return a value handed in earlier as words; ``units`` holds the names of the units in reach."""
    if value in ("True", "False"):
        return rules.label("worksheet", "yes" if value == "True" else "no", lang)
    if asked is None:
        return value
    if name in (DELEGATE.name, LIABLE_PERSON.name):
        return people.names([value]).get(value) or value
    if asked.reasons:
        return rules.label(f"reason.{asked.reasons}", value, lang)
    if asked.type is Type.CLAUSE:
        return clauses.words(value, lang)
    if asked.type is Type.UNIT:
        return f"{units.get(value, '')} {value}".strip()
    if asked.type is Type.CHOICES:
        return "、".join(rules.label(name, one, lang) for one in value.split())
    if asked.type in (Type.CHOICE, Type.CATEGORY, Type.BUSINESS_TYPE):
        return rules.label(name, value, lang)
    if asked.type is Type.MOMENT:
        return datetime.fromisoformat(value).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    return value
