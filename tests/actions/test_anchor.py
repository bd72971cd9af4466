"""Once a day the heads of all chains are anchored; what was cut off since shows."""

from datetime import date, timedelta

import pytest

from suyuan.actions import anchor
from suyuan.domain import audit
from suyuan.domain.errors import ChainBroken
from suyuan.store import chain
from suyuan.store.models import Anchor, Event
from tests.factories import NOW, case_at, do

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_an_anchor_holds_the_head_of_every_stream_in_order():
    case_at("registered")
    case_at("dispatched")

    made = anchor.anchor(now=NOW)

    heads = []
    for stream in sorted(set(Event.objects.values_list("stream", flat=True))):
        last = Event.objects.filter(stream=stream).order_by("-seq").first()
        heads.append((stream, last.seq, last.digest))
    assert (made.on, made.streams, made.last_event) == (
        date(2026, 3, 4),
        2,
        Event.objects.order_by("-pk").first().pk,
    )
    assert made.digest == audit.anchor(heads, audit.GENESIS)


def test_a_day_is_anchored_once():
    case_at("registered")
    first = anchor.anchor(now=NOW)
    case_at("registered")

    again = anchor.anchor(now=NOW + timedelta(hours=1))

    assert (again.pk, again.digest, Anchor.objects.count()) == (first.pk, first.digest, 1)


def test_the_day_is_the_local_one():
    anchor.anchor(now=NOW.replace(hour=15, minute=59))
    anchor.anchor(now=NOW.replace(hour=16, minute=0))

    assert list(Anchor.objects.order_by("on").values_list("on", flat=True)) == [
        date(2026, 3, 4),
        date(2026, 3, 5),
    ]


def test_anchors_are_chained_and_hold_while_the_chains_grow():
    case = case_at("registered")
    first = anchor.anchor(now=NOW)
    do(case, "dispatch", "office", unit="0101", specialty="marketing")

    second = anchor.anchor(now=NOW + DAY)

    assert second.digest == audit.anchor(chain.heads(), first.digest)
    do(case, "accept", "station")
    assert chain.verify_anchors() == 2


def test_a_home_without_events_can_be_anchored():
    made = anchor.anchor(now=NOW)

    assert (made.streams, made.last_event, made.digest) == (0, 0, audit.anchor([], audit.GENESIS))
    assert chain.verify_anchors() == 1


def cut_off(case, made):
    Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first().delete()


def lose_a_stream(case, made):
    Event.objects.filter(stream=f"case:{case.number}").delete()


def change_the_anchor(case, made):
    Anchor.objects.filter(pk=made.pk).update(digest="0" * 64)


@pytest.mark.parametrize("tamper", [cut_off, lose_a_stream, change_the_anchor])
def test_what_was_cut_off_or_changed_breaks_the_anchor_though_every_chain_holds(tamper):
    case_at("registered")
    case = case_at("dispatched")
    made = anchor.anchor(now=NOW)

    tamper(case, made)

    chain.verify()
    with pytest.raises(ChainBroken) as broken:
        chain.verify_anchors()
    assert broken.value.facts == {"stream": "anchor", "seq": "2026-03-04", "problem": "heads_differ"}
