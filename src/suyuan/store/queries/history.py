"""What happened on a case, its clocks as they stand, and what may be shown of the customer."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from django.db.models import Q

from suyuan.domain import appeal, procedures, protection, trace_verdict
from suyuan.domain.card import RATE
from suyuan.domain.disclosure import kept_secret
from suyuan.domain.fields import IMPROVEMENT_KIND, LIABLE_PERSON, RATING, SUPPORT_RATING, Field
from suyuan.domain.ledger import NAMED_TO
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedures import frozen
from suyuan.domain.rulebook import assessable
from suyuan.domain.rulebook.records import FACTS
from suyuan.domain.sampling import CHECK_FORM, SETTLE_FORM
from suyuan.store import rules
from suyuan.store.models import Case, Clock, Event

from . import cases, exact, texts
from .personal import standing
from .viewer import Viewer

ASKED = (*CHECK_FORM, *SETTLE_FORM)
"""What the audit desk hands in with an objection, and when it looks at it again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: an event of ours, or a milestone an imported order brought along."""

    at: datetime
    actor: str
    verb: str
    milestone: str = ""
    seq: int = 0
    digest: str = ""
    form: tuple[tuple[str, str], ...] = ()
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as shown."""

    clock: Clock
    title: str
    light: str
    certainty: str
    assessable: bool
    basis: str
    in_time: bool | None
    entries: tuple[dict[str, object], ...]


def timeline(viewer: Viewer, case: Case) -> list[Line]:
    """Return what happened, oldest first; texts masked; raise Refused for a case out of reach.

    Whose a share or a veto is, only that person, the office, audit and leaders read.
    """
    cases.reachable(viewer, case)
    drawn = texts.drawn(case)
    notes = {note.ref: drawn(note.masked) for note in case.notes.all()}
    lines = [_line(event, notes) for event in events(case)]
    if not viewer.actor.over_case(case.unit.path) & NAMED_TO:
        lines = [_naming_only(line, viewer.actor.username) for line in lines]
    if case.origin == "import":
        lines += [
            Line(at=value, actor="", verb="", milestone=name) for name, value in from_file(case).items()
        ]
    return sorted(lines, key=lambda line: (line.at, line.seq))


