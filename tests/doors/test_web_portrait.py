"""The portrait in the browser: a purpose first, nothing in an address; opting out on the page."""

import pytest

from suyuan.actions.firstmoves import make
from suyuan.store.models import Event, FirstMove
from tests.board_pages import signed_in
from tests.customer_files import load
from tests.factories import case_at, unit
from tests.first_moves import made, of_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(tmp_path):
    unit()
    load(tmp_path)
    return case_at("handling")


def test_it_is_asked_for_on_the_page_of_a_case_and_shown_once(case):
    office, at = signed_in("office"), f"/case/{case.number}/portrait/"
    assert f'href="{at}"' in office.get(f"/case/{case.number}/").content.decode()
    assert "联系偏好与特殊标记" not in office.get(at).content.decode()
    assert office.post(at, {}).status_code == 422

    seen = office.post(at, {"portrait_purpose": "handle_case"})

    assert ("联系偏好与特殊标记" in seen.content.decode(), "13912345678" in seen.content.decode()) == (
        True,
        False,
    )
    assert "no-store" in seen.headers["Cache-Control"]
    assert "客户画像" in office.get("/looks/").content.decode()
    assert Event.objects.filter(verb="portrait").count() == 1
    leader = signed_in("leader")
    assert leader.post(at, {"portrait_purpose": "visit"}).status_code in (403, 409)
    assert leader.get(at).status_code in (403, 409)  # before a purpose is asked for


def test_who_opts_out_is_marked_and_shown_no_more(case):
    office, page = signed_in("office"), f"/case/{case.number}/"
    assert office.post(f"{page}customer/opt_out/", {"wish_how": "at_visit"}).status_code == 302

    shown = office.get(page).content.decode()

    assert ("客户不同意画像和先手电话" in shown, f"{page}portrait/" in shown) == (True, False)
    assert f"{page}customer/opt_in/" in shown
    assert office.post(f"{page}portrait/", {"portrait_purpose": "visit"}).status_code == 409


def test_it_is_asked_for_from_a_call_that_was_taken_on(case, monkeypatch):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)
    made([of_case(case)])
    station, at = signed_in("station"), f"/first-moves/{FirstMove.objects.get().pk}/"
    assert f"{at}portrait/" not in station.get(at).content.decode()
    station.post(f"{at}number/", {"purpose": "call_back"})

    assert f"{at}portrait/" in station.get(at).content.decode()
    assert "往来历史" in station.post(f"{at}portrait/", {"portrait_purpose": "first_move"}).content.decode()
    assert signed_in("agent").post(f"{at}portrait/", {"portrait_purpose": "first_move"}).status_code == 409
