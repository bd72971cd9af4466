"""Vetoes and accountability in the browser: proposed, signed, appealed against; persons for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from suyuan.store import rules
from suyuan.store.models import Case, LedgerEntry, Person, Veto
from tests.actions.test_accountability import PENALTY
from tests.board_pages import signed_in
from tests.doors.test_plans import READS_ALL, plans
from tests.doors.test_web_linked import rows
from tests.factories import FORMS, case_at, do, person, unit
from tests.liable import accountability_opened, veto_at
from tests.paper_files import words

pytestmark = pytest.mark.django_db


def stand(days: int = 30) -> None:
    """Let every veto stand from yesterday for some more days."""
    today = rules.local_day(timezone.now())
    Veto.objects.update(begins_on=today - timedelta(days=1), until_on=today + timedelta(days=days))


def numbers(client, show: str = "standing") -> list[str]:
    return [row[3] for row in rows(client.get(f"/veto/?show={show}"))]


def test_a_veto_goes_from_the_complaint_over_a_signature_and_an_appeal_to_its_end():
    parent = case_at("callback")
    office, audit, station, leader = map(signed_in, ("office", "audit", "station", "leader"))
    until = rules.local_day(timezone.now()) + timedelta(days=60)
    form = FORMS["propose_veto"](parent) | {"veto_until": until.isoformat()}

    sent = office.post(f"/case/{parent.number}/do/propose_veto/", form)
    case = Case.objects.get(procedure="veto")

    assert (sent.status_code, numbers(office, "waiting"), numbers(office)) == (302, [case.number], [])
    assert office.post(f"/case/{case.number}/do/sign_veto/", {}).status_code == 403
    audit.post(f"/case/{case.number}/do/sign_veto/", {})
    (row,) = rows(office.get("/veto/"))
    assert (row[0], row[2].endswith(until.isoformat()), row[4]) == ("东城供电所", True, "已归档")
    assert "一票否决" in station.get(f"/case/{case.number}/").content.decode()
    station.post(f"/case/{case.number}/do/appeal_veto/", {"note": "已整改到位"})
    assert numbers(office) == numbers(office, "waiting") == [case.number]
    assert audit.post(f"/case/{case.number}/do/lift_veto/", {"note": "属实"}).status_code == 409
    leader.post(f"/case/{case.number}/do/lift_veto/", {"note": "属实"})
    assert (numbers(office), numbers(office, "over")) == ([], [case.number])


def test_a_veto_of_one_person_is_for_few_and_a_unit_s_for_all_in_reach():
    case = veto_at("archived")
    stand()
    reader = person("station", "0101", "reader")
    Person.objects.filter(pk=reader.pk).update(name="周抄表")
    Veto.objects.update(person="reader")

    seen = {name: numbers(signed_in(role, username=name)) for name, role in WHO}
    named = {
        name: str(signed_in(role, username=name).get(f"/case/{case.number}/").context["vetoed"])
        for name, role in WHO
    }

    assert seen == {"office": [case.number], "reader": [case.number], "neighbour": []}
    assert named == {"office": "周抄表", "neighbour": "", "reader": "周抄表"}
    Veto.objects.update(person="")
    assert numbers(signed_in("station", username="neighbour")) == [case.number]
    assert numbers(signed_in("station", at="0102", username="west")) == []


WHO = (("office", "office"), ("neighbour", "station"), ("reader", "station"))


def test_what_is_over_or_asked_for_by_a_filter_nobody_knows():
    case = veto_at("archived")
    stand(-1)
    office = signed_in("office")

    assert (numbers(office), numbers(office, "over")) == ([], [case.number])
    assert rows(office.get("/veto/?show=&unit=0102")) == []
    assert [office.get(f"/veto/?{query}").status_code for query in ("show=some", "page=0", "x=1")] == [
        422
    ] * 3


def test_who_may_be_rewarded_stands_beside_the_veto_and_what_speaks_against_the_silence():
    veto_at("archived")
    stand()
    unit("0102")
    month = f"{rules.local_day(timezone.now()):%Y-%m}"

    page = signed_in("office").get(f"/veto/eligible/?period={month}")

    told = {row[0]: row[1] for row in rows(page)}
    assert (told["东城供电所"], told["西城供电所"]) == ("一票否决", "可以评先")
    assert "不能评先" in page.content.decode()
    assert signed_in("office").get("/veto/eligible/?period=all").status_code == 422


@pytest.mark.parametrize("address", ["/veto/", "/veto/?show=over", "/veto/eligible/?period=2026-03"])
def test_the_lists_never_read_all_cases(address: str) -> None:
    veto_at("archived")

    found = plans(signed_in("office"), address)

    assert found != []
    assert [line for line in found if READS_ALL[connection.vendor].search(line)] == []


def test_an_accountability_is_opened_on_the_liability_and_read_by_few():
    case = accountability_opened()
    Person.objects.filter(username="reader").update(name="周抄表")

    audit, office = signed_in("audit"), signed_in("office")
    liability = f"/case/{case.parent_number}/"

    assert f'href="/case/{case.number}/"' in audit.get(liability).content.decode()
    assert case.number not in office.get(liability).content.decode()
    page = audit.get(f"/case/{case.number}/").content.decode()
    assert ("周抄表" in page, "还没有提出" in page, "40.00 %" in page) == (True, True, True)
    assert office.get(f"/case/{case.number}/").status_code == 404
    assert signed_in("station", username="neighbour").get(f"/case/{case.number}/").status_code == 404
    reader = signed_in("station", username="reader")
    assert (
        f'action="/case/{case.number}/do/propose_penalty/"'
        not in reader.get(f"/case/{case.number}/").content.decode()
    )


def test_a_penalty_is_proposed_reviewed_appealed_and_put_in_effect_on_its_page():
    case, now = accountability_opened(), timezone.now()
    audit, leader = signed_in("audit"), signed_in("leader")
    reader, chief = signed_in("station", username="reader"), signed_in("leader", username="chief")
    address = f"/case/{case.number}/do"

    assert audit.post(f"{address}/propose_penalty/", PENALTY).status_code == 302
    assert audit.post(f"{address}/review_penalty/", {}).status_code == 409
    leader.post(f"{address}/review_penalty/", {})
    early = audit.post(f"{address}/put_in_effect/", {"penalty_points": "2"})
    assert (early.status_code, "本人申诉期未满" in early.content.decode()) == (409, True)
    assert leader.post(f"{address}/appeal_penalty/", {"note": "代为申诉"}).status_code == 409
    reader.post(f"{address}/appeal_penalty/", {"note": "工单当时被占住"})
    chief.post(f"{address}/keep_penalty/", {"note": "证据充分"})
    audit.post(f"{address}/put_in_effect/", {"penalty_points": "2"})

    case.refresh_from_db()
    entry = LedgerEntry.objects.get()
    page = reader.get(f"/case/{case.number}/").content.decode()
    assert (case.state, entry.person, f"#{entry.pk}" in page) == ("archived", "reader", True)
    printed = reader.post(f"/case/{case.number}/paper/", {"kind": "accountability", "purpose": "appeal"})
    assert "扣绩效分" in words(printed.content)
    assert (
        signed_in("office")
        .post(f"/case/{case.number}/paper/", {"kind": "accountability", "purpose": "appeal"})
        .status_code
        == 404
    )
    assert now <= entry.proposed_at


def test_the_paper_of_a_veto_is_offered_on_its_page():
    case = veto_at("archived")
    office = signed_in("office")

    page = office.get(f"/case/{case.number}/").content.decode()
    printed = office.post(f"/case/{case.number}/paper/", {"kind": "veto", "purpose": "meeting"})

    assert page.index('name="kind" value="veto"') < page.index('name="kind" value="work_order"')
    assert 'value="appeal">' not in page.split('name="kind"', 1)[1]
    assert "一票否决通知单" in words(printed.content)
    do(case, "appeal_veto", "station", timezone.now(), note="已整改")
