"""The board of an office whose orders change: nothing yet, one more, six alike; the units' consistency."""

from datetime import timedelta

import pytest

from tests.board_pages import MONTH, row, signed_in, three_complaints
from tests.factories import NOW, case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db


def test_without_a_case_the_board_says_what_will_stand_here_and_how() -> None:
    case_at("archived")
    fresh_lake()

    texts = [
        signed_in(role, at="0102", username=f"west-{role}").get("/board/").content.decode()
        for role in ("lead", "station")
    ]

    assert ["这里还没有工单。" in text for text in texts] == [True, True]
    assert ['class="btn btn-primary" href="/import/"' in text for text in texts] == [True, False]
    assert ["0/0" in text for text in texts] == [False, False]


def test_a_cell_of_the_matrix_leads_to_its_orders() -> None:
    case_at("archived", procedure="repair")
    cases = three_complaints()
    client = signed_in("leader")

    page = client.get(f"/board/?period={MONTH}")

    complaints = next(line for line in page.context["matrix"] if line.name == "投诉")
    assert (complaints.total, [cell["n"] for cell in complaints.cells]) == (3, [3])
    listed = client.get(str(complaints.cells[0]["url"]))
    assert listed.context["total"] == len(cases)
    assert listed.context["what"] == ["投诉"]


def test_the_lake_is_brought_up_to_date_on_demand() -> None:
    three_complaints()
    case_at("archived", account="3300000000002", now=NOW + timedelta(hours=1))
    client = signed_in("leader")

    answer = client.post("/board/refresh/", {"period": MONTH})

    assert answer.status_code == 302
    assert row(client.get(answer.headers["Location"]), "closure_rate").counts == "3/4"


def test_the_consistency_report_compares_the_units_right_below() -> None:
    for account in range(6):
        case_at("archived", account=f"33000000001{account:02}")
    fresh_lake()

    page = signed_in("leader").get(f"/board/consistency/?period={MONTH}")

    assert page.status_code == 200
    assert (page.context["differ"], page.context["alike"]) == ([], [])
    assert [name for name, _, _ in page.context["streaks"]] == ["东城供电所"]


def test_an_empty_lake_says_so() -> None:
    person("leader")
    fresh_lake()

    page = signed_in("leader").get("/board/")

    assert page.status_code == 200
    assert "还没有工单" in page.content.decode()
