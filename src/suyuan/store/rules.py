"""The rulebook of this installation: the package's figures, the office's own files, what was approved."""

import functools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language

from suyuan.config.home import home
from suyuan.domain import rulebook as book
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Step
from suyuan.domain.reply import shipped
from suyuan.domain.rulebook import entries
from suyuan.domain.rulebook import words as words_of
from suyuan.domain.rulebook.notices import ZONE
from suyuan.domain.rulebook.posts import proposed

from . import chain
from .models import Clock, Edition, RuleDraft


def own_files() -> tuple[Path, ...]:
    """Return the office's own rulebook files, in name order."""
    return tuple(sorted((home() / "rulebook").glob("*.toml")))


STREAM = "register:rulebook"
"""The chain of what was proposed for the rulebook and decided."""


@dataclass(slots=True)
class _Approved:
    """What this process knows of the approved entries: the head of the chain then, the entries, the day."""

    head: str = ""
    entries: tuple[str, ...] = ()
    day: date = date.max
    """The local day this process was last told: figures of later days do not count yet."""


_APPROVED = _Approved()


def look(now: datetime | None = None) -> None:
    """See what has been approved since, and the day: asked by every request, command and verb that needs it.

    One question to an index; only where the chain has grown are the entries read again.
    """
    if now is not None and (day := now.astimezone(ZoneInfo(ZONE)).date()) != _APPROVED.day:
        _APPROVED.day = day
        look_again()
    _, head = chain.head(STREAM) or (0, "")
    if head != _APPROVED.head:
        approved = RuleDraft.objects.filter(state="approved").order_by("landed")
        _APPROVED.entries = tuple(
            json.dumps(entries.content(kind, entry), ensure_ascii=False)
            for kind, entry in approved.values_list("kind", "entry")
        )
        _APPROVED.head = head
        look_again()


def forget() -> None:
    """Know of nothing approved and of no stored edition until the next look: another database is open."""
    _APPROVED.head, _APPROVED.entries, _APPROVED.day = "", (), date.max
    forget_stored()
    look_again()


def forget_stored() -> None:
    """Know of no stored edition or wording until the next look: the last that were kept may be lost.

    A standby that took over, or a server that commits before it has written, comes back without them.
    """
    for kept in (_digest, _thawed, _with_calendar):
        kept.cache_clear()
    _EDITIONS.clear()
    WORDINGS.clear()


def own_entries() -> tuple[str, ...]:
    """Return the approved entries as JSON, in the order they were approved."""
    return _APPROVED.entries


LOOK_AGAIN = 1.0
"""Seconds between two looks at the office's own files: a page asks for hundreds of labels."""


@dataclass(slots=True)
class _Looked:
    at: float = float("-inf")
    home: Path | None = None
    found: book.Rulebook | None = None


_LOOKED = _Looked()


def rulebook() -> book.Rulebook:
    """Return the rulebook in force; a file of the office's that has changed is seen within a second."""
    now = time.monotonic()
    if now - _LOOKED.at > LOOK_AGAIN or _LOOKED.home != home() or _LOOKED.found is None:
        files = own_files()
        _LOOKED.at, _LOOKED.home = now, home()
        changed = tuple(path.stat().st_mtime_ns for path in files)
        _LOOKED.found = _in_force(files, changed, _APPROVED.entries)
    assert _LOOKED.found is not None
    return _LOOKED.found


def look_again() -> None:
    """Read the office's files at the next question: one has just been written."""
    _LOOKED.at = float("-inf")


def _in_force(files: tuple[Path, ...], changed: tuple[int, ...], approved: tuple[str, ...]) -> book.Rulebook:
    """Return the book of today: built again only on a day on which some figure begins."""
    whole = _load(files, changed, approved, date.max)
    begins = {one.in_force_from or date.min for same in whole.figures.values() for one in same}
    if max(begins) <= _APPROVED.day:
        return whole
    return _load(files, changed, approved, max(day for day in begins | {date.min} if day <= _APPROVED.day))


@functools.lru_cache(maxsize=8)
def _load(
    files: tuple[Path, ...], _changed: tuple[int, ...], approved: tuple[str, ...], day: date
) -> book.Rulebook:
    return book.load(*files, entries=map(json.loads, approved), on=day)


def label(kind: str, code: str, lang: str | None = None) -> str:
    """Return the words for a code; a code without words is shown as it is."""
    if not code:
        return ""
    english = (lang or get_language() or "zh").startswith("en")
    title = _titled(kind, code)
    if title is not None:
        return title.en if english else title.zh
    words = words_of.labels().get(kind, {}).get(code)
    return code if words is None else words["en" if english else "zh"]


