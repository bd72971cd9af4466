"""What is exported is imported as the same orders; what is quarantined can be corrected and imported."""

import csv
import gzip
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_files import GOOD, HEADERS, NOW, layout, read, rules, write_csv, write_xlsx

from suyuan.domain.errors import BadInput
from suyuan.domain.order import MILESTONES, NUMBER, OrderRecord
from suyuan.gateways.layout import export_orders, read_orders, write_quarantine
from suyuan.gateways.layout.record import TEXTS

CODES = layout("suyuan").codes
LATER = MILESTONES[MILESTONES.index("accepted_at") + 1 :]

nasty = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40
) | st.sampled_from(
    [
        "=1+1",
        "+86 10",
        "-1",
        "@SUM(A1)",
        "'=1",
        "''",
        "'",
        "第一行\n第二行",
        "\r\n",
        "１２３",
        "　",
        "_x0041_",
        '"',
        "a\tb",
        "合计",
    ]
)
number = st.from_regex(NUMBER, fullmatch=True).filter(lambda text: len(text) <= 40)
moment = st.integers(
    int(datetime(2001, 1, 1, tzinfo=UTC).timestamp() * 10**6),
    int(datetime(2025, 10, 31, tzinfo=UTC).timestamp() * 10**6),
).map(lambda micro: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro))


def code(name):
    return st.sampled_from([c for c in CODES[name] if c != "_blank"])


@st.composite
def records(draw):
    accepted = draw(moment)
    moments = draw(
        st.dictionaries(st.sampled_from([m for m in MILESTONES if m != "accepted_at"]), moment, max_size=4)
    )
    texts = {name: draw(nasty) for name in TEXTS}
    return OrderRecord(
        number=draw(number),
        business_type=draw(code("business_type")),
        category=draw(st.just("") | code("category")),
        accepted_at=accepted,
        account=draw(nasty),
        parent_number=draw(st.just("") | number),
        **texts,
        **{
            name: draw(st.just("") | code(name))
            for name in ("level", "channel", "site", "secrecy", "specialty", "finding", "satisfaction")
        },
        closed=draw(st.sampled_from([None, True, False])),
        is_child=draw(st.booleans()),
        target_at=draw(st.none() | moment),
        moments={k: max(v, accepted) if k in LATER else v for k, v in moments.items()},
        extra=draw(st.dictionaries(nasty, nasty, max_size=3)),
        notes=tuple(draw(st.lists(st.from_regex("[a-z_]{1,12}", fullmatch=True), max_size=2))),
    )


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.xlsx"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(orders=st.lists(records(), min_size=1, max_size=4, unique_by=lambda r: r.number))
def test_export_then_import_is_the_identity(tmp_path, name, orders):
    path = tmp_path / name

    count = export_orders(path, orders)

    outcomes = read(path, "suyuan")
    assert count == len(orders)
    assert [o.faults for o in outcomes] == [()] * count
    assert [o.record for o in outcomes] == orders


def test_times_are_written_with_their_offset(tmp_path):
    record = OrderRecord("1", "complaint", datetime(2025, 10, 1, 0, 5, tzinfo=UTC), "x")
    export_orders(tmp_path / "a.csv.gz", [record])

    with gzip.open(tmp_path / "a.csv.gz", "rt", encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)

    assert (row["受理时间"], row["业务类型"], row["是否子单"]) == (
        "2025-10-01T08:05:00+08:00",
        "complaint",
        "否",
    )


def test_a_text_no_cell_can_hold_is_an_error_not_a_loss(tmp_path):
    record = OrderRecord("1", "complaint", NOW, "长" * 40_000)

    with pytest.raises(BadInput) as caught:
        export_orders(tmp_path / "a.xlsx", [record])

    assert caught.value.code == "cell_too_long"


BAD = [
    ["2025100100002", "量子服务", "2025-10-01 08:05:00", "=cmd|' /C calc'!A0"],
    ["", "投诉", "昨天", "停电"],
    ["-1", "投诉", "2025-10-01 08:05:00", "'+8"],
]


@pytest.mark.parametrize(("source", "target"), [("a.csv", "q.csv"), ("a.xlsx", "q.xlsx")])
def test_quarantine_keeps_the_rows_and_says_why(tmp_path, source, target):
    rows = [["标题"], HEADERS, GOOD, *BAD]
    path = (write_csv if source.endswith("csv") else lambda p, r: write_xlsx(p, {"单": r}))(
        tmp_path / source, rows
    )
    reader = read_orders(path, layout(), now=NOW)

    count = write_quarantine(tmp_path / target, reader.headers, reader)

    again = read_orders(tmp_path / target, layout(), now=NOW)
    outcomes = list(again)
    assert count == 3
    assert again.headers == (*HEADERS, "行号", "列", "值", "规则")
    assert [o.raw[4:] for o in outcomes] == [
        ("4", "业务类型", "量子服务", "unknown_business_type"),
        ("5", "工单编号；受理时间", "；昨天", "missing_value；bad_date"),
        ("6", "工单编号", "'-1", "formula_cell"),
    ]
    assert [r for _, r in rules(outcomes)] == [r for _, r in rules(read(path))[:2]] + [
        [("工单编号", "'-1", "formula_cell")]
    ]


def test_a_corrected_quarantine_file_is_taken(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, *BAD])
    reader = read_orders(path, layout(), now=NOW)
    write_quarantine(tmp_path / "q.csv", reader.headers, reader)
    text = (tmp_path / "q.csv").read_text(encoding="utf-8-sig").replace("量子服务", "投诉", 1)
    (tmp_path / "q.csv").write_text(text, encoding="utf-8-sig")

    first, *_ = read(tmp_path / "q.csv")

    assert (first.record.number, first.record.text) == ("2025100100002", "=cmd|' /C calc'!A0")


def test_a_quarantine_of_a_quarantine_has_its_reasons_once(tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, *BAD])
    reader = read_orders(path, layout(), now=NOW)
    write_quarantine(tmp_path / "q.csv", reader.headers, reader)

    second = read_orders(tmp_path / "q.csv", layout(), now=NOW)
    write_quarantine(tmp_path / "r.csv", second.headers, second)

    assert read_orders(tmp_path / "r.csv", layout(), now=NOW).headers == (
        *HEADERS,
        "行号",
        "列",
        "值",
        "规则",
    )


def test_a_number_that_lost_its_end_stays_refused_in_quarantine(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"单": [HEADERS, [2.0251e15, *GOOD[1:]]]})
    reader = read_orders(path, layout(), now=NOW)
    write_quarantine(tmp_path / "q.csv", reader.headers, reader)

    assert [o.faults[0].rule for o in read(tmp_path / "q.csv")] == ["number_precision_lost"]


def test_a_layout_can_be_sent_to_a_worker():
    assert pickle.loads(pickle.dumps(layout())) == layout()  # noqa: S301 our own bytes


def test_the_suyuan_layout_has_every_field_of_an_order():
    fields = {c.field for c in layout("suyuan").columns} - {"target_at"}

    assert fields == {*OrderRecord.__dataclass_fields__, *MILESTONES} - {"moments", "target_at"}
    assert Path("no-such-home").exists() is False
