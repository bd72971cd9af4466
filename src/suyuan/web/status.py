"""The one line a customer is told: where the case stands and when to expect what."""

from django.utils.translation import gettext as _

from suyuan.domain.order import UNASSIGNED
from suyuan.domain.rulebook.records import OPENED_BY_A_VERB
from suyuan.store.queries.history import ClockLine

from .templatetags.ui import local

LINES = {
    "received": lambda: _("已收到您的诉求，正在登记。"),
    "registered": lambda: _("已登记，正在安排承办单位。"),
    "dispatched": lambda: _("已派往%(unit)s，等待接单。"),
    "handling": lambda: _("%(unit)s正在办理。"),
    "on_site": lambda: _("工作人员已到达现场。"),
    "restored": lambda: _("已恢复供电，正在整理处理结果。"),
    "reviewing": lambda: _("%(unit)s已提出处理意见，正在审核。"),
    "callback": lambda: _("已处理完毕，我们会回访您。"),
    "archived": lambda: _("已办结，于 %(archived)s 归档。"),
    "void": lambda: _("经核对不属于有效诉求，已作废。"),
    "merged": lambda: _("与工单 %(parent)s 是同一件事，一并办理。"),
    "secret_callback": lambda: _("已处理完毕，凭查询码可以看到答复。"),
    "secret_merged": lambda: _("与另一张工单是同一件事，一并办理。"),
    "open": lambda: _("%(unit)s正在办理。"),
}
"""The sentence of each state; the unit named is the one the customer deals with."""

ANSWERED_BY = ("received", "registered", "dispatched", "handling", "on_site", "reviewing", "open")
"""States in which an answer is still owed, so its due moment is told."""


def line(case, clocks: list[ClockLine], at_a_door: bool = False) -> str:
    """Return what the customer may be told of a case; nothing of people, causes or other departments.

    Empty for a case opened from another: no customer waits for it. ``at_a_door``: who asks is known by a
    code alone, so that no other case is named.
    """
    if case.procedure in OPENED_BY_A_VERB:
        return ""
    facts = {
        "unit": case.unit.name,
        "archived": local(case.archived_at),
        "parent": case.parent_number,
    }
    state = f"secret_{case.state}" if case.secrecy == "anonymous" or at_a_door else case.state
    if case.is_open and case.unit.code == UNASSIGNED:
        state = "registered"  # nobody works on it yet
    said = LINES.get(state, LINES[case.state])() % facts
    due = promised(clocks)
    if case.state not in ANSWERED_BY or due is None:
        return said
    if due.clock.state == "paused":
        return said + _("答复的期限已暂停，恢复后顺延。")
    if due.light == "red":
        return said + _("原定 %(due)s 前答复，已经超过，正在加紧办理。") % {"due": local(due.clock.due_at)}
    sure = _("最迟 %(due)s 前答复您。")
    words = _("最迟 %(due)s 前答复您（期限暂定）。") if due.clock.provisional else sure
    return said + words % {"due": local(due.clock.due_at)}


def promised(clocks: list[ClockLine]) -> ClockLine | None:
    """Return the running clock the customer is told of: the public promise, else the binding one."""
    running = [c for c in clocks if c.clock.stopped_at is None and c.clock.state in ("running", "paused")]
    public = [c for c in running if c.clock.kind == "public" and c.certainty not in ("memory", "I")]
    binding = [c for c in running if c.clock.binding]
    return max(public or binding, key=lambda line: line.clock.due_at, default=None)
