"""Where every contact of a period lies: counted in one question, listed place by place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from suyuan.analytics.period import Period
from suyuan.domain import reconcile as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.procedures import CURRENT
from suyuan.domain.protection import PROCEDURE as PROTECTION
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, Contact, Event

from . import reach, restricted
from .cases import LOCAL
from .viewer import Viewer

LAST = "closed_without_callback"
"""Where a case lies for which no other condition holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which contacts: of a period, at or below a unit, as far as somebody reaches; nobody reaches all."""

    period: Period
    viewer: Viewer | None = None
    unit: str = ""


def counts(asked: Asked, now: datetime) -> list[rule.Count]:
    """Return how many contacts of each channel lie at each place."""
    hidden = Q(restricted=True) if asked.viewer is None else ~restricted.unrestricted(asked.viewer)
    rows = (
        _placed(_cases(asked))
        .values_list("channel", "place")
        .annotate(
            n=Count("pk"),
            overdue=Count("pk", filter=Q(is_open=True, next_due_at__lt=now)),
            hidden=Count("pk", filter=hidden),
        )
        .order_by("channel", "place")
    )
    return [rule.Count(*row) for row in rows] + _unlinked(asked)


def children(asked: Asked) -> int:
    """Return how many child orders are left out: each belongs to a contact that is counted.

    Of records of staff protection not even a number is told.
    """
    rows = _within(asked).filter(is_child=True).exclude(state=State.MERGED)
    return rows.exclude(procedure=PROTECTION).count()


def ids(asked: Asked, code: str, channel: str | None = None) -> QuerySet[Case, int]:
    """Return the cases at a place that may be listed, oldest first; of every gap without one."""
    if code and code not in rule.PLACE:
        raise BadInput("unknown_value", field="code", value=code[:60])
    wanted = [code] if code else [place.code for place in rule.PLACES if not place.explained]
    rows = _placed(_cases(asked)).filter(place__in=wanted)
    seen = Q(restricted=False) if asked.viewer is None else restricted.unrestricted(asked.viewer)
    if channel is not None:
        rows = rows.filter(channel=channel)
    return rows.filter(seen).order_by("accepted_at", "pk").values_list("pk", flat=True)


def numbers(asked: Asked, code: str) -> list[str]:
    """Return the numbers of the cases at a place that may be listed, oldest first."""
    return list(ids(asked, code).values_list("number", flat=True))


def _within(asked: Asked) -> QuerySet[Case]:
    """Return the cases of the period and the units."""
    rows = Case.objects.filter(days("accepted_at", asked.period))
    if asked.viewer is None:
        return rows
    units = reach.unit_ids(asked.viewer, reach.narrowed(asked.viewer, asked.unit))
    return rows if units is None else rows.filter(unit__in=units)


def _cases(asked: Asked) -> QuerySet[Case]:
    """Return the cases that stand for a contact of their own."""
    return _within(asked).filter(Q(is_child=False) | Q(state=State.MERGED))


def days(name: str, period: Period) -> Q:
    """Return the condition that a moment lies in a period."""
    kept = Q()
    if period.first is not None:
        kept &= Q(**{f"{name}__gte": datetime.combine(period.first, time(), LOCAL)})
    if period.last is not None:
        kept &= Q(**{f"{name}__lt": datetime.combine(period.last + timedelta(days=1), time(), LOCAL)})
    return kept


def _placed(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Return the rows, each with the place it lies at."""
    cases = [When(when, then=Value(code)) for code, when in _conditions()]
    return rows.annotate(place=models.Case(*cases, default=Value(LAST), output_field=CharField()))


def _conditions() -> list[tuple[str, Q]]:
    """Return the places in order: a case lies at the first whose condition holds, else at the last."""
    answered = Q(answered_at__isnull=False) | Q(first_answered_at__isnull=False)
    owing = Q(procedure__in=_calling_back())
    called = Q(called_back_at__isnull=False)
    return [
        ("void", Q(state=State.VOID) & Q(Exists(_reasoned()))),
        ("void_without_reason", Q(state=State.VOID)),
        ("merged", Q(state=State.MERGED) & Q(Exists(_carriers()))),
        ("merged_uncarried", Q(state=State.MERGED)),
        ("not_registered", Q(state=State.RECEIVED)),
        ("not_dispatched", Q(state=State.REGISTERED) & ~answered),
        ("not_taken", Q(state=State.DISPATCHED) & ~answered),
        ("left_after_site", Q(is_open=True, restored_at__isnull=False) & ~answered),
        ("not_answered", Q(is_open=True) & ~answered),
        ("closed_without_answer", ~answered),
        ("no_callback_owed", ~owing),
        (rule.DONE, called),
        ("not_called_back", Q(is_open=True)),
        ("unreached", Q(unreached__gt=0)),
    ]


def _calling_back() -> Collection[str]:
    """Return the procedures that end with a call back."""
    return [name for name, one in CURRENT.items() if any(step.verb == "call_back" for step in one.steps)]


def _reasoned() -> QuerySet[Event]:
    """Return the voiding of a case, where a reason was given for it."""
    stream = Concat(Value("case:"), OuterRef("number"))
    return Event.objects.filter(stream=stream, verb="void", detail__form__reason__isnull=False)


def _carriers() -> QuerySet[Case]:
    """Return the case that carries a merged one, unless it was voided itself."""
    return Case.objects.filter(number=OuterRef("parent_number")).exclude(state=State.VOID)


def _unlinked(asked: Asked) -> list[rule.Count]:
    """Return the contacts for which no case stands: of no unit, they are counted for whole companies."""
    paths = None if asked.viewer is None else reach.narrowed(asked.viewer, asked.unit)
    if paths is not None and not any(path.count("/") == 2 for path in paths):
        return []
    rows = Contact.objects.filter(days("at", asked.period), case=None).values_list("channel")
    return [
        rule.Count(channel, rule.UNLINKED, n, hidden=n)
        for channel, n in rows.annotate(n=Count("pk")).order_by("channel")
    ]
