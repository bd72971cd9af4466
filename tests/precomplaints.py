"""Pre-complaint cases made through the real actions."""

from datetime import datetime

from suyuan.actions import precomplaint
from suyuan.store.models import Case
from suyuan.store.queries import precomplaints, viewer
from tests.factories import NOW, actor, case_at, person

SAID = {"situation": "客户说电表跑得快，表示不满意"}


def promote(parent: Case, by: str = "agent", now: datetime = NOW, **form: object) -> precomplaint.Opening:
    """Promote a case as somebody of a role would on its page."""
    person(by)
    who = viewer.named(by)
    origin = precomplaints.from_case(who, parent.number)
    return precomplaint.promote(actor=actor(by), origin=origin, form={**SAID, **form}, now=now)


def promoted(now: datetime = NOW, **shown: object) -> Case:
    """Return a pre-complaint case an agent promoted from an enquiry; ``shown`` is what that shows."""
    parent = case_at("handling", "enquiry", now=now)
    Case.objects.filter(pk=parent.pk).update(**shown)
    made = promote(parent, now=now)
    return Case.objects.select_related("unit").get(number=made.number)
