"""A log handed in is taken over without a number that leads to anybody, and a shredding reaches it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from suyuan.actions import traced
from suyuan.actions.privacy import ledger, rights
from suyuan.actions.trace import Aside, Taken, take_log
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import kept_log
from suyuan.store import chain, event_log, seal
from suyuan.store.models import Case, Event
from tests import event_logs
from tests.event_logs import ACCOUNT, METER, NEIGHBOUR, PERSONAL, PHONE
from tests.factories import NOW, actor, case_at, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def no_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def take(tmp_path, case="SY1", by=SYSTEM) -> Taken:
    file = event_logs.write(tmp_path / f"{case}.sqlite", case)
    try:
        return take_log(path=file, actor=by, now=NOW)
    finally:
        file.unlink()


def kept() -> kept_log.Whole:
    return kept_log.whole(event_log.path())


def objects() -> dict[str, str]:
    with closing(sqlite3.connect(event_log.path())) as link:
        return dict(link.execute("SELECT o.name, t.name FROM object o JOIN type t ON t.id = o.type"))


def test_no_byte_of_it_says_who_somebody_is(tmp_path):
    assert take(tmp_path) == Taken("SY", 8, 0, 0, 0, referenced=5, left_out=0, events=8, objects=10)

    raw = event_log.path().read_bytes()
    assert [word for word in PERSONAL if word.encode() in raw] == []
    assert {thing for thing in objects() if not event_log.is_reference(thing)} == {
        "TQ1", "0101", "DZ0000001", "HB0000001", "SY1"
    }  # fmt: skip
    assert event_log.path().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("zone", "code"), [("", "log_zone"), ("Mars/Base", "unknown_value")])
def test_times_without_a_zone_are_asked_about(tmp_path, zone, code):
    with pytest.raises(BadInput) as caught:
        take_log(path=_without_zones(tmp_path), actor=SYSTEM, now=NOW, zone=zone)

    assert (caught.value.code, event_log.path().exists()) == (code, False)


def test_times_without_a_zone_are_those_of_the_zone_that_is_named(tmp_path):
    take_log(path=_without_zones(tmp_path), actor=SYSTEM, now=NOW, zone="Asia/Shanghai")

    assert (len(kept().at), kept().at[0]) == (8, 1767225600000000)


def _without_zones(tmp_path):
    file = event_logs.write(tmp_path / "bare.sqlite", "SY1")
    with closing(sqlite3.connect(file)) as link:
        for (table,) in link.execute("SELECT ocel_type_map FROM event_map_type").fetchall():
            link.execute(f"UPDATE event_{table} SET ocel_time = substr(ocel_time, 1, 19)")
        link.commit()
    return file


def test_numbers_meet_those_of_the_cases(tmp_path):
    case = case_at("archived")
    take(tmp_path, case.number)

    there = objects()
    assert there[event_log.meeting(case.account_index)] == "户号"
    assert there[event_log.meeting(case.phone_index)] == "联系电话"
    assert there[event_log.meeting(seal.index("meter", METER))] == "电能表"


def test_a_log_of_one_complaint_says_too_little_to_tell(tmp_path):
    take(tmp_path)

    answer = traced.traced_of("SY1")

    assert (answer.traced.chains, answer.source, answer.spared) == ((), "", ())
    assert traced.known().newest == ("SY1",)
    assert [traced.traced_of(other) for other in ("SY2", "0101", "DZ0000001")] == [None, None, None]


def test_the_whole_log_is_read_in_the_order_of_time(tmp_path):
    take(tmp_path)

    whole = kept()

    assert [whole.activities[code] for code in whole.activity] == [
        "批量地址修改发起", "现场换表", "换表流程发起被拒", *["抄表划零"] * 3, "投诉受理", "抄表录入"
    ]  # fmt: skip
    assert whole.at[0] == 1767225600000000
    assert (len(whole.touches[0]), len(whole.links[0])) == (24, 3)


def test_a_number_that_looks_like_somebodys_becomes_a_reference_whatever_it_is_called(tmp_path):
    take(tmp_path, case=PHONE)

    assert PHONE not in objects()


def test_a_case_here_keeps_its_number_however_it_looks(tmp_path):
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(number="3100012345")

    take(tmp_path, "3100012345")

    assert objects()["3100012345"] == "投诉工单"


def test_it_is_an_event_without_a_number_and_takes_an_office(tmp_path):
    take(tmp_path, by=actor("office"))
    with pytest.raises(Refused) as refused:
        take(tmp_path, by=actor("leader"))

    assert refused.value.code == "not_your_role"
    [event] = Event.objects.filter(stream="register:trace")
    assert event.verb == "event_log_take"
    assert event.detail.pop("digest").isalnum()
    assert event.detail == {
        "source": "SY", "new": 8, "changed": 0, "unchanged": 0, "removed": 0, "referenced": 5, "left_out": 0,
        "events": 8, "objects": 10, "mixed": 0, "quarantined": 0, "form": "sqlite",
    }  # fmt: skip
    assert chain.verify()[0] > 0


def test_a_moment_that_is_none_is_set_aside_and_not_repeated(tmp_path):
    file = event_logs.write(tmp_path / "odd.sqlite")
    with closing(sqlite3.connect(file)) as link:
        link.executescript(f"UPDATE event_A0 SET ocel_time = '{PHONE}'")

    taken = take_log(path=file, actor=SYSTEM, now=NOW)

    assert (taken.new, PHONE in str(taken)) == (7, False)
    assert Aside("bad_time", 1, ("event 1",)) in taken.quarantined


@pytest.mark.parametrize("sql", [
    "UPDATE object SET ocel_id = x'00'",
    "DROP TABLE event_object",
    "DROP TABLE event; CREATE VIEW event AS SELECT 'e1' AS ocel_id, '投诉受理' AS ocel_type",
])  # fmt: skip
def test_a_log_that_is_none_changes_nothing(tmp_path, sql):
    take(tmp_path)
    before = event_log.path().read_bytes()
    file = event_logs.write(tmp_path / "odd.sqlite")
    with closing(sqlite3.connect(file)) as link:
        link.executescript(sql)

    with pytest.raises(BadInput) as refused:
        take_log(path=file, actor=SYSTEM, now=NOW)

    assert PHONE not in str(refused.value.facts)
    assert event_log.path().read_bytes() == before
    assert Event.objects.filter(stream="register:trace").count() == 1


def shred() -> None:
    rights.shred(person=ACCOUNT, actor=actor("office"), now=LATER)
    rights.shred(person=ACCOUNT, actor=actor("audit"), now=LATER)


def test_a_shredding_reaches_the_log_and_nobody_else_in_it(tmp_path, django_capture_on_commit_callbacks):
    case = case_at("archived")
    take(tmp_path, case.number)
    form = {"purpose": "subject_request"}
    counts = rights.export(
        person=ACCOUNT, path=tmp_path / "p.zip", actor=actor("audit"), now=LATER, form=form
    )
    assert counts["event_log"] == 4

    with django_capture_on_commit_callbacks(execute=True):
        shred()

    left = objects()
    assert case.number not in left
    gone = [("account", ACCOUNT), ("phone", PHONE), ("meter", METER)]
    assert [event_log.reference(*each) in left for each in gone] == [False, False, False]
    assert left[event_log.reference("account", NEIGHBOUR)] == "户号"
    assert len(left) == 6
    raw = event_log.path().read_bytes()
    assert [each for each in gone if event_log.reference(*each).encode() in raw] == []


def test_a_log_taken_over_afterwards_does_not_bring_the_case_back(tmp_path):
    case = case_at("archived")
    form = {"purpose": "subject_request"}
    rights.export(person=ACCOUNT, path=tmp_path / "p.zip", actor=actor("audit"), now=LATER, form=form)
    shred()

    taken = take(tmp_path, case.number)

    assert (taken.left_out, case.number in objects()) == (1, False)


def test_a_restore_reaches_the_log_again(tmp_path):
    case = case_at("archived")
    take(tmp_path, case.number)

    ledger.shred_line(kind="case", keys=[case.pk], actor=SYSTEM, now=LATER)

    assert event_log.reference("account", ACCOUNT) not in objects()


def test_a_shredding_while_a_log_is_made_makes_it_anew(tmp_path, monkeypatch):
    from suyuan.actions import trace

    case = case_at("archived")
    person("office"), person("audit")
    merge, times = trace.kept_log.merge, []

    def slow(*given, **more):
        counts = merge(*given, **more)
        if not times:
            ledger.shred_line(kind="case", keys=[case.pk], actor=SYSTEM, now=LATER)
        times.append(1)
        return counts

    monkeypatch.setattr(trace.kept_log, "merge", slow)

    assert (take(tmp_path, case.number).left_out, len(times)) == (1, 2)
    assert Event.objects.filter(stream="register:trace").count() == 1
