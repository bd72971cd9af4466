"""Which feeders and transformer areas a unit serves, as its cases and the register of accounts know them."""

from suyuan.store.models import Case, SupplyPoint, Unit


def serves(unit: Unit, place: str, name: str) -> bool | None:
    """Return whether a feeder or area lies within a unit and those below; None where none there is known."""
    within = list(Unit.objects.filter(path__startswith=unit.path).order_by().values_list("pk", flat=True))
    named = SupplyPoint.objects.exclude(**{place: ""})
    of_cases = Case.objects.exclude(**{place: ""}).filter(unit__in=within)
    of_accounts = named.filter(account__unit__in=within)
    # accounts have an index by the name, cases none: a name nobody knows reads all those of the units
    if of_accounts.filter(**{place: name}).exists() or of_cases.filter(**{place: name}).exists():
        return True
    # a list of customers without feeders would be read through to its end
    known = (named.exists() and of_accounts.exists()) or of_cases.exists()
    return False if known else None
