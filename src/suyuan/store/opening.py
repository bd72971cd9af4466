"""Whether the keys of this home are those of what is sealed in its database.

A key that was lost is never made anew while something is sealed: what came in under another one would find
nothing of what is there, and what is there could not be opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from suyuan.domain.errors import Refused

from . import keyring, seal, sealed
from .models import Account, Contact, Customer, Note

FIX = "put the files of secrets back from where the keys are kept: docs/operate.md, Lost keys"


@dataclass(frozen=True, slots=True)
class Faults:
    """What the keys of this home do not open or find."""

    columns: tuple[str, ...]
    """Columns whose oldest or newest value does not open."""
    keys: tuple[int, ...]
    """Numbers of the keys that open none of the values looked at that bear them."""
    index: bool
    """Whether a known number gives another index than the one that stands beside it."""


def begin() -> None:
    """Make the first keys of a home; refuse where one is gone that something was sealed or indexed with."""
    lacking = keyring.lacking()
    if not lacking:
        return
    if ("seal" in lacking and sealed.anything()) or ("index" in lacking and _indexed()):
        raise Refused("keys_missing", lacking=lacking, fix=FIX)
    keyring.first()


def demand() -> None:
    """Refuse to go on where a key is lost, or is another's than what is sealed here."""
    found = faults()
    if found.keys or found.index:
        raise Refused("keys_wrong", keys=list(found.keys), index=found.index, fix=FIX)


def faults() -> Faults:
    """Return what does not open, by the oldest and the newest value of each sealed column."""
    columns, bearing, opened = [], set[int](), set[int]()
    for column in sealed.columns():
        values = sealed.ends(column)
        opens = [value for value in values if _opens(value)]
        bearing |= _numbers(values)
        opened |= _numbers(opens)
        columns += [str(column)] if len(opens) < len(values) else []
    return Faults(tuple(columns), tuple(sorted(bearing - opened)), not _index_fits())


def _numbers(values: Iterable[bytes]) -> set[int]:
    return {seal.sealed_with(value) for value in values}


def _opens(value: bytes) -> bool:
    try:
        seal.unseal_bytes(value)
    except (InvalidTag, ValueError):
        return False
    return True


def _indexed() -> bool:
    """Return whether anything stands here that the key of the index found or referred to."""
    return any(model._default_manager.exists() for model in (Contact, Customer, Note))


def _index_fits() -> bool:
    """Return whether a number that is known has the index that stands beside it; True where none opens."""
    accounts = Account.objects.exclude(number_index="").exclude(sealed=b"").order_by("-pk")
    account = accounts.values_list("number_index", "sealed").first()
    if account is not None and _opens(account[1]):
        return account[0] == seal.index("account", seal.unseal(account[1])["account"])
    contacts = Contact.objects.exclude(sealed=b"").exclude(case=None).exclude(case__phone_index="")
    first = contacts.order_by("pk").values_list("case", "case__phone_index").first()
    if first is None:
        return True
    case, stands = first
    rows = contacts.filter(case=case).values_list("sealed", flat=True)
    phones = [seal.unseal(value).get("phone", "") for value in rows if _opens(value)]
    return not phones or stands in {seal.index("phone", phone) for phone in phones}
