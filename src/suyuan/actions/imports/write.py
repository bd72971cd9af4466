"""A batch of prepared rows in one transaction; what is known already changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from suyuan.domain.order import MILESTONES
from suyuan.store import bulk, chain, search
from suyuan.store.models import Case, Clock, Contact, Edition, Event

from .prepare import CASE, Prepared
from .units import Units

CLOCK_COLUMNS = (
    "case_id",
    "limit",
    "family",
    "kind",
    "binding",
    "amount",
    "unit",
    "count",
    "certainty",
    "episode",
    "started_at",
    "due_at",
    "provisional",
    "stopped_at",
    "state",
    "next_rung_at",
    "limit_from",
)
CONTACT_COLUMNS = ("case_id", "channel", "at", "masked", "masked_by", "sealed")
BESIDE = (
    "import",
    "import_update",
    "rung",
    "calendar",
    "retarget",
    "migrate",
    "note",
    "urge",
    "supervise",
    "attach",
    "reveal",
    "portrait",
)
"""Events that do not take an order over from the system it comes from: the file may still move it on."""

KEPT_OUT = ("brief", "account_index", "phone_index", "name_index", "source_digest")
BLANKS: dict[str, Any] = {
    "state_before": "",
    "owner": "",
    "handler": "",
    "handlers": "[]",
    "urges": 0,
    "returns": 0,
    "unreached": 0,
    "supervised": False,
    "paused": False,
    "episode": 1,
    "reopened_at": None,
    "desk_id": None,
}
"""Columns of a case that a file never sets."""


Fault = tuple[int, str, str, str]
"""Row, field, value, rule."""


def _changed(case: Case, said: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what a file changes of a case, old and new; what comes of the person stays out."""
    stamp = bulk.stamp()
    changed = {}
    for name, new in said.items():
        old = getattr(case, name)
        old = stamp(old) if isinstance(old, datetime) else old
        if old != new and name not in KEPT_OUT:
            changed[name] = [_plain(old), _plain(new)]
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _no_unit(prepared: Prepared, rule: str) -> Fault:
    """Return the fault of a row whose unit is not to be told, naming all that the row says of it."""
    named = " ".join(filter(None, (prepared.unit_code, prepared.unit_name)))
    return prepared.row, "unit_code" if prepared.unit_code else "unit_name", named, rule


