"""First-move lists in reach: a desk's list of a day, an entry, and what the draw came to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from suyuan.domain import first_move as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Account, Case, ContactWay, FirstMove, FirstMoveList, Unit

from .desks import known
from .viewer import Viewer, under

SHOWN = ("", rule.OPEN, rule.DONE, rule.EXPIRED)
"""All of a day's list, what is to be called, what is done, what nobody finished."""


Who = Viewer | None
"""Whose reach; None for whoever runs this machine, who sees all."""


def _reached(viewer: Who, roles: Iterable[Role], prefix: str) -> Q:
    if viewer is None:
        return Q()
    return under({path for role, path in viewer.actor.reaching if role in roles}, prefix)


def _within(viewer: Who) -> QuerySet[FirstMove]:
    rows = FirstMove.objects.filter(_reached(viewer, rule.MAY, "list__unit__"), held_out=False)
    rows = rows.exclude(case__restricted=True).filter(Q(case=None) | Q(case__secrecy=""))
    return rows.select_related("list__unit", "case", "customer", "account")


def listed(viewer: Who, day: date, show: str = "", unit: str = "") -> QuerySet[FirstMove]:
    """Return the entries of a day that are called, desk by desk, best first; who is held out is not there."""
    known("show", show, SHOWN)
    rows = _within(viewer).filter(list__day=day)
    if unit:
        rows = rows.filter(list__unit__path__startswith=_path(unit))
    if show == rule.OPEN:
        rows = rows.filter(state__in=(rule.OPEN, rule.TAKEN))
    elif show:
        rows = rows.filter(state=show)
    return rows.order_by("list__unit__path", "place")


def _path(code: str) -> str:
    path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise BadInput("unknown_value", field="unit", value=code[:40])
    return path


def lists(viewer: Who, day: date, unit: str = "") -> QuerySet[FirstMoveList]:
    """Return the lists of a day in reach, with how many entries each has and how many are done."""
    rows = FirstMoveList.objects.filter(_reached(viewer, rule.MAY, "unit__"), day=day)
    if unit:
        rows = rows.filter(unit__path__startswith=_path(unit))
    shown = Q(moves__held_out=False)
    return (
        rows.select_related("unit")
        .annotate(
            listed=Count("moves", filter=shown), done=Count("moves", filter=shown & Q(moves__state="done"))
        )
        .order_by("unit__path")
    )


def one(viewer: Viewer, move: int) -> FirstMove:
    """Return an entry in reach; one that is not, and whoever is held out, is not found."""
    if (found := _within(viewer).filter(pk=move).first()) is None:
        raise Refused("not_found", move=move)
    return found


def days(viewer: Who, today: date) -> list[date]:
    """Return the last days up to today there are lists of in reach, the newest first; today for none."""
    rows = FirstMoveList.objects.filter(_reached(viewer, rule.MAY, "unit__"), day__lte=today)
    found = rows.order_by("-day").values_list("day", flat=True).distinct()[:DAYS]
    return list(found) or [today]


def last_day(viewer: Who, until: date) -> date | None:
    """Return the last day up to one on which somebody in reach stood on a list."""
    return _within(viewer).filter(list__day__lte=until).aggregate(last=Max("list__day"))["last"]


DAYS = 10


def phone_of(move: FirstMove) -> ContactWay | None:
    """Return the way by which a customer is called, None for one the register does not know."""
    if move.customer_id is None:
        return None
    ways = ContactWay.objects.filter(customer=move.customer_id, kind="phone", valid_until=None)
    return ways.order_by("-preferred", "pk").first()


def hours(way: ContactWay | None) -> list[tuple[time, time]]:
    """Return when somebody may be called today."""
    terms = rules.rulebook().figures["firstmoves.list"][-1].terms
    span = (time.fromisoformat(terms["call_from"]), time.fromisoformat(terms["call_until"]))
    quiet = (way.quiet_from, way.quiet_until) if way and way.quiet_from and way.quiet_until else None
    return rule.free_hours(quiet, span)


def withheld(numbers: Collection[str], today: date) -> frozenset[str]:
    """Return those of some cases nobody is sent to call: their customer is held out or was reached lately."""
    if not numbers or not (left_alone := _left_alone(today)):
        return frozenset()
    theirs = Q(account_index__in=left_alone) | Q(phone_index__in=left_alone)
    return frozenset(Case.objects.filter(theirs, number__in=numbers).values_list("number", flat=True))


