"""What the paper of a return says: the answer a channel that passed a case on is owed."""

from datetime import datetime

from suyuan.domain import returns as rule
from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.models import Case
from suyuan.store.queries import returns
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer


def own(_viewer: Viewer, case: Case, _lines: list[Line]) -> dict[str, str]:
    """Return the finding, the end and the answer; raise Refused where the channel is owed nothing."""
    if case.channel not in rule.owed(rules.rulebook()):
        raise Refused("no_return_owed", number=case.number, kind="regulator_return")
    return {
        "finding": rules.label("finding", case.finding),
        "archived_at": _moment(case.archived_at),
        "reply": returns.answer_of(case),
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if at else ""
