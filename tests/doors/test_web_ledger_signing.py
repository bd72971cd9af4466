"""Many entries signed at once: ticked, confirmed once, each for itself; none that is not one's to sign."""

import json
import re

import jsonschema
import pytest
from django.test import Client

from suyuan.cli.schema import of
from suyuan.store import chain
from suyuan.store.models import BulkRun, Event, LedgerEntry
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db
PAGE = "/ledger/?period=all&state=proposed"


def entry(n: int, **more: object) -> int:
    """Return an entry of the eastern station that waits for its second person."""
    unit()
    given = {
        "kind": "penalty", "amount": n, "counted": "points", "unit": unit("0101"), "ground": "other",
        "period": "2026-03", "mark": f"m{n}", "state": "proposed",
        "proposed_by": "office", "proposed_at": NOW,
    }  # fmt: skip
    return LedgerEntry.objects.create(**given | more).pk


def ticks(client: Client) -> list[str]:
    return re.findall(r'name="key" value="(\d+)"', client.get(PAGE).content.decode())


def states() -> dict[int, str]:
    return dict(LedgerEntry.objects.values_list("pk", "state"))


def test_what_somebody_may_sign_has_a_box_and_nothing_else():
    case = case_at("archived", "report")
    case.restricted = True
    case.save(update_fields=["restricted"])
    free = entry(1, proposed_by="audit")
    entry(2, proposed_by="office"), entry(3, state="signed", proposed_by="audit")
    entry(4, person="office", proposed_by="audit"), entry(5, case=case, period="", proposed_by="audit")

    assert ticks(signed_in("office")) == [str(free)]
    assert ticks(signed_in("station")) == []
    assert "审签所选" not in signed_in("station").get(PAGE).content.decode()


def test_one_confirmation_says_what_they_come_to_and_signs_each():
    first, second = entry(1), entry(2)
    third = entry(3, kind="reward", counted="yuan")
    leader = signed_in("leader")

    asked = leader.post("/ledger/sign/", {"key": ticks(leader)})
    said = asked.context["asked"].intro
    done = leader.post(
        "/ledger/sign/", {"key": ticks(leader), "go": "1", "ledger_words": "同意"}, follow=True
    )

    assert "选了 3 条，其中 3 条现在可以由您审签。" in said
    assert ("考核 2 条，共 −3.00 分。" in said, "奖励 1 条，共 +3.00 元。" in said) == (True, True)
    assert done.redirect_chain == [(f"/bulk/{BulkRun.objects.get().pk}/", 302)]
    assert "已审签 3 条，没审签 0 条，还没轮到 0 条。" in done.content.decode()
    assert states() == dict.fromkeys((first, second, third), "signed")
    assert set(LedgerEntry.objects.values_list("answer", "decided_by")) == {("同意", "leader")}
    assert Event.objects.filter(verb="sign_entry").count() == 3
    chain.verify()


def test_each_that_cannot_be_signed_is_told_by_row_and_the_others_are_signed():
    mine, other = entry(1, proposed_by="leader"), entry(2)
    gone = entry(3, state="refused", decided_by="audit", decided_at=NOW)
    zero = entry(4, kind="reward", ground="zero_complaints")
    case = case_at("handling")
    leader = signed_in("leader")

    keys = [str(one) for one in (mine, other, gone, zero, 999)]
    page = leader.post("/ledger/sign/", {"key": keys, "go": "1"}, follow=True)

    told = {row[0]: row[2] for row in rows(page)}
    assert set(told) == {f"#{one}" for one in keys}
    assert told[f"#{mine}"] == "自己提出的，须由别人审签"
    assert told[f"#{gone}"].startswith("别人已审签过这一条")
    assert f"其中 {case.number}" in told[f"#{zero}"]
    assert "已审签 1 条，没审签 4 条，还没轮到 0 条。" in page.content.decode()
    assert states() == {mine: "proposed", other: "signed", gone: "refused", zero: "proposed"}
    assert f'href="/ledger/{mine}/decide/"' in page.content.decode()


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "1.5", "9" * 13])
def test_what_is_no_entry_is_an_error_and_signs_nothing(key):
    free = entry(1)
    leader = signed_in("leader")

    answer = leader.post("/ledger/sign/", {"key": [str(free), key], "go": "1"})

    assert (answer.status_code, states(), BulkRun.objects.count()) == (422, {free: "proposed"}, 0)
    assert leader.post("/ledger/sign/", {}).status_code == 422


def test_who_may_sign_nothing_has_no_such_page():
    free = entry(1)

    assert signed_in("marketing").post("/ledger/sign/", {"key": [str(free)], "go": "1"}).status_code == 403
    assert signed_in("leader").get("/ledger/sign/").status_code == 405
    assert states() == {free: "proposed"}


def test_a_reward_for_no_complaints_shows_its_doubts_before_the_confirmation():
    case = case_at("handling")
    case.business_type, case.satisfaction = "opinion", "dissatisfied"
    case.save(update_fields=["business_type", "satisfaction"])
    zero = entry(4, kind="reward", ground="zero_complaints")

    asked = signed_in("leader").post("/ledger/sign/", {"key": [str(zero)]})

    assert f"#{zero} 东城供电所：同期疑点：" in asked.context["asked"].intro


def test_the_command_signs_many_and_leaves_with_what_was_refused(suyuan):
    first, mine, last = entry(1), entry(2, proposed_by="leader"), entry(3)
    person("leader")

    many = ("ledger", "sign-many", str(first), str(mine), str(last))
    code, out, _ = suyuan(*many, "--as", "leader", "--json")

    told = json.loads(out)
    jsonschema.validate(told, of("ledger sign-many"))
    assert (code, told["signed"]) == (1, [first, last])
    assert [(one["entry"], one["refused"]) for one in told["refused"]] == [(mine, "signs_own_proposal")]
    assert suyuan("ledger", "sign-many", "0", "--as", "leader", "--json")[0] == 2


@pytest.mark.browser
def test_entries_are_ticked_by_keys_and_signed_with_one_confirmation(live_server, page, transactional_db):
    for n in (1, 2, 3):
        entry(n)
    client = signed_in("leader")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{PAGE}")

    shut = page.is_disabled("[data-needs-tick]")
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    said = page.inner_text("[data-ticked]")
    page.keyboard.press("b")
    page.wait_for_url("**/ledger/sign/")
    page.focus("[name=ledger_words]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/bulk/\d+/$"))

    assert (shut, said) == (True, "已选 3 项")
    assert set(states().values()) == {"signed"}
