"""One order record to the rows that will stand for it.

Runs in a worker process, so that reading, judging and sealing take one core and writing the other.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from suyuan.domain import audit, clockplan, masking, procedures, worktime
from suyuan.domain.order import MILESTONES, OrderRecord
from suyuan.domain.rulebook import Limit, Rulebook
from suyuan.domain.vocabulary import State
from suyuan.store import search, seal

TARGET = "imported.target"
"""The limit id of the date a file says an order was to be done by."""

Stamp = Callable[[datetime | None], Any]


@dataclass(slots=True)
class Prepared:
    """Everything of one new case but the ids, the unit and the rulebook edition."""

    row: int
    number: str
    digest: str
    unit_code: str
    unit_name: str
    case: dict[str, Any]
    clocks: list[tuple[Any, ...]]
    contact: tuple[Any, ...]
    event: dict[str, Any]
    terms: Any
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Preparer:
    """What preparing needs to know of the run."""

    rules: Rulebook
    source: str
    zone: str
    """Where the orders were taken: the zone of their civil dates."""
    columns: frozenset[str]
    """The fields the file has a column for."""
    by: str
    now: datetime
    stamp: Stamp
    postgres: bool

    def prepare(self, row: int, record: OrderRecord) -> Prepared:
        """Return the rows that stand for ``record``."""
        digest = record_digest(record)
        moments = {name: record.moments.get(name) for name in MILESTONES} | {
            "accepted_at": record.accepted_at
        }
        closed = is_closed(record)
        procedure = procedures.current(self.rules.business_types[record.business_type].procedure)
        state = state_of(procedure.name, moments, closed)
        clocks, reason, due = self._clocks(record, procedure.name, moments, closed)
        masked = masking.mask(record.text)
        case = self._case(record, digest, masked) | {
            "procedure": procedure.name,
            "version": procedure.version,
            "state": state.value,
            "is_open": not closed,
            "next_due_at": None if closed else self.stamp(due),
            "clock_reason": reason,
            **{name: self.stamp(moment) for name, moment in moments.items()},
            "first_answered_at": self.stamp(moments["answered_at"]),
        }
        return Prepared(
            row=row,
            number=record.number,
            digest=digest,
            unit_code=record.unit_code,
            unit_name=record.unit_name,
            case=case,
            clocks=clocks,
            contact=(
                record.channel[:20],
                self.stamp(record.accepted_at),
                masked,
                seal.seal(personal(record)),
            ),
            event=self._event(record, digest, moments),
            terms=self._terms(masked),
            accepted_at=record.accepted_at,
        )

    def _terms(self, masked: str) -> Any:
        found = search.terms(masked)
        return sorted(set(found)) if self.postgres else " ".join(found)

    def _case(self, record: OrderRecord, digest: str, masked: str) -> dict[str, Any]:
        category = self.rules.categories.get(record.category)
        return {
            "number": record.number,
            "origin": "import",
            "source": self.source,
            "zone": self.zone,
            "source_digest": digest,
            "business_type": record.business_type,
            "type_code": record.type_code,
            "category": record.category,
            "level": record.level,
            "channel": record.channel[:20],
            "site": record.site,
            "secrecy": record.secrecy,
            "restricted": record.business_type == "report",
            "specialty": record.specialty or (category.specialty if category else ""),
            "line": record.line,
            "area": record.area,
            "is_child": record.is_child,
            "parent_number": record.parent_number,
            "brief": masked[:120],
            "account_index": seal.index("account", record.account),
            "phone_index": seal.index("phone", record.phone),
            "finding": record.finding,
            "finding_assessed": record.finding,
            "satisfaction": record.satisfaction,
        }

    def _event(
        self, record: OrderRecord, digest: str, moments: Mapping[str, datetime | None]
    ) -> dict[str, Any]:
        objects: list[tuple[str, str]] = [("case", record.number)]
        pairs = (
            ("account", seal.index("account", record.account)),
            ("line", record.line),
            ("area", record.area),
            ("unit", record.unit_code),
        )
        objects += [(kind, key) for kind, key in pairs if key]
        detail = {
            "source": self.source,
            "row_digest": digest,
            "milestones": {
                name: moment.astimezone(UTC).isoformat() for name, moment in moments.items() if moment
            },
        }
        entry = audit.Entry(f"case:{record.number}", 1, self.now, self.by, "import", tuple(objects), detail)
        return {
            "stream": entry.stream,
            "objects": json.dumps([list(pair) for pair in objects], ensure_ascii=False),
            "detail": json.dumps(detail, ensure_ascii=False),
            "digest": audit.digest(entry, audit.GENESIS, canonical),
        }

    def _clocks(
        self, record: OrderRecord, procedure: str, moments: dict[str, datetime | None], closed: bool
    ) -> tuple[list[tuple[Any, ...]], str, datetime | None]:
        """Return the clock rows, why there is no binding one, and the earliest due still running."""
        facts = {
            "business_type": record.business_type,
            "site": record.site,
            "channel": record.channel,
            "category": record.category,
            "level": record.level,
        }
        on = record.accepted_at.astimezone(self.rules.calendar.zone).date()
        limits = [
            limit
            for limit in self.rules.limits_for(procedure, facts, on)
            if self._judged(limit, moments, closed)
        ]
        plan = clockplan.plan(limits, moments, ())
        rows: list[tuple[Any, ...]] = []
        dues: list[datetime] = []
        bound = record.target_at is not None
        for limit in plan.start:
            assert isinstance(limit, Limit)
            due, row = self._clock(limit, moments, record.target_at is None)
            bound = bound or limit.binding
            rows.append(row)
            if moments.get(limit.stops) is None:
                dues.append(due)
        if record.target_at is not None:
            rows.append(self._target(record, moments))
            if moments["answered_at"] is None and moments["archived_at"] is None:
                dues.append(record.target_at)
        reason = "" if bound else self._reason(record, facts, procedure, on, closed)
        return rows, reason, min(dues, default=None)

    def _judged(self, limit: Limit, moments: Mapping[str, datetime | None], closed: bool) -> bool:
        """Return whether the file says enough to judge by this limit."""
        if limit.stops not in MILESTONES:
            return False
        if moments.get(limit.stops) is not None:
            return True
        return not closed and (limit.binding or limit.stops in self.columns)

    def _clock(
        self, limit: Limit, moments: Mapping[str, datetime | None], may_bind: bool
    ) -> tuple[datetime, tuple[Any, ...]]:
        start, stop = moments[limit.starts], moments.get(limit.stops)
        assert start is not None
        due = worktime.due(start, limit.amount, limit.unit, limit.count, self.rules.calendar)
        stamp = self.stamp
        return due.at, (
            limit.id,
            limit.family,
            limit.kind,
            limit.binding and may_bind,
            limit.amount,
            limit.unit,
            limit.count,
            limit.certainty.value,
            1,
            stamp(start),
            stamp(due.at),
            due.provisional,
            stamp(stop),
            "running" if stop is None else "stopped",
            stamp(due.at) if stop is None else None,
        )

    def _target(self, record: OrderRecord, moments: Mapping[str, datetime | None]) -> tuple[Any, ...]:
        stop = moments["answered_at"] or moments["archived_at"]
        stamp = self.stamp
        return (
            TARGET,
            TARGET,
            "imported",
            True,
            None,
            "",
            "",
            "file",
            1,
            stamp(record.accepted_at),
            stamp(record.target_at),
            False,
            stamp(stop),
            "running" if stop is None else "stopped",
            stamp(record.target_at) if stop is None else None,
        )

    def _reason(
        self, record: OrderRecord, facts: dict[str, str], procedure: str, on: Any, closed: bool
    ) -> str:
        if "target_at" in self.columns:
            return "no_target"
        if record.business_type == "unknown":
            return "type_unknown"
        if procedure == "repair" and not record.site:
            return "site_unknown"
        in_force = any(limit.binding for limit in self.rules.limits_for(procedure, facts, on))
        return "no_answer_time" if in_force and closed else "no_rule_in_force"


def record_digest(record: OrderRecord) -> str:
    """Return a digest of everything a file says of an order, to tell an update from a repeat."""
    values = [
        record.number,
        record.business_type,
        record.accepted_at.isoformat(),
        record.text,
        record.type_code,
        record.category,
        record.level,
        record.channel,
        record.site,
        record.secrecy,
        record.unit_code,
        record.unit_name,
        record.specialty,
        record.account,
        record.phone,
        record.customer,
        record.address,
        record.handling,
        record.finding,
        record.satisfaction,
        record.state_text,
        str(record.closed),
        str(record.is_child),
        record.parent_number,
        record.line,
        record.area,
        str(record.target_at),
        str(sorted(record.moments.items())),
        str(sorted(record.extra.items())),
    ]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:32]


def personal(record: OrderRecord) -> dict[str, str]:
    """Return what is sealed of an order: who, and the words themselves."""
    pairs = {
        "text": record.text,
        "handling": record.handling,
        "account": record.account,
        "phone": record.phone,
        "customer": record.customer,
        "address": record.address,
        "state_text": record.state_text,
    }
    kept = {name: value for name, value in pairs.items() if value}
    if record.extra:
        kept["extra"] = json.dumps(record.extra, ensure_ascii=False)
    return kept


def is_closed(record: OrderRecord) -> bool:
    """Return whether the order is over: the file says so, or it has an archive time."""
    return record.closed if record.closed is not None else "archived_at" in record.moments


def state_of(procedure: str, moments: Mapping[str, datetime | None], closed: bool) -> State:
    """Return where an imported order stands in its procedure."""
    if closed:
        return State.ARCHIVED
    if procedure == "imported":
        return State.OPEN
    for milestone, state in (
        ("answered_at", State.CALLBACK),
        ("taken_at", State.HANDLING),
        ("dispatched_at", State.DISPATCHED),
    ):
        if moments[milestone] is not None:
            return _further(procedure, moments, state)
    return State.REGISTERED


def _further(procedure: str, moments: Mapping[str, datetime | None], state: State) -> State:
    if state is not State.HANDLING or procedure not in ("repair", "application"):
        return state
    if procedure == "repair" and moments["restored_at"] is not None:
        return State.RESTORED
    return State.ON_SITE if moments["arrived_at"] is not None else state


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of a value of ASCII keys, texts, whole numbers and lists: what imports chain.

    For these the standard library's encoder writes the same bytes many times faster (a test holds it to that).
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
