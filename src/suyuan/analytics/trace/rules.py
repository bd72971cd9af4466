"""What may block what? Parameters of the tracing methods, as the rulebook gives them.

Activities and object types are named by patterns (``*`` stands for any text), because every office's systems
write their own names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from suyuan.domain.errors import RulebookError

Patterns = tuple[str, ...]


def matches(name: str, patterns: Patterns) -> bool:
    """Tell whether a name fits one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Blocking:
    """One account may carry one order at a time, so an order never archived stops the next one."""

    id: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    basis: str
    certainty: str
    complaints: Patterns
    """Object types that are complaints or other cases."""
    actors: Patterns
    """Object types that act (units, staff): answerable, never walked through."""
    places: Patterns
    """Object types that orders are about (account, meter, area, feeder): never orders themselves."""
    symptom: Patterns
    """Activities the customer suffers from, e.g. a reading entered as zero."""
    normal: Patterns
    """Activities that end a run of symptoms."""
    at_least: int
    within_days: int
    refused: Patterns
    """Activities that say an order could not start."""
    trigger: Patterns
    """Work done on site that calls for an order ..."""
    begun: Patterns
    """... and what starts that order: absent, the order never came to be."""
    opened: Patterns
    archived: Patterns


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of a log are, by the type of object they name."""

    kept: Patterns
    """Stay as they are written; every other one is replaced by a keyed reference."""
    phones: Patterns
    meters: Patterns


def numbers(record: Mapping[str, object], where: str) -> Numbers:
    """Return what a TOML table says of numbers; raise RulebookError naming the key that is wrong."""
    for name in sorted({*record, *Numbers.__slots__}):
        if name not in Numbers.__slots__:
            raise RulebookError(file=where, key=name, problem="unknown_key")
        if name not in record:
            raise RulebookError(file=where, key=name, problem="missing_key")
    return Numbers(**{name: _value(name, record[name], where) for name in Numbers.__slots__})  # type: ignore[arg-type]  # each is a tuple of texts


_TEXTS = ("title", "sentence")
_NUMBERS = ("at_least", "within_days")
_WORDS = ("basis", "certainty")


def blocking(record: Mapping[str, object], where: str) -> Blocking:
    """Return the blocking rule of one TOML table; raise RulebookError naming the key that is wrong."""
    names = [name for name in Blocking.__slots__ if name != "kind"]
    unknown = set(record) - set(names) - {"kind"}
    if unknown:
        raise RulebookError(file=where, key=sorted(unknown)[0], problem="unknown_key")
    values: dict[str, object] = {}
    for name in names:
        if name not in record:
            raise RulebookError(file=where, key=name, problem="missing_key")
        values[name] = _value(name, record[name], where)
    return Blocking(**values)  # type: ignore[arg-type]  # _value checked each by its name


def _value(name: str, value: object, where: str) -> object:
    if name in _TEXTS and isinstance(value, dict) and {"zh", "en"} <= set(value):
        return value
    if name in _NUMBERS and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if (name in _WORDS or name == "id") and isinstance(value, str) and value:
        return value
    listed = name not in (*_TEXTS, *_NUMBERS, *_WORDS, "id")
    if listed and isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise RulebookError(file=where, key=name, problem="wrong_value")
