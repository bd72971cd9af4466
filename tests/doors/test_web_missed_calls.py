"""The call-back list in the browser and by command."""

import json
import re

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from suyuan.cli.schema import of
from suyuan.store.models import Event, MissedCall
from tests.board_pages import signed_in
from tests.call_files import PHONE, call, missed, write
from tests.factories import unit

pytestmark = pytest.mark.django_db


def test_a_caller_is_seen_called_back_and_gone_from_the_list():
    one, agent = missed(phone=PHONE, masked="139******78"), signed_in("agent")
    page = agent.get("/missed-calls/").content.decode()
    assert ("139******78" in page, "超时" in page, PHONE in page) == (True, True, False)

    assert agent.post(f"/missed-calls/{one.pk}/number/", {}).status_code == 422
    seen = agent.post(f"/missed-calls/{one.pk}/number/", {"purpose": "call_back"})
    assert (PHONE in seen.content.decode(), seen.headers["Cache-Control"]) == (True, "private, no-store")
    assert agent.post(f"/missed-calls/{one.pk}/", {"reached": "0"}).status_code == 422
    agent.post(f"/missed-calls/{one.pk}/", {"reached": "0", "unreached_reason": "busy"})
    assert "未联系上 1 次" in agent.get("/missed-calls/").content.decode()
    agent.post(f"/missed-calls/{one.pk}/", {"reached": "1"})

    assert "139******78" not in agent.get("/missed-calls/").content.decode()
    assert "已回拨" in agent.get("/missed-calls/?state=returned").content.decode()
    assert agent.get("/missed-calls/?state=x").status_code == 422
    assert signed_in("station").get("/missed-calls/").status_code == 403


def test_a_contact_is_taken_in_with_the_number_filled_in_and_never_in_an_address():
    one, agent = missed(phone=PHONE), signed_in("agent")

    form = agent.post(f"/missed-calls/{one.pk}/contact/")
    said = {"channel": "95598", "business_type": "consult", "text": "问停电", "phone": PHONE}
    assert agent.get(f"/missed-calls/{one.pk}/contact/").status_code == 405
    assert f'value="{PHONE}"' in form.content.decode()
    assert 'action="/contact/new/"' in form.content.decode()
    assert Event.objects.filter(verb="reveal", detail__call=one.pk).count() == 1

    agent.post("/contact/new/", said)
    assert MissedCall.objects.get().state == "answered_since"


def handed(client, name: str, text: str):
    """Hand a file in and return the page that it leads to."""
    return client.post("/missed-calls/import/upload/", {"file": SimpleUploadedFile(name, text.encode())})


def test_a_file_is_looked_at_taken_in_and_the_same_again_changes_nothing():
    lead = signed_in("lead", at="01")
    text = f"日期,时间,主叫号码,结果\n2026-03-04,10:00:00,{PHONE},放弃\n2026-03-04,10:60:00,{PHONE},？\n"
    assert "/missed-calls/import/" in lead.get("/missed-calls/").content.decode()

    checked = handed(lead, "calls.csv", text).url
    looked = lead.get(checked).content.decode()
    assert (MissedCall.objects.count(), PHONE in looked) == (0, False)
    rows = re.findall(r'<td class="num"[^>]*>(\d+)</td><td[^>]*>([^<]+)</td>', looked)
    assert rows == [("3", "时间"), ("3", "结果")]
    done = lead.post(checked).content.decode()
    assert ("已导入" in done, MissedCall.objects.count()) == (True, 1)
    assert lead.get(f"{checked}quarantine/").status_code == 200
    assert lead.post(checked).status_code == 409

    again = lead.get(handed(lead, "calls.csv", text).url).content.decode()
    assert ("没有要写入的" in again, MissedCall.objects.count()) == (True, 1)


def test_columns_nobody_knows_are_named_and_no_one_else_hands_a_file_in():
    lead = signed_in("lead", at="01")
    at = handed(lead, "acd.csv", f"甲,乙,丙,丁\n2026-03-04,10:00:00,{PHONE},HANG\n").url
    assert at.endswith("/columns/")

    chosen = {"calls.day": "甲", "calls.called_at": "乙", "calls.caller": "丙", "calls.outcome": "丁"}
    lead.post(lead.post(at, chosen).url)

    assert MissedCall.objects.get().at.isoformat() == "2026-03-04T02:00:00+00:00"
    assert signed_in("agent").get("/missed-calls/import/").status_code == 403


def test_the_command_takes_a_file_in_and_says_nothing_of_who_called(suyuan, tmp_path):
    unit(), signed_in("office")
    path = write(tmp_path / "c.csv", [call("1"), call("2", outcome="？")])

    code, out, err = suyuan("calls", "import", path, "--as", "office", "--json")

    told = json.loads(out)
    jsonschema.validate(told, of("calls import"))
    assert (code, err, PHONE in out) == (0, "", False)
    assert [told[name] for name in ("read", "new", "duplicate", "quarantined", "closed")] == [2, 1, 0, 1, 0]
    assert suyuan("calls", "import", path)[0] == 2
    assert suyuan("calls", "import", path, "--as", "office", "--dry-run")[1].startswith(
        "2 read, 0 new, 1 dup"
    )
