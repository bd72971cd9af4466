"""A batch of prepared rows in one transaction: new accounts all at once, changed ones one by one."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from suyuan.domain import masking
from suyuan.domain.procedure import Actor
from suyuan.store import bulk, chain, seal
from suyuan.store.models import Account, ContactWay, Meter, SupplyPoint

from ._record import day_of, stream
from .rows import Prepared, meters_of

PLAIN = ("status", "tariff", "trade", "load_attribute", "site")
PLACE = ("area", "area_code", "line", "line_code", "voltage")
WAYS = ("phone", "email", "wechat")
CUSTOMER_COLUMNS = ("id", "key_index", "kind", "name_index", "masked", "sealed")
ACCOUNT_COLUMNS = (
    "id", "ref", "number_index", "masked", "sealed", "customer_id", "unit_id", "digest", "capacity", *PLAIN,
)  # fmt: skip
SUPPLY_COLUMNS = ("account_id", "masked", "sealed", *PLACE)
METER_COLUMNS = ("account_id", "number_index", "masked", "sealed", "installed_on", "removed_on")
WAY_COLUMNS = (
    "customer_id", "kind", "value_index", "masked", "sealed", "whose", "preferred", "language", "valid_from",
    "bounced",
)  # fmt: skip


def masked_way(kind: str, value: str) -> str:
    """Return a telephone number, mail address or chat name with its middle hidden."""
    if kind == "email":
        name, _, place = value.partition("@")
        return f"{masking.mask_name(name)}@{place}"
    return masking.mask_phone(value) if kind == "phone" else masking.mask_name(value)


def write(
    batch: Sequence[Prepared], actor: Actor, now: datetime
) -> list[tuple[Prepared, str, tuple[str, ...]]]:
    """Bring the register to what the rows say; return for each new, changed or same, and what changed."""
    bulk.one_at_a_time("customers")
    indexes = [each.index for each in batch]
    stored = bulk.known("store_account", "number_index", ("number_index", "id", "digest"), indexes)
    known = {index: (pk, digest) for index, pk, digest in stored}
    fresh = [each for each in batch if each.index not in known]
    _insert(fresh, day_of(now).isoformat())
    told: list[tuple[Prepared, str, tuple[str, ...]]] = [(each, "new", ()) for each in fresh]
    for each in batch:
        if each.index in known:
            pk, digest = known[each.index]
            changed = () if digest == each.digest else _bring_up(pk, each, actor, now)
            told.append((each, "changed" if changed else "same", changed))
    return told


def _insert(fresh: Sequence[Prepared], today: str) -> None:
    if not fresh:
        return
    keys = [each.key for each in fresh]
    holders = dict(bulk.known("store_customer", "key_index", ("key_index", "id"), keys))
    missing = {each.key: each for each in reversed(fresh) if each.key not in holders}
    ids = bulk.claim_ids("store_customer", len(missing))
    bulk.insert(
        "store_customer",
        CUSTOMER_COLUMNS,
        [(pk, *_customer(each)) for pk, each in zip(ids, missing.values(), strict=True)],
    )
    holders |= dict(zip(missing, ids, strict=True))
    numbered = list(zip(bulk.claim_ids("store_account", len(fresh)), fresh, strict=True))
    bulk.insert(
        "store_account", ACCOUNT_COLUMNS, [(pk, *_account(each, holders[each.key])) for pk, each in numbered]
    )
    bulk.insert("store_supplypoint", SUPPLY_COLUMNS, [(pk, *_supply(each)) for pk, each in numbered])
    bulk.insert(
        "store_meter", METER_COLUMNS, [(pk, *meter) for pk, each in numbered for meter in _meters(each)]
    )
    _insert_ways([(holders[each.key], each) for each in fresh], today)


def _insert_ways(rows: Sequence[tuple[int, Prepared]], today: str) -> None:
    """Insert each customer's ways once: a customer with two accounts is named in two rows."""
    found: dict[tuple[int, str], tuple[object, ...]] = {}
    for customer, each in rows:
        for kind in WAYS:
            if value := each.values.get(kind):
                index = seal.index(kind, value)
                if (customer, index) not in found:
                    found[customer, index] = _way(customer, kind, value, index, each, today)
    if not found:
        return
    there = bulk.known(
        "store_contactway", "value_index", ("customer_id", "value_index"), [index for _, index in found]
    )
    for pair in there:
        found.pop((pair[0], pair[1]), None)
    bulk.insert("store_contactway", WAY_COLUMNS, list(found.values()))


def _customer(each: Prepared) -> tuple[object, ...]:
    name = each.values.get("name", "")
    sealed = seal.seal({"name": name} if name else {})
    index = seal.index("name", name)
    return each.key, each.values.get("kind", ""), index, masking.mask_name(name), sealed


def _account(each: Prepared, customer: int) -> tuple[object, ...]:
    values, number = each.values, each.values["account"]
    plain = (values.get(name, "") for name in PLAIN)
    sealed = seal.seal({"account": number})
    mark = secrets.token_hex(16)
    return (
        mark,
        each.index,
        masking.mask_phone(number),
        sealed,
        customer,
        each.unit_id,
        each.digest,
        values.get("capacity"),
        *plain,
    )


