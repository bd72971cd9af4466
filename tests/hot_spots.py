"""Eighty days of orders of two stations, and in the last of them more than usual at one line."""

from datetime import date, timedelta

from suyuan.actions.hotspots import own
from suyuan.store.models import Case
from tests.factories import NOW, case_at, unit
from tests.lakes import fresh_lake

DAYS = 80
LAST = date(2026, 3, 3)
LINE = "10kV一线"
KINDS = ("repair", "consult", "complaint")
BURST = 4
"""Days in which there is more."""


def orders(*, burst: int = 5, secret: int = 0) -> None:
    """Make the orders, ``burst`` more a day at the line, and ``secret`` more at another, restricted ones."""
    first, made = case_at("archived"), []
    units = unit("0101"), unit("0102")

    def add(at: int, ago: int, kind: str, **given: object) -> None:
        case = Case.objects.get(pk=first.pk) if not made else Case(**_copied(made[0]))
        case.pk, case.number, case.account_index = None, f"H{len(made):05}", f"{len(made)}"
        case.unit, case.business_type, case.category = units[at], kind, ""
        case.accepted_at = NOW - timedelta(days=ago, minutes=len(made) % 60)
        for name, value in given.items():
            setattr(case, name, value)
        made.append(case)

    for ago in range(1, DAYS + 1):
        for at in range(2):
            for n in range(1 + (ago * 7 + at) % 3):
                add(at, ago, KINDS[(ago + n) % 3], line=LINE if n == 1 and at else f"10kV{n}线")
    for ago in range(1, BURST + 1):
        for _ in range(burst):
            add(1, ago, "repair", line=LINE)
        for _ in range(secret):
            add(0, ago, "complaint", line="10kV密线", restricted=True)
    Case.objects.bulk_create(made)
    fresh_lake()
    own.forget()


def _copied(case: Case) -> dict[str, object]:
    return {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
