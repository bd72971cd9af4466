"""The ledger of rewards and penalties: its entries and books, and the forms that propose, sign, take back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from suyuan.actions import ledger as actions
from suyuan.analytics import display
from suyuan.analytics import period as periods
from suyuan.domain import ledger as rule
from suyuan.domain.errors import Refused
from suyuan.domain.rulebook.tariff import Counted, Ground, Kind
from suyuan.store import rules
from suyuan.store.queries import ledger, listing, org, people, silence
from suyuan.store.queries.cases import LOCAL
from suyuan.store.queries.ledger import Wanted

from . import access, errors, register, vetoes
from .ledger_facts import urls as fact_urls
from .names import Named, named
from .register import Button, Cell, Empty, Filter, Head, Listed, Row
from .register_forms import Ask, answer
from .templatetags.ui import lang, local, post_name

SIZE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the entries of a period, with the books over those that were signed."""
    query, now = (
        register.only(request.GET.dict(), {"period", "unit", "kind", "state", "case", "page"}),
        timezone.now(),
    )
    viewer, at = request.viewer, register.page_of(query)  # type: ignore[attr-defined]
    period = periods.parse(query.get("period") or _month(now))
    wanted = Wanted(period, *(query.get(name, "") for name in ("unit", "kind", "state", "case")))
    start = listing.start_of(at, SIZE)
    found = list(ledger.listed(viewer, wanted)[start : start + SIZE + 1])
    who = named(name for one in found for name in (one.person, one.proposed_by, one.decided_by))
    books = ledger.balanced(viewer, period, wanted.unit)
    return register.listed(
        request,
        Listed(
            title=gettext("奖惩台账"),
            intro=gettext(
                "奖励和考核由一人提出、另一人审签后生效；生效的不改，只能冲销。标准没有确认的，不能据此奖惩。"
            ),
            heads=_heads(),
            rows=[_row(request, one, who) for one in found[:SIZE]],
            filters=_filters(viewer, wanted),
            buttons=_buttons(request),
            bulk=_signing(request, found[:SIZE]),
            page=at,
            has_next=len(found) > SIZE,
            empty=Empty(
                gettext("这个时期没有记录"),
                gettext("在“可以提出的”里看超时、属实、表扬等事实，逐条提出；审签后记入合计。"),
                "list",
                calm=True,
            ),
        ),
        template="web/ledger.html",
        books=[_told(one, kept) for one, kept in books.items() if kept.debits or kept.credits],
        unbalanced=any(kept.balance for kept in books.values()),
        waiting=ledger.waiting(viewer, wanted.unit),
        period=period.label,
    )


def _month(now: datetime) -> str:
    return f"{now.astimezone(LOCAL):%Y-%m}"


def _heads() -> tuple[Head, ...]:
    return (
        Head(gettext("记给谁"), wide=True),
        Head(gettext("奖惩"), number=True),
        Head(gettext("事由")),
        Head(gettext("标准和依据")),
        Head(gettext("提出人")),
        Head(gettext("审签")),
    )


def _filters(viewer, wanted: Wanted) -> tuple[Filter, ...]:  # type: ignore[no-untyped-def]
    places = [(one.code, one.name) for one in org.every() if viewer.sees(one.path)]
    kinds = [(kind.value, rules.label("ledger_kind", kind, lang())) for kind in Kind]
    states = [(state, rules.label("ledger_state", state, lang())) for state in rule.STATES]
    return (
        Filter("period", gettext("时期"), wanted.period.label),
        Filter("unit", gettext("单位"), wanted.unit, places),
        Filter("kind", gettext("奖励或考核"), wanted.kind, kinds),
        Filter("state", gettext("状态"), wanted.state, states),
        Filter("case", gettext("工单编号"), wanted.case),
    )


def _buttons(request: HttpRequest) -> list[Button]:
    if not access.may_open(request, "ledger_propose"):
        return []
    return [
        Button(gettext("可以提出的"), reverse("ledger_facts"), "list"),
        Button(gettext("提出奖惩"), reverse("ledger_propose"), "plus", primary=True),
    ]


