"""What is looked for in an event log, by the names its systems write (rulebook/watched.toml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from suyuan.analytics.trace.causality import Patterns, Roles
from suyuan.domain.errors import RulebookError


@dataclass(frozen=True, slots=True)
class Promise:
    """Something an order is to have done within a limit: from one step to another."""

    code: str
    types: Patterns
    starts: Patterns
    stops: Patterns
    families: Patterns
    """Families of limits of the rulebook, the first in force counts; a class may narrow one (``classes``)."""
    category: str
    """Of the complaint that a broken one becomes."""


@dataclass(frozen=True, slots=True)
class Named:
    """The steps and attributes that mean something, by how they are called."""

    promised: Patterns
    """Attributes of orders that say by when something was promised to the customer."""
    refused: Patterns
    zero: Patterns
    read: Patterns
    """Readings: those that were set to zero, and real ones."""
    low_voltage: Patterns
    off: Patterns
    on: Patterns
    """The supply of an outage goes off and comes back."""
    asked: Patterns
    cut: Patterns
    notice: Patterns
    reminder: Patterns
    reconnected: Patterns
    """A disconnection for arrears: it is asked for, done, what has to come before it, and what ends it."""
    accounts: Patterns
    areas: Patterns
    lines: Patterns
    """Types of objects."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that is looked for in a log."""

    roles: Roles
    done: Patterns
    """Activities that end an order."""
    named: Named
    promises: tuple[Promise, ...]
    classes: Mapping[str, Patterns]
    """By class of customer the endings of the ids of its limits: ``lv`` → ``lv``, ``other``."""
    outages: Mapping[str, Patterns]
    """By kind of outage what tables call it."""
    sites: Mapping[str, Patterns]
    """By class of site what tables call it."""
    external: Patterns
    """Causes that are somebody else's damage."""
    stuck: Mapping[str, str]
    """By the type of an order, as a pattern, the category of the complaint it becomes when it stays."""
    kinds_of_orders: Mapping[str, Patterns]
    """By kind of order that another may exclude, the types of the log."""


_LISTS = ("classes", "outages", "sites", "kinds_of_orders")


def watched(document: Mapping[str, Any], roles: Roles, done: Sequence[str]) -> Watched:
    """Return what a TOML document says; raise RulebookError naming the key that is wrong."""
    unknown = sorted(set(document) - {"named", "promise", "stuck", "external", *_LISTS})
    if unknown:
        raise RulebookError(file="watched.toml", key=unknown[0], problem="unknown_key")
    promises = tuple(_read(Promise, one) for one in document.get("promise", ()))
    lists = {
        table: {name: tuple(every) for name, every in document.get(table, {}).items()} for table in _LISTS
    }
    return Watched(
        roles=roles,
        done=tuple(done),
        named=_read(Named, document.get("named", {})),
        promises=promises,
        **lists,
        external=tuple(document.get("external", ())),
        stuck=dict(document.get("stuck", {})),
    )


def _read(made: Any, record: Mapping[str, Any]) -> Any:
    wanted = {one.name: one.type for one in fields(made)}
    for name in (*record, *wanted):
        if name not in wanted or name not in record:
            problem = "missing_key" if name in wanted else "unknown_key"
            raise RulebookError(file="watched.toml", key=name, problem=problem)
    return made(**{name: value if isinstance(value, str) else tuple(value) for name, value in record.items()})
