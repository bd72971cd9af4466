"""Shares of a liability: proposed by evidence, whole to the last hundredth; amounts cut to the cent."""

from decimal import Decimal

import pytest

from suyuan.domain.liability import (
    Evidence,
    Node,
    Sign,
    apportioned,
    distributed,
    is_whole,
    node_of,
    propose,
    share_problem,
)
from suyuan.store import nodes

WEIGHTS = {"traced": 6, "breach": 2, "returned": 2, "finding": 1}
NODES = (
    Node("meter.reading", "marketing", ("business.billing.reading", "*划零*")),
    Node("billing.step", "marketing", ("business.billing",)),
    Node("file.address", "marketing", ("批量地址修改*",)),
)


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("business.billing.reading", "meter.reading"),
        ("business.billing.dunning", "billing.step"),
        ("business.billings", ""),
        ("抄表划零", "meter.reading"),
        ("批量地址修改审核", "file.address"),
        ("", ""),
    ],
)
def test_a_node_is_known_by_the_longest_of_its_names_that_fits(name, node):
    assert node_of(NODES, name) == node


def test_the_front_desk_that_the_log_spares_has_no_share_of_what_was_complained_of():
    traced = Evidence(Sign.TRACED, "file.address", "YX", "log:7")
    finding = Evidence(Sign.FINDING, "meter.reading", "0101", "item:1")
    breach = Evidence(Sign.BREACH, "order.reply", "0101", "complaint.answer")

    spared = propose([traced, finding, breach], WEIGHTS, spared=["0101"])
    unspared = propose([traced, finding, breach], WEIGHTS)

    assert [(one.node, one.unit, one.percent, one.evidence) for one in spared] == [
        ("file.address", "YX", Decimal(75), ("log:7",)),
        ("order.reply", "0101", Decimal(25), ("complaint.answer",)),
    ]
    assert [(one.node, one.percent) for one in unspared] == [
        ("file.address", Decimal(67)),
        ("order.reply", Decimal(22)),
        ("meter.reading", Decimal(11)),
    ]
    assert [one.percent for one in propose([finding], WEIGHTS, spared=["0101"])] == [Decimal(100)]


@pytest.mark.parametrize(
    ("weights", "total", "parts"),
    [
        ([1, 1, 1], 100, [34, 33, 33]),
        ([6, 1], 100, [86, 14]),
        ([0, 0], 100, [0, 0]),
        ([], 100, []),
        ([1] * 7, 5, [1, 1, 1, 1, 1, 0, 0]),
    ],
)
def test_parts_by_weight_add_up_to_the_total(weights, total, parts):
    assert apportioned(weights, total) == parts


def test_an_amount_cut_by_shares_is_the_amount_again_to_the_cent():
    for amount in ("0.01", "0.10", "1.00", "33.33", "99999.99"):
        for shares in (["33.33", "33.33", "33.34"], ["100"], ["0.01", "99.99"], ["50", "50"]):
            parts = distributed(Decimal(amount), [Decimal(one) for one in shares])
            assert sum(parts) == Decimal(amount), (amount, shares)


def test_what_is_whole_and_what_is_a_share():
    assert [is_whole([Decimal("33.33"), Decimal("66.67")]), is_whole([Decimal("99.99")]), is_whole([])] == [
        True,
        False,
        False,
    ]
    said = {text: share_problem(Decimal(text)) for text in ("0", "0.01", "100", "100.01", "33.333", "-5")}
    assert said == {
        **dict.fromkeys(("0", "100.01", "33.333", "-5"), "not_a_share"),
        **dict.fromkeys(("0.01", "100"), ""),
    }


def test_each_node_of_the_rulebook_has_a_process_a_department_and_a_sign_weighs_something():
    known = nodes.nodes()

    assert {one.department for one in known} <= {
        *("service", "marketing", "operations", "dispatching", "construction")
    }
    assert [one.code for one in known if nodes.title(one.code, "en").startswith(one.code.split(".")[0])] == []
    assert set(nodes.weights()) == set(Sign)
