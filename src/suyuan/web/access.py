"""Who may open which address: one table, asked by the middleware, the navigation and the buttons.

An address without an entry is refused to everybody. An entry names the roles, held over any unit, and the
reach: which rows of the page somebody with the role meets. The table is drawn in docs/permissions.md, and
tests/doors/test_access_matrix.py walks every address as every role and compares.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest

from suyuan.domain import (
    campaign,
    customer,
    disconnection,
    evaluation,
    filing,
    first_move,
    improvement,
    precomplaint,
    recovery,
    warning,
)
from suyuan.domain.errors import Refused
from suyuan.domain.evidence import ANSWERING, WORKING
from suyuan.domain.ledger import PROPOSERS as LEDGER_PROPOSERS
from suyuan.domain.ledger import SIGNERS
from suyuan.domain.missed_call import MAY_IMPORT
from suyuan.domain.proof import SHOWS
from suyuan.domain.reporter import HAND_OUT as REPORTER_DESK
from suyuan.domain.rulebook.edits import APPROVERS, PROPOSERS
from suyuan.domain.signin import CONFIRMERS
from suyuan.domain.views import SHARERS
from suyuan.domain.vocabulary import Role


class Reach(StrEnum):
    """Which rows an address answers with, of all there are."""

    NONE = "none"
    """Nothing that belongs to a unit or a person stands on it."""
    UNITS = "units"
    """What registers, files and desks hold of the viewer's units."""
    CASES = "cases"
    """Cases of the viewer's units, and what is drawn from them; an administrator's in a staff session alone,
    restricted ones an auditor's or a leader's alone."""
    CASE = "case"
    """One case, if it is one of those."""
    OWN = "own"
    """The viewer's own rows alone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who may open an address, and how much of it."""

    roles: frozenset[Role]
    reach: Reach
    signed_in: bool = True
    """Whether somebody has to be signed in at all."""


ALL = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
ADMIN = frozenset({Role.ADMIN})
OFFICE = frozenset({Role.ADMIN, Role.OFFICE})
IMPORTERS = OFFICE | {Role.LEAD}
JUDGES = frozenset({Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.AUDIT})
"""Who says whether a trace is right."""
REGISTER_READERS = OFFICE | {Role.LEAD, Role.LEADER, Role.AUDIT}
DESK = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})

CREW_SENDERS = frozenset({Role.OFFICE, Role.LEAD, Role.OPERATIONS, Role.STATION})
"""Who decides where a crew goes first."""
IMPROVERS = improvement.MAY
"""Who puts something on the improvement register."""
FILERS = filing.MAY
"""Who files ahead what customers will call about."""
CAMPAIGNERS = campaign.MAY
"""Who opens a campaign, adds to it and closes it."""
LIABLE = frozenset(Role) - {Role.ADMIN}
"""Who can be of a unit that has a share of a liability."""
KEEPERS = customer.KEEP
"""Who writes down what a customer says of himself."""


def pages(names: str, roles: frozenset[Role], reach: Reach) -> dict[str, Entry]:
    """Return one entry for each of the names."""
    return {name: Entry(roles, reach) for name in names.split()}


def open_to_all(names: str) -> dict[str, Entry]:
    """Return entries for addresses that answer before anybody has signed in."""
    return {name: Entry(ALL, Reach.NONE, signed_in=False) for name in names.split()}