def _signing(request: HttpRequest, found) -> list[Button]:  # type: ignore[no-untyped-def]
    """Return the button that signs the ticked entries, where there is one somebody may sign."""
    if not any(_key(request.viewer, one) for one in found):  # type: ignore[attr-defined]
        return []
    return [Button(gettext("审签所选"), reverse("ledger_sign"), "circle-check", primary=True)]


def _key(viewer, one) -> str:  # type: ignore[no-untyped-def]
    """Return what the tick box of an entry hands in: none for one that is not somebody's to sign."""
    waits = one.state == rule.PROPOSED and ledger.shows_case(viewer, one)
    return str(one.pk) if waits and _shut(viewer, one) is None else ""


def amount(one) -> str:  # type: ignore[no-untyped-def]
    """Return an amount with what it is counted in; what somebody loses has a minus."""
    loses = rule.Line(Kind(one.kind), one.amount, one.reverses_id is not None).debits_party
    sign, words = "−" if loses else "+", rules.label("counted_in", one.counted, lang())
    return f"{sign}{display.rounded(one.amount)} {words}"


def _row(request: HttpRequest, one, who: dict[str, Named]) -> Row:  # type: ignore[no-untyped-def]
    viewer = request.viewer  # type: ignore[attr-defined]
    open_ = ledger.shows_case(viewer, one)
    number = one.case.number if one.case and open_ else ""
    ground = rules.label("ledger_ground", one.ground, lang())
    kind = gettext("冲销 #%(entry)s") % {"entry": one.reverses_id} if one.reverses_id else ""
    about = post_name(one.post) if one.post else who[one.person].name if one.person else ""
    sure = rules.label("certainty", one.certainty, lang()) if one.certainty else ""
    title = _rule(one.rule) if one.rule else gettext("按理由所写")
    return Row(
        (
            Cell(one.unit.name, small=f"#{one.pk} {about}".strip()),
            Cell(amount(one), small=kind or rules.label("ledger_kind", one.kind, lang()), short=True),
            Cell(
                f"{ground} {number or one.period}".strip(),
                reverse("case", args=(number,)) if number else "",
                one.words if open_ else "",
            ),
            Cell(title, small=" · ".join(filter(None, [one.basis, sure]))),
            Cell(who[one.proposed_by].name, small=local(one.proposed_at)),
            _decided(request, one, who, open_),
        ),
        key=_key(viewer, one),
        dim=one.state == rule.REFUSED or one.reversed_at is not None,
    )


def _rule(figure: str) -> str:
    title: str = getattr(rules.rulebook().figures[figure][-1].title, lang())
    return title


def _decided(request: HttpRequest, one, who: dict[str, Named], open_: bool) -> Cell:  # type: ignore[no-untyped-def]
    state = "reversed" if one.reversed_at else one.state
    said = rules.label("ledger_state", state, lang())
    address = {"proposed": "ledger_decide", "signed": "" if one.reverses_id else "ledger_reverse"}.get(state)
    may = bool(address) and open_ and access.may_open(request, address or "")
    by = f"{who[one.decided_by].name} {local(one.decided_at)}" if one.decided_by else ""
    return Cell(said, reverse(address, args=(one.pk,)) if may else "", by, lines=one.answer if open_ else "")


def _told(counted: Counted, kept: rule.Books) -> tuple[str, ...]:
    figures = (kept.penalties, kept.rewards, kept.net, kept.debits, kept.credits, kept.balance)
    return (rules.label("counted_in", counted, lang()), *map(display.rounded, figures))