def _titled(kind: str, code: str) -> book.Title | None:
    """Return the title of a code that is a rulebook record, or None."""
    rules = rulebook()
    if kind == "limit":
        editions = rules.limits.get(code)
        given = rules.choices["clock"].get(code)
        return editions[-1].title if editions else given and given.title
    if kind == "detector" and (figure := rules.figures.get(f"detect.{code}")):
        return figure[-1].title
    if kind in ("clause", "clause_number") and (clauses := rules.clauses.get(code)):
        return clauses[-1].title if kind == "clause" else clauses[-1].cited
    if kind == "document":
        return rules.documents[code][-1].title if code in rules.documents else None
    if kind == "field" and code.startswith("x_"):
        every = (one[-1] for one in rules.form_fields.values())
        return next((one.title for one in every if one.name == code), None)
    if kind.startswith("reason."):
        return next((c.title for c in rules.reasons.get(kind[7:], ()) if c.code == code), None)
    shelves = {
        "business_type": rules.business_types,
        "category": rules.categories,
        "channel": rules.channels,
        "level": rules.levels,
        "specialty": rules.specialties,
        "reply_item": shipped().items,
        "customer_kind": rules.choices["customer_kind"],
        "account_status": rules.choices["account_status"],
        "emergency": rules.emergencies,
    }
    record = shelves.get(kind, {}).get(code)
    return None if record is None else record.title


def why(code: str, lang: str | None = None) -> str:
    """Return what the code of an error means; one without words is shown as it is."""
    return words_of.why(code, "en" if (lang or get_language() or "zh").startswith("en") else "zh")


def local_day(now: datetime) -> date:
    """Return the day a moment lies on where the office is."""
    return now.astimezone(rulebook().calendar.zone).date()


def ended(field: Field, on: date) -> set[str]:
    """Return the codes of a field that were in force once and are no longer offered on a day."""
    book = rulebook()
    shelf: Mapping[str, Any] = book.choices.get(
        f"reason.{field.reasons}" if field.reasons else field.name, {}
    )
    if field.type is Type.BUSINESS_TYPE:
        shelf = book.business_types
    if field.type is Type.CATEGORY:
        shelf = book.categories
    return {code for code, one in shelf.items() if one.in_force_until and one.in_force_until < on}


def choices(field: Field, lang: str | None = None) -> list[tuple[str, str]]:
    """Return the codes a field allows with their words, in rulebook order."""
    rules = rulebook()
    if field.reasons:
        shelf = f"reason.{field.reasons}"
        return [(c.code, label(shelf, c.code, lang)) for c in rules.reasons[field.reasons]]
    if field.type is Type.BUSINESS_TYPE:
        return [(code, label("business_type", code, lang)) for code in rules.asked_for]
    if field.type is Type.CATEGORY:
        return [
            (code, "　" * (record.level - 1) + label("category", code, lang))
            for code, record in rules.categories.items()
        ]
    return [(code, label(field.name, code, lang)) for code in field.choices]


def edition(book_in_force: book.Rulebook, now: datetime) -> Edition:
    """Return the stored edition of a rulebook, keeping its content on first use."""
    digest = book_in_force.edition
    known = _EDITIONS.get(digest)
    if known is None:
        known, _ = Edition.objects.defer("content").get_or_create(
            digest=digest, defaults={"first_used_at": now, "content": book_in_force.frozen}
        )
        transaction.on_commit(functools.partial(_EDITIONS.__setitem__, digest, known))
    return known


def pinned(edition_id: int) -> book.Rulebook:
    """Return the rulebook a case pinned; its calendar grows as notices are published, its limits do not."""
    now_in_force = rulebook()
    if _digest(edition_id) == now_in_force.edition:
        return now_in_force
    return _with_calendar(edition_id, now_in_force.edition)


@functools.lru_cache(maxsize=8)
def _with_calendar(edition_id: int, _newest: str) -> book.Rulebook:
    return _thawed(edition_id).with_calendar_of(rulebook())


_EDITIONS: dict[str, Edition] = {}
"""Editions known to be stored: remembered once the transaction that found or kept them has been committed."""
WORDINGS: dict[str, int] = {}
"""Wordings of messages known to be stored, by their digest: remembered like the editions."""


@functools.lru_cache(maxsize=32)
def _digest(edition_id: int) -> str:
    return Edition.objects.values_list("digest", flat=True).get(pk=edition_id)


@functools.lru_cache(maxsize=8)
def _thawed(edition_id: int) -> book.Rulebook:
    return book.Rulebook.thaw(Edition.objects.get(pk=edition_id).content)


def certainty(clock: Clock) -> str:
    """Return how sure the limit's edition a clock runs under is today; a file's due stays what it was."""
    editions = rulebook().limits.get(clock.limit, ())
    found = next((one for one in editions if one.in_force_from == clock.limit_from), None)
    return clock.certainty if found is None else found.certainty.value


def own_fields(procedure: str, verb: str, now: datetime) -> tuple[Field, ...]:
    """Return the fields the office adds to the form of a step today; the frozen table stays as it is."""
    return tuple(one.field for one in rulebook().fields_of(procedure, verb, local_day(now)))


def asked(procedure: str, step: Step, now: datetime) -> Step:
    """Return a step with the fields the office adds to its form today, as every door asks for them."""
    return replace(step, form=(*step.form, *own_fields(procedure, step.verb, now)))


def posts() -> tuple[dict[str, Any], ...]:
    """Return the posts an office begins with, as the rulebook proposes them."""
    return proposed()


def figure(name: str, term: str) -> int:
    """Return a whole-number term of the newest edition of a figure."""
    return int(rulebook().figures[name][-1].terms[term])