@dataclass(slots=True)
class Written:
    """What became of a batch."""

    accepted: int = 0
    duplicate: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Writer:
    """Where a run writes."""

    units: Units
    edition: Edition
    source: str
    by: str
    now: datetime

    def write(self, batch: Sequence[Prepared]) -> Written:
        """Write new orders, update changed ones, count repeats; the caller opens the transaction."""
        done = Written()
        bulk.one_at_a_time("import")
        known = {
            number: (digest, origin, source)
            for number, digest, origin, source in bulk.known(
                "store_case",
                "number",
                ("number", "source_digest", "origin", "source"),
                [p.number for p in batch],
            )
        }
        fresh: list[tuple[Prepared, int]] = []
        for prepared in batch:
            if prepared.number in known:
                self._again(prepared, known[prepared.number], done)
                continue
            unit = self.units.resolve(prepared.unit_code, prepared.unit_name)
            if isinstance(unit, str):
                done.faults.append(_no_unit(prepared, unit))
                continue
            fresh.append((prepared, unit.pk))
            known[prepared.number] = (prepared.digest, "import", self.source)
        if fresh:
            self._insert(fresh)
        done.accepted += len(fresh)
        return done

    def _insert(self, fresh: Sequence[tuple[Prepared, int]]) -> None:
        stamp = bulk.stamp()
        cases = bulk.claim_ids("store_case", len(fresh))
        events = bulk.claim_ids("store_event", len(fresh))
        columns = ("id", "unit_id", "edition_id", "changed_event", *BLANKS, *CASE)
        fixed = tuple(BLANKS.values())
        bulk.insert(
            "store_case",
            columns,
            [
                (cases[n], unit, self.edition.pk, events[n], *fixed, *prepared.case)
                for n, (prepared, unit) in enumerate(fresh)
            ],
        )
        bulk.insert(
            "store_contact",
            CONTACT_COLUMNS,
            [(cases[n], *prepared.contact) for n, (prepared, _) in enumerate(fresh)],
        )
        now = stamp(self.now)
        bulk.insert(
            "store_event",
            chain.COLUMNS,
            [
                (events[n], stream, 1, now, self.by, "import", objects, detail, digest)
                for n, (stream, objects, detail, digest) in enumerate(prepared.event for prepared, _ in fresh)
            ],
        )
        bulk.insert(
            "store_clock",
            CLOCK_COLUMNS,
            [(cases[n], *clock) for n, (prepared, _) in enumerate(fresh) for clock in prepared.clocks],
        )
        search.add_prepared((cases[n], prepared.terms) for n, (prepared, _) in enumerate(fresh))

    def _again(self, prepared: Prepared, known: tuple[str, str, str], done: Written) -> None:
        """Take an order whose number is known: a repeat, an update, or a fault."""
        digest, origin, source = known
        if origin == "import" and source == self.source and digest in (prepared.digest, prepared.unkeyed):
            done.duplicate += 1
        elif origin != "import" or source != self.source:
            done.faults.append((prepared.row, "number", prepared.number, "number_taken"))
        elif fault := self._update(prepared):
            done.faults.append(fault)
        else:
            done.accepted += 1

    def _update(self, prepared: Prepared) -> Fault | None:
        """Bring an imported case up to what the file now says; return the fault if it may not be."""
        case = Case.objects.select_for_update().get(number=prepared.number)
        stream = f"case:{case.number}"
        if Event.objects.filter(stream=stream).exclude(verb__in=BESIDE).exists():
            return prepared.row, "number", prepared.number, "worked_here"
        said = dict(zip(CASE, prepared.case, strict=True))
        lost = [name for name in MILESTONES if said[name] is None and getattr(case, name) is not None]
        if lost:
            return prepared.row, lost[0], "", "steps_back"
        unit = self.units.resolve(prepared.unit_code, prepared.unit_name)
        if isinstance(unit, str):
            return _no_unit(prepared, unit)
        detail = {"source": self.source, "row_digest": prepared.digest, "was": case.source_digest}
        event = chain.append(
            stream=stream,
            at=self.now,
            actor=self.by,
            verb="import_update",
            objects=[("case", case.number), ("unit", unit.code)],
            detail=detail | {"changed": _changed(case, said)},
        )
        self._write_update(case, prepared, said | {"unit_id": unit.pk, "changed_event": event})
        return None

    def _write_update(self, case: Case, prepared: Prepared, values: dict[str, Any]) -> None:
        old = Contact.objects.filter(case=case).order_by("pk").first()
        assert old is not None
        del values["number"]
        bulk.update("store_case", values, case.pk)
        said = dict(zip(CONTACT_COLUMNS[1:], prepared.contact, strict=True))
        masked = said["masked"]
        bulk.update("store_contact", {name: said[name] for name in ("masked", "masked_by", "sealed")}, old.pk)
        if old.masked != masked:
            search.replace(case.pk, old.masked, masked)
        self._renew_clocks(case.pk, prepared.clocks)

    def _renew_clocks(self, case_id: int, clocks: Iterable[tuple[Any, ...]]) -> None:
        """Set the clocks of an imported case to what its file now says; one it no longer has is void."""
        known = dict(Clock.objects.filter(case_id=case_id).values_list("limit", "pk"))
        for clock in clocks:
            values = dict(zip(CLOCK_COLUMNS[1:], clock, strict=True))
            pk = known.pop(clock[0], None)
            if pk is None:
                bulk.insert("store_clock", CLOCK_COLUMNS, [(case_id, *clock)])
            else:
                bulk.update("store_clock", values, pk)
        Clock.objects.filter(pk__in=known.values()).update(state="void", next_rung_at=None)
