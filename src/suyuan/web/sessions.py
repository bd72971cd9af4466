"""A person's sessions: how long they last, the page that lists and ends them, and what staff sessions add."""

from datetime import UTC, datetime, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import signin as verbs
from suyuan.actions import staff as staff_verbs
from suyuan.domain import signin as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor
from suyuan.store import rules
from suyuan.store.queries import signin as queries
from suyuan.store.queries import staff

from . import register, words
from .first_passwords import is_held, to_change
from .outage import spared
from .proofs import proofs
from .templatetags.ui import lang, local

SEEN_EVERY = timedelta(minutes=1)
"""How often a session in use is noted, so that not every page is a write."""

FACTOR_PAGES = ("mfa_", "account_logout", "account_reauthenticate", "set_language")
"""Addresses open to somebody who has yet to set up a second factor."""


def ended(request: HttpRequest) -> HttpResponse | None:
    """End a session that is over and return the way to sign in again; None while it lasts."""
    if not request.user.is_authenticated:
        return None
    now = timezone.now()
    opened = _moment(request, "opened_at", now)
    seen = _moment(request, "seen_at", now)
    reason = rule.session_over(opened, seen, queries.lasting(), now)
    if reason is None:
        if now - seen >= SEEN_EVERY:
            request.session["seen_at"] = now.timestamp()
            with spared():
                verbs.seen(sign_in_id=request.session.get("sign_in", 0), now=now)
        return None
    if "sign_in" in request.session:
        actor = Actor(request.user.username, frozenset())
        verbs.end(sign_in_id=request.session["sign_in"], why=reason, actor=actor, now=now)
    logout(request)
    if request.method == "POST" and request.path == reverse("contact"):
        return None  # the page keeps what was typed
    messages.info(request, said(reason))
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('account_login')}?next={request.path}")
    return redirect("account_login")


def _moment(request: HttpRequest, name: str, now: datetime) -> datetime:
    """Return a moment kept in the session; one that has none, from before there were limits, begins now."""
    if name not in request.session:
        request.session[name] = now.timestamp()
    return datetime.fromtimestamp(request.session[name], UTC)


def said(why: str) -> str:
    """Return why a session ended, in words."""
    return rules.label("session_end", why, lang())


def on_the_way(request: HttpRequest, name: str) -> HttpResponse | None:
    """Send whoever has a first password to where it is changed, then to where a second factor is set up."""
    if is_held(request):
        return to_change(request, name)
    return to_second_factor(request, name)


SENT = "sent_to_second_factor"
"""In a session: its person was sent to set a second factor up."""


def factor_steps(request: HttpRequest) -> list[tuple[str, bool]]:
    """Return the steps to a second factor, each with whether it is done; none for who was not sent there."""
    if SENT not in request.session:
        return []
    return [
        (gettext("第 1 步：登录"), True),
        (gettext("第 2 步：设置动态口令或安全密钥，二选一"), is_mfa_enabled(request.user)),
        (gettext("第 3 步：下载恢复码，离线保存，再点“已设好，继续”"), False),
    ]


def to_second_factor(request: HttpRequest, name: str) -> HttpResponse | None:
    """Send whoever must have a second factor and has none to where it is set up."""
    if name.startswith(FACTOR_PAGES) or not settings.REQUIRE_MFA:
        return None
    roles, methods = request.viewer.roles, proofs(request, request.user)  # type: ignore[attr-defined]
    if not rule.needs_factor(roles, settings.REQUIRE_MFA, methods, has_factor=False):
        return None
    if is_mfa_enabled(request.user):
        return None
    request.session[SENT] = True
    messages.warning(
        request, gettext("您的角色必须使用两步验证：请先在这里设置动态口令或安全密钥，再继续工作。")
    )
    return redirect("mfa_index")


def staff_session(request: HttpRequest) -> object | None:
    """Return the staff session the person has open in this browser, None without one."""
    if "staff" not in request.session or not request.user.is_authenticated:
        return None
    return staff.running(request.session["staff"], request.user.pk, timezone.now())


def write_down(request: HttpRequest, name: str) -> None:
    """Write a request of a staff session on its chain; nothing where there is none."""
    held = request.staff  # type: ignore[attr-defined]
    if held is None:
        return
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    staff_verbs.record(
        session=held,
        method=request.method or "",
        page=name,
        number=str(kwargs.get("number", "")),
        now=timezone.now(),
    )


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the sessions of whoever asks."""
    rows = queries.open_sessions(request.user)  # type: ignore[arg-type]
    here = request.session.get("sign_in")
    others = [row for row in rows if row.pk != here]
    shown = register.Listed(
        title=gettext("我的登录"),
        intro=gettext(
            "您现在登录着的设备。不认识的就结束它，再改口令。闲置 %(idle)s或登录满 %(hours)s自动退出。"
        )
        % {
            "idle": words.duration(rules.figure("signin.session", "idle_minutes"), "minutes"),
            "hours": words.duration(rules.figure("signin.session", "hours"), "hours"),
        },
        heads=[
            register.Head(gettext("登录时间"), wide=True),
            register.Head(gettext("最近使用")),
            register.Head(gettext("登录方式")),
            register.Head(gettext("从哪里")),
        ],
        rows=[line(row, here) for row in rows],
        empty=register.Empty(gettext("没有登录记录"), gettext("下次登录后这里就有了。"), "lock"),
        bulk=[register.Button(gettext("结束选中的登录"), reverse("sessions_end"), "logout")]
        if others
        else [],
    )
    return register.listed(request, shown)


def line(row, here: object) -> register.Row:
    """Return one session as a row; the one being used has no box."""
    return register.Row(
        cells=[
            register.Cell(local(row.opened_at), marks=[gettext("本机")] if row.pk == here else []),
            register.Cell(local(row.seen_at)),
            register.Cell(methods(row.method)),
            register.Cell(row.address, small=row.browser),
        ],
        key="" if row.pk == here else str(row.pk),
    )


def methods(method: str) -> str:
    """Return what somebody signed in with, in words."""
    return " + ".join(rules.label("sign_in_method", each, lang()) for each in method.split("+"))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the ticked sessions."""
    keys = request.POST.getlist("key")
    for key in keys:
        if not key.isdecimal():
            raise BadInput("unknown_value", field="key", value=key)
        verbs.end(
            sign_in_id=int(key),
            why="ended",
            actor=Actor(request.user.username, frozenset()),  # one's own alone  # type: ignore[union-attr]
            now=timezone.now(),
        )
    if keys:
        messages.success(
            request, ngettext("已结束 %(n)d 个登录。", "已结束 %(n)d 个登录。", len(keys)) % {"n": len(keys)}
        )
    return redirect("sessions")


urls = [
    path("me/sessions/", page, name="sessions"),
    path("me/sessions/end/", end, name="sessions_end"),
]
