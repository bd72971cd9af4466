"""Every measure once more, in plain Python over rows: what the engines are held to."""

from collections.abc import Callable
from datetime import datetime

Row = dict[str, object]
Found = tuple[int, int, dict[str, int]]
"""n, of and the exclusions that are not 0."""
REASONS = ("no_target", "no_rule_in_force", "type_unknown", "site_unknown")


def tally(rows: list[Row], word: Callable[[Row], str | None]) -> Found:
    """Count rows by the one word each gets: hit, miss, an exclusion code, or None for not concerned."""
    words = [word(row) for row in rows]
    codes = sorted({code for code in words if code and code not in ("hit", "miss")})
    hits = words.count("hit")
    return hits, hits + words.count("miss"), {code: words.count(code) for code in codes}


def hit(claim: object) -> str:
    return "hit" if claim else "miss"


def clock_word(row: Row, names: tuple[str, str, str, str], as_of: datetime) -> str:
    due, stopped, provisional, assessable = (row[name] for name in names)
    if provisional:
        return "provisional"
    if stopped is None and not due < as_of:
        return "not_due_yet"
    if not assessable:
        return "unconfirmed_rule"
    return hit(stopped is not None and stopped <= due)


def registration(row: Row, as_of: datetime) -> str:
    return "no_contact_record" if row["received_at"] is None else hit(row["registered_at"] is not None)


def timely(row: Row, as_of: datetime) -> str:
    if row["clock_reason"]:
        return row["clock_reason"] if row["clock_reason"] in REASONS else "no_clock"
    if row["binding_due"] is None:
        return "no_clock"
    names = ("binding_due", "binding_stopped", "binding_provisional", "binding_assessable")
    return clock_word(row, names, as_of)


def registered(row: Row) -> bool:
    return row["registered_at"] is not None or row["origin"] == "import"


def closure(row: Row, as_of: datetime) -> str:
    return hit(not row["is_open"]) if registered(row) else "not_registered"


def replied(row: Row) -> bool:
    return row["answered_at"] is not None or row["first_answered_at"] is not None


def reply(row: Row, as_of: datetime) -> str:
    if not registered(row):
        return "not_registered"
    runs = not row["clock_reason"] and row["binding_due"] is not None and not row["binding_due"] < as_of
    return "not_due_yet" if row["is_open"] and runs and not replied(row) else hit(replied(row))


def reply_satisfaction(row: Row, as_of: datetime) -> str:
    left_out = {"": "not_asked", "not_rated": "not_rated"}
    return left_out.get(row["satisfaction"]) or hit(row["satisfaction"] == "satisfied")


def verified(row: Row, as_of: datetime, column: str = "finding") -> str | None:
    if row["business_type"] != "complaint":
        return None
    return hit(row[column] in ("verified", "partial")) if row[column] else "no_finding"


def verified_assessed(row: Row, as_of: datetime) -> str | None:
    if row["business_type"] == "complaint" and row["finding_assessed"] == "excluded":
        return "appealed"
    return verified(row, as_of, "finding_assessed")


def callback(row: Row, as_of: datetime) -> str | None:
    due = row["procedure"] in ("complaint", "report", "opinion", "repair", "application")
    if not due or not replied(row) or row["business_type"] == "praise":
        return None
    return "restricted" if row["restricted"] else hit(row["called_back_at"] or row["satisfaction"])


def callback_satisfaction(row: Row, as_of: datetime) -> str:
    return hit(row["satisfaction"] == "satisfied") if row["satisfaction"] else "not_asked"


def first_satisfaction(row: Row, as_of: datetime) -> str:
    said = row["first_satisfaction"]
    return hit(said == "satisfied") if said else "not_asked"


def card_mismatch(row: Row, as_of: datetime) -> str | None:
    if not row["card_match"]:
        return None
    return "card_alone" if row["card_match"] == "alone" else hit(row["card_match"] == "differs")


def fault(row: Row) -> bool:
    return row["business_type"] == "repair"


def fault_again(row: Row, as_of: datetime) -> str | None:
    if not fault(row):
        return None
    if row["is_child"]:
        return "child_order"
    if row["restored_at"] is None:
        return None if row["is_open"] else "no_record"
    if row["fault_again"] is None:
        return "no_account"
    over = row["fault_again_by"] is not None and row["fault_again_by"] < as_of
    return hit(row["fault_again"]) if over else "not_due_yet"


def stable(row: Row, as_of: datetime) -> str | None:
    if not fault(row):
        return None
    return "not_asked" if row["supply_stable"] is None else hit(row["supply_stable"])


def crew(rating: str) -> Callable[[Row, datetime], str | None]:
    def word(row: Row, as_of: datetime) -> str | None:
        if not fault(row):
            return None
        return hit(row["crew_rating"] == rating) if row["crew_rating"] else "not_asked"

    return word


def in_call(row: Row) -> bool:
    touched = row["dispatched_at"] or row["taken_at"] or row["contacted_at"]
    return (not row["is_open"] or (row["episode"] or 1) > 1) and not touched


