"""What the demo shows of appeals: one that succeeded, one to be sealed, claims under review, a colleague."""

from datetime import datetime

from suyuan.domain.appeal import Level
from suyuan.domain.vocabulary import EXCLUDED, FOUND_TRUE, Role, State
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import people, viewer
from suyuan.store.queries.viewer import Viewer

from . import _demo_numbers, evidence, protection
from .perform import perform

ROLES = (
    *(Role.STATION, Role.MARKETING, Role.LEADER, Role.OFFICE, Role.AUDIT, Role.AGENT, Role.LEAD),
    Role.PARTY,
)
SEALED_BY = {Level.STATION: Role.STATION, Level.DEPARTMENT: Role.MARKETING, Level.COMPANY: Role.LEADER}
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""What stands for the scan of a sealed page."""
FILED = {
    "appeal_ground": "not_ours",
    "what_happened": "演示：故障点在客户产权侧，抢修人员已现场说明，客户仍按投诉登记。",
    "aim": "演示：不计入本所投诉考核。",
    "evidence": "现场勘查记录、产权分界照片",
}
CLAIMED = {
    "claim_sign": "repeated",
    "what_happened": "演示：同一事实已三次书面答复，客户要求额外赔偿。",
    "evidence": "三次通话录音",
}
MET_WITH = {
    "incident": "insulted",
    "what_happened": "演示：客户在电话里辱骂坐席十分钟。",
    "care": "counselling",
}


def show(*, now: datetime) -> list[str]:
    """Appeal against two complaints, have two claims reviewed, see to a colleague; return the cases."""
    named = {role: viewer.named(role.value) for role in ROLES}
    known = {role: one for role, one in named.items() if one is not None}
    closed, still = _complaints(State.ARCHIVED), _complaints(State.HANDLING)
    if len(known) < len(ROLES) or len(closed) < 2:
        return []
    made = [
        _appeal(case, _with_station(known, case), now, decided=decided)
        for case, decided in zip(closed, (True, False), strict=True)
    ]
    made += [
        _review(case, _with_station(known, case), now, found=found)
        for case, found in zip(still, (True, False), strict=False)
    ]
    return [*made, _see_to(known, now)]


def _with_station(known: dict[Role, Viewer], case: Case) -> dict[Role, Viewer]:
    """Return the people of the demo with somebody of the station that a case lies with."""
    here = people.over(case.unit.path, frozenset({Role.STATION}))
    return known | {Role.STATION: viewer.of(here[0])} if here else known


def _complaints(state: State) -> list[Case]:
    """Return the newest complaints in a state: a closed one in which something was true."""
    rows = Case.objects.filter(procedure="complaint", state=state, restricted=False, secrecy="")
    if state is State.ARCHIVED:
        rows = rows.filter(finding__in=FOUND_TRUE).exclude(finding_assessed=EXCLUDED)
    rows = rows.filter(ledger=None).exclude(number__in=_demo_numbers.opening())
    return list(rows.order_by("-accepted_at", "-pk")[:2])


def _appeal(case: Case, known: dict[Role, Viewer], now: datetime, *, decided: bool) -> str:
    def do(verb: str, role: Role, **form: object) -> None:
        perform(number=number, verb=verb, actor=known[role].actor, now=now, form=form)

    station = known[Role.STATION].actor
    perform(number=case.number, verb="file_appeal", actor=station, now=now, form=FILED)
    number = Case.objects.get(procedure="appeal", parent_number=case.number).number
    do("submit_appeal", Role.STATION)
    file = evidence.Incoming(pieces=[SCAN], name="盖章页.pdf", made_by="staff")
    scan = evidence.add(number=number, file=file, actor=station, now=now)
    today = rules.local_day(now).isoformat()
    for role in SEALED_BY.values() if decided else ():
        do("seal", role, sealed_on=today, evidence=scan)
    if decided:
        do("uphold_appeal", Role.AUDIT, note="演示：产权分界照片清楚，非供电企业责任。")
    return number


def _review(case: Case, known: dict[Role, Viewer], now: datetime, *, found: bool) -> str:
    station = known[Role.STATION].actor
    perform(number=case.number, verb="ask_claim_review", actor=station, now=now, form=CLAIMED)
    number = Case.objects.get(procedure="claim_review", parent_number=case.number).number
    for role in (Role.OFFICE, Role.AUDIT) if found else ():
        form = {"malicious": True, "note": "演示：三次答复均有录音，诉求无新事实。"}
        perform(number=number, verb="judge_claim", actor=known[role].actor, now=now, form=form)
    return number


def _see_to(known: dict[Role, Viewer], now: datetime) -> str:
    number = protection.record(viewer=known[Role.AGENT], form=MET_WITH, now=now)
    form = {"care": "rest", "due_on": rules.local_day(now).isoformat(), "note": "演示：休息一天，周末再问。"}
    perform(number=number, verb="arrange_care", actor=known[Role.LEAD].actor, now=now, form=form)
    return number
