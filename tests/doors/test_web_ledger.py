"""The ledger by page and by command: from a fact to a signed entry, its books, what the accused see."""

import json
import re

import jsonschema
import pytest
from django.db import connection

from suyuan.cli.schema import of
from suyuan.store import rules, wording
from suyuan.store.models import Case, LedgerEntry, Message
from suyuan.store.queries import notices, viewer
from tests.board_pages import signed_in
from tests.doors.test_plans import READS_ALL, plans
from tests.factories import NOW, case_at, person, unit
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

    opened = desk.get(f"/ledger/{entry.pk}/decide/").content.decode()
    assert ("须由别人审签" in opened, 'value="signed"' in opened, 'value="refused"' in opened) == (
        True,
        False,
        True,
    )
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


def test_the_verbs_by_command_are_refused_as_on_the_page_and_whoever_is_concerned_is_told(
    case, suyuan, tmp_path
) -> None:
    landed("confirm", {"figure": "ledger.verified_finding", "basis": "本单位考核办法 2026-1"})
    for who in (("audit",), ("leader",), ("station", "0102", "west"), ("station", "0101", "east")):
        person(*who)
    filled = tmp_path / "entry.json"

    def run(verb: str, *given: object, by: str, **form: str):
        filled.write_text(json.dumps(form))
        code, out, _ = suyuan("ledger", verb, *map(str, given), "--as", by, "--form", str(filled), "--json")
        told = json.loads(out)
        jsonschema.validate(told, of(f"ledger {verb}")) if not code else None
        return code, told.get("refused", told)

    asked = {"ledger_ground": "verified_finding", "ledger_case": case.number}
    assert run("propose", by="west", **asked) == (1, "not_found")
    _, made = run("propose", by="audit", **asked)
    entry = made["entry"]
    assert run("propose", by="audit", **asked) == (1, "already_entered")
    assert run("sign", entry, by="audit") == (1, "signs_own_proposal")
    assert suyuan("ledger", "refuse", str(entry), "--as", "leader", "--json")[::2] == (
        2,
        'suyuan: bad_form: fields={"ledger_words": "required"}\n',
    )
    assert run("sign", entry, by="leader") == (0, {"entry": entry, "state": "signed"})
    assert told_to() == {
        "ledger_to_sign": ["audit@0102", "leader@0102", "office@0102"],
        "ledger_counts": ["person:audit", "station@0102"],
    }
    west, east = (viewer.named(name) for name in ("west", "east"))
    assert [(wording.of(one, "zh").text, one.case_number) for one in notices.inbox(west, now=NOW).rows] == [
        (f"奖惩台账 #{entry} 已生效：西城供电所，投诉举报属实，考核，2 分。", "")
    ]
    assert notices.inbox(east, now=NOW).rows == []

    _, counter = run("reverse", entry, by="audit", ledger_words="申诉成立")
    assert run("sign", counter["entry"], by="leader")[0] == 0
    listed = json.loads(suyuan("ledger", "list", "--case", case.number, "--as", "audit", "--json")[1])
    jsonschema.validate(listed, of("ledger list"))
    assert [(one["id"], one["reversed"]) for one in listed["entries"]] == [
        (counter["entry"], False),
        (entry, True),
    ]
    page = signed_in("audit").get(f"/case/{case.number}/").content.decode()
    assert (f"#{entry}" in page, f"?period=all&amp;case={case.number}" in page) == (True, True)
    ours = signed_in("audit").get(f"/ledger/?period=all&case={case.number}").content.decode()
    assert re.findall(r"#(\d+) ?<", ours) == [f"{counter['entry']}", f"{entry}", f"{entry}"]


def told_to() -> dict[str, list[str]]:
    """Return to whom each template of the ledger was told."""
    found: dict[str, list[str]] = {}
    rows = Message.objects.filter(template__startswith="ledger_").order_by("recipient")
    for template, recipient in rows.values_list("template", "recipient"):
        found.setdefault(template, []).append(recipient)
    return found


def test_a_decision_left_empty_signs_nothing() -> None:
    unit()
    entry = LedgerEntry.objects.create(
        kind="reward", amount=1, counted="points", unit=unit("0101"), ground="other", period="2026-03",
        mark="y", state="proposed", proposed_by="audit", proposed_at=NOW,
    )  # fmt: skip

    bare = signed_in("leader").post(f"/ledger/{entry.pk}/decide/", {})

    entry.refresh_from_db()
    assert (bare.status_code, entry.state) == (422, "proposed")
