"""The audit desk's samples of closed cases: drawn, looked at one by one, told with an interval."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import audit as actions
from suyuan.analytics import display
from suyuan.analytics.intervals import wilson
from suyuan.domain.errors import BadInput
from suyuan.domain.sampling import Part, check_form
from suyuan.store import rules
from suyuan.store.queries import sampling
from suyuan.store.queries.cases import LOCAL

from . import register
from .register import Button, Cell, Empty, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import joined, lang, local

SIZE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def samples(request: HttpRequest) -> HttpResponse:
    """List the samples that were drawn, the newest first."""
    query = register.only(request.GET.dict(), {"page"})
    page = register.page_of(query)
    start = (page - 1) * SIZE
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = list(sampling.samples(viewer)[start : start + SIZE + 1])
    draw = Button(gettext("抽取样本"), reverse("sample_draw"), "plus", primary=True)
    heads = (
        gettext("样本"),
        gettext("时期"),
        gettext("种子"),
        gettext("抽取"),
        gettext("已查"),
        gettext("有异议"),
        gettext("未办结"),
    )
    return register.listed(
        request,
        Listed(
            title=gettext("抽查样本"),
            heads=[Head(title, wide=not place) for place, title in enumerate(heads)],
            rows=[_row(one) for one in rows[:SIZE]],
            intro=gettext(
                "从已归档工单中抽查：一部分随机，一部分按风险特征。同一种子、同一时期、同样的工单，抽出的样本相同。"
            ),
            empty=Empty(
                gettext("还没有抽查过"),
                gettext("选一个时期和件数抽取样本，逐件核查后记下通过或异议，这里给出比例和区间。"),
                "list",
                draw,
            ),
            buttons=(draw,),
            page=page,
            has_next=len(rows) > SIZE,
        ),
    )


def _row(one) -> Row:  # type: ignore[no-untyped-def]
    of = f"{one.n}/{one.population}"
    return Row(
        (
            Cell(f"#{one.pk}", reverse("sample", args=(one.pk,)), f"{one.drawn_by} {local(one.drawn_at)}"),
            Cell(one.period),
            Cell(one.seed),
            Cell(of),
            Cell(one.checked),
            Cell(one.objected),
            Cell(one.unsettled),
        )
    )


@both
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a sample and lead to the list."""
    now = timezone.now()
    today = now.astimezone(LOCAL).date()
    ask = Ask(
        gettext("抽取样本"),
        actions.DRAW_FORM,
        gettext("抽取"),
        reverse("samples"),
        gettext("已抽取。"),
        intro=gettext(
            "从您看得到的、在这一时期归档的工单中抽取。种子可以是任意文字，例如会议日期；记下它，别人可以重抽核对。"
        ),
        values={"period": f"{today:%Y-%m}", "seed": f"{today:%Y%m%d}", "n": "20"},
    )

    def do(typed: dict[str, str]) -> None:
        if not (n := typed.get("n", "")).isdecimal() or len(n) > 6:
            raise BadInput("bad_form", fields={"n": "not_a_count"})
        actions.draw(
            viewer=request.viewer,  # type: ignore[attr-defined]
            period=typed.get("period", ""),
            n=int(n),
            seed=typed.get("seed", ""),
            now=now,
        )

    return answer(request, ask, do)


@require_GET
def sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Show a sample: its cases, why each was drawn, what was found."""
    viewer = request.viewer  # type: ignore[attr-defined]
    register.only(request.GET.dict(), frozenset())
    one = sampling.sample(viewer, sample_id)
    rows = sampling.sampled(viewer, one)
    busy = sampling.busy(each.case.number for each in rows)
    heads = (
        gettext("工单编号"),
        gettext("单位"),
        gettext("为何抽到"),
        gettext("核查结果"),
        gettext("异议"),
        gettext("操作"),
    )
    return register.listed(
        request,
        Listed(
            title=f"{gettext('抽查样本')} #{one.pk} · {one.period}",
            heads=[Head(title, wide=not place) for place, title in enumerate(heads)],
            rows=[_case(each, busy) for each in rows],
            intro=" ".join(_told(one, rows)),
            empty=Empty(gettext("没有您能看到的工单"), gettext("这一时期没有可抽的工单。"), calm=True),
            buttons=(Button(gettext("全部样本"), reverse("samples"), "chevron-left"),),
        ),
    )


def _told(one, rows) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what the sample says: of all by its random part, of itself by the part drawn for risk."""
    said = [
        gettext("从 %(of)s 件中抽取 %(n)s 件，种子 %(seed)s。")
        % {"of": one.population, "n": one.n, "seed": one.seed}
    ]
    n, of = sampling.found(rows, Part.RANDOM)
    if of and (span := wilson(n, of)):
        low, high = (display.rounded(each * 100) for each in span)
        said.append(
            gettext("随机部分异议 %(share)s，可推及全部，95%% 区间 %(low)s–%(high)s %%。")
            % {"share": display.share(n, of), "low": low, "high": high}
        )
    n, of = sampling.found(rows, Part.RISK)
    if of:
        said.append(
            gettext("风险部分异议 %(share)s，只说明这些工单，不能推及全部。")
            % {"share": display.share(n, of)}
        )
    return said


