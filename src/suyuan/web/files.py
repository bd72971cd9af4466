"""Files of evidence in and out: added one by one, served whole or in parts, each look for a purpose."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from suyuan.actions import evidence as verbs
from suyuan.domain import evidence as rule
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.fields import Field, Type
from suyuan.domain.masking import mask
from suyuan.gateways.filetype import INLINE
from suyuan.store import locker
from suyuan.store.queries import cases
from suyuan.store.queries import evidence as kept
from suyuan.store.queries.viewer import Viewer

from . import errors, evidence, forms, looks, serving
from .templatetags.ui import LOCAL, clauses, joined

FIELDS = (
    Field("made_by", Type.CHOICE, reasons="evidence_maker"),
    Field("evidence_kind", Type.CHOICE, required=False, choices=rule.KINDS),
    Field("maker", Type.TEXT, required=False, personal=True),
    Field("device", Type.TEXT, required=False),
    Field("claimed_at", Type.MOMENT, required=False),
)
"""What is asked of files that are handed in together."""

LOOK = {"audio": "evidence_play", "video": "evidence_play", "image": "evidence_view"}


@dataclass(frozen=True, slots=True)
class Handed:
    """One file that was handed in: its digest, or why it is refused."""

    name: str
    sha256: str = ""
    problem: str = ""
    code: str = ""


@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add files to a case, each by itself: one that is refused keeps no other from being taken."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = cases.get(viewer, number)
    files = request.FILES.getlist("file")
    if not files:
        return _answered(request, number, [Handed("", problem=errors.words_for("no_file"), code="no_file")])
    refusal = kept.refused(viewer, case, "add")
    if refusal:
        raise Refused(refusal, verb="attach")
    typed = forms.read(FIELDS, request.POST)
    return _answered(request, number, [_added(viewer, number, file, typed) for file in files])


def _added(viewer: Viewer, number: str, file: UploadedFile, typed: Mapping[str, str]) -> Handed:
    name = file.name or ""
    try:
        incoming = verbs.Incoming(
            pieces=file.chunks(),
            name=name,
            declared=file.content_type or "",
            kind=typed.get("evidence_kind", ""),
            made_by=typed.get("made_by", ""),
            maker=typed.get("maker", ""),
            device=typed.get("device", ""),
            claimed_at=_moment(typed.get("claimed_at", "")),
        )
        digest = verbs.add(number=number, file=incoming, actor=viewer.actor, now=timezone.now())
    except RuleError as error:
        return Handed(name, problem=errors.words_for(error.code), code=error.code)
    return Handed(name, sha256=digest)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("not_a_moment", field="claimed_at") from None
    return given if given.tzinfo else given.replace(tzinfo=LOCAL)


def _answered(request: HttpRequest, number: str, handed: list[Handed]) -> HttpResponse:
    """Return what became of each file: to our script as JSON, to everybody else as a page."""
    wrong = [one for one in handed if one.problem]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    if request.headers.get("Accept", "") == "application/json":
        rows = [{"name": one.name, "sha256": one.sha256, "problem": one.problem} for one in handed]
        return JsonResponse({"files": rows}, status=status)
    taken = [mask(one.name) for one in handed if one.sha256]
    if taken:
        messages.success(request, gettext("已上传：%(name)s") % {"name": joined(taken)})
    if not wrong:
        return redirect("evidence", number=number)
    alert = clauses(": ".join(filter(None, (mask(one.name), one.problem))) for one in wrong)
    return evidence.page(request, number, alert, status)


def _look(request: HttpRequest, number: str, sha256: str, verb: str) -> HttpResponseBase:
    """Return a piece for the purpose given, a new look written down; without a purpose, ask for one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case, now = cases.get(viewer, number), timezone.now()
    piece = kept.piece(viewer, case, sha256)
    purpose = looks.purpose(request, number, now)
    if not purpose:
        messages.info(request, errors.words_for("purpose_needed"))
        return redirect("evidence", number=number)
    _written(request, number, sha256, verb, purpose)
    download = verb == "evidence_download"
    served = serving.Served(
        open=functools.partial(locker.clear, locker.path_of(sha256), kept.key(piece), sha256),
        size=piece.size,
        etag=f'"{sha256[:32]}"',
        media_type="application/octet-stream" if download else piece.media_type,
        name=kept.opened(viewer, case, piece).get("name") or piece.name,
        download=download,
    )
    return serving.answer(request, served)


def _written(request: HttpRequest, number: str, sha256: str, verb: str, purpose: str) -> None:
    """Write a look down, unless it is one that goes on: players fetch a file in parts, pages come back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    going_on = looks.same_look(request, f"{number} {sha256[:16]} {verb}", now)
    if not going_on or (verb == "evidence_download" and "Range" not in request.headers):
        verbs.look(number=number, sha256=sha256, verb=verb, purpose=purpose, actor=viewer.actor, now=now)


@require_safe
def download(request: HttpRequest, number: str, sha256: str) -> HttpResponseBase:
    """Return a piece as a download, whatever it claims to be."""
    return _look(request, number, sha256, "evidence_download")


@require_safe
def view(request: HttpRequest, number: str, sha256: str) -> HttpResponseBase:
    """Return a picture, a recording or a video to be seen or played in the page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    piece = kept.piece(viewer, cases.get(viewer, number), sha256)
    if piece.media_type not in INLINE:
        raise Refused("file_not_shown", file=sha256)
    return _look(request, number, sha256, LOOK[rule.family(piece.media_type)])


@require_safe
def small(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """Return the small picture of a piece, once somebody said what for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = cases.get(viewer, number)
    piece = kept.piece(viewer, case, sha256)
    purpose = looks.purpose(request, number, timezone.now())
    if not purpose:
        raise Refused("purpose_needed", file=sha256)
    shut = kept.refused(viewer, case, "look", piece)
    picture = None
    if not shut and piece.media_type in INLINE and rule.family(piece.media_type) == "image":
        picture = verbs.small_picture(piece)
    if picture is None:
        raise Refused("file_not_shown", file=sha256)
    _written(request, number, sha256, "evidence_small", purpose)
    return HttpResponse(
        picture, content_type="image/jpeg", headers=serving.HEADERS | {"Accept-Ranges": "none"}
    )


urls = [
    path("case/<path:number>/attach/", attach, name="attach"),
    path("case/<path:number>/file/<str:sha256>/small/", small, name="evidence_small"),
    path("case/<path:number>/file/<str:sha256>/view/", view, name="evidence_view"),
    path("case/<path:number>/file/<str:sha256>/", download, name="download"),
]
