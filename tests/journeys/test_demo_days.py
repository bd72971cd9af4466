"""Whatever day the demo starts on, its quarter has something on every list, and blames where it is due."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from suyuan.analytics.period import parse
from suyuan.cli import demo_city
from suyuan.domain.rulebook.tariff import Counted
from suyuan.gateways import kept_supply
from suyuan.store import chain, event_log, lake, rules, supply
from suyuan.store.models import (
    Campaign,
    Case,
    Commitment,
    Event,
    KeptSignal,
    LedgerEntry,
    Liability,
    RegulatorReturn,
    Relay,
    RepeatEvent,
    Support,
)
from suyuan.store.queries import blame, returns, sensitivity, shirking, viewer
from suyuan.store.queries.returns import Wanted

SMALL = demo_city.Size(95598, 300, 75)
DAYS = {
    "a working day": "2026-11-25T10:20+08:00",
    "a Sunday, the first of a month, just begun": "2026-11-01T00:30+08:00",
    "the day after a long holiday": "2026-10-08T08:40+08:00",
    "the last day of a year": "2026-12-31T17:00+08:00",
}
STATES = {
    "filing": {"reviewing", "signing", "in_force", "archived", "void"},
    "final_answer": {"reviewing", "signing", "in_force", "deciding", "archived", "void"},
    "supervision": {"dispatched", "handling", "reported", "archived", "void"},
    "support": {"dispatched", "handling", "archived", "void"},
    "improvement": {"registered", "handling", "checking", "archived", "void"},
    "liability": {"signing", "archived"},
    "accountability": {"signing", "deciding", "archived", "void"},
    "veto": {"drafted", "archived", "deciding", "void"},
    "disconnection": {"reviewing", "disconnected", "archived"},
    "evaluation": {"archived"},  # among so few customers no theme is past its threshold today
}
BACK = ("return", "transfer")

pytestmark = pytest.mark.django_db


SELDOM = ("the day after a long holiday", "the last day of a year")


@pytest.mark.parametrize(
    "day",
    [pytest.param(day, id=name, marks=[pytest.mark.long] * (name in SELDOM)) for name, day in DAYS.items()],
)
def test_the_quarter_of_the_demo_is_full_on(day, tmp_path):
    now = datetime.fromisoformat(day)
    demo_city.make(SMALL, tmp_path, now=now)
    shutil.rmtree(lake.folder(), ignore_errors=True)  # tests share a home
    event_log.path().unlink(missing_ok=True)  # another day's log would be merged with this one's

    demo_city.load(tmp_path, password="a password of the test", now=now)

    registers(now)
    lists(now)
    blamed(tmp_path, now)
    if day == DAYS["a working day"]:
        warned(tmp_path, now)
    assert Event.objects.filter(at__gt=now).count() == 0
    assert chain.verify_cases() == Case.objects.count()
    rules.forget()


def registers(now: datetime) -> None:
    """Hold what is a case of its own to the states it is to be found in."""
    found = Case.objects.filter(procedure__in=STATES).values_list("procedure", "state").distinct()
    standing = {name: {state for each, state in found if each == name} for name in STATES}
    entries = LedgerEntry.objects.values_list("state", flat=True)
    promises = Commitment.objects.values_list("state", flat=True)
    assert standing == STATES
    assert set(entries) == {"proposed", "signed", "refused"}
    assert LedgerEntry.objects.exclude(reversed_at=None).count() == 1
    assert LedgerEntry.objects.filter(state="proposed").exclude(reverses=None).count() == 1
    assert set(promises) == {"open", "kept", "broken", "moved"}
    over = Commitment.objects.filter(state="open", promised_on__lt=rules.local_day(now)).count()
    works = rules.rulebook().calendar.is_workday(rules.local_day(now))
    assert over == (2 if works else 3)  # what was promised by today is promised by the last working day


def warned(city: Path, now: datetime) -> None:
    """Hold warnings to be there at every stage, each opened of a signal that stands."""
    shutil.rmtree(supply.folder(), ignore_errors=True)  # tests share a home
    opened = demo_city.warn(city, now)
    assert [one.kind for one in kept_supply.held(supply.folder())] == list(kept_supply.KINDS)
    shutil.rmtree(supply.folder())
    found = Case.objects.filter(procedure="warning")
    assert set(found.values_list("number", flat=True)) == set(opened)
    assert set(found.values_list("state", flat=True)) >= {"registered", "archived", "void"}
    assert set(
        KeptSignal.objects.exclude(warning=None).values_list("warning__case__number", flat=True)
    ) == set(opened)


def lists(now: datetime) -> None:
    """Hold what hangs on other cases to what is waited for and what is done."""
    office = viewer.named("office")
    asked = parse("all")
    due = {state: returns.due(office, Wanted(state), now).count() for state in ("due", "overdue")}
    campaigns = Campaign.objects.order_by("pk").values_list("baseline_from", "closed_at", "categories")
    assert set(RegulatorReturn.objects.values_list("kind", flat=True)) == {"accept", "close", "extension"}
    assert due["due"] > due["overdue"] > 0
    assert len(sensitivity.out_now(office, {}, now)) >= 5
    assert [(closed is not None, len(codes)) for _, closed, codes in campaigns] == [
        (True, 1),
        (False, 5),
        (False, 1),
    ]
    assert {answered is None for answered in Relay.objects.values_list("answered_at", flat=True)} == {
        True,
        False,
    }
    assert set(Support.objects.values_list("rating", flat=True)) == {"", "good", "poor"}
    assert set(Event.objects.filter(verb__in=BACK).values_list("verb", flat=True)) == set(BACK)
    assert sum(one.late for one in shirking.joint(office, asked)) > 0
    assert RepeatEvent.objects.count() > 1


def blamed(city: Path, now: datetime) -> None:
    """Hold the statement to the truth: the front desk was charged for what stood still elsewhere."""
    truth = json.loads((city / "truth.json").read_text("utf-8"))
    about = Liability.objects.get(about__category="business.billing.reading").about
    cause = next(one for one in truth["causes"] if one["complaint"] == about.number)
    quarter = f"{now.year}-Q{(now.month + 2) // 3}"
    told = blame.told(None, parse(quarter), Counted.POINTS)
    lines = {line.party: line for line in told.statement.lines}
    (charge,) = [one for one in told.statement.charges if told.entries[one.entry].case == about]
    assert (cause["kind"], cause["front_desk"]) == ("zero_reading", False)
    assert charge.parts[0].node == "file.address"
    assert charge.parts[0].party[0] == cause["root"]["unit"]
    desk, owed = lines[about.unit.code, ""], lines[cause["root"]["unit"], ""]
    assert desk.charged > desk.shared
    assert owed.charged < owed.shared
    assert told.statement.charged == told.statement.shared > 0
