"""Liabilities and vetoes made through the real actions."""

from datetime import datetime, timedelta

from suyuan.store.models import Case
from tests.factories import FORMS, NOW, case_at, do, opened_by, person

HEARD = timedelta(days=3)
"""How long the units that have a share may object to it."""
BEGUN = NOW + timedelta(days=10)
"""When somebody is held to account."""


def liability_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a liability with shares of two units, opened from a verified complaint, in ``state``."""
    case = opened_by(parent or case_at("callback", now=now), "open_liability", now + timedelta(hours=1))
    now += timedelta(hours=1)
    rest = {"liability_node": "order.handle", "unit": "0101", "share": "40", "evidence": "现场照片"}
    turns = (
        ("drop_share", "office", {"share_line": "1"}),
        ("set_share", "office", FORMS["set_share"](case)),
        ("set_share", "office", rest),
        ("put_forward", "office", FORMS["put_forward"](case)),
        ("review_shares", "audit", {}),
        ("sign_shares", "leader", {}),
    )
    for verb, role, form in turns:
        if case.state == state and (state != "drafted" or verb == "put_forward") and verb != "review_shares":
            return case
        now += HEARD if verb == "sign_shares" else timedelta(minutes=1)
        case = do(case, verb, role, now, **form)
    assert case.state == state, f"a liability never stands in {state}"
    return case


def veto_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a veto of station 0101 until the end of June, from a verified complaint, in ``state``."""
    case = opened_by(parent or case_at("callback", now=now), "propose_veto", now + timedelta(hours=1))
    turns = (("sign_veto", "audit", {}), ("appeal_veto", "station", {"note": "已整改到位"}))
    for step, (verb, role, form) in enumerate(turns, start=1):
        if case.state != state:
            case = do(case, verb, role, now + timedelta(hours=1, minutes=step), **form)
    assert case.state == state, f"a veto never stands in {state}"
    return case


def accountability_opened() -> Case:
    """Return the accountability of a reader whose share is signed."""
    person("station", "0101", "reader")
    liability = liability_at("drafted")
    at = NOW + timedelta(hours=2)
    do(liability, "drop_share", "office", at, share_line="2")
    share = {"liability_node": "order.handle", "unit": "0101", "share": "40", "evidence": "照片"}
    do(liability, "set_share", "office", at, **share, liable_person="reader")
    do(liability, "put_forward", "office", at, responsibility="staff", skill_gap="none", analysis="一")
    do(liability, "review_shares", "audit", at)
    liability = do(liability, "sign_shares", "leader", at + HEARD)
    do(liability, "open_accountability", "audit", BEGUN, share_line="2", note="责任到人")
    return Case.objects.select_related("unit").get(parent_number=liability.number)
