"""What cases and periods show that the ledger does not hold yet: each a proposal that a person makes."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import assessment
from suyuan.analytics import period as periods
from suyuan.analytics.period import Period
from suyuan.domain import ledger as rule
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.tariff import ECONOMIC, TARIFFED, Ground, Tariff
from suyuan.store import rules
from suyuan.store.queries import ledger, listing, silence
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.silence import Silence

from . import register, vetoes
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local

SIZE = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List what shows a ground in a period; nothing where the tariff is not confirmed."""
    query, now = register.only(request.GET.dict(), {"ground", "period", "page"}), timezone.now()
    ground, at = _ground(query.get("ground", "")), register.page_of(query)
    period = ledger.whole(periods.parse(query.get("period") or f"{now.astimezone(LOCAL):%Y-%m}"))
    tariff = rule.tariff(rules.rulebook(), ground, rules.local_day(now))
    start = listing.start_of(at, SIZE)
    proposes = tariff is not None and tariff.certainty.assessable
    found = list(_found(request, ground, period, now)[start : start + SIZE + 1]) if proposes else []
    zero = ground is Ground.ZERO_COMPLAINTS
    guard = silence.of(list(found), period) if zero else {}
    rows = [_unit(one, period, guard[one.pk]) if zero else _case(one, ground) for one in found]
    return register.listed(
        request,
        Listed(
            title=gettext("可以提出的奖惩"),
            intro=_intro(tariff, proposes=proposes),
            heads=(
                Head(gettext("工单或单位"), wide=True),
                Head(gettext("记给谁")),
                Head(gettext("受理时间")),
                Head(gettext("操作")),
            ),
            rows=rows[:SIZE],
            filters=_filters(ground, period),
            buttons=(
                Button(gettext("奖惩台账"), reverse("ledger"), "chevron-left"),
                Button(
                    gettext("整个时期一次提出"),
                    reverse("ledger_period") + f"?ledger_period={period.label}",
                    "plus",
                    primary=True,
                ),
            ),
            page=at,
            has_next=len(rows) > SIZE,
            empty=_empty(ground, proposes=proposes),
        ),
    )


def _found(request: HttpRequest, ground: Ground, period: Period, now: datetime):  # type: ignore[no-untyped-def]
    """Return the cases that show a ground, or the units of a period that is over."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if ground is not Ground.ZERO_COMPLAINTS:
        return ledger.to_enter(viewer, ground, period, now)
    over = period.last is not None and period.last < rules.local_day(now)
    units = ledger.free_of_complaints(viewer, period)
    return units if over else units.none()


def _ground(text: str) -> Ground:
    if text and text not in TARIFFED:
        raise BadInput("unknown_value", field="ground", value=text[:40])
    return Ground(text) if text else Ground.DISCIPLINE_OVERDUE


def _filters(ground: Ground, period: Period) -> tuple[Filter, ...]:
    grounds = [(one.value, rules.label("ledger_ground", one, lang())) for one in TARIFFED]
    return (
        Filter("ground", gettext("事由"), ground.value, grounds),
        Filter("period", gettext("受理时期"), period.label),
    )


def _intro(tariff: Tariff | None, *, proposes: bool) -> str:
    """Return what the tariff says, and that a person proposes each one."""
    if tariff is None:
        return gettext("这个事由现在没有标准。")
    amount = f"{tariff.amount} {rules.label('counted_in', tariff.counted, lang())}"
    said = gettext("标准：%(kind)s %(amount)s（%(basis)s，%(certainty)s）。") % {
        "kind": rules.label("ledger_kind", tariff.kind, lang()),
        "amount": amount,
        "basis": tariff.basis,
        "certainty": rules.label("certainty", tariff.certainty, lang()),
    }
    return said + gettext("逐条由人提出，系统不自动记。") if proposes else said


def _empty(ground: Ground, *, proposes: bool) -> Empty:
    if not proposes:
        confirm = Button(
            gettext("看这条标准"), reverse("rules_entry", args=("figure", rule.PREFIX + ground)), "book"
        )
        return Empty(
            gettext("标准还没有人确认，这里不列"),
            gettext("在规则库里由一人提出“确认把握”、另一人同意后，这里才列出可以提出的。"),
            "book",
            confirm,
        )
    return Empty(gettext("没有可以提出的"), gettext("换一个时期或事由看看。"), "circle-check", calm=True)


def _case(case, ground: Ground) -> Row:  # type: ignore[no-untyped-def]
    kind = rules.label("business_type", case.business_type, lang())
    return Row(
        (
            Cell(case.number, reverse("case", args=(case.number,)), kind),
            Cell(ledger.concerned(case).name),
            Cell(local(case.accepted_at), short=True),
            Cell(gettext("提出"), _asking(ledger_ground=ground.value, ledger_case=case.number)),
        )
    )


def _unit(unit, period: Period, guard: Silence) -> Row:  # type: ignore[no-untyped-def]
    asked = {"ledger_ground": Ground.ZERO_COMPLAINTS.value, "ledger_period": period.label, "unit": unit.code}
    said = vetoes.doubts(guard)
    return Row(
        (Cell(unit.name, lines=said), Cell(unit.name), Cell(), Cell(gettext("提出"), _asking(**asked)))
    )


def _asking(**filled: str) -> str:
    return f"{reverse('ledger_propose')}?{urlencode(filled)}"


@require_http_methods(["GET", "POST"])
def period_at_once(request: HttpRequest) -> HttpResponse:
    """Propose at once what limits and ratings of a period come to."""
    query = register.only(request.GET.dict(), {"ledger_period"})
    grounds = [(one.value, rules.label("ledger_ground", one, lang())) for one in ECONOMIC]
    ask = Ask(
        gettext("整个时期一次提出"),
        assessment.FORM,
        gettext("提出"),
        reverse("ledger") + "?period=all&state=proposed",
        gettext("已提出，等另一人逐条审签。"),
        intro=gettext(
            "超过考核时限和客户评价的经济责任考核：时期里显示这些事由、台账里还没有的，一次提出；标准没有确认的事由不提。已有的不重复。"
        ),
        values=query,
        choices={"ledger_ground": grounds},
    )

    def do(typed: dict[str, str]) -> None:
        viewer = request.viewer  # type: ignore[attr-defined]
        assessment.propose_period(viewer=viewer, form=typed, now=timezone.now())

    return answer(request, ask, do)


urls = [
    path("ledger/facts/", page, name="ledger_facts"),
    path("ledger/period/", period_at_once, name="ledger_period"),
]
