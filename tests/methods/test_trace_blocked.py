"""The paper's case: zero readings in a row go back to an address change that nobody archived (source 000)."""

import sqlite3
import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from suyuan.analytics.trace.blocked import Chain, trace
from suyuan.analytics.trace.log import Event, Log
from suyuan.analytics.trace.rules import Blocking, blocking, matches
from suyuan.domain.errors import BadInput, RulebookError
from suyuan.gateways import ocel

DAY = timedelta(days=1)
START = datetime(2025, 6, 1, 1, 0, tzinfo=UTC)
RECORD = tomllib.loads(resources.files("suyuan.rulebook").joinpath("causality.toml").read_text("utf-8"))[
    "rule"
][0]
RULE = blocking(RECORD, "causality.toml")
OTHER_NAMES = Blocking(
    id="own",
    title=RULE.title,
    sentence=RULE.sentence,
    basis="an office's own names",
    certainty="I",
    complaints=("ticket",),
    actors=("crew",),
    places=("acct",),
    symptom=("no figure",),
    normal=("figure",),
    at_least=2,
    within_days=90,
    refused=("stopped: *",),
    trigger=("swap",),
    begun=("swap filed",),
    opened=("mass edit opened",),
    archived=("mass edit closed",),
)
TYPES = {
    "T1": "95598工单", "A1": "户号", "A2": "户号", "AREA": "台区", "DZ1": "批量地址修改单", "HB1": "换表单",
    "team": "单位", "office": "单位", "reader": "人员", "station": "单位",
}  # fmt: skip
Row = tuple[float, str, str]
PAPER: tuple[Row, ...] = (
    (0, "批量地址修改发起", "DZ1 AREA office"),
    (1, "批量地址修改审核", "DZ1 AREA office"),
    (5, "抄表录入", "A1 reader station"),
    (10, "现场换表", "HB1 A1 team"),
    (11, "换表流程发起被拒", "HB1 A1 team DZ1"),
    (35, "抄表划零", "A1 reader station"),
    (65, "抄表划零", "A1 reader station"),
    (95, "抄表划零", "A1 reader station"),
    (99, "工单受理", "T1 A1 station"),
)
LINKS = (("A1", "AREA"), ("A2", "AREA"), ("DZ1", "AREA"))


def log_of(rows: tuple[Row, ...], types: dict[str, str] = TYPES) -> Log:
    events = [Event(f"e{n}", activity, START + day * DAY) for n, (day, activity, _) in enumerate(rows)]
    touches = [(f"e{n}", thing) for n, row in enumerate(rows) for thing in row[2].split()]
    return Log(events, types, touches, LINKS)


def found(chain: Chain | None) -> tuple[object, ...] | None:
    if chain is None:
        return None
    return (*((node.thing, tuple(e.id for e in node.events)) for node in chain.nodes), chain.how)


def test_the_paper_case_goes_back_to_the_order_never_archived_and_spares_the_reader():
    chain = trace(log_of(PAPER), "T1", RULE)

    assert found(chain) == (
        ("T1", ("e8",)),
        ("A1", ("e5", "e6", "e7")),
        ("HB1", ("e3", "e4")),
        ("DZ1", ("e0", "e1")),
        "named",
    )
    assert chain is not None
    assert (set(chain.spared), chain.open_for) == ({"reader", "station"}, 99 * DAY)


def test_the_owner_is_who_did_the_last_step_of_the_order_itself():
    chain = trace(log_of(PAPER), "T1", RULE)

    assert chain is not None
    assert (chain.owners, chain.blocker.events[-1].activity) == (("office",), "批量地址修改审核")
    assert [(n.role, n.first_at, n.last_at) for n in chain.nodes][3] == ("blocker", START, START + 1 * DAY)


@pytest.mark.parametrize(
    ("change", "how"),
    [
        pytest.param({4: (11, "换表流程发起被拒", "HB1 A1 team")}, "place", id="refusal names no order"),
        pytest.param({4: (11, "备注", "HB1 A1 team")}, "place", id="never begun"),
        pytest.param(
            {1: (1, "批量地址修改审核", "DZ1 A1 office"), 4: (11, "备注", "HB1 A1 team")},
            "account",
            id="account",
        ),
    ],
)
def test_the_blocker_is_found_without_being_named(change: dict[int, Row], how: str):
    rows = tuple(change.get(n, row) for n, row in enumerate(PAPER))

    chain = trace(log_of(rows), "T1", RULE)

    assert chain is not None
    assert (chain.blocker.thing, chain.how) == ("DZ1", how)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            (*PAPER, (8, "批量地址修改归档", "DZ1 AREA office")), id="archived before the meter was changed"
        ),
        pytest.param((*PAPER[:6], *PAPER[7:]), id="only two zero readings"),
        pytest.param((*PAPER, (96, "抄表录入", "A1 reader station")), id="a reading ended the run"),
        pytest.param((*PAPER, (11.5, "换表流程发起", "HB1 A1 team")), id="the exchange was begun after all"),
        pytest.param((*PAPER[1:2], *PAPER[2:]), id="no order stood open"),
        pytest.param(PAPER[:-1], id="no complaint"),
        pytest.param((*PAPER[:3], *PAPER[5:]), id="no meter was changed"),
        pytest.param(
            ((-200, "抄表划零", "A1 reader station"), *PAPER[:6], *PAPER[7:]), id="the third is too long ago"
        ),
    ],
)
def test_nothing_is_claimed_that_the_log_does_not_show(rows: tuple[Row, ...]):
    assert trace(log_of(rows), "T1", RULE) is None


