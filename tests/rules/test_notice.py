"""When a message may leave, whom it may be addressed to, and which receipt is believed."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from suyuan.domain import notice
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import Bucket, Call, Recipient, Told

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
WINDOW = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("station@0101", Recipient("role", "station", "0101")),
        ("person:wang", Recipient("person", "wang")),
        ("sealed:address", Recipient("sealed", "address")),
    ],
)
def test_a_recipient_is_a_role_over_a_unit_a_person_or_a_sealed_address(text, who):
    assert notice.recipient(text) == who


@pytest.mark.parametrize("text", ["", "13912345678", "a@b.c", "station@", "@0101", "person:", "nobody@01"])
def test_anything_else_is_no_recipient_least_of_all_a_number(text):
    with pytest.raises(BadInput) as error:
        notice.recipient(text)

    assert error.value.code == "bad_recipient"
    assert text not in error.value.facts.values() or text == ""


@pytest.mark.parametrize(
    ("at", "begins", "ends", "quiet"),
    [
        ("21:00", "21:00", "08:00", True),
        ("20:59", "21:00", "08:00", False),
        ("00:00", "21:00", "08:00", True),
        ("07:59", "21:00", "08:00", True),
        ("08:00", "21:00", "08:00", False),
        ("12:30", "12:00", "14:00", True),
        ("14:00", "12:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
    ],
)
def test_quiet_hours_hold_their_first_minute_and_not_their_last_also_over_midnight(at, begins, ends, quiet):
    moments = [time.fromisoformat(text) for text in (at, begins, ends)]

    assert notice.is_quiet(*moments) is quiet


def test_no_quiet_hours_are_never_quiet():
    assert notice.is_quiet(time(3), None, None) is False


@pytest.mark.parametrize(
    ("left", "passed", "allowed"),
    [(0, 0, 0), (0, 0.5, 10), (0, 60, 20), (20, 60, 20), (5, 0.25, 10), (5, -3600, 5)],
)
def test_a_rate_allows_what_time_has_earned_and_never_more_than_a_second_of_it(left, passed, allowed):
    assert notice.refilled(Bucket(left, NOW), 20, NOW + passed * SECOND) == allowed


def test_a_channel_that_never_sent_may_send_a_second_of_its_rate():
    assert notice.refilled(Bucket(0, None), 20, NOW) == 20


def test_each_failure_waits_as_the_ladder_says_and_the_last_is_the_last():
    waits = [notice.wait([60, 300], failed) for failed in (1, 2, 3)]

    assert waits == [timedelta(seconds=60), timedelta(seconds=300), None]


def test_only_a_resend_of_what_was_taken_has_a_key_of_its_own():
    assert [notice.wire_key("7:station", again) for again in (0, 1, 2)] == [
        "7:station",
        "7:station#1",
        "7:station#2",
    ]


def call(body: bytes = b"{}", stamp: str = STAMP, secret: bytes = b"s3cret") -> Call:
    """Return a call signed with ``secret``."""
    return Call(stamp, notice.signature(secret, stamp, body), body)


def refusal(given: Call, secret: bytes = b"s3cret", now: datetime = NOW) -> str:
    """Return why a call is not believed, empty where it is."""
    try:
        notice.check(given, secret, now, WINDOW)
    except Refused as refused:
        return refused.code
    return ""


def test_a_signed_call_in_time_is_believed():
    assert refusal(call()) == ""
    assert refusal(call(), now=NOW + WINDOW) == ""


@pytest.mark.parametrize(
    "forged",
    [
        call(secret=b"other"),
        Call(STAMP, "", b"{}"),
        Call(STAMP, call().signature, b'{"receipts": []}'),
        Call(str(int(STAMP) + 1), call().signature, b"{}"),
        Call(STAMP, call().signature.removeprefix("sha256="), b"{}"),
        Call(STAMP, "签名", b"{}"),
    ],
    ids=["other secret", "none", "other body", "other time", "no scheme", "not ascii"],
)
def test_a_forged_call_is_refused(forged):
    assert refusal(forged) == "receipt_forged"


def test_without_a_secret_nothing_is_believed():
    assert refusal(call(secret=b""), secret=b"") == "receipt_forged"


@pytest.mark.parametrize("seconds", [301, -301, 86_400])
def test_an_old_call_and_one_from_the_future_are_refused(seconds):
    assert refusal(call(), now=NOW + timedelta(seconds=seconds)) == "receipt_stale"


@pytest.mark.parametrize("stamp", ["", "now", "1e9", "-5", "9" * 13])
def test_a_timestamp_that_is_none_is_refused_though_signed(stamp):
    assert refusal(call(stamp=stamp)) == "receipt_stale"


def body(**changed: object) -> bytes:
    """Return a body of one receipt."""
    row = {
        "key": "k1",
        "outcome": "delivered",
        "at": "2026-03-04T10:30:00+08:00",
        "code": "DELIVRD",
    } | changed
    return json.dumps({"receipts": [row]}).encode()


def test_receipts_are_read_with_their_moment():
    assert notice.read_receipts(body()) == [Told("k1", "delivered", NOW, "DELIVRD")]


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (b"\xff", {"problem": "not_json"}),
        (b"[" * 100_000, {"problem": "not_json"}),
        (b"[]", {"problem": "no_receipts"}),
        (b'{"receipts": []}', {"problem": "no_receipts"}),
        (b'{"receipts": [1]}', {"problem": "no_receipts"}),
        (body(key=""), {"row": 1, "field": "key"}),
        (body(key=7), {"row": 1, "field": "key"}),
        (body(outcome="read"), {"row": 1, "field": "outcome"}),
        (body(at="yesterday"), {"row": 1, "field": "at"}),
        (body(at="2026-03-04T10:30:00"), {"row": 1, "field": "at"}),
        (body(code="x" * 201), {"row": 1, "field": "code"}),
        (body(key="a\nb"), {"row": 1, "field": "key"}),
    ],
    ids=range(12),
)
def test_what_cannot_be_understood_names_its_place(content, facts):
    with pytest.raises(BadInput) as error:
        notice.read_receipts(content)

    assert (error.value.code, error.value.facts) == ("bad_receipts", facts)


def outcome(state: str, said: str) -> str:
    """Return where a receipt leads, or why it is refused."""
    try:
        return notice.after(state, said)
    except Refused as refused:
        return refused.code


def test_every_state_knows_where_every_receipt_leads():
    leads = {state: tuple(outcome(state, said) for said in notice.OUTCOMES) for state in notice.STATES}

    assert leads == {
        "queued": ("delivered", "failed"),
        "running": ("delivered", "failed"),
        "sent": ("delivered", "failed"),
        "delivered": ("receipt_replayed", "receipt_replayed"),
        "failed": ("delivered", "receipt_replayed"),
        "aside": ("delivered", "failed"),
        "withdrawn": ("delivered", "receipt_replayed"),
    }
