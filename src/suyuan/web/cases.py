"""A case: where it stands, every clock, what happened, and what may be done now."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import preferences, undo
from suyuan.actions.notice import inbox
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Type
from suyuan.domain.procedures import frozen
from suyuan.store import fingerprint, handed_in, rules
from suyuan.store.queries import attention, cases, evidence, history, personal
from suyuan.store.queries.viewer import Viewer

from . import (
    answering,
    appealed,
    callback,
    commitments,
    countersign,
    customer,
    disconnections,
    errors,
    evaluations,
    filings,
    folding,
    forms,
    inquiry,
    ladder,
    linked,
    moved,
    outage,
    papers,
    precomplaints,
    recoveries,
    repeats,
    reporter,
    risk_card,
    samples,
    status,
    timeline,
    trace_card,
    warning_card,
)
from .files import FIELDS
from .names import named
from .templatetags.ui import lang
from .verbs import Button, Tried, buttons


@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case."""
    return shown(request, number, Tried())


def _added(pieces):  # type: ignore[no-untyped-def]
    """Let each piece of evidence say by name who added it."""
    who = named(one.added_by for one in pieces)
    for one in pieces:
        one.by = who.get(one.added_by, one.added_by)
    return pieces


def shown(request: HttpRequest, number: str, tried: Tried) -> HttpResponse:
    """Render the page of a case, with the form of a verb that did not go through left as it was filled in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    found = cases.whole(viewer, number)
    clocks, pieces = history.clocks(found, now), evidence.pieces(viewer, found)
    verbs = buttons(viewer, found, pieces, tried, now)
    others = attention.others(viewer, found, now)
    if not tried.verb:
        with outage.spared():
            preferences.look(person=viewer.person, case=found, now=now)
            inbox.read_about(viewer=viewer, number=number, now=now)
    told, handler = timeline.of(viewer, found)
    page = {
        "case": found,
        **answering.panel(found, handler, now),
        "now": now,
        **folding.by_handling(clocks, found.episode),
        "status": status.line(found, clocks),
        "personal": personal.shown(viewer, found, to_call=True),
        **_panels(viewer, found, now),
        "revealable": personal.revealable(viewer, found),
        "related": history.related(viewer, found),
        **timeline.folded(told),
        "buttons": [row for row in verbs if not row.refusal],
        "doable": [row.key for row in verbs if not row.refusal],
        "shut": [row for row in verbs if row.refusal],
        "files": _added(pieces),
        "add_boxes": forms.boxes(viewer, FIELDS, forms.Entry(), "file"),
        "may_add": not evidence.refused(viewer, found, "add"),
        "alert": tried.alert,
        "since": tried.since,
        "kept": _kept(found, tried, verbs),
        "others": others,
        "seen": fingerprint.of(found),
        "offered": undo.offer(found, viewer.actor, now),
        "papers": papers.menu(viewer.actor.over_case(found.unit.path), found.procedure, found.business_type),
        "purposes": papers.purposes(),
    }
    return render(request, "web/case.html", page, status=tried.status)


def _panels(viewer: Viewer, case, now: datetime) -> dict[str, object]:
    """Return what each part of the page that is about one thing shows."""
    about = customer.panel(viewer, case, now), countersign.panel(viewer, case, now)
    about = *about, reporter.panel(viewer, case), {"objections": samples.objections(case)}
    about = *about, appealed.panel(viewer, case, now)
    about = *about, {"not_yet": history.not_yet(case, now), "timed": history.timed(case)}
    parts = *about, callback.panel(case), inquiry.panel(viewer, case), linked.panel(viewer, case)
    parts = *parts, ladder.panel(viewer, case), filings.panel(viewer, case, now)
    parts = *parts, repeats.panel(viewer, case), commitments.panel(viewer, case)
    parts = *parts, trace_card.panel(viewer, case), evaluations.panel(viewer, case)
    parts = *parts, precomplaints.panel(viewer, case), recoveries.panel(viewer, case, now)
    parts = *parts, disconnections.panel(case), warning_card.panel(viewer, case, now)
    parts = *parts, risk_card.panel(case, now)
    return {name: value for part in parts for name, value in part.items()}


@require_POST
def do(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do a verb on a case; a refusal keeps what was typed and says what is wrong where it is wrong."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = cases.get(viewer, number)
    procedure = frozen.pinned(found.procedure, found.version)
    fields = {f.name: f for step in procedure.steps_of(verb) for f in step.form}
    fields |= {f.name: f for f in rules.own_fields(found.procedure, verb, timezone.now())}
    typed, form = forms.read(fields.values(), request.POST), request.POST.get("form", verb)
    try:
        done = perform(
            number=number,
            verb=verb,
            actor=viewer.actor,
            now=timezone.now(),
            form=typed,
            seen=_seen(request, number),
        )
    except Refused as refused:
        why = _why(verb, refused)
        since = moved.lines(refused.facts)
        wrong = inquiry.at_fields(refused.facts)
        return shown(request, number, Tried(verb, typed, wrong, why, errors.status(refused), since, form))
    except BadInput as bad:
        wrong = errors.field_problems(bad)
        why = gettext("没有保存，请看标红的项目。") if wrong else _unsaved(bad)
        return shown(request, number, Tried(verb, typed, wrong, why, errors.status(bad), form=form))
    said = gettext("已完成：%(verb)s。现在是“%(state)s”。") % {
        "verb": rules.label("verb", done.verb, lang()),
        "state": rules.label("state", done.state, lang()),
    }
    messages.success(request, said)
    if verb == "submit_finding" and (left := inquiry.left_open(cases.get(viewer, number))):
        messages.warning(request, gettext("审核人会看到：%(what)s。") % {"what": left})
    return redirect("case", number=number)


def _why(verb: str, refused: Refused) -> str:
    """Return why a verb was not done, with whose step it is, what is missing, or who was faster."""
    facts = refused.facts
    aside = callback.when(facts) + moved.last(facts) + inquiry.which(facts)
    words = errors.sentence(refused).removesuffix("。") or errors.words_for(refused.code)
    said = {"verb": rules.label("verb", verb, lang()), "why": words + aside}
    return gettext("没有执行“%(verb)s”：%(why)s。") % said


def _unsaved(bad: BadInput) -> str:
    """Return why a form was not kept where no field of it is wrong."""
    return gettext("没有保存：%(why)s。") % {"why": errors.words_for(bad.code) + errors.aside(bad.facts)}


@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take back the step that the page offered to take back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    cases.get(viewer, number)
    event = request.POST.get("event", "")
    if not (event.isascii() and event.isdecimal() and len(event) < 19):
        raise BadInput("unknown_value", field="event", value=event[:60])
    try:
        done = undo.take_back(number=number, event=int(event), actor=viewer.actor, now=timezone.now())
    except Refused as refused:
        why = gettext("没有撤回：%(why)s。") % {"why": errors.words_for(refused.code)}
        return shown(request, number, Tried(alert=why, status=errors.status(refused)))
    said = gettext("已撤回：%(verb)s。经过里两步都在。") % {"verb": rules.label("verb", done.undone, lang())}
    messages.success(request, said)
    return redirect("case", number=number)


def _seen(request: HttpRequest, number: str) -> fingerprint.Fingerprint | None:
    """Return how the case stood when the form was made; a form without a mark does not say."""
    mark = request.POST.get("seen", "")
    seen = fingerprint.read(mark, number) if mark else None
    if mark and seen is None:
        raise BadInput("row_forged", number=number)
    return seen


def _kept(case, tried: Tried, verbs: list[Button]) -> list[tuple[str, str]]:
    """Return what was typed into a form that is not open any more, so that it is not lost."""
    if not tried.values or any(row.open for row in verbs):
        return []
    procedure = frozen.pinned(case.procedure, case.version)
    fields = {field.name: field for step in procedure.steps_of(tried.verb) for field in step.form}
    return [
        (rules.label("field", name, lang()), handed_in.words(fields.get(name), name, value, {}, lang()))
        for name, value in tried.values.items()
        if name in fields and fields[name].type in (Type.TEXT, Type.LONGTEXT)
    ]


urls = [
    path("case/<path:number>/undo/", take_back, name="undo"),
    path("case/<path:number>/do/<str:verb>/", do, name="verb"),
    path("case/<path:number>/", case, name="case"),
]
