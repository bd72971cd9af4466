"""How a text of a case is masked on its way in: by the rules, and by what the case itself knows of people.

What it knows is sealed in its contacts, in the account it is linked to, and in the cases it was opened from.
"""

from collections.abc import Callable, Iterable
from functools import partial

from suyuan.domain.masking import Known, known, mask, mask_known
from suyuan.store import seal
from suyuan.store.models import Account, Case, Contact, ContactWay

from .texts import secret

Mask = Callable[[str], str]
DEEPEST = 5
"""Cases above one that are asked: nothing is opened deeper."""


def masks(case: Case | None) -> Mask:
    """Return what masks a text of a case; where it is of none, the rules alone."""
    if case is None:
        return mask
    told, whole = _told([case])[case.number]
    return partial(mask_known, told=told, whole=whole)


def masks_each(cases: Iterable[Case]) -> dict[int, Mask]:
    """Return the same of several cases, by key, as they stand here; the questions do not grow with them."""
    rows = list(cases)
    found = _told(rows)
    return {
        one.pk: partial(mask_known, told=found[one.number][0], whole=found[one.number][1]) for one in rows
    }


def holder(account_index: str) -> Known:
    """Return what the register holds of whose an account is."""
    return _holders({account_index}).get(account_index, Known())


def _told(rows: list[Case]) -> dict[str, tuple[Known, bool]]:
    """Return by number who a case is about, and whether nothing of a name may be left of it."""
    every = _with_parents(rows)
    contacts, holders = _callers(every.values()), _holders({one.account_index for one in every.values()})
    told = {}
    for case in rows:
        line = [case]
        while (above := every.get(line[-1].parent_number)) and above not in line:
            line.append(above)
        who = Known()
        for one in line:
            who |= contacts.get(one.pk, Known()) | holders.get(one.account_index, Known())
        told[case.number] = who, any(map(secret, line))
    return told


def _with_parents(rows: list[Case]) -> dict[str, Case]:
    every = {one.number: one for one in rows}
    for _ in range(DEEPEST):
        missing = {one.parent_number for one in every.values() if one.parent_number} - set(every)
        found = list(Case.objects.filter(number__in=missing)) if missing else []
        if not found:
            break
        every |= {one.number: one for one in found}
    return every


def _callers(cases: Iterable[Case]) -> dict[int, Known]:
    """Return who the contacts of the cases say they came from."""
    told: dict[int, Known] = {}
    ids = [one.pk for one in cases if one.pk]
    rows = Contact.objects.filter(case__in=ids).exclude(sealed=b"") if ids else Contact.objects.none()
    for pk, sealed in rows.values_list("case", "sealed"):
        told[pk] = told.get(pk, Known()) | known(seal.unseal(sealed))
    return told


def _holders(indexes: set[str]) -> dict[str, Known]:
    """Return what the register holds of the customers of accounts, by the account's index."""
    asked = indexes - {""}
    if not asked:
        return {}
    accounts = list(Account.objects.filter(number_index__in=asked).select_related("customer", "supply"))
    ways: dict[int, Known] = {}
    customers = {one.customer_id for one in accounts}
    rows = ContactWay.objects.filter(customer__in=customers).values_list("customer", "sealed")
    for pk, sealed in rows if customers else ():
        ways[pk] = ways.get(pk, Known()) | _opened(sealed)
    told: dict[str, Known] = {}
    for one in accounts:
        own = _opened(one.sealed) | _opened(one.customer.sealed) | _opened(one.supply.sealed)
        told[one.number_index] = own | ways.get(one.customer_id, Known())
    return told


def _opened(sealed: bytes | memoryview) -> Known:
    return known(seal.unseal(sealed)) if sealed else Known()
