"""Every list, answer, command and file shows of a customer what the table of disclosure says, and no more."""

import io
import json
import zipfile

import pytest
from django.core.cache import cache
from django.test import Client

from suyuan.domain.disclosure import TABLE
from suyuan.domain.masking import mask_name
from suyuan.store.models import Case
from tests.customer_files import KNOWN, load, row
from tests.doors.test_api import ask, secret
from tests.factories import case_at, person, unit
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db

WHO = {"customer": "欧阳震华", "phone": "13912345678", "account": "3300012345678", "address": "人民路12号3栋"}
MASKS = {"customer": mask_name(WHO["customer"]), "phone": "139******78", "account": "330********78"}
TEXT = "反映抄表有误，要求核实"
SEES, BLIND = "office", "leader"
"""A role that may be shown everything in clear for a purpose, and one that may be shown nothing."""

LISTS = (
    "/",
    "/queue/?scope=all",
    "/queue/?scope=all&q=抄表",
    "/queue/export/?scope=all",
    "/worksheet/export/?scope=open",
    "/board/",
    "/board/orders/?measure=closure_rate&part=of&period=2026-03",
    "/board/orders/export/?measure=closure_rate&part=of&period=2026-03",
    "/calls/",
    "/week/",
    "/inbox/",
    "/publications/",
)


@pytest.fixture(scope="module")
def _roles():
    """Say once that the two roles stand for what their names say here."""
    assert {role.value for role in TABLE} & {SEES, BLIND} == {SEES}


@pytest.fixture
def office_at_work(tmp_path, _roles):
    """Return a case whose caller hides nothing and one whose caller asked for confidence."""
    unit(), cache.clear()
    load(tmp_path, row(户名=WHO["customer"]))
    assert KNOWN[0] == WHO["account"]
    known = case_at("handling", text=TEXT, **WHO)
    secret_one = case_at("handling", text=TEXT, secrecy="confidential", **WHO)
    fresh_lake()
    return known, secret_one


def said(answer) -> str:
    """Return what an answer says, of a workbook or a document every part."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def desk(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def among(values, text: str) -> set[str]:
    """Return the names of the values that stand in a text."""
    return {name for name, value in values.items() if value in text}


@pytest.mark.parametrize("role", [SEES, BLIND])
def test_no_list_and_no_file_of_a_list_shows_who_called_not_even_masked(office_at_work, role):
    client, met = desk(role), []
    for address in LISTS:
        answer = client.get(address)
        assert answer.status_code in (200, 403), address
        text = said(answer)
        met.append(office_at_work[0].number in text)
        assert (address, among(WHO, text), among(MASKS, text)) == (address, set(), set())

    assert sum(met) >= 4  # there was something that could have leaked


@pytest.mark.parametrize("role", [SEES, BLIND])
def test_the_page_of_a_case_and_its_paper_show_the_masks_alone(office_at_work, role):
    known, _ = office_at_work
    client = desk(role)
    page = said(client.get(f"/case/{known.number}/"))
    paper = client.post(f"/case/{known.number}/paper/", {"kind": "work_order", "purpose": "handling"})

    assert (among(WHO, page), among(MASKS, page)) == (set(), set(MASKS))
    if paper.status_code == 200:
        assert (among(WHO, said(paper)), among(MASKS, said(paper))) == (set(), set(MASKS))
    offered = f"/case/{known.number}/reveal/" in page
    assert offered == (role == SEES)


@pytest.mark.parametrize("role", [SEES, BLIND, "station"])
def test_of_a_confidential_caller_nothing_stands_anywhere_but_for_audit(office_at_work, role):
    _, kept = office_at_work
    Case.objects.exclude(pk=kept.pk).update(account_index="", phone_index="")
    page = said(desk(role).get(f"/case/{kept.number}/"))
    paper = desk(role).post(f"/case/{kept.number}/paper/", {"kind": "work_order", "purpose": "handling"})
    for_audit = said(desk("audit").get(f"/case/{kept.number}/"))

    assert (among(WHO, page), among(MASKS, page)) == (set(), set())
    assert among(MASKS, said(paper)) == set()
    assert (among(WHO, for_audit), among(MASKS, for_audit)) == (set(), set(MASKS))


def test_who_faces_a_confidential_caller_sees_the_masks_on_the_page_and_on_no_paper(office_at_work):
    _, kept = office_at_work
    agent = desk("agent")
    page = said(agent.get(f"/case/{kept.number}/"))
    paper = agent.post(f"/case/{kept.number}/paper/", {"kind": "work_order", "purpose": "handling"})

    assert (among(WHO, page), among(MASKS, page)) == (set(), set(MASKS))
    assert (paper.status_code, among(MASKS, said(paper))) == (200, set())


@pytest.mark.parametrize("role", [SEES, BLIND])
def test_programs_are_told_no_more_than_people(office_at_work, role):
    key = secret(role, "read")
    known, _ = office_at_work
    answers = [ask("cases", key), ask(f"cases/{known.number}", key), ask("cases/find", key, {"q": "抄表"})]

    assert [status for status, _ in answers] == [200, 200, 200]
    told = json.dumps([told for _, told in answers], ensure_ascii=False)
    assert (known.number in told, among(WHO, told), among(MASKS, told)) == (True, set(), set())


@pytest.mark.parametrize("role", [SEES, BLIND])
def test_commands_tell_no_more_than_pages(office_at_work, suyuan, tmp_path, role):
    known, _ = office_at_work
    person(role)
    shown = [
        suyuan("case", "list", "--as", role, "--json"),
        suyuan("case", "list", "--as", role),
        suyuan("case", "show", known.number, "--as", role, "--json"),
        suyuan("worksheet", "export", tmp_path / "w.xlsx", "--as", role, "--json"),
    ]

    assert [code for code, _, _ in shown] == [0, 0, 0, 0]
    told = "".join(out + err for _, out, err in shown)
    assert (known.number in told, among(WHO, told), among(MASKS, told)) == (True, set(), set())


@pytest.mark.parametrize("role", [SEES, BLIND])
def test_an_export_holds_the_masks_and_in_clear_only_what_the_role_may_take_out(
    office_at_work, suyuan, tmp_path, role
):
    person(role)
    masked, clear = tmp_path / "masked.csv", tmp_path / "clear.csv"
    code, _, _ = suyuan("export", masked, "--as", role)
    for_purpose, _, _ = suyuan("export", clear, "--as", role, "--purpose", "authority")
    text = masked.read_text("utf-8-sig")
    lines = clear.read_text("utf-8-sig").splitlines() if clear.exists() else []

    assert (code, among(WHO, text), among(MASKS, text)) == (0, set(), set(MASKS))
    assert for_purpose == (0 if role == SEES else 1)
    known, kept = (
        "\n".join(line for line in lines if line.startswith(case.number)) for case in office_at_work
    )
    assert (among(WHO, known), among(WHO, kept)) == (set(WHO) if role == SEES else set(), set())
