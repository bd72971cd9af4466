"""What the lake knows of a case from those opened on it, and that they move its row."""

from suyuan.domain.rulebook.records import OPENED_BY_A_VERB

from .faults import TOUCHED

ORDERS = (
    "SELECT k.parent_number AS number, MIN(CASE WHEN k.state = 'archived' THEN 3 "
    "WHEN k.reviewed_at IS NOT NULL THEN 2 ELSE 1 END) AS stage "
    "FROM store_rectification o JOIN store_case k ON k.id = o.case_id WHERE k.state <> 'void' "
    "GROUP BY k.parent_number"
)
"""How far the rectification orders given on each case are."""
MALICIOUS = (
    "SELECT k.parent_number AS number, MAX(CASE WHEN q.upheld THEN 1 ELSE 0 END) AS upheld "
    "FROM store_claimreview q JOIN store_case k ON k.id = q.case_id "
    "WHERE q.upheld AND q.lifted_at IS NULL GROUP BY k.parent_number"
)
"""The cases whose claim two people found malicious, and nobody took that back. That it holds for a time says
for how long it is a ground, not what is counted of the days before."""
CAUSES = (
    "SELECT l.about_id AS about, l.signed_cause AS cause FROM store_liability l "
    "WHERE l.id IN (SELECT MAX(s.id) FROM store_liability s JOIN store_case k ON k.id = s.case_id "
    "WHERE k.state <> 'void' AND s.signed_at IS NOT NULL GROUP BY s.about_id)"
)
"""The cause that was signed in the liability of each case. Where none was, the analysis of why it had to be
handled again names one."""
CAUSE = "CASE WHEN c.restricted THEN '' ELSE COALESCE(l.cause, c.responsibility) END"
"""What is restricted keeps its cause to those who may see it."""
STAGES = ("", "ordered", "countersigned", "effective")
NOT_A_CUSTOMERS = "c.procedure NOT IN ({})".format(", ".join(f"'{name}'" for name in OPENED_BY_A_VERB))
"""What the cases opened from another are left out by: each customer's matter counts once."""
CHANGED = (
    "(c.changed_event > %s AND c.changed_event <= %s OR c.number IN (SELECT k.parent_number "
    "FROM store_rectification o JOIN store_case k ON k.id = o.case_id "
    "WHERE k.changed_event > %s AND k.changed_event <= %s) "
    "OR c.id IN (SELECT s.about_id FROM store_liability s JOIN store_case k ON k.id = s.case_id "
    "WHERE k.changed_event > %s AND k.changed_event <= %s) "
    f"OR c.id IN ({TOUCHED}))"
)
"""Cases that changed: themselves, by an order given on them, by their liability, or by the next fault of the
same account."""


def span(after: int, upto: int) -> tuple[str, tuple[int, ...]]:
    """Return the condition for the cases whose row a refresh writes anew, and its values."""
    if not after:
        return "c.changed_event > %s AND c.changed_event <= %s", (after, upto)
    return CHANGED, (after, upto) * 4
