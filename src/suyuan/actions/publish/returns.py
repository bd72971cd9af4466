"""The workbook of returns: what was passed on in a period, prefilled as a regulator wants to be told it."""

import hashlib
from datetime import datetime

from suyuan.analytics import period as periods
from suyuan.domain.masking import mask_whole
from suyuan.gateways.workbook import Table
from suyuan.store import chain, rules
from suyuan.store.models import Publication
from suyuan.store.queries import returns as queries
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.returns import Line

from . import board

COLUMNS = (
    *("number", "channel", "return_kind", "business_type", "accepted_at", "due", "done_on", "finding"),
    *("reply", "filed_on", "receipt_number"),
)


def sheets(row: Publication, input_digest: str) -> list[tuple[str, Table]]:
    """Return the sheets of the returns of a period; restricted cases are counted and not named."""
    said, hidden = _lines(row)
    heads = [rules.label("field", name, row.language) for name in COLUMNS]
    made = [*board.made(row, input_digest), (rules.label("workbook", "restricted", row.language), hidden)]
    return [
        (
            rules.label("workbook", "returns", row.language),
            Table(heads, [_row(one, row.language) for one in said]),
        ),
        (
            rules.label("workbook", "made", row.language),
            Table([rules.label("workbook", name, row.language) for name in ("fact", "value")], made),
        ),
    ]


def input_digest(row: Publication) -> str:
    """Return the digest of every row the workbook holds and of the rules in force."""
    said, hidden = _lines(row)
    known = {
        "edition": rules.rulebook().edition,
        "restricted": hidden,
        "rows": [_row(one, row.language) for one in said],
    }
    return hashlib.sha256(chain.canonical(known)).hexdigest()


def _lines(row: Publication) -> tuple[list[Line], int]:
    """Return what was owed in the period, and how many more of restricted cases."""
    period = periods.parse(row.period)
    found = list(queries.of_period(board.path_of(row), period.first, period.last))
    shown = [clock for clock in found if not clock.case.restricted]
    return queries.lines(shown), len(found) - len(shown)


def _row(one: Line, language: str) -> list[object]:
    case, filed = one.case, one.filed
    return [
        case.number,
        rules.label("channel", one.channel, language),
        rules.label("return_kind", one.kind, language),
        rules.label("business_type", case.business_type, language),
        *(_local(at) for at in (case.accepted_at, one.due_at, one.done_at)),
        rules.label("finding", case.finding, language),
        mask_whole(one.answer),
        filed.filed_on.isoformat() if filed else "",
        filed.receipt_number if filed else "",
    ]


def _local(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""
