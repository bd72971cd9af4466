"""What must hold between the records of a whole book."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from suyuan.domain import retention
from suyuan.domain.order import MILESTONES, can_follow

from . import tariff
from .clauses import Clause
from .duties import Duty, check_duties
from .office import Document, FormField, Phrase, Route, check_office
from .playbooks import Emergency, Playbook
from .reading import Row, ladder
from .records import LADDER, BusinessType, Category, Choice, Figure, Limit, Record
from .sheets import SheetRule
from .tables import Placed


def ends(editions: Sequence[Limit]) -> list[date | None]:
    """Return the last day of each edition: its own end, or the day before the next one begins."""
    following = [one.in_force_from - timedelta(days=1) for one in editions[1:]]
    own = [one.in_force_until for one in editions]
    return [min(filter(None, pair), default=None) for pair in zip(own, [*following, None], strict=True)]


def check(placed: Sequence[Placed]) -> None:
    """Raise RulebookError at the first record that does not fit the others."""
    codes = _codes([record for _, record in placed])
    limits = [record for _, record in placed if isinstance(record, Limit)]
    families, ids = {one.family for one in limits}, {one.id for one in limits}
    for row, record in placed:
        if isinstance(record, Limit):
            _check_limit(row, record, codes)
        elif isinstance(record, Category):
            _check_category(row, record, codes)
        elif isinstance(record, Choice) and record.limit and record.limit not in families:
            raise row.error("limit", f"is no limit family: {record.limit!r}")
        elif isinstance(record, Figure) and record.id == LADDER:
            ladder(row, record.terms.get("warn"), record.terms.get("after_hours"))
        elif isinstance(record, Figure) and record.id.startswith(retention.PREFIX):
            if wrong := retention.problem(record.id, record.terms):
                raise row.error(*wrong)
        elif isinstance(record, Figure) and record.id.startswith(tariff.PREFIX):
            if wrong := tariff.problem(record.id, record.terms):
                raise row.error(*wrong)
        elif isinstance(record, Route | Phrase | FormField | Document | SheetRule | Clause | Playbook):
            check_office(row, record, codes, ids)
    _check_names(placed)
    _check_binding([(row, record) for row, record in placed if isinstance(record, Limit)])
    check_duties([(row, record) for row, record in placed if isinstance(record, Duty)])


def _codes(records: Sequence[object]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {
        name: set() for name in ("category", "business_type", "specialty", "document", "emergency")
    }
    for record in records:
        if isinstance(record, Category):
            found["category"].add(record.code)
        elif isinstance(record, BusinessType):
            found["business_type"].add(record.code)
        elif isinstance(record, Document):
            found["document"].add(record.number)
        elif isinstance(record, Emergency):
            found["emergency"].add(record.code)
        elif isinstance(record, Choice):
            found.setdefault(record.list, set()).add(record.code)
    return found


def _check_category(row: Row, category: Category, codes: Mapping[str, set[str]]) -> None:
    if category.parent and category.parent not in codes["category"]:
        raise row.error("code", f"has no parent {category.parent!r}")
    if category.specialty and category.specialty not in codes["specialty"]:
        raise row.error("specialty", f"is unknown: {category.specialty!r}")


def _check_limit(row: Row, limit: Limit, codes: Mapping[str, set[str]]) -> None:
    for key, values in limit.when.items():
        known = codes.get(key, set()) | (codes.get("urgency", set()) if key == "level" else set())
        if unknown := set(values) - known:
            raise row.error(f"when.{key}", f"names the unknown code {min(unknown)!r}")
    moments = set(MILESTONES) if limit.procedures else set(MILESTONES) | codes.get("moment", set())
    for key, moment in (("starts", limit.starts), ("stops", limit.stops)):
        if moment not in moments:
            raise row.error(key, f"is no moment of a case: {moment!r}")
    if limit.procedures and not can_follow(limit.stops, limit.starts):
        raise row.error("stops", f"never comes after {limit.starts!r}")


def _check_names(placed: Sequence[Placed]) -> None:
    """Raise if a label of one list could mean two of its values."""
    seen: dict[tuple[str, str], str] = {}
    for row, record in placed:
        if isinstance(record, BusinessType | Choice):
            where = record.list if isinstance(record, Choice) else "business_type"
            for name in {record.code, record.title.zh, *record.synonyms}:
                if seen.setdefault((where, name), record.code) != record.code:
                    raise row.error("synonyms", f"{name!r} already stands for {seen[where, name]!r}")


def _check_binding(placed: Sequence[tuple[Row, Limit]]) -> None:
    """Raise if two binding limits could hold one case on one day."""
    editions: dict[str, list[Limit]] = {}
    for _, limit in placed:
        editions.setdefault(limit.id, []).append(limit)
    spans: dict[tuple[str, date], date] = {}
    for same in editions.values():
        same.sort(key=lambda limit: limit.in_force_from)
        for limit, end in zip(same, ends(same), strict=True):
            spans[limit.id, limit.in_force_from] = end or date.max
    binding = [(row, limit) for row, limit in placed if limit.binding]
    for (_, one), (row, other) in combinations(binding, 2):
        together = one.in_force_from <= spans[other.id, other.in_force_from] and (
            other.in_force_from <= spans[one.id, one.in_force_from]
        )
        apart = any(not set(one.when[k]) & set(other.when[k]) for k in one.when.keys() & other.when.keys())
        if one.id != other.id and together and not apart and set(one.procedures) & set(other.procedures):
            raise row.error("binding", f"{one.id!r} already binds the same cases")


SURE = ("confirm", "revoke")
"""Entries that speak of how sure another one is."""
CONFIRMED = ("limit", "figure", "category", "business_type", "clause")
"""The tables whose records a person can confirm, under the key that names one."""


def spoken_of(row: Row, known: Mapping[tuple[str, str, date | None], Placed]) -> tuple[str, Record | Clause]:
    """Return the table and the edition that a ``[[confirm]]`` or ``[[revoke]]`` speaks of; raise for none."""
    named = [name for name in CONFIRMED if name in row.content]
    if len(named) != 1:
        raise row.error("limit", f"must be named by exactly one of {', '.join(CONFIRMED)}")
    start = row.certain_day("in_force_from") if named[0] == "limit" else row.day("in_force_from", None)
    found = known.get((named[0], row.text(named[0]), start))
    if found is None:
        raise row.error(named[0], f"is no edition of a {named[0].replace('_', ' ')}")
    record = found[1]
    assert isinstance(record, Limit | Figure | Category | BusinessType | Clause)
    return named[0], record
