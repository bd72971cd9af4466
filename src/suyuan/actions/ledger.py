"""The ledger: rewards and penalties proposed by one, signed by another, taken back by a counter-entry."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.analytics import period as periods
from suyuan.analytics.period import Period
from suyuan.domain import ledger as rule
from suyuan.domain.errors import Refused
from suyuan.domain.ledger import PROPOSED, REFUSED, SIGNED
from suyuan.domain.rulebook.tariff import Ground, Kind
from suyuan.store import rules, seal
from suyuan.store.models import LedgerEntry
from suyuan.store.queries import hidden, vetoes
from suyuan.store.queries import ledger as queries
from suyuan.store.queries.viewer import Viewer

from . import _ledger_terms
from ._concerned import concerned
from ._forms import clean
from ._ledger_terms import begin, detail_of, terms
from ._ledger_told import tell_of
from ._ledger_true import kept_of, refuse_no_longer_true, refuse_untrue

FORM, DECIDE_FORM, REVERSE_FORM = rule.FORM, rule.DECIDE_FORM, rule.REVERSE_FORM


@transaction.atomic
def propose_entry(*, viewer: Viewer, form: Mapping[str, object], now: datetime) -> int:
    """Propose a reward or a penalty and return its number; one that stands for the same thing is refused."""
    begin(now)
    given = clean(FORM, form, now)
    ground = Ground(str(given["ledger_ground"]))
    about = concerned(viewer, ground, given, now)
    if no := rule.refusal_to_propose(viewer.actor, about.unit.path, about.person):
        raise Refused(no, unit=about.unit.code)
    entry = LedgerEntry(
        unit=about.unit,
        post=about.post,
        person=about.person,
        ground=ground.value,
        case=about.case,
        period=about.period,
        words=hidden.masks(about.case)(str(given.get("ledger_words", ""))),
        **terms(ground, given, now),
    )
    entry.mark = about.mark(ground, "" if about.case else entry.words)
    if (standing := queries.standing(entry.mark)) is not None:
        raise Refused("already_entered", entry=standing.pk, by=standing.proposed_by)
    refuse_untrue(entry, now)
    _refuse_vetoed(entry, about.span, now)
    return _enter(entry, "propose_entry", viewer, now)


@transaction.atomic
def sign_entry(*, viewer: Viewer, entry: int, form: Mapping[str, object], now: datetime) -> None:
    """Let a second person sign an entry; from then on it counts. A counter-entry ends what it takes back."""
    found = _waiting(viewer, entry, now)
    if no := rule.refusal_to_sign(viewer.actor, found.unit.path, found.person, found.proposed_by):
        raise Refused(no, entry=entry)
    given = clean((rule.WORDS,), form, now)
    if found.reverses_id is not None:
        original = LedgerEntry.objects.select_for_update(of=("self",)).get(pk=found.reverses_id)
        original.reversed_at = now
        original.save(update_fields=["reversed_at"])
    else:
        refuse_no_longer_true(viewer, found, now)
    _refuse_vetoed(found, periods.parse(found.period) if found.period else periods.ALL, now)
    _decide(found, SIGNED, "sign_entry", viewer, given, now)


@transaction.atomic
def refuse_entry(*, viewer: Viewer, entry: int, form: Mapping[str, object], now: datetime) -> None:
    """Turn an entry down, with a reason; whoever proposed it takes it back the same way."""
    found = _waiting(viewer, entry, now)
    no = rule.refusal_to_sign(viewer.actor, found.unit.path, found.person, found.proposed_by)
    if no and viewer.actor.username != found.proposed_by:
        raise Refused(no, entry=entry)
    _decide(found, REFUSED, "refuse_entry", viewer, clean(REVERSE_FORM, form, now), now)


def decide_entry(*, viewer: Viewer, entry: int, form: Mapping[str, object], now: datetime) -> None:
    """Sign or refuse an entry, as the form of the page says."""
    given = clean(DECIDE_FORM, form, now)
    verb = sign_entry if given.pop("ledger_decision") == SIGNED else refuse_entry
    verb(viewer=viewer, entry=entry, form=given, now=now)


@transaction.atomic
def reverse_entry(*, viewer: Viewer, entry: int, form: Mapping[str, object], now: datetime) -> int:
    """Propose the counter-entry that takes a signed entry back, with the reason; return its number."""
    begin(now)
    given = clean(REVERSE_FORM, form, now)
    found = _locked(viewer, entry)
    if not viewer.actor.over_case(found.unit.path) & (rule.PROPOSERS | rule.SIGNERS):
        raise Refused("not_your_role", entry=entry)
    if viewer.actor.username == found.person:
        raise Refused("own_entry", entry=entry)
    if found.state != SIGNED or found.reverses_id is not None:
        raise Refused("nothing_to_reverse", entry=entry)
    mark = f"reverses:{found.pk}"
    if found.reversed_at is not None or queries.standing(mark) is not None:
        raise Refused("reversed_already", entry=entry)
    kept = ("kind", "amount", "counted", "unit", "post", "person", "ground", "case", "period")
    counter = LedgerEntry(
        **{name: getattr(found, name) for name in (*kept, "rule", "basis", "certainty")},
        words=hidden.masks(found.case)(str(given["ledger_words"])),
        reverses=found,
        mark=mark,
    )
    return _enter(counter, "reverse_entry", viewer, now)


def _refuse_vetoed(entry: LedgerEntry, span: Period, now: datetime) -> None:
    """Refuse a reward of whom a veto keeps from it, in the period or on the day."""
    today = rules.local_day(now)
    if entry.kind != Kind.REWARD or entry.reverses_id is not None:
        return
    veto = vetoes.standing(entry.unit, entry.person, span.first or today, span.last or today)
    if veto is not None:
        raise Refused("veto_stands", unit=entry.unit.code, until=veto.until_on.isoformat())


def _locked(viewer: Viewer, entry: int) -> LedgerEntry:
    queries.one(viewer, entry)
    LedgerEntry.objects.select_for_update(of=("self",)).get(pk=entry)
    return queries.one(viewer, entry)


def _waiting(viewer: Viewer, entry: int, now: datetime) -> LedgerEntry:
    """Return an entry that waits for its second person, locked; whoever comes too late is told."""
    begin(now)
    found = _locked(viewer, entry)
    if found.state != PROPOSED:
        raise Refused("entry_decided", by=found.decided_by, outcome=found.state)
    return found


def _enter(entry: LedgerEntry, verb: str, viewer: Viewer, now: datetime) -> int:
    entry.state, entry.proposed_by, entry.proposed_at = PROPOSED, viewer.actor.username, now
    entry.save()
    detail = detail_of(entry) | kept_of(entry)
    if entry.reverses_id is not None:
        detail["reverses"] = entry.reverses_id
    _write(entry, verb, viewer, now, detail)
    return entry.pk


def _decide(
    entry: LedgerEntry, state: str, verb: str, viewer: Viewer, given: Mapping[str, object], now: datetime
) -> None:
    entry.answer = hidden.masks(entry.case)(str(given.get("ledger_words", "")))
    entry.state, entry.decided_by, entry.decided_at = state, viewer.actor.username, now
    entry.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _write(entry, verb, viewer, now, {"answer": seal.reference(entry.answer)} if entry.answer else {})


def _write(
    entry: LedgerEntry, verb: str, viewer: Viewer, now: datetime, detail: Mapping[str, object]
) -> None:
    event = _ledger_terms.wrote(entry, verb, viewer.actor.username, now, detail)
    tell_of(entry, event, now)
