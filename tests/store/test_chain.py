"""Chains as they lie in the database: extended, verified, and broken by every change."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.domain import audit
from suyuan.domain.errors import ChainBroken
from suyuan.store import chain
from suyuan.store.models import Event

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 2, 30, 0, 123456, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts


def write(stream="case:A1", verb="note", at=AT, actor="li", objects=(("case", "A1"),), **detail):
    """Write one event."""
    return chain.append(stream=stream, at=at, actor=actor, verb=verb, objects=objects, detail=detail)


def test_events_of_a_stream_are_numbered_and_linked():
    write(verb="one")
    write(stream="case:B2")
    write(verb="two")

    first, second = Event.objects.filter(stream="case:A1").order_by("seq")
    assert (first.seq, second.seq) == (1, 2)
    assert first.digest == audit.digest(chain.entry(first), audit.GENESIS, chain.canonical)
    assert second.digest == audit.digest(chain.entry(second), first.digest, chain.canonical)
    assert chain.verify() == (2, 3)


@given(
    st.recursive(
        values | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
        max_leaves=8,
    )
)
def test_the_canonical_form_is_the_librarys(value):
    assert chain.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, {"a": [-(2**53)]}, {1: "a"}, float("nan")])
def test_what_has_no_canonical_form_is_refused_as_the_library_refuses_it(value):
    with pytest.raises(rfc8785.CanonicalizationError):
        chain.canonical(value)


def test_append_returns_the_id_of_its_event():
    assert Event.objects.get(pk=write(verb="here")).verb == "here"


def test_a_moment_in_any_zone_is_kept_to_the_microsecond():
    write(at=AT.astimezone(timezone(timedelta(hours=8))))

    assert Event.objects.get().at == AT
    assert chain.verify() == (1, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.dictionaries(texts, values | st.lists(values, max_size=3), max_size=4), texts, texts)
def test_whatever_is_written_verifies_when_read_back(detail, actor, key):
    before = Event.objects.filter(stream="case:nasty").count()

    chain.append(
        stream="case:nasty", at=AT, actor=actor, verb="note", objects=[("case", key)], detail=dict(detail)
    )

    assert chain.verify(["case:nasty"]) == (1, before + 1)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_character_is_refused_and_nothing_is_written(text):
    with pytest.raises((ValueError, UnicodeError)):
        write(note=text)

    assert Event.objects.count() == 0


CHANGES = {
    "actor": "somebody else",
    "verb": "other",
    "detail": {"note": "changed"},
    "objects_json": [["case", "B2"]],
    "at": AT + timedelta(microseconds=1),
    "digest": "0" * 64,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_event_breaks_its_chain_where_it_stands(field):
    for number in range(3):
        write(note=str(number))

    Event.objects.filter(stream="case:A1", seq=2).update(**{field: CHANGES[field]})

    with pytest.raises(ChainBroken) as broken:
        chain.verify()
    assert broken.value.facts == {"stream": "case:A1", "seq": 2, "problem": "digest_differs"}


def test_a_dropped_event_breaks_its_chain():
    for number in range(3):
        write(note=str(number))

    Event.objects.filter(stream="case:A1", seq=2).delete()

    with pytest.raises(ChainBroken) as broken:
        chain.verify()
    assert broken.value.facts == {"stream": "case:A1", "seq": 2, "problem": "missing_or_reordered"}


def test_one_broken_chain_leaves_the_others_whole():
    write(), write(stream="case:B2")
    Event.objects.filter(stream="case:B2").update(actor="x")

    assert chain.verify(["case:A1"]) == (1, 1)
    with pytest.raises(ChainBroken):
        chain.verify(["case:B2"])


def test_no_streams_are_no_chains():
    assert (chain.verify(), chain.verify([])) == ((0, 0), (0, 0))


def test_heads_are_the_last_of_each_stream_as_of_an_event():
    write()
    upto = write(stream="case:B2")
    write()

    now, then = list(chain.heads()), list(chain.heads(upto))

    assert [(stream, seq) for stream, seq, _ in now] == [("case:A1", 2), ("case:B2", 1)]
    assert [(stream, seq) for stream, seq, _ in then] == [("case:A1", 1), ("case:B2", 1)]
    assert dict.fromkeys(chain.heads_of(["case:A1", "case:none"])) == {"case:A1": None}
    assert chain.heads_of(["case:A1"])["case:A1"] == now[0][1:]


def test_two_of_one_number_cannot_stand_in_a_stream():
    from django.db import IntegrityError, transaction

    write()
    twin = Event.objects.values().get() | {"id": None}

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(**twin)
