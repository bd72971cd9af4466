"""Who may come in: staff by allauth; in demo mode, whoever sits at this machine, as one of ten people."""

import time
from dataclasses import dataclass

from allauth.account import app_settings as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from suyuan.actions import signin as verbs
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import Role
from suyuan.store.queries import signin as queries

from . import errors
from . import first_passwords as first
from .checks import is_loopback
from .proofs import proofs, signed_in_at


class StaffOnly(DefaultAccountAdapter):
    """Accounts are made by an administrator: nobody signs up."""

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Refuse an account or an address that failed too often, whether or not there is such an account."""
        if queries.is_locked(str(credentials.get("username", "")), address_of(request), timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: object) -> AbstractBaseUser | None:
        """Return who has the right password, asking for the lock again once the slow part is over."""
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if found is not None and not self._admitted(request, found):
            raise self.validation_error("too_many_login_attempts")
        return found

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Count the failure; one that a lock overtook is told so, as the right password is."""
        name = str(credentials.get("username", ""))
        if verbs.failed(username=name, address=address_of(request), now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hooks: object) -> HttpResponse | None:
        """Turn away whose first password waits for a second person, unless a second factor speaks for him."""
        response: HttpResponse | None = super().pre_login(request, user, **hooks)
        if response is None and "password" in proofs(request, user) and not is_mfa_enabled(user):
            response = first.turned_away(request, user)
        if response is not None:
            clear_login(request)
        return response

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let somebody in, unless wrong codes locked the account meanwhile."""
        if not self._admitted(request, user):
            raise ImmediateHttpResponse(errors.page(request, Refused("locked_out")))
        super().login(request, user)

    def _admitted(self, request: HttpRequest, user: AbstractBaseUser) -> bool:
        name = user.get_username()
        return verbs.admitted(username=name, address=address_of(request), now=timezone.now())

    def is_reauthentication_required(self, *, app: str, **hooks: object) -> bool:
        """Ask again who it is, unless he said so just now by signing in, which the library does not count."""
        just_now = signed_in_at(self.request) > time.time() - account.REAUTHENTICATION_TIMEOUT
        return not just_now and bool(super().is_reauthentication_required(app=app, **hooks))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  allauth's signature
        """Return the first page: what is still to be set up leads on from there."""
        return "/"

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do nothing: the library's own count, kept in each process, is not used."""

    def send_notification_mail(self, *_: object, **__: object) -> None:
        """Send no mail: what changed is an event, and shows under the person's own sessions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Return False: there is no self sign-up."""
        return False


@dataclass(frozen=True, slots=True)
class Card:
    """One demo person on the greeting page: what they come here to do."""

    role: Role
    icon: str
    work: object


CARDS = (
    Card(Role.AGENT, "headset", gettext_lazy("接电话、看有没有在办工单、登记、回访客户")),
    Card(Role.LEAD, "users", gettext_lazy("盯班组的工单，改分类、改派、催办")),
    Card(Role.OFFICE, "building-community", gettext_lazy("派单、督办、审核，看哪个单位弱、是不是真弱")),
    Card(Role.MARKETING, "receipt", gettext_lazy("审核营销专业的处理意见")),
    Card(Role.OPERATIONS, "bolt", gettext_lazy("审核运检专业的处理意见")),
    Card(Role.STATION, "building-factory-2", gettext_lazy("接单、联系客户、到现场、回单；看还剩多少时间")),
    Card(Role.AUDIT, "shield-check", gettext_lazy("办理受限举报，抽查工单")),
    Card(Role.PARTY, "flag", gettext_lazy("看停电与服务通知的宣传情况")),
    Card(Role.LEADER, "chart-bar", gettext_lazy("一页看清：哪里弱、是真是偶然、谁来办")),
    Card(Role.ADMIN, "settings", gettext_lazy("导入工单文件、确认单位、查看规则库")),
)


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from, as far as the proxies that are believed say."""
    return get_client_ip(request) or ""


def from_this_machine(request: HttpRequest) -> bool:
    """Return whether the request was made here, and not passed on by a proxy for somebody elsewhere."""
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and "HTTP_X_FORWARDED_FOR" not in request.META


@require_POST
def enter(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in the demo person of a role; there is no such page outside demo mode."""
    if not settings.DEMO or not from_this_machine(request) or role not in {card.role for card in CARDS}:
        raise Http404
    person = get_user_model().objects.filter(username=role, is_active=True).first()
    if person is None:
        raise BadInput("no_demo_person", role=role)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    user_logged_in.send(sender=enter, request=request, user=person)
    return redirect("home")


urls = [path("demo/enter/<str:role>/", enter, name="demo_enter")]
