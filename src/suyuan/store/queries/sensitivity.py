"""Whose calls are known, and where supply is out now: what outage sensitivity is told from."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from suyuan.analytics.sensitivity import entropy
from suyuan.analytics.sensitivity.features import MONTH, WINDOWS, Calls, features
from suyuan.analytics.sensitivity.leakage import Home
from suyuan.analytics.sensitivity.priority import Place, Ranked, ranked
from suyuan.store import rules
from suyuan.store.models import Account, Case, SpecialFlag

from . import restricted
from .customer import flag_counts
from .viewer import Viewer

REPAIR = "repair"
_CHUNK = 500


@dataclass(frozen=True)
class Known:
    """The accounts of the register with the area and the calls of each until a moment, in days since 1970."""

    indexes: tuple[str, ...]
    """The keyed index of each number: it leads to nobody without the key."""
    places: tuple[tuple[str, str], ...]
    """Line and area."""
    home: Home


def known(as_of: datetime) -> Known:
    """Return what is known of all accounts at a moment; restricted orders are no part of it."""
    rows = list(
        Account.objects.exclude(number_index="")
        .order_by("pk")
        .values_list("number_index", "supply__line", "supply__area")
    )
    numbers = {row[0]: at for at, row in enumerate(rows)}
    places = tuple((line or "", area or "") for _, line, area in rows)
    areas: dict[tuple[str, str], int] = {}
    area = np.array([areas.setdefault(one, len(areas)) if one[1] else -1 for one in places], np.int64)
    since = as_of - timedelta(days=(WINDOWS[-1] + 6) * MONTH)
    calls = Case.objects.filter(
        accepted_at__gte=since, accepted_at__lt=as_of, restricted=False, is_child=False
    )
    asked = calls.exclude(account_index="").order_by()
    who, day, repairs = [], [], []
    for index, at, kind in asked.values_list("account_index", "accepted_at", "business_type").iterator():
        if index in numbers:
            who.append(numbers[index])
            day.append(days(at))
            repairs.append(kind == REPAIR)
    account, when, mask = np.array(who, np.int64), np.array(day, np.float64), np.array(repairs, np.bool_)
    home = Home(area, Calls(account, when), Calls(account[mask], when[mask]))
    return Known(tuple(numbers), places, home)


def days(moment: datetime) -> float:
    """Return a moment in days since 1970."""
    return moment.timestamp() / 86_400


def top() -> float:
    """Return which part of all accounts counts as sensitive, as the rulebook in force says."""
    return float(rules.rulebook().figures["sensitivity.model"][-1].terms["top"])


def scored(held: Known, as_of: datetime) -> entropy.Weighed:
    """Return the sensitivity of each account at a moment."""
    return entropy.weighed(features(held.home.calls, len(held.indexes), days(as_of)))


Places = Mapping[tuple[str, str], tuple[int, int]]
"""By line and area how many accounts are on it, and how many of them are sensitive."""
_ONE = threading.Lock()
_kept: dict[tuple[date, int], Places] = {}


def forget() -> None:
    """Score anew next time."""
    _kept.clear()


def most_hours() -> int:
    """Return how many hours without supply count at most, as the rulebook in force says."""
    return int(rules.rulebook().figures["sensitivity.priority"][-1].terms["hours_most"])


def ahead(now: datetime) -> None:
    """Score today before anybody asks, unless it was scored: accounts that came since wait for who asks."""
    if not any(day == rules.local_day(now) for day, _ in _kept):
        of_day(now)


def of_day(as_of: datetime) -> Places:
    """Return who is where, scored by what was known when the local day began: once a day in each process.

    It is scored anew where accounts came to the register since.
    """
    day, zone = rules.local_day(as_of), rules.rulebook().calendar.zone
    newest = Account.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with _ONE:
        if (day, newest) not in _kept:
            held = known(datetime.combine(day, time(), zone))
            found = places(held, scored(held, datetime.combine(day, time(), zone)))
            _kept.clear()  # one day is enough: the page asks for today alone
            _kept[day, newest] = found
        return _kept[day, newest]


def places(held: Known, score: entropy.Weighed) -> Places:
    """Return by line and area how many accounts there are and how many are sensitive."""
    high = entropy.sensitive(score.score, top())
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, is_high in zip(held.places, high.tolist(), strict=True):
        found[place][0] += 1
        found[place][1] += is_high
    return {place: (n, several) for place, (n, several) in found.items() if place[1]}


def order(viewer: Viewer, on: Places, as_of: datetime) -> list[Ranked]:
    """Return the places in reach where supply is out, in the order that is proposed."""
    points = rules.rulebook().figures["sensitivity.priority"][-1].terms
    return ranked(out_now(viewer, on, as_of), points, as_of)


def out_now(viewer: Viewer, on: Places, as_of: datetime) -> list[Place]:
    """Return the places in reach with open repairs whose supply is not back, each with who is on it."""
    rows = Case.objects.filter(
        restricted.unrestricted(viewer),
        viewer.scope(),
        business_type=REPAIR,
        is_open=True,
        restored_at=None,
        is_child=False,
        accepted_at__lte=as_of,
    ).order_by("accepted_at", "pk")
    told = rows.values_list("number", "line", "area", "unit__code", "accepted_at")
    groups: dict[tuple[str, str, str], list[tuple[str, str, datetime]]] = defaultdict(list)
    for number, line, area, unit, at in told:
        groups[line, area, "" if area else number].append((number, unit, at))
    flags = _flags({(line, area) for line, area, _ in groups if area}, as_of)
    return [
        Place(
            line,
            area,
            cases[0][1],
            cases[0][2],
            tuple(number for number, _, _ in cases),
            *(on.get((line, area), (0, 0)) if area else (0, 0)),
            flags.get((line, area), {}) if area else {},
        )
        for (line, area, _), cases in groups.items()
    ]


def _flags(wanted: set[tuple[str, str]], now: datetime) -> dict[tuple[str, str], dict[str, int]]:
    """Return by line and area how often each flag that counts is set."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    areas = sorted({area for _, area in wanted})
    for start in range(0, len(areas), _CHUNK):
        part = SpecialFlag.objects.filter(
            cleared_at=None, account__supply__area__in=areas[start : start + _CHUNK]
        )
        for flag in part.select_related("account__supply"):
            place = flag.account.supply.line, flag.account.supply.area
            if place in wanted and flag_counts(flag, now):
                found[place][flag.code] += 1
    return {place: dict(flags) for place, flags in found.items()}
