"""Documents: asked for from the board or by a schedule, prepared by the worker, handed out here."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import publish
from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.queries import publications
from suyuan.store.queries.viewer import Viewer

from . import errors, export, register
from .register import Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the documents in reach, the newest first."""
    query = register.only(request.GET.dict(), {"page"})
    number = register.page_of(query)
    rows, more = publications.listed(request.viewer, number)  # type: ignore[attr-defined]
    shown = Listed(
        title=gettext("生成的文件"),
        intro=gettext(
            "文件由后台进程生成，注明所用数据的摘要；同样的数据再生成一次，内容相同。"
            "工单清单只有要它的本人看得到。"
        ),
        heads=[
            Head(gettext("文件"), wide=True),
            Head(gettext("时期")),
            Head(gettext("单位")),
            Head(gettext("状态")),
            Head(gettext("请求")),
            Head("SHA-256"),
        ],
        rows=[_row(row) for row in rows],
        empty=Empty(
            gettext("还没有文件"),
            gettext("在指标看板上点“准备下载”，或等定时任务每周生成周报。"),
            icon="file-spreadsheet",
            button=Button(gettext("打开指标看板"), reverse("board"), "chart-bar", primary=True),
        ),
        page=number,
        has_next=more,
    )
    return register.listed(request, shown)


def _row(row) -> Row:  # type: ignore[no-untyped-def]
    title = rules.label("document", row.document, lang())
    url = reverse("publication", args=[row.pk]) if row.state == "done" else ""
    within, rows = row.unit.name if row.unit else gettext("全部单位"), ""
    if row.private:
        url, within = reverse("export_page", args=[row.pk]), ""
        rows = gettext("%(n)d 行") % {"n": row.rows}
    why = errors.words_for(str(row.fault["code"])) if row.fault else ""
    who = gettext("定时任务") if row.by == "system" else row.by
    return Row(
        [
            Cell(row.name or title, url, small=rows),
            Cell(row.period),
            Cell(within),
            Cell(rules.label("work_state", row.state, lang()), small=why),
            Cell(local(row.queued_at), small=who),
            Cell(
                row.sha256[:12],
                small=gettext("输入 %(digest)s") % {"digest": row.input_digest[:12]}
                if row.input_digest
                else "",
            ),
        ]
    )


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Let a worker prepare the board of a unit and period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = publish.Wanted(
        document="board",
        period=request.POST.get("period", ""),
        unit=request.POST.get("unit", ""),
        language="en" if (get_language() or "").startswith("en") else "zh-hans",
    )
    publish.queue(wanted=wanted, actor=viewer.actor, now=timezone.now())
    messages.success(request, gettext("已交给后台进程，生成后在此下载。"))
    return redirect("publications")


@require_GET
def download(request: HttpRequest, publication_id: int) -> FileResponse:
    """Return a finished document."""
    row = publications.get(request.viewer, publication_id)  # type: ignore[attr-defined]
    file = publish.folder() / f"{row.sha256}.xlsx"
    if row.state != "done" or not file.exists():
        raise Refused("no_such_file", publication=publication_id)
    return FileResponse(file.open("rb"), as_attachment=True, filename=row.name, content_type=export.TYPE)


urls = [
    path("publications/", page, name="publications"),
    path("publications/prepare/", prepare, name="publication_prepare"),
    path("publications/<int:publication_id>/", download, name="publication"),
]
