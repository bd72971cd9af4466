"""What somebody sees of a customer: masked as a rule, in clear for a purpose, where the table allows it.

Pages, lists, exports and commands ask here and nowhere else; docs/privacy.md draws the table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from . import masking
from .vocabulary import Role

WHO = ("customer", "phone", "account", "address")
"""What says who it is."""
WORDS = ("text", "handling")
"""What was said and done: shown masked to everybody in reach."""
FIELDS = (*WHO, *WORDS)
REGISTERED: Mapping[str, str] = {
    "registered_customer": "customer",
    "registered_account": "account",
    "registered_phone": "phone",
    "registered_email": "phone",
    "registered_wechat": "phone",
    "registered_address": "address",
    "registered_meter": "account",
}
"""What the register of customers holds, and the field of a contact whose rule it falls under."""
ASKED = (*FIELDS, *REGISTERED)
"""Everything that may be asked for in clear."""


class Relation(StrEnum):
    """What somebody has to do with a case."""

    WORKING = "working"
    """Registered it, handles it, or handled it before."""
    REACH = "reach"
    """It lies in their units."""


CALLING = frozenset({"customer", "phone"})
VISITING = frozenset({"account", "address", "text"})
ALL = frozenset(FIELDS)

TABLE: Mapping[Role, Mapping[Relation, frozenset[str]]] = {
    Role.AGENT: {Relation.WORKING: ALL, Relation.REACH: CALLING},
    Role.LEAD: {Relation.WORKING: ALL, Relation.REACH: ALL},
    Role.OFFICE: {Relation.WORKING: ALL, Relation.REACH: ALL},
    Role.MARKETING: {Relation.WORKING: ALL, Relation.REACH: VISITING},
    Role.OPERATIONS: {Relation.WORKING: ALL, Relation.REACH: VISITING},
    Role.STATION: {Relation.WORKING: ALL},
    Role.AUDIT: {Relation.WORKING: ALL, Relation.REACH: ALL},
}
"""Role over the case's unit × relation to the case → the fields that may be shown in clear for a purpose."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule needs to know of a case and who asks."""

    roles: frozenset[Role]
    """Held over the case's unit."""
    working: bool
    secrecy: str
    restricted: bool
    trusted: bool = False
    """Whether the case is entrusted to them by name, or they are the one face of a confidential caller."""

    @property
    def may_know(self) -> bool:
        """Return whether they may learn who asked for confidence."""
        return self.trusted or Role.AUDIT in self.roles


def refusal(name: str, standing: Standing) -> str | None:
    """Return why a field may not be shown in clear, or None if it may.

    Who asked for anonymity is shown to nobody; who asked for confidence, and who is named in a restricted
    case, to audit alone.
    """
    name = REGISTERED.get(name, name)
    if name in WHO and standing.secrecy == "anonymous":
        return "anonymous_reporter"
    if (standing.restricted or (standing.secrecy and name in WHO)) and not standing.may_know:
        return "secret_reporter"
    relations = (Relation.WORKING, Relation.REACH) if standing.working else (Relation.REACH,)
    allowed = (
        TABLE.get(role, {}).get(relation, frozenset()) for role in standing.roles for relation in relations
    )
    return None if any(name in fields for fields in allowed) else "not_your_role"


def kept_secret(standing: Standing) -> bool:
    """Return whether somebody may not learn who called, not even by what else the caller has said."""
    if standing.secrecy == "anonymous":
        return True
    return (standing.restricted or bool(standing.secrecy)) and not standing.may_know


def open_fields(standing: Standing, among: Iterable[str] = FIELDS) -> tuple[str, ...]:
    """Return the fields that may be shown in clear, in their order."""
    return tuple(name for name in among if refusal(name, standing) is None)


_HIDE: Mapping[str, Callable[[str], str]] = {
    "customer": masking.mask_name,
    "phone": masking.mask_phone,
    "account": masking.mask_phone,
    "address": masking.mask_address,
}


def in_clear(name: str, opened: Mapping[str, str], standing: Standing) -> str:
    """Return a field in clear; words without who it is, where somebody may not learn that."""
    value = opened.get(name, "")
    if name in WORDS and kept_secret(standing):
        return masking.without(value, masking.known(opened))
    return value


def masked(opened: Mapping[str, str], standing: Standing) -> dict[str, str]:
    """Return what is shown of the fields without a purpose; nothing of a reporter who is kept secret."""
    secret = standing.secrecy == "anonymous" or (bool(standing.secrecy) and not standing.may_know)
    who = {} if secret else {name: _HIDE[name](opened[name]) for name in WHO if opened.get(name)}
    told, whole = masking.known(opened), standing.restricted or bool(standing.secrecy)
    said = {name: opened[name] for name in WORDS if opened.get(name)}
    return who | {name: masking.mask_known(text, told, whole=whole) for name, text in said.items()}


# ---- what leaves in a file ----

MAY_EXPORT = frozenset({Role.OFFICE, Role.AUDIT})
"""Held over a case's unit: who may take its personal fields out in clear, for a purpose."""


def exported(opened: Mapping[str, str], standing: Standing) -> dict[str, str]:
    """Return what leaves of the fields for a purpose: what a role for exports opens, masked the rest."""
    as_exporter = replace(standing, roles=standing.roles & MAY_EXPORT)
    shown = (name for name in open_fields(as_exporter) if opened.get(name))
    clear = {name: in_clear(name, opened, as_exporter) for name in shown}
    return masked(opened, standing) | clear
