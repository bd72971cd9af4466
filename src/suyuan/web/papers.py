"""Papers in the browser: print one of a case, look one up by its code, keep the office's own templates."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import papers
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.papers import PURPOSES, printed_by
from suyuan.domain.vocabulary import Role
from suyuan.gateways import ooxml
from suyuan.store import rules
from suyuan.store.queries import papers as kept
from suyuan.store.queries.viewer import Viewer

from . import access, errors, register, uploads
from .names import named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def menu(roles: frozenset[Role] = frozenset(Role), *of: str) -> list[tuple[str, str]]:
    """Return the papers that somebody with these roles over a case can print it as, with their words."""
    return [(kind, rules.label("paper", kind, lang())) for kind in printed_by(roles, *of)]


def purposes() -> list[tuple[str, str]]:
    """Return what a paper may be printed for, with the words."""
    return [(code, rules.label("print_purpose", code, lang())) for code in PURPOSES]


@require_POST
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Return a paper of a case."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kind, purpose = request.POST.get("kind", ""), request.POST.get("purpose", "")
    made = papers.issue(number=number, kind=kind, purpose=purpose, viewer=viewer, now=timezone.now())
    return _docx(made.content, made.name)


def _docx(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPE)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the templates, and look a paper up by its number and code."""
    query = register.only(request.GET.dict(), {"number", "code", "lang"})
    return _page(request, query, None)


def _page(request: HttpRequest, query: dict[str, str], error: BadInput | None) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = ""
    if query.get("number") and query.get("code"):
        found = _found(viewer, query["number"].strip(), query["code"])
    may = access.may_open(request, "paper_propose")
    shown = Listed(
        gettext("文书模板"),
        tuple(Head(title) for title in _heads()),
        [*_shipped(), *_own(request)],
        Empty("", ""),
        intro=found
        or gettext("打印出的文书页眉有工单编号和核验码，在这里可以查到是谁、何时、为什么打印的。"),
        filters=(
            Filter("number", gettext("工单编号"), query.get("number", "")),
            Filter("code", gettext("核验码"), query.get("code", "")),
        ),
        problem=errors.words_for(error.code) + errors.aside(error.facts) if error else "",
    )
    context = {"listed": shown, "kinds": menu() if may else []}
    return render(request, "web/papers.html", context, status=errors.status(error) if error else 200)


def _heads() -> Iterable[str]:
    return gettext("文书"), gettext("模板"), gettext("状态"), gettext("提交"), gettext("办理")


def _found(viewer: Viewer, number: str, code: str) -> str:
    try:
        event = papers.verify(number=number, code=code, viewer=viewer)
    except Refused as refused:
        return errors.words_for(refused.code)
    return gettext("%(paper)s，%(who)s 于 %(at)s 打印，用途：%(purpose)s，文件 SHA-256 %(sha256)s。") % {
        "paper": rules.label("paper", event.detail["paper"], lang()),
        "who": named([event.actor])[event.actor],
        "at": local(event.at),
        "purpose": rules.label("print_purpose", event.detail["purpose"], lang()),
        "sha256": event.detail["sha256"],
    }


def _shipped() -> list[Row]:
    return [
        Row(
            (
                Cell(words),
                Cell(gettext("随系统提供"), reverse("paper_shipped", args=[kind])),
                Cell(),
                Cell(),
                Cell(),
            )
        )
        for kind, words in menu()
    ]


def _own(request: HttpRequest) -> list[Row]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return [
        Row(
            (
                Cell(rules.label("paper", row.kind, lang())),
                Cell(f"{row.version}. {row.name}", reverse("paper_sample", args=[row.pk])),
                Cell(rules.label("template_state", row.state, lang())),
                Cell(row.proposed_by, small=local(row.proposed_at)),
                _settle(request, row),
            ),
            dim=row.state == "rejected",
        )
        for row in kept.templates(viewer)
    ]


def _settle(request: HttpRequest, row) -> Cell:  # type: ignore[no-untyped-def]
    """Return who settled a template, or where a second person can."""
    if row.state != "proposed":
        return Cell(row.settled_by, small=local(row.settled_at))
    if not access.may_open(request, "paper_settle"):
        return Cell()
    return Cell(gettext("查看并办理"), reverse("paper_settle", args=[row.pk]))


@csrf_exempt  # the size is checked before the body is read; _propose checks the token
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Take a template in."""
    try:
        uploads.check_size(request, ooxml.MOST_BYTES)
        response: HttpResponse = _propose(request)
    except BadInput as error:
        return _page(request, {}, error)
    return response


@csrf_protect
def _propose(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise BadInput("no_file")
    papers.propose(
        kind=request.POST.get("kind", ""),
        name=file.name or "",
        content=file.read(ooxml.MOST_BYTES + 1),
        actor=request.viewer.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    messages.success(request, gettext("模板已提交，由另一人批准后启用。"))
    return redirect("papers")


def settle(request: HttpRequest, template_id: int) -> HttpResponse:
    """Show a template that waits, or approve or reject it."""
    row = kept.template(request.viewer, template_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        act = {"approve": papers.approve, "reject": papers.reject}.get(request.POST.get("verb", ""))
        if act is None:
            raise BadInput("unknown_verb", verb=request.POST.get("verb", ""))
        act(template_id=row.pk, actor=request.viewer.actor, now=timezone.now())  # type: ignore[attr-defined]
        return redirect("papers")
    here = reverse("paper_settle", args=[row.pk])
    shown = Listed(
        gettext("批准文书模板"),
        (Head(gettext("文书")), Head(gettext("模板"), wide=True), Head(gettext("提交"))),
        [
            Row(
                (
                    Cell(rules.label("paper", row.kind, lang())),
                    Cell(row.name, small=row.sha256),
                    Cell(row.proposed_by, small=local(row.proposed_at)),
                )
            )
        ],
        Empty("", ""),
        intro=gettext("先下载样张看一看，再决定。自己提交的模板要由另一人批准。"),
        buttons=(
            Button(gettext("下载样张"), reverse("paper_sample", args=[row.pk]), "download"),
            Button(gettext("批准启用"), here, "circle-check", post=True, primary=True, name="approve"),
            Button(gettext("退回"), here, "circle-x", post=True, name="reject"),
        ),
    )
    return register.listed(request, shown)


@require_GET
def sample(request: HttpRequest, template_id: int) -> HttpResponse:
    """Return a template filled in with made-up values."""
    row = kept.template(request.viewer, template_id)  # type: ignore[attr-defined]
    content = papers.sample(kind=row.kind, content=papers.template(row), now=timezone.now())
    return _docx(content, row.name)


@require_GET
def shipped(request: HttpRequest, kind: str) -> HttpResponse:  # noqa: ARG001 as pages are called
    """Return the template that comes along, to begin an own one from."""
    return _docx(papers.template(kind), f"{kind}.docx")


urls = [
    path("papers/", page, name="papers"),
    path("papers/propose/", propose, name="paper_propose"),
    path("papers/shipped/<str:kind>/", shipped, name="paper_shipped"),
    path("papers/<int:template_id>/", settle, name="paper_settle"),
    path("papers/<int:template_id>/sample/", sample, name="paper_sample"),
    path("case/<path:number>/paper/", issue, name="paper"),
]
