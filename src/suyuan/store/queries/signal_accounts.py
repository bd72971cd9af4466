"""Which accounts of the register signals are about: masked number, where it is, and its last case."""

from collections.abc import Iterable
from dataclasses import dataclass

from suyuan.store.event_log import unmarked
from suyuan.store.models import Account, Case, KeptSignal

from . import restricted
from .viewer import Viewer

ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class Known:
    """An account as whoever works at its unit may see it: nothing of it leads back to the number."""

    masked: str
    unit: str
    line: str
    area: str
    case: str
    """The number of the newest case of it in reach, empty for none: there the customer is shown."""


def of(viewer: Viewer, signals: Iterable[KeptSignal]) -> dict[str, Known]:
    """Return the accounts that some signals are about, of units in reach, by what the signals name them."""
    asked = {unmarked(one.object).removeprefix(ACCOUNT): one.object for one in signals if is_account(one)}
    if not asked:
        return {}
    rows = Account.objects.filter(number_index__in=asked).select_related("unit", "supply")
    seen = [row for row in rows if viewer.sees(row.unit.path)]
    scope = Case.objects.filter(viewer.scope(), restricted.unrestricted(viewer))
    cases = scope.filter(account_index__in=[row.number_index for row in seen]).order_by("accepted_at", "pk")
    last = dict(cases.values_list("account_index", "number"))
    return {asked[row.number_index]: _known(row, last.get(row.number_index, "")) for row in seen}


def is_account(signal: KeptSignal) -> bool:
    """Return whether a signal is about an account."""
    return signal.object.startswith(ACCOUNT)


def _known(row: Account, case: str) -> Known:
    supply = getattr(row, "supply", None)
    return Known(
        row.masked, row.unit.name, supply.line if supply else "", supply.area if supply else "", case
    )
