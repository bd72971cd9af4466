"""The fair-blame statement: what was charged and what shares make of it are the same sum."""

from decimal import Decimal

from suyuan.domain.blame import Charge, Part, statement

DESK, OFFICE = ("0101", ""), ("YX", "")
PARTS = (
    Part("file.address", OFFICE, Decimal("66.67"), ("log:7",)),
    Part("order.reply", ("0101", "li"), Decimal("33.33"), ("complaint.answer",)),
)


def test_what_the_front_desk_was_charged_goes_to_the_nodes_and_the_sums_are_the_same():
    found = statement([Charge(1, DESK, Decimal("2.00"), PARTS), Charge(2, DESK, Decimal("0.50"))])

    assert [(line.party, line.charged, line.shared, line.difference) for line in found.lines] == [
        (DESK, Decimal("2.50"), Decimal("0.50"), Decimal("2.00")),
        (("0101", "li"), Decimal(0), Decimal("0.67"), Decimal("-0.67")),
        (OFFICE, Decimal(0), Decimal("1.33"), Decimal("-1.33")),
    ]
    assert found.charged == found.shared == Decimal("2.50")


def test_what_was_taken_back_is_taken_back_on_both_sides_to_the_cent():
    found = statement([Charge(1, DESK, Decimal("0.01"), PARTS), Charge(3, DESK, Decimal("-0.01"), PARTS)])

    assert {line.party: (line.charged, line.shared) for line in found.lines} == {
        DESK: (0, 0),
        OFFICE: (0, 0),
        ("0101", "li"): (0, 0),
    }
    assert (found.charged, found.shared) == (0, 0)


def test_of_nothing_charged_the_statement_is_empty():
    assert (statement([]).lines, statement([]).charged) == ((), 0)
