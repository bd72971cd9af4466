"""Which rows are meant? The words that several measures share, each defined once.

``as_of``, ``event_calls`` and ``event_first`` are columns that ``scan.prepare`` adds.
"""

import ibis

from suyuan.analytics.lake import CLOCK_REASONS
from suyuan.analytics.measures.measure import Term
from suyuan.analytics.source import Table, Value
from suyuan.domain.vocabulary import EXCLUDED

CALLS_OF_A_REPEAT = 3
"""A demand is a repeat from the third call on one event (source file 4699181033, Q)."""


def every(t: Table) -> Value:
    """Every row."""
    return t.case_id.notnull()


def complaint(t: Table) -> Value:
    """Complaints."""
    return t.business_type == "complaint"


def enquiry(t: Table) -> Value:
    """Consultations and information enquiries."""
    return t.business_type.isin(("consult", "query"))


def main_order(t: Table) -> Value:
    """Orders that are not a child of another one: a split order is one demand."""
    return ~t.is_child.fill_null(False)


def malicious(t: Table) -> Value:
    """Demands that two reviewers found malicious; no label means no."""
    return t.malicious.fill_null(False)


def registered(t: Table) -> Value:
    """Registered orders: a row of an order file is one by definition."""
    return t.registered_at.notnull() | (t.origin == "import")


def closed(t: Table) -> Value:
    """Closed orders."""
    return ~t.is_open


def replied(t: Table) -> Value:
    """Orders to which an answer went out at least once."""
    return t.answered_at.notnull() | t.first_answered_at.notnull()


def appealed(t: Table) -> Value:
    """Orders that an appeal took out of the assessment; what was found of them stays beside it."""
    return t.finding_assessed == EXCLUDED


def found_true(t: Table) -> Value:
    """Verified or partly verified on the first finding."""
    return t.finding.isin(("verified", "partial"))


def in_call(t: Table) -> Value:
    """Closed within the call: nobody was sent, nobody took it over, nobody called again.

    One that was opened again had been closed before: it stays what it was.
    """
    closed_once = closed(t) | (t.episode.fill_null(1) > 1)
    untouched = t.dispatched_at.isnull() & t.taken_at.isnull() & t.contacted_at.isnull()
    return closed_once & untouched


def linked(t: Table) -> Value:
    """Demands with a key to link their calls by: an account or a telephone was given."""
    return (t.event_key != "").fill_null(False)


def repeat_event(t: Table) -> Value:
    """Demands on whose event three or more calls came in."""
    return t.event_calls >= CALLS_OF_A_REPEAT


def binding_clock(t: Table) -> Value:
    """Cases that carry a binding clock."""
    return (t.clock_reason == "") & t.binding_due.notnull()


def past(column: str) -> Term:
    """Return the rows whose moment ``column`` lies before the moment the figure is drawn for."""
    return lambda t: (t[column] < t.as_of).fill_null(False)


def clock_terms(due: str, stopped: str, provisional: str, assessable: str) -> dict[str, Term]:
    """Return n, of and exclusions of a clock held or not: each row falls under exactly one.

    In time means stopped at or before the due moment. A clock that neither stopped nor ran out is not due
    yet; a provisional due moment or an unconfirmed limit never judges anybody.
    """

    def clock(t: Table) -> Value:
        return t[due].notnull()

    def settled(t: Table) -> Value:
        return t[stopped].notnull() | past(due)(t)

    def firm(t: Table) -> Value:
        return clock(t) & ~t[provisional].fill_null(False)

    def judged(t: Table) -> Value:
        return firm(t) & settled(t) & t[assessable].fill_null(False)

    return {
        "n": lambda t: judged(t) & (t[stopped] <= t[due]).fill_null(False),
        "of": judged,
        "excluded.provisional": lambda t: clock(t) & t[provisional].fill_null(False),
        "excluded.not_due_yet": lambda t: firm(t) & ~settled(t),
        "excluded.unconfirmed_rule": lambda t: firm(t) & settled(t) & ~t[assessable].fill_null(False),
    }


def within(terms: dict[str, Term], scope: Term) -> dict[str, Term]:
    """Return the same terms counted only among the rows of ``scope``."""

    def narrowed(term: Term) -> Term:
        return lambda t: scope(t) & term(t)

    return {part: narrowed(term) for part, term in terms.items()}


def no_clock_terms() -> dict[str, Term]:
    """Return one exclusion per reason why a case has no binding clock."""

    def because(reason: str) -> Term:
        return lambda t: t.clock_reason == reason

    named: dict[str, Term] = {f"excluded.{reason}": because(reason) for reason in CLOCK_REASONS}
    known = ("", *CLOCK_REASONS)
    named["excluded.no_clock"] = lambda t: (
        ~t.clock_reason.isin(known) | ((t.clock_reason == "") & t.binding_due.isnull())
    )
    return named


def once(t: Table) -> Value:
    """The first case of each event, so that events are counted and not their cases."""
    return t.event_first


def amount_of(column: str, least: int) -> Term:
    """Return an amount column with ``least`` where the file did not say."""
    return lambda t: ibis.greatest(t[column].fill_null(least), least)
