"""Which specialty answers for which category of complaint: the map of owners over the category tree."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.domain.errors import BadInput
from suyuan.store import rules

from . import register
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .templatetags.ui import lang


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the categories as the tree they are, each with the specialty that owns it."""
    query = register.only(request.GET.dict(), {"specialty"})
    known = list(rules.rulebook().specialties)
    if (wanted := query.get("specialty", "")) not in ("", *known):
        raise BadInput("unknown_value", field="specialty", value=wanted[:40])
    owned = [one for one in rules.rulebook().categories.values() if wanted in ("", one.specialty)]
    return register.listed(
        request,
        Listed(
            title=gettext("分类归口"),
            intro=gettext(
                "每一类投诉由哪个专业负责：审核答复、做专业分析、会签整改。派单时按它选专业，派错的可以转派。"
            ),
            heads=(
                Head(gettext("分类"), wide=True),
                Head(gettext("责任专业")),
                Head(gettext("把握")),
                Head(gettext("依据")),
            ),
            rows=[_row(one) for one in owned],
            filters=(
                Filter(
                    "specialty",
                    gettext("责任专业"),
                    wanted,
                    [(code, rules.label("specialty", code, lang())) for code in known],
                ),
            ),
            buttons=(Button(gettext("岗位责任表"), reverse("duties"), "chevron-left"),),
            empty=Empty(
                gettext("没有归这个专业的分类"), gettext("分类和归口在规则库里改。"), "book", calm=True
            ),
        ),
    )


def _row(one) -> Row:  # type: ignore[no-untyped-def]
    sure = rules.label("certainty", one.certainty, lang())
    marks = [f"!{gettext('限制查阅')}"] if one.restricts else []
    return Row(
        (
            Cell(
                "　" * (one.level - 1) + getattr(one.title, lang()),
                reverse("rules_entry", args=("category", one.code)),
                small=one.code,
                marks=marks,
            ),
            Cell(rules.label("specialty", one.specialty, lang()) if one.specialty else "—"),
            Cell(marks=[sure if one.certainty.assessable else f"!{sure}"]),
            Cell(one.basis),
        )
    )


urls = [path("duties/specialties/", page, name="specialties")]
