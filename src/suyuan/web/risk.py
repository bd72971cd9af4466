"""Models of risk: the card of each, what it goes by, and which open cases it puts highest."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from suyuan.actions.risk import asked, looking
from suyuan.actions.risk.training import Kept
from suyuan.analytics import display
from suyuan.analytics.risk.judging import Judged
from suyuan.analytics.risk.weights import Weight, weights
from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.queries import listing
from suyuan.store.queries.viewer import Viewer

from . import charts, register, risk_highest
from . import risk_words as words
from .register import Button, Cell, Empty, Head, Listed, Row
from .templatetags.ui import joined, local

SIZE = 50
WEIGHTS = 12
"""So many features are shown with their weight."""
DASH = display.NOTHING


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the models of risk with what each is worth."""
    register.only(request.GET, frozenset())
    names = asked.names(rules.rulebook())
    return register.listed(
        request,
        Listed(
            title=gettext("风险模型"),
            intro=gettext(
                "每个模型问什么、凭多少记录、准不准。准不准是在没有用来学习的最近一段上量的，旁边是不用模型也能用的简单规则："
                "不明显胜过简单规则的，工单页面上不显示它的说法。只说先看哪里，不替人决定，也不因此拒绝任何人。"
            ),
            heads=_heads(),
            rows=[_row(name) for name in names],
            empty=Empty(gettext("没有风险模型"), gettext("规则库里没有风险模型。"), "bolt", calm=True),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("模型"), wide=True),
        Head(gettext("训练")),
        Head(gettext("发生率"), number=True),
        Head(gettext("平均精确率"), number=True),
        Head(gettext("最好的简单规则")),
        Head(gettext("看得过来时找出"), number=True),
        Head(gettext("校准误差"), number=True),
        Head(gettext("提前"), number=True),
        Head(gettext("不作判断"), number=True),
        Head(gettext("结论")),
    )


def _row(name: str) -> Row:
    kept, where = looking.card(name), reverse("risk_model", args=(name,))
    if kept is None:
        first = Cell(words.title(name), where, small=words.label("risk_asked", name))
        return Row((first, *[Cell()] * 8, Cell(gettext("还没有训练"), small=_lacking(name))), dim=True)
    worth = kept.card.judged
    best = worth.rules[worth.best_rule]
    asks = words.asked(name, kept.model.question)
    return Row(
        (
            Cell(words.title(name), where, small=asks),
            Cell(local(datetime.fromisoformat(kept.learned_at))[:10], small=_window(kept), short=True),
            Cell(words.percent(worth.prevalence), small=f"{worth.hits}/{worth.rows}"),
            Cell(display.rounded(worth.precision_recall.value, 3), small=_around(worth)),
            Cell(
                words.label("risk_rule", worth.best_rule),
                small=f"{display.rounded(best.precision_recall, 3)}",
            ),
            Cell(words.percent(worth.recall.value), small=words.interval(worth.recall)),
            Cell(words.percent(worth.error.value), small=words.interval(worth.error)),
            Cell(words.hours(worth.lead_hours[1]) if worth.lead_hours else DASH),
            Cell(words.percent(worth.silent)),
            Cell(verdict(worth), small=_off(kept)),
        ),
        dim=not worth.is_worth_it,
    )


def _around(worth: Judged) -> str:
    one = worth.precision_recall
    return f"{display.rounded(one.low, 3)} – {display.rounded(one.high, 3)}"


def _window(kept: Kept) -> str:
    begin, *_, end = kept.card.borders
    return gettext("%(n)s 天的记录") % {"n": round((end - begin) / 86_400)}


def _day(at: int) -> str:
    return local(datetime.fromtimestamp(at, UTC))[:10]


def verdict(worth: Judged) -> str:
    """Return in words whether a model is worth more than the best trivial rule."""
    if worth.is_worth_it:
        return gettext("明显胜过每条简单规则")
    close = min(worth.rules, key=lambda name: worth.rules[name].above.low)
    return gettext("不明显胜过“%(rule)s”") % {"rule": words.label("risk_rule", close)}


def _lacking(name: str) -> str:
    """Return what is lacking for a model to be learned, as far as it was tried."""
    found = looking.refused(name)
    if found is None:
        return gettext("启动后不久由后台训练，此后每天凌晨")
    facts: dict[str, Any] = found["facts"]
    if found["code"] != "risk_too_little":
        return gettext("没有它要看的记录")
    said = gettext(
        "记录太少：学习期内至少要有 %(least)s 次发生，其后两段各三分之一；"
        "现在（发生/全部）学习 %(learn)s，校准 %(calibrate)s，检验 %(judge)s"
    )
    return said % facts


