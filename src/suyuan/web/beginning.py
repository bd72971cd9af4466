"""The steps of an office that begins, on the first page until somebody beside the administrator signs in."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from suyuan.store.queries import beginning

from . import access


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, where, whether it is done, how far it is."""

    words: str
    url: str
    done: bool
    told: str = ""


def steps(request: HttpRequest) -> list[Step]:
    """Return the steps with those done; none for who takes none, nor once others can sign in and work."""
    if not access.may_open(request, "people_file"):
        return []
    now = beginning.begun()
    signing_in = now.others_sign_in or (bool(settings.OIDC["url"]) and now.people > 0)
    if signing_in and now.orders:
        return []
    left = gettext("%(n)d 人还没有口令") % {"n": now.without_password}
    return [
        Step(gettext("导入单位和人员。"), reverse("people_file"), now.people > 0),
        Step(
            gettext("给每个人发初始口令。"),
            reverse("people_passwords"),
            signing_in and not now.without_password,
            left if now.without_password and not settings.OIDC["url"] else "",
        ),
        Step(gettext("导入工单文件。"), reverse("import"), now.orders),
        Step(gettext("有客户档案的，一并导入；以后补也行。"), reverse("customers"), now.customers),
    ]
