"""The inbox: what this system has told the person who looks, and what of it is new."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import knowledge, preferences, publish
from suyuan.actions.notice import inbox
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import rules, wording
from suyuan.store.queries import attention, notices
from suyuan.store.queries.viewer import Viewer

from . import errors, outbox, register, undo, words
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
    days = words.duration(rules.figure("outbox.inbox", "days"), "days")
    return register.listed(
        request,
        Listed(
            title=gettext("消息箱"),
            intro=gettext("最近 %(days)s内告知您本人或您所任角色的消息。") % {"days": days},
            heads=HEADS,
            rows=[_row(message) for message in shown.rows],
            filters=[Filter("only", gettext("范围"), only, [("unread", gettext("只看未读"))])],
            buttons=[
                Button(gettext("全部标为已读"), reverse("inbox_read"), "circle-check", post=True, name="all"),
                *_by_phone(viewer),
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
    words = wording.of(message, lang())
    is_unread: bool = message.is_unread  # type: ignore[attr-defined]
    link = reverse("case", args=[message.case_number]) if message.case_number else _place(message)
    return Row(
        key=str(message.pk) if is_unread else "",
        fresh=is_unread,
        cells=(
            Cell(words.text, link, marks=[f"!{gettext('未读')}"] if is_unread else ()),
            Cell(outbox.who(message)),
            Cell(local(message.queued_at)),
        ),
    )


def _place(message: notices.Message) -> str:
    """Return where a message leads that is about no case."""
    if message.template in (publish.READY, publish.FAILED):
        return reverse("export_page", args=[message.facts["publication"]])
    if message.template in knowledge.TEMPLATES:
        return reverse("rules_proposal", args=[message.facts["draft"]])
    return f"{reverse('ledger')}?period=all" if message.template.startswith("ledger_") else ""


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked messages as read, or all there are."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.POST.get("verb") == "all":
        was = inbox.read_all(viewer=viewer, now=timezone.now())
        undo.offer(request, gettext("已全部标为已读。"), reverse("inbox_unread"), upto=was)
    else:
        fresh = inbox.read(viewer=viewer, ids=_ids(request), now=timezone.now())
        said = ngettext("%(n)d 条消息已标为已读。", "%(n)d 条消息已标为已读。", len(fresh)) % {
            "n": len(fresh)
        }
        undo.offer(request, said, reverse("inbox_unread"), key=" ".join(map(str, fresh)))
    return redirect("inbox")


@require_POST
def unread(request: HttpRequest) -> HttpResponse:
    """Take back that messages were marked as read."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if "upto" in request.POST:
        inbox.unread_all(viewer=viewer, upto=_number(request.POST["upto"]), now=timezone.now())
    else:
        inbox.unread(viewer=viewer, ids=_ids(request), now=timezone.now())
    messages.success(request, gettext("已撤回，消息又标为未读。"))
    return redirect("inbox")


@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """Keep whether the viewer's messages come to their work phone too."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = request.POST.get("verb") == "on"
    try:
        preferences.sms(person=viewer.person, wanted=wanted, now=timezone.now())
    except Refused as refused:
        messages.error(request, errors.words_for(refused.code))
        return redirect("inbox")
    messages.success(
        request, gettext("消息也会发到您的工作电话。") if wanted else gettext("消息不再发到您的工作电话。")
    )
    return redirect("inbox")


def _by_phone(viewer: Viewer) -> list[Button]:
    """Return the button that lets messages come to the work phone or stay away, where a channel could."""
    if not notices.has_sms():
        return []
    wants = attention.preference(viewer).sms
    words = gettext("不再发到工作电话") if wants else gettext("也发到工作电话")
    return [Button(words, reverse("inbox_sms"), "message", post=True, name="off" if wants else "on")]


def _ids(request: HttpRequest) -> list[int]:
    """Return the messages ticked; a list of them may come in one field."""
    return [_number(key) for keys in request.POST.getlist("key") for key in keys.split()]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput("unknown_value", field="key", value="")
    return int(text)


urls = [
    path("inbox/", page, name="inbox"),
    path("inbox/read/", read, name="inbox_read"),
    path("inbox/sms/", sms, name="inbox_sms"),
    path("inbox/unread/", unread, name="inbox_unread"),
]