def _supply(each: Prepared) -> tuple[object, ...]:
    address = each.values.get("address", "")
    masked = masking.mask_address(address) if address else ""
    sealed = seal.seal({"address": address} if address else {})
    return masked, sealed, *(each.values.get(name, "") for name in PLACE)


def _meters(each: Prepared) -> list[tuple[Any, ...]]:
    """Return the meters a row names; its dates are those of all of them."""
    when = each.values.get("installed"), each.values.get("removed")
    numbers = {seal.index("meter", number): number for number in meters_of(each.values)}
    return [
        (index, masking.mask_phone(number), seal.seal({"meter": number}), *when)
        for index, number in numbers.items()
    ]


def _way(customer: int, kind: str, value: str, index: str, each: Prepared, today: str) -> tuple[object, ...]:
    sealed = seal.seal({kind: value})
    whose = each.values.get("whose", "owner")
    return customer, kind, index, masked_way(kind, value), sealed, whose, False, "zh", today, 0


def _bring_up(pk: int, each: Prepared, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Bring one account to what its row says now; blanks leave what is there. Return what changed."""
    account = Account.objects.select_for_update(of=("self",)).select_related("customer").get(pk=pk)
    values = each.values
    changed = _plain_changes(account, each)
    if name := values.get("name"):
        index = seal.index("name", name)
        if index != account.customer.name_index:
            account.customer.name_index, account.customer.masked = index, masking.mask_name(name)
            account.customer.sealed = seal.seal({"name": name})
            changed.append("name")
    if (kind := values.get("kind")) and kind != account.customer.kind:
        account.customer.kind = kind
        changed.append("kind")
    account.customer.save()
    changed += _place_changes(account, each) + _meter_changes(account, each, day_of(now))
    changed += _way_changes(account, each, day_of(now))
    account.digest = each.digest
    account.save()
    if changed:
        detail: dict[str, object] = {"changed": changed}
        chain.append(
            stream=stream(account),
            at=now,
            actor=actor.username,
            verb="customer_import",
            objects=[("register", account.ref)],
            detail=detail,
        )
    return tuple(changed)


def _plain_changes(account: Account, each: Prepared) -> list[str]:
    changed = [
        name for name in PLAIN if each.values.get(name, getattr(account, name)) != getattr(account, name)
    ]
    for name in changed:
        setattr(account, name, each.values[name])
    if (capacity := each.values.get("capacity")) and capacity != str(account.capacity):
        account.capacity = capacity
        changed.append("capacity")
    if account.unit_id != each.unit_id:
        account.unit_id = each.unit_id
        changed.append("unit")
    return changed


def _place_changes(account: Account, each: Prepared) -> list[str]:
    supply = SupplyPoint.objects.get(account=account)
    changed = [
        name for name in PLACE if each.values.get(name, getattr(supply, name)) != getattr(supply, name)
    ]
    for name in changed:
        setattr(supply, name, each.values[name])
    address = each.values.get("address", "")
    if address and seal.unseal(supply.sealed).get("address") != address:
        supply.masked, supply.sealed = masking.mask_address(address), seal.seal({"address": address})
        changed.append("address")
    if changed:
        supply.save()
    return changed


def _meter_changes(account: Account, each: Prepared, today: date) -> list[str]:
    """Take other meters on; one that is no longer named is taken off the day the others were put up."""
    meters = _meters(each)
    known = {meter.number_index: meter for meter in Meter.objects.filter(account=account)}
    named = {meter[0] for meter in meters}
    changed = False
    if not named <= known.keys():
        hanging = [m.pk for m in known.values() if m.removed_on is None and m.number_index not in named]
        Meter.objects.filter(pk__in=hanging).update(removed_on=meters[0][3] or today)
    for index, masked, sealed, installed, removed in meters:
        dates = {"installed_on": installed, "removed_on": removed}
        if index in known:
            given = {name: date.fromisoformat(str(day)) for name, day in dates.items() if day}
            fresh = {name: day for name, day in given.items() if getattr(known[index], name) != day}
            if fresh:
                Meter.objects.filter(pk=known[index].pk).update(**fresh)
            changed = changed or bool(fresh)
        else:
            Meter.objects.create(account=account, number_index=index, masked=masked, sealed=sealed, **dates)
            changed = True
    return ["meter"] if changed else []


def _way_changes(account: Account, each: Prepared, today: date) -> list[str]:
    """Add a way nobody knew; one that was ended here is not brought back by an old list."""
    known = set(ContactWay.objects.filter(customer=account.customer).values_list("value_index", flat=True))
    given = {kind: each.values[kind] for kind in WAYS if kind in each.values}
    added = [kind for kind, value in given.items() if seal.index(kind, value) not in known]
    for kind in added:
        row = _way(
            account.customer_id, kind, given[kind], seal.index(kind, given[kind]), each, today.isoformat()
        )
        ContactWay.objects.create(**dict(zip(WAY_COLUMNS, row, strict=True)))
    return added
