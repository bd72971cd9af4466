"""What the paper of an appeal says: the case it is about, its conditions, its seals, both decisions."""

from datetime import datetime

from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import appeals, cases, people
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer

MET, NOT_MET, WARNS = "满足", "不满足", "不满足，期限未经确认，只提醒"
UPHELD, REFUSED = "成立，不计考核", "不成立"


def own(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return what an appeal says; raise Refused for a case that is none."""
    if case.procedure != "appeal":
        raise Refused("paper_not_ready", kind="appeal", verb="file_appeal")
    found, parent = appeals.of(case), cases.unscoped(case.parent_number)
    kept = case.notes.filter(field__in=("what_happened", "aim")).order_by("pk")
    texts = dict(kept.values_list("field", "masked"))
    called = people.names({found.first_by, found.final_by} - {""})
    return {
        "complaint": parent.number,
        "appeal_ground": rules.label("reason.appeal", found.ground),
        "what_happened": texts.get("what_happened", ""),
        "aim": texts.get("aim", ""),
        "evidence": found.evidence,
        "finding": rules.label("finding", parent.finding),
        "archived_at": _moment(parent.archived_at),
        "first_decision": _decision(found.first_upheld, called.get(found.first_by, ""), found.first_at),
        "final_decision": _decision(found.final_upheld, called.get(found.final_by, ""), found.final_at),
    }


def lists(case: Case, now: datetime) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the conditions and of the seals that were put down."""
    found, parent = appeals.of(case), cases.unscoped(case.parent_number)
    seals = appeals.seals_of([found])[found.pk]
    called = people.names({one.put_by for one in seals})
    return {
        "conditions": [
            {
                "title": rules.label("appeal_condition", one.code),
                "result": MET if one.met else (NOT_MET if one.binding else WARNS),
            }
            for one in appeals.checked(parent, now, found)
        ],
        "seals": [
            {
                "level": rules.label("seal_level", one.level),
                "sealed_on": one.sealed_on.isoformat(),
                "by": called.get(one.put_by, one.put_by),
            }
            for one in seals
        ],
    }


def _decision(upheld: bool | None, by: str, at: datetime | None) -> str:
    return "" if upheld is None else f"{UPHELD if upheld else REFUSED}　{by}　{_moment(at)}"


def _moment(at: datetime | None) -> str:
    return at.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""
