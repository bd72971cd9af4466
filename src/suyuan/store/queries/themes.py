"""What the rulebook says of themes, and what of one goes into a technical assessment order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from suyuan.analytics.themes import Span, Theme, Threshold
from suyuan.domain.evaluation import THEME, About
from suyuan.store import rules

BEHIND = 500
"""So many of the contacts behind a theme are named at most, the newest."""


def threshold() -> Threshold:
    """Return when a theme is one, as the rulebook in force says."""
    window, limits = _terms("theme.window"), _terms("theme.threshold")
    left_out = tuple(_terms("theme.kinds")["left_out"])
    names = ("least", "least_days", "q")
    return Threshold(
        window["days"], window["baseline_days"], *(limits[name] for name in names), left_out=left_out
    )


def passes(complaints: float, relative_risk: float, q: float) -> bool:
    """Tell whether a step of a unit is past its threshold, as the rulebook in force says."""
    limits = _terms("node.threshold")
    high = relative_risk >= limits["relative_risk"] and q <= limits["q"]
    return high and complaints >= limits["least"]


def span(now: datetime) -> Span:
    """Return the days looked at now: they end with yesterday, as today is not over."""
    rule = threshold()
    return Span.until(rules.local_day(now) - timedelta(days=1), rule.days, rule.baseline_days)


def is_technical(kind: str) -> bool:
    """Tell whether a theme of a kind calls for a technical assessment: the equipment may be the cause."""
    return any(kind == one or kind.startswith(f"{one}.") for one in _terms("theme.kinds")["technical"])


def about(theme: Theme, days: Span, numbers: Sequence[str]) -> About:
    """Return what an order is opened about, with the figures that show it and the contacts behind it."""
    name = theme.name
    figures = {
        "n": theme.n,
        "days": theme.days,
        "before": theme.before,
        "expected": theme.expected,
        "expected_others": theme.expected_others,
        "expected_own": theme.expected_own,
        "ratio": theme.ratio,
        "low": theme.low,
        "high": theme.high,
        "q": theme.q,
        "against": theme.against,
    }
    where = (name.kind, name.level, name.place, name.unit)
    return About(THEME, *where, days.first, days.last, figures, tuple(numbers))


def _terms(name: str) -> dict[str, Any]:
    return rules.rulebook().figures[name][-1].terms  # type: ignore[return-value]
