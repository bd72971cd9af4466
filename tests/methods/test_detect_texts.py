"""Detectors of texts: orders that read like complaints, answers that fail the rules or are copied."""

from datetime import timedelta

import numpy as np
import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.store.frames import texts
from tests.detecting import NOW, found, frame

DAY = timedelta(days=1)
ORDER = {
    "procedure": "application",
    "kind": "application.meter",
    "category": "",
    "channel": "95598",
    "unit": "0101",
    "unit_name": "东城供电所",
    "account": "",
    "satisfaction": "",
    "said": "客户申请校验电能表。",
    "cause": "",
    "measures": "",
    "reply": "",
    "urges": 0,
    "accepted_at": NOW - DAY,
}


def told(name, *rows):
    return found(
        name, texts=frame(texts.COLUMNS, [{"number": f"A{n}"} | row for n, row in enumerate(rows)], **ORDER)
    )


@pytest.mark.parametrize(
    ("order", "level"),
    [
        ({"said": "客户反映工作人员态度恶劣。"}, Level.GENERAL),
        ({"said": "客户反映工作人员态度恶劣，互相推诿，迟迟没人管。"}, Level.IMPORTANT),
        (
            {"said": "客户强烈不满，多次反映没人管。", "satisfaction": "dissatisfied", "urges": 2},
            Level.URGENT,
        ),
        ({"said": "客户反映迟迟未装表。"}, None),
        ({"said": "客户反映迟迟未装表。", "channel": "12398"}, Level.GENERAL),
        ({"said": "客户反映未装表。", "channel": "12398", "satisfaction": "dissatisfied"}, None),
        ({"said": "客户查询投诉电话，表示没有不满，不投诉。"}, None),
        ({"said": "客户咨询如何投诉，强烈不满。"}, Level.GENERAL),
        ({"reply": "对责任人批评教育，已向客户致歉。"}, None),
        ({"reply": "对责任人批评教育，已向客户致歉。", "satisfaction": "dissatisfied"}, Level.GENERAL),
        ({"said": "客户投诉抄表员态度恶劣。", "kind": "complaint"}, None),
        ({"said": "客户表扬抢修人员。", "kind": "praise"}, None),
    ],
)
def test_an_order_is_told_by_what_was_said_with_what_came_of_it(order, level):
    assert [one.level for one in told("misclassified", order)] == ([level] if level else [])


def test_the_words_that_tell_are_quoted():
    (one,) = told("misclassified", {"said": "客户反映工作人员推诿，迟迟不办。"})

    assert (one.facts["words"], one.cases, one.observed) == ("推诿、迟迟", ("A0",), 3.0)


INNOCENT = (
    "客户咨询6月电费构成，已逐项解释。",
    "客户反映门前电线被大风刮断垂落，请速到现场。",
    "客户对停电短信通知有意见，希望提前告知。",
    "客户查询投诉渠道，已告知。",
    "客户申请修改联系电话。",
)
GUILTY = (
    "客户反映营业厅人员态度差，要求处理。",
    "客户说再不来人就要投诉，找媒体。",
    "客户反映各部门互相踢皮球，迟迟不解决。",
    "客户反映抢修人员乱收费。",
)


def test_planted_complaints_are_found_and_plain_orders_are_not():
    chance = np.random.default_rng(4)
    plain = [{"number": f"I{n}", "said": str(chance.choice(INNOCENT))} for n in range(300)]
    planted = [{"number": f"P{n}", "said": GUILTY[n % len(GUILTY)]} for n in range(20)]

    assert {one.cases[0] for one in told("misclassified", *plain, *planted)} == {f"P{n}" for n in range(20)}


GOOD = (
    "3月2日联系客户，东城供电所现场核查发现表计示数与系统一致，经核实情况不属实，"
    "已向客户解释计费依据，更换了老化的表箱，客户表示认可。"
)
ANSWERED = {"procedure": "complaint", "answered_at": NOW - DAY, "said": "客户反映电费偏高。"}


def test_an_answer_with_a_grave_fault_is_told_and_a_good_one_is_not():
    bad = ANSWERED | {"reply": "X月X日" + GOOD, "said": "客户反映电费偏高，要求赔偿。"}
    long_ago = bad | {"answered_at": NOW - 20 * DAY}
    (one,) = told("reply_quality", bad, ANSWERED | {"reply": GOOD}, long_ago, ANSWERED)

    assert (one.cases, one.level, one.facts["times"]) == (("A0",), Level.IMPORTANT, 2)
    assert one.facts["objection"] in ("demand_unanswered", "unfinished")


def test_a_unit_that_sends_many_customers_one_answer_is_told_once():
    same = [
        ANSWERED | {"reply": GOOD.replace("3月2日", f"3月{n + 1}日"), "account": f"k{n}"} for n in range(6)
    ]
    one_customer = [row | {"account": "k", "unit": "0102"} for row in same]
    own_words = [ANSWERED | {"reply": f"{GOOD}第{word}户", "unit": "0103"} for word in "甲乙丙丁戊己"]
    repairs = [row | {"procedure": "repair", "unit": "0104"} for row in same]
    told_of = [one for one in told("reply_quality", *same, *one_customer, *own_words, *repairs)
               if one.why == "reply_copied"]  # fmt: skip

    assert [(one.object, one.observed) for one in told_of] == [("unit:0101", 6.0)]
