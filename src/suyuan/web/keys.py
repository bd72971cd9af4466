"""A person's keys for programs: make one, see its secret once, revoke it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from suyuan.actions import keys as verbs
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import UNIT, Field, Type
from suyuan.domain.keys import SCOPES
from suyuan.store import rules
from suyuan.store.queries import keys as queries

from . import errors, forms, register
from .templatetags.ui import joined, lang, local

NAME = Field("key_name", Type.TEXT)
DAYS = Field("days", Type.INTEGER)
FOR = {scope: Field(f"scope_{scope}", Type.BOOL, required=False) for scope in SCOPES}
FORM = (NAME, DAYS, *FOR.values(), UNIT.optional)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List one's own keys."""
    now = timezone.now()
    rows = list(queries.own(request.viewer))  # type: ignore[attr-defined]
    make = register.Button(gettext("开立密钥"), reverse("key_make"), "plus", primary=True)
    good = [key for key in rows if key.revoked_at is None]
    shown = register.Listed(
        title=gettext("我的密钥"),
        intro=gettext("程序带着密钥以您的身份读写，权限不超过您本人。密钥只在开立时显示一次。"),
        heads=heads(),
        rows=[line(key, now) for key in rows],
        empty=register.Empty(
            gettext("还没有密钥"),
            gettext("需要让别的系统登记来话或读取工单时，在这里开立。"),
            "lock",
            make,
        ),
        buttons=[make],
        bulk=[register.Button(gettext("吊销选中的密钥"), reverse("key_revoke"), "ban")] if good else [],
    )
    return register.listed(request, shown)


def heads() -> list[register.Head]:
    """Return the columns of a list of keys."""
    titles = (gettext("密钥"), gettext("用途"), gettext("限于单位"), gettext("有效期至"), gettext("最近使用"))
    return [register.Head(title, wide=not n) for n, title in enumerate(titles)]


def line(key, now, owner: bool = False) -> register.Row:  # type: ignore[no-untyped-def]
    """Return one key as a row; one that was revoked has no box."""
    state = queries.state(key, now)
    marks = [] if state == "key_good" else [f"!{errors.words_for(state)}"]
    small = f"{key.owner.name} {key.owner.username}" if owner else f"sy_{key.prefix}_…"
    return register.Row(
        cells=[
            register.Cell(key.name, small=small, marks=marks),
            register.Cell(joined(rules.label("scope", each, lang()) for each in key.scopes)),
            register.Cell(key.unit.name if key.unit else ""),
            register.Cell(local(key.expires_at)),
            register.Cell(key.last_used_on.isoformat() if key.last_used_on else gettext("从未")),
        ],
        key="" if key.revoked_at else key.prefix,
        dim=state != "key_good",
    )


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Ask what a key is for; make it and show its secret, this once."""
    if request.method == "GET":
        return _form(request, forms.Entry({"days": str(rules.figure("key.life", "days"))}))
    typed = forms.read(FORM, request.POST)
    try:
        days = typed.get("days", "")
        if not days.isdecimal() or not 0 < int(days) <= rules.figure("key.life", "days"):
            raise BadInput("bad_form", fields={"days": "out_of_range"})
        now = timezone.now()
        wanted = verbs.Wanted(
            name=typed.get("key_name", ""),
            scopes=[scope for scope, field in FOR.items() if typed.get(field.name) == "1"],
            expires_at=now + timedelta(days=int(days)),
            unit=typed.get("unit", ""),
        )
        viewer = request.viewer  # type: ignore[attr-defined]
        made = verbs.make(owner=viewer.actor.username, wanted=wanted, actor=viewer.actor, now=now)
    except BadInput as error:
        return _form(request, forms.Entry(typed, _problems(error)), status=422)
    return render(request, "web/key_made.html", {"made": made})


def _problems(error: BadInput) -> dict[str, str]:
    found = errors.field_problems(error)
    moved = {"name": NAME.name, "scopes": FOR["read"].name}
    return {moved.get(name, name): words for name, words in found.items()}


def _form(request: HttpRequest, entry: forms.Entry, status: int = 200) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = register.Asked(
        title=gettext("开立密钥"),
        boxes=forms.boxes(viewer, FORM, entry, "key"),
        submit=gettext("开立"),
        back=reverse("keys"),
        intro=gettext("写明给哪个系统用。只勾选用得着的用途；限于一个单位的密钥看不到别的单位。"),
    )
    return register.asked(request, shown, status=status)


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke the ticked keys."""
    viewer, prefixes = request.viewer, request.POST.getlist("key")  # type: ignore[attr-defined]
    for prefix in prefixes:
        verbs.revoke(prefix=prefix, actor=viewer.actor, now=timezone.now())
    if prefixes:
        messages.success(
            request,
            ngettext("已吊销 %(n)d 个密钥。", "已吊销 %(n)d 个密钥。", len(prefixes)) % {"n": len(prefixes)},
        )
    return redirect("signins_keys" if request.POST.get("verb") == "administered" else "keys")


urls = [
    path("me/keys/", page, name="keys"),
    path("me/keys/make/", make, name="key_make"),
    path("me/keys/revoke/", revoke, name="key_revoke"),
]
