"""Which unit has a place of supply, as the register of customers says."""

from collections.abc import Collection, Iterator

from suyuan.store.models import Account, SupplyPoint

ONCE = 500
"""So many places are asked for at once."""


def units(kind: str, names: Collection[str]) -> dict[str, str]:
    """Return the code of the unit of lines, areas (by name or code) or accounts (by key) that are known.

    Where accounts of several units hang on one, it is that of the first code.
    """
    every = sorted(names)
    found: dict[str, str] = {}
    for start in range(0, len(every), ONCE):
        for name, unit in _asked(kind, every[start : start + ONCE]):
            found[name] = min(unit, found.get(name, unit))
    return found


def _asked(kind: str, part: list[str]) -> Iterator[tuple[str, str]]:
    if kind == "account":
        yield from Account.objects.filter(number_index__in=part).values_list("number_index", "unit__code")
        return
    for column in (kind, f"{kind}_code"):
        rows = SupplyPoint.objects.filter(**{f"{column}__in": part}).order_by()
        yield from rows.values_list(column, "account__unit__code").distinct()
