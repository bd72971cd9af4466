"""What the demo shows of the ladder: a case urged three times, and one that a leader supervises."""

from datetime import datetime

from django.db.models import QuerySet

from suyuan.domain.vocabulary import Role, State
from suyuan.store.models import Case, Supervision
from suyuan.store.queries import people, viewer

from .perform import perform

URGED = (
    ("客户来电催办：报修已两天，至今没有人联系。", "95598"),
    ("12345 转来催办：客户要求今天答复。", "12345"),
    ("客户在网上国网再次催办，情绪激动。", "app"),
)
SUPERVISED = "请查清原因，明日下班前书面上报。"


def show(*, now: datetime) -> list[str]:
    """Urge one open case and supervise another; return the supervision orders that were issued."""
    agent, leader = viewer.named(Role.AGENT.value), viewer.named(Role.LEADER.value)
    cases = list(_open()[:2])
    if agent is None or leader is None or len(cases) < 2:
        return []
    for note, channel in URGED:
        form = {"note": note, "channel": channel}
        perform(number=cases[0].number, verb="urge", actor=agent.actor, now=now, form=form)
    perform(number=cases[1].number, verb="supervise", actor=leader.actor, now=now, form={"note": SUPERVISED})
    orders = Supervision.objects.filter(case__parent_number__in=[case.number for case in cases])
    numbers = list(orders.order_by("pk").values_list("case__number", flat=True))
    here = people.over(cases[1].unit.path, frozenset({Role.STATION}))
    if here:
        actor = viewer.of(here[0]).actor
        perform(number=numbers[-1], verb="acknowledge", actor=actor, now=now, form={})
    return numbers


def _open() -> QuerySet[Case]:
    """Return the newest complaints that are being handled and nobody is to be kept away from."""
    rows = Case.objects.filter(procedure="complaint", state=State.HANDLING, restricted=False, secrecy="")
    return rows.filter(urges=0, supervised=False).select_related("unit").order_by("-accepted_at")
