"""Campaigns in reach, the complaints they count day by day, and the improvements that belong to them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from suyuan.domain.campaign import GROUPS, Day, track
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Campaign, Case, Improvement

from .cases import LOCAL
from .desks import known, seen
from .viewer import Viewer

STATES = ("open", "closed", "")
"""Those that run, those that are closed, or all."""


def listed(viewer: Viewer, state: str = "open") -> QuerySet[Campaign]:
    """Return the campaigns in reach, those that end next first; closed ones and all, the newest first."""
    known("state", state, STATES)
    rows = Campaign.objects.filter(viewer.scope()).select_related("unit")
    rows = rows.annotate(improvements=Count("improvement"))
    if state == "open":
        return rows.filter(closed_at=None).order_by("ends_on", "pk")
    return (rows.exclude(closed_at=None) if state else rows).order_by("-starts_on", "-pk")


def campaign(viewer: Viewer, pk: int) -> Campaign:
    """Return a campaign in reach; one that is not is not found."""
    if (found := listed(viewer, "").filter(pk=pk).first()) is None:
        raise Refused("not_found", campaign=pk)
    return found


def days(of: Campaign, now: datetime) -> list[Day]:
    """Return the days of a campaign so far, those of a closed one up to the day it was closed."""
    today = rules.local_day(of.closed_at or now)
    last = min(of.ends_on, today)
    rows = _complaints(of.unit.path, of.categories, of.starts_on, last + timedelta(days=1))
    counts = Counter(
        at.astimezone(LOCAL).date() for at in rows.values_list("accepted_at", flat=True).iterator()
    )
    return track(counts, of.span, of.baseline, today)


def items(of: Campaign, now: datetime) -> list[tuple[str, int]]:
    """Return how many complaints of each category that counts came in since the start, in order."""
    last = min(of.ends_on, rules.local_day(of.closed_at or now))
    rows = _complaints(of.unit.path, of.categories, of.starts_on, last + timedelta(days=1))
    counts = Counter(rows.values_list("category", flat=True).iterator())
    return [
        (code, sum(n for each, n in counts.items() if each == code or each.startswith(f"{code}.")))
        for code in of.categories
    ]


def five(now: datetime) -> dict[str, str]:
    """Return what a campaign on the five class 1 items begins with: its days, and those of its baseline."""
    today = rules.local_day(now)
    before, days = (rules.figure("campaign.five", term) for term in ("baseline_days", "days"))
    return {
        "assess_group": GROUPS[0],
        "baseline_from": (today - timedelta(days=before)).isoformat(),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=days - 1)).isoformat(),
    }


def count(unit_path: str, categories: Iterable[str], first: date, before: date) -> int:
    """Return how many complaints of these categories came in from a day on, before another."""
    return _complaints(unit_path, categories, first, before).count()


def _complaints(unit_path: str, categories: Iterable[str], first: date, before: date) -> QuerySet[Case]:
    """Return the complaints that count: each once, so no child order, nothing merged or made void."""
    within = Q()
    for code in categories:
        within |= Q(category=code) | Q(category__startswith=f"{code}.")
    return (
        Case.objects.filter(
            within,
            business_type="complaint",
            is_child=False,
            unit__path__startswith=unit_path,
            accepted_at__gte=datetime.combine(first, time(), LOCAL),
            accepted_at__lt=datetime.combine(before, time(), LOCAL),
        )
        .exclude(state__in=(State.VOID, State.MERGED))
        .order_by()
    )


def improvements(viewer: Viewer, of: Campaign) -> list[Improvement]:
    """Return the entries of the register that belong to a campaign, as far as somebody may see them."""
    rows = Improvement.objects.filter(seen(viewer), campaign=of)
    return list(rows.select_related("case__unit").order_by("pk"))
