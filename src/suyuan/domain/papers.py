"""The papers that leave the office: what each may say, what must have happened first, who seals it.

A template may use these placeholders and no others; docs/papers.md is drawn from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import BadInput
from .proof import HIDDEN, SHOWS
from .vocabulary import Role

CASE = (
    "number",
    "type",
    "state",
    "category",
    "level",
    "channel",
    "unit",
    "specialty",
    "accepted_at",
    "due_at",
    "customer",
    "phone",
    "account",
    "address",
    "text",
)
"""What every paper may say of its case; what leads to the customer is masked as for whoever prints it."""

PRINT = ("code", "printed_at", "printed_by")
"""The verification code, when it was printed, and by whom."""

CLOCKS = {"clocks": ("title", "due", "state")}
HISTORY = {"history": ("at", "by", "verb", "text")}
SIGNATURES = {"signatures": ("act", "by", "at", "text")}
"""Who proposed, reviewed, signed and appealed, in that order."""


SHEETS = {
    "visit": "visit_site",
    "billing": "work_out_billing",
    "damage": "work_out_damage",
    "meter": "check_meter",
    "voltage": "check_voltage",
    "connection": "check_connection",
    "analysis": "analyse_specialty",
}
"""The sheets of an investigation as lists of a paper, and the verb that writes each."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper."""

    kind: str
    after: str
    """The verb that must have been done; empty for a paper that can be printed at any time."""
    own: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seals: tuple[str, ...] = ()
    """Who signs and seals, in that order."""
    roles: frozenset[Role] = frozenset()
    """Who alone may print it; everybody in reach where there are none."""
    hides: tuple[str, ...] = ()
    """What this paper never says of its case."""
    of: str = ""
    """The one procedure or business type whose cases it is printed of; empty for a paper of many."""

    @property
    def known(self) -> dict[str, tuple[str, ...]]:
        """Return every placeholder; those that are lists with what each of their rows has."""
        return dict.fromkeys((*CASE, *PRINT, *self.own), ()) | dict(self.lists)


PAPERS = {
    paper.kind: paper
    for paper in (
        Paper("work_order", "", (), {**CLOCKS, **HISTORY}, ("desk", "handling_unit")),
        Paper(
            "supervision",
            "supervise",
            ("supervised_at", "supervised_by", "opinion"),
            {"opinions": ("at", "by", "text"), **CLOCKS},
            ("supervising_unit", "handling_unit"),
        ),
        Paper(
            "named_warning",
            "",
            ("month", "named_for", "compared", "reply_by", "cause", "measures", "due_on"),
            {**CLOCKS, **HISTORY},
            ("service_office", "handling_unit"),
            of="named_warning",
        ),
        Paper(
            "investigation",
            "submit_finding",
            (
                "finding",
                "cause",
                "measures",
                "reply",
                "evidence",
                "found_at",
                "found_by",
                "reviewed_at",
                "reviewed_by",
                "review_opinion",
                "satisfaction",
            ),
            dict(HISTORY),
            ("handling_unit", "reviewing_unit", "service_office"),
        ),
        Paper(
            "penetration",
            "write_report",
            (
                "situation",
                "investigation",
                "problems",
                "rectification",
                "suggestions",
                "found_at",
                "found_by",
                "finding",
                "direct_cause",
                "management_cause",
                "specialty_measures",
                "analysed_at",
                "analysed_by",
                "lacking",
            ),
            {
                "items": ("item", "text", "finding", "clause", "evidence"),
                **dict.fromkeys(SHEETS, ("label", "value")),
            },
            ("handling_unit", "reviewing_unit", "service_office"),
        ),
        Paper(
            "rectification",
            "circulate",
            ("complaint", "problems", "measures", "due_on", "round"),
            {"sheet": ("node", "place", "act", "by", "at", "text", "seal"), **HISTORY},
            ("handling_unit", "reviewing_unit", "service_office"),
            of="rectification",
        ),
        Paper(
            "support",
            "",
            ("complaint", "asked_by", "request", "reply", "support_rating"),
            {**CLOCKS, **HISTORY},
            ("handling_unit", "service_office"),
            of="support",
        ),
        Paper(
            "appeal",
            "",
            (
                *("complaint", "appeal_ground", "what_happened", "aim", "evidence", "finding"),
                *("archived_at", "first_decision", "final_decision"),
            ),
            {
                "conditions": ("title", "result"),
                "seals": ("level", "sealed_on", "by"),
                **HISTORY,
            },
            ("station_level", "department_level", "company_level"),
            of="appeal",
        ),
        Paper(
            "liability",
            "put_forward",
            ("complaint", "responsibility", "skill_gap", "liability_round", "standing", "objection_until"),
            {
                "shares": ("line", "unit", "node", "person", "percent", "evidence", "source"),
                "objections": ("line", "unit", "reason", "text", "by", "at", "answer"),
                **SIGNATURES,
            },
            ("liable_unit", "service_office", "audit_desk"),
            of="liability",
        ),
        Paper(
            "veto",
            "sign_veto",
            ("complaint", "vetoed", "veto_reason", "veto_span", "evidence", "standing"),
            dict(SIGNATURES),
            ("service_office", "audit_desk", "vetoed_unit"),
            of="veto",
        ),
        Paper(
            "accountability",
            "put_in_effect",
            (
                *("complaint", "concerned", "liability_node", "percent", "penalty", "penalty_points"),
                *("established", "evidence", "appeal_until"),
            ),
            dict(SIGNATURES),
            ("audit_desk", "person_concerned"),
            of="accountability",
        ),
        Paper(
            "regulator_return",
            "",
            ("finding", "archived_at", "reply"),
            dict(CLOCKS),
            ("handling_unit", "service_office"),
        ),
        Paper("card", "issue_card", ("card_code", "card_address", "card_qr")),
        Paper(
            "proof",
            "",
            ("reporter", "answered_at", "statement", "statement_sha256", "answer_event"),
            {"given": ("at", "way", "event")},
            ("audit_desk",),
            SHOWS,
            HIDDEN,
        ),
    )
}

PURPOSES = ("handling", "meeting", "inspection", "appeal", "filing")
"""What a paper may be printed for."""


def printed_by(roles: frozenset[Role], *of: str) -> list[str]:
    """Return the papers somebody with these roles may print, first those of a procedure or business type."""
    may = [one for one in PAPERS.values() if not one.roles or one.roles & roles]
    if of:
        may = [one for one in may if one.of in ("", *of)]
        may.sort(key=lambda one: not one.of)
    return [one.kind for one in may]


def paper(kind: str) -> Paper:
    """Return a kind of paper; raise BadInput for one nobody knows."""
    if kind not in PAPERS:
        raise BadInput("unknown_paper", kind=kind, known=list(PAPERS))
    return PAPERS[kind]