def first_answer(row: Row, as_of: datetime) -> str | None:
    return hit(in_call(row)) if row["business_type"] in ("consult", "query") else None


def calls_on_event(row: Row, everything: list[Row]) -> int:
    same = [other for other in everything if row["event_key"] and other["event_key"] == row["event_key"]]
    calls = sum(max(other["contact_count"] or 1, 1) for other in same if not other["is_child"])
    return calls if calls >= 3 else max(row["contact_count"] or 1, 1)


def repeat(row: Row, everything: list[Row]) -> str:
    if row["is_child"]:
        return "child_order"
    if row["malicious"]:
        return "malicious"
    return hit(calls_on_event(row, everything) >= 3) if row["event_key"] else "no_key"


def step(row: Row, as_of: datetime) -> str:
    if not row["is_open"] and row["stopped"] is None:
        return "no_record"
    return clock_word(row, ("due", "stopped", "provisional", "assessable"), as_of)


def arrival(row: Row, as_of: datetime) -> str | None:
    sites = ("repair.arrive.urban", "repair.arrive.rural", "repair.arrive.remote")
    return step(row, as_of) if row["limit"] in sites else None


def limited(limit: str) -> Callable[[Row, datetime], str | None]:
    return lambda row, as_of: step(row, as_of) if row["limit"] == limit else None


def true(row: Row) -> bool:
    return row["business_type"] == "complaint" and row["finding"] in ("verified", "partial")


def ordered(row: Row, as_of: datetime) -> str | None:
    if not true(row):
        return None
    return "imported" if row["origin"] == "import" else hit(row["rectification"])


def reached(*stages: str) -> Callable[[Row, datetime], str | None]:
    def word(row: Row, as_of: datetime) -> str | None:
        given = row["business_type"] == "complaint" and row["rectification"]
        return hit(row["rectification"] in stages) if given else None

    return word


def caused(cause: str) -> Callable[[Row, datetime], str | None]:
    def word(row: Row, as_of: datetime) -> str | None:
        if row["business_type"] != "complaint":
            return None
        if row["is_child"]:
            return "child_order"
        if row["restricted"]:
            return "restricted"
        return hit(row["cause"] == cause) if row["cause"] else "not_judged"

    return word


SHARES = {
    **{f"cause_{code}_share": caused(code) for code in ("facility", "staff", "delivery", "individual")},
    "rectification_ordered_rate": ordered,
    "rectification_signed_rate": reached("countersigned", "effective"),
    "rectification_effect_rate": reached("effective"),
    "registration_rate": registration,
    "timely_rate": timely,
    "closure_rate": closure,
    "reply_rate": reply,
    "reply_satisfaction": reply_satisfaction,
    "verified_rate": verified,
    "verified_rate_assessed": verified_assessed,
    "callback_rate": callback,
    "callback_satisfaction": callback_satisfaction,
    "first_satisfaction": first_satisfaction,
    "card_mismatch": card_mismatch,
    "first_answer_rate": first_answer,
    "fault_again_rate": fault_again,
    "supply_stable_rate": stable,
    "crew_good_rate": crew("good"),
    "crew_fair_rate": crew("fair"),
    "crew_poor_rate": crew("poor"),
}
CLOCK_SHARES = {
    "arrival_rate": arrival,
    "repair_taken_rate": limited("repair.accept"),
    "repair_callback_rate": limited("repair.callback"),
    "step_timely_rate": step,
}


def complaints(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["business_type"] == "complaint" and not row["is_child"]]


def amounts(rows: list[Row]) -> dict[str, int]:
    """Return the volumes."""
    true = [row for row in complaints(rows) if row["finding"] in ("verified", "partial")]
    calls = sum(max(row["contact_count"] or 1, 1) for row in rows if not row["is_child"])
    return {
        "contact_volume": calls,
        "order_volume": len(rows),
        "complaint_volume": len(complaints(rows)),
        "complaint_volume_assessed": sum(row["finding_assessed"] != "excluded" for row in complaints(rows)),
        "verified_complaint_volume": len(true),
    }


def handled(row: Row) -> bool:
    counted = row["business_type"] not in ("repair", "praise") and not row["is_child"]
    enquiry = row["business_type"] in ("consult", "query")
    return counted and not row["malicious"] and not (enquiry and in_call(row))


def quality(rows: list[Row], everything: list[Row]) -> tuple[int, int]:
    """Return volume without repeat events, and volume, of the service quality index with nothing given."""
    volume = [row for row in rows if handled(row)]
    rated = any(row["satisfaction"] in ("satisfied", "dissatisfied") for row in rows)
    if not rated or not any(row["event_key"] for row in volume):
        return 0, 0
    events = 0
    for row in volume:
        calls = calls_on_event(row, everything)
        same = [o for o in everything if row["event_key"] == o["event_key"] and not o["is_child"]]
        whole = sum(max(o["contact_count"] or 1, 1) for o in same) if row["event_key"] else 0
        first = whole < 3 or row["case_id"] == min(o["case_id"] for o in same)
        events += calls >= 3 and first
    return len(volume) - events, len(volume)
