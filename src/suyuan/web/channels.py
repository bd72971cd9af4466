"""Channels: the ways out of the house, set up by the administrator and tried with a test message."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions.notice import channels
from suyuan.domain import notice
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field, Type
from suyuan.store import rules, wording
from suyuan.store.queries import notices
from suyuan.store.queries.viewer import Viewer

from . import errors, forms, register
from .forms import Box, Entry, Section
from .register import Asked, Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import lang, local

HEADS = (
    Head(_("通道"), wide=True),
    Head(_("通道类型")),
    Head(_("状态")),
    Head(_("每秒条数"), number=True),
    Head(_("免打扰")),
    Head(_("最近修改")),
)
CODE = Field("code", Type.TEXT)
TEST = (
    Field("recipient", Type.TEXT, required=False),
    Field("phone", Type.TEXT, required=False),
    Field("email", Type.TEXT, required=False),
)
ADD = {
    "sms_http": (_("加短信网关"), "phone-plus"),
    "mail": (_("加邮件"), "message"),
    "apprise": (_("加聊天机器人"), "bell"),
    "file": (_("加网闸摆渡"), "file-spreadsheet"),
}
"""What the button of each carrier says."""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the ways out."""
    add = [
        Button(words, f"{reverse('channel_add')}?carrier={carrier}", icon)
        for carrier, (words, icon) in ADD.items()
    ]
    return register.listed(
        request,
        Listed(
            title=gettext("消息通道"),
            intro=gettext("站内消息总是有的。要让消息离开本系统，先选一种通道添加，再勾选它要转发哪些消息。"),
            heads=HEADS,
            rows=[_row(way) for way in notices.channels()],
            buttons=add,
            empty=Empty(
                gettext("还没有对外的消息通道。"),
                gettext(
                    "右上角选一种：短信网关、邮件、企业微信等机器人，或在网闸两侧摆渡文件。存好后发一条测试消息。"
                ),
                "send",
                Button(
                    gettext("加短信网关"), f"{reverse('channel_add')}?carrier=sms_http", "plus", primary=True
                ),
            ),
        ),
    )


