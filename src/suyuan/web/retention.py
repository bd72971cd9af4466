"""Evidence whose term is over: what may be destroyed, under which rule, and who still has to say so."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.store import rules
from suyuan.store.queries import evidence as kept
from suyuan.store.queries import texts
from suyuan.store.queries.viewer import Viewer

from . import register
from .templatetags.ui import lang


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """List the evidence in reach whose term is over, the oldest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = register.page_of(register.only(request.GET, {"page"}))
    rows, more = kept.due(viewer, timezone.now(), page)
    draws = texts.drawn_each(one.piece.case for one in rows)
    shown = register.Listed(
        title=gettext("证据到期清单"),
        heads=(
            register.Head(gettext("工单"), wide=True),
            register.Head(gettext("证据")),
            register.Head(gettext("分级")),
            register.Head(gettext("保存至")),
            register.Head(gettext("依据")),
            register.Head(gettext("销毁")),
        ),
        rows=[_row(one, draws[one.piece.case_id](one.piece.name)) for one in rows],
        empty=register.Empty(
            gettext("没有到期的证据"),
            gettext("工单归档后，证据按分级保存若干年；期满的列在这里。"),
            "hourglass",
            calm=True,
        ),
        intro=gettext(
            "销毁须两人：一人申请，另一人批准；期限经确认的，由每夜的到期清除直接销毁。行、摘要和审计链保留。冻结的不销毁。"
        ),
        page=page,
        has_next=more,
    )
    return register.listed(request, shown)


def _row(one: kept.Due, name: str) -> register.Row:
    piece, term = one.piece, one.term
    marks = [] if term.confirmed else ["!" + gettext("期限未经确认，只作提示")]
    waits = gettext("待批准") if piece.shred_asked_by else gettext("待申请")
    url = reverse("evidence", kwargs={"number": piece.case.number}) + f"#e-{piece.sha256[:16]}"
    return register.Row(
        (
            register.Cell(piece.case.number, url=url, small=piece.case.unit.name),
            register.Cell(name, small=rules.label("evidence_kind", piece.kind, lang())),
            register.Cell(rules.label("level", piece.case.level, lang())),
            register.Cell(one.until.isoformat()),
            register.Cell(term.basis, marks=marks),
            register.Cell(gettext("已冻结") if piece.held_at else waits, small=piece.shred_asked_by),
        ),
        dim=piece.held_at is not None,
    )


urls = [path("evidence/due/", due, name="evidence_due")]