def _left_alone(today: date) -> frozenset[str]:
    """Return the indexes of accounts and telephones of who is held out or was spoken to within the days."""
    days, again = rules.figure("firstmoves.holdout", "days"), rules.figure("firstmoves.list", "again_days")
    held = Q(held_out=True, episode_on__gt=today - timedelta(days=days))
    since = datetime.combine(today - timedelta(days=again), time(), rules.rulebook().calendar.zone)
    rows = FirstMove.objects.filter(held | Q(outcome__in=rule.SPOKEN, done_at__gt=since))
    phones = rows.exclude(phone_index="").values_list("phone_index", flat=True)
    accounts = Account.objects.filter(customer__in=rows.exclude(customer=None).values("customer"))
    return frozenset((*phones, *accounts.values_list("number_index", flat=True)))


# ---- what the draw came to ----


@dataclass(frozen=True, slots=True)
class Drawn:
    """One customer that was drawn, whose days are over."""

    unit: str
    held_out: bool
    complained: bool
    day: date
    """When they were drawn."""


def drawn(viewer: Who, now: datetime) -> list[Drawn]:
    """Return everybody who was drawn in reach by the share in force and whose days are over, each once."""
    today, terms = rules.local_day(now), rules.rulebook().figures["firstmoves.holdout"][-1].terms
    rows = _first_draws(viewer).filter(
        list__share=terms["share"],
        list__days=terms["days"],
        episode_on__lte=today - timedelta(days=terms["days"]),
    )
    rows = rows.annotate(complained=Exists(_complaints(terms["days"])))
    columns = ("list__unit__code", "held_out", "complained", "episode_on")
    return [Drawn(*row) for row in rows.order_by("pk").values_list(*columns)]


def _first_draws(viewer: Who) -> QuerySet[FirstMove]:
    """Return the first entry by which each customer in reach was left to the draw.

    Who comes up again after their days is drawn anew, yet counts as they were drawn first: nobody is compared
    with themselves. Draws by another share or over other days are of another comparison.
    """
    alike = {"list__share": OuterRef("list__share"), "list__days": OuterRef("list__days")}
    earlier = FirstMove.objects.filter(who_index=OuterRef("who_index"), drawn=True, **alike)
    earlier = earlier.filter(episode_on__lt=OuterRef("episode_on"))
    rows = FirstMove.objects.filter(_reached(viewer, rule.SEES_EFFECT, "list__unit__"), drawn=True)
    return rows.filter(~Exists(earlier))


def _complaints(days: int) -> QuerySet[Case]:
    """Return the complaints of whoever an entry is about, taken in after its list was made."""
    of_customer = Account.objects.filter(customer=OuterRef(OuterRef("customer"))).values("number_index")
    phones = ContactWay.objects.filter(customer=OuterRef(OuterRef("customer")), kind="phone").values(
        "value_index"
    )
    theirs = Q(account_index__in=of_customer) | Q(phone_index__in=phones)
    theirs |= Q(phone_index=OuterRef("phone_index")) & ~Q(phone_index="")
    rows = Case.objects.filter(theirs, business_type="complaint", is_child=False)
    rows = rows.exclude(account_index="", phone_index="").exclude(state__in=("void", "merged"))
    since = OuterRef("list__made_at")
    return rows.filter(accepted_at__gt=since, accepted_at__lte=since + timedelta(days=days))


def counted(viewer: Who) -> Mapping[str, int]:
    """Return how many customers were drawn for the lists and held out, and what the lists came to, in reach.

    ``entries`` counts a customer on every day they stand on a list; ``undrawn`` those of them who were never
    left to the draw; ``called`` and ``reached`` are entries.
    """
    terms = rules.rulebook().figures["firstmoves.holdout"][-1].terms
    draws = _first_draws(viewer).filter(list__share=terms["share"], list__days=terms["days"])
    every = FirstMove.objects.filter(_reached(viewer, rule.SEES_EFFECT, "list__unit__"), held_out=False)
    ever = FirstMove.objects.filter(who_index=OuterRef("who_index"), drawn=True)
    return draws.aggregate(
        listed=Count("pk", filter=Q(held_out=False)), held_out=Count("pk", filter=Q(held_out=True))
    ) | every.aggregate(
        entries=Count("pk"),
        undrawn=Count("who_index", filter=~Exists(ever), distinct=True),
        called=Count("pk", filter=Q(state=rule.DONE)),
        reached=Count("pk", filter=Q(outcome__in=rule.SPOKEN)),
    )


def held(viewer: Viewer) -> QuerySet[FirstMove]:
    """Return who is or was held out in the units somebody audits, the newest first."""
    rows = FirstMove.objects.filter(_reached(viewer, rule.AUDITS, "list__unit__"), held_out=True)
    return rows.select_related("list__unit", "case", "customer").order_by("-episode_on", "-pk")


def names(units: Iterable[str]) -> dict[str, str]:
    """Return the names of units by code."""
    return dict(Unit.objects.filter(code__in=set(units)).values_list("code", "name"))
