"""The month is compared once; the unit it names gets one warning, a notice, replies, closes with proof."""

from datetime import timedelta

import pytest

from suyuan.actions.sweep import sweep
from suyuan.actions.warn import comparing, muting, naming
from suyuan.analytics import period
from suyuan.domain.errors import BadInput
from suyuan.store import chain, wording
from suyuan.store.models import Case, Clock, Event, KeptSignal, Message, MonthlyComparison, WarningCase
from suyuan.store.queries import comparisons
from tests.evidence_files import add
from tests.factories import NOW, actor, do, unit
from tests.lakes import fresh_lake
from tests.naming import FEBRUARY, complaints, named
from tests.warned import HOUR, refused

pytestmark = pytest.mark.django_db
APRIL = NOW + timedelta(days=31)
REPLY = {
    "cause": "抄表员轮岗交接不清",
    "measures": "逐户复核，专人回访",
    "due_on": f"{NOW + timedelta(days=9):%Y-%m-%d}",
}


def limits(case: Case, state: str) -> set[str]:
    return set(Clock.objects.filter(case=case, state=state).values_list("limit", flat=True))


def test_the_unit_past_chance_is_named_once_however_often_the_month_is_compared():
    done, case = named()
    again = [naming.name_units(now=NOW + n * HOUR) for n in range(2)]

    assert (done.month, done.named) == ("2026-02", 1)
    assert [one.opened for one in again] == [[], []]
    assert (case.unit.code, case.business_type, case.level) == ("0101", "named_warning", "important")
    assert limits(case, "running") == {"warning.acknowledge.important", "warning.reply"}
    (row,) = KeptSignal.objects.filter(detector="named_unit")
    assert (row.object, row.observed, row.why) == ("unit:0101@2026-02", 30, "named_complaints")
    assert row.expected == pytest.approx(2.5)
    assert MonthlyComparison.objects.count() == Case.objects.filter(procedure="warning").count() == 1
    assert Event.objects.filter(verb="compare_month").count() == 1
    chain.verify()


def test_the_unit_and_those_who_named_it_are_sent_one_notice_each():
    _, case = named()
    naming.name_units(now=NOW + HOUR)

    told = Message.objects.filter(case_number=case.number, channel="in_app").order_by("recipient")
    assert [(one.template, one.recipient) for one in told] == [
        ("named_warning", "office@0101"),
        ("named_warning", "station@0101"),
    ]
    said = wording.of(told[0], "zh").text
    assert "东城供电所 在 2026-02 的横向分析中被点名" in said
    assert "最迟于 2026-03-09 回复" in said


def test_a_comparison_drawn_again_as_of_then_says_the_same():
    named()
    (kept,) = MonthlyComparison.objects.all()

    drawn = comparing.draw(period.parse("2026-02"), as_of=NOW)

    assert drawn.rows == kept.rows
    assert drawn.rows[0]["unit"] == "0101"
    assert kept.by_customers
    for month in ("2026-03", "2026-Q1"):
        with pytest.raises(BadInput) as bad:
            comparing.draw(period.parse(month), as_of=NOW)
        assert bad.value.code == "month_not_over"


def test_nobody_is_named_where_all_stations_are_alike():
    complaints({"0101": 9, "0102": 6, "0109": 7})

    assert naming.name_units(now=NOW) == naming.Named("2026-02", 0, [])
    assert {row["standing"] for row in MonthlyComparison.objects.get().rows} == {"usual", "listed"}


def about(n: int) -> str:
    """Return the category of the naming where so many of the thirty complaints are about planned outages."""
    of_it = Case.objects.filter(unit__code="0101", number__startswith="N").order_by("pk")[:n]
    Case.objects.filter(pk__in=list(of_it.values_list("pk", flat=True))).update(category="outage.plan")
    fresh_lake()
    return str(comparing.draw(period.parse("2026-02"), as_of=NOW).rows[0]["category"])


def test_a_naming_is_of_a_category_where_more_than_half_of_the_complaints_are():
    complaints()

    assert [about(n) for n in (15, 16)] == ["", "outage.plan"]


def test_signals_of_a_month_in_which_none_was_seen_are_not_measured():
    named()
    KeptSignal.objects.filter(detector="named_unit").update(
        detector="order_stuck", object="case:1", first_seen=FEBRUARY, last_seen=FEBRUARY
    )
    looked = comparing.draw(period.parse("2026-02"), as_of=NOW)

    def standings(rows: list[comparisons.Row]) -> set[str]:
        return {row["measures"]["signals"]["standing"] for row in rows}

    assert standings(MonthlyComparison.objects.get().rows) == {"unknown"}
    assert standings(looked.rows) == {"listed", "usual"}


