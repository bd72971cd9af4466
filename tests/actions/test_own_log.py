"""The home's own events as a log: cases, what they are about, promises; nobody by name, nothing secret."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from suyuan.actions import exports, imports, own_log
from suyuan.actions.own_log import Scope
from suyuan.actions.privacy import ledger
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.procedures import CURRENT
from suyuan.gateways import eventlog
from suyuan.store import event_log, seal
from suyuan.store.models import Case, Event
from tests.factories import FORMS, NOW, actor, case_at, do, order_at, person
from tests.methods.order_files import write_csv

pytestmark = pytest.mark.django_db
ACCOUNT, PHONE = "3300012345678", "13912345678"
DAY = timedelta(days=1)
START = datetime(1970, 1, 1, tzinfo=UTC)


def made(now: datetime = NOW + DAY, **scope: object) -> eventlog.Columns:
    return own_log.columns(Scope(**scope), now)


def names(log: eventlog.Columns) -> dict[str, str]:
    """Return the type of each object by its id."""
    return dict(zip(log.object_ids.to_pylist(), [log.types[code] for code in log.type], strict=True))


def course(log: eventlog.Columns, thing: str) -> list[tuple[str, datetime]]:
    """Return what happened to an object, and when."""
    at = log.object_ids.to_pylist().index(thing)
    events = log.touch_event[log.touch_object == at]
    return [(log.activities[log.activity[e]], START + timedelta(microseconds=int(log.at[e]))) for e in events]


def links(log: eventlog.Columns) -> set[tuple[str, str, str]]:
    ids = log.object_ids.to_pylist()
    rows = zip(log.link_source, log.link_target, log.link_qualifier, strict=True)
    return {(ids[source], ids[target], log.qualifiers[how]) for source, target, how in rows}


def said(log: eventlog.Columns, thing: str) -> dict[str, tuple[str, int | None]]:
    ids = log.object_ids.to_pylist()
    rows = log.attributes_of_objects.to_pylist()
    return {row["name"]: (row["value"], row["at"]) for row in rows if ids[row["object"]] == thing}


def test_every_procedure_has_a_name_in_the_log():
    assert [name for name in CURRENT if own_log.word("log_type", name) == name] == []


def test_every_verb_of_a_case_is_an_event_on_what_it_is_about():
    case = case_at("handling")
    log = made()

    account = event_log.meeting(case.account_index)
    assert [name for name, _ in course(log, case.number)] == ["受理", "登记", "派单", "接单"]
    assert [at for _, at in course(log, case.number)] == [NOW + timedelta(minutes=n) for n in range(4)]
    assert course(log, account) == course(log, case.number)
    assert {kind for thing, kind in names(log).items() if not event_log.is_reference(thing)} == {
        *("投诉工单", "单位"),
    }
    assert names(log)[account] == "户号"
    assert links(log) == {
        (case.number, account, "涉及"),
        (case.number, event_log.meeting(case.phone_index), "涉及"),
    }


def test_people_are_references_and_no_byte_says_who_anybody_is(tmp_path):
    case = case_at("handling")
    out = tmp_path / "own.json"
    exports.event_log(path=out, username="", actor=SYSTEM, now=NOW)

    raw = out.read_text("utf-8")
    assert [
        word for word in (ACCOUNT, PHONE, "张三丰", "人民路", "agent", "station", "未抄表") if word in raw
    ] == []
    people = {thing for thing, kind in names(made()).items() if kind == "人员"}
    assert people == {event_log.reference("account", name) for name in ("agent", "office", "station")}
    assert case.number in raw


@pytest.mark.parametrize("ending", ["sqlite", "json", "xml"])
def test_it_is_read_again_as_it_was_written(tmp_path, ending):
    order_at("signing")
    out = tmp_path / f"own.{ending}"
    log = exports.event_log(path=out, username="", actor=SYSTEM, now=NOW).log

    again = eventlog.read(out)
    assert (again.activities, again.types, again.qualifiers) == (log.activities, log.types, log.qualifiers)
    assert again.event_ids.to_pylist() == log.event_ids.to_pylist()
    assert np.array_equal(again.at, log.at)
    assert links(again) == links(log)
    assert sorted(map(str, again.attributes_of_objects.to_pylist())) == sorted(
        map(str, log.attributes_of_objects.to_pylist())
    )
    assert again.quarantined == []


def test_a_case_opened_from_another_is_linked_to_it():
    order = order_at("drafted")
    complaint = order.parent_number

    assert (order.number, complaint, "源自") in links(made())
    assert names(made())[order.number] == "整改单"


def test_what_it_is_about_is_told_since_when():
    case = case_at("registered")
    do(case, "classify", "office", NOW + DAY, category="outage.notice.none")
    log = made(NOW + 2 * DAY)

    rows = [row for row in log.attributes_of_objects.to_pylist() if row["name"] == "category"]
    assert [(row["value"], START + timedelta(microseconds=row["at"])) for row in rows][-1] == (
        "outage.notice.none",
        NOW + DAY,
    )
    assert said(log, case.number)["channel"] == ("95598", None)


def test_milestones_of_an_imported_order_stand_for_its_import(tmp_path):
    head = ["工单编号", "业务类型", "受理时间", "受理内容", "供电单位", "户号", "台区名称"]
    head += ["派单时间", "到达现场时间", "恢复送电时间", "归档时间", "工单状态"]
    row = ["N1", "故障报修", "2026-03-01 08:00:00", "没电", "0101 东城供电所", ACCOUNT, "东城1号台区"]
    row += [f"2026-03-01 {hour}:00:00" for hour in ("09", "10", "11", "12")] + ["归档"]
    summary = imports.run(
        path=write_csv(tmp_path / "a.csv", [head, row]), layout="auto", actor=SYSTEM, now=NOW
    )
    assert summary.accepted == 1
    log = made()

    told = course(log, "N1")
    assert [name for name, _ in told] == ["受理", "派单", "到达现场", "恢复供电", "归档"]
    assert told[-1][1] == datetime(2026, 3, 1, 4, tzinfo=UTC)
    account = event_log.reference("account", ACCOUNT)
    assert (account, "东城1号台区", "所属") in links(log)
    assert names(log)["N1"] == "报修单"


def test_a_promise_is_over_when_its_day_has_passed_and_then_kept_or_moved():
    case = case_at("registered")
    for _ in range(3):
        case = do(case, "promise", "office", **FORMS["promise"](case))  # all by 2026-03-10
    case = do(case, "keep_promise", "office", NOW + DAY, commitment="1")
    case = do(
        case, "move_promise", "office", NOW + DAY, commitment="3", promised_on="2026-03-30", note="缺货"
    )
    do(case, "keep_promise", "office", NOW + 9 * DAY, commitment="2", note="晚了")
    log = made(NOW + 20 * DAY)

    over = datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert course(log, f"{case.number}-1") == [("作出承诺", NOW), ("兑现承诺", NOW + DAY)]
    assert course(log, f"{case.number}-2") == [
        *(("作出承诺", NOW), ("承诺到期未兑现", over), ("兑现承诺", NOW + 9 * DAY)),
    ]
    assert course(log, f"{case.number}-3") == [("作出承诺", NOW), ("承诺改期", NOW + DAY)]
    assert course(log, f"{case.number}-4") == [("作出承诺", NOW + DAY)]
    assert (f"{case.number}-4", case.number, "源自") in links(log)


def test_restricted_cases_are_there_for_audit_that_asks_and_then_without_anybody(tmp_path):
    secret = case_at("registered", "report")
    case = case_at("registered")
    person("audit", "01")
    person("office", "01")
    Case.objects.filter(pk=case.pk).update(secrecy="confidential")

    assert {secret.number, case.number} & set(names(made())) == set()
    with pytest.raises(Refused) as no:
        exports.event_log(
            path=tmp_path / "a.json", username="office", secret=True, actor=actor("office"), now=NOW
        )
    assert no.value.code == "not_your_role"
    log = exports.event_log(
        path=tmp_path / "b.json", username="audit", secret=True, actor=actor("audit"), now=NOW
    ).log
    assert {secret.number, case.number} <= set(names(log))
    assert set(names(log).values()) == {"举报工单", "投诉工单", "单位"}
    assert said(log, secret.number) == {}


def test_who_takes_it_out_has_to_be_allowed_and_is_written_down(tmp_path):
    case_at("registered")
    person("station", "0101")
    with pytest.raises(Refused) as no:
        exports.event_log(path=tmp_path / "a.json", username="station", actor=actor("station"), now=NOW)
    with pytest.raises(BadInput):
        exports.event_log(path=tmp_path / "a.json", username="nobody", actor=SYSTEM, now=NOW)
    with pytest.raises(BadInput):
        exports.event_log(path=tmp_path / "a.doc", username="", actor=SYSTEM, now=NOW)
    assert (no.value.code, list(tmp_path.iterdir())) == ("not_your_role", [])

    taken = exports.event_log(path=tmp_path / "a.json", username="office", actor=actor("office"), now=NOW)
    event = Event.objects.get(stream="register:export")
    assert (event.actor, event.verb, event.objects_json) == ("office", "export", [["export", taken.code]])
    assert event.detail["event_log"] == ".json"
    assert event.detail["events"] == len(taken.log.at)


def test_only_what_is_in_reach_leaves(tmp_path):
    case_at("handling")
    person("office", "0102", "other")
    log = exports.event_log(
        path=tmp_path / "a.json", username="other", actor=actor("office", "0102", "other"), now=NOW
    ).log

    assert (len(log.at), len(log.type)) == (0, 0)


def test_somebody_who_is_shredded_is_in_no_log():
    case = case_at("archived")
    other = case_at("handling", account="3300099999999", phone="13800000000")
    ledger.shred_line(kind="case", keys=[case.pk], actor=SYSTEM, now=NOW + DAY)
    log = made(NOW + 2 * DAY)

    assert case.number not in names(log)
    assert event_log.meeting(seal.index("account", ACCOUNT)) not in names(log)
    assert other.number in names(log)


def test_traced_are_steps_alone_and_every_complaint_with_its_account():
    case = case_at("handling")
    do(case, "note", "station", note="已到现场")
    Case.objects.filter(pk=case.pk).update(restricted=True)
    log = made(traced=True)

    assert [name for name, _ in course(log, case.number)] == ["受理", "派单", "接单"]
    assert event_log.meeting(case.account_index) in names(log)
    assert "人员" not in log.types
