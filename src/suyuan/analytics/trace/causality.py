"""What a log's names mean, and what may cause what: the rules of tracing.

Activities and object types are named by patterns (``*`` stands for any text), because every office's systems
write their own names: the rulebook ships some, an office adds its own. Nothing in the methods knows a name.
The format is told in docs/methods/trace.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from suyuan.domain.errors import RulebookError

Patterns = tuple[str, ...]


@lru_cache(maxsize=1 << 16)
def fits(name: str, patterns: Patterns) -> bool:
    """Tell whether a name fits one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def codes(names: Sequence[str], patterns: Patterns) -> frozenset[int]:
    """Return the numbers of the names that fit one of the patterns."""
    return frozenset(at for at, name in enumerate(names) if fits(name, patterns))


class Mode(StrEnum):
    """How a step of a process deviates from what it usually does, or what else befell an object."""

    MISSING = "missing"
    """Due, and not done when the customer complained: it waited longer than usual, or never came."""
    SKIPPED = "skipped"
    """Left out: a later step was done without it."""
    LATE = "late"
    """Done, after a much longer wait than usual."""
    REPEATED = "repeated"
    """Done over, more often than usual."""
    BOUNCED = "bounced"
    """Sent back to a unit that had it before."""
    TURNED = "out_of_order"
    """Done after a step that it nearly always comes before."""
    REFUSED = "refused"
    """Could not start or go on, and said so."""
    WRONG = "wrong"
    """A value that cannot be, or an alarm, again and again."""
    EXPOSED = "exposed"
    """Out of supply, again and again."""
    CONTACT = "contact"
    """Nothing deviates: somebody met the customer, shortly before."""


class Relation(StrEnum):
    """How one deviation leads to another."""

    BLOCKS = "blocks"
    NEEDS = "needs_data_from"
    PRECEDES = "precedes"
    FEEDS = "feeds"


@dataclass(frozen=True, slots=True)
class Roles:
    """What the types of objects are: every other type is a process, an order that goes through steps."""

    complaints: Patterns
    places: Patterns
    """What orders are about: account, meter, area, feeder, in any order."""
    cases: Patterns = ()
    """Other contacts of customers: what led to a complaint is not looked for in them."""
    actors: Patterns = ()
    """Units and people: answerable, never walked through."""
    units: Patterns = ()
    """Those of them that are units."""
    events: Patterns = ()
    """Objects that are something that befell a place, such as an outage."""
    unit_attribute: Patterns = ("org:group",)
    """Attributes of events that name the unit where no object does: the first that is there."""

    @property
    def all_units(self) -> Patterns:
        """Return the types of objects that are units: those named, and those made of an attribute."""
        return (*self.units, *self.unit_attribute)


@dataclass(frozen=True, slots=True)
class Contact:
    """Activities in which somebody meets the customer."""

    id: str
    activities: Patterns


@dataclass(frozen=True, slots=True)
class Sign:
    """Activities that show a deviation by themselves: refusals, values that cannot be, alarms, outages."""

    id: str
    mode: Mode
    activities: Patterns
    at_least: int = 1
    """So often on one object or place."""
    within_days: int = 200
    """Before the complaint."""
    ended_by: Patterns = ()
    """Activities that end a run: what was before them counts for nothing."""


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be done, and by when: so long after something, or by what an attribute says."""

    id: str
    after: Patterns = ()
    then: Patterns = ()
    within_days: float = 0
    by: Patterns = ()
    """In place of the two: attributes of the order, moments, by which it has to be done."""
    where_unknown: bool = False
    """Only where nobody ever does it in the log, so that nothing is known of how long it usually takes."""
    by_same: bool = False
    """Whoever did what it follows owes it, such as a promise; else whoever usually does it there."""


@dataclass(frozen=True, slots=True)
class End:
    """A place in the log an edge begins or ends at: which objects, doing what, deviating how."""

    types: Patterns = ("*",)
    activities: Patterns = ("*",)
    modes: Patterns = ("*",)
    about: Patterns = ()
    """Given for the complaint itself: what it has to be about."""


@dataclass(frozen=True, slots=True)
class Edge:
    """That one deviation may cause another, or the complaint: both on one object, the source first."""

    id: str
    relation: Relation
    source: End
    target: End
    shared: Patterns = ("*",)
    """Types of objects, one of which both are on."""
    within_days: int = 400
    """How long before the target's first event the source may have begun."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a log is traced by."""

    roles: Roles
    contacts: tuple[Contact, ...] = ()
    signs: tuple[Sign, ...] = ()
    due: tuple[Due, ...] = ()
    edges: tuple[Edge, ...] = ()
    about: Patterns = ()
    """Attributes of a complaint that say what it is about."""
    classes: Patterns = ()
    """Attributes of places that say which class of customer has them."""
    skew: int = 0
    """By how many microseconds the clocks of systems may differ."""


