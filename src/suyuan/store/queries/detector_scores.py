"""How each detector did in this home: signals kept, warnings opened, and whether a complaint followed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q

from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.event_log import MARK
from suyuan.store.models import Case, KeptSignal, WarningCase

ACCOUNT, FOLLOW = "account:", "detect.follow"
COMPLAINTS = ("complaint", "report")
ONCE = 500
"""So many customers are asked for at once."""
Followed = dict[str, tuple[int, list[float]]]


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of the signals of one detector."""

    signals: int = 0
    standing: int = 0
    came_true: int = 0
    """What they warned of happened: a limit or a promise was broken."""
    warnings: int = 0
    open: int = 0
    confirmed: int = 0
    """Closed with proof, and nobody said it was false."""
    dismissed: int = 0
    """Said to be false."""
    watched: int = 0
    """Signals of a customer that are old enough to say whether a complaint followed."""
    leads: tuple[float, ...] = field(default=(), repr=False)
    """Days from the first sight of each that was followed by a complaint of that customer, until then."""

    @property
    def followed(self) -> int:
        return len(self.leads)

    @property
    def lead(self) -> float | None:
        """Return the median of days before the complaint, None where none followed."""
        return median(self.leads) if self.leads else None

    @property
    def decided(self) -> int:
        return self.confirmed + self.dismissed


NONE = Lived()


def lived(now: datetime) -> dict[str, Lived]:
    """Return what became of the signals of each detector that ever kept one."""
    kept = KeptSignal.objects.order_by().values_list("detector")
    signals = kept.annotate(
        n=Count("pk"),
        standing=Count("pk", filter=~Q(state="over")),
        came_true=Count("pk", filter=Q(came_true_at__isnull=False)),
    )
    warned = (
        WarningCase.objects.order_by()
        .values_list("detector")
        .annotate(
            n=Count("pk"),
            open=Count("pk", filter=Q(case__is_open=True)),
            confirmed=Count("pk", filter=Q(case__state=State.ARCHIVED, verdict="")),
            dismissed=Count("pk", filter=~Q(verdict="")),
        )
    )
    of_warnings = {row[0]: row[1:] for row in warned}
    after = _followed(now, rules.figure(FOLLOW, "days"))
    return {
        name: Lived(n, standing, came_true, *of_warnings.get(name, (0, 0, 0, 0)), *_after(after.get(name)))
        for name, n, standing, came_true in signals
    }


def _after(found: tuple[int, list[float]] | None) -> tuple[int, tuple[float, ...]]:
    return (0, ()) if found is None else (found[0], tuple(found[1]))


def _followed(now: datetime, days: int) -> Followed:
    """Return by detector how many signals of customers were watched, and after how long some complained."""
    until = timedelta(days=days)
    about = "about__account_index", "about__phone_index"
    rows = KeptSignal.objects.filter(first_seen__lte=now - until).order_by()
    rows = rows.filter(Q(about__isnull=False) | Q(object__startswith=ACCOUNT))
    seen = list(rows.values_list("detector", "object", "first_seen", *about))
    whose = [(name, at, _whose(thing, account, phone)) for name, thing, at, account, phone in seen]
    complained = _complaints({who for _, _, every in whose for who in every})
    found: Followed = {}
    for name, at, every in whose:
        if not every:
            continue
        n, leads = found.get(name, (0, []))
        first = min(filter(None, (_next(complained.get(who, ()), at) for who in every)), default=None)
        if first is not None and first - at <= until:
            leads = [*leads, (first - at) / timedelta(days=1)]
        found[name] = n + 1, leads
    return found


def _whose(thing: str, account: str | None, phone: str | None) -> set[str]:
    """Return the keyed indexes of the customer a signal is about."""
    if thing.startswith(ACCOUNT):  # a log marks its references, a table's have no mark
        return {thing.removeprefix(ACCOUNT).removeprefix(MARK)}
    return {who for who in (account, phone) if who}


def _complaints(customers: set[str]) -> dict[str, list[datetime]]:
    """Return when each of some customers complained, by account and by telephone."""
    found: dict[str, list[datetime]] = defaultdict(list)
    rows = Case.objects.filter(procedure__in=COMPLAINTS).exclude(state=State.VOID).order_by()
    asked = sorted(customers)
    for start in range(0, len(asked), ONCE):
        for name in ("account_index", "phone_index"):
            some = rows.filter(**{f"{name}__in": asked[start : start + ONCE]})
            for who, at in some.values_list(name, "accepted_at"):
                found[who].append(at)
    return {who: sorted(each) for who, each in found.items()}


def _next(moments: Iterable[datetime], at: datetime) -> datetime | None:
    every = list(moments)
    place = bisect_right(every, at)
    return every[place] if place < len(every) else None