def test_a_month_in_which_nothing_was_counted_is_not_kept_and_can_be_compared_later():
    unit()
    fresh_lake()
    assert naming.name_units(now=NOW) == naming.Named("2026-02", 0, [])
    assert not MonthlyComparison.objects.exists()

    complaints()
    assert len(naming.name_units(now=NOW + HOUR).opened) == 1


def test_a_reply_nobody_gives_climbs_from_the_unit_to_the_office_and_leaders():
    _, case = named()
    do(case, "acknowledge_warning", "station", NOW + HOUR)
    for days in (1, 2, 3, 5, 6, 7, 8, 9):
        sweep(now=NOW + timedelta(days=days))

    rungs = Message.objects.filter(case_number=case.number, facts__limit="warning.reply", channel="in_app")
    told: dict[str, set[str]] = {}
    for one in rungs.order_by("pk"):
        told.setdefault(one.facts["rung"], set()).add(one.recipient.partition("@")[0])
    first, due, *later = told.values()
    assert (first, due) == ({"station"}, {"station", "office"})
    assert later[-1] == {"station", "office", "leader"}


def test_a_muted_unit_is_named_and_no_warning_opens():
    complaints()
    day = f"{NOW + timedelta(days=9):%Y-%m-%d}"
    form = {"reason": "known_cause", "mute_until": day, "note": "台风灾后抢修"}
    muting.mute(actor=actor("office"), what=muting.What("0101", "named_unit"), form=form, now=NOW)

    assert naming.name_units(now=NOW) == naming.Named("2026-02", 1, [])


def test_named_two_months_running_it_is_urgent_and_the_first_naming_stands_until_it_is_not_named():
    _, first = named()
    complaints(at=NOW + timedelta(days=5))
    (number,) = naming.name_units(now=APRIL).opened
    second = Case.objects.get(number=number)

    assert (second.unit, second.level) == (first.unit, "urgent")
    rows = KeptSignal.objects.filter(detector="named_unit").order_by("pk")
    assert [(row.state, row.facts["month"], row.facts.get("running")) for row in rows] == [
        ("open", "2026-02", None),
        ("open", "2026-03", 2),
    ]
    assert comparisons.warnings_of("2026-02") == {"0101": first.number}
    complaints({"0101": 9, "0102": 6, "0109": 7}, at=NOW + timedelta(days=40))
    for n in range(31, 35):
        naming.name_units(now=APRIL + n * timedelta(days=1))
    assert set(rows.values_list("state", flat=True)) == {"over"}


def test_the_unit_replies_and_only_then_proposes_closing_with_proof():
    _, case = named()
    case = do(case, "acknowledge_warning", "station", NOW + HOUR)
    do(case, "record_act", "station", NOW + HOUR, measures="逐户复核")
    with refused("reply_missing"):
        do(case, "propose_closing", "station", NOW + HOUR, proof="已复核")
    for day in ("2026-03-01", f"{NOW + timedelta(days=60):%Y-%m-%d}"):
        with pytest.raises(BadInput):
            do(case, "reply_warning", "station", NOW + HOUR, **REPLY | {"due_on": day})
    with refused("not_your_role"):
        do(case, "reply_warning", "office", NOW + HOUR, **REPLY)
    case = do(case, "reply_warning", "station", NOW + HOUR, **REPLY)

    assert (case.state, case.answered_at) == ("handling", NOW + HOUR)
    assert limits(case, "running") == {"warning.close.named"}
    held = WarningCase.objects.get(case=case)
    assert (held.replied_at, f"{held.promised_on}") == (NOW + HOUR, REPLY["due_on"])
    assert Message.objects.filter(template="reply_warning", recipient="office@0101").exists()

    shown = add(case, now=NOW + HOUR)
    case = do(case, "propose_closing", "station", NOW + 2 * HOUR, proof="已复核", evidence=shown)
    case = do(case, "return_closing", "office", NOW + 3 * HOUR, note="附复核清单")
    assert case.answered_at == NOW + HOUR
    case = do(case, "propose_closing", "station", NOW + 4 * HOUR, proof="已附", evidence=shown)
    assert do(case, "pass_closing", "office", NOW + 5 * HOUR).state == "archived"


def test_a_naming_stays_with_its_unit_and_no_other_warning_is_replied_to():
    _, case = named()
    unit("0109")
    with refused("unit_was_named"):
        do(case, "transfer_warning", "office", NOW, unit="0109", reason="other_unit")


def test_an_objection_that_is_sent_back_leaves_the_reply_owed():
    _, case = named()
    do(case, "acknowledge_warning", "station", NOW + HOUR)
    do(case, "propose_dismissal", "station", NOW + HOUR, reason="chance", note="台风所致")
    case = do(case, "return_closing", "office", NOW + 2 * HOUR, note="他所同受台风影响")

    assert (case.state, case.answered_at) == ("handling", None)
    assert "warning.reply" in limits(case, "running")
