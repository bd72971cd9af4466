"""Documents: asked for from the board or by a schedule, prepared by the worker, handed out here."""

from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import publish
from suyuan.analytics import period as periods
from suyuan.analytics.period import Period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import UNIT, Field, Type
from suyuan.domain.schedule import DOCUMENTS, WEEKLY
from suyuan.store import rules
from suyuan.store.queries import org, publications
from suyuan.store.queries.viewer import Viewer

from . import access, errors, export, register
from .register import Button, Cell, Empty, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

FORM = (Field("document", Type.CHOICE, choices=DOCUMENTS), Field("period", Type.TEXT), UNIT)
PAGES = {"board": "board", "returns": "returns_publish", "commitments": "commitments"}
"""By document, the page that shows the same: who may open that one may ask for the document."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the documents in reach, the newest first."""
    query = register.only(request.GET.dict(), {"page"})
    number = register.page_of(query)
    rows, more = publications.listed(request.viewer, number)  # type: ignore[attr-defined]
    add = Button(gettext("准备文件"), reverse("publication_prepare"), "plus", primary=True)
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
            gettext("点“准备文件”，选哪种文件、什么时期、哪个单位；定时任务每周也会生成周报。"),
            icon="file-spreadsheet",
            button=add,
        ),
        buttons=[add],
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


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Ask which document of which unit and period, and let a worker prepare it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    chosen, offered = register.only(request.GET.dict(), {"document"}).get("document", ""), _offered(request)
    if chosen and chosen not in offered:
        raise BadInput("unknown_value", field="document", value=chosen)
    ask = Ask(
        gettext("准备文件"),
        FORM,
        gettext("准备"),
        reverse("publications"),
        gettext("已交给后台进程，生成后在此下载。"),
        intro=gettext("时期写成周 2026-W10、月 2026-03、季 2026-Q1 或年 2026；承诺工单周报只能按周。"),
        values=_beginning(viewer, chosen, now),
        choices={"document": [(code, rules.label("document", code, lang())) for code in offered]},
        suggest={"period": [(one.label, one.label) for one in _recent(now)]},
    )

    def do(typed: dict[str, str]) -> None:
        document, period, unit = (typed.get(field.name, "") for field in FORM)
        if document not in offered:
            raise BadInput("bad_form", fields={"document": "unknown_choice" if document else "required"})
        language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        wanted = publish.Wanted(document, period, unit, language)
        publish.queue(wanted=wanted, actor=viewer.actor, now=now)

    return answer(request, ask, do)


def _offered(request: HttpRequest) -> list[str]:
    """Return the documents of pages that whoever asks may open."""
    return [code for code in DOCUMENTS if access.may_open(request, PAGES[code])]


def _beginning(viewer: Viewer, document: str, now: datetime) -> dict[str, str]:
    """Return with what the form begins: of a chosen document, the last whole period it is made for."""
    unit = org.at(viewer.register_paths[0]).code if viewer.register_paths else ""
    week, month = _recent(now)[:2]
    of_chosen = week if document in WEEKLY else month
    return {"document": document, "unit": unit, "period": of_chosen.label if document else ""}


def _recent(now: datetime) -> list[Period]:
    """Return the last whole week and month, then those that run and the year."""
    today = rules.local_day(now)
    week, month, year = (periods.of_day(today, kind) for kind in ("week", "month", "year"))
    return [*filter(None, (week.previous, month.previous)), week, month, year]


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
