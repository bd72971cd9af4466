"""The ledger by page and by command: from a fact to a signed entry, its books, what the accused see."""

import json
import re

import jsonschema
import pytest
from django.db import connection

from suyuan.cli.schema import of
from suyuan.store import rules
from suyuan.store.models import Case, LedgerEntry
from tests.board_pages import signed_in
from tests.doors.test_plans import READS_ALL, plans
from tests.factories import case_at, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
FACTS = "/ledger/facts/?ground=verified_finding&period=2026-03"


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def case() -> Case:
    """Return an archived misconduct report in which something was true, against the unit in the west."""
    found = case_at("archived", "report")
    Case.objects.filter(pk=found.pk).update(
        finding="verified", finding_assessed="verified", accused=unit("0102"), unit=unit("01")
    )
    return found


def test_a_fact_becomes_an_entry_that_counts_once_it_is_signed(case, suyuan) -> None:
    desk = signed_in("audit")
    assert "标准还没有人确认，这里不列" in desk.get(FACTS).content.decode()
    landed("confirm", {"figure": "ledger.verified_finding", "basis": "本单位考核办法 2026-1"})

    (link,) = re.findall(r'href="(/ledger/propose/\?[^"]+)"', desk.get(FACTS).content.decode())
    form = desk.get(link.replace("&amp;", "&")).content.decode()
    assert f'value="{case.number}"' in form
    filled = {"ledger_ground": "verified_finding", "ledger_case": case.number}
    assert desk.post("/ledger/propose/", filled).status_code == 302
    again = desk.post("/ledger/propose/", filled)
    assert (again.status_code, "同一件事已记过一条" in again.content.decode()) == (409, True)
    entry = LedgerEntry.objects.get()
    assert f"/ledger/{entry.pk}/decide/" in desk.get("/ledger/?period=all").content.decode()

    own = desk.post(f"/ledger/{entry.pk}/decide/", {"ledger_decision": "signed"})
    assert (own.status_code, "须由别人审签" in own.content.decode()) == (409, True)
    signed_in("leader").post(f"/ledger/{entry.pk}/decide/", {"ledger_decision": "signed"})
    page = desk.get("/ledger/?period=all")
    assert page.context["books"] == [("分", "2.00", "0.00", "-2.00", "2.00", "2.00", "0.00")]
    assert f"/ledger/{entry.pk}/reverse/" in page.content.decode()

    code, out, _ = suyuan("ledger", "--period", "all", "--json")
    told = json.loads(out)
    jsonschema.validate(told, of("ledger"))
    assert (code, told["debits"], told["credits"], told["balance"]) == (0, 2.0, 2.0, 0.0)
    assert [(one["unit"], one["case"], one["restricted"]) for one in told["entries"]] == [("0102", "", True)]
    named = json.loads(suyuan("ledger", "--period", "all", "--as", "leader", "--json")[1])
    assert [one["case"] for one in named["entries"]] == [case.number]


def test_the_accused_unit_sees_the_entry_and_not_the_case(case) -> None:
    LedgerEntry.objects.create(
        kind="penalty", amount=2, counted="points", unit=unit("0102"), ground="verified_finding", case=case,
        words="来信反映", mark="x", state="proposed", proposed_by="audit", proposed_at=case.accepted_at,
    )  # fmt: skip
    accused = signed_in("station", at="0102", username="west")
    page = accused.get("/ledger/?period=all").content.decode()

    assert ("投诉举报属实" in page, case.number in page, "来信反映" in page) == (True, False, False)
    shown = signed_in("audit").get("/ledger/?period=all").content.decode()
    assert (case.number in shown, "来信反映" in shown) == (True, True)
    assert accused.get("/ledger/facts/").status_code == 403
    assert signed_in("office").get(f"/ledger/{LedgerEntry.objects.get().pk}/decide/").status_code == 404


def test_an_entry_is_refused_with_a_reason_and_an_unknown_filter_is_named() -> None:
    unit()
    form = {
        "ledger_ground": "other",
        "ledger_period": "2026-03",
        "unit": "0101",
        "ledger_kind": "penalty",
        "ledger_amount": "50.5",
        "counted_in": "yuan",
        "ledger_words": "办法第三条",
    }
    signed_in("office").post("/ledger/propose/", form)
    entry = LedgerEntry.objects.get()
    leader = signed_in("leader")
    bare = leader.post(f"/ledger/{entry.pk}/decide/", {"ledger_decision": "refused"})
    assert (bare.status_code, "必填" in bare.content.decode()) == (422, True)
    leader.post(f"/ledger/{entry.pk}/decide/", {"ledger_decision": "refused", "ledger_words": "办法已废止"})

    page = leader.get("/ledger/?period=all&state=refused")
    assert ("办法已废止" in page.content.decode(), page.context["books"]) == (True, [])
    assert leader.get("/ledger/?state=lost").status_code == 422


@pytest.mark.parametrize("ground", ["verified_finding", "clock_breach", "zero_complaints"])
def test_the_list_of_what_may_be_proposed_never_reads_all_cases(ground) -> None:
    case_at("archived"), landed("confirm", {"figure": f"ledger.{ground}", "basis": "办法 2026-1"})

    found = plans(signed_in("office"), f"/ledger/facts/?ground={ground}&period=2026-03")

    assert found != []
    assert [line for line in found if READS_ALL[connection.vendor].search(line)] == []
