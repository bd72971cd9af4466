"""The outbox: what left by which channel, what became of it, and the dead letters a person sees to."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions.notice import desk
from suyuan.domain import notice
from suyuan.domain.errors import BadInput
from suyuan.store import rules, wording
from suyuan.store.queries import notices
from suyuan.store.queries.notices import Wanted
from suyuan.store.queries.viewer import Viewer

from . import access, errors, register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang, local

HEADS = (
    Head(_("消息"), wide=True),
    Head(_("收件人")),
    Head(_("通道")),
    Head(_("状态")),
    Head(_("次数"), number=True),
    Head(_("入队时间")),
)
VERBS = {"retry": desk.retry, "withdraw": desk.withdraw}
BAD = ("aside", "failed")
"""The states that ask for a person."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the messages in reach, the newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = register.only(request.GET, {"state", "channel", "case", "page"})
    wanted = Wanted(query.get("state", ""), query.get("channel", ""), query.get("case", "").strip())
    shown = notices.outbox(viewer, wanted, page=register.page_of(query))
    return register.listed(
        request,
        Listed(
            title=gettext("发件箱"),
            intro=gettext(
                "离开本系统的每一条消息：交给了哪个通道，试了几次，回执怎么说。死信和未送达的可以重发。"
            ),
            heads=HEADS,
            rows=[_row(message) for message in shown.rows],
            filters=_filters(wanted),
            buttons=_buttons(request),
            bulk=(
                Button(gettext("重发"), reverse("outbox_change"), "refresh", primary=True, name="retry"),
                Button(gettext("撤回"), reverse("outbox_change"), "x", name="withdraw"),
            ),
            page=shown.page,
            has_next=shown.has_next,
            empty=_empty(request, wanted),
        ),
    )


def _row(message: notices.Message) -> Row:
    may = message.state in {*notice.AGAIN, *notice.BACK}
    return Row(
        key=str(message.pk) if may else "",
        cells=(
            Cell(
                wording.title(message.template, lang()),
                reverse("outbox_message", args=[message.pk]),
                small=message.case_number,
            ),
            Cell(who(message), small=message.unit.name if message.unit else ""),
            Cell(message.channel),
            Cell(marks=[_state(message)], small=problem_of(message)),
            Cell(message.attempts),
            Cell(local(message.queued_at)),
        ),
    )


def _state(message: notices.Message) -> str:
    words = rules.label("message_state", message.state, lang())
    return f"!{words}" if message.state in BAD else words


def who(message: notices.Message) -> str:
    """Return whom a message is for; an address stays sealed."""
    named = notice.recipient(message.recipient)
    if named.kind == "role":
        return f"{rules.label('role', named.name, lang())} {named.unit}"
    return named.name if named.kind == "person" else gettext("加密地址")


def problem_of(message: notices.Message) -> str:
    """Return why a message has not arrived, nothing where it has or may yet."""
    fault = message.fault or {}
    if message.state not in ("queued", "aside", "failed") or not fault:
        return ""
    return wording.problem(f"{fault['code']} {fault.get('facts', {}).get('code', '')}".strip(), lang())


def _filters(wanted: Wanted) -> list[Filter]:
    states = [(state, rules.label("message_state", state, lang())) for state in notice.STATES]
    ways = [(way.code, way.title) for way in notices.channels()]
    return [
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("channel", gettext("通道"), wanted.channel, ways),
        Filter("case", gettext("工单编号"), wanted.case),
    ]


def _buttons(request: HttpRequest) -> list[Button]:
    dead = Button(gettext("死信"), f"{reverse('outbox')}?state=aside", "alert-triangle")
    stray = Button(gettext("无主回执"), reverse("outbox_strays"), "receipt")
    if not access.may_open(request, "channels"):
        return [dead, stray]
    return [dead, stray, Button(gettext("消息通道"), reverse("channels"), "settings")]


