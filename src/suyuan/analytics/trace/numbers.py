"""What of a log may stay as it is written when it is taken over, and when orders are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suyuan.domain.errors import RulebookError

from .causality import Patterns


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of a log are, by the type of object they name."""

    kept: Patterns
    """Stay as they are written; every other one is replaced by a keyed reference."""
    phones: Patterns
    meters: Patterns


@dataclass(frozen=True, slots=True)
class Orders:
    """What the activities and attributes of orders of other systems mean."""

    done: Patterns
    """Activities an order is done with."""
    promises: Patterns
    """Attributes that say by when something of it was promised."""


_FOR_PEOPLE = ("basis", "certainty", "note")


def numbers(record: Mapping[str, object], where: str) -> Numbers:
    """Return what a TOML table says of numbers; raise RulebookError naming the key that is wrong."""
    return Numbers(**_patterns(record, Numbers.__slots__, where))


def orders(record: Mapping[str, object], where: str) -> Orders:
    """Return what a TOML table says of orders; raise RulebookError naming the key that is wrong."""
    return Orders(**_patterns(record, Orders.__slots__, where))


def _patterns(record: Mapping[str, object], keys: Sequence[str], where: str) -> dict[str, Patterns]:
    for name in sorted({*record, *keys}):
        if name not in keys and name not in _FOR_PEOPLE:
            raise RulebookError(file=where, key=name, problem="unknown_key")
        if name not in record:
            raise RulebookError(file=where, key=name, problem="missing_key")
    return {name: _texts(name, record[name], where) for name in keys}


def _texts(name: str, value: object, where: str) -> Patterns:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise RulebookError(file=where, key=name, problem="wrong_value")
