"""What may be done to a unit: added, changed, moved, merged, closed."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from suyuan.actions import org as actions
from suyuan.domain import staffing
from suyuan.domain.fields import Field, Type
from suyuan.store.queries import org

from .register_forms import Ask, answer

CODE = Field("code", Type.TEXT)
PARENT = Field("parent", Type.UNIT)
INTO = Field("into_unit", Type.UNIT)
both = require_http_methods(["GET", "POST"])


def _say(request: HttpRequest) -> dict:  # type: ignore[type-arg]
    return {"actor": request.viewer.actor, "now": timezone.now()}  # type: ignore[attr-defined]


@both
def add(request: HttpRequest) -> HttpResponse:
    """Add a unit below another."""
    ask = Ask(
        gettext("新增单位"),
        (CODE, PARENT, *staffing.UNIT_FORM),
        gettext("保存"),
        reverse("units"),
        gettext("已新增。"),
    )

    def do(typed: dict[str, str]) -> None:
        code, parent = typed.pop("code", ""), typed.pop("parent", "")
        actions.add_unit(code=code, parent=parent, form=typed, **_say(request))

    return answer(request, ask, do)


@both
def edit(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Change a unit's name, kind, specialty, customers and place."""
    unit = org.in_reach(request.viewer, unit_code)  # type: ignore[attr-defined]
    above = unit.parent.code if unit.parent else ""
    values = {
        "unit_name": unit.name,
        "unit_kind": unit.kind,
        "specialty": unit.specialty,
        "customers": "" if unit.customers is None else str(unit.customers),
        "parent": above,
    }
    fields = (*staffing.UNIT_FORM, *((PARENT,) if above else ()))

    def do(typed: dict[str, str]) -> None:
        parent = typed.pop("parent", "")
        actions.change_unit(code=unit_code, form=typed, **_say(request))
        if parent and parent != above:
            actions.move_unit(code=unit_code, parent=parent, **_say(request))

    intro = gettext("改名后，旧名称仍然认得：上个月的工单文件照样对得上。换上级会带着全部下级一起走。")
    ask = Ask(unit.name, fields, gettext("保存"), reverse("units"), gettext("已保存。"), "", intro, values)
    return answer(request, ask, do)


@both
def merge(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Let a unit go into another."""
    unit = org.in_reach(request.viewer, unit_code)  # type: ignore[attr-defined]
    ask = Ask(
        gettext("把%(name)s并入另一个单位") % {"name": unit.name},
        (INTO,),
        gettext("合并"),
        reverse("units"),
        gettext("已合并：在办工单、人员、授权和下级单位都已转过去。"),
        intro=gettext("已办结的工单留在原处，由并入的单位查看。此操作不能撤销。"),
        danger=True,
    )
    return answer(
        request,
        ask,
        lambda typed: actions.merge_units(code=unit_code, into=typed.get("into_unit", ""), **_say(request)),
    )


@both
def close(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Close a unit at which nothing is left."""
    unit = org.in_reach(request.viewer, unit_code)  # type: ignore[attr-defined]
    ask = Ask(
        gettext("撤销%(name)s") % {"name": unit.name},
        (),
        gettext("撤销"),
        reverse("units"),
        gettext("已撤销。"),
        intro=gettext("只有没有在办工单、在岗人员、下级单位和授权的单位可以撤销；否则请用合并。"),
        danger=True,
    )
    return answer(request, ask, lambda _typed: actions.close_unit(code=unit_code, **_say(request)))


urls = [
    path("units/add/", add, name="unit_add"),
    path("units/<str:unit_code>/edit/", edit, name="unit_edit"),
    path("units/<str:unit_code>/merge/", merge, name="unit_merge"),
    path("units/<str:unit_code>/close/", close, name="unit_close"),
]
