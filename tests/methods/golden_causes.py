"""Golden cases of the causes of complaints, worked by hand, in the form of test_measures_golden."""

from tests.lake_rows import FIRST_0030, LAST_2330, case

IN, OUT = FIRST_0030, LAST_2330


def november():
    """Return five judged complaints (2 facility, 2 staff, 1 delivery) and what is left out."""
    return [
        *(case(n, IN, cause=cause) for n, cause in enumerate(("facility", "facility", "staff", "staff"), 1)),
        case(5, IN, cause="delivery"),
        case(6, IN),  # nobody judged it
        case(7, IN, cause="staff", restricted=True),
        case(8, IN, cause="staff", is_child=True),
        case(9, IN, cause="staff", business_type="report"),
    ]


OCTOBER = [case(10, OUT, cause="individual"), case(11, OUT)]

GOLDEN = {
    "cause_facility_share": (november(), OCTOBER, (2, 5), (0, 1)),
    "cause_staff_share": (november(), OCTOBER, (2, 5), (0, 1)),
    "cause_delivery_share": (november(), OCTOBER, (1, 5), (0, 1)),
    "cause_individual_share": (november(), OCTOBER, (0, 5), (1, 1)),
}