def _case(one, busy) -> Row:  # type: ignore[no-untyped-def]
    signs = joined(rules.label("audit_sign", sign, lang()) for sign in one.signs)
    found = rules.label("audit_verdict", one.verdict, lang())
    words = [rules.label("reason.audit", one.reason, lang()), rules.label("remedy", one.remedy, lang())]
    small = " · ".join(filter(None, [*words, one.checked_by]))
    verb = gettext("更正") if one.verdict else gettext("记录结果")
    far = sampling.standing(one, one.case, busy)
    settle = reverse("sample_settle", args=(one.pk,)) if far and far != "settled" else ""
    return Row(
        (
            Cell(one.case.number, reverse("case", args=(one.case.number,))),
            Cell(one.case.unit.name),
            Cell(rules.label("sample_part", one.part, lang()), small=signs),
            Cell(found, small=small),
            Cell(rules.label("objection_state", far, lang()) if far else "", settle, one.settled_by),
            Cell(verb, reverse("sample_check", args=(one.pk,))),
        )
    )


def objections(case) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Return why a sampling audit objected to a case and what it asks for, until each is settled."""
    if not case.objection:
        return []
    return [
        (rules.label("reason.audit", one.reason, lang()), rules.label("remedy", one.remedy, lang()))
        for one in sampling.objections(case)
    ]


@both
def check(request: HttpRequest, sampled_id: int) -> HttpResponse:
    """Write down what was found in one case."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = sampling.one(viewer, sampled_id)
    ask = Ask(
        f"{gettext('记录抽查结果')} · {one.case.number}",
        check_form(one.case.finding),
        gettext("记录"),
        reverse("sample", args=(one.sample_id,)),
        gettext("已记录。"),
        intro=gettext(
            "有异议的写明原因和要求；责任单位、优服办和监审会收到通知。通过的不填。"
            "没有认定属实内容的，不能要求整改：对认定有异议，请要求重新打开。"
        ),
        values={"audit_verdict": one.verdict, "reason": one.reason, "remedy": one.remedy},
    )

    def do(typed: dict[str, str]) -> None:
        actions.check(viewer=viewer, sampled=sampled_id, form=typed, now=timezone.now())

    return answer(request, ask, do)


@both
def settle(request: HttpRequest, sampled_id: int) -> HttpResponse:
    """Say whether what was done about an objection meets it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = sampling.one(viewer, sampled_id)
    ask = Ask(
        f"{gettext('核对抽查异议')} · {one.case.number}",
        actions.SETTLE_FORM,
        gettext("记录"),
        reverse("sample", args=(one.sample_id,)),
        gettext("已记录。"),
        intro=gettext("办结前，工单和为此下达的整改单都要归档。未落实的写明还差什么，责任单位会再收到通知。"),
    )

    def do(typed: dict[str, str]) -> None:
        actions.settle(viewer=viewer, sampled=sampled_id, form=typed, now=timezone.now())

    return answer(request, ask, do)


urls = [
    path("audit/samples/", samples, name="samples"),
    path("audit/samples/draw/", draw, name="sample_draw"),
    path("audit/samples/<int:sample_id>/", sample, name="sample"),
    path("audit/samples/check/<int:sampled_id>/", check, name="sample_check"),
    path("audit/samples/settle/<int:sampled_id>/", settle, name="sample_settle"),
]
