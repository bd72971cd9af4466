"""Signals of a run are kept once, graded, over when they are gone; urgent ones open a warning, once."""

from datetime import timedelta

import pytest

from suyuan.actions.warn import muting, opening
from suyuan.analytics.detect.signal import Level
from suyuan.domain.errors import BadInput
from suyuan.domain.notice import IN_APP
from suyuan.store.models import Case, Clock, Event, KeptSignal, Message, WarningCase
from tests.factories import NOW, actor, case_at, do, unit
from tests.warned import DAY, HOUR, OVERDUE, dismissed, keep, kept, opened, refused, signal, warning_at

pytestmark = pytest.mark.django_db
WHOLE = {"reason": "too_many", "mute_until": "2026-03-11", "note": "新口径误报过多，本周调整阈值"}
MUTE = {"reason": "known_cause", "mute_until": "2026-03-20", "note": "线路改造中"}


def history(about: str = "account:x1") -> list[str]:
    return [line["what"] for line in kept(about).history]


def verbs(case: Case) -> list[str]:
    return list(
        Event.objects.filter(stream=f"case:{case.number}").order_by("seq").values_list("verb", flat=True)
    )


def test_the_same_run_again_changes_nothing():
    first, events = keep(signal()), Event.objects.count()
    before = KeptSignal.objects.values().get()
    again = keep(signal())

    assert (first.fresh, again.fresh, again.seen) == (1, 0, 1)
    assert KeptSignal.objects.values().get() == before
    assert Event.objects.count() == events


def test_a_signal_found_again_is_refreshed_and_never_doubled():
    keep(signal())
    keep(signal(observed=0.04), now=NOW + HOUR)
    row = kept()

    assert (row.seen, row.observed, row.first_seen, row.last_seen) == (2, 0.04, NOW, NOW + HOUR)
    assert KeptSignal.objects.count() == 1


def test_a_run_older_than_one_that_is_kept_is_refused():
    keep(signal(), now=NOW + HOUR)

    with refused("kept_later"):
        keep(signal())


def test_what_is_not_found_for_so_many_runs_is_over_and_stays_in_the_table():
    keep(signal())
    counts = [keep(now=NOW + n * HOUR).over for n in (1, 2, 3, 4)]

    assert counts == [0, 0, 1, 0]
    assert (kept().state, kept().over_at, history()) == ("over", NOW + 3 * HOUR, ["fresh", "over"])


def test_runs_by_hand_do_not_age_a_signal():
    """A daily one is over on the third day without it, an hourly one in the third hour."""
    daily = {"detector": "hot_spot"}
    keep(signal(), signal("area:A", **daily), detectors=(OVERDUE, "hot_spot"))
    minute, both = timedelta(minutes=1), (OVERDUE, "hot_spot")
    over = [keep(now=NOW + n * minute, detectors=both).over for n in range(1, 40)]
    hourly = [keep(now=NOW + n * HOUR, detectors=both).over for n in (1, 2, 3)]
    twice_a_day = [NOW + n * DAY + late for n in (1, 2, 3) for late in (0 * DAY, HOUR)]
    days = [keep(now=at, detectors=both).over for at in twice_a_day]

    assert sum(over) == 0
    assert hourly == [0, 0, 1]
    assert days == [0, 0, 0, 0, 1, 0]
    assert kept("area:A").over_at == NOW + 3 * DAY


def test_a_run_of_other_detectors_says_nothing_of_a_signal():
    keep(signal())
    for n in range(1, 5):
        keep(now=NOW + n * HOUR, detectors=("commitment_breaking",))

    assert (kept().state, kept().missed) == ("open", 0)


def test_what_is_important_opens_one_warning_at_its_unit_and_the_rest_waits_for_a_person():
    case = opened()
    keep(signal("account:x2", Level.GENERAL), signal(), now=NOW + HOUR)

    assert opening.open_waiting(NOW + HOUR) == []
    assert (case.procedure, case.state, case.level, case.unit.code) == (
        "warning",
        "registered",
        "important",
        "0101",
    )
    assert case.category == "business.meter.device"
    assert [c.limit for c in Clock.objects.filter(case=case).order_by("limit")] == [
        "warning.acknowledge.important",
        "warning.act.important",
    ]
    assert kept().warning.case == case
    told = Message.objects.filter(case_number=case.number, channel=IN_APP).order_by("recipient")
    assert [one.recipient for one in told] == ["office@0101", "station@0101"]


