"""Signals that were kept and warnings opened of them, through the real actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from suyuan.actions.warn import keeping, muting, opening
from suyuan.analytics.detect.signal import Level, Signal
from suyuan.domain.errors import RuleError
from suyuan.store.models import Case, KeptSignal
from tests.evidence_files import add
from tests.factories import NOW, actor, do, unit

OVERDUE = "case_overdue_soon"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORMS = {
    "acknowledge_warning": ("station", {}),
    "record_act": ("station", {"measures": "已电话联系客户说明进度"}),
    "propose_closing": ("station", {"proof": "客户已收到答复"}),
    "pass_closing": ("office", {}),
}

MUTE = {"reason": "known_cause", "mute_until": "2026-03-20", "note": "线路改造中"}


def signal(about: str = "account:x1", level: Level = Level.IMPORTANT, **said: object) -> Signal:
    """Return a signal of station 0101, unless told otherwise."""
    given = {
        "detector": OVERDUE,
        "object": about,
        "level": level,
        "since": NOW - DAY,
        "observed": 0.08,
        "expected": 0.2,
        "why": "clock_nearly_out",
        "facts": {"case": "SY1", "limit": "complaint.answer", "left_hours": 3.5, "percent": 8},
        "cases": (),
        "unit": "0101",
        "category": "business.meter.device",
    }
    return Signal(**(given | said))


def keep(*signals: Signal, now: datetime = NOW, detectors: tuple[str, ...] = (OVERDUE,)) -> keeping.Kept:
    """Keep what a run found, in a company that has its units."""
    unit()
    return keeping.keep(signals, detectors, now)


def kept(about: str = "account:x1") -> KeptSignal:
    """Return the last row of a signal."""
    return KeptSignal.objects.select_related("unit", "warning__case").filter(object=about).latest("pk")


def opened(now: datetime = NOW, one: Signal | None = None) -> Case:
    """Return the warning that opened of a signal by itself."""
    keep(one or signal(), now=now)
    (made,) = opening.open_waiting(now)
    return Case.objects.select_related("unit").get(number=made.number)


def warning_at(state: str, now: datetime = NOW, one: Signal | None = None) -> Case:
    """Return a warning walked through the real verbs until it stands in ``state``."""
    case = opened(now, one)
    for step, (verb, (role, form)) in enumerate(FORMS.items(), start=1):
        if case.state == state:
            return case
        shown = {"evidence": add(case, now=now)} if verb == "propose_closing" else {}
        case = do(case, verb, role, now + step * timedelta(minutes=5), **form, **shown)
    assert case.state == state, f"a warning never stands in {state}"
    return case


def dismissed(case: Case, now: datetime, reason: str = "explained") -> Case:
    """Return a warning that is none after all: the station says so, and the office agrees."""
    do(case, "acknowledge_warning", "station", now)
    do(case, "propose_dismissal", "station", now, reason=reason, note="客户已知情")
    return do(case, "dismiss_warning", "office", now)


def standing(number: str, code: str) -> KeptSignal:
    """Return the signal about a case, kept on the first ask."""
    about, facts = f"case:{number}", signal().facts | {"case": number}
    if not KeptSignal.objects.filter(object=about).exists():
        keep(signal(about, unit=code, cases=(number,), facts=facts))
    return kept(about)


def muted(n: int) -> int:
    """Return a mute of one object that holds today."""
    day = f"{timezone.localdate() + 9 * DAY}"
    what = muting.What("0101", OVERDUE, f"account:{n}")
    form = {"reason": "too_many", "mute_until": day, "note": "误报多"}
    return muting.mute(actor=actor("office"), what=what, form=form, now=timezone.now())


LISTS = {
    "warnings": (13, lambda n: opened(one=signal(f"account:{n}", category=f"c{n}"))),
    "signals": (12, lambda n: keep(signal(f"account:{n}"))),
    "mutes": (11, muted),
}
"""List page → how much it asks, and how it gets another row."""


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect that what is done inside is refused with a code."""
    with pytest.raises(RuleError) as no:
        yield
    assert no.value.code == code
