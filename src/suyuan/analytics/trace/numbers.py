"""Which numbers of a log may stay as they are written when it is taken over, as the rulebook says."""

from collections.abc import Mapping
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


def numbers(record: Mapping[str, object], where: str) -> Numbers:
    """Return what a TOML table says of numbers; raise RulebookError naming the key that is wrong."""
    for name in sorted({*record, *Numbers.__slots__}):
        if name not in Numbers.__slots__:
            raise RulebookError(file=where, key=name, problem="unknown_key")
        if name not in record:
            raise RulebookError(file=where, key=name, problem="missing_key")
    return Numbers(**{name: _texts(name, record[name], where) for name in Numbers.__slots__})


def _texts(name: str, value: object, where: str) -> Patterns:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise RulebookError(file=where, key=name, problem="wrong_value")