def of_case(viewer, case) -> list[tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    """Return the entries a case led to, as far as somebody may see them: number and unit, what, state."""
    rows = []
    for one in ledger.of_case(viewer, case):
        state = rules.label("ledger_state", "reversed" if one.reversed_at else one.state, lang())
        ground = rules.label("ledger_ground", one.ground, lang())
        rows.append((f"#{one.pk} {one.unit.name}", f"{ground} {amount(one)}", state))
    return rows


PREFILLED = ("ledger_ground", "ledger_case", "ledger_period", "unit")


@both
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an entry; a list of facts fills the form in."""
    query = register.only(request.GET.dict(), set(PREFILLED))
    posts = [(one.code, one.name) for one in people.posts()]
    ask = Ask(
        gettext("提出奖惩"),
        actions.FORM,
        gettext("提出"),
        reverse("ledger"),
        gettext("已提出，等另一人审签。"),
        intro=gettext(
            "有工单的写工单编号，单位不填就是工单所在单位，有被反映单位的是被反映单位。数额按规则库的标准；“其他”自己写明数额和依据。"
        ),
        values=query,
        suggest={"ledger_post": posts},
    )

    def do(typed: dict[str, str]) -> None:
        actions.propose_entry(
            viewer=request.viewer,  # type: ignore[attr-defined]
            form=typed,
            now=timezone.now(),
        )

    return answer(request, ask, do)


@both
def decide(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Sign an entry as its second person, or refuse it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = ledger.one(viewer, entry_id)
    shut = _shut(viewer, one)
    if shut and viewer.actor.username != one.proposed_by:
        raise Refused(shut, entry=entry_id)
    no = [(rule.REFUSED, rules.label("ledger_decision", rule.REFUSED, lang()))]
    ask = Ask(
        f"{gettext('审签奖惩')} #{one.pk}",
        actions.DECIDE_FORM,
        gettext("记下决定"),
        reverse("ledger"),
        gettext("已记录。"),
        intro=" · ".join(filter(None, [_about(one), shut and errors.words_for(shut)])),
        choices={"ledger_decision": no} if shut else {},
    )

    def do(typed: dict[str, str]) -> None:
        actions.decide_entry(viewer=viewer, entry=entry_id, form=typed, now=timezone.now())

    return answer(request, ask, do)


def _shut(viewer, one) -> str | None:  # type: ignore[no-untyped-def]
    """Return why somebody may not sign an entry; whoever proposed it may still take it back."""
    return rule.refusal_to_sign(viewer.actor, one.unit.path, one.person, one.proposed_by)


@both
def take_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Propose the counter-entry of a signed one."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = ledger.one(viewer, entry_id)
    ask = Ask(
        f"{gettext('冲销奖惩')} #{one.pk}",
        actions.REVERSE_FORM,
        gettext("提出冲销"),
        reverse("ledger"),
        gettext("已提出冲销，等另一人审签。"),
        intro=_about(one),
        danger=True,
    )

    def do(typed: dict[str, str]) -> None:
        actions.reverse_entry(viewer=viewer, entry=entry_id, form=typed, now=timezone.now())

    return answer(request, ask, do)


def _about(one) -> str:  # type: ignore[no-untyped-def]
    """Return an entry in one line."""
    who = post_name(one.post) if one.post else str(named([one.person])[one.person]) if one.person else ""
    of = one.case.number if one.case else one.period
    ground = rules.label("ledger_ground", Ground(one.ground), lang())
    by = gettext("提出人 %(name)s") % {"name": named([one.proposed_by])[one.proposed_by]}
    said = [one.unit.name, who, amount(one), f"{ground} {of}", one.words, by, doubts_about(one)]
    return " · ".join(filter(None, said))


def doubts_about(one) -> str:  # type: ignore[no-untyped-def]
    """Return what speaks against a reward for no complaint, for whoever signs it."""
    if one.ground != Ground.ZERO_COMPLAINTS:
        return ""
    found = silence.of([one.unit], periods.parse(one.period))[one.unit_id]
    said = vetoes.doubts(found).replace("\n", "，")
    return gettext("同期疑点：%(said)s") % {"said": said} if said else gettext("同期没有疑点")


urls = [
    path("ledger/", page, name="ledger"),
    *fact_urls,
    path("ledger/propose/", propose, name="ledger_propose"),
    path("ledger/<int:entry_id>/decide/", decide, name="ledger_decide"),
    path("ledger/<int:entry_id>/reverse/", take_back, name="ledger_reverse"),
]
