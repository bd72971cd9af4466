"""What is written down is chained: every later change to it shows, and so does a tail cut off."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain import audit
from suyuan.domain.errors import ChainBroken

AT = datetime(2025, 10, 1, 0, 30, tzinfo=UTC)
ENTRY = audit.Entry(
    stream="case:TS1",
    seq=1,
    at=AT,
    actor="li",
    verb="handle.accepted",
    objects=(("case", "TS1"), ("unit", "0101")),
    detail={"to": "handling", "from": "dispatched"},
)
texts = st.text(max_size=12)
details = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts, max_size=4
)


def chained(entries):
    """Return entries, renumbered from 1, each with the digest it should carry."""
    previous, chain = audit.GENESIS, []
    for seq, entry in enumerate(entries, start=1):
        entry = replace(entry, seq=seq)
        previous = audit.digest(entry, previous, rfc8785.dumps)
        chain.append((entry, previous))
    return chain


@st.composite
def chains(draw, least=1):
    verbs = draw(st.lists(st.tuples(texts, details), min_size=least, max_size=6))
    steps = [replace(ENTRY, verb=verb, detail=detail) for verb, detail in verbs]
    return chained(steps)


def test_the_digest_is_the_sha256_of_the_previous_one_and_the_canonical_event():
    canonical = (
        b'{"actor":"li","at":"2025-10-01T00:30:00.000000+00:00",'
        b'"detail":{"from":"dispatched","to":"handling"},'
        b'"objects":[["case","TS1"],["unit","0101"]],"seq":1,"stream":"case:TS1","verb":"handle.accepted"}'
    )

    digest = audit.digest(ENTRY, audit.GENESIS, rfc8785.dumps)

    assert digest == hashlib.sha256(b"0" * 64 + b"\n" + canonical).hexdigest()


def test_the_same_moment_in_another_zone_is_the_same_event():
    shanghai = replace(ENTRY, at=AT.astimezone(timezone(timedelta(hours=8))))

    assert audit.body(shanghai) == audit.body(ENTRY)


def test_the_order_in_which_details_were_given_does_not_matter():
    turned = replace(ENTRY, detail={"from": "dispatched", "to": "handling"})

    assert audit.digest(turned, audit.GENESIS, rfc8785.dumps) == audit.digest(
        ENTRY, audit.GENESIS, rfc8785.dumps
    )


def test_an_empty_chain_has_the_genesis_as_its_head():
    assert audit.verify([], rfc8785.dumps) == "0" * 64


@given(chains())
def test_an_untouched_chain_verifies_to_its_last_digest(chain):
    assert audit.verify(chain, rfc8785.dumps) == chain[-1][1]


CHANGES = {
    "actor": "wang",
    "verb": "another",
    "at": AT + timedelta(microseconds=1),
    "objects": (("case", "TS2"),),
    "detail": {"to": "elsewhere"},
    "stream": "case:TS2",
}


@pytest.mark.parametrize("part", CHANGES)
@given(chain=chains(), where=st.integers(0, 5))
def test_any_changed_part_of_any_event_breaks_the_chain_at_that_event(part, chain, where):
    where %= len(chain)
    entry, digest = chain[where]
    chain[where] = (replace(entry, **{part: CHANGES[part]}), digest)

    with pytest.raises(ChainBroken) as broken:
        audit.verify(chain, rfc8785.dumps)

    assert (broken.value.facts["seq"], broken.value.facts["problem"]) == (where + 1, "digest_differs")


@given(chain=chains(least=2), where=st.integers(0, 4))
def test_a_dropped_event_shows_at_its_place(chain, where):
    where %= len(chain) - 1
    del chain[where]

    with pytest.raises(ChainBroken) as broken:
        audit.verify(chain, rfc8785.dumps)

    assert (broken.value.facts["seq"], broken.value.facts["problem"]) == (where + 1, "missing_or_reordered")


def test_two_events_that_changed_places_show():
    first, second, third = chained([ENTRY, replace(ENTRY, verb="b"), replace(ENTRY, verb="c")])

    with pytest.raises(ChainBroken) as broken:
        audit.verify([first, third, second], rfc8785.dumps)

    assert broken.value.facts == {"stream": "case:TS1", "seq": 2, "problem": "missing_or_reordered"}


def test_an_event_rewritten_with_a_fresh_digest_breaks_the_one_after_it():
    first, second = chained([ENTRY, replace(ENTRY, verb="b")])
    forged = replace(first[0], actor="wang")

    with pytest.raises(ChainBroken) as broken:
        audit.verify([(forged, audit.digest(forged, audit.GENESIS, rfc8785.dumps)), second], rfc8785.dumps)

    assert broken.value.facts["seq"] == 2


def test_a_chain_does_not_see_its_tail_cut_off_but_the_anchor_does():
    first, second = chained([ENTRY, replace(ENTRY, verb="b")])
    whole = audit.anchor([("case:TS1", 2, second[1])], audit.GENESIS)

    assert audit.verify([first], rfc8785.dumps) == first[1]
    assert audit.anchor([("case:TS1", 1, first[1])], audit.GENESIS) != whole


def test_the_anchor_is_the_sha256_over_the_last_anchor_and_every_head():
    heads = [("case:A", 2, "aa"), ("unit:01", 1, "bb")]

    anchor = audit.anchor(heads, "00ff")

    assert anchor == hashlib.sha256(b"00ff\ncase:A\t2\taa\nunit:01\t1\tbb").hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        [],
        [("case:A", 2, "ab")],
        [("case:A", 3, "aa")],
        [("case:B", 2, "aa")],
        [("case:A", 2, "aa"), ("case:C", 1, "cc")],
    ],
    ids=["stream gone", "other head", "other length", "other stream", "stream added"],
)
def test_the_anchor_sees_any_change_to_any_stream(changed):
    assert audit.anchor(changed, "00") != audit.anchor([("case:A", 2, "aa")], "00")


def test_the_anchor_of_a_day_depends_on_the_day_before():
    assert audit.anchor([], audit.GENESIS) != audit.anchor([], "1" * 64)
