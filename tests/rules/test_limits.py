"""The limits themselves: which figure holds on which day, for which case, and how sure we are of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.domain.errors import BadInput
from suyuan.domain.order import MILESTONES
from suyuan.domain.rulebook import Certainty, assessable, load
from suyuan.domain.worktime import due

RULES = load()
NOW = date(2025, 10, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

IN_FORCE = [
    # id, day, amount, unit, certainty
    ("complaint.dispatch", NOW, 20, "minutes", "Q2"),
    ("complaint.accept", NOW, 2, "hours", "memory"),
    ("complaint.contact", NOW, 24, "hours", "Q"),
    ("complaint.answer", NOW, 4, "working_days", "Q"),
    ("complaint.callback", NOW, 1, "working_days", "memory"),
    ("complaint.contact.public", date(2022, 12, 31), 1, "working_days", "Q2"),
    ("complaint.contact.public", date(2023, 1, 1), 24, "hours", "Q2"),
    ("complaint.answer.public", date(2011, 12, 31), 5, "days", "memory"),
    ("complaint.answer.public", date(2012, 1, 1), 7, "working_days", "Q2"),
    ("complaint.answer.public", date(2022, 12, 31), 7, "working_days", "Q2"),
    ("complaint.answer.public", NOW, 5, "working_days", "Q2"),
    ("report.contact", NOW, 24, "hours", "Q"),
    ("report.answer", NOW, 9, "working_days", "Q"),
    ("report.answer.public", date(2010, 1, 1), 10, "days", "memory"),
    ("opinion.answer", NOW, 9, "working_days", "memory"),
    ("consult.answer", NOW, 5, "working_days", "Q2"),
    ("regulator.12398", NOW, 10, "working_days", "Q"),
    ("city.12345", NOW, 7, "days", "Q"),
    ("channel.other", NOW, 10, "days", "Q"),
    ("discipline.verify", NOW, 3, "working_days", "S"),
    ("repair.dispatch", NOW, 2, "minutes", "memory"),
    ("repair.accept", NOW, 3, "minutes", "memory"),
    ("repair.arrive.urban", NOW, 45, "minutes", "Q"),
    ("repair.arrive.rural", NOW, 90, "minutes", "Q"),
    ("repair.arrive.remote", NOW, 120, "minutes", "Q"),
    ("repair.arrive.regulator.urban", NOW, 60, "minutes", "memory"),
    ("repair.arrive.regulator.rural", NOW, 120, "minutes", "memory"),
    ("repair.arrive.regulator.remote", NOW, 240, "minutes", "memory"),
    ("repair.restore.urban", NOW, 3, "hours", "Q"),
    ("repair.restore.rural", NOW, 4, "hours", "Q"),
    ("repair.callback", NOW, 24, "hours", "memory"),
    ("application.reconnect.restore", NOW, 24, "hours", "Q2"),
    ("application.reconnect.answer", NOW, 1, "working_days", "Q2"),
    ("application.appliance.arrive", NOW, 24, "hours", "Q2"),
    ("application.appliance.answer", NOW, 1, "working_days", "Q2"),
    ("application.meter.answer", NOW, 4, "working_days", "Q2"),
    ("application.reading.answer", NOW, 6, "working_days", "Q2"),
    ("application.charging.arrive", NOW, 45, "minutes", "Q2"),
    ("application.charging.answer", NOW, 2, "hours", "Q2"),
    ("application.other.answer", NOW, 5, "working_days", "Q2"),
    ("connection.total.lv", NOW, 6, "working_days", "Q"),
    ("connection.total.hv_single", NOW, 22, "working_days", "Q"),
    ("connection.total.hv_dual", NOW, 32, "working_days", "Q"),
    ("connection.total.resident", NOW, 5, "working_days", "Q"),
    ("connection.plan.hv_dual", date(2015, 1, 1), 30, "working_days", "Q2"),
    ("meter.query", date(2015, 1, 1), 7, "working_days", "Q2"),
    ("meter.query", NOW, 5, "working_days", "Q"),
    ("regulator.design.hv", NOW, 20, "working_days", "Q2"),
    ("csg.repair.restore.rural", NOW, 5, "hours", "Q2"),
]


@pytest.mark.parametrize(("limit_id", "on", "amount", "unit", "certainty"), IN_FORCE)
def test_the_figure_in_force(limit_id, on, amount, unit, certainty):
    limit = RULES.limit(limit_id, on)

    assert (limit.amount, limit.unit, limit.certainty) == (amount, unit, certainty)


@pytest.mark.parametrize(
    ("limit_id", "on"),
    [
        ("complaint.answer", date(2021, 9, 24)),
        ("complaint.answer.public", date(2003, 12, 31)),
        ("repair.restore.urban", date(2023, 12, 7)),
        ("report.answer.public", NOW),
        ("connection.plan.lv", NOW),
    ],
)
def test_no_edition_reaches_back_before_its_source_or_past_its_end(limit_id, on):
    assert RULES.limit(limit_id, on) is None


def test_an_unknown_limit_names_its_neighbours():
    for ask in (
        lambda: RULES.limit("complaint.anwser", NOW),
        lambda: RULES.start("complaint.anwser", {}, NOW),
    ):
        with pytest.raises(BadInput) as caught:
            ask()
        assert (caught.value.code, caught.value.facts["near"][0]) == ("unknown_limit", "complaint.answer")


def ids(procedure, on=NOW, **facts):
    return {limit.id for limit in RULES.limits_for(procedure, facts, on)}


def test_a_complaint_carries_internal_and_public_clocks_and_its_channels():
    usual = {
        "complaint.dispatch",
        "complaint.accept",
        "complaint.contact",
        "complaint.answer",
        "complaint.callback",
        "complaint.contact.public",
        "complaint.answer.public",
    }

    assert ids("complaint", channel="95598") == usual
    assert ids("complaint", channel="12398") == usual | {
        "regulator.12398",
        "regulator.12398.accept",
        "regulator.12398.ceiling",
    }
    assert ids("complaint", channel="12345") == usual | {"city.12345"}
    assert ids("complaint", channel="media") == usual | {"channel.other"}
    assert ids("complaint", on=date(2015, 6, 1)) == {"complaint.contact.public", "complaint.answer.public"}


def test_a_repair_has_arrival_clocks_only_where_the_site_is_known():
    assert {i for i in ids("repair", site="rural") if "arrive" in i} == {
        "repair.arrive.rural",
        "repair.arrive.regulator.rural",
    }
    assert {i for i in ids("repair", site="") if "arrive" in i} == set()


def test_praise_owes_no_answer():
    assert ids("opinion", business_type="praise") == set()
    assert ids("opinion", business_type="suggestion") == {"opinion.answer", "opinion.callback"}


def test_an_imported_order_of_unknown_type_has_no_limit():
    assert ids("imported", business_type="unknown", channel="12345") == set()


def test_the_same_question_is_answered_once():
    facts = {"site": "urban", "channel": "app"}

    assert RULES.limits_for("repair", facts, NOW) is RULES.limits_for(
        "repair", dict(facts), date(2025, 10, 2)
    )


def test_a_fact_nobody_knows_is_an_error():
    for ask in (
        lambda: RULES.limits_for("repair", {"sight": "urban"}, NOW),
        lambda: RULES.start("repair.arrive", {"sight": "urban"}, NOW),
    ):
        with pytest.raises(BadInput) as caught:
            ask()
        assert (caught.value.code, caught.value.facts) == ("unknown_fact", {"facts": ["sight"]})


def test_a_family_starts_the_limit_that_matches():
    started = RULES.start("repair.arrive", {"site": "remote"}, NOW)
    answers = RULES.start("application.answer", {"business_type": "application.meter"}, NOW)

    assert [limit.id for limit in started] == ["repair.arrive.remote"]
    assert [limit.id for limit in answers] == ["application.meter.answer"]
    assert RULES.start("repair.arrive", {"site": "remote"}, date(2011, 1, 1)) == ()


@pytest.mark.parametrize("business_type", RULES.business_types.values(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("site", RULES.choices["site"])
def test_exactly_one_limit_binds_a_case(business_type, site):
    facts = {"business_type": business_type.code, "site": site}
    free = business_type.code == "praise" or (
        business_type.procedure == "imported" or business_type.is_opened_by_a_verb
    )

    found = RULES.limits_for(business_type.procedure, facts, NOW)

    assert sum(limit.binding for limit in found) == (0 if free else 1)


@pytest.mark.parametrize(
    "limit", [one for found in RULES.limits.values() for one in found], ids=lambda o: o.id
)
def test_every_limit_is_cited_and_can_run(limit):
    start = datetime(2025, 9, 26, 16, 30, tzinfo=SHANGHAI)

    found = due(start, limit.amount, limit.unit, limit.count, RULES.calendar)

    assert found.at - start >= timedelta(minutes=1)
    assert limit.basis
    own = {
        "rectification.check": ((0.75,), (24, 72)),
        "improvement.check": ((0.75,), (24, 72)),
        "supervision.acknowledge": ((0.5,), (2, 6)),
        "warning.acknowledge.important": ((0.5,), (4, 12)),
        "warning.acknowledge.urgent": ((0.5,), (1, 3)),
    }
    assert (limit.warn, limit.after) == own.get(limit.id, ((0.5, 0.8), (24, 72)))
    assert not limit.procedures or {limit.starts, limit.stops} <= set(MILESTONES)
    assert limit.assessable == (limit.certainty not in ("memory", "I"))


def test_the_certainty_gate():
    assert [mark.value for mark in Certainty if not assessable(mark)] == ["memory", "I"]
    with pytest.raises(ValueError, match="hearsay"):
        assessable("hearsay")


class TestCategories:
    def test_the_groups_are_those_of_the_published_assessment(self):
        groups = {}
        for category in RULES.categories.values():
            groups.setdefault(category.group, set()).add(category.title.zh)

        assert groups["class1"] == {"营业厅服务", "收费标准", "收费项目", "业扩报装超时限", "抄表"}
        assert len(groups["class2"]) == 19
        assert groups["excluded"] == {"催缴费", "欠费停复电"}
        assert groups["production"] == {
            "抢修超时限",
            "抢修人员服务态度",
            "抢修人员服务规范",
            "抢修质量",
            "频繁停电",
            "电压质量长时间异常",
            "供电频率长时间异常",
        }

    def test_six_trees_of_three_levels_with_a_specialty_each(self):
        tree = RULES.categories.values()

        assert [one.code for one in tree if one.level == 1] == [
            "service",
            "business",
            "outage",
            "quality",
            "construction",
            "misconduct",
        ]
        assert {one.level for one in tree} == {1, 2, 3}
        assert {one.specialty for one in tree} <= set(RULES.specialties)
        assert {one.level for one in tree if one.group} == {3}

    def test_a_category_of_a_day(self):
        assert RULES.category("quality.voltage.abnormal", NOW).parent == "quality.voltage"
        with pytest.raises(BadInput) as caught:
            RULES.category("quality.voltages", NOW)
        assert caught.value.code == "unknown_category"


class TestLists:
    def test_labels_as_files_write_them(self):
        assert RULES.code_of("business_type", "故障抢修") == "repair"
        assert RULES.code_of("business_type", " 投诉 ") == "complaint"
        assert RULES.code_of("category", "轮换户表改造") == "business.meter.rotation"
        assert RULES.code_of("site", "边远地区") == "remote"
        assert RULES.code_of("channel", "热线") == "95598"
        assert RULES.code_of("business_type", "投诉?") is None

    def test_a_channel_brings_its_regulator_limit(self):
        brought = {code: choice.limit for code, choice in RULES.channels.items() if choice.limit}

        assert brought == {
            "12398": "regulator.12398",
            "12345": "city.12345",
            "media": "channel.other",
            "letter": "channel.other",
            "other": "channel.other",
        }

    def test_reasons_by_verb(self):
        assert [one.code for one in RULES.reasons["pause"]] == [
            "customer",
            "force_majeure",
            "final_answer",
            "filed",
        ]
        assert {"return", "void", "unreached", "dissatisfied", "transfer"} <= set(RULES.reasons)

    def test_levels_and_causes(self):
        assert list(RULES.levels) == ["special", "major", "important", "general"]
        assert list(RULES.choices["cause"]) == ["facility", "staff", "delivery", "individual"]


def test_figures_have_editions_too():
    assert RULES.figure("voltage.pass", date(2015, 1, 1)).terms == {"all": 0.96}
    assert RULES.figure("voltage.pass", NOW).terms == {"urban": 0.985, "rural": 0.975}
    assert RULES.figure("frequent.csg", NOW) is None
    assert RULES.figure("frequent.csg", date(2026, 5, 1)).terms["rolling_days"] == 60
    with pytest.raises(BadInput) as caught:
        RULES.figure("voltage.passed", NOW)
    assert caught.value.facts["near"][0] == "voltage.pass"


def test_the_check_of_an_effect_is_called_for_on_the_day_from_which_it_may_pass():
    (check,) = RULES.limits["rectification.check"]
    days = RULES.figures["rectification.effect"][-1].terms["days"]

    assert (check.amount * check.warn[0], check.unit) == (days, "days")


@pytest.mark.parametrize("procedure", ["report", "opinion", "enquiry", "application"])
def test_a_callback_that_no_source_limits_is_warned_of_and_never_assessed(procedure):
    (limit,) = RULES.limits[f"{procedure}.callback"]

    assert (limit.starts, limit.stops) == ("answered_at", "called_back_at")
    assert (limit.certainty, limit.assessable, limit.binding) == ("I", False, False)
