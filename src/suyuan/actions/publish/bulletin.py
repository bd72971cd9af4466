"""The weekly bulletin of commitments: what is open, due next week, broken; how many each unit kept."""

import hashlib
from datetime import date, timedelta

from suyuan.analytics import period as periods
from suyuan.domain.masking import mask_whole
from suyuan.gateways.workbook import Table
from suyuan.store import chain, rules
from suyuan.store.models import Commitment, Publication
from suyuan.store.queries import commitments as queries
from suyuan.store.queries import repeats
from suyuan.store.queries.commitments import OfUnit

from . import board

COLUMNS = ("number", "unit", "promise", "promised_on", "days_over")
RECORD = ("unit", "promises_open", "promises_moved", "promises_kept", "promises_over", "keep_rate")
EVENTS = ("number", "unit", "contacts", "last_contact")
Line = list[object]


def sheets(row: Publication, input_digest: str) -> list[tuple[str, Table]]:
    """Return the sheets of the bulletin of a period, as of the moment of the row."""
    said = _said(row)
    heads = {"records": RECORD, "due_next": COLUMNS, "broken": COLUMNS, "repeats": EVENTS}
    made = [
        (rules.label("workbook", name, row.language), _table(heads[name], said[name], row)) for name in said
    ]
    facts = [rules.label("workbook", name, row.language) for name in ("fact", "value")]
    how = Table(facts, board.made(row, input_digest))
    return [*made, (rules.label("workbook", "made", row.language), how)]


def input_digest(row: Publication) -> str:
    """Return the digest of every row the workbook holds and of the rules in force."""
    known = {"edition": rules.rulebook().edition, **_said(row)}
    return hashlib.sha256(chain.canonical(known)).hexdigest()


def _table(heads: tuple[str, ...], lines: list[Line], row: Publication) -> Table:
    return Table([rules.label("field", name, row.language) for name in heads], lines)


def _said(row: Publication) -> dict[str, list[Line]]:
    """Return the lines of each sheet; what is restricted stays out."""
    today, path = rules.local_day(row.as_of), board.path_of(row)
    yesterday = today - timedelta(days=1)
    last = max(periods.parse(row.period).last or yesterday, yesterday)
    rows = queries.under(path)
    ahead = queries.due(rows, last + timedelta(days=1), last + timedelta(days=7))
    return {
        "records": [_record(one) for one in queries.records(rows, today)],
        "due_next": [_line(one, today) for one in ahead],
        "broken": [_line(one, today) for one in queries.broken(rows, today)],
        "repeats": [
            [one.first.number, one.first.unit.name, one.contacts, rules.local_day(one.last_at).isoformat()]
            for one in repeats.under(path)
        ],
    }


def _record(one: OfUnit) -> Line:
    of = one.record
    return [one.name, of.open, of.moved, of.kept, of.over, of.rate]


def _line(one: Commitment, today: date) -> Line:
    over = max((today - one.promised_on).days, 0)
    return [one.case.number, one.case.unit.name, mask_whole(one.what.masked), str(one.promised_on), over]
