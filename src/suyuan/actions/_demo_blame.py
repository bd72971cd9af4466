"""What the demo shows of liability: a front desk that was charged, and where the complaint came from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import FOUND_TRUE, Role, State
from suyuan.store import rules
from suyuan.store.models import Case, Counter
from suyuan.store.queries import people, viewer
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.viewer import Viewer

from . import knowledge, ledger, trace
from .perform import perform

BASIS = "演示：本单位考核办法"
DAYS = 4
"""So many days before now the liabilities of the demo were begun: the units had time to object."""
ROLES = (Role.OFFICE, Role.AUDIT, Role.LEADER, Role.LEAD, Role.MARKETING)
CAUSES = ("delivery", "staff", "delivery")
FOUND = (
    ("contact", Role.OFFICE),
    ("write_report", Role.STATION),
    ("work_out_billing", Role.STATION),
    ("submit_finding", Role.STATION),
    ("review_pass", Role.MARKETING),
)
WRITTEN: Mapping[str, Mapping[str, object]] = {
    "contact": {"reached": True, "contact_note": "已电话联系客户，说明正在核查换表工单。"},
    "write_report": {
        "situation": "客户反映连续三个月零抄见，抄表员未抄表。",
        "investigation": "抄表记录齐全；换表工单被批量地址修改单占住户号，一直不能发起。",
        "problems": "批量地址修改单未归档，新表信息没有入库。",
        "rectification": "归档地址修改单，补录换表工单，补抄电量。",
        "suggestions": "批量业务归档超期预警。",
    },
    "work_out_billing": {"read_from": "0", "read_to": "300", "tariff": "0.538", "charged": "0"},
    "submit_finding": {
        "finding": "verified",
        "cause": "批量地址修改单未归档，换表流程不能发起，系统里没有新表信息",
        "measures": "归档、补录换表工单，补抄三个月电量",
        "reply": "经现场核查抄表记录和换表工单，您反映的三个月零抄见情况属实，原因是换表信息没有录入系统；"
        "已补抄并更正电费",
        "evidence": "换表工单",
    },
    "review_pass": {
        "finding": "verified",
        "clause": "complaint.answer",
        "evidence": "换表工单",
        "note": "已核对换表工单和抄表记录",
    },
}


def show(*, now: datetime) -> list[str]:
    """Charge the front desk of complaints and share out what they came from; return the liabilities."""
    named = {role: viewer.named(role.value) for role in ROLES}
    known = {role: one for role, one in named.items() if one is not None}
    if len(known) < len(named):
        return []
    _confirm("ledger.verified_finding", known, now)
    begun = now - timedelta(days=DAYS)
    _count_on(begun)
    cases = list(dict.fromkeys([*_traced(known, begun), *_closed(begun)]))[: len(CAUSES)]
    for case in cases:
        _charge(case, known, now)
    return [
        _share(case, known, begun, now, cause=cause, signs=place < len(CAUSES) - 1)
        for place, (case, cause) in enumerate(zip(cases, CAUSES, strict=False))
    ]


def _traced(known: dict[Role, Viewer], begun: datetime) -> list[Case]:
    """Return a complaint that the log leads back from: one found to be true by then, else one closed so."""
    rows = _complaints().filter(
        category="business.billing.reading", state=State.HANDLING, accepted_at__lt=begun
    )
    for case in rows.order_by("-accepted_at")[:50]:
        here = people.over(case.unit.path, frozenset({Role.STATION}))
        if here and trace.chain_of(case.number):
            who = known | {Role.STATION: viewer.of(here[0])}
            for verb, role in FOUND:
                _do(case.number, verb, who[role].actor, begun, WRITTEN[verb])
            case.refresh_from_db()
            return [case]
    closed = _complaints().filter(category="business.billing.reading", finding__in=FOUND_TRUE)
    closed = closed.filter(state=State.ARCHIVED, archived_at__lt=begun).order_by("-accepted_at")[:50]
    return [case for case in closed if trace.chain_of(case.number)][:1]


def _closed(before: datetime) -> list[Case]:
    """Return complaints in which something was true, closed by then, the newest first."""
    rows = _complaints().filter(finding__in=FOUND_TRUE, state=State.ARCHIVED, archived_at__lt=before)
    return list(rows.order_by("-accepted_at")[: len(CAUSES)])


def _complaints() -> QuerySet[Case]:
    rows = Case.objects.filter(business_type="complaint", restricted=False, accused=None, is_child=False)
    return rows.select_related("unit")


def _count_on(at: datetime) -> None:
    """Let the numbers of a day begin behind those that the files of the city brought."""
    day = f"SY{at.astimezone(LOCAL):%Y%m%d}"
    last = (
        Case.objects.filter(number__startswith=day)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    if last is not None:
        name = f"case:{day.removeprefix('SY')}"
        Counter.objects.update_or_create(name=name, defaults={"value": int(last.removeprefix(day))})


def _confirm(figure: str, known: dict[Role, Viewer], now: datetime) -> None:
    """Let two people confirm a figure, as an office does before anything is charged by it."""
    entry = knowledge.Proposed("confirm", {"figure": figure, "basis": BASIS}, BASIS)
    by = known[Role.LEAD].actor
    draft = knowledge.propose(proposed=entry, actor=by, now=now)
    knowledge.submit(draft=draft.pk, actor=by, now=now)
    knowledge.approve(draft=draft.pk, actor=known[Role.OFFICE].actor, now=now)
    rules.look(now)


def _charge(case: Case, known: dict[Role, Viewer], now: datetime) -> None:
    form = {"ledger_ground": "verified_finding", "ledger_case": case.number}
    entry = ledger.propose_entry(viewer=known[Role.OFFICE], form=form, now=now)
    ledger.sign_entry(viewer=known[Role.LEADER], entry=entry, form={}, now=now)


def _share(
    case: Case, known: dict[Role, Viewer], begun: datetime, now: datetime, *, cause: str, signs: bool
) -> str:
    """Open, put forward and review the liability of a complaint; sign it where nothing waits any more."""
    _do(case.number, "open_liability", known[Role.OFFICE].actor, begun)
    number = Case.objects.filter(parent_number=case.number, procedure="liability").latest("pk").number
    said: dict[str, object] = {"responsibility": cause, "analysis": "按流程节点逐项核对，见各项证据。"}
    said |= {"skill_gap": "communication"} if cause == "staff" else {}
    _do(number, "put_forward", known[Role.OFFICE].actor, begun, said)
    _do(number, "review_shares", known[Role.AUDIT].actor, begun if signs else now)
    if signs:
        _do(number, "sign_shares", known[Role.LEADER].actor, now)
    return number


def _do(
    number: str, verb: str, actor: Actor, now: datetime, form: Mapping[str, object] | None = None
) -> None:
    perform(number=number, verb=verb, actor=actor, now=now, form=form or {})
