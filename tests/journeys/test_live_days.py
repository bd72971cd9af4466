"""A home lives through a city day by day, goes on where it stopped, and no other home is touched."""

import json
import shutil
from datetime import date, time
from itertools import islice
from pathlib import Path

import pytest

from suyuan.cli.live import Lived, _take_in, live, moment, truth
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways import kept_supply
from suyuan.simulate import imagine
from suyuan.simulate.daily import Days
from suyuan.store import chain, event_log, lake, rules, supply
from suyuan.store.models import Case, Event, FirstMove, WarningCase
from tests.factories import unit

ASKED = Lived(7, 200, 21, "2026-10-11")

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("SUYUAN_HOME", str(tmp_path))
    shutil.rmtree(lake.folder(), ignore_errors=True)  # tests share a home
    event_log.path().unlink(missing_ok=True)
    yield tmp_path
    event_log.path().unlink(missing_ok=True)
    rules.forget()


def test_a_home_lives_day_by_day_and_goes_on_where_it_stopped(home):
    first = list(islice(live(ASKED, 0), 1))
    again = list(islice(live(ASKED, 0), 2))

    days = Days(imagine(ASKED.size))
    came = [one for one in days.town.contacts if one.at < 3 * 86_400]
    without = Lived(**json.loads((home / "live.json").read_text("utf-8"))).prevented
    stood = {one.number for day in range(3) for one in days.orders(day, without)}
    assert [day["day"] for day in first + again] == ["2026-10-11", "2026-10-12", "2026-10-13"]
    assert sum(day["contacts"] for day in first + again) == len({one.number for one in came} & stood)
    assert sum(day["moved"] for day in first + again) > 0
    assert set(Case.objects.filter(origin="import").values_list("number", flat=True)) == stood
    assert Event.objects.filter(at__gt="2026-10-14T00:00+08:00").count() == 0
    assert chain.verify_cases() == Case.objects.count()
    warned(first + again)
    tables_of_the_days(days, 3)
    assert json.loads((home / "live.json").read_text("utf-8"))["done"] == 3
    with pytest.raises(Refused) as no:
        next(live(Lived(8, 200, 21, "2026-10-11"), 0))
    assert no.value.code == "lives_another_city"


def test_a_day_without_orders_is_lived_and_no_further_than_asked(home):
    city = Lived(1, 200, 21, "2026-10-11")
    told = list(live(city, 0, date(2026, 10, 11)))

    assert [(day["day"], day["contacts"], day["events"] > 0) for day in told] == [("2026-10-11", 0, True)]
    assert list(live(city, 0, date(2026, 10, 11))) == []
    town = imagine(city.size)
    town.log.events, town.contacts = [], []
    nothing = dict.fromkeys(("contacts", "complaints", "moved", "events"), 0)
    told = _take_in(Days(town), 1, frozenset(), home)
    assert told.pop("rows") > 0  # of voltages
    assert told == nothing
    for day in (date(2026, 10, 10), date(2026, 11, 1)):
        with pytest.raises(BadInput) as no:
            next(live(city, 0, day))
        assert no.value.code == "no_day_of_the_city"


def tables_of_the_days(days: Days, count: int) -> None:
    """Hold what is kept of supply to what the city had of it by then."""
    rows = {one.kind: one.rows for one in kept_supply.held(supply.folder())}
    every = kept_supply.known(supply.folder(), "outages", moment(days.date(count), time()))
    assert set(every["outage"].to_pylist()) == {row[0] for row in days.outages(count - 1)}
    assert rows["voltage"] == len(list(days.voltages(count - 1, count)))
    assert rows["calls"] == sum(len(list(days.calls(day, frozenset()))) for day in range(count))
    assert rows["readings"] == sum(len(list(days.readings(day))) for day in range(count))


def warned(told: list[dict]) -> None:
    """Hold the warnings to what people did with them, and what they prevented to what does not come."""
    warnings = WarningCase.objects.select_related("case")
    assert sum(day.get("opened", 0) for day in told) == warnings.count() > 0
    assert sum(day.get("acted", 0) for day in told) == warnings.filter(acts__seq=1).count() > 0
    assert sum(day.get("closed", 0) for day in told) == warnings.filter(case__state="archived").count()
    assert sum(day.get("called", 0) for day in told) == FirstMove.objects.filter(state="done").count() > 0
    assert FirstMove.objects.filter(held_out=True).exclude(outcome="").count() == 0
    said = truth(ASKED)
    away = said["eager"]["prevented"] + said["other"]["prevented"]
    assert away <= said["in_time"] <= said["eager"]["would_be"] + said["other"]["would_be"]


def test_a_home_that_lives_its_own_life_is_refused_and_stays_as_it_is(home):
    unit()

    with pytest.raises(Refused) as no:
        next(live(ASKED, 0))

    assert no.value.code == "city_needs_empty_home"
    assert not (home / "live.json").exists()
    assert not (home / "simulated").exists()
