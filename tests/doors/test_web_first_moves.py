"""The morning's list in the browser: a call on a telephone's page, its outcome in two taps, its effect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from suyuan.actions.firstmoves import make
from suyuan.store import rules
from suyuan.store.models import Case, Customer, Event, FirstMove
from suyuan.store.queries import firstmoves
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, unit
from tests.first_moves import TODAY, customers, made, of_case, signal
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
PHONE = "13900000000"


@pytest.fixture
def one(tmp_path, monkeypatch) -> FirstMove:
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)
    unit()
    made([signal(customers(tmp_path, 1)[0])])
    return FirstMove.objects.get()


@pytest.fixture
def held(tmp_path, monkeypatch) -> FirstMove:
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: True)
    unit()
    made([signal(customers(tmp_path, 1)[0])])
    return FirstMove.objects.get()


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_call_is_chosen_made_and_written_down_in_two_taps(one):
    station, at = signed_in("station"), f"/first-moves/{one.pk}/"
    first = page(station, "/first-moves/")
    assert (at in first, PHONE in first, "承诺" in first) == (True, False, True)
    assert PHONE not in page(station, at)

    blind = station.post(at, {"move_outcome": "solved"})
    assert (blind.status_code, "怎样联系上的" in blind.content.decode()) == (422, True)
    station.post(f"{at}number/", {"purpose": "call_back"})
    done = station.post(at, {"move_outcome": "solved"})

    assert (done.status_code, done["Location"]) == (302, "/first-moves/")
    assert "已解决" in page(station, "/first-moves/?show=done")
    assert "看号码并拨打" not in page(station, at)


def test_the_number_is_seen_for_a_purpose_and_never_stands_in_an_address(one):
    station, at = signed_in("station"), f"/first-moves/{one.pk}/number/"
    assert 'value="call_back" selected' in page(station, at)
    assert station.post(at, {}).status_code == 422

    seen = station.post(at, {"purpose": "call_back"})

    assert f'href="tel:{PHONE}"' in seen.content.decode()
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert FirstMove.objects.get().taken_by == "station"
    assert Event.objects.filter(verb="reveal", detail__move=one.pk).count() == 1
    other = page(signed_in("agent"), f"/first-moves/{one.pk}/")
    assert ("已接下" in other, "看号码并拨打" in other) == (True, False)


def test_a_call_agreed_upon_needs_its_day(one):
    station, at = signed_in("station"), f"/first-moves/{one.pk}/"

    wrong = station.post(at, {"move_outcome": "will_call_back"})

    assert (wrong.status_code, "is-invalid" in wrong.content.decode()) == (422, True)
    assert (
        station.post(
            at, {"move_outcome": "will_call_back", "again_on": "2999-01-01", "contacted": "visit"}
        ).status_code
        == 302
    )


def test_who_complains_is_registered_with_the_number_filled_in(one):
    agent, at = signed_in("agent"), f"/first-moves/{one.pk}/"
    assert agent.post(f"{at}contact/").status_code == 409
    assert agent.post(at, {"move_outcome": "complained", "contacted": "called_us"})["Location"] == at
    assert "登记来电" in page(agent, at)

    assert f'value="{PHONE}"' in agent.post(f"{at}contact/").content.decode()


def test_who_is_held_out_is_on_no_page_of_a_desk(held):
    office, audit = signed_in("office"), signed_in("audit")

    assert Customer.objects.get().masked not in page(office, "/first-moves/")
    assert office.get(f"/first-moves/{held.pk}/").status_code == 404
    assert office.get("/first-moves/held/").status_code == 403
    assert Customer.objects.get().masked in page(audit, "/first-moves/held/")


def test_the_first_page_sends_nobody_to_call_who_is_held_out(monkeypatch):
    case = case_at("callback", now=NOW)
    Case.objects.filter(pk=case.pk).update(satisfaction="dissatisfied")
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: True)
    made([of_case(case)])

    assert firstmoves.withheld([case.number, "x"], TODAY) == {case.number}
    assert firstmoves.withheld([case.number], TODAY.replace(year=2027)) == frozenset()
    FirstMove.objects.update(state="done", held_out=False, outcome="not_reached", done_at=NOW)
    assert firstmoves.withheld([case.number], TODAY) == frozenset()
    FirstMove.objects.update(outcome="solved")
    assert firstmoves.withheld([case.number], TODAY) == {case.number}  # nor who was reached lately


def test_the_effect_is_shown_to_office_and_leaders_alone(one):
    shown = page(signed_in("office"), "/first-moves/effect/")

    assert ("0 / 1" in shown, "0 / 0" in shown, rules.label("move_effect", "unclear") in shown) == (True,) * 3
    assert "列入 1 户" in page(signed_in("leader"), "/first-moves/effect/")
    assert signed_in("agent").get("/first-moves/effect/").status_code == 403


def test_on_a_day_without_lists_the_last_one_is_shown_and_said_to_be_of_its_day(one):
    station = signed_in("station")

    shown = page(station, "/first-moves/")

    assert "下面是 2026-03-04 的名单" in shown
    assert f"/first-moves/{one.pk}/" in shown
    assert "休息日，不生成名单" in page(station, "/first-moves/?day=2026-03-01")
    assert "那天没有生成名单" in page(station, "/first-moves/?day=2026-03-03")
    assert station.get("/first-moves/?day=2999-01-01").status_code == 422


def test_the_effect_is_drawn_week_by_week_beside_its_table(one):
    shown = page(signed_in("office"), "/first-moves/effect/")

    assert 'data-chart="chart-weeks"' in shown
    assert '"lineStyle": {"width": 0}' in shown  # points of a few people each: no line joins them
    assert 'class="nowrap">2026-03-02<' in shown
    assert "0.0 % – 79.3 %" in shown


def test_neither_the_first_page_nor_the_calls_name_who_is_held_out(monkeypatch):
    held, free = (case_at("handling", now=timezone.now() - timedelta(days=20), account="") for _ in range(2))
    Case.objects.filter(pk=held.pk).update(phone_index="held")
    fresh_lake()
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: True)
    made([of_case(held)], rules.local_day(timezone.now()), timezone.now())
    station = signed_in("station")

    for address in ("/", "/calls/"):
        shown = page(station, address)
        assert (free.number in shown, held.number in shown) == (True, False), address
