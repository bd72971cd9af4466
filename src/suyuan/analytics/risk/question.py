"""What is asked: of which subjects, what may become of them, and when they are looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from suyuan.domain.errors import BadInput

LATE, FOLLOWS = "late", "follows"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; names of types, activities and traits are patterns with ``*``."""

    name: str
    subjects: tuple[str, ...]
    """Types of objects: one subject each."""
    kind: str
    """``late``: not done by the moment promised. ``follows``: an activity within ``days``."""
    activities: tuple[str, ...] = ()
    """``follows``: what follows; ``name=value`` for what is then said of the subject."""
    days: float = 0.0
    """``follows``: within so many days. ``late`` without ``due``: so many days after the first event."""
    on_customer: bool = False
    """``follows``: on anything of the subject's customer."""
    once: bool = False
    """``follows``: a subject to which it happened is asked about no more."""
    due: str = ""
    """``late``: what the log calls the moment promised."""
    done_at: str = ""
    """What the log calls the moment at which a subject was done, where no event is that."""
    done: tuple[str, ...] = ()
    """Activities after which a subject is done and asked about no more."""
    customer: tuple[str, ...] = ()
    """Types of objects that are customers."""
    team: tuple[str, ...] = ()
    """Types of objects, or attributes of events, that say who did it."""
    orders: tuple[str, ...] = ()
    """Types of objects that an activity is told apart by: ``type/activity``."""
    traits: tuple[str, ...] = ()
    """What is said of subjects that may be used; what is said later than the outcome never is."""
    ages: tuple[float, ...] = ()
    """Hours after its first event at which a subject is looked at."""
    every: float = 0.0
    """Or: every so many days, all that are open then."""
    open_for: float = 0.0
    """``every``: no longer than so many days after the last event; 0: always."""
    rule: str = ""
    """The trivial rules beside the prior go by the last one, and by all, of which the same is said here."""


def question(name: str, terms: Mapping[str, Any]) -> Question:
    """Return a question from a table; raise BadInput naming the key that is wrong."""
    made: dict[str, Any] = {}
    for key, value in terms.items():
        if key not in _FIELDS:
            raise BadInput("question_key", key=key[:60], known=sorted(_FIELDS))
        if not _fits(key, value):
            raise BadInput("question_value", key=key, value=str(value)[:60], wanted=_wanted(key))
        made[key] = tuple(value) if isinstance(value, list | tuple) else value
    if (kind := made.get("kind", "")) not in (LATE, FOLLOWS):
        raise BadInput("question_value", key="kind", value=kind[:60], wanted=f"{LATE} | {FOLLOWS}")
    for keys in (("subjects",), ("ages", "every"), ("days", "due")):
        if not any(made.get(key) for key in keys):
            raise BadInput("question_lacks", one_of=" | ".join(keys))
    return Question(name=name, **made)


_FIELDS: dict[str, Any] = {one.name: one.type for one in fields(Question) if one.name != "name"}


def _fits(key: str, value: Any) -> bool:
    """Return whether a value is of the kind that a key has."""
    kinds = get_args(_FIELDS[key])
    if kinds:
        return isinstance(value, list | tuple) and all(_plain(one, kinds[0]) for one in value)
    return _plain(value, _FIELDS[key])


def _wanted(key: str) -> str:
    """Return of what kind a key is, as TOML writes it."""
    kinds = get_args(_FIELDS[key])
    kind = _WRITTEN[kinds[0] if kinds else _FIELDS[key]]
    return f"[{kind}, …]" if kinds else kind


_WRITTEN: dict[type, str] = {str: '"text"', float: "0 … 999999", bool: "true | false"}


def _plain(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6
    return isinstance(value, kind)
