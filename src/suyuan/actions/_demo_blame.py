"""What the demo shows of liability: a front desk that was charged, and where the complaint came from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from suyuan.domain.ledger import tariff
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook.tariff import Ground
from suyuan.domain.vocabulary import FOUND_TRUE, Role, State
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import people, viewer
from suyuan.store.queries.viewer import Viewer

from . import _demo_doors, _demo_numbers, ledger, traced
from .perform import perform

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
    begun = now - timedelta(days=DAYS)
    _demo_numbers.count_on(begun)
    _confirm(now)
    cases = list(dict.fromkeys([*_traced(known, begun), *_closed(begun)]))[: len(CAUSES)]
    for case in cases:
        _charge(case, known, now)
    return [
        _share(case, known, begun, now, cause=cause, signs=place < len(CAUSES) - 1)
        for place, (case, cause) in enumerate(zip(cases, CAUSES, strict=False))
    ]


def _traced(known: dict[Role, Viewer], begun: datetime) -> list[Case]:
    """Return a complaint that the log leads back from: one found true for it, else one found so by then."""
    rows = _complaints().filter(
        category="business.billing.reading", state=State.HANDLING, accepted_at__lt=begun
    )
    for case in rows.order_by("-accepted_at")[:50]:
        here = people.over(case.unit.path, frozenset({Role.STATION}))
        if here and _elsewhere(case):
            who = known | {Role.STATION: viewer.of(here[0])}
            for verb, role in FOUND:
                _do(case.number, verb, who[role].actor, begun, WRITTEN[verb])
            case.refresh_from_db()
            return [case]
    found = _complaints().filter(category="business.billing.reading", finding__in=FOUND_TRUE)
    found = found.filter(state__in=(State.CALLBACK, State.ARCHIVED), reviewed_at__lt=begun)
    return [case for case in found.order_by("-accepted_at")[:50] if _elsewhere(case)][:1]


def _elsewhere(case: Case) -> bool:
    """Tell whether the log leads from a complaint over what the customer felt to another unit's step."""
    answer = traced.traced_of(case.number)
    return answer is not None and bool(answer.chain and answer.chain.nodes[1:] and answer.spared)


def _closed(before: datetime) -> list[Case]:
    """Return complaints in which something was true, closed by then, the newest first."""
    rows = _complaints().filter(finding__in=FOUND_TRUE, state=State.ARCHIVED, archived_at__lt=before)
    return list(rows.order_by("-accepted_at")[: len(CAUSES)])


def _complaints() -> QuerySet[Case]:
    """Return complaints of whoever may be named, of which no entry speaks and that opened nothing yet."""
    rows = Case.objects.filter(business_type="complaint", restricted=False, accused=None, is_child=False)
    rows = rows.filter(ledger=None).exclude(number__in=_demo_numbers.opening())
    return rows.select_related("unit")


def _confirm(now: datetime) -> None:
    """Let the figure be confirmed by which the demo charges, unless it is already."""
    rules.look(now)
    figure = tariff(rules.rulebook(), Ground.VERIFIED_FINDING, rules.local_day(now))
    if figure is None or not figure.certainty.assessable:
        _demo_doors.confirm(f"ledger.{Ground.VERIFIED_FINDING}", now)


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
