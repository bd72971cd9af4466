"""No message leaves to a caller who asked to stay unknown, whatever it says and whenever that was asked."""

import pytest

from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.rulebook import messages
from suyuan.store.models import Channel, Message
from tests.factories import NOW, case_at, do

pytestmark = pytest.mark.django_db


@pytest.fixture
def sms() -> None:
    """A channel that could carry anything outside."""
    Channel.objects.create(
        code="sms",
        title="SMS",
        carrier="file",
        templates=[*messages.TEMPLATES],
        batch=10,
        sealed=b"",
        changed_at=NOW,
    )


def draft(template: str, number: str, kind: str = "phone") -> Draft:
    """Return a message to the caller of a case, by what was sealed of them."""
    facts = dict(messages.OWN.get(template, messages.OWN[messages.STEP]))
    facts.pop("case", None)
    to = {"phone": "13912345678"} if kind == "phone" else {"email": "a@example.com"}
    return Draft(f"{template}:{kind}", "sms", template, address=to, facts=facts, case_number=number)


@pytest.mark.parametrize("secrecy", ["anonymous", "confidential"])
@pytest.mark.parametrize("procedure", ["complaint", "report", "enquiry"])
def test_no_template_is_queued_to_a_caller_who_is_kept_secret(sms, secrecy, procedure):
    number = case_at("registered", procedure, secrecy=secrecy).number
    said = {}
    for template in messages.TEMPLATES:
        for kind in ("phone", "email"):
            with pytest.raises(Refused) as refused:
                queue(draft=draft(template, number, kind), actor=SYSTEM, now=NOW)
            said[template, kind] = refused.value.code

    assert said == {
        (one, kind): "caller_kept_secret" for one in messages.TEMPLATES for kind in ("phone", "email")
    }
    assert Message.objects.exclude(address=None).count() == 0


def test_what_waits_to_leave_is_withdrawn_when_secrecy_is_asked_for_at_registration(sms):
    case = case_at("received")
    message = queue(draft=draft("urge", case.number), actor=SYSTEM, now=NOW)

    do(case, "register", "agent", business_type="complaint", secrecy="confidential")

    row = Message.objects.get(pk=message)
    assert (row.state, row.next_at) == ("withdrawn", None)


def test_a_caller_who_asked_for_nothing_is_written_to(sms):
    number = case_at("registered").number

    assert Message.objects.get(pk=queue(draft=draft("urge", number), actor=SYSTEM, now=NOW)).state == "queued"
