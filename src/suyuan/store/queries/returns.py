"""Returns that are owed to regulators, the city line and the press, prefilled; and those that were filed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from suyuan.domain import returns as rule
from suyuan.domain.returns import Standing
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Clock, Note, RegulatorReturn

from . import reach, restricted, texts
from .desks import known
from .viewer import Viewer

STATES = ("due", "overdue", "filed")
ANSWERS = ("reply", "measures")
"""Where the answer of a case stands: its reply, and where there is none what was done."""


@dataclass(frozen=True, slots=True)
class Next:
    """The clock that the next return of a kind answers, and what the rule needs to know of it."""

    clock: Clock | None
    standing: Standing


def next_of(case: Case, kind: str, owed: rule.Owed | None) -> Next:
    """Return what the next return of a kind would answer: each handling of a case is told of by itself.

    The oldest clock that was not answered yet; an extension moves the newest. None where no clock was kept,
    of what was imported before anybody here could keep one.
    """
    limits = owed.limits if owed is not None else {}
    limit = limits.get(kind if kind in limits else rule.CLOSE, "")
    clocks = list(case.clocks.filter(limit=limit).exclude(state="void").order_by("started_at", "pk"))
    filed: dict[int | None, set[str]] = {}
    for clock, what in RegulatorReturn.objects.filter(case=case).values_list("clock", "kind"):
        filed.setdefault(clock, set()).add(what)
    unanswered = [one for one in clocks if kind not in filed.get(one.pk, ())]
    found = next(iter(clocks[-1:] if kind == rule.EXTENSION else unanswered or clocks[-1:]), None)
    closed = not case.is_open if found is None else found.stopped_at is not None
    told = frozenset(filed.get(found.pk if found is not None else None, ()))
    return Next(found, Standing(case.registered_at is not None, closed, told))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which returns a list shows: due, of them overdue, or filed; of a channel; of a unit and those below."""

    state: str = "due"
    channel: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A return as a regulator is told it."""

    case: Case
    kind: str
    channel: str
    due_at: datetime | None
    done_at: datetime | None
    """When what it speaks of was done: the acceptance decided, the case closed."""
    answer: str
    """Masked; empty before there is one."""
    filed: RegulatorReturn | None = None

    @property
    def ready(self) -> bool:
        """Return whether it can be filed: what it speaks of was done."""
        return self.done_at is not None


def channels() -> tuple[str, ...]:
    """Return the channels that want to be told."""
    return tuple(rule.owed(rules.rulebook()))


def check(wanted: Wanted) -> None:
    """Raise BadInput for a state or a channel there is none of."""
    known("state", wanted.state, STATES)
    known("channel", wanted.channel, ("", *channels()))


def due(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[Clock]:
    """Return the clocks of returns that are owed and not filed, the next due first.

    Of what was over before it was imported nobody knows what was told: it is left out.
    """
    check(wanted)
    rows = Clock.objects.filter(_owed(wanted.channel), kind="regulator").exclude(state="void")
    rows = rows.filter(Exists(_cases(viewer, wanted.unit).filter(pk=OuterRef("case_id"))))
    rows = rows.exclude(case__origin="import", case__is_open=False)
    if wanted.state == "overdue":
        rows = rows.filter(due_at__lte=now)
    return rows.select_related("case__unit").order_by("due_at", "pk")


def _owed(channel: str) -> Q:
    """Return the condition of a clock by which a return is due that was not filed."""
    found = Q(pk__in=())
    for owed in rule.owed(rules.rulebook()).values():
        for kind, limit in owed.limits.items():
            if channel in ("", owed.channel):
                filed = RegulatorReturn.objects.filter(clock=OuterRef("pk"), kind=kind)
                found |= Q(limit=limit, case__channel=owed.channel) & ~Exists(filed)
    return found


def _cases(viewer: Viewer, unit: str) -> QuerySet[Case]:
    """Return the cases in reach that came by a channel that wants to be told."""
    rows = Case.objects.filter(channel__in=channels()).exclude(state=State.VOID).order_by()
    rows = rows.filter(restricted.unrestricted(viewer), viewer.scope())
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    return rows if units is None else rows.filter(unit__in=units)


def filed(viewer: Viewer, wanted: Wanted) -> QuerySet[RegulatorReturn]:
    """Return the returns in reach that were filed, the newest first."""
    check(wanted)
    rows = RegulatorReturn.objects.filter(Exists(_cases(viewer, wanted.unit).filter(pk=OuterRef("case_id"))))
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    return rows.select_related("case__unit").order_by("-filed_at", "-pk")


def of_period(path: str, first: date | None, last: date | None) -> QuerySet[Clock]:
    """Return the clocks of what was owed of cases of units below a path that came in on those days."""
    limits = {limit for owed in rule.owed(rules.rulebook()).values() for limit in owed.limits.values()}
    zone = rules.rulebook().calendar.zone
    rows = Clock.objects.filter(
        kind="regulator", limit__in=limits, case__channel__in=channels(), case__unit__path__startswith=path
    )
    if first is not None:
        rows = rows.filter(case__accepted_at__gte=datetime.combine(first, time(), zone))
    if last is not None:
        rows = rows.filter(case__accepted_at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    rows = rows.exclude(state="void").exclude(case__state=State.VOID)
    return rows.select_related("case__unit").order_by("case__channel", "due_at", "pk")


def lines(clocks: Iterable[Clock]) -> list[Line]:
    """Return the returns that some clocks are due by, prefilled; what was filed beside them."""
    rows = list(clocks)
    kinds = {
        limit: kind for one in rule.owed(rules.rulebook()).values() for kind, limit in one.limits.items()
    }
    answers = _answers([row.case for row in rows])
    told = RegulatorReturn.objects.filter(case__in={row.case_id for row in rows})
    filed_of = {(one.clock_id, one.kind): one for one in told}
    return [
        Line(
            row.case,
            kinds[row.limit],
            row.case.channel,
            row.due_at,
            row.case.registered_at if kinds[row.limit] == rule.ACCEPT else row.stopped_at,
            answers.get(row.case_id, ""),
            filed_of.get((row.pk, kinds[row.limit])),
        )
        for row in rows
    ]


def filed_lines(found: Iterable[RegulatorReturn]) -> list[Line]:
    """Return the returns that were filed as a list shows them."""
    rows = list(found)
    answers = _answers([row.case for row in rows])
    return [
        Line(row.case, row.kind, row.channel, row.due_at, None, answers.get(row.case_id, ""), row)
        for row in rows
    ]


def _answers(cases: list[Case]) -> Mapping[int, str]:
    """Return the last answer of each case as it is drawn."""
    draw, found = texts.drawn_each({case.pk: case for case in cases}.values()), dict[int, dict[str, str]]()
    notes = Note.objects.filter(case__in={case.pk for case in cases}, field__in=ANSWERS).order_by("pk")
    for case, field, masked in notes.values_list("case", "field", "masked"):
        found.setdefault(case, {})[field] = draw[case](masked)
    return {case: said.get("reply") or said.get("measures", "") for case, said in found.items()}


def answer_of(case: Case) -> str:
    """Return the last answer of a case as it is drawn, empty before there is one."""
    return _answers([case]).get(case.pk, "")


def may_extend(case: Case) -> bool:
    """Return whether the close of a case can be put off now."""
    owed = rule.owed(rules.rulebook()).get(case.channel)
    standing = next_of(case, rule.EXTENSION, owed).standing
    return case.is_open and rule.refusal(rule.EXTENSION, owed, standing) is None
