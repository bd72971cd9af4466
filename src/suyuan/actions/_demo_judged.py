"""What the demo shows of verdicts: traces of the last weeks, judged by what the simulated city knows of them.

The scorecard is then what the method is worth on the city: nobody chose which traces are called right.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from suyuan.analytics.trace.chains import Traced
from suyuan.analytics.trace.eventlog import EventLog
from suyuan.domain.liability import node_of
from suyuan.domain.trace_verdict import Verdict
from suyuan.domain.vocabulary import Role
from suyuan.store import nodes
from suyuan.store.models import Case, Liability
from suyuan.store.queries import org, viewer

from . import trace, traced

MOST, LEFT = 24, 6
"""So many traces are judged, and so many of the latest wait for somebody."""
NOTES = {
    Verdict.CONFIRMED: "已核对工单和现场记录，源头属实。",
    Verdict.CORRECTED: "已核对工单和现场记录，源头在别的环节。",
    Verdict.REJECTED: "已核对工单和现场记录，与此无关。",
}


def show(*, causes: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Verdict]:
    """Judge the traces of complaints whose causes are known, the latest few left; return the verdicts."""
    office, here = viewer.named(Role.OFFICE.value), traced.known()
    if office is None or here is None:
        return {}
    roots = {cause["complaint"]: cause["root"] for cause in causes}
    judged = {}
    for number in _wanted([number for number in here.newest if number in roots])[LEFT : LEFT + MOST]:
        answer = traced.traced_of(number)
        if answer is None or not answer.traced.chains:
            continue
        form = _form(answer.log, answer.traced, roots[number])
        trace.judge(number=number, actor=office.actor, now=now, form=form)
        judged[number] = Verdict(form["trace_verdict"])
    return judged


def _wanted(numbers: Sequence[str]) -> list[str]:
    """Return those of some complaints that are cases here, of which no liability was drafted."""
    kept = set(Case.objects.filter(number__in=numbers, restricted=False).values_list("number", flat=True))
    kept -= set(Liability.objects.filter(about__number__in=kept).values_list("about__number", flat=True))
    return [number for number in numbers if number in kept]


def _form(log: EventLog, found: Traced, root: Mapping[str, str]) -> dict[str, str]:
    """Return what is said of a trace by what truly began it: right is the step and whose it is."""
    source = found.chains[0].nodes[0]
    named = log.activities[source.activity], log.objects[source.unit] if source.unit >= 0 else ""
    node = node_of(nodes.nodes(), root["activity"])
    if named == (root["activity"], root["unit"]):
        verdict, instead = Verdict.CONFIRMED, {}
    elif node and org.exists(root["unit"]):
        verdict, instead = Verdict.CORRECTED, {"liability_node": node, "unit": root["unit"]}
    else:
        verdict, instead = Verdict.REJECTED, {}
    return {"trace_verdict": verdict.value, "note": NOTES[verdict], **instead}
