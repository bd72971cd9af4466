"""Logs and tables of orders are merged into one log, in any format, once, without anybody's number."""

import gzip
from datetime import timedelta

import pytest

from suyuan.actions import _foreign
from suyuan.actions.privacy import ledger, rights
from suyuan.actions.trace import Aside, How, forget_source, take_log
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import eventlog, kept_log
from suyuan.gateways.kept_log import Wanted
from suyuan.store import event_log
from suyuan.store.models import Event
from tests import event_logs
from tests.event_logs import ACCOUNT, METER, NEIGHBOUR, PERSONAL, PHONE
from tests.factories import NOW, actor, case_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
LATER = NOW + timedelta(days=1)
CHANGES = f"""换表工单编号,户号,旧表号,供电单位,班组,换表时间,发起时间,归档时间,承诺时限,客户名称
HB1,{ACCOUNT},{METER},0101,T1,2026/1/5 8:30,2026/1/5 17:00,,2026/1/9,张三丰
HB2,{NEIGHBOUR},440001,0101,T1,2026-01-06 08:30:00,,,,张三丰
"""


@pytest.fixture(autouse=True)
def no_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def take(path, by=SYSTEM, **how):
    return take_log(path=path, actor=by, now=NOW, how=How(**how))


def table(tmp_path, text, name="换表_20260105.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def kept():
    """Return all that is kept, by names."""
    log = kept_log.whole(event_log.path())
    events, things = log.events.to_pylist(), log.objects.to_pylist()
    told = set(zip(events, (log.activities[code] for code in log.activity), log.at.tolist(), strict=True))
    touches = {(events[a], things[b]) for a, b in zip(*(each.tolist() for each in log.touches), strict=True)}
    links = {(things[a], things[b]) for a, b in zip(*(each.tolist() for each in log.links), strict=True)}
    types = {thing: log.types[code] for thing, code in zip(things, log.type.tolist(), strict=True)}
    return told, touches, links, types


def orders(**narrow):
    return {one.sign: one for one in kept_log.orders(event_log.path(), Wanted(**narrow), 0, 100)}


@pytest.mark.parametrize("ending", ["sqlite", "json", "jsonocel", "xml", "csv", "csv.gz"])
def test_a_log_is_the_same_in_every_format(tmp_path, ending):
    whole = event_logs.write(tmp_path / "log.sqlite")
    take(whole)
    before = kept()
    other = tmp_path / f"log_2026-01-05.{ending}"
    if ending != "sqlite":
        eventlog.write(eventlog.read(whole), other)
        whole = other

    taken = take(whole)

    assert (taken.source, taken.new, taken.changed, taken.unchanged) == ("log", 0, 0, 8)
    assert (kept(), taken.nothing_new, taken.referenced) == (before, True, 5)


def test_a_log_without_ids_is_known_by_what_its_events_say(tmp_path):
    rows = ["工单,环节,时间,备注\n"] + [f"HB{n},换表,2026-01-0{n}T08:00:00+08:00,{n}\n" for n in range(1, 7)]
    layout = tmp_path / "l.toml"
    layout.write_text(
        'activity = "环节"\ntime = "时间"\n[[objects]]\ncolumn = "工单"\ntype = "换表单"\n', "utf-8"
    )
    for part, counts in (
        (rows[:4], (3, 0)),
        (rows[:1] + rows[3:], (3, 1)),
        (rows, (0, 6)),
        (rows[:2] * 1, (0, 1)),
    ):
        taken = take(table(tmp_path, "".join(part), "a.csv"), layout=str(layout))
        assert (taken.new, taken.unchanged) == counts

    assert len(kept()[0]) == 6


def test_the_next_days_table_adds_the_step_that_is_filled(tmp_path):
    first = take(table(tmp_path, CHANGES))
    assert (first.source, first.new, first.events) == ("meter_change", 3, 3)
    again = take(table(tmp_path, CHANGES, "换表_20260106.csv", "gb18030"))
    assert (again.nothing_new, again.unchanged) == (True, 3)

    text = CHANGES.replace("17:00,,", "17:00,2026/1/7,").replace("8:30,2026/1/5 17:00", "8:45,2026/1/5 17:00")
    later = take(table(tmp_path, text))

    assert (later.new, later.changed, later.unchanged) == (1, 1, 2)
    done = orders()["HB1"]
    assert (done.type, done.unit, done.step, done.steps, done.done) == ("换表单", "0101", "换表归档", 3, 1)
    assert done.promised == 1767974399000000  # the end of 2026-01-09 in Beijing
    assert list(orders(state="open")) == ["HB2"]
    assert [word for word in PERSONAL if word.encode() in event_log.path().read_bytes()] == []
    assert event_log.path().stat().st_mode & 0o777 == 0o600


def test_packed_and_cut_off(tmp_path):
    path = tmp_path / "换表.csv.gz"
    path.write_bytes(gzip.compress(CHANGES.encode())[:-20])
    with pytest.raises(BadInput):
        take(path)
    assert not event_log.path().exists()
    path.write_bytes(gzip.compress(CHANGES.encode()))
    assert take(path).new == 3


def test_what_cannot_be_taken_is_named_and_the_rest_is_taken(tmp_path):
    text = CHANGES + ",1,2,0101,T1,2026-01-05,,,,\nHB3,1,2,0101,T1,,,,,\nHB4,1,2,0101,T1,morgen,,,,\n"
    text += "HB1,1,2,0101,T1,2026-01-09,,,,\nHB5,1\n"

    taken = take(table(tmp_path, text))

    assert (taken.new, set(taken.quarantined)) == (3, {
        Aside("no_id", 1, ("row 4",)), Aside("no_time", 1, ("row 5",)), Aside("bad_time", 1, ("row 6",)),
        Aside("duplicate_event", 1, ("row 7",)), Aside("row_width", 1, ("row 8",)),
    })  # fmt: skip
    assert Event.objects.filter(stream="register:trace").latest("pk").detail["quarantined"] == 5


def test_two_sources_with_the_same_ids_are_two_and_share_their_objects(tmp_path):
    path = event_logs.write(tmp_path / "log.sqlite")
    take(path, source="营销")
    taken = take(path, source="生产")
    assert (taken.new, taken.events, taken.objects) == (8, 16, 10)
    assert [one.name for one in kept_log.sources(event_log.path())] == ["生产", "营销"]

    assert forget_source(name="生产", actor=actor("office"), now=NOW) == 8
    assert len(kept()[0]) == 8
    with pytest.raises(BadInput):
        forget_source(name="生产", actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        forget_source(name="营销", actor=actor("station"), now=NOW)
    assert Event.objects.filter(verb="event_log_forget").count() == 1


def test_a_file_may_stand_for_all_of_its_source(tmp_path):
    take(table(tmp_path, CHANGES))
    take(event_logs.write(tmp_path / "log.sqlite"))
    one = "\n".join(CHANGES.split("\n")[:2])

    assert take(table(tmp_path, one)).removed == 0
    taken = take(table(tmp_path, one), replace=True)

    assert (taken.removed, taken.unchanged, "HB2" in orders()) == (1, 2, False)
    assert taken.events == 8 + 2


def test_one_number_of_two_systems_with_other_accounts_is_said(tmp_path):
    other = CHANGES.replace(ACCOUNT, "3300000000009").replace("HB2", "HB3")
    assert take(table(tmp_path, CHANGES)).mixed == 0
    assert take(table(tmp_path, CHANGES), source="营销").mixed == 0

    taken = take(table(tmp_path, other), source="计量")

    assert taken.mixed == 1
    clashes = kept_log.clashes(event_log.path(), orders()["HB1"].thing)
    assert clashes == [("meter_change", "计量", "户号"), ("营销", "计量", "户号")]
    assert kept_log.clashes(event_log.path(), orders()["HB2"].thing) == []
    assert Event.objects.filter(verb="event_log_take").last().detail["mixed"] == 1


def test_what_changes_nothing_leaves_the_log_as_it_lies(tmp_path):
    take(table(tmp_path, CHANGES))
    before = event_log.state()

    take(table(tmp_path, CHANGES))

    assert event_log.state() == before
    verbs = Event.objects.filter(stream="register:trace").values_list("verb", flat=True)
    assert list(verbs) == ["event_log_take"] * 2


def test_a_shredding_reaches_every_source_and_no_later_file_undoes_it(tmp_path):
    case = case_at("archived")
    log = event_logs.write(tmp_path / "log.sqlite", case.number)
    take(log), take(table(tmp_path, CHANGES))
    mine = [event_log.reference("account", ACCOUNT), event_log.reference("meter", METER)]
    assert [name in kept()[3] for name in mine] == [True, True]

    ledger.shred_line(kind="case", keys=[case.pk], actor=SYSTEM, now=LATER)

    gone = kept()
    assert [name in gone[3] for name in (*mine, case.number)] == [False, False, False]
    for again in (log, table(tmp_path, CHANGES)):
        assert take(again).new == 0
    told, touches, _, types = kept()
    assert (told, touches, case.number in types) == (gone[0], gone[1], False)


def test_a_person_is_told_what_is_kept_of_every_source(tmp_path):
    case_at("archived")
    take(table(tmp_path, CHANGES))

    counts = rights.export(
        person=ACCOUNT, path=tmp_path / "p.zip", actor=actor("audit"), now=LATER,
        form={"purpose": "subject_request"},
    )  # fmt: skip

    assert counts["event_log"] == 1


def test_a_log_of_an_earlier_version_becomes_a_source_of_its_own(tmp_path):
    event_log.put(event_logs.earlier(tmp_path / "earlier.sqlite"))
    assert len(kept()[0]) == 2
    taken = take(table(tmp_path, CHANGES))

    assert (taken.new, taken.events) == (3, 5)
    assert {one.name for one in kept_log.sources(event_log.path())} == {"earlier", "meter_change"}
    assert "HB9" in kept()[3]


@pytest.mark.parametrize(("facts", "code"), [
    ({"source": "x" * 61}, "unknown_value"), ({"source": "a\nb"}, "unknown_value"),
    ({"layout": "nothing"}, "unknown_layout"), ({"layout": "reading"}, "log_layout"),
])  # fmt: skip
def test_what_is_said_of_a_file_is_checked(tmp_path, facts, code):
    with pytest.raises(BadInput) as caught:
        take(table(tmp_path, CHANGES), **facts)

    assert (caught.value.code, event_log.path().exists()) == (code, False)


def test_a_telephone_number_in_the_name_of_a_file_is_no_source(tmp_path):
    assert PHONE not in take(event_logs.write(tmp_path / f"log {PHONE} x.sqlite")).source


@pytest.mark.parametrize(("name", "rank"), [
    ("e00000123", 123), ("e12", 12), ("place_o-7", 7), ("0000042", 42), ("1234567", 1234567),
    ("13912345678", 0), ("88888888", 0), ("e1234567890", 0), ("330001234567X", 0), ("张三 12", 0), ("", 0),
])  # fmt: skip
def test_the_number_of_an_event_is_kept_where_it_can_be_nobodys(name, rank):
    assert _foreign._rank(name) == rank
