"""Which columns does the lake hold, and of what type?

The exporter writes exactly these, the engine opens exactly these, the measures read nothing else. Types
are names, so that naming a column needs no engine: ``timestamp`` is microseconds in UTC, ``date32`` and
the ``accepted_*`` columns are civil values in the utility's own zone, computed once at export (measures
never convert time zones: casts lose the zone on DuckDB and Spark alike, ibis issue 11211). An unknown
text is ``""``; an unknown number, moment or flag is null.
"""

from hashlib import sha256

from suyuan.domain.order import MILESTONES

Columns = tuple[tuple[str, str], ...]

UNIT_DEPTH = 6
"""How many ancestors a row carries, ``u1`` being the root."""

CLOCK_REASONS = ("no_target", "no_rule_in_force", "type_unknown", "site_unknown")
"""Why a case may have no binding clock; each is an exclusion code of its own."""

_ANCESTORS: Columns = tuple((f"u{depth}", "string") for depth in range(1, UNIT_DEPTH + 1))

CASES: Columns = (
    ("case_id", "int64"),
    ("number", "string"),
    ("procedure", "string"),
    ("state", "string"),
    ("is_open", "bool"),
    ("origin", "string"),
    ("source", "string"),
    ("business_type", "string"),
    ("type_code", "string"),
    ("category", "string"),
    ("l1", "string"),
    ("l2", "string"),
    ("l3", "string"),
    ("assess_group", "string"),
    ("level", "string"),
    ("channel", "string"),
    ("site", "string"),
    ("unit", "string"),
    ("unit_path", "string"),
    *_ANCESTORS,
    ("specialty", "string"),
    ("line", "string"),
    ("area", "string"),
    ("is_child", "bool"),
    ("restricted", "bool"),
    ("malicious", "bool"),
    ("finding", "string"),
    ("finding_assessed", "string"),
    ("cause", "string"),
    ("satisfaction", "string"),
    ("first_satisfaction", "string"),
    ("card_match", "string"),
    ("crew_rating", "string"),
    ("supply_stable", "bool"),
    ("fault_again", "bool"),
    ("fault_again_by", "timestamp"),
    ("rectification", "string"),
    ("episode", "int16"),
    ("urge_count", "int32"),
    ("contact_count", "int32"),
    ("event_key", "string"),
    *((milestone, "timestamp") for milestone in MILESTONES),
    ("accepted_date", "date32"),
    ("accepted_month", "string"),
    ("accepted_week", "string"),
    ("accepted_year", "int16"),
    ("accepted_is_workday", "bool"),
    ("accepted_hour", "int8"),
    ("answered_date", "date32"),
    ("archived_date", "date32"),
    ("first_answered_at", "timestamp"),
    ("binding_limit", "string"),
    ("binding_due", "timestamp"),
    ("binding_stopped", "timestamp"),
    ("binding_provisional", "bool"),
    ("binding_assessable", "bool"),
    ("clock_reason", "string"),
)
"""One row a case of a customer's. ``rectification`` is how far the orders given on it are, the least of them:
``ordered``, ``countersigned``, ``effective``; ``malicious`` only after two reviewers said so, null is no.
``cause`` is why it came to it, beside the category of what was complained of; empty where nobody judged it
or the case is restricted. ``fault_again`` says of a mended fault whether its account reported another until
``fault_again_by``; null is unknown, for want of an account."""

CLOCKS: Columns = (
    ("case_id", "int64"),
    ("unit", "string"),
    ("unit_path", "string"),
    ("procedure", "string"),
    ("is_open", "bool"),
    ("accepted_date", "date32"),
    ("accepted_month", "string"),
    ("accepted_week", "string"),
    ("accepted_year", "int16"),
    ("limit", "string"),
    ("kind", "string"),
    ("started", "timestamp"),
    ("due", "timestamp"),
    ("stopped", "timestamp"),
    ("provisional", "bool"),
    ("assessable", "bool"),
    ("binding", "bool"),
    ("episode", "int16"),
)
"""One row a clock of a case; ``is_open`` and the accepted columns are the case's."""

COMMITMENTS: Columns = (
    ("case_id", "int64"),
    ("unit", "string"),
    ("unit_path", "string"),
    ("procedure", "string"),
    ("restricted", "bool"),
    ("accepted_date", "date32"),
    ("accepted_month", "string"),
    ("accepted_week", "string"),
    ("accepted_year", "int16"),
    ("state", "string"),
    ("promised_on", "date32"),
    ("over_at", "timestamp"),
)
"""One row a promise; what is not its own is its case's. From ``over_at`` on its day has passed."""

HANDOVERS: Columns = (
    ("case_id", "int64"),
    ("number", "string"),
    ("unit", "string"),
    ("unit_path", "string"),
    ("restricted", "bool"),
    ("accepted_date", "date32"),
    ("accepted_month", "string"),
    ("accepted_week", "string"),
    ("accepted_year", "int16"),
    ("giver", "string"),
    ("taker", "string"),
    ("given", "timestamp"),
    ("ended", "string"),
    ("given_work", "int64"),
    ("idle", "int64"),
)
"""One row an order given by one unit to another. ``given_work`` are the working microseconds from
``shirking.SINCE`` until it was given, ``idle`` those it lay until it was accepted or went away; null while it
lies there."""

UNITS: Columns = (
    ("code", "string"),
    ("name", "string"),
    ("path", "string"),
    ("depth", "int16"),
    ("parent", "string"),
    ("specialty", "string"),
    ("kind", "string"),
    ("customers", "int64"),
    ("provisional", "bool"),
)
"""One row a unit; ``path`` starts and ends with ``/`` and holds every ancestor and the unit itself."""

TABLES: dict[str, Columns] = {
    "cases": CASES,
    "clocks": CLOCKS,
    "commitments": COMMITMENTS,
    "handovers": HANDOVERS,
    "units": UNITS,
}
SHAPE = sha256(repr(TABLES).encode()).hexdigest()[:16]
"""Tells whether files were written with these columns: others are written anew."""
