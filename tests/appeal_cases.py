"""Appeals, reviews of claims and records of staff protection, made through the real verbs."""

from datetime import datetime, timedelta

from suyuan.actions import evidence, protection
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import viewer
from tests.factories import FORMS, NOW, actor, case_at, do, person

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""The scan of a sealed page."""


def scan(case: Case, by: str = "station") -> str:
    """Return the digest of a scan in the locker of a case."""
    file = evidence.Incoming(pieces=[SCAN], name="盖章页.pdf", made_by="staff")
    return evidence.add(number=case.number, file=file, actor=actor(by), now=NOW)


def closed_on(case: Case) -> str:
    """Return the local day on which the case another one was opened from was archived."""
    return str(rules.local_day(Case.objects.get(number=case.parent_number).archived_at))


FORMS |= {
    "file_appeal": lambda case: {
        "appeal_ground": "not_ours",
        "what_happened": "故障点在客户产权侧",
        "aim": "不计考核",
        "evidence": "现场勘查记录",
    },
    "seal": lambda case: {"sealed_on": closed_on(case), "evidence": scan(case)},
    "uphold_appeal": lambda case: {"note": "证据充分"},
    "refuse_appeal": lambda case: {"note": "证据不足"},
    "ask_final": lambda case: {"note": "补充产权分界照片", "evidence": "产权分界照片"},
    "ask_claim_review": lambda case: {
        "claim_sign": "repeated",
        "what_happened": "同一事实三次答复后仍投诉",
        "evidence": "三次通话录音",
    },
    "judge_claim": lambda case: {"malicious": True, "note": "三次答复均有录音"},
    "arrange_care": lambda case: {"care": "rest", "due_on": "2026-04-30", "note": "休息两天"},
    "follow_up": lambda case: {"more_needed": False, "note": "已恢复"},
}
APPEALING = (
    ("submit_appeal", "station"),
    ("seal", "station"),
    ("seal", "marketing"),
    ("seal", "leader"),
    ("refuse_appeal", "office"),
    ("ask_final", "station"),
)
"""The way of an appeal to its final decision, and who takes each step."""


def appeal_at(state: str, now: datetime = NOW, parent: Case | None = None, **said: object) -> Case:
    """Return an appeal, filed by the station that answers for a closed complaint, in ``state``."""
    parent = parent or case_at("archived", now=now)
    now += timedelta(hours=1)
    do(parent, "file_appeal", "station", now, **FORMS["file_appeal"](parent) | said)
    case = Case.objects.select_related("unit").filter(parent_number=parent.number).latest("pk")
    for verb, by in (*APPEALING, ("uphold_appeal", "audit")):
        if case.state == state:
            return case
        now += timedelta(minutes=1)
        case = do(case, verb, by, now, **FORMS.get(verb, lambda case: {})(case))
    assert case.state == state, f"an appeal never stands in {state}"
    return case


def claim_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a review of the claim of a case: asked for, or found malicious by two people."""
    parent = parent or case_at("handling", now=now)
    now += timedelta(hours=1)
    do(parent, "ask_claim_review", "station", now, **FORMS["ask_claim_review"](parent))
    case = Case.objects.select_related("unit").filter(parent_number=parent.number).latest("pk")
    for by in ("office", "audit") if state == "archived" else ():
        now += timedelta(minutes=1)
        case = do(case, "judge_claim", by, now, **FORMS["judge_claim"](case))
    assert case.state == state, f"a review of a claim never stands in {state}"
    return case


INCIDENT = {"incident": "insulted", "what_happened": "客户在电话里辱骂坐席十分钟", "care": "counselling"}


def protection_of(username: str = "agent", now: datetime = NOW) -> Case:
    """Return a record of staff protection that somebody wrote about themselves."""
    number = protection.record(viewer=viewer.of(person(username)), form=INCIDENT, now=now)
    return Case.objects.select_related("unit").get(number=number)
