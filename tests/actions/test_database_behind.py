"""A database that came back without the last it had taken: what was remembered of it is read anew."""

import pytest
from django.db import connection

from suyuan.actions.notice import queue
from suyuan.store import rules
from suyuan.store.models import Edition, Message, Wording
from tests.factories import NOW, actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


def queued(key: str) -> Message:
    """Return a message queued to the office."""
    facts = {"limit": "complaint.accept", "rung": "due"}
    draft = queue.Draft(
        key, "in_app", "rung", recipient="office@01", facts=facts, case_number="T-1", unit="01"
    )
    return Message.objects.get(pk=queue.queue(draft=draft, actor=actor("admin"), now=NOW))


def test_what_a_server_lost_in_a_crash_is_kept_again():
    queued("a")
    rules.edition(rules.rulebook(), NOW)
    Message.objects.all().delete(), Wording.objects.all().delete(), Edition.objects.all().delete()
    connection.close()

    after = queued("b")
    edition = rules.edition(rules.rulebook(), NOW)

    assert list(Wording.objects.values_list("pk", flat=True)) == [after.wording_id]
    assert list(Edition.objects.values_list("pk", flat=True)) == [edition.pk]