def _empty(request: HttpRequest, wanted: Wanted) -> Empty:
    if wanted != Wanted():
        return Empty(gettext("没有符合条件的消息。"), gettext("放宽筛选条件再试。"), "send")
    if access.may_open(request, "channels"):
        button = Button(gettext("设置消息通道"), reverse("channels"), "settings", primary=True)
    else:
        button = None
    return Empty(
        gettext("还没有消息离开过本系统。"),
        gettext(
            "站内消息在各人的消息箱里。要把预警和催办发到短信、邮件或企业微信，由管理员设置一个消息通道。"
        ),
        "send",
        button,
    )


@require_GET
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show one message: its words, every attempt, every receipt."""
    found = notices.message(request.viewer, message_id)  # type: ignore[attr-defined]
    tries = [
        (each, wording.problem(each.problem, lang()) if each.problem else "") for each in found.tries.all()
    ]
    shown = {
        "message": found,
        "words": wording.of(found, lang()),
        "title": wording.title(found.template, lang()),
        "worded": found.wording.content.get("since") if found.wording else None,
        "who": who(found),
        "bad": found.state in BAD,
        "problem": problem_of(found),
        "tries": sorted(tries, key=lambda each: each[0].pk),
        "receipts": [(each, errors.words_for(each.refused)) for each in found.receipts.all()],
        "may_retry": found.state in notice.AGAIN,
        "may_withdraw": found.state in notice.BACK,
    }
    return render(request, "web/message.html", shown)


@require_GET
def strays(request: HttpRequest) -> HttpResponse:
    """List the receipts about messages nobody knows: a gateway is set up wrongly, or somebody tries."""
    page = register.page_of(register.only(request.GET, {"page"}))
    found, has_next = notices.strays(request.viewer, page=page)  # type: ignore[attr-defined]
    rows = [
        Row(
            cells=(
                Cell(each.key, small=each.channel),
                Cell(rules.label("receipt_outcome", each.outcome, lang()), small=each.code),
                Cell(errors.words_for(each.refused)),
                Cell(local(each.received_at), small=each.source),
            )
        )
        for each in found
    ]
    return register.listed(
        request,
        Listed(
            title=gettext("无主回执"),
            intro=gettext("签名无误、却对不上任何消息的回执：多半是网关设置有误，或报的是别处的消息。"),
            heads=(Head(_("幂等键"), wide=True), Head(_("结果")), Head(_("未采信的原因")), Head(_("时间"))),
            rows=rows,
            buttons=[Button(gettext("发件箱"), reverse("outbox"), "send")],
            page=page,
            has_next=has_next,
            empty=Empty(
                gettext("没有无主回执。"), gettext("每一份回执都对得上一条消息。"), "receipt", calm=True
            ),
        ),
    )


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Send the ticked messages again, or take them back; say what was refused and why."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    verb = request.POST.get("verb", "")
    keys = request.POST.getlist("key")
    if verb not in VERBS or not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
        raise BadInput("unknown_value", field="verb", value=verb)
    result = VERBS[verb](ids=[int(key) for key in keys], actor=viewer.actor, now=timezone.now())
    count = len(result.done)
    if not keys:
        messages.warning(request, gettext("请先勾选消息。"))
    elif verb == "retry":
        messages.success(
            request, ngettext("%(n)d 条消息将重发。", "%(n)d 条消息将重发。", count) % {"n": count}
        )
    else:
        messages.success(
            request, ngettext("已撤回 %(n)d 条消息。", "已撤回 %(n)d 条消息。", count) % {"n": count}
        )
    for reason, n in sorted(Counter(reason for _id, reason in result.refused).items()):
        told = {"n": n, "why": errors.words_for(reason)}
        messages.warning(request, gettext("%(n)d 条未处理：%(why)s") % told)
    return redirect("outbox_message", keys[0]) if "one" in request.POST and keys else redirect("outbox")


urls = [
    path("outbox/", page, name="outbox"),
    path("outbox/<int:message_id>/", message, name="outbox_message"),
    path("outbox/receipts/", strays, name="outbox_strays"),
    path("outbox/change/", change, name="outbox_change"),
]