def test_the_method_knows_no_name_of_its_own():
    types = dict(
        zip(
            ["T", "A", "M", "X", "crew1", "crew2"],
            ["ticket", "acct", "form", "form", "crew", "crew"],
            strict=True,
        )
    )
    rows = (
        (0.0, "mass edit opened", "X A crew1"),
        (1.0, "stopped: busy", "M A crew2 X"),
        (2.0, "no figure", "A crew2"),
        (3.0, "no figure", "A crew2"),
        (4.0, "call", "T A"),
    )

    chain = trace(log_of(rows, types), "T", OTHER_NAMES)

    assert found(chain) == (("T", ("e4",)), ("A", ("e2", "e3")), ("M", ("e1",)), ("X", ("e0",)), "named")


def test_what_touches_an_event_that_is_not_there_is_left_out():
    log = Log([Event("e1", "call", START)], {"T1": "ticket"}, [("e1", "T1"), ("e2", "T1")])

    assert [event.id for event in log.events("T1")] == ["e1"]


def test_patterns_take_a_star_for_any_text():
    assert [matches(name, ("*划零*", "zero")) for name in ("抄表划零", "zero", "抄表录入")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"at_least": 0}, "at_least"),
        ({"symptom": []}, "symptom"),
        ({"title": {"zh": "只有中文"}}, "title"),
        ({"basis": ""}, "basis"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_rule_names_file_and_key(change: dict[str, object], key: str):
    with pytest.raises(RulebookError) as caught:
        blocking({**RECORD, **change}, "own.toml")

    assert (caught.value.facts["file"], caught.value.facts["key"]) == ("own.toml", key)


def test_a_rule_with_a_key_missing_is_refused():
    with pytest.raises(RulebookError) as caught:
        blocking({key: value for key, value in RECORD.items() if key != "refused"}, "own.toml")

    assert caught.value.facts == {"file": "own.toml", "key": "refused", "problem": "missing_key"}


def ocel_file(path: Path, rows: tuple[Row, ...] = PAPER) -> Path:
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type);"
            "CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);"
            "CREATE TABLE object_object (ocel_source_id, ocel_target_id, ocel_qualifier);"
            "CREATE TABLE event_map_type (ocel_type, ocel_type_map);"
        )
        for n, activity in enumerate(dict.fromkeys(row[1] for row in rows)):
            db.execute("INSERT INTO event_map_type VALUES (?, ?)", (activity, f"T{n}"))
            db.execute(f"CREATE TABLE event_T{n} (ocel_id, ocel_time)")
        tables = dict(db.execute("SELECT * FROM event_map_type"))
        for n, (day, activity, things) in enumerate(rows):
            db.execute("INSERT INTO event VALUES (?, ?)", (f"e{n}", activity))
            db.execute(
                f"INSERT INTO event_{tables[activity]} VALUES (?, ?)",
                (f"e{n}", (START + day * DAY).isoformat()),
            )
            db.executemany(
                "INSERT INTO event_object VALUES (?, ?, '')", [(f"e{n}", thing) for thing in things.split()]
            )
        db.executemany("INSERT INTO object VALUES (?, ?)", TYPES.items())
        db.executemany("INSERT INTO object_object VALUES (?, ?, '')", LINKS)
    db.close()
    return path


def near(path: Path) -> ocel.Slice:
    def leaf(name: str) -> bool:
        return matches(name, RULE.actors)

    def activity(name: str) -> bool:
        return matches(name, (*RULE.opened, *RULE.archived))

    return ocel.around(path, "T1", hops=3, leaf=leaf, activity=activity)


def test_a_log_file_gives_the_same_chain(tmp_path: Path):
    part = near(ocel_file(tmp_path / "log.sqlite"))

    log = Log([Event(*row) for row in part.events], part.types, part.touches, part.links)

    assert found(trace(log, "T1", RULE)) == found(trace(log_of(PAPER), "T1", RULE))


def test_objects_with_many_such_events_are_counted_in_the_file(tmp_path: Path):
    path = ocel_file(tmp_path / "log.sqlite")

    assert ocel.objects_with(path, lambda name: "划零" in name, 3) == {"A1": 3, "reader": 3, "station": 3}
    assert ocel.types_of(path, ["A1", "reader"]) == {"A1": "户号", "reader": "人员"}


def test_a_missing_or_broken_log_says_so(tmp_path: Path):
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database, only some text that is long enough to be read as a header " * 4)

    codes = []
    for path in (tmp_path / "none.sqlite", broken):
        with pytest.raises(BadInput) as caught:
            near(path)
        codes.append(caught.value.code)

    assert codes == ["log_missing", "log_unreadable"]


def test_a_time_without_zone_is_refused(tmp_path: Path):
    path = ocel_file(tmp_path / "log.sqlite")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE event_T0 SET ocel_time = '2025-06-01 09:00:00'")
    db.close()

    with pytest.raises(BadInput) as caught:
        near(path)

    assert caught.value.code == "log_time"
