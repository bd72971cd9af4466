"""Naming 点名预警: the month is compared and kept once; a unit that it names gets a warning and notice."""

from dataclasses import dataclass
from datetime import datetime

from suyuan.analytics.detect.named_unit import NAME
from suyuan.store.models import KeptSignal
from suyuan.store.queries import comparisons

from ..detecting.finding import find
from . import comparing
from .keeping import keep
from .opening import open_by_itself


@dataclass(frozen=True, slots=True)
class Named:
    """The month, how many units it names, and the warnings that this run opened."""

    month: str
    named: int
    opened: list[str]


def name_units(*, now: datetime) -> Named:
    """Compare the last month that is over and warn the units it names; run again it names nobody twice.

    Keeping the month is one transaction, its signals are another, and so is each warning: a run that dies
    half-way is made good by the next. A unit that is muted is named on the page, and no warning opens.
    """
    made = comparing.kept(now)
    if made is None:
        return Named(comparisons.ended(now).label, 0, [])
    keep(find((NAME,), as_of=now), (NAME,), now)
    rows = KeptSignal.objects.filter(detector=NAME, object__endswith=f"@{made.month}")
    waiting = rows.filter(state="open", warning=None).order_by("pk").values_list("pk", flat=True)
    opened = [one.number for pk in list(waiting) if (one := open_by_itself(signal=pk, now=now))]
    return Named(made.month, rows.count(), opened)
