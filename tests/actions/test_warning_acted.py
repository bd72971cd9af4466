"""A warning is acknowledged, sent on, acted on, closed with proof by a second person, or dismissed."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput
from suyuan.store.models import Case, Clock, WarningAct, WarningCase
from suyuan.store.queries import warnings
from tests.evidence_files import add
from tests.factories import NOW, actor, do, unit
from tests.warned import HOUR, keep, kept, opened, refused, signal, warning_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def held(case: Case) -> WarningCase:
    return WarningCase.objects.get(case=case)


def limits(case: Case, state: str) -> set[str]:
    return set(Clock.objects.filter(case=case, state=state).values_list("limit", flat=True))


def test_acknowledging_stops_the_clock_of_it_and_makes_one_its_handler():
    case = warning_at("handling")

    assert case.handler == "station"
    assert limits(case, "stopped") == {"warning.acknowledge.important"}
    assert limits(case, "running") == {"warning.act.important"}


def test_a_warning_sent_to_another_unit_is_acknowledged_there_on_what_is_left_of_the_clock():
    case = warning_at("handling", NOW)
    unit("0102")
    case = do(case, "transfer_warning", "office", NOW + HOUR, unit="0102", reason="other_unit")

    assert (case.state, case.unit.code, case.handler, case.taken_at) == ("registered", "0102", "", None)
    assert limits(case, "running") == {"warning.acknowledge.important", "warning.act.important"}
    clock = Clock.objects.get(case=case, limit="warning.acknowledge.important")
    assert clock.due_at == NOW + 4 * HOUR + 55 * MINUTE  # 55 minutes it was taken on
    with refused("same_unit"):
        do(case, "transfer_warning", "office", NOW + HOUR, unit="0102", reason="other_unit")


def test_what_was_done_is_kept_with_its_evidence_and_one_of_both_is_needed():
    case = warning_at("handling")
    with pytest.raises(BadInput) as bad:
        do(case, "record_act", "station", NOW + HOUR)
    assert bad.value.facts["fields"] == {"measures": "required"}
    with pytest.raises(BadInput) as bad:
        do(case, "record_act", "station", NOW + HOUR, playbook_step="99")
    assert bad.value.facts["fields"] == {"playbook_step": "unknown_item"}

    with pytest.raises(BadInput) as bad:  # a step says something too
        do(case, "record_act", "station", NOW + HOUR, playbook_step="1")
    assert bad.value.facts["fields"] == {"measures": "required"}

    said = "致电13912345678说明"
    for word in ("录音 7", "f" * 64):
        with pytest.raises(BadInput) as bad:
            do(case, "record_act", "station", NOW + HOUR, measures=said, evidence=word)
        assert bad.value.facts["fields"] == {"evidence": "unknown_evidence"}
    piece = add(case)
    do(case, "record_act", "station", NOW + HOUR, measures=said, evidence=piece)
    (act,) = WarningAct.objects.all()
    assert (act.seq, act.step, act.by, act.evidence) == (1, None, "station", piece)
    assert "13912345678" not in act.note.masked


def test_nothing_is_closed_before_something_was_done_and_something_shows_it():
    case = warning_at("handling")
    with refused("nothing_done"):
        do(case, "propose_closing", "station", NOW + HOUR, proof="已解决")
    do(case, "record_act", "station", NOW + HOUR, measures="已致电")
    with refused("proof_missing"):
        do(case, "propose_closing", "station", NOW + HOUR, proof="已解决")
    other = add(opened(one=signal("account:x2", category="business.fee")))
    for word in ("no-such-evidence", "f" * 64, other):
        with pytest.raises(BadInput) as bad:
            do(case, "propose_closing", "station", NOW + HOUR, proof="已解决", evidence=word)
        assert bad.value.facts["fields"] == {"evidence": "unknown_evidence"}

    for n in (2, 3, 4):
        keep(now=NOW + n * HOUR)
    case = do(case, "propose_closing", "station", NOW + 5 * HOUR, proof="信号已消失")
    (shown,) = held(case).proof["signals"]
    assert (case.state, shown["state"], shown["first"], shown["observed"]) == (
        "reviewing",
        "over",
        0.08,
        0.08,
    )


def test_who_worked_on_it_closes_nothing_and_what_shows_too_little_goes_back_on_the_same_clock():
    case = warning_at("reviewing")
    with refused("not_your_role"):
        do(case, "pass_closing", "station", NOW + HOUR)
    case = do(case, "return_closing", "office", NOW + HOUR, note="请附回访录音")
    assert (case.state, case.answered_at) == ("handling", None)
    assert limits(case, "running") == {"warning.act.important"}

    do(case, "record_act", "office", NOW + HOUR, measures="代为回访")
    do(case, "propose_closing", "station", NOW + HOUR, proof="回访满意", evidence=add(case))
    with refused("own_work"):
        do(case, "pass_closing", "office", NOW + HOUR)
    case = do(case, "pass_closing", "marketing", NOW + HOUR)
    assert (case.state, limits(case, "running")) == ("archived", set())


def test_closing_keeps_how_the_signal_stood():
    warning_at("archived")
    row = kept()

    assert (row.stood_level, row.stood_observed, row.history[-1]["what"]) == ("important", 0.08, "closed")


def test_a_false_alarm_is_one_when_somebody_else_agrees_and_counts_for_its_detector_then():
    case = warning_at("handling")
    with refused("not_from_here"):
        do(case, "dismiss_warning", "office", NOW + HOUR)
    case = do(case, "propose_dismissal", "station", NOW + HOUR, reason="record_wrong", note="台账错误")
    assert (case.state, held(case).verdict, limits(case, "running")) == ("deciding", "", {"warning.close"})
    with refused("not_your_role"):
        do(case, "dismiss_warning", "station", NOW + HOUR)
    with refused("not_from_here"):
        do(case, "pass_closing", "office", NOW + HOUR)

    case = do(case, "dismiss_warning", "office", NOW + HOUR)
    assert (case.state, held(case).verdict, limits(case, "running")) == ("void", "record_wrong", set())
    assert kept().history[-1]["what"] == "dismissed"


def test_what_was_no_false_alarm_is_worked_on_and_who_said_it_was_does_not_agree_to_it():
    case = warning_at("handling")
    do(case, "propose_dismissal", "office", NOW + HOUR, reason="chance", note="偶然")
    with refused("own_work"):
        do(case, "dismiss_warning", "office", NOW + HOUR)
    case = do(case, "return_closing", "marketing", NOW + HOUR, note="客户确有不满")

    assert (case.state, held(case).verdict, case.answered_at) == ("handling", "", None)
    assert limits(case, "running") == {"warning.act.important"}


def test_a_false_alarm_under_the_first_table_is_said_by_whoever_works_on_it():
    case = warning_at("handling")
    Case.objects.filter(pk=case.pk).update(version=1)
    case = do(case, "dismiss_warning", "station", NOW + HOUR, reason="chance", note="偶然")

    assert (case.state, held(case).verdict) == ("void", "chance")


def test_a_closed_warning_is_opened_again_by_a_person_to_be_acknowledged_anew():
    case = warning_at("archived")
    case = do(case, "reopen_warning", "office", NOW + 5 * HOUR, note="客户再次来电")

    assert (case.state, case.episode, case.handler) == ("registered", 2, "")
    assert limits(case, "running") == {"warning.acknowledge.important", "warning.act.important"}


def test_the_board_lists_what_is_late_to_be_acknowledged_first():
    from suyuan.store.queries import viewer
    from tests.factories import person

    actor("station")
    keep(signal(), signal("account:x2", category="business.fee"))
    from suyuan.actions.warn import opening

    opening.open_waiting(NOW)
    first, second = Case.objects.filter(procedure="warning").order_by("pk")
    do(first, "acknowledge_warning", "station", NOW + MINUTE)
    looking, later = viewer.of(person("office")), NOW + 6 * HOUR

    def numbers(**wanted: str) -> list[str]:
        rows = warnings.listed(looking, warnings.Wanted(**wanted), later)
        return [one.case.number for one in rows]

    assert numbers() == [second.number, first.number]
    assert numbers(state="late") == [second.number]
    assert numbers(category="business.meter") == [first.number]
    assert numbers(whose="mine") == []
    assert warnings.counts(looking, later) == {
        "late": 1,
        "registered": 1,
        "handling": 1,
        "reviewing": 0,
        "deciding": 0,
    }
