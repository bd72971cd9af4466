"""What nobody types and anybody can send: it is refused in words, as no error of ours."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.doors.test_api import secret
from tests.factories import person

pytestmark = pytest.mark.django_db
NUL, HALF, LONG = "%00", quote("\ud800".encode("utf-8", "surrogatepass")), "9" * 5_000


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(person("office"))
    return client


@pytest.mark.parametrize(
    "address",
    [
        f"/people/?q={NUL}",
        f"/people/?unit={LONG}",
        f"/people/?role={HALF}{NUL}",
        f"/people/?page=1&page={NUL}",
        f"/people/?a{NUL}=1",
        f"/case/a{NUL}b/",
        f"/case/{LONG}/",
        f"/queue/?q={LONG}",
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_that_cannot_be_read_is_refused_in_words(office, address, signed_in):
    if not signed_in:
        office.logout()

    answer = office.get(address)

    assert (answer.status_code, "没有办理" in answer.content.decode()) == (400, True)
    assert "\0" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/queue/find/", "/views/save/", "/accounts/login/"])
def test_a_form_that_cannot_be_read_is_refused_in_words(office, address):
    answer = office.post(address, {"q": "a\0", "login": "\0"})

    assert (answer.status_code, "没有办理" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        (f"unit={NUL}", 400, "unreadable_request"),
        (f"unit={LONG}", 400, "unreadable_request"),
        (f"page={LONG}", 400, "unreadable_request"),
        ("accepted_to=9999-12-31", 422, "day_out_of_range"),
        ("unit=nowhere", 422, "unknown_value"),
    ],
)
def test_a_program_is_told_in_json(client, query, status, code):
    answer = client.get(f"/api/v1/cases?{query}", headers={"authorization": f"Bearer {secret('office')}"})

    assert (answer.status_code, answer.json()["refused"]) == (status, code)


def test_a_program_that_looks_for_what_cannot_be_kept_is_told_so(client):
    answer = client.post(
        "/api/v1/cases/find",
        {"q": "a\0"},
        content_type="application/json",
        headers={"authorization": f"Bearer {secret('office')}"},
    )

    assert answer.status_code == 422
    assert "bad_characters" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["139 1234 5678", "电话１３９１２３４５６７８", "3300012345678", "张三丰", "停电 张三丰"]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_with_somebody_in_it_is_refused_and_never_repeated(office, text, signed_in):
    if not signed_in:
        office.logout()

    for address in ("/queue/", "/queue/export/"):
        answer = office.get(address, {"scope": "all", "q": text})

        said = answer.content.decode() + str(answer.headers)
        assert (answer.status_code, "请在页面上方的搜索框里输入" in said) == (400, True)
        assert (text in said, quote(text) in said) == (False, False)


def test_of_two_searches_in_an_address_both_are_read(office):
    assert office.get("/queue/?q=张三丰&q=停电").status_code == 400


@pytest.mark.parametrize("address", ["/queue/?scope=all&q=停电 抄表", "/queue/?q=meter", "/people/?q=张三丰"])
def test_words_and_people_who_work_here_stay_an_address(office, address):
    assert office.get(address).status_code == 200


def test_an_address_that_only_takes_a_form_says_so_when_opened_by_itself(office):
    answer = office.get("/bulk/fill/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "只接收填好的表单" in answer.content.decode()
