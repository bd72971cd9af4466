"""Signals in words: what stands out, by which detector, how it stands, what became of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from suyuan.actions.detecting.sentences import as_of, standing, worded
from suyuan.domain.warning import LEVELS
from suyuan.store import rules
from suyuan.store.queries import warnings
from suyuan.store.queries.signal_accounts import Known

from .forms import Choices
from .templatetags.ui import lang, local

SHOWN = 8
"""So much of the keyed reference of an account is shown: enough to tell two apart."""


def sentence(row) -> str:  # type: ignore[no-untyped-def]
    """Return what stands out, in the reader's language."""
    return worded(standing(row, timezone.now()), row.facts, lang())


def headline(row) -> str:  # type: ignore[no-untyped-def]
    """Return what stands out, in the reader's language, and the moment it was last seen so."""
    return as_of(standing(row, timezone.now()), row.facts, row.last_seen, lang())


def say_of(cases) -> None:  # type: ignore[no-untyped-def]
    """Let the warnings among some cases say in a list what their signal says now, not what it once did."""
    for pk, row in warnings.sentences_of(cases).items():
        for case in cases:
            if case.pk == pk:
                case.brief = headline(row)


def detector(name: str) -> str:
    """Return what a detector is called."""
    editions = rules.rulebook().figures.get(f"detect.{name}")
    return getattr(editions[-1].title, lang()) if editions else name


def level(code: str) -> str:
    """Return how urgent something is."""
    return rules.label("level", code, lang())


def state(code: str, *, came_true: bool = False) -> str:
    """Return how a signal stands; one whose end is that what it warned of happened did not go away."""
    if code == "over" and came_true:
        return gettext("已应验")
    return {"open": gettext("还在"), "muted": gettext("静默"), "over": gettext("已消失")}[code]


def number(value: float | None) -> str:
    """Return what was observed or expected, short."""
    return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def measured(value: float, name: str, facts: Mapping[str, object] | None = None) -> str:
    """Return what a detector observed or expected with its unit, which the facts of a limit may say."""
    code = f"{name}_{facts['unit']}" if facts and "unit" in facts else name
    unit = rules.label("detector_unit", code, lang())
    if unit.startswith("%"):
        return f"{round(100 * value)} {unit}"
    return number(value) if unit == code else f"{number(value)} {unit}"


def marks(row) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the level of a signal or a warning as a mark; what is more than general warns."""
    return [f"!{level(row)}" if row != LEVELS[0] else level(row)]


def levels() -> Choices:
    """Return the levels to choose from, the most urgent first."""
    return [(one, level(one)) for one in reversed(LEVELS)]


def detectors(names: Iterable[str]) -> Choices:
    """Return detectors to choose from, by title."""
    return sorted(((one, detector(one)) for one in names), key=lambda pair: pair[1])


def about(row, known: Mapping[str, Known] | None = None) -> str:  # type: ignore[no-untyped-def]
    """Return what a signal is about, its kind in words; of an account its masked number and where it is."""
    kind, _, name = row.object.partition(":")
    if known and (one := known.get(row.object)):
        where = (one.area, one.line, one.unit)
        return " · ".join([rules.label("log_type", kind, lang()) + f" {one.masked}", *filter(None, where)])
    said = gettext("工单") if kind == "case" else rules.label("log_type", kind, lang())
    return f"{said} {name[:SHOWN] if kind == 'account' else name}" if name else row.object


_BECAME = (
    "fresh",
    "raised",
    "lowered",
    "over",
    "came_true",
    "back",
    "muted",
    "unmuted",
    "opened",
    "joined",
    "closed",
    "dismissed",
)


def became(what: str) -> str:
    """Return what became of a signal at one moment."""
    words = (
        gettext("首次发现"),
        gettext("升级"),
        gettext("降级"),
        gettext("已消失"),
        gettext("已应验"),
        gettext("再现"),
        gettext("静默"),
        gettext("静默结束"),
        gettext("开预警单"),
        gettext("并入预警单"),
        gettext("预警结单"),
        gettext("认定误报"),
    )
    return dict(zip(_BECAME, words, strict=True))[what]


def history(row) -> list[dict[str, Any]]:  # type: ignore[no-untyped-def]
    """Return what became of a signal, the newest first."""
    return [
        {
            "at": local(datetime.fromisoformat(line["at"])),
            "what": became(line["what"]),
            "level": level(line["level"]),
            "observed": measured(line["observed"], row.detector, row.facts),
        }
        for line in reversed(row.history)
    ]


def address(row) -> str:  # type: ignore[no-untyped-def]
    """Return where a signal is shown: by a number of its own, as its object may lead to an account."""
    return reverse("signal", args=(row.pk,))
