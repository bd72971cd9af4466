"""``suyuan doctor``: a way out of the house that leads nowhere is named with its fix, and nothing is sent."""

import json
import socket
from contextlib import closing

import pytest

from suyuan.actions.notice import channels
from suyuan.cli.doctor import carriers
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers.fakes.smtp import PostOffice
from suyuan.gateways.carriers.reach import of_target, of_url
from suyuan.store import seal
from suyuan.store.models import Channel
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FORM = {"title": "通道", "enabled": "1", "language": "zh", "batch": "10"}


@pytest.fixture
def shut() -> int:
    """Return a port of this machine on which nobody listens."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def channel(code: str, carrier: str, **more: str) -> None:
    """Set a channel up as an administrator does."""
    channels.save(code=code, carrier=carrier, form=FORM | more, actor=SYSTEM, now=NOW)


def found() -> list[tuple[str, str, str]]:
    """Return level, code and text of what the doctor says of the carriers."""
    said = list(carriers.look())
    assert [finding.code for finding in said if not finding.fix] == []
    return [(finding.level, finding.code, finding.text) for finding in said]


def test_a_carrier_that_is_not_set_up_or_is_switched_off_is_no_fault(shut, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", shut
    assert found() == []

    channel("mail", "mail", enabled="0")
    channel("file", "file")

    assert found() == []


def test_a_mail_port_nobody_listens_on_is_named_and_one_that_answers_is_sent_nothing(shut, settings):
    channel("mail", "mail")
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", shut

    said = found()

    with PostOffice() as office:
        settings.EMAIL_PORT = office.port
        assert (found(), office.letters) == ([], [])
    text = f"channel mail: 127.0.0.1:{shut} refuses: nobody listens there; messages wait"
    assert said == [("error", "mail_unreachable", text)]


def test_an_sms_gateway_that_does_not_answer_or_whose_url_is_none(shut):
    channel("sms", "sms_http", url=f"http://127.0.0.1:{shut}/send", secret="s")

    [(level, code, text)] = found()
    kept = seal.seal({"url": "http://127.0.0.1:notaport/", "secret": "s"})
    Channel.objects.update(sealed=kept)

    assert (level, code) == ("error", "sms_unreachable")
    assert text == f"channel sms: 127.0.0.1:{shut} refuses: nobody listens there; messages wait"
    said = "channel sms: its address cannot be read, so nothing leaves"
    assert found() == [("error", "address_unreadable", said)]


def test_a_robot_that_cannot_be_reached_or_read_is_named_by_whose_it_is_and_never_by_its_token(shut):
    channel("chat", "apprise", targets=f"office@01 = json://127.0.0.1:{shut}/token-of-it")
    said = "channel chat, office@01: 127.0.0.1:{} refuses: nobody listens there; messages wait"
    assert found() == [("warning", "robot_unreachable", said.format(shut))]

    Channel.objects.update(sealed=seal.seal({"targets": json.dumps({"*": ["nobody-knows://token-of-it"]})}))

    text = "channel chat, *: its address cannot be read, so nothing leaves"
    assert found() == [("error", "address_unreadable", text)]


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("wecombot://abcdefgh-1234-abcd-1234-abcdefghijkl", ("qyapi.weixin.qq.com", 443)),
        ("jsons://robot.example/x", ("robot.example", 443)),
        ("json://robot.example:8080/x", ("robot.example", 8080)),
    ],
)
def test_the_host_of_a_robot_is_its_service_s_and_not_its_token(target, place, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert of_target(target) == place

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert of_target(target) is None


def test_a_url_without_host_or_port_leads_nowhere():
    assert [of_url(url) for url in ("http://", "ftp://x/", "http://h:x/", "https://h/")] == [
        None,
        None,
        None,
        ("h", 443),
    ]
