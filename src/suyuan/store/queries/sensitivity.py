"""Whose calls are known, and where supply is out now: what outage sensitivity is told from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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


def order(viewer: Viewer, held: Known, score: entropy.Weighed, as_of: datetime) -> list[Ranked]:
    """Return the places in reach where supply is out, in the order that is proposed."""
    points = rules.rulebook().figures["sensitivity.priority"][-1].terms
    return ranked(out_now(viewer, held, score, as_of), points, as_of)


def out_now(viewer: Viewer, held: Known, score: entropy.Weighed, as_of: datetime) -> list[Place]:
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
    return list(_places(groups, held, score, as_of))


def _places(
    groups: Mapping[tuple[str, str, str], list[tuple[str, str, datetime]]],
    held: Known,
    score: entropy.Weighed,
    as_of: datetime,
) -> Iterable[Place]:
    on: dict[tuple[str, str], list[int]] = defaultdict(list)
    wanted = {(line, area) for line, area, _ in groups if area}
    for at, place in enumerate(held.places):
        if place in wanted:
            on[place].append(at)
    flags = _flags([held.indexes[at] for each in on.values() for at in each], as_of)
    high = entropy.sensitive(score.score, top())
    for (line, area, _), cases in groups.items():
        accounts = on.get((line, area), []) if area else []
        counts: dict[str, int] = defaultdict(int)
        for at in accounts:
            for code in flags.get(held.indexes[at], ()):
                counts[code] += 1
        yield Place(
            line,
            area,
            cases[0][1],
            cases[0][2],
            tuple(number for number, _, _ in cases),
            len(accounts),
            int(high[accounts].sum()) if accounts else 0,
            dict(counts),
        )


def _flags(indexes: list[str], now: datetime) -> dict[str, list[str]]:
    """Return the codes of the flags that count, by account."""
    found: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(indexes), _CHUNK):
        part = SpecialFlag.objects.filter(
            cleared_at=None, account__number_index__in=indexes[start : start + _CHUNK]
        )
        for flag in part.select_related("account"):
            if flag_counts(flag, now):
                found[flag.account.number_index].append(flag.code)
    return found
