"""Cases and clocks out of the database, in column form."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from suyuan.analytics.lake import CASES, CLOCKS
from suyuan.domain.order import MILESTONES
from suyuan.domain.rulebook import Rulebook, assessable

from . import civil, faults, pseudonyms
from .orders import CAUSE, CAUSES, MALICIOUS, NOT_A_CUSTOMERS, ORDERS, STAGES, span
from .reading import bools, chunks, moment, shaped, timestamps
from .units import Units

PLAIN = (
    "number",
    "procedure",
    "state",
    "is_open",
    "origin",
    "source",
    "business_type",
    "type_code",
    "category",
    "level",
    "channel",
    "site",
    "specialty",
    "line",
    "area",
    "is_child",
    "restricted",
    "finding",
    "finding_assessed",
    "satisfaction",
    "card_match",
    "crew_rating",
    "supply_stable",
    "clock_reason",
)
MOMENTS = (*MILESTONES, "first_answered_at")
JUDGING = ("limit", "certainty", "kind", "provisional", "since")
JUDGED_BY = ("kind", "certainty", "limit", "since")
"""What tells whether a clock may judge."""
BOOLS = ("is_open", "is_child", "restricted", "supply_stable")


def cases(after: int, upto: int, rules: Rulebook) -> Iterator[pa.Table]:
    """Yield the cases whose last event lies in (after, upto], in order of acceptance."""
    key = pseudonyms.key()
    names = (
        "id",
        "unit_id",
        "zone",
        "account_index",
        "phone_index",
        "urges",
        "episode",
        "first_satisfaction",
        *PLAIN,
    )
    changed, values = span(after, upto)
    sql = (
        f"SELECT {', '.join(f'c.{name}' for name in names)}, "
        f"{', '.join(moment(f'c.{name}') for name in MOMENTS)}, "
        'b."limit", b.certainty, b.kind, b.provisional, b.limit_from, '
        f"{moment('b.due_at')}, {moment('b.stopped_at')}, r.stage, m.upheld, "
        f"{CAUSE}, {moment(f'({faults.AGAIN})')} "
        "FROM store_case c LEFT JOIN store_clock b ON b.case_id = c.id AND b.binding AND b.episode = 1 "
        f"AND b.state <> 'void' LEFT JOIN ({ORDERS}) r ON r.number = c.number "
        f"LEFT JOIN ({MALICIOUS}) m ON m.number = c.number LEFT JOIN ({CAUSES}) l ON l.about = c.id "
        f"WHERE {changed} AND {NOT_A_CUSTOMERS} ORDER BY c.accepted_at"
    )
    units = Units()
    for rows in chunks(sql, values):
        yield _cases(rows, names, units, rules, key)


def _cases(
    rows: Sequence[tuple[Any, ...]], names: tuple[str, ...], units: Units, rules: Rulebook, key: bytes
) -> pa.Table:
    got = dict(
        zip(
            (*names, *MOMENTS, *JUDGING, "due", "stopped", "stage", "malicious", "cause", "again"),
            zip(*rows, strict=True),
            strict=True,
        )
    )
    found: dict[str, pa.Array] = {name: pa.array(got[name]) for name in PLAIN if name not in BOOLS}
    found |= {name: bools(got[name]) for name in BOOLS}
    found |= {name: timestamps(got[name]) for name in MOMENTS}
    found |= civil.columns(found["accepted_at"], got["zone"], rules.calendar) | units.columns(got["unit_id"])
    found |= _categories(got["category"], rules) | _closure(got)
    found |= faults.columns(
        got["business_type"], got["account_index"], found["restored_at"], timestamps(got["again"])
    )
    found |= {
        "case_id": pa.array(got["id"], pa.int64()),
        "malicious": bools(got["malicious"]),
        "cause": pa.array(got["cause"], pa.string()),
        "rectification": pa.array([STAGES[stage or 0] for stage in got["stage"]]),
        "urge_count": pa.array(got["urges"], pa.int32()),
        "contact_count": pa.array([n + 1 for n in got["urges"]], pa.int32()),
        "event_key": _event_keys(key, got, found["accepted_week"]),
        "answered_date": civil.dates(found["answered_at"], got["zone"]),
        "archived_date": civil.dates(found["archived_at"], got["zone"]),
        "binding_limit": pa.array([limit or "" for limit in got["limit"]]),
        "binding_due": timestamps(got["due"]),
        "binding_stopped": timestamps(got["stopped"]),
        "binding_provisional": bools(got["provisional"]),
        "binding_assessable": _assessable(*(got[name] for name in JUDGED_BY), rules=rules),
    }
    return shaped(found, CASES)


def _closure(got: dict[str, Any]) -> dict[str, pa.Array]:
    """Return which episode a case is in, and what the customer said at the end of the first."""
    said = zip(*(got[name] for name in ("episode", "first_satisfaction", "satisfaction")), strict=True)
    return {
        "episode": pa.array(got["episode"], pa.int16()),
        "first_satisfaction": pa.array([first if episode > 1 else now for episode, first, now in said]),
    }


def clocks(after: int, upto: int, rules: Rulebook) -> Iterator[pa.Table]:
    """Yield the clocks of the same cases, void ones left out."""
    names = (
        "k.case_id",
        "c.unit_id",
        "c.zone",
        "c.procedure",
        "c.is_open",
        'k."limit"',
        "k.kind",
        "k.provisional",
        "k.certainty",
        "k.binding",
        "k.episode",
        "k.limit_from",
    )
    moments = ("c.accepted_at", "k.started_at", "k.due_at", "k.stopped_at")
    changed, values = span(after, upto)
    sql = (
        f"SELECT {', '.join(names)}, {', '.join(map(moment, moments))} FROM store_case c "
        "JOIN store_clock k ON k.case_id = c.id AND k.state <> 'void' "
        f"WHERE {changed} AND {NOT_A_CUSTOMERS} ORDER BY c.accepted_at"
    )
    units = Units()
    for rows in chunks(sql, values):
        yield _clocks(rows, units, rules)


def _clocks(rows: Sequence[tuple[Any, ...]], units: Units, rules: Rulebook) -> pa.Table:
    (
        case_id,
        unit,
        zone,
        procedure,
        is_open,
        limit,
        kind,
        provisional,
        certainty,
        binding,
        episode,
        since,
        *moments,
    ) = zip(*rows, strict=True)
    found = units.of_case(unit, timestamps(moments[0]), zone, rules.calendar) | {
        "case_id": pa.array(case_id),
        "procedure": pa.array(procedure),
        "is_open": bools(is_open),
        "limit": pa.array(limit),
        "kind": pa.array(kind),
        "started": timestamps(moments[1]),
        "due": timestamps(moments[2]),
        "stopped": timestamps(moments[3]),
        "provisional": bools(provisional),
        "assessable": _assessable(kind, certainty, limit, since, rules=rules),
        "binding": bools(binding),
        "episode": pa.array(episode),
    }
    return shaped(found, CLOCKS)


def _categories(codes: Sequence[str], rules: Rulebook) -> dict[str, pa.Array]:
    coded = pa.array(codes, pa.string()).dictionary_encode()
    rows = []
    for code in coded.dictionary.to_pylist():
        parts = code.split(".") if code else []
        record = rules.categories.get(code)
        levels = [".".join(parts[: n + 1]) if n < len(parts) else "" for n in range(3)]
        rows.append((*levels, record.group if record else ""))
    named = ("l1", "l2", "l3", "assess_group")
    return {
        name: pa.array([row[n] for row in rows], pa.string()).take(coded.indices)
        for n, name in enumerate(named)
    }


def _event_keys(key: bytes, got: dict[str, Any], weeks: pa.Array) -> pa.Array:
    who = zip(got["account_index"], got["phone_index"], got["business_type"], weeks.to_pylist(), strict=True)
    return pa.array(pseudonyms.event_keys(key, who), pa.string())


def _assessable(*clocks: Sequence[Any], rules: Rulebook) -> pa.Array:
    """Return whether each clock may judge: by how sure its limit's edition is today, not when it started."""
    sure = {
        (one.id, one.in_force_from.isoformat()): one.assessable
        for editions in rules.limits.values()
        for one in editions
    }

    def judged(kind: str | None, certainty: str | None, limit: str, since: object) -> bool | None:
        if kind is None or certainty is None:
            return None
        known = sure.get((limit, str(since)))
        return kind == "imported" or (assessable(certainty) if known is None else known)

    return pa.array(map(judged, *clocks), pa.bool_())
