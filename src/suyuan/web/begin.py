"""The first page of an office without anybody: its first administrator, by a code the server prints."""

import hashlib
import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import org
from suyuan.domain.errors import Refused
from suyuan.domain.fields import Field, Type
from suyuan.store.queries import people

from . import password_rules, signin
from .register_forms import Ask, answer

FORM = (
    Field("setup_code", Type.TEXT),
    Field("company", Type.TEXT),
    Field("username", Type.TEXT),
    Field("name", Type.TEXT),
    Field("password", Type.PASSWORD),
)


def _file() -> Path:
    return Path(settings.HOME) / "first-code"


def make_code() -> str:
    """Make a new one-time code, keep its digest and return it; an older one counts no more."""
    code = secrets.token_urlsafe(9)
    _file().write_text(hashlib.sha256(code.encode()).hexdigest(), "utf-8")
    _file().chmod(0o600)
    return code


def _check(code: str) -> None:
    kept = _file().read_text("utf-8") if _file().exists() else ""
    if not kept or not hmac.compare_digest(kept, hashlib.sha256(code.encode()).hexdigest()):
        raise Refused("bad_setup_code")


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the first administrator; there is no such page once there is anybody, nor from elsewhere."""
    if not people.is_empty() or not signin.from_this_machine(request):
        raise Http404
    ask = Ask(
        gettext("还没有人：请先建立管理员"),
        FORM,
        gettext("建立管理员"),
        reverse("account_login"),
        gettext("已建立管理员，请登录。"),
        secret=frozenset({"setup_code", "password"}),
        autocomplete={
            "setup_code": "one-time-code",
            "company": "organization",
            "username": "username",
            "name": "name",
            "password": "new-password",
        },
        intro=gettext("启动服务的窗口里印着一次性口令。只在本机、只在没有任何人员时，这个页面才开放。")
        + password_rules.LongEnough().get_help_text(),
    )

    def do(typed: dict[str, str]) -> None:
        _check(typed.pop("setup_code", ""))
        given = dict.fromkeys(("company", "username", "name", "password"), "") | typed
        org.first_admin(**given, now=timezone.now())
        _file().unlink()

    return answer(request, ask, do)


urls = [path("begin/", page, name="begin")]
