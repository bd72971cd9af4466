"""The inbox: what this system has told the person who looks, and what of it is new."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions.notice import inbox
from suyuan.domain.errors import BadInput
from suyuan.store import rules, wording
from suyuan.store.queries import notices
from suyuan.store.queries.viewer import Viewer

from . import outbox, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

HEADS = (Head(_("消息"), wide=True), Head(_("给谁的")), Head(_("时间")))


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List what has been told to the viewer, the newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = register.only(request.GET, {"only", "page"})
    if (only := query.get("only", "")) not in ("", "unread"):
        raise BadInput("unknown_value", field="only", value=only)
    shown = notices.inbox(
        viewer, now=timezone.now(), page=register.page_of(query), unread_only=only == "unread"
    )
    days = rules.figure("outbox.inbox", "days")
    return register.listed(
        request,
        Listed(
            title=gettext("消息箱"),
            intro=gettext("最近 %(days)d 天内告知您本人或您所任角色的消息。") % {"days": days},
            heads=HEADS,
            rows=[_row(message) for message in shown.rows],
            filters=[Filter("only", gettext("范围"), only, [("unread", gettext("只看未读"))])],
            buttons=[
                Button(gettext("全部标为已读"), reverse("inbox_read"), "circle-check", post=True, name="all")
            ],
            bulk=(
                Button(gettext("标为已读"), reverse("inbox_read"), "circle-check", primary=True, name="some"),
            ),
            page=shown.page,
            has_next=shown.has_next,
            empty=Empty(
                gettext("没有消息。"),
                gettext("工单派到您这里、被催办、时限将到时，会在这里告诉您。"),
                "bell",
                Button(gettext("看我的工单"), reverse("queue"), "inbox"),
            ),
        ),
    )


def _row(message: notices.Message) -> Row:
    words = wording.words(message.template, message.facts, message.case_number, lang())
    is_unread: bool = message.is_unread  # type: ignore[attr-defined]
    link = reverse("case", args=[message.case_number]) if message.case_number else ""
    return Row(
        key=str(message.pk) if is_unread else "",
        dim=not is_unread,
        cells=(
            Cell(words.text, link, marks=[f"!{gettext('未读')}"] if is_unread else ()),
            Cell(outbox.who(message)),
            Cell(local(message.queued_at)),
        ),
    )


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked messages as read, or all there are."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    keys = request.POST.getlist("key")
    if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
        raise BadInput("unknown_value", field="key", value="")
    if request.POST.get("verb") == "all":
        inbox.read_all(viewer=viewer, now=timezone.now())
        messages.success(request, gettext("已全部标为已读。"))
    else:
        count = inbox.read(viewer=viewer, ids=[int(key) for key in keys], now=timezone.now())
        messages.success(request, gettext("%(n)d 条消息已标为已读。") % {"n": count})
    return redirect("inbox")


urls = [
    path("inbox/", page, name="inbox"),
    path("inbox/read/", read, name="inbox_read"),
]
