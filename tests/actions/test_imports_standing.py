"""Where an imported order stands, and which clocks judge it: those of its own day, or none, saying why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.actions.perform import perform
from suyuan.actions.sweep import sweep
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Message, Rung
from suyuan.store.queries import history, inquiry, viewer
from tests.factories import FORMS, PATHS, actor, do, person, unit, who
from tests.import_files import BOSTON, CITIZEN, bring, grid_tsv, order
from tests.methods.order_files import NOW, write_csv

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_an_order_older_than_every_rule_is_not_judged(tmp_path):
    old = order(accepted="2002-05-06 10:00:00", 回单时间="2002-05-07 10:00:00", 工单状态="归档")

    bring(write_csv(tmp_path / "a.csv", old))

    case = Case.objects.get()
    assert (case.clock_reason, case.clocks.count()) == ("no_rule_in_force", 0)


def test_an_order_older_than_the_binding_rule_has_no_binding_clock(tmp_path):
    old = order(accepted="2015-05-06 10:00:00", 回单时间="2015-05-07 10:00:00", 工单状态="归档")

    bring(write_csv(tmp_path / "a.csv", old))

    case = Case.objects.get()
    assert (case.clock_reason, list(case.clocks.values_list("limit", "binding"))) == (
        "no_rule_in_force",
        [("complaint.answer.public", False)],
    )
    since = date(2021, 9, 25)
    assert history.not_yet(case, NOW) == [
        (f"complaint.{name}", since) for name in ("dispatch", "contact", "answer")
    ]


def test_an_order_of_unknown_type_is_kept_and_not_judged(tmp_path):
    bring(grid_tsv(tmp_path))

    assert (
        list(Case.objects.order_by("number").values_list("procedure", "type_code", "state", "clock_reason"))
        == [("imported", "005", "open", "type_unknown")] * 2
    )
    assert Clock.objects.count() == 0


def test_a_target_in_the_file_is_the_clock_that_binds(tmp_path):
    rows = order(要求完成时间="2025-10-03 12:00:00", 回单时间="2025-10-03 13:00:00", 归档时间="2025-10-04")

    bring(write_csv(tmp_path / "a.csv", rows))

    case = Case.objects.get()
    clock = case.clocks.get(binding=True)
    assert (clock.limit, clock.kind, clock.certainty, case.clock_reason) == (
        "imported.target",
        "imported",
        "file",
        "",
    )
    assert (clock.due_at, clock.stopped_at) == (
        datetime(2025, 10, 3, 4, tzinfo=UTC),
        datetime(2025, 10, 3, 5, tzinfo=UTC),
    )


def test_an_order_without_the_target_its_file_has_a_column_for_has_no_target(tmp_path):
    rows = [row.copy() for row in BOSTON[:2]]
    rows[1][2] = ""

    bring(write_csv(tmp_path / "boston.csv", rows))

    assert Case.objects.values_list("clock_reason", "procedure").get() == ("no_target", "imported")


def test_a_closed_order_without_an_answer_time_is_not_judged_by_one(tmp_path):
    bring(write_csv(tmp_path / "a.csv", order(工单状态="归档", 归档时间="2025-10-05 10:00:00")))

    case = Case.objects.get()
    assert (case.state, case.clock_reason, case.answered_at) == ("archived", "no_answer_time", None)
    assert not case.clocks.filter(binding=True).exists()


LANDS = [
    ("投诉", {}, "registered"),
    ("投诉", {"派单时间": "2025-10-01 08:20:00"}, "dispatched"),
    ("投诉", {"派单时间": "2025-10-01 08:20:00", "接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("投诉", {"回单时间": "2025-10-01 10:00:00"}, "callback"),
    ("举报", {"接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("意见", {"接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("业务咨询", {"派单时间": "2025-10-01 08:20:00"}, "dispatched"),
    ("故障报修", {"接单时间": "2025-10-01 08:30:00", "到达现场时间": "2025-10-01 08:50:00"}, "on_site"),
    (
        "故障报修",
        {
            "接单时间": "2025-10-01 08:30:00",
            "到达现场时间": "2025-10-01 08:50:00",
            "复电时间": "2025-10-01 09:50:00",
        },
        "restored",
    ),
    ("电能表异常", {"接单时间": "2025-10-01 08:30:00", "到达现场时间": "2025-10-01 08:50:00"}, "on_site"),
]


@pytest.mark.parametrize(("kind", "times", "state"), LANDS, ids=[f"{k} {s}" for k, _, s in LANDS])
def test_an_open_order_lands_where_its_times_say_and_is_worked_to_the_archive(tmp_path, kind, times, state):
    unit()
    site = {"现场分类": "城区"} if kind == "故障报修" else {}
    bring(
        write_csv(tmp_path / "a.csv", order(kind=kind, 供电单位="0101", 工单状态="处理中", **site, **times))
    )
    case = Case.objects.select_related("unit").get()
    landed = case.state

    while case.state != "archived":
        verb = next_verb(case)
        form = FORMS[verb](case)
        if form.get("finding"):
            form["finding"] = "unverified"  # what was true would be put right first
        perform(number=case.number, verb=verb, actor=actor(who(case, verb)), now=NOW, form=form)
        case = Case.objects.select_related("unit").get()

    assert landed == state
    assert (case.is_open, case.next_due_at) == (False, None)
    assert {clock.state for clock in case.clocks.all()} <= {"stopped", "void"}
    assert chain.verify([f"case:{case.number}"])[0] == 1


def next_verb(case):
    """Return the verb of the happy path that comes next for a case that was put in at any state."""
    reached = {
        "registered": "dispatch",
        "dispatched": "accept",
        "on_site": {"repair": "restore", "application": "answer"}.get(case.procedure),
        "restored": "answer",
        "reviewing": "review_pass",
        "callback": "archive" if case.called_back_at else "call_back",
    }
    owed = inquiry.of(case)
    if case.state == "callback" and owed.unjudged:
        return "judge_item"
    if case.state in ("reviewing", "callback") and owed.missing:
        return owed.missing[0]
    if case.state != "handling":
        return reached[case.state]
    if case.procedure in ("complaint", "report", "opinion") and case.contacted_at is None:
        return "contact"
    if owed.missing:
        return owed.missing[0]
    done = "write_report" if case.sheets else "contact"
    path = PATHS[case.procedure]
    return path[path.index(done if done in path else "accept") + 1]


def test_a_target_that_is_taken_back_and_given_again_is_void_and_binds_again(tmp_path):
    unit()
    seen = []
    for week, target in enumerate(["2025-10-03 12:00:00", "", "2025-10-04 12:00:00"]):
        bring(
            write_csv(
                tmp_path / f"{week}.csv", order(要求完成时间=target, 供电单位="0101", 工单状态="处理中")
            )
        )
        clocks = Case.objects.get().clocks.exclude(state="void")
        seen.append(
            (
                list(clocks.filter(binding=True).values_list("limit", flat=True)),
                Case.objects.get().next_due_at,
            )
        )

    assert seen == [
        (["imported.target"], datetime(2025, 10, 3, 4, tzinfo=UTC)),
        (["complaint.answer"], datetime(2025, 10, 13, 16, tzinfo=UTC)),
        (["imported.target"], datetime(2025, 10, 4, 4, tzinfo=UTC)),
    ]


OWED = ["complaint.dispatch", "complaint.contact", "complaint.answer"]


def running(case) -> dict[str, bool]:
    """Return the internal clocks of an open order, and whether somebody is still to be told of each."""
    rows = case.clocks.filter(state="running", kind="internal").exclude(limit__startswith="complaint.close")
    return {clock.limit: clock.next_rung_at is not None for clock in rows if clock.limit in OWED}


def opened(tmp_path, hours: float, state: str = "处理中", **times: str) -> Case:
    """Return an open complaint accepted so many hours ago, from a file without columns for what is owed."""
    unit()
    at = (NOW - timedelta(hours=hours)).astimezone(SHANGHAI)
    bring(
        write_csv(
            tmp_path / "a.csv",
            order(accepted=f"{at:%Y-%m-%d %H:%M:%S}", 供电单位="0101", 工单状态=state, **times),
        )
    )
    return Case.objects.select_related("unit").get()


def test_an_open_order_gets_the_clocks_its_file_has_no_column_for(tmp_path):
    case = opened(tmp_path, 1)

    assert running(case) == dict.fromkeys(OWED, True)


def test_a_clock_that_nobody_could_be_told_of_any_more_is_history(tmp_path):
    assert running(opened(tmp_path, 24 + 72 + 1)) == {"complaint.answer": True}


def test_what_a_later_milestone_implies_is_not_waited_for(tmp_path):
    taken = f"{NOW.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"

    assert running(opened(tmp_path, 1, 接单时间=taken)) == {
        "complaint.contact": True,
        "complaint.answer": True,
    }


def test_a_closed_order_gets_none_of_them(tmp_path):
    assert running(opened(tmp_path, 1, "归档")) == {}


def test_nobody_is_told_of_what_was_past_when_the_file_came(tmp_path):
    opened(tmp_path, 24 * 400)

    assert sweep(now=NOW) == 0
    assert (Rung.objects.count(), Message.objects.count()) == (0, 0)


def test_a_rung_that_comes_due_here_is_told_once(tmp_path):
    case = opened(tmp_path, 30)
    [contact] = case.clocks.filter(limit="complaint.contact")

    told = sweep(now=contact.next_rung_at, only=[contact.pk])

    assert (told, list(Rung.objects.filter(clock=contact).values_list("rung", flat=True))) == (
        1,
        ["over_24h"],
    )


def test_working_an_old_order_here_does_not_judge_what_was_history(tmp_path):
    case = opened(tmp_path, 24 * 400)

    perform(
        number=case.number,
        verb="dispatch",
        actor=actor(who(case, "dispatch")),
        now=NOW,
        form=FORMS["dispatch"](case),
    )

    limits = set(case.clocks.values_list("limit", flat=True))
    assert ("complaint.dispatch" in limits, "complaint.contact" in limits) == (False, False)
    assert "complaint.accept" in limits


def unknown(tmp_path, accepted: str) -> Case:
    """Return an order of an unknown type, as a citizen's message is."""
    unit("0101")
    message = ["A1", "市民甲", "小区停电", accepted, "小区每周停电", "城乡建设"]
    write_csv(tmp_path / "m.csv", [[*CITIZEN, "一级标签"], message])
    bring(tmp_path / "m.csv")
    return Case.objects.get()