_KINDS = {"contact": Contact, "sign": Sign, "due": Due, "edge": Edge}
_TOP = ("roles", "cause", "about", "classes", "skew_minutes", "numbers", "orders")
SHOWN_BY_SIGNS = frozenset({Mode.REFUSED, Mode.WRONG, Mode.EXPOSED, Mode.BOUNCED})
"""What an activity may show by itself; the other modes are found."""
MOST = 1e6
"""No figure of a rule is larger: more days, or times, than anybody counts."""
_ALWAYS = ("title", "basis", "certainty", "note", "kind")
"""What every rule may carry for people: not read here."""


def rules(document: Mapping[str, Any], where: str) -> Rules:
    """Return the rules of a TOML document; raise RulebookError naming the rule and the key that is wrong."""
    for name in document:
        if name not in (*_TOP, *_ALWAYS):
            raise RulebookError(file=where, key=name, problem="unknown_key")
    if "roles" not in document:
        raise RulebookError(file=where, key="roles", problem="missing_key")
    roles = _read(Roles, document["roles"], where, "roles")
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for at, record in enumerate(_tables(document.get("cause", []), where), 1):
        kind = record.get("kind")
        if not isinstance(kind, str) or kind not in _KINDS:
            raise RulebookError(file=where, key=f"cause {record.get('id', at)}.kind", problem="wrong_value")
        found[kind].append(_read(_KINDS[kind], record, where, f"cause {record.get('id', at)}"))
    _apart([one for every in found.values() for one in every], where)
    contacts, signs, due, edges = (tuple(found[kind]) for kind in _KINDS)
    named = (_texts(document.get(name, []), where, name) for name in ("about", "classes"))
    skew = document.get("skew_minutes", 0)
    if skew != 0 and not _is_number(skew, float):
        raise RulebookError(file=where, key="skew_minutes", problem="wrong_value")
    about, classes = named
    return Rules(roles, contacts, signs, due, edges, about, classes, round(skew * 60_000_000))


def _apart(every: Sequence[Any], where: str) -> None:
    """Refuse two rules of one name, and a sign of what no activity shows by itself."""
    seen: set[str] = set()
    for one in every:
        if one.id in seen:
            raise RulebookError(file=where, key=f"cause {one.id}.id", problem="said_twice")
        seen.add(one.id)
        if isinstance(one, Due):
            _whole(one, where)
        if isinstance(one, Sign) and one.mode not in SHOWN_BY_SIGNS:
            raise RulebookError(file=where, key=f"cause {one.id}.mode", problem="wrong_value")


def _whole(rule: Due, where: str) -> None:
    """Refuse what says neither after what and how long nor by which attribute, and what says both."""
    told = ("after", "within_days")
    for key in ("then", *(() if rule.by else told)):
        if not getattr(rule, key):
            raise RulebookError(file=where, key=f"cause {rule.id}.{key}", problem="missing_key")
    for key in told if rule.by else ():
        if getattr(rule, key):
            raise RulebookError(file=where, key=f"cause {rule.id}.{key}", problem="wrong_value")


def with_due(names: Sequence[str], given: Rules) -> list[str]:
    """Return the activities of a log with those added that a rule asks for by name and nobody ever did.

    A step that was not done once in a whole log is missing there all the same.
    """
    asked = (
        name
        for one in given.due
        if codes(names, one.after) and not codes(names, one.then)
        for name in one.then
        if not set(name) & set("*?[")
    )
    return list(dict.fromkeys((*names, *asked)))


def _tables(value: object, where: str) -> Iterable[Mapping[str, Any]]:
    if (
        not isinstance(value, Sequence)
        or isinstance(value, str)
        or not all(isinstance(v, dict) for v in value)
    ):
        raise RulebookError(file=where, key="cause", problem="wrong_value")
    return value


def _read(made: Any, record: object, where: str, place: str) -> Any:
    """Return one table as what it is."""
    if not isinstance(record, dict):
        raise RulebookError(file=where, key=place, problem="wrong_value")
    known = {one.name: one for one in fields(made)}
    for name in record:
        if name not in known and name not in _ALWAYS:
            raise RulebookError(file=where, key=f"{place}.{name}", problem="unknown_key")
    given = {}
    for name, one in known.items():
        if name in record:
            given[name] = _value(one.type, record[name], where, f"{place}.{name}")
        elif one.default is one.default_factory:  # neither: it has to be given
            raise RulebookError(file=where, key=f"{place}.{name}", problem="missing_key")
    return made(**given)


def _value(kind: Any, value: object, where: str, place: str) -> Any:
    if kind is Patterns or kind == Patterns:
        return _texts(value, where, place)
    if kind is End:
        return _read(End, value, where, place)
    if kind in (Mode, Relation):
        if not isinstance(value, str) or value not in set(kind):
            raise RulebookError(file=where, key=place, problem="wrong_value")
        return kind(value)
    if kind is bool:
        right = isinstance(value, bool)
    else:
        right = isinstance(value, str) and bool(value) if kind is str else _is_number(value, kind)
    if not right:
        raise RulebookError(file=where, key=place, problem="wrong_value")
    return value


def _is_number(value: object, kind: type) -> bool:
    allowed = (int, float) if kind is float else (int,)
    return isinstance(value, allowed) and not isinstance(value, bool) and 0 < value <= MOST


def _texts(value: object, where: str, place: str) -> Patterns:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RulebookError(file=where, key=place, problem="wrong_value")
    return tuple(value)