def test_a_unit_that_acknowledges_nothing_gets_no_more_than_so_many_but_for_urgent_ones():
    signals = [signal(f"account:{n}", category=f"c{n}") for n in range(12)]
    keep(*signals, signal("account:now", Level.URGENT, category="u"), signal("account:w", unit="0102"))
    made = opening.open_waiting(NOW)

    assert len(made) == 11  # the urgent one first, which counts; nine of 0101, and the one of 0102
    assert kept("account:now").warning.case.level == "urgent"
    assert opening.open_waiting(NOW) == []
    for one in made:
        do(Case.objects.get(number=one.number), "acknowledge_warning", "office", NOW + HOUR)
    assert len(opening.open_waiting(NOW + HOUR)) == 3


def test_a_person_opens_the_warning_of_a_signal_that_opens_none_and_only_once():
    keep(signal(level=Level.GENERAL))
    made = opening.open_warning(signal=kept().pk, actor=actor("office"), note="请先看", now=NOW)

    assert (made.joined, kept().warning.opened_by) == (False, "office")
    with refused("has_warning"):
        opening.open_warning(signal=kept().pk, actor=actor("office"), now=NOW)
    with refused("not_your_role"):
        opening.open_warning(signal=kept().pk, actor=actor("leader"), now=NOW)


def test_signals_of_one_unit_and_category_that_share_a_case_are_one_warning():
    one, other = case_at("handling").number, case_at("handling").number
    case = opened(one=signal(f"case:{one}", cases=(one,)))
    keep(
        signal(f"case:{one}", cases=(one,)),
        signal("line:L1", cases=(one, other)),
        signal("line:L2", cases=(other,)),
        now=NOW + HOUR,
    )
    made = opening.open_waiting(NOW + HOUR)

    assert [(one.joined, one.number == case.number) for one in made] == [(True, True), (True, True)]
    assert WarningCase.objects.get().signals.count() == 3
    assert verbs(case).count("signal_joined") == 2


def test_a_more_urgent_signal_makes_its_warning_more_urgent_and_its_clock_shorter():
    case = opened()
    before = case.next_due_at
    keep(signal(level=Level.URGENT), now=NOW + timedelta(minutes=10))
    case.refresh_from_db()

    assert (case.level, case.next_due_at < before) == ("urgent", True)
    assert verbs(case)[-1] == "signal_raised"
    assert set(Clock.objects.filter(case=case, state="running").values_list("limit", flat=True)) == {
        "warning.acknowledge.urgent",
        "warning.act.urgent",
    }


def test_a_signal_that_is_over_says_so_on_its_warning():
    case = opened()
    for n in (1, 2, 3):
        keep(now=NOW + n * HOUR)

    assert verbs(case)[-1] == "signal_over"
    assert Case.objects.get(pk=case.pk).is_open


def test_a_signal_that_returns_opens_its_closed_warning_again():
    case = warning_at("archived")
    for n in (1, 2, 3):
        keep(now=NOW + n * DAY)
    kept_again = keep(signal(), now=NOW + 5 * DAY)
    case.refresh_from_db()

    assert kept_again.back == 1
    assert (case.state, case.episode, case.taken_at, case.handler) == ("registered", 2, None, "")
    assert Clock.objects.filter(case=case, episode=2, state="running").count() == 2
    assert (opening.open_waiting(NOW + 5 * DAY), KeptSignal.objects.count()) == ([], 1)


def test_a_signal_that_returns_late_is_another_one_and_counts_as_recidivism():
    warning_at("archived")
    for n in (1, 2, 3):
        keep(now=NOW + n * DAY)
    keep(signal(), now=NOW + 30 * DAY)

    assert (KeptSignal.objects.count(), kept().recidivism) == (2, 1.5)
    assert len(opening.open_waiting(NOW + 30 * DAY)) == 1


def test_what_was_dismissed_stays_closed_until_it_is_more_urgent():
    case = opened()
    dismissed(case, NOW + HOUR)
    keep(signal(), now=NOW + 20 * DAY)
    assert (kept().warning.verdict, opening.open_waiting(NOW + 20 * DAY)) == ("explained", [])

    keep(signal(level=Level.URGENT), now=NOW + 21 * DAY)
    (made,) = opening.open_waiting(NOW + 21 * DAY)
    assert made.number != case.number


