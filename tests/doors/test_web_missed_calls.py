"""The call-back list in the browser and by command."""

import json

import jsonschema
import pytest

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
