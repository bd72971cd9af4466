"""The person whose data are meant: found by an exact account or telephone number, or by a case."""

from dataclasses import dataclass

from django.db.models import Q

from suyuan.domain.errors import BadInput
from suyuan.gateways import kept_supply
from suyuan.store import seal, supply
from suyuan.store.models import AnsweredCall, Case, Customer, MissedCall


@dataclass(frozen=True, slots=True)
class Subject:
    """One person, as far as the cases say who it is; a telephone may have called and reached nobody."""

    kind: str
    """account or phone: by which the cases were found."""
    index: str
    given: str
    """The number as typed, empty where a case was named: never stored."""
    cases: tuple[int, ...]
    customers: tuple[int, ...] = ()
    """Who it is in the register of customers."""

    @property
    def ours(self) -> Q:
        """Return the condition for rows that belong to one of the cases."""
        return Q(case_id__in=self.cases)


def subject(person: str) -> Subject:
    """Return the person an account number, a telephone number or a case number leads to."""
    person = person.strip()
    case = Case.objects.filter(number=person).first()
    if case is not None:
        known = {"account": case.account_index, "phone": case.phone_index}
        given = ""
    else:
        known = {kind: seal.index(kind, person) for kind in ("account", "phone")}
        given = person
    for kind, index in known.items():
        cases = Case.objects.filter(**{f"{kind}_index": index}).order_by("number") if index else ()
        customers = _customers(kind, index) if index else ()
        if cases or customers or (index and (_called(kind, index) or _supplied(kind, index))):
            return Subject(kind, index, given, tuple(each.pk for each in cases), customers)
    raise BadInput("unknown_subject")


def _supplied(kind: str, index: str) -> bool:
    return kind == "account" and any(kept_supply.of_accounts(supply.folder(), {index}))


def _called(kind: str, index: str) -> bool:
    of_number = (table.objects.filter(number_index=index) for table in (MissedCall, AnsweredCall))
    return kind == "phone" and any(rows.exists() for rows in of_number)


def _customers(kind: str, index: str) -> tuple[int, ...]:
    """Return the customer a number leads to; a telephone that several share leads to none of them."""
    holds = {"accounts__number_index": index} if kind == "account" else {"ways__value_index": index}
    found = tuple(Customer.objects.filter(**holds).distinct().values_list("pk", flat=True)[:2])
    return found if len(found) == 1 else ()
