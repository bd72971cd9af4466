"""The public page on which a customer rates with the code of a card; it says nothing of any case."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import card
from suyuan.domain.fields import CARD_CODE, RATING

from .register_forms import Ask, answer
from .signin import address_of

FORM = (CARD_CODE, RATING)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a card and what the customer says; the code stands in no address."""
    here = reverse("card")
    ask = Ask(
        gettext("供电服务满意卡"),
        FORM,
        gettext("提交评价"),
        "",
        gettext("谢谢您，评价已收到。"),
        here,
        intro=gettext(
            "请输入卡上的编码并选择您的评价。每张卡只能评价一次。这里不需要、也不会显示您的姓名、电话或户号。"
        ),
    )
    return answer(request, ask, lambda typed: _rate(request, typed))


def _rate(request: HttpRequest, typed: dict[str, str]) -> None:
    card.rate(
        code=typed.get("card_code", ""),
        rating=typed.get("rating", ""),
        address=address_of(request),
        now=timezone.now(),
    )


urls = [path("card/", page, name="card")]
