"""Short things from outside: receipts, answers, keys, tokens, expressions, periods, boxes of a form."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography.exceptions import InvalidTag
from damage import NOISE, damaged, damaged_text, taken, tried
from hypothesis import given
from hypothesis import strategies as st

from suyuan.actions._forms import _CHECKS, clean
from suyuan.analytics import period
from suyuan.domain import notice
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.masking import mask
from suyuan.gateways import cron
from suyuan.gateways.carriers import Letter, file
from suyuan.gateways.carriers.sms_http import _outcomes
from suyuan.store import rules, seal
from suyuan.store.queries import keys
from suyuan.web.serving import asked_for

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
ROW = {"key": "k1", "outcome": "delivered", "at": "2026-03-04T10:30:00+08:00", "code": "X"}
CALL = json.dumps({"receipts": [ROW]})
ANSWER = json.dumps({"results": [{"key": "k1", "status": "accepted", "id": "7"}]})
FILE = "key,outcome,at,code\r\nk1,delivered,2026-03-04T10:30:00+08:00,X\r\n"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MOMENTS = damaged_text("2026-03-04T10:30:00+08:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")


@given(damaged(CALL.encode()) | NOISE | st.just(b"[" * 100_000))
def test_any_body_is_receipts_or_is_refused(body):
    taken(lambda: notice.read_receipts(body))


@given(st.sampled_from(sorted(ROW)), JSON | MOMENTS)
def test_a_receipt_of_any_values_is_told_or_refused_and_its_moment_can_be_kept(field, value):
    found = taken(lambda: notice.told(ROW | {field: value}, 1))

    if found is not None:
        assert found.at.astimezone(UTC) == found.at


@given(st.text(max_size=20), st.text(max_size=80), NOISE)
def test_no_call_is_believed_without_the_secret(timestamp, signature, body):
    with pytest.raises(Refused) as refused:
        notice.check(notice.Call(timestamp, signature, body), b"s3cret", NOW, timedelta(minutes=5))

    assert refused.value.code == "receipt_forged"


@given(st.text("0123456789.-+e ²９", max_size=14))
def test_a_signed_call_of_any_time_is_stale_or_in_time(timestamp):
    signed = notice.Call(timestamp, notice.signature(b"s3cret", timestamp, b"{}"), b"{}")

    _, refused = tried(lambda: notice.check(signed, b"s3cret", NOW, timedelta(minutes=5)), Refused)

    assert refused is None or refused.code == "receipt_stale"


@given(damaged(FILE.encode(), FILE.encode("gb18030")) | NOISE)
def test_any_file_is_receipts_or_is_refused(tmp_path, content):
    path = tmp_path / "receipts.csv"
    path.write_bytes(content)

    found = taken(lambda: file.read(path))

    assert [each.name for each in tmp_path.iterdir()] == ["receipts.csv"]
    for row in found[1] if found else ():
        taken(lambda row=row: notice.told(row, 2))


@given(st.lists(st.tuples(*[st.text(max_size=8)] * 4), max_size=4))
def test_messages_written_are_a_table_of_as_many_rows(tmp_path, rows):
    path = tmp_path / "a.csv"
    path.write_bytes(file.written(file.RECEIPT_COLUMNS, rows))

    assert len(file.read(path)[1]) == len(rows)


def answered(body: bytes) -> requests.Response:
    """Return an answer of a gateway."""
    answer = requests.Response()
    answer.status_code, answer._content = 200, body
    return answer


@given(damaged(ANSWER.encode()) | NOISE | JSON.map(lambda value: json.dumps({"results": [value]}).encode()))
def test_any_answer_says_what_became_of_each_message(body):
    letters = [Letter("k1", ("1",), "", ""), Letter("k2", ("2",), "", "")]

    assert [each.key for each in _outcomes(letters, answered(body))] == ["k1", "k2"]


@given(st.sampled_from(("key", "status", "id", "code")), JSON)
def test_an_answer_of_any_values_says_what_became_of_each_message(field, value):
    body = {"results": [{"key": "k1", "status": "accepted", "id": "7"} | {field: value}]}

    (outcome,) = _outcomes([Letter("k1", ("1",), "", "")], answered(json.dumps(body).encode()))

    assert outcome.key == "k1"


@given(
    damaged_text("0 8 * * 1-5", "*/15 0,12 1 JAN MON#2", "0 0 30 2 *", "0 0 L * 7")
    | st.lists(st.text("0123456789*/,-#L", min_size=1, max_size=5), min_size=5, max_size=5).map(" ".join)
)
def test_any_cron_expression_has_a_later_tick_or_is_refused(expression):
    found = taken(lambda: cron.next_after(expression, NOW, rules.rulebook().calendar.zone))

    assert found is None or found > NOW


@given(damaged_text("2025", "2025-10", "2025-W40", "0001-W01", "9999-W52", "all"))
def test_any_period_is_dates_or_is_refused(text):
    found = taken(lambda: period.parse(text))

    if found is not None:
        assert period.parse(found.label) == found
        assert found.previous is None or found.previous.last < found.first
        assert found.last_year is None or found.last_year.first < found.first


@given(damaged_text("role@unit", "person:zhang", "sealed:x", "office@01"))
def test_any_recipient_is_somebody_or_is_refused(text):
    found, refused = tried(lambda: notice.recipient(text), BadInput)

    assert found.name if found else refused.code == "bad_recipient"


@pytest.mark.django_db
@given(damaged_text("sy_0a1b2c3d_" + "A" * 43) | st.text(max_size=60))
def test_no_key_that_was_not_given_out_opens_anything(secret):
    with pytest.raises(Refused) as refused:
        keys.presented(secret)

    assert refused.value.code in ("key_malformed", "key_unknown")


@given(st.data())
def test_nothing_is_unsealed_but_what_was_sealed(data):
    whole = seal.seal({"phone": "13912345678"})
    content = data.draw(damaged(whole) | NOISE)

    if content != whole:
        with pytest.raises((InvalidTag, ValueError)):
            seal.unseal(content)


@given(damaged_text("bytes=0-9", "bytes=-5", "bytes=3-", "bytes=0-1,3-4", "bytes=٣-"), st.integers(0, 40))
def test_any_range_is_bytes_of_the_file_the_whole_or_none(wanted, size):
    part, _ = tried(lambda: asked_for(wanted, size), LookupError)

    assert part is None or 0 <= part[0] < part[1] <= size


@given(
    damaged_text("请联系张三 13912345678，户号3300012345678，身份证 11010119900307109X，东城区人民路12号3栋")
)
def test_any_text_is_masked_and_stays_masked(text):
    masked = mask(text)

    assert mask(masked) == masked


@given(
    st.sampled_from(sorted(set(_CHECKS) - {Type.UNIT, Type.CASE})),
    st.booleans() | st.text(max_size=20) | MOMENTS | damaged_text("12", "是", "a b", "2026-03-04"),
)
def test_whatever_stands_in_a_box_it_is_a_value_or_is_refused(kind, raw):
    field = Field("x", kind, required=False, choices=("a", "b"))

    _, refused = tried(lambda: clean((field,), {"x": raw}, NOW), BadInput)

    assert refused is None or list(refused.facts["fields"]) == ["x"]
