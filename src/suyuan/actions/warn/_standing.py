"""What a warning is told of its signals by the system: more urgent, over, back; and one opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from suyuan.domain import warning as rule
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.procedures import frozen
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows, rules
from suyuan.store.models import Case, KeptSignal

from .. import _change, _clocks
from .._open_child import tell_of
from . import _again

RAISED, OVER, BACK, REOPENED, ANEW = "raised", "over", "back", "reopened", "anew"
VERBS = {RAISED: "signal_raised", OVER: "signal_over", BACK: "signal_back"}
"""What is written on a warning that is open: the event of each."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal as a run left it, the level it had, and since when it had been over, if it was."""

    row: KeptSignal
    before: str
    gone_at: datetime | None

    def news(self, now: datetime) -> str:
        """Return what its warning is told, empty for nothing or where it has none."""
        row = self.row
        if row.warning is None:
            return ""
        case = row.warning.case
        if case.is_open:
            return self._while_open(case)
        if row.state != "open":
            return ""
        if case.state != State.ARCHIVED:
            return ANEW if rule.rank(row.level) > rule.rank(row.stood_level or case.level) else ""
        return REOPENED if self._comes_back(case, now) else ""

    def _while_open(self, case: Case) -> str:
        if self.row.state == "over":
            return OVER
        if rule.rank(self.row.level) > rule.rank(case.level):
            return RAISED
        return BACK if self.gone_at is not None else ""

    def _comes_back(self, case: Case, now: datetime) -> bool:
        row, terms = self.row, rules.rulebook().figures["warning.returns"][-1].terms
        assert case.archived_at is not None
        stood = rule.Stood(case.archived_at, row.stood_level or row.level, row.stood_observed or row.expected)
        return rule.comes_back(
            stood, rule.Found(row.level, row.observed, row.expected, self.gone_at), now, terms
        )


def locked(rows: QuerySet[KeptSignal]) -> dict[int, Case]:
    """Return the warnings of some signals by the key of their case, locked in the order of their numbers.

    A person at a warning locks its case before its signals; a run of the detectors does so as well, and reads
    the signals afterwards. Units are read last, as a case may have moved while its lock was awaited.
    """
    mine = Case.objects.filter(pk__in=rows.order_by().values("warning__case_id"))
    held = list(mine.order_by("number").select_for_update(of=("self",)).values_list("pk", flat=True))
    return Case.objects.select_related("unit").in_bulk(held)


def tell(heard: Heard, now: datetime) -> None:
    """Write on a warning what became of a signal of it; open a closed one again where that says so."""
    row, what = heard.row, heard.news(now)
    if not what:
        return
    assert row.warning is not None
    if what == ANEW:
        KeptSignal.objects.filter(pk=row.pk).update(warning=None, stood_level="", stood_observed=None)
    elif what == REOPENED:
        _reopen(row.warning.case, row, now)
    else:
        say(row.warning.case, VERBS[what], row, now)


def say(case: Case, verb: str, row: KeptSignal, now: datetime) -> None:
    """Write an event of the system on an open warning; a more urgent signal makes it more urgent."""
    detail: dict[str, object] = {"signal": row.pk, "level": row.level, "observed": f"{row.observed:g}"}
    if rule.rank(row.level) > rule.rank(case.level):
        detail["was"] = {"level": case.level}
        case.level = row.level
        if moved := _clocks.keep(case, _change.rules_of(case), now, source=case.state):
            detail["clocks"] = moved
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=SYSTEM.username,
        verb=verb,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail,
    )
    rows.update(case, ("level", "next_due_at", "clock_reason", "changed_event"))
    if verb == VERBS[RAISED]:
        tell_of(case, (Role.AUDIT,) if case.restricted else (Role.STATION, Role.OFFICE), now)


def _reopen(case: Case, row: KeptSignal, now: datetime) -> None:
    """Open a closed warning again, as the step by which a person would."""
    procedure = frozen.pinned(case.procedure, case.version)
    step = procedure.step("reopen_warning", State.ARCHIVED)
    assert step is not None
    change = _change.Change(case, procedure, step, SYSTEM, now, {}, _change.rules_of(case))
    change.detail["signal"] = row.pk
    _again.begin(change)
    if rule.rank(row.level) > rule.rank(case.level):
        case.level = row.level
    _change.commit(change, State(step.target))