@require_GET
def show(request: HttpRequest, model: str) -> HttpResponse:
    """Show one model: what it is worth, what it goes by, and the open cases it puts highest."""
    query = register.only(request.GET, {"page"})
    if model not in asked.names(rules.rulebook()):
        raise Refused("not_found", model=model[:60])
    kept, at, now = looking.card(model), register.page_of(query), timezone.now()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    start = listing.start_of(at, SIZE)
    found = risk_highest.rows(viewer, model, now, start + SIZE + 1)
    given = asked.asked(rules.rulebook(), model, rules.local_day(now))
    return register.listed(
        request,
        Listed(
            title=words.title(model),
            intro=words.asked(model, given.question),
            heads=risk_highest.heads(model),
            rows=found[start:][:SIZE],
            buttons=[Button(gettext("全部风险模型"), reverse("risk"), "chevron-left")],
            page=at,
            has_next=len(found) > at * SIZE,
            empty=_none(model, kept, now),
        ),
        template="web/risk.html",
        lacking="" if kept else _lacking(model),
        **(_told(kept) if kept else {}),
    )


def _off(kept: Kept) -> str:
    return gettext("可能性不准，只看先后") if looking.is_off(kept) else ""


def _told(kept: Kept) -> dict[str, object]:
    worth = kept.card.judged
    return {
        "facts": [*_facts(kept), *_worth(worth)],
        "rules": [
            (
                words.label("risk_rule", name),
                display.rounded(one.precision_recall, 3),
                words.percent(one.recall),
                words.plain(one.above),
                gettext("是") if one.above.low > 0 else gettext("否"),
            )
            for name, one in worth.rules.items()
        ],
        "chart": charts.reliability(
            [(one.said, one.came) for one in worth.bins], (gettext("说的与发生的"), gettext("完全一致"))
        ),
        "bins": [(one.many, words.percent(one.said), words.percent(one.came)) for one in worth.bins],
        "weights": [_weight(one) for one in weights(kept.model)[:WEIGHTS]],
        "verdict": verdict(worth),
    }


def _facts(kept: Kept) -> list[tuple[str, str]]:
    begin, first, second, end = map(_day, kept.card.borders)
    parts = zip(kept.card.hits, kept.card.rows, strict=True)
    learn, calibrate, judge = (f"{hits}/{rows}" for hits, rows in parts)
    return [
        (gettext("结论"), joined([one for one in (verdict(kept.card.judged), _off(kept)) if one])),
        (gettext("训练于"), local(datetime.fromisoformat(kept.learned_at))),
        (gettext("方法"), words.label("risk_kind", kept.model.kind)),
        (gettext("学习（发生/全部）"), f"{begin} – {first} · {learn}"),
        (gettext("校准（发生/全部）"), f"{first} – {second} · {calibrate}"),
        (gettext("检验（发生/全部）"), f"{second} – {end} · {judge}"),
        (gettext("方法说明"), "docs/methods/risk.md"),
    ]


def _worth(worth: Judged) -> list[tuple[str, str]]:
    looked = words.percent(worth.workload, 0)
    lead = worth.lead_hours
    return [
        (gettext("发生率"), words.percent(worth.prevalence)),
        (gettext("平均精确率"), words.plain(worth.precision_recall)),
        (gettext("看 %(share)s 时找出") % {"share": looked}, _both(worth.recall)),
        (gettext("看 %(share)s 时看中") % {"share": looked}, _both(worth.precision)),
        (gettext("按件算找出"), _both(worth.found)),
        (gettext("校准误差"), _both(worth.error)),
        (gettext("提前（四分之一、一半、四分之三）"), joined(map(words.hours, lead)) if lead else DASH),
        (gettext("不作判断"), words.percent(worth.silent)),
    ]


def _both(one: Any) -> str:
    return f"{words.percent(one.value)} ({words.interval(one)})"


def _weight(one: Weight) -> tuple[str, str, str]:
    odds = DASH
    if one.odds is not None:
        odds = f"× {display.rounded(one.odds, 2)}"
    return words.feature(one.feature), words.percent(one.share), odds


def _none(model: str, kept: Kept | None, now: datetime) -> Empty:
    """Return why no open case is listed."""
    if kept is None:
        return Empty(gettext("还没有训练"), _lacking(model), "history", calm=True)
    if model not in risk_highest.LISTED:
        text = gettext("它看的不是工单；户号不列名单，见先手单。")
        return Empty(gettext("这里不列名单"), text, "lock", calm=True)
    if not kept.card.judged.is_worth_it:
        text = gettext("不明显胜过简单规则的模型不用来排先后。")
        return Empty(gettext("不列名单"), text, "ban", calm=True)
    if looking.fresh(model, now) is None:
        return Empty(gettext("没有近两天的评分"), gettext("每天凌晨由后台评分。"), "history", calm=True)
    return Empty(
        gettext("没有您能看到的工单"),
        gettext("可能高于平常的在办工单列在这里。"),
        "inbox",
        calm=True,
    )


urls = [
    path("risk/", page, name="risk"),
    path("risk/<slug:model>/", show, name="risk_model"),
]