def worked(case: Case) -> Case:
    case = do(case, "reclassify", "office", business_type="complaint", note="是投诉")
    return do(case, "dispatch", "office", **FORMS["dispatch"](case))


def test_an_order_older_than_every_rule_gets_the_clocks_of_what_is_done_here(tmp_path):
    case = worked(unknown(tmp_path, "2019/9/28 10:23:18"))

    (clock,) = case.clocks.filter(limit="complaint.accept")
    assert (clock.state, clock.due_at) == ("running", case.dispatched_at + timedelta(hours=2))
    assert (case.next_due_at, case.clock_reason) == (clock.due_at, "no_rule_in_force")
    assert not case.clocks.filter(binding=True).exists()


def test_an_order_whose_type_becomes_known_is_judged_by_the_rules_of_its_day(tmp_path):
    case = worked(unknown(tmp_path, "2025/10/31 10:23:18"))

    assert case.clocks.get(limit="complaint.answer").started_at == case.accepted_at
    assert case.clock_reason == ""


def test_only_what_the_file_wrote_is_credited_to_it(tmp_path):
    case = worked(unknown(tmp_path, "2019/9/28 10:23:18"))

    lines = history.timeline(viewer.of(person("office")), case)
    assert [(line.milestone, line.verb) for line in lines] == [
        ("accepted_at", ""),
        ("", "import"),
        ("", "reclassify"),
        ("", "dispatch"),
    ]
    assert lines[0].at == case.accepted_at
