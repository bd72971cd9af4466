"""Nobody of the accused unit finds a case that speaks against it, by whatever door, whatever they may do."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from suyuan.store.models import Case, Message, Person
from tests.doors.test_access_matrix import LAKE, addresses
from tests.doors.test_api import ask, secret
from tests.doors.test_disclosure_walk import MASKS, TEXT, WHO, among, said
from tests.evidence_files import add
from tests.factories import actor, case_at, do, person, unit

pytestmark = pytest.mark.django_db
FILE = "举报人录音.txt"
QUEUES = ("/queue/?scope=all", "/queue/?scope=mine", "/queue/export/?scope=all", "/queue/?scope=all&q=抄表")
SLOW = {*LAKE, "set_up", "begin"}
ASIDE = ("account_", "mfa_", "oidc")
"""Pages of one's own account."""


@pytest.fixture
def against_us():
    """Return a report against the station 0101, worked on at 0102, told of and with a file."""
    unit(), cache.clear()
    case = case_at("registered", "report", text=TEXT, **WHO)
    case = do(case, "accuse", "audit", accused_unit="0101")
    case = do(case, "dispatch", "audit", unit="0102", specialty="marketing")
    case = do(case, "note", "audit", note="已调阅材料")
    add(case, b"heard on the phone", FILE, by=actor("audit"))
    assert Message.objects.filter(case_number=case.number).exists()
    Message.objects.update(queued_at=timezone.now() + timedelta(hours=1))
    return case


def at_work(username: str, home: str) -> Client:
    """Return the session of an auditor of the whole company who belongs to a unit."""
    who = person("audit", "01", username)
    Person.objects.filter(pk=who.pk).update(unit=unit(home))
    client = Client()
    client.force_login(Person.objects.get(pk=who.pk))
    return client


def told(case: Case, text: str) -> set[str]:
    """Return what of the case a text tells."""
    return among(WHO, text) | among(MASKS, text) | among({"number": case.number, "file": FILE}, text)


def test_no_page_list_search_or_file_tells_the_accused_unit(against_us):
    client, found = at_work("inside", "0101"), {}
    for name, parameters in addresses(get_resolver().url_patterns):
        if parameters or name.startswith(ASIDE) or ":" in name or name in SLOW:
            continue
        answer = client.get(reverse(name))
        found[name] = told(against_us, said(answer))
    for address in QUEUES:
        found[address] = told(against_us, said(client.get(address)))
    for asked in (WHO["phone"], WHO["account"], WHO["customer"], against_us.number, "抄表"):
        page = said(client.post("/search/", {"q": asked}))
        found[asked] = told(against_us, page) - {
            name for name, value in (WHO | {"number": against_us.number}).items() if value == asked
        }

    assert len(found) > 40
    assert {name: what for name, what in found.items() if what} == {}


def test_every_address_of_the_case_answers_as_if_there_were_none(against_us):
    client, inside = at_work("outside", "0109"), at_work("inside", "0101")
    met, shut = 0, {}
    for name, parameters in addresses(get_resolver().url_patterns):
        if parameters != ("number",) or ":" in name:
            continue
        address = reverse(name, kwargs={"number": against_us.number})
        met += client.get(address).status_code == 200
        for method in (inside.get, inside.post):
            answer = method(address)
            if answer.status_code not in (403, 404, 405):
                shut[name] = answer.status_code
            assert among(WHO, said(answer)) | among(MASKS, said(answer)) == set(), name

    assert met >= 2
    assert shut == {}


def test_programs_and_commands_tell_the_accused_unit_nothing(against_us, suyuan, tmp_path):
    number, answers = against_us.number, []
    at_work("audit", "0101"), at_work("outside", "0109")
    key = secret("audit", "read")
    for address, query in (("cases", None), (f"cases/{number}", None), ("cases/find", {"q": "抄表"})):
        answers.append(json.dumps(ask(address, key, query)[1], ensure_ascii=False))
    commands = (
        ("case", "list", "--as", "audit", "--json"),
        ("worksheet", "export", tmp_path / "w.xlsx", "--as", "audit", "--json"),
    )
    answers += ["".join(map(str, suyuan(*command))) for command in commands]

    shown = suyuan("case", "show", number, "--as", "audit", "--json")
    done = suyuan("case", "do", number, "note", "--as", "audit", "--json")
    assert [told(against_us, answer) - {"number"} for answer in answers] == [set()] * 5
    assert [number in answer for answer in (answers[0], *answers[2:])] == [False] * 4
    assert (shown[0], json.loads(shown[1])["refused"]) == (1, "not_found")
    assert done[0] == 1
    assert number in suyuan("case", "list", "--as", "outside", "--json")[1]


def test_the_inbox_of_the_accused_unit_is_silent_and_that_of_the_desk_is_not(against_us):
    pages = [said(at_work(name, home).get("/inbox/")) for name, home in (("inside", "0101"), ("out", "0109"))]

    assert [against_us.number in page for page in pages] == [False, True]