def from_file(case: Case) -> dict[str, datetime]:
    """Return the milestones that the files of an imported order gave it, as the last of them said."""
    given: dict[str, datetime] = {}
    told = Event.objects.filter(stream=f"case:{case.number}", verb__in=("import", "import_update"))
    for detail in told.order_by("seq").values_list("detail", flat=True):
        changed = {name: after for name, (_, after) in detail.get("changed", {}).items()}
        for name, at in (detail.get("milestones", {}) | changed).items():
            if name in MILESTONES and at:
                moment = datetime.fromisoformat(at)
                given[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return given


def reached_here(case: Case) -> dict[str, datetime]:
    """Return the milestones of an imported order that no file gave: what was done here."""
    given = from_file(case)
    reached = ((name, getattr(case, name)) for name in MILESTONES)
    return {name: at for name, at in reached if at is not None and given.get(name) != at}


def events(case: Case) -> list[Event]:
    """Return the events of a case in chain order."""
    return list(Event.objects.filter(stream=f"case:{case.number}").order_by("seq"))


def _line(event: Event, notes: dict[str, str]) -> Line:
    form = []
    for name, value in (event.detail.get("form") or {}).items():
        shown = notes.get(value["note"], "") if isinstance(value, dict) else value
        form.append((name, str(shown)))
    return Line(event.at, event.actor, event.verb, "", event.seq, event.digest, tuple(form), event.detail)


def _naming_only(line: Line, username: str) -> Line:
    """Return a line without the one person it speaks of, unless it is somebody's own name."""
    form = tuple(each for each in line.form if each[0] != LIABLE_PERSON.name or each[1] in ("", username))
    return line if form == line.form else replace(line, form=form)


ELSEWHERE = {
    **{(trace_verdict.VERB, one.name): one for one in trace_verdict.FORM},
    ("open", IMPROVEMENT_KIND.name): IMPROVEMENT_KIND,
    ("rated", SUPPORT_RATING.name): SUPPORT_RATING,
}
"""Fields that the events of a case hold and the table of its procedure does not ask for."""


OPENING = (*appeal.FILE_FORM, *appeal.CLAIM_FORM, *protection.RECORD_FORM)
"""What the first step of an appeal, of a review of a claim and of staff protection asks."""


OPENED_BY = {
    "veto": "propose_veto",
    "rectification": "order_rectification",
    "improvement": "register_improvement",
    "support": "ask_support",
    "final_answer": "answer_finally",
}
"""The verb on another case whose form is the first step of a case."""


def _opening(procedure: str) -> Iterable[Field]:
    """Return what was asked where cases of a procedure are opened from others."""
    verb = OPENED_BY.get(procedure)
    steps = (step for table in procedures.CURRENT.values() for step in table.steps if step.verb == verb)
    return {one.name: one for step in steps for one in step.form}.values()


def asked(case: Case) -> dict[tuple[str, str], Field]:
    """Return the fields that the events of a case answer, by verb and name."""
    procedure = frozen.pinned(case.procedure, case.version)
    found = {(step.verb, one.name): one for step in procedure.steps for one in step.form}
    found[RATE, RATING.name] = RATING
    found |= {(verb, each.name): each for verb in ("audit_check", "audit_settle") for each in ASKED}
    own = (one[-1] for one in rules.rulebook().form_fields.values() if one[-1].procedure == case.procedure)
    found |= {(one.verb, one.name): one.field for one in own}
    for each in [one for (_, name), one in found.items() if name in ("unit", "due_on")]:
        found["open", each.name] = each  # the first step of a case that was opened from another
    first = (*OPENING, *_opening(case.procedure))
    return found | {("open", one.name): one for one in first} | ELSEWHERE


def clocks(case: Case, now: datetime) -> list[ClockLine]:
    """Return every clock of a case, present episode first."""
    rows = case.clocks.prefetch_related("entries").order_by("-episode", "due_at")
    book = rules.pinned(case.edition_id)
    return [_clock(row, book, now) for row in rows]


def answer_due(case: Case) -> datetime | None:
    """Return when the answer of this episode is due, or was; None where no clock of ours waits for one."""
    book = rules.pinned(case.edition_id)
    for row in (
        case.clocks.filter(episode=case.episode)
        .exclude(state="void")
        .exclude(kind="imported")
        .order_by("due_at")
    ):
        limit = book.limit(row.limit, row.started_at.astimezone(book.calendar.zone).date())
        if limit is not None and limit.stops == "answered_at":
            return row.due_at
    return None


def not_yet(case: Case, now: datetime) -> list[tuple[str, date]]:
    """Return the limits of today that begin with the acceptance and were not in force then, with their days.

    A limit holds from its day on: an order that came in before has the editions of its own day, or no clock.
    """
    if case.state in ("received", "void"):
        return []
    book, about = rules.rulebook(), {name: getattr(case, name) for name in FACTS}
    began = (case.reopened_at or case.accepted_at).astimezone(book.calendar.zone).date()
    then = {limit.family for limit in book.limits_for(case.procedure, about, began)}
    return [
        (limit.id, limit.in_force_from)
        for limit in book.limits_for(case.procedure, about, rules.local_day(now))
        if limit.starts == "accepted_at" and limit.stops in MILESTONES and limit.family not in then
    ]


def timed(case: Case) -> bool:
    """Return whether the rulebook has a limit for cases of this procedure, whatever they are about."""
    every = rules.rulebook().limits.values()
    return any(case.procedure in limit.procedures for editions in every for limit in editions)


def _clock(row: Clock, book: rules.book.Rulebook, now: datetime) -> ClockLine:
    basis, sure = "", rules.certainty(row)
    if row.kind != "imported":
        limit = book.limit(row.limit, row.started_at.astimezone(book.calendar.zone).date())
        basis = limit.basis if limit is not None else ""
    return ClockLine(
        clock=row,
        title=rules.label("limit", row.limit),
        light=light(row, now),
        certainty=sure,
        assessable=assessable(sure) and not row.provisional,
        basis=basis,
        in_time=None if row.stopped_at is None or row.state == "void" else row.stopped_at <= row.due_at,
        entries=tuple(
            {
                "kind": e.kind,
                "at": e.at,
                "reason": e.reason,
                "evidence": e.evidence,
                "due_before": e.due_before,
                "due_after": e.due_after,
            }
            for e in row.entries.all()
        ),
    )


def light(clock: Clock, now: datetime) -> str:
    """Return the light of one clock."""
    if clock.state == "void":
        return "void"
    if clock.stopped_at is not None:
        return "done" if clock.stopped_at <= clock.due_at else "late"
    if clock.state == "paused":
        return "paused"
    if clock.due_at <= now:
        return "red"
    left, budget = clock.due_at - now, clock.due_at - clock.started_at
    return "amber" if left <= budget * 0.2 else "green"


def related(viewer: Viewer, case: Case, limit: int = 10) -> list[Case]:
    """Return other cases in reach of the same account or telephone number, newest first.

    None where the caller of this one is kept secret from the viewer: the others would say who it is.
    """
    if kept_secret(standing(viewer.actor, case)):
        return []
    same = Q(pk__in=())
    if case.account_index:
        same |= Q(account_index=case.account_index)
    if case.phone_index:
        same |= Q(phone_index=case.phone_index)
    rows = Case.objects.filter(viewer.scope(), exact.knowable(viewer), same, restricted=False)
    return list(rows.exclude(pk=case.pk).select_related("unit").order_by("-accepted_at")[:limit])


def earlier(viewer: Viewer, account: str, phone: str, name: str = "", limit: int = 10) -> list[Case]:
    """Return the cases in reach of an account, a telephone number or a name as typed, newest first."""
    found = exact.ids(viewer, account=account, phone=phone, name=name)
    rows = Case.objects.filter(pk__in=found, restricted=False)
    return list(rows.select_related("unit").order_by("-accepted_at")[:limit])
