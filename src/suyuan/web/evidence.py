"""The evidence of a case: what there is, who saw it, and what may be done with it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import evidence as verbs
from suyuan.domain import evidence as rule
from suyuan.domain.errors import BadInput, RuleError
from suyuan.domain.fields import Field, Type, reason
from suyuan.gateways.filetype import INLINE
from suyuan.store import rules
from suyuan.store.queries import cases
from suyuan.store.queries import evidence as kept
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, looks
from .names import Named, named
from .templatetags.ui import lang

PURPOSE = Field("purpose", Type.CHOICE, reasons="evidence_purpose")
APPLIES = Field("term_applies", Type.BOOL, required=False)
FORMS: dict[str, tuple[Field, ...]] = {
    "withdraw": (reason("evidence_withdraw"),),
    "hold": (reason("evidence_hold"),),
    "release": (),
    "ask_shred": (APPLIES,),
    "keep": (),
    "shred": (),
}
ICONS = {"audio": "headset", "video": "player-pause", "image": "eye", "document": "receipt"}


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb on a piece as it stands on the page."""

    verb: str
    title: str
    boxes: list[forms.Box]


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as it stands on the page."""

    piece: object
    name: str
    maker: str
    device: str
    family: str
    icon: str
    shows: bool
    """Whether the page shows or plays it: the type allows it, and somebody said what for."""
    gone: bool
    verbs: list[Verb]


def shown(viewer: Viewer, case, piece, purpose: str) -> Shown:
    """Return a piece in words; its own name and maker only for a purpose."""
    told = kept.opened(viewer, case, piece) if purpose else {}
    family = rule.family(piece.media_type)
    open_to = not kept.refused(viewer, case, "look", piece)
    return Shown(
        piece=piece,
        name=told.get("name") or piece.name,
        maker=told.get("maker", ""),
        device=told.get("device", ""),
        family=family,
        icon=ICONS[family],
        shows=bool(purpose) and open_to and piece.media_type in INLINE,
        gone=not open_to,
        verbs=_verbs(viewer, case, piece),
    )


def _verbs(viewer: Viewer, case, piece) -> list[Verb]:
    """Return the verbs that are open on a piece: destroying has two halves, shown one at a time."""
    asked = bool(piece.shred_asked_by)
    half = {"ask_shred": not asked, "shred": asked, "keep": asked}
    rows = []
    for verb, fields in FORMS.items():
        name = "shred" if verb == "ask_shred" else verb
        if kept.refused(viewer, case, name, piece) or not half.get(verb, True):
            continue
        if verb in ("ask_shred", "shred") and not kept.is_due(case, timezone.now()):
            continue
        title = rules.label("verb", f"evidence_{verb}", lang())
        boxes = forms.boxes(viewer, fields, forms.Entry(), f"{verb}-{piece.sha256[:8]}")
        rows.append(Verb(verb, title, boxes))
    return rows


@require_GET
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """Show the evidence of a case."""
    return page(request, number)


def page(request: HttpRequest, number: str, alert: str = "", status: int = 200) -> HttpResponse:
    """Render the evidence of a case, with what went wrong above it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case, now = cases.get(viewer, number), timezone.now()
    purpose = looks.purpose(request, number, now)
    refusal = kept.refused(viewer, case, "look")
    asked = forms.Entry({"purpose": purpose})
    told = {
        "case": case,
        "alert": alert,
        "refusal": errors.words_for(refusal) if refusal else "",
        "purpose": purpose,
        "pieces": [shown(viewer, case, piece, purpose) for piece in kept.pieces(viewer, case)],
        "custody": _custody(viewer, case),
        "open_boxes": forms.boxes(viewer, [PURPOSE], asked, "open"),
        "export_boxes": forms.boxes(viewer, [PURPOSE], asked, "export"),
        "may_export": not kept.refused(viewer, case, "export"),
        "term": kept.term_of(case),
    }
    return render(request, "web/evidence.html", told, status=status)


@dataclass(frozen=True, slots=True)
class Told:
    """One step of custody in words."""

    at: datetime
    who: Named
    what: str
    file: str
    why: str
    code: str


SHELVES = {"evidence_withdraw": "reason.evidence_withdraw", "evidence_hold": "reason.evidence_hold"}


def _custody(viewer: Viewer, case: cases.Case) -> list[Told]:
    steps = list(kept.custody(viewer, case))
    who = named(step.actor for step in steps)
    return [_told(step, who[step.actor]) for step in steps]


def _told(step: kept.Step, who: Named) -> Told:
    shelf, code = "reason.evidence_purpose", str(step.facts.get("purpose", ""))
    if step.verb in SHELVES:
        shelf, code = SHELVES[step.verb], str(step.facts.get("reason", ""))
    return Told(
        at=step.at,
        who=who,
        what=rules.label("verb", step.verb, lang()),
        file=step.sha256[:12],
        why=rules.label(shelf, code, lang()),
        code=str(step.facts.get("manifest", "")),
    )


@require_POST
def unlock(request: HttpRequest, number: str) -> HttpResponse:
    """Say what the evidence of a case is looked at for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    cases.get(viewer, number)
    code, now = request.POST.get("purpose", ""), timezone.now()
    try:
        verbs.open_locker(number=number, purpose=code, actor=viewer.actor, now=now)
    except BadInput as bad:
        return page(request, number, errors.words_for(bad.code), errors.status(bad))
    looks.remember(request, number, code, now)
    return redirect("evidence", number=number)


@require_POST
def act(request: HttpRequest, number: str, sha256: str, verb: str) -> HttpResponse:
    """Do a verb on a piece."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kept.piece(viewer, cases.get(viewer, number), sha256)
    if verb not in FORMS:
        raise BadInput("unknown_verb", verb=verb)
    typed = forms.read(FORMS[verb], request.POST)
    given: dict[str, object] = {}
    if verb in ("withdraw", "hold"):
        given["reason"] = typed.get("reason", "")
    if verb == "ask_shred":
        given["said_yes"] = typed.get("term_applies") == "1"
    act_of = getattr(verbs, verb)
    try:
        act_of(number=number, sha256=sha256, actor=viewer.actor, now=timezone.now(), **given)
    except RuleError as error:
        return page(request, number, errors.words_for(error.code), errors.status(error))
    done = rules.label("verb", f"evidence_{verb}", lang())
    messages.success(request, gettext("已完成：%(verb)s") % {"verb": done})
    return redirect("evidence", number=number)


@require_POST
def export(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send the evidence of a case as a bundle."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    cases.get(viewer, number)
    purpose = request.POST.get("purpose", "")
    try:
        ready = verbs.prepare(numbers=[number], purpose=purpose, actor=viewer.actor, now=timezone.now())
    except RuleError as error:
        return page(request, number, errors.words_for(error.code), errors.status(error))
    response = StreamingHttpResponse(ready.stream(), content_type="application/zip")
    name = f"evidence-{number}-{ready.code[:12]}.zip"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


urls = [
    path("case/<path:number>/evidence/", evidence, name="evidence"),
    path("case/<path:number>/evidence/open/", unlock, name="evidence_open"),
    path("case/<path:number>/evidence/export/", export, name="evidence_export"),
    path("case/<path:number>/evidence/<str:sha256>/<str:verb>/", act, name="evidence_verb"),
]