def test_muted_signals_are_kept_and_open_nothing_until_the_mute_ends():
    office = actor("office")
    unit()
    made = muting.mute(actor=office, what=muting.What("0101", OVERDUE), form=MUTE, now=NOW)
    keep(signal(), signal("account:y", unit="0102"))
    assert (kept().state, kept("account:y").state) == ("muted", "open")
    assert len(opening.open_waiting(NOW)) == 1

    muting.unmute(actor=office, mute=made, now=NOW + HOUR)
    assert (kept().state, history()) == ("open", ["muted", "unmuted"])
    assert len(opening.open_waiting(NOW + HOUR)) == 1
    with refused("mute_ended"):
        muting.unmute(actor=office, mute=made, now=NOW + HOUR)


def test_a_mute_is_over_after_its_last_day():
    keep(signal())
    muting.mute(actor=actor("office"), what=muting.What("0101", "", "account:x1"), form=MUTE, now=NOW)
    assert kept().state == "muted"
    keep(signal(), now=NOW + 16 * DAY)
    assert kept().state == "muted"  # 20 March is its last day
    keep(signal(), now=NOW + 17 * DAY)
    assert kept().state == "open"


@pytest.mark.parametrize(
    ("what", "form", "wrong"),
    [
        (muting.What("0101", OVERDUE), MUTE | {"mute_until": "2026-06-03"}, {"mute_until": "out_of_order"}),
        (muting.What("0101", OVERDUE), MUTE | {"mute_until": "2026-03-03"}, {"mute_until": "out_of_order"}),
        (muting.What("0101", OVERDUE), MUTE | {"mute_until": ""}, {"mute_until": "required"}),
        (muting.What("0101", OVERDUE), MUTE | {"reason": "tired"}, {"reason": "unknown_choice"}),
        (muting.What("01"), MUTE, {"detector": "required"}),
        (muting.What("01", OVERDUE), WHOLE | {"mute_until": "2026-03-12"}, {"mute_until": "out_of_order"}),
        (muting.What("01", OVERDUE), WHOLE | {"note": " 集中检修 "}, {"note": "too_short"}),
    ],
)
def test_a_mute_needs_a_reason_and_an_end_that_is_not_far(what, form, wrong):
    unit()
    with pytest.raises(BadInput) as bad:
        muting.mute(actor=actor("office"), what=what, form=form, now=NOW)
    assert bad.value.facts["fields"] == wrong


def test_a_detector_of_a_whole_company_is_muted_by_the_office_alone():
    keep(signal())
    with refused("not_your_role"):
        muting.mute(actor=actor("marketing", "01"), what=muting.What("01", OVERDUE), form=WHOLE, now=NOW)
    muting.mute(actor=actor("office", "01"), what=muting.What("01", OVERDUE), form=WHOLE, now=NOW)

    assert kept().state == "muted"


def test_a_mute_of_an_unknown_detector_or_by_whom_it_is_not_for_is_refused():
    unit()
    with refused("unknown_detector"):
        muting.mute(actor=actor("office"), what=muting.What("0101", "nothing"), form=MUTE, now=NOW)
    with refused("not_your_role"):
        muting.mute(actor=actor("station"), what=muting.What("0101", OVERDUE), form=MUTE, now=NOW)


def test_nobody_is_warned_of_a_warning():
    case = opened()
    done = keep(signal(), signal(f"case:{case.number}", cases=(case.number,)), now=NOW + HOUR)

    assert (done.refused, KeptSignal.objects.count()) == (1, 1)


def test_the_warning_of_a_restricted_case_is_restricted_and_its_number_is_in_no_other_signal():
    secret = case_at("dispatched", "report").number
    done = keep(signal(f"case:{secret}", cases=(secret,)), signal("line:L1", cases=(secret,)))
    opening.open_waiting(NOW)

    assert done.fresh == 2
    assert (kept(f"case:{secret}").warning.case.restricted, kept("line:L1").warning.case.restricted) == (
        True,
        False,
    )
    assert (kept(f"case:{secret}").cases, kept("line:L1").cases) == ([secret], [])
