"""Which class of customer has an account, as the register of customers says what kind of customer it is."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from suyuan.store.models import Account

ONCE = 500
"""So many accounts are asked for at once."""


def load(_as_of: datetime) -> Callable[[Collection[str]], Mapping[str, str]]:
    """Return what answers the kind of customer of accounts by their keys; the register as it is now."""
    return kinds


def kinds(accounts: Collection[str]) -> dict[str, str]:
    """Return the kind of customer of the accounts that are known."""
    every = sorted(accounts)
    found: dict[str, str] = {}
    for start in range(0, len(every), ONCE):
        part = every[start : start + ONCE]
        rows = Account.objects.filter(number_index__in=part).values_list("number_index", "customer__kind")
        found |= {account: kind for account, kind in rows if kind}
    return found
