"""What the register holds of the customer of a case in clear: for the verb that reveals one field of it."""

from suyuan.store import seal
from suyuan.store.models import Account, Case


def registered(case: Case) -> dict[str, str]:
    """Return what the register has sealed of the customer of a case, by the names it may be asked for."""
    rows = Account.objects.select_related("customer", "supply")
    found = rows.filter(number_index=case.account_index).first() if case.account_index else None
    if found is None:
        return {}
    values = {
        "registered_account": seal.unseal(found.sealed).get("account", ""),
        "registered_customer": seal.unseal(found.customer.sealed).get("name", ""),
        "registered_address": seal.unseal(found.supply.sealed).get("address", ""),
    }
    for way in found.customer.ways.filter(valid_until=None).order_by("preferred", "-pk"):
        values[f"registered_{way.kind}"] = seal.unseal(way.sealed).get(way.kind, "")
    for meter in found.meters.filter(removed_on=None):
        values["registered_meter"] = seal.unseal(meter.sealed).get("meter", "")
    return {name: value for name, value in values.items() if value}
