"""The fair-blame statement of a period: signed penalties, each with the shares signed of its case."""

from dataclasses import dataclass

from suyuan.analytics.period import Period
from suyuan.domain.blame import Charge, Part, Statement, statement
from suyuan.domain.rulebook.tariff import Counted, Kind
from suyuan.store.models import LedgerEntry, LiabilityShare

from . import ledger, liability
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with what its numbers stand for."""

    statement: Statement
    entries: dict[int, LedgerEntry]
    liabilities: dict[int, str]
    """The number of the liability that distributes an entry, by the entry."""
    units: dict[str, str]
    """The names of units, by code."""


def told(viewer: Viewer | None, period: Period, counted: Counted, unit: str = "") -> Told:
    """Return the statement of the penalties in reach that were signed in a period.

    An entry whose case somebody may not see is not distributed for them: its shares would tell of the case.
    """
    rows = [row for row in ledger.signed(viewer, period, unit) if row.kind == Kind.PENALTY]
    rows = [row for row in rows if row.counted == counted]
    seen = {row.pk: row.case_id for row in rows if row.case_id and ledger.shows_case(viewer, row)}
    parts = liability.signed_of(set(seen.values()))
    charges, numbers, units = [], {}, {row.unit.code: row.unit.name for row in rows}
    for row in rows:
        own = parts.get(seen.get(row.pk, 0), [])
        if own:
            numbers[row.pk] = own[0].liability.case.number
            units |= {part.unit.code: part.unit.name for part in own}
        amount = row.amount if ledger.line(row).debits_party else -row.amount
        shares = tuple(_part(viewer, part) for part in own)
        charges.append(Charge(row.pk, (row.unit.code, row.person), amount, shares))
    return Told(statement(charges), {row.pk: row for row in rows}, numbers, units)


def _part(viewer: Viewer | None, row: LiabilityShare) -> Part:
    named = viewer is None or liability.names_person(viewer, row)
    return Part(row.node, (row.unit.code, row.person if named else ""), row.percent, tuple(row.evidence))
