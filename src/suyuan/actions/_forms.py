"""Checking what a form holds against the fields its step asks for."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from types import MappingProxyType

from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.domain.rulebook import Rulebook
from suyuan.store import clauses, rules
from suyuan.store.queries import cases, org

MAX_TEXT = 200
MAX_LONGTEXT = 20_000
FEW, ALIKE = 5, 0.5
"""So many unknown fields are answered with the known one they look like, and how much they must."""
YES = frozenset({"1", "true", "yes", "on", "是"})
NO = frozenset({"0", "false", "no", "off", "否"})
OFFERED = frozenset({Type.CHOICE, Type.CHOICES, Type.CATEGORY, Type.BUSINESS_TYPE})
"""Fields whose codes stand in the rulebook, and may end there."""
LONG = frozenset({Type.CATEGORY, Type.CLAUSE})
"""Fields that take too many codes to list them all."""
NOTHING: Mapping[str, object] = MappingProxyType({})


def clean(
    asked: tuple[Field, ...],
    raw: Mapping[str, object],
    now: datetime,
    standing: Mapping[str, object] = NOTHING,
) -> dict[str, object]:
    """Return the checked values; raise BadInput naming every field that is wrong and why.

    A choice that has ended is refused, but where it is what stands there already.
    """
    book = rules.rulebook()
    known = {field.name for field in asked}
    problems = {name: "unknown_field" for name in raw if name not in known}
    values: dict[str, object] = {}
    for field in asked:
        try:
            value = _value(field, raw.get(field.name), book)
            if value != standing.get(field.name) and has_ended(field, value, now):
                raise ValueError("choice_ended")
        except ValueError as problem:
            problems[field.name] = str(problem)
            continue
        if value is not None:
            values[field.name] = value
        elif field.required:
            problems[field.name] = "required"
    if problems:
        offered = {
            one.name: codes
            for one in asked
            if problems.get(one.name) == "unknown_choice" and (codes := _offered(one, book))
        }
        told = {"choices": offered, "near": _near(asked, raw, problems, book)}
        raise BadInput("bad_form", fields=problems, **{name: said for name, said in told.items() if said})
    return values


def _near(
    asked: tuple[Field, ...], raw: Mapping[str, object], problems: Mapping[str, str], book: Rulebook
) -> dict[str, list[str]]:
    """Return the codes that look like what was typed, where a field takes too many to list, and field names.

    Of categories nothing looks like, those at the top of the tree.
    """
    wrong = [one for one in asked if problems.get(one.name) == "unknown_choice" and one.type in LONG]
    found = {}
    for one in wrong:
        known = list(book.categories) if one.type is Type.CATEGORY else clauses.codes()
        top = [code for code in book.categories if "." not in code] if one.type is Type.CATEGORY else []
        found[one.name] = get_close_matches(str(raw[one.name]), known, 3) or top
    names = [field.name for field in asked]
    for name in sorted(name for name, code in problems.items() if code == "unknown_field")[:FEW]:
        if close := get_close_matches(name[:MAX_TEXT], names, 1, ALIKE):
            found[name] = close
    return found


def _offered(field: Field, book: Rulebook) -> list[str]:
    """Return the codes a field of few choices takes, for who left them out or mistyped one."""
    if field.type is Type.CHOICE:
        return sorted(_codes(field, book))
    if field.type is Type.BUSINESS_TYPE:
        return sorted(book.asked_for)
    return list(field.choices) if field.type is Type.CHOICES else []


def has_ended(field: Field, value: object, now: datetime) -> bool:
    """Tell whether a value is a choice of the rulebook whose last day has passed."""
    if not isinstance(value, str | tuple) or field.type not in OFFERED:
        return False
    chosen = {value} if isinstance(value, str) else set(value)
    return bool(chosen & rules.ended(field, rules.local_day(now)))


def _value(field: Field, raw: object, book: Rulebook) -> object:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        raw = "1" if raw else "0"
    text = str(raw).strip()
    if not text:
        return None
    if not storable(text):
        raise ValueError("bad_characters")
    return _CHECKS[field.type](field, text, book)


def _text(field: Field, text: str, book: Rulebook) -> str:
    if len(text) > (MAX_TEXT if field.type is Type.TEXT else MAX_LONGTEXT):
        raise ValueError("too_long")
    return text


def _choice(field: Field, text: str, book: Rulebook) -> str:
    return _one_of(text, _codes(field, book))


def _codes(field: Field, book: Rulebook) -> set[str]:
    return {c.code for c in book.reasons[field.reasons]} if field.reasons else set(field.choices)


def _several(field: Field, text: str, book: Rulebook) -> tuple[str, ...]:
    codes = [one.code for one in book.reasons[field.reasons]] if field.reasons else field.choices
    chosen = {_one_of(one, set(codes)) for one in text.split()}
    return tuple(code for code in codes if code in chosen)


def _date(field: Field, text: str, book: Rulebook) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not_a_date") from None


def _one_of(text: str, codes: set[str]) -> str:
    if text not in codes:
        raise ValueError("unknown_choice")
    return text


def _bool(field: Field, text: str, book: Rulebook) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError("not_yes_or_no")
    return text.lower() in YES


def _moment(field: Field, text: str, book: Rulebook) -> datetime:
    try:
        given = datetime.fromisoformat(text)
        return (given if given.tzinfo else given.replace(tzinfo=book.calendar.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not_a_moment") from None


def _integer(field: Field, text: str, book: Rulebook) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("not_a_number") from None


MOST = Decimal(10**12)
"""Past this no reading and no amount of money goes."""


def _decimal(field: Field, text: str, book: Rulebook) -> Decimal:
    if "e" in text.lower():
        raise ValueError("written_with_exponent")
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError("not_a_number") from None
    if not found.is_finite() or abs(found) >= MOST or found != round(found, 6):
        raise ValueError("not_a_number")
    return found


def _item(field: Field, text: str, book: Rulebook) -> int:
    found = _integer(field, text, book)
    if not 0 < found < 1000:
        raise ValueError("unknown_item")
    return found


def _clause(field: Field, text: str, book: Rulebook) -> str:
    return _one_of(text, set(clauses.codes()))


def _unit(field: Field, text: str, book: Rulebook) -> str:
    if not org.exists(text):
        raise ValueError("unknown_unit")
    if org.unit(text).closed_at is not None:
        raise ValueError("unit_closed")
    return text


def _case(field: Field, text: str, book: Rulebook) -> str:
    if not cases.exists(text):
        raise ValueError("unknown_case")
    return text


_CHECKS: dict[Type, Callable[[Field, str, Rulebook], object]] = {
    Type.TEXT: _text,
    Type.LONGTEXT: _text,
    Type.CHOICE: _choice,
    Type.CHOICES: _several,
    Type.DATE: _date,
    Type.BOOL: _bool,
    Type.MOMENT: _moment,
    Type.INTEGER: _integer,
    Type.UNIT: _unit,
    Type.CASE: _case,
    Type.DECIMAL: _decimal,
    Type.ITEM: _item,
    Type.CLAUSE: _clause,
    Type.CATEGORY: lambda _f, text, book: _one_of(text, set(book.categories)),
    Type.BUSINESS_TYPE: lambda _f, text, book: _one_of(text, set(book.asked_for)),
}
