"""One complaint traced to the step that caused it, and who alone should not answer for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import supply, trace
from suyuan.domain.errors import BadInput
from suyuan.store import event_log
from suyuan.store.queries import cases

from . import (
    errors,
    supply_kept,
    trace_files,
    trace_list,
    trace_orders,
    trace_verdict,
    trace_ways,
    traces,
    uploads,
    words,
)
from .trace_words import TO_DO


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Merge an event log into the one that is kept, and let go of the file at once."""
    try:
        taken = _taken(request)
    except BadInput as error:
        said = errors.words_for(error.code) + errors.aside(error.facts)
        return trace_list.shown(request, {}, said, errors.status(error))
    for add, said in trace_files.told(taken):
        add(request, said)
    return redirect("traces")


def _taken(request: HttpRequest) -> trace.Taken:
    """Take over the file handed in; whatever becomes of that, nothing of it stays."""
    kept = uploads.keep(request.FILES.get("file"), request.user.get_username(), trace_list.SUFFIXES)
    try:
        with uploads.accepted(kept) as clear:
            return trace.take_log(
                path=clear,
                actor=request.viewer.actor,  # type: ignore[attr-defined]
                now=timezone.now(),
                zone=request.POST.get("zone", ""),
                how=trace_files.how(request.POST),
            )
    finally:
        uploads.drop(kept)


@require_POST
def take_table(request: HttpRequest) -> HttpResponse:
    """Take a table of supply in, and let go of the file at once."""
    kind, who = request.POST.get("kind", ""), request.user.get_username()
    try:
        kept = uploads.keep(request.FILES.get("file"), who, supply_kept.SUFFIXES)
        try:
            with uploads.accepted(kept) as clear:
                taken = supply.take(kind=kind, path=clear, actor=request.viewer.actor, now=timezone.now())  # type: ignore[attr-defined]
        finally:
            uploads.drop(kept)
    except BadInput as error:
        said = errors.words_for(error.code) + errors.aside(error.facts)
        return trace_list.shown(request, {}, said, errors.status(error), of=trace_list.SUPPLY)
    for add, said in supply_kept.told(taken):
        add(request, said)
    return redirect(f"{reverse('traces')}#main")  # where the answer stands; else the form's own place holds


@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show what one complaint came from."""
    found = traces.of(request.viewer, number)  # type: ignore[attr-defined]
    shown: dict[str, object] = {"number": number, "found": found, "log": event_log.path().exists()}
    if found is not None:
        case = cases.get(request.viewer, number)  # type: ignore[attr-defined]
        shown |= {"said": trace_verdict.said(case), "may_judge": trace_verdict.may(request.viewer, case)}  # type: ignore[attr-defined]
    if found is not None and found.answer.traced.chains:
        source = found.answer.traced.chains[0].nodes[0]
        shown |= {
            "ways": trace_ways.ways(request.viewer, found),  # type: ignore[attr-defined]
            "proofs": trace_ways.proofs(found),
            "sure": found.answer.chain is not None,
            "spared": found.spared,
            "to_do": TO_DO[source.mode] % {"activity": found.log.activities[source.activity]},
            "open_for": words.duration((found.at - traces.moment(source.since)).days, "days"),
        }
    return render(request, "web/trace.html", shown)


urls = [
    *trace_verdict.urls,
    *trace_orders.urls,
    path("trace/", trace_list.page, name="traces"),
    path("event-log/", take, name="trace_take"),
    path("supply-tables/", take_table, name="supply_take"),
    path("trace/<path:number>/", one, name="trace"),
]
