"""The effect of acting on warnings on its page and by command: mostly that it cannot be told."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from suyuan.cli.schema import of
from suyuan.store.models import Case, Unit, WarningCase
from suyuan.store.queries import acted as queries
from suyuan.store.queries import viewer
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, do, person, unit
from tests.warned import HOUR, opened

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
ACT = {"measures": "已电话联系客户"}


def weekly(code: str, n: int, now) -> None:
    """Let a unit have so many complaints in every week before now."""
    first = case_at("registered", now=NOW, account=f"33{code}0001") if not Case.objects.exists() else None
    model = first or Case.objects.filter(procedure="complaint").earliest("pk")
    rows = []
    for back in range(1, 40):
        for at in range(n):
            case = Case.objects.get(pk=model.pk)
            case.pk, case.number, case.unit = None, f"E{code}{back:03}{at}", unit(code)
            case.accepted_at = now - back * WEEK
            rows.append(case)
    Case.objects.bulk_create(rows)


@pytest.fixture
def acted():
    """Return the warning of 0101 that was acted on twelve weeks ago, among complaints of two units."""
    now = timezone.now()
    for code in ("0101", "0102"):
        weekly(code, 1, now)
    case = opened()
    case = do(case, "acknowledge_warning", "station", NOW + HOUR)
    do(case, "record_act", "station", NOW + 2 * HOUR, **ACT)
    WarningCase.objects.get(case=case).acts.update(at=now - 12 * WEEK)
    return case


def test_complaints_are_counted_by_unit_and_week_and_acts_by_their_week(acted):
    person("office")

    found = queries.counted(viewer.named("office"), timezone.now())

    codes = [code for code, _ in found.units]
    east = codes.index("0101")
    assert found.panel.weeks == 104
    assert found.panel.counts[east][-20:].sum() in (19, 20)
    assert [one.unit for one in found.acted] == [east]
    assert 89 <= found.acted[0].week <= 92
    assert found.terms.gap == 4
    billing = queries.counted(viewer.named("office"), timezone.now(), "business.meter")
    assert len(billing.acted) == 1
    assert queries.counted(viewer.named("office"), timezone.now(), "outage").acted == []


def test_who_sees_one_station_counts_that_alone(acted):
    person("station", at="0102", username="west")

    found = queries.counted(viewer.named("west"), timezone.now())

    assert ([code for code, _ in found.units], found.acted) == (["0102"], [])


def test_a_dismissed_warning_warned_of_nothing(acted):
    Case.objects.filter(pk=acted.pk).update(state="void")
    person("office")

    assert queries.counted(viewer.named("office"), timezone.now()).acted == []


def test_the_page_says_that_it_cannot_tell_and_why(acted):
    page = signed_in("office").get("/effects/").content.decode()

    assert "不能判断处置预警有没有减少投诉：处置过预警、又能比较的单位太少" in page
    assert signed_in("office").get("/effects/?category=nothing").status_code == 422
    assert Unit.objects.count() > 2


def test_the_command_says_the_same(acted, suyuan):
    person("office")

    code, out, _ = suyuan("effect", "--as", "office", "--json")

    shown = json.loads(out)
    jsonschema.validate(shown, of("effect"))
    assert (code, shown["verdict"], shown["why"], shown["units"]) == (
        0,
        "cannot_tell",
        "few_units",
        1,
    )
    assert "cannot_tell few_units" in suyuan("effect", "--as", "office", "--category", "business.meter")[1]
