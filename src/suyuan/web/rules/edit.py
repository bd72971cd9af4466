"""The form that proposes an entry: new, as a further edition of one that is there, or a revised proposal."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import knowledge
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.records import plain
from suyuan.store import rules
from suyuan.store.queries import rulebook
from suyuan.store.queries.viewer import Viewer

from .. import errors, forms, register
from ..templatetags.ui import lang
from . import attached, preview, said, written
from .attached import KEPT

OWN_OF_EDITION = ("in_force_from", "in_force_until", "certainty", "basis", "note")
"""What an edition says of itself: the next one starts without it."""
PREFILLED = frozenset({"from", "of", "key", "in_force_from"})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a new entry, and keep it as a submitted proposal."""
    written.fields(kind)
    query = register.only(request.GET, PREFILLED)
    if request.method == "GET":
        return _form(request, kind, forms.Entry(_known(kind, query)))
    return _take(request, kind, None)


@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, draft: int) -> HttpResponse:
    """Ask again for a proposal of one's own that was sent back or never submitted."""
    row = rulebook.proposal(draft)
    if request.method == "GET":
        known = written.typed(row.kind, row.entry) | {"why": row.why, KEPT: attached.of(row)}
        return _form(request, row.kind, forms.Entry(known), draft=draft)
    return _take(request, row.kind, draft)


def _known(kind: str, query: Mapping[str, str]) -> dict[str, str]:
    if kind in ("confirm", "revoke"):
        return {name: query.get(name, "") for name in ("of", "key", "in_force_from")}
    editions = rules.rulebook().editions(kind).get(query.get("from", ""), ())
    known = written.typed(kind, plain(editions[-1])) if editions else {}
    return known | dict.fromkeys(OWN_OF_EDITION, "") | attached.of_edition(editions[-1]) if known else {}


def _take(request: HttpRequest, kind: str, draft: int | None) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = forms.read(written.fields(kind), request.POST)
    now = timezone.now()
    if "preview" in request.POST:
        typed = preview.with_wording(typed, now) | {KEPT: request.POST.get(KEPT, "")}
        return _form(request, kind, forms.Entry(typed, preview.of_typed(typed)[1]), draft=draft)
    typed[KEPT] = "" if "drop_file" in request.POST else request.POST.get(KEPT, "")
    try:
        typed[KEPT] = attached.taken(request, now) or typed[KEPT]
        said = attached.proposed(kind, written.entry(kind, typed), _why(typed), typed[KEPT])
        if draft is None:
            row = knowledge.propose(proposed=said, actor=viewer.actor, now=now)
        else:
            row = knowledge.revise(draft=draft, proposed=said, actor=viewer.actor, now=now)
        if "keep" not in request.POST:
            knowledge.submit(draft=row.pk, actor=viewer.actor, now=now)
    except BadInput as bad:
        wrong = errors.field_problems(bad) or written.problems(kind, bad)
        problem = gettext("没有保存，请看标红的项目。") if wrong else _told(bad)
        entry = forms.Entry(typed, wrong)
        return _form(request, kind, entry, problem=problem, draft=draft, status=errors.status(bad))
    kept = "keep" in request.POST
    messages.success(request, gettext("已存为草稿。") if kept else gettext("已提交，等另一人批准。"))
    return redirect("rules_proposal", draft=row.pk)


def _why(typed: Mapping[str, str]) -> str:
    if not typed.get("why"):
        raise BadInput("bad_form", fields={"why": "required"})
    return typed["why"]


def _told(bad: BadInput) -> str:
    aside = "" if bad.facts.get("problem") else errors.aside(bad.facts)
    return f"{said.told(bad)}{aside}"


def _form(
    request: HttpRequest,
    kind: str,
    entry: forms.Entry,
    *,
    problem: str = "",
    draft: int | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    named = rules.label("rule_kind", kind, lang())
    back = reverse("rules") if draft is None else reverse("rules_proposal", args=[draft])
    shown = register.Asked(
        title=gettext("起草：%(kind)s") % {"kind": named},
        boxes=written.boxes(viewer, kind, entry),
        submit=gettext("提交审批"),
        back=back,
        intro=_intro(kind),
        problem=problem,
        files=True,
    )
    page = {
        "asked": shown,
        "kept": rulebook.file(entry.values.get(KEPT, "")),
        "is_document": kind == "document",
        "is_message": kind == "message",
        "previews": preview.of_typed(entry.values)[0] if kind == "message" else None,
    }
    return render(request, "web/rules_form.html", page, status=status)


def _intro(kind: str) -> str:
    if kind in ("confirm", "revoke"):
        return gettext(
            "确认须写明出处（文件、条款）。批准后自即日起进入考核、排名和对外报送；撤销同样由第二人批准。"
        )
    if kind == "limit":
        return gettext(
            "条件每行一项，例如 site: rural、urban；同一编号、更晚的生效日即为新版。运行中的钟不变。"
        )
    if kind == "message":
        return gettext("批准后，新排队的消息用这一版；已排队、已发出的保持原来的写法。")
    if kind == "figure":
        return gettext("参数每行一项，例如 times = 2。")
    if kind == "route":
        return gettext(
            "条件每行一项：business_type、category、channel、area；条件多的优先。只作建议，派单人确认。"
        )
    return gettext("由另一人批准后生效；同一代码、同一生效日的条目以后批准的为准。")


urls = [
    path("rules/new/<str:kind>/", new, name="rules_new"),
    path("rules/proposals/<int:draft>/revise/", revise, name="rules_revise"),
]
