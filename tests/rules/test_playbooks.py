"""Every kind of complaint has its playbook, and a wrong one is refused with its place."""

from datetime import date

import pytest

from suyuan.analytics.detect import index
from suyuan.domain.errors import RulebookError
from suyuan.domain.rulebook import load
from suyuan.domain.rulebook.playbooks import OF_DETECTOR, TRIGGERS, filled, fitting

BOOK = load()
DAY = date(2026, 3, 1)
STEP = {
    "action": {"zh": "核对名单", "en": "Check the list"},
    "owner": "station",
    "limit": {"amount": 3, "unit": "working_days", "kind": "within"},
    "check": {"zh": "名单有签字", "en": "The list is signed"},
}
ONE = {
    "category": "service.hall",
    "title": {"zh": "窗口", "en": "Windows"},
    "trigger": ["hot_spot"],
    "steps": [STEP],
    "say": {"zh": "请稍候。", "en": "One moment, please."},
    "emergency": "system_down",
    "basis": "本公司",
    "certainty": "Q",
}


def own(kind: str = "playbook", **changed: object):
    """Return the book with a playbook of the office's own."""
    return load(entries=[{kind: [ONE | changed]}])


def test_every_third_level_category_and_every_other_leaf_has_a_playbook():
    parents = {category.parent for category in BOOK.categories.values()}
    wanted = {code for code, one in BOOK.categories.items() if one.level == 3 or code not in parents}

    assert len(wanted) == 50
    assert wanted - BOOK.playbooks.keys() == set()


def test_a_playbook_says_several_things_to_do_and_one_to_say():
    assert [one.category for one in BOOK.playbooks.values() if len(one.steps) < 3 or not one.trigger] == []
    of_categories = [one for one in BOOK.playbooks.values() if not one.category.startswith(OF_DETECTOR)]
    assert {one.emergency for one in of_categories} <= BOOK.emergencies.keys()
    assert [code for code, one in BOOK.emergencies.items() if len(one.steps) < 3] == []


def test_what_no_source_gives_as_a_whole_is_marked_as_ours():
    every = [*BOOK.playbooks.values(), *BOOK.emergencies.values()]

    assert {one.certainty.assessable for one in every} == {False}


def test_a_playbook_can_wait_for_every_detector_there_is():
    assert {one.name for one in index.ALL} - set(TRIGGERS) == set()


def test_a_category_without_one_takes_the_nearest_above_it_in_force_that_day():
    book = own(in_force_from="2026-01-01", in_force_until="2026-12-31")

    found = [book.playbook("service.hall.kiosk", day) for day in (date(2025, 12, 31), DAY, date(2027, 1, 1))]

    assert [one and one.category for one in found] == [None, "service.hall", None]
    assert book.playbook("service.hall.service", DAY).category == "service.hall.service"
    assert book.playbook("service", DAY) is None


@pytest.mark.parametrize(
    ("detector", "category", "taken"),
    [
        ("case_overdue_soon", "", ["detector.case_overdue_soon"]),
        ("case_overdue_soon", "outage.notice.none", ["detector.case_overdue_soon"]),
        (
            "case_overdue_soon",
            "business.billing.reconnect",
            ["detector.case_overdue_soon", "business.billing.reconnect"],
        ),
        ("foreign_stuck", "quality.reliability.frequent", ["detector.foreign_stuck"]),
        ("zero_readings", "business.billing.reading", ["business.billing.reading"]),
        ("zero_readings", "service.hall.attitude", []),
        ("named_unit", "service.hall.attitude", ["detector.named_unit"]),
        ("hot_spot", "service.hall.attitude", ["service.hall.attitude"]),
        ("call_surge", "", []),
    ],
)
def test_what_is_taken_up_fits_the_detector_and_the_customer_is_told_first(detector, category, taken):
    assert [one.category for one in fitting(BOOK.editions("playbook"), detector, category, DAY)] == taken


def test_what_comes_before_something_or_lasts_says_so():
    step = {code: BOOK.playbooks[code].steps for code in ("outage.notice.none", "outage.plan")}

    kinds = [step["outage.notice.none"][n].limit.kind for n in (0, 1, 2)]
    assert (kinds, step["outage.plan"][2].limit.kind) == (["before", "within", "before"], "lasting")


def test_a_sentence_is_filled_with_what_is_known_and_brackets_the_rest():
    assert filled("停了{次数}次，{日期}前", {"n": 7}) == "停了7次，〔日期〕前"


def test_a_playbook_judges_nobody_and_leaves_the_edition_as_it_is():
    assert own().edition == BOOK.edition


@pytest.mark.parametrize(
    ("changed", "table", "key"),
    [
        ({"category": "detector.gossip"}, "playbook[1] detector.gossip", "category"),
        ({"emergency": ""}, "playbook[1] service.hall", "emergency"),
        (
            {"steps": [STEP | {"limit": {"amount": 1, "unit": "days", "kind": "around"}}]},
            "playbook[1] service.hall.steps[1].limit",
            "kind",
        ),
        ({"category": "service.kiosk"}, "playbook[1] service.kiosk", "category"),
        ({"trigger": ["gossip"]}, "playbook[1] service.hall", "trigger"),
        ({"trigger": []}, "playbook[1] service.hall", "trigger"),
        ({"emergency": "fire"}, "playbook[1] service.hall", "emergency"),
        ({"steps": []}, "playbook[1] service.hall", "steps"),
        ({"steps": [STEP, STEP | {"owner": "boss"}]}, "playbook[1] service.hall.steps[2]", "owner"),
        (
            {"steps": [STEP | {"limit": {"amount": 0, "unit": "days"}}]},
            "playbook[1] service.hall.steps[1].limit",
            "amount",
        ),
        (
            {"steps": [STEP | {"limit": {"amount": 1, "unit": "moons"}}]},
            "playbook[1] service.hall.steps[1].limit",
            "unit",
        ),
        ({"steps": [STEP | {"cost": 3}]}, "playbook[1] service.hall.steps[1]", "cost"),
        ({"say": {"zh": "请稍候。"}}, "playbook[1] service.hall.say", "en"),
    ],
)
def test_a_wrong_playbook_is_refused_with_its_place(changed, table, key):
    with pytest.raises(RulebookError) as caught:
        own(**changed)

    facts = caught.value.facts
    assert (facts["file"], facts["table"], facts["key"]) == ("approved", table, key)


def test_an_emergency_template_says_when_it_begins():
    with pytest.raises(RulebookError) as caught:
        load(entries=[{"emergency": [{**ONE, "code": "fire"}]}])

    assert caught.value.facts["key"] == "begins"