def _row(way: notices.Channel) -> Row:
    quiet = f"{way.quiet_from:%H:%M}–{way.quiet_until:%H:%M}" if way.quiet_from and way.quiet_until else ""
    return Row(
        dim=not way.enabled,
        cells=(
            Cell(way.title, reverse("channel", args=[way.code]), small=way.code),
            Cell(rules.label("carrier", way.carrier, lang())),
            Cell(gettext("启用") if way.enabled else gettext("停用")),
            Cell(gettext("不限") if way.rate is None else way.rate),
            Cell(quiet),
            Cell(local(way.changed_at), small=way.changed_by),
        ),
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask for a new channel of a carrier, and keep it."""
    carrier = request.GET.get("carrier", "sms_http")
    if carrier not in notice.CARRIERS:
        raise BadInput("unknown_value", field="carrier", value=carrier)
    return _form(request, "", carrier)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a channel's settings, and keep them."""
    return _form(request, code, notices.channel(code).carrier)


def _form(request: HttpRequest, code: str, carrier: str) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    fields = (*(() if code else (CODE,)), *channels.asked(carrier, code))
    if request.method != "POST":
        return _asked(request, code, carrier, Entry(channels.values(code)))
    typed = forms.read(fields, request.POST)
    named = code or typed.pop("code", "")
    try:
        if not code and named in {way.code for way in notices.channels()}:
            raise BadInput("bad_form", fields={"code": "taken"})
        saved = channels.save(code=named, carrier=carrier, form=typed, actor=viewer.actor, now=timezone.now())
    except BadInput as error:
        kept = typed if code else typed | {"code": named}
        return _asked(request, code, carrier, Entry(kept, errors.field_problems(error)))
    messages.success(request, gettext("已保存通道“%(name)s”。") % {"name": saved.title})
    return redirect("channel", saved.code)


def _asked(request: HttpRequest, code: str, carrier: str, entry: Entry) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    fields = (*(() if code else (CODE,)), *channels.asked(carrier, code))
    words = rules.label("carrier", carrier, lang())
    intro = INTRO.get(carrier, "")
    if code and carrier in channels.SECRETS:
        intro = f"{intro}{gettext('地址和密钥已加密保存，不再显示；留空即不变。')}"
    return register.asked(
        request,
        Asked(
            title=f"{gettext('消息通道')} {code}"
            if code
            else gettext("添加通道：%(kind)s") % {"kind": words},
            intro=intro,
            boxes=[],
            sections=_sections(forms.boxes(viewer, fields, entry, "c")),
            submit=gettext("保存"),
            back=reverse("channels"),
            more=(Button(gettext("发测试消息"), reverse("channel_test", args=[code]), "send"),)
            if code
            else (),
        ),
        status=422 if entry.errors else 200,
    )


INTRO: Mapping[str, object] = {
    "mail": _("邮件服务器由环境变量 SUYUAN_SMTP_HOST 等设置；收件人是人员登记的邮箱。"),
    "apprise": _("每行一个机器人，例如 station@0101 = wecombot://密钥；收件人写 * 表示其余所有人。"),
    "sms_http": _(
        "消息按批以 JSON 发到网关地址，请求头 X-Suyuan-Signature 是用密钥算的签名；网关把回执发到"
        " /api/v1/receipts/通道编码。接口约定全文见手册“消息”一章的“短信网关的约定”（英文），"
        "交给网关厂家即可。"
    ),
    "file": _("消息写成 csv 放在 outbox/out/通道编码，回执从 outbox/in/通道编码 读入。"),
}
"""What to know before filling in a channel's form."""


def _sections(boxes: list[Box]) -> list[Section]:
    """Return the form in three parts: what it needs, what it carries, and what seldom has to be changed."""
    carried = [_named(box) for box in boxes if box.name.startswith(channels.CARRY)]
    pace = [box for box in boxes if box.name in channels.PACE]
    needed = [
        box for box in boxes if box.name not in channels.PACE and not box.name.startswith(channels.CARRY)
    ]
    return [
        Section(gettext("通道"), sorted(needed, key=lambda box: not box.required)),
        Section(gettext("转发哪些消息"), carried, ticks=True),
        Section(gettext("速率、免打扰和重试"), pace, may_fold=True),
    ]


def _named(box: Box) -> Box:
    """Return the tick that chooses a template, under the template's own name."""
    return replace(box, label=wording.title(box.name.removeprefix(channels.CARRY), lang()), kind="tick")


@require_http_methods(["GET", "POST"])
def test(request: HttpRequest, code: str) -> HttpResponse:
    """Ask to whom a test message goes, and queue it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    way = notices.channel(code)
    typed = forms.read(TEST, request.POST) if request.method == "POST" else {}
    entry = Entry(typed)
    if request.method == "POST":
        address = {name: typed[name] for name in ("phone", "email") if name in typed}
        try:
            queued = channels.test(
                code=code,
                recipient=typed.get("recipient", ""),
                address=address,
                actor=viewer.actor,
                now=timezone.now(),
            )
            return redirect("outbox_message", queued)
        except BadInput as error:
            entry = Entry(typed, {"recipient": errors.words_for(error.code)})
    return register.asked(
        request,
        Asked(
            title=gettext("测试通道：%(name)s") % {"name": way.title},
            intro=gettext("填一个收件人：系统里的角色或人员，或者一个号码、一个邮箱。号码和邮箱加密保存。"),
            boxes=forms.boxes(viewer, TEST, entry, "t"),
            submit=gettext("发送测试消息"),
            back=reverse("channel", args=[code]),
        ),
        status=422 if entry.errors else 200,
    )


urls = [
    path("outbox/channels/", page, name="channels"),
    path("outbox/channels/add/", add, name="channel_add"),
    path("outbox/channels/<slug:code>/", edit, name="channel"),
    path("outbox/channels/<slug:code>/test/", test, name="channel_test"),
]
