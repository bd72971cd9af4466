"""The pages that draw rows of a list, and how the tests that walk all of them ask for each.

Nobody has to remember this file: tests/doors/test_web_lists.py and tests/doors/test_access_matrix.py look at
what every address draws, and fail where a page draws rows and is not named here.
"""

WALKED: dict[str, tuple[str, ...]] = {
    "appeals": ("show=", "show=upheld&ground=not_ours"),
    "blame": ("period=all",),
    "bulk": ("",),
    "campaign": ("",),
    "campaigns": ("",),
    "channels": ("",),
    "claims": ("", "show=in_force"),
    "customers_bounced": ("",),
    "discipline": ("", "show=closed"),
    "drill": ("period=all&type=complaint",),
    "duties": ("",),
    "evidence_due": ("",),
    "import": ("",),
    "improvements": ("state=", "state=overdue&kind=hardware"),
    "inbox": ("",),
    "interactions": ("", "scope=account"),
    "keys": ("",),
    "ledger": ("period=all", "period=all&state=signed"),
    "ledger_facts": ("period=2026-03",),
    "liabilities": ("show=", "show=objected&unit=0101"),
    "looks": ("",),
    "missed_calls": ("", "state=returned"),
    "outbox": ("",),
    "outbox_message": ("",),
    "outbox_strays": ("",),
    "papers": ("",),
    "passwords": ("",),
    "people": ("",),
    "people_passwords": ("",),
    "person": ("",),
    "posts": ("",),
    "protections": ("", "show=done"),
    "publications": ("",),
    "queue": (
        "",
        "scope=open",
        "scope=open&light=red",
        "scope=all&order=accepted",
        "scope=all",
        "scope=all&order=accepted&from=2026-03-04&to=2026-03-05",
        "scope=all&order=accepted&unit=0101",
        "scope=all&q=抄表",
        "scope=open&part=lead",
        "scope=mine&part=specialty",
        "scope=all&part=owner",
    ),
    "reconcile": ("",),
    "reconcile_cases": ("period=2026-03", "period=2026-03&code=not_registered"),
    "relays": ("show=",),
    "role_requests": ("",),
    "roles": ("",),
    "rules": ("find=投诉",),
    "rules_proposals": ("",),
    "sample": ("",),
    "samples": ("",),
    "sessions": ("",),
    "signins": ("",),
    "signins_keys": ("",),
    "specialties": ("",),
    "staff_review": ("",),
    "staff_reviewed": ("",),
    "supervisions": ("state=", "unit=0101"),
    "supports": ("show=", "unit=0101"),
    "traces": ("",),
    "trainings": ("",),
    "units": ("",),
    "views": ("",),
    "work": ("",),
}
"""List page, by the name of its address → what it is asked with when its query plans are read."""

BESIDE = frozenset({"home", "case"})
"""Pages that draw no list and ask about cases: walked as well. Those of figures ask the lake."""

COUNTED_BESIDE = {
    "customers_bounced": "a contact stands there through a customer and a case: test_web_bounced counts",
    "evidence_due": "its rows are judged one by one against the rulebook, without a question each",
    "ledger_facts": "it has rows once a tariff is confirmed: test_web_ledger reads its plans then",
    "reconcile": "its rows are the places of the rule, however many cases lie at each",
    "traces": "drawn from the event log, of forty accounts at most; test_web_trace counts who may open them",
}
"""List page → why test_web_lists does not count its questions at one row and at three."""
