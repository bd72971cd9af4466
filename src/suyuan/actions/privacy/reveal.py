"""Reveal: one personal field in clear, for a purpose, once; that somebody looked is written down for ever."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import masking
from suyuan.domain.disclosure import ASKED, in_clear, refusal
from suyuan.domain.errors import Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Actor
from suyuan.store import chain, seal
from suyuan.store.models import Note
from suyuan.store.queries import cases, hidden, personal

from .._forms import clean

WHAT = Field("personal_field", Type.CHOICE, choices=ASKED)
PURPOSE = Field("purpose", Type.CHOICE, reasons="reveal")
REMARK = Field("remark", Type.LONGTEXT, required=False, personal=True)
FORM = (WHAT, PURPOSE, REMARK)


@transaction.atomic
def reveal(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> str:
    """Return a personal field of a case in clear, and write down who looked at what and why."""
    case = cases.locked(number)
    if not cases.may_see(actor, case):
        raise Refused("not_found", number=number)
    asked = clean(FORM, form, now)
    name = str(asked["personal_field"])
    standing = personal.standing(actor, case, to_call=True)
    if reason := refusal(name, standing):
        raise Refused(reason, field=name)
    value = in_clear(name, personal.opened(case), standing)
    if not value:
        raise Refused("nothing_kept", field=name)
    detail = {"personal_field": name, "purpose": asked["purpose"]}
    if remark := str(asked.get("remark", "")):
        ref, sealed = seal.noted({"text": remark})
        shown = {"masked": hidden.masks(case)(remark), "masked_by": masking.VERSION}
        Note.objects.create(case=case, field="remark", ref=ref, **shown, sealed=sealed)
        detail["remark"] = ref
    chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb="reveal",
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail,
    )
    return value