TABLE: dict[str, Entry] = {
    # signing in, and one's own account
    **open_to_all("account_login account_logout account_inactive mfa_authenticate set_language demo_enter"),
    # the programs' door: every address of it asks for a key itself, and a person's cookie opens none
    **open_to_all(
        "api:api-root api:openapi-json api:whoami api:list_cases api:find_cases api:show api:act api:receive"
    ),
    **open_to_all("api:list_interactions"),
    # what an SMS gateway reports is believed for its signature
    **open_to_all("api:take_receipts"),
    **open_to_all("openid_connect_login openid_connect_callback mfa_login_webauthn"),
    **pages("mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn", ALL, Reach.OWN),
    **pages("mfa_remove_webauthn mfa_reauthenticate_webauthn", ALL, Reach.OWN),
    **pages("account_reauthenticate account_change_password", ALL, Reach.OWN),
    **pages("mfa_index mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp", ALL, Reach.OWN),
    **pages("mfa_view_recovery_codes mfa_generate_recovery_codes", ALL, Reach.OWN),
    **pages("mfa_download_recovery_codes", ALL, Reach.OWN),
    # the library's pages that this office does not use: accounts and passwords come from an administrator
    **pages("account_signup account_email account_email_verification_sent", NOBODY, Reach.NONE),
    **pages("account_set_password account_reset_password account_reset_password_done", NOBODY, Reach.NONE),
    **pages("account_reset_password_from_key account_reset_password_from_key_done", NOBODY, Reach.NONE),
    **pages("account_confirm_email account_confirm_login_code", NOBODY, Reach.NONE),
    **pages("sessions sessions_end keys key_make key_revoke", ALL, Reach.OWN),
    **pages("staff staff_close", frozenset({Role.ADMIN}), Reach.OWN),
    **pages("staff_review staff_reviewed", frozenset({Role.AUDIT}), Reach.UNITS),
    **pages("signins signins_unlock signins_end signins_reset", frozenset({Role.ADMIN}), Reach.UNITS),
    **pages("signins_keys", frozenset({Role.ADMIN}), Reach.UNITS),
    **pages("passwords passwords_confirm passwords_refuse", CONFIRMERS, Reach.UNITS),
    **pages("role_requests role_confirm role_decline", CONFIRMERS, Reach.UNITS),
    # first page and lists of cases
    **pages("home week calls traces queue search export", ALL, Reach.CASES),
    **pages("columns seen_all theme", ALL, Reach.OWN),
    # a long list that the worker takes out for whoever asked
    **pages("export_page export_file", ALL, Reach.OWN),
    # saved views: one's own, and those shared in a unit, which some may share and change
    **pages("views view view_save view_forget view_restore", ALL, Reach.OWN),
    **pages("view_share", SHARERS, Reach.OWN),
    **pages("bulk_choose bulk_fill", ALL, Reach.UNITS),
    **pages("bulk bulk_run bulk_go_on bulk_undo", ALL, Reach.OWN),
    **pages("worksheet worksheet_export worksheet_upload", ALL, Reach.UNITS),
    **pages("worksheet_result worksheet_go_on worksheet_file", ALL, Reach.OWN),
    # papers
    **pages("papers paper_shipped paper_sample", ALL, Reach.NONE),
    **pages("paper_propose paper_settle", OFFICE, Reach.NONE),
    **pages("paper", ALL, Reach.CASE),
    # taking a contact in, and one case
    **pages("contact contact_lookup", DESK, Reach.CASES),
    **pages("case verb undo trace reveal portrait signal", ALL, Reach.CASE),
    **pages("trace_take supply_take", OFFICE, Reach.NONE),
    # orders of other systems: no number on them leads to anybody, and what blocks one unit is often another's
    **pages("trace_orders trace_order", ALL, Reach.NONE),
    **pages("trace_judge", JUDGES, Reach.CASE),
    # calls that nobody took, to be called back
    **pages("missed_calls missed_call missed_call_number missed_call_contact", DESK, Reach.CASES),
    # whom to call before they call; what the calls do; who is held out, which the desks must not know
    **pages("first_moves first_move first_move_number first_move_contact", first_move.MAY, Reach.CASES),
    **pages("first_move_portrait", first_move.MAY, Reach.CASES),
    **pages("first_moves_effect", first_move.SEES_EFFECT, Reach.CASES),
    **pages("first_moves_held", first_move.AUDITS, Reach.CASES),
    **pages("call_files call_file_upload call_file_template", MAY_IMPORT, Reach.NONE),
    **pages("call_file_checked call_file_columns call_file_quarantine", MAY_IMPORT, Reach.OWN),
    # the customer of a case; customers as such have no page, only a list of
    # contacts that bounce, each through a case, and the one that takes their file in
    **pages("customer", KEEPERS, Reach.CASE),
    **pages("customers_bounced", KEEPERS, Reach.CASES),
    **pages("customers customers_upload customers_template", OFFICE, Reach.NONE),
    **pages("customers_checked customers_quarantine customers_columns", OFFICE, Reach.OWN),
    # who looked at personal data in clear
    **pages("looks", ALL, Reach.CASES),
    **pages("interactions", ALL, Reach.CASE),
    # its evidence: voices and faces, for those who work on it
    **pages("attach download evidence evidence_open evidence_view evidence_small", WORKING, Reach.CASE),
    **pages("evidence_verb", WORKING, Reach.CASE),
    **pages("evidence_export", ANSWERING, Reach.CASE),
    **pages("evidence_due", ANSWERING, Reach.UNITS),
    # figures and rules
    **pages("population", ALL, Reach.CASES),
    **pages("board board_refresh drill drill_export consistency weak_links comparison", ALL, Reach.CASES),
    # one that reaches beyond the viewer's units is not shown
    **pages("hot_spots hot_spot", ALL, Reach.CASES),
    # special flags are counted on it, so it is for those who send crews
    **pages("repair_order faults", CREW_SENDERS, Reach.CASES),
    **pages("reconcile reconcile_cases", ALL, Reach.CASES),
    # what speaks against our own people
    **pages("discipline", frozenset({Role.AUDIT, Role.LEADER}), Reach.CASES),
    # what the workstation relayed, support asked for, what is to be improved
    **pages("relays supports supervisions improvements filings final_answers", ALL, Reach.CASES),
    # appeals, reviews of claims; staff protection, of which most people meet their own records alone
    **pages("appeals claims", ALL, Reach.CASES),
    **pages("protections", ALL, Reach.CASES),
    **pages("protection_add", ALL, Reach.OWN),
    **pages("returns", ALL, Reach.CASES),
    **pages("return_file", frozenset({Role.OFFICE, Role.AUDIT}), Reach.CASE),
    **pages("returns_publish", OFFICE, Reach.UNITS),
    **pages("repeats commitments", ALL, Reach.CASES),
    **pages("improvement_add", IMPROVERS, Reach.UNITS),
    # rewards and penalties: a case is named to those alone who may open it
    **pages("ledger", ALL, Reach.CASES),
    **pages("ledger_facts", LEDGER_PROPOSERS, Reach.CASES),
    **pages("ledger_propose", LEDGER_PROPOSERS, Reach.UNITS),
    **pages("ledger_sign", SIGNERS, Reach.UNITS),
    **pages("ledger_decide", SIGNERS | LEDGER_PROPOSERS, Reach.CASE),
    **pages("ledger_reverse", SIGNERS | LEDGER_PROPOSERS, Reach.CASE),
    # whose step a complaint came from: shares of one's own unit, and those of cases in reach
    **pages("liabilities trainings", ALL, Reach.CASES),
    **pages("vetoes eligible signals mutes", ALL, Reach.CASES),
    **pages("blame blame_export", ALL, Reach.CASES),
    **pages("ledger_period", LEDGER_PROPOSERS, Reach.UNITS),
    **pages("liability_object", LIABLE, Reach.CASE),
    **pages("campaigns campaign", ALL, Reach.CASES),
    **pages("campaign_open campaign_add campaign_close", CAMPAIGNERS, Reach.UNITS),
    # filed ahead what customers will call about
    **pages("filing_add", FILERS, Reach.UNITS),
    # by when somebody turned to a discontent customer, and what came of acting on warnings
    **pages("recoveries effects precomplaints disconnections evaluations warnings", ALL, Reach.CASES),
    **pages("recovery_record", recovery.MAY, Reach.CASE),
    # what is discontent and no complaint yet
    **pages("precomplaint_open", precomplaint.MAY, Reach.CASE),
    **pages("disconnection_open", disconnection.MAY, Reach.CASES),
    # what customers of a place bring up too often, looked into by operations
    **pages("evaluation_open", evaluation.MAY, Reach.CASES),
    # how each detector did and what models of risk are worth: counts of all units, and the figures they go by
    **pages("detectors detector risk", REGISTER_READERS | {Role.MARKETING, Role.OPERATIONS}, Reach.NONE),
    **pages("signal_open", warning.OPENERS, Reach.CASE),
    **pages("mute_add mutes_end", warning.MUTERS, Reach.UNITS),
    # between which units orders bounce and lie; the open cases a model of risk puts highest
    **pages("shirking risk_model", REGISTER_READERS | {Role.MARKETING, Role.OPERATIONS}, Reach.CASES),
    **pages("samples sample", frozenset({Role.AUDIT}), Reach.UNITS),
    **pages("sample_draw", frozenset({Role.AUDIT}), Reach.NONE),
    **pages("sample_check sample_settle", frozenset({Role.AUDIT}), Reach.CASE),
    **pages("rules rules_kind rules_entry rules_read rules_file", ALL, Reach.NONE),
    **pages("rules_proposals rules_proposal rules_new rules_revise rules_decide", ALL, Reach.NONE),
    **pages("rules_notice", PROPOSERS, Reach.NONE),
    **pages("rules_retarget", APPROVERS, Reach.NONE),
    # order files
    **pages("import import_upload", IMPORTERS, Reach.UNITS),
    **pages("import_file import_layout import_start", IMPORTERS, Reach.OWN),
    **pages("run run_quarantine", IMPORTERS, Reach.UNITS),
    # messages: one's own, and the outbox for those who see to it
    **pages("inbox inbox_read inbox_unread inbox_sms", ALL, Reach.OWN),
    **pages("outbox outbox_message outbox_change outbox_strays", OFFICE, Reach.UNITS),
    **pages("channels channel channel_add channel_test", ADMIN, Reach.NONE),
    # documents, and what the worker does
    **pages("publications publication publication_prepare", ALL, Reach.UNITS),
    **pages("work work_retry", OFFICE, Reach.NONE),
    **pages("schedule schedule_add schedule_pause", ADMIN, Reach.NONE),
    # units
    **pages("units", ALL, Reach.UNITS),
    **pages("units_confirm unit_add unit_edit unit_merge unit_close", OFFICE, Reach.UNITS),
    # people, posts and roles; an office without anybody begins before anybody can sign in
    **open_to_all("begin"),
    # a customer rates with the code of a satisfaction card
    **open_to_all("card"),
    # a reporter who is kept secret asks with a code; who may hand one out
    **open_to_all("reporter"),
    **pages("reporter_code", REPORTER_DESK, Reach.CASE),
    **pages("proof", SHOWS, Reach.CASE),
    **pages("people person", REGISTER_READERS, Reach.UNITS),
    **pages("person_add person_edit person_move person_grant person_end", OFFICE, Reach.UNITS),
    **pages("people_passwords people_passwords_made", OFFICE, Reach.UNITS),
    **pages("person_password grant_withdraw", OFFICE, Reach.UNITS),
    **pages("people_file people_file_upload people_template", OFFICE, Reach.UNITS),
    **pages(
        "people_file_checked people_file_quarantine people_file_columns people_file_posts", OFFICE, Reach.OWN
    ),
    **pages("posts roles duties specialties", ALL, Reach.NONE),
    **pages("post post_add post_close", OFFICE, Reach.NONE),
}
"""Address name, with its namespace where it has one → who may open it."""


def entry(name: str) -> Entry | None:
    """Return the entry of an address, None for one that has none and is open to nobody."""
    return TABLE.get(name)


def needs_signing_in(name: str) -> bool:
    """Return whether an address answers signed-in people alone; one without an entry does."""
    found = entry(name)
    return found is None or found.signed_in


def refusal(name: str, roles: frozenset[Role]) -> Refused | None:
    """Return why somebody signed in who holds ``roles`` may not open an address, or None if they may.

    An address for everybody is open to a person without any role as well: their own account is.
    """
    found = entry(name)
    if found is None:
        return Refused("no_access_entry", page=name)
    if found.roles == ALL or found.roles & roles:
        return None
    return Refused("page_not_for_role", roles=sorted(found.roles))


def may_open(request: HttpRequest, name: str) -> bool:
    """Return whether whoever asks may open an address: what buttons and the navigation ask."""
    return refusal(name, request.viewer.roles) is None  # type: ignore[attr-defined]


def name_of(request: HttpRequest) -> str:
    """Return the name of the address asked for, with its namespace."""
    return request.resolver_match.view_name if request.resolver_match else ""
