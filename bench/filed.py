"""What was said ahead and answered for good, so that the desk's questions about it have something to find."""

from datetime import datetime, timedelta

ACCOUNT, PHONE = "3300000000001", "13900000001"
"""One customer who calls often, and was answered for good."""
CALLS, ANSWERED, ELSEWHERE, FILINGS = 20, 5, 2_000, 30


def ahead() -> None:
    """File for the units, let one customer call often, and answer for good there and on many other cases."""
    from django.utils import timezone

    from suyuan.store.models import Case, FinalAnswer

    if FinalAnswer.objects.exists():
        return
    now = timezone.now()
    _file(now)
    often = _calls(now)
    others = Case.objects.filter(state="archived", business_type="complaint").order_by("pk")[:ELSEWHERE]
    for parent in [*often[:ANSWERED], *others]:
        _answer(parent, now)


def _file(now: datetime) -> None:
    from suyuan.actions import filing
    from suyuan.actions.perform import perform
    from suyuan.store.queries import viewer

    who = {name: viewer.named(name).actor for name in ("station", "marketing", "office")}
    for n in range(FILINGS):
        form = {
            "situation": "电网受限",
            "filing_kind": "constraint",
            "unit": f"01{n % 20 + 1:02d}",
            "counts_from": now.isoformat(),
            "counts_until": (now + timedelta(days=100)).isoformat(),
            "script": "该片区负荷受限，改造完成前高峰时段可能停电",
            "evidence": "运检通知",
        }
        number = filing.file(actor=who["station"], form=form, now=now)
        for verb, by in (("endorse", "marketing"), ("approve", "office")):
            perform(number=number, verb=verb, actor=who[by], now=now, form={})


def _calls(now: datetime) -> list:
    from suyuan.actions import intake
    from suyuan.store.models import Case
    from suyuan.store.queries import viewer

    said = intake.Incoming(
        channel="95598",
        business_type="complaint",
        text="客户要求免收基本电费",
        account=ACCOUNT,
        phone=PHONE,
    )
    agent = viewer.named("agent").actor
    numbers = [intake.receive(incoming=said, actor=agent, now=now) for _ in range(CALLS)]
    return list(Case.objects.filter(number__in=numbers).order_by("pk"))


def _answer(parent, now: datetime) -> None:
    from suyuan.store.models import Case, FinalAnswer

    case = Case.objects.create(
        number=f"FA-{parent.number}",
        origin="live",
        procedure="final_answer",
        version=1,
        edition=parent.edition,
        state="in_force",
        is_open=True,
        business_type="final_answer",
        unit=parent.unit,
        is_child=True,
        parent_number=parent.number,
        registered_at=now,
        accepted_at=now,
    )
    until = now + timedelta(days=20 + parent.pk % 150)
    FinalAnswer.objects.create(case=case, parent=parent, script="按政府定价收取", valid_until=until)
