"""The office's own wording of a message: which template, which variables it may name, how long it gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from suyuan.domain import fields
from suyuan.domain.procedures import CURRENT

from .reading import Row, sourced
from .records import Sourced, Title

STEP = "step"
"""What every verb that tells somebody is worded by, unless it has a wording of its own."""
_STEP = {"case": "SY2026000123", "verb": "dispatch", "state": "dispatched"}
_RESET = {"by": "lihua", "at": "2026-03-02 09:30"}
_ROLE = _RESET | {"person": "wangwei", "role": "leader", "unit": "东城供电所"}
_ENTRY = {
    "entry": "17",
    "unit": "东城供电所",
    "ground": "verified_finding",
    "kind": "penalty",
    "amount": "2",
    "counted": "points",
}
_SHARE = {"liability": "SY2026000123", "unit": "东城供电所", "node": "meter.reading", "share": "40"}
_RULE = _RESET | {"draft": "17", "rule_kind": "calendar"}
OWN: Mapping[str, Mapping[str, str]] = {
    STEP: _STEP,
    "withdrawn": _STEP,
    "to_sign": _STEP,
    "objection": _STEP,
    "objection_answered": _STEP,
    "support_answered": _STEP,
    "support_declined": _STEP,
    "penalty_to_answer": _STEP,
    "penalty_in_effect": _STEP,
    "share_to_see": _SHARE,
    "share_signed": _SHARE,
    "urged_again": _STEP,
    "grave": _STEP,
    "ledger_to_reverse": _STEP,
    "protection_recorded": _STEP,
    "protection_arranged": _STEP,
    "promise_due": {"case": "SY2026000123", "day": "2026-03-06"},
    "named_warning": {"case": "SY2026000123", "unit": "东城供电所", "month": "2026-02", "day": "2026-03-06"},
    "repeat_event": {"case": "SY2026000123", "contacts": "3"},
    "rung": {"case": "SY2026000123", "limit": "complaint.answer", "rung": "warn_80"},
    "password_reset": _RESET,
    "password_waits": _RESET | {"person": "wangwei"},
    "role_asked": _ROLE,
    "role_decided": _ROLE | {"asked_by": "zhangmin", "verb": "role_confirm"},
    "rule_to_approve": _RULE,
    "rule_decided": _RULE | {"verb": "rule_approve"},
    "review": {"document": "投诉办理制度", "version": "3", "day": "2026-03-02"},
    "ledger_to_sign": _ENTRY,
    "ledger_period_to_sign": {"period": "2026-03", "unit": "东城供电所", "n": "12", "by": "zhangmin"},
    "ledger_counts": _ENTRY,
    "ledger_taken_back": _ENTRY,
    "ledger_turned_down": _ENTRY,
    "export_ready": {"rows": "120,000", "day": "2026-03-09"},
    "export_failed": {"day": "2026-03-02"},
    "test": {"title": "SMS"},
}
"""Each template with the variables it may name, and a value of each to look at a wording with."""
TELLING = tuple(
    sorted({step.verb for procedure in CURRENT.values() for step in procedure.steps if step.tells})
)
TEMPLATES = (*OWN, *(verb for verb in TELLING if verb not in OWN))
PERSONAL = frozenset(
    {one.name for one in vars(fields).values() if isinstance(one, fields.Field) and one.personal}
    | {"customer", "name", "phone", "email", "wechat", "address", "account", "id_number", "text"}
)
"""What no message holds: it leaves the house, and whoever reads it may not be its customer's keeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText(Sourced):
    """How a template is worded; ``title`` is the subject where a carrier has one."""

    template: str
    title: Title
    text: Title

    @property
    def key(self) -> str:
        return self.template


def samples(template: str) -> dict[str, str]:
    """Return the variables a template may name, each with a value to look at a wording with."""
    known = OWN.get(template)
    return dict(known) if known is not None else {**OWN[STEP], "verb": template}


def problem(text: str, allowed: Mapping[str, str]) -> str:
    """Return what is wrong with the variables a text names, empty where nothing is."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return "has a brace without its other half; a brace itself is written twice"
    for _, name, spec, conversion in pieces:
        if name is None:
            continue
        if name in PERSONAL - allowed.keys():
            return f"names the personal variable {name!r}: no message holds it"
        if name not in allowed or spec or conversion:
            written = f"{name}{'!' if conversion else ''}{conversion or ''}{':' if spec else ''}{spec}"
            return f"names the variable {written!r}, which is none of {', '.join(allowed)}"
    return ""


def message_text(row: Row) -> MessageText:
    """Return the wording one table of a file holds."""
    found = MessageText(
        template=row.one_of("template", TEMPLATES), title=row.title(), text=row.both("text"), **sourced(row)
    )
    for name, value in (("zh", found.title.zh), ("en", found.title.en)):
        if not value.isprintable() or "{" in value or "}" in value:
            raise row.error(f"title.{name}", "must be one line without braces")
    for name, value in (("zh", found.text.zh), ("en", found.text.en)):
        if wrong := problem(value, samples(found.template)):
            raise row.error(f"text.{name}", wrong)
    return found


def segments(text: str, terms: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many characters a text is to a carrier of SMS, and how many parts it leaves in.

    Counted as UCS-2, which a text with one Chinese character is sent as; what lies beyond counts twice.
    """
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    single, part = int(terms["single"]), int(terms["part"])
    return length, 1 if length <= single else -(-length // part)
