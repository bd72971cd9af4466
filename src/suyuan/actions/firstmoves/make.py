"""The first-move lists of a day, one a desk: who speaks for a call most, and a tenth of them held out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from suyuan.analytics.firstmoves.holding import is_held_out
from suyuan.analytics.firstmoves.ranking import Candidate, Reason, Weights, ranked, weights
from suyuan.domain import first_move
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import bulk, chain, rules, seal
from suyuan.store.models import FirstMove, FirstMoveList, Unit
from suyuan.store.queries import customer, moves_day
from suyuan.store.queries.moves_day import STREAM

from . import _own, _people, _risk, _signals
from ._people import Lately, Said, Somebody


@dataclass(frozen=True, slots=True)
class Made:
    """How many lists there are of a day, and how many customers on them; ``fresh`` if made just now."""

    day: date
    lists: int
    moves: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the rulebook says of the lists of a day."""

    most: int
    hours: tuple[time, time]
    again_days: int
    share: float
    days: int
    by: Weights


@dataclass(frozen=True, slots=True)
class _Day:
    """What one day's lists are made of."""

    day: date
    now: datetime
    figures: _Figures
    lately: Lately
    risk: Mapping[str, float]
    """How likely a complaint is, by account, where a model says so."""

    def candidate(self, one: Somebody) -> Candidate:
        """Return somebody as the ranking sees them."""
        return one.candidate(self.risk.get(one.account.number_index) if one.account else None)


def make_lists(*, day: date, now: datetime) -> Made:
    """Make the lists of today once; on a day of rest none. What was not finished yesterday is over.

    The same day asked for again gives the same lists, also where nobody is on them. Raise Refused
    for a day that is not today.
    """
    rules.look(now)
    if moves_day.made(day):
        return _counted(day, fresh=False)
    if day != rules.local_day(now):
        raise Refused("no_list_of_day", day=day.isoformat())
    if not rules.rulebook().calendar.is_workday(day):
        return Made(day, 0, 0, fresh=False)
    return store_lists(said=reasons(day, now), day=day, now=now)


def reasons(day: date, now: datetime) -> list[Said]:
    """Return everything that speaks for calling somebody, from every source."""
    terms = rules.rulebook().figures["firstmoves.holdout"][-1].terms
    orders = _own.reasons(now)
    return [
        *(Said(one, case=one.case) for one in orders),
        *_signals.said(orders, now),
        *_risk.said(_risk.scores(now)),
        *_people.agreed(day, terms["days"]),
    ]


@transaction.atomic
def store_lists(*, said: Sequence[Said], day: date, now: datetime) -> Made:
    """Keep the lists that some reasons make, and write down what was drawn; once a day."""
    bulk.one_at_a_time(STREAM)
    if moves_day.made(day):
        return _counted(day, fresh=False)
    figures = _figures()
    risk = {account: score.chance for account, score in _risk.scores(now).items()}
    today = _Day(day, now, figures, _people.lately(day, now, figures.again_days, figures.days), risk)
    unfinished = _expire(day)
    desks = _desks(_people.people(said, now), today)
    units = Unit.objects.in_bulk({*desks, *unfinished})
    told = [_store(units[pk], desks.get(pk, _Desk()), unfinished[pk], today) for pk in sorted(units)]
    detail: dict[str, object] = {
        "day": day.isoformat(),
        "lists": told,
        "drawn": seal.digest(_drawn(day).encode()),
    }
    chain.append(stream=STREAM, at=now, actor=SYSTEM.username, verb=moves_day.MAKING, detail=detail)
    return _counted(day, fresh=True)


def _figures() -> _Figures:
    of = rules.rulebook().figures
    plain, held = of["firstmoves.list"][-1].terms, of["firstmoves.holdout"][-1].terms
    hours = (time.fromisoformat(plain["call_from"]), time.fromisoformat(plain["call_until"]))
    by = weights(of["firstmoves.rank"][-1].terms)
    return _Figures(plain["most"], hours, plain["again_days"], held["share"], held["days"], by)


def _counted(day: date, *, fresh: bool) -> Made:
    lists = FirstMoveList.objects.filter(day=day).count()
    moves = FirstMove.objects.filter(list__day=day, held_out=False).count()
    return Made(day, lists, moves, fresh)


def _expire(day: date) -> Counter[int]:
    """End what is open of earlier days, and return how much that was of each desk's list."""
    rows = FirstMove.objects.filter(state__in=(first_move.OPEN, first_move.TAKEN), list__day__lt=day)
    over = Counter(rows.order_by().values_list("list__unit", flat=True))
    rows.update(state=first_move.EXPIRED)
    return over


class _Desk:
    """The customers of one desk, and why others are not among them."""

    def __init__(self) -> None:
        self.people: list[Somebody] = []
        self.left_out: Counter[str] = Counter()


def _desks(people: Iterable[Somebody], today: _Day) -> dict[int, _Desk]:
    hidden, out = _people.secret(), customer.opted_out()
    desks: dict[int, _Desk] = defaultdict(_Desk)
    for one in people:
        standing = _people.standing(one, today.lately, hidden, out)
        desk = desks[one.unit.pk]
        if why := first_move.left_out(standing, today.figures.hours):
            desk.left_out[why] += 1
        else:
            desk.people.append(one)
    return desks


def _store(unit: Unit, desk: _Desk, unfinished: int, today: _Day) -> dict[str, object]:
    """Keep the list of one desk, and return what the event says of it."""
    figures = today.figures
    found = len(desk.people) + desk.left_out.total()
    row = FirstMoveList.objects.create(
        unit=unit,
        day=today.day,
        made_at=today.now,
        candidates=found,
        left_out=dict(desk.left_out),
        unfinished=unfinished,
        share=figures.share,
        days=figures.days,
    )
    by_key = {one.who: one for one in desk.people}
    best = ranked(map(today.candidate, desk.people), today.now, figures.by)[: figures.most]
    moves = [
        _move(row, by_key[one.who], place, score, today) for place, (score, one) in enumerate(best, start=1)
    ]
    FirstMove.objects.bulk_create(moves, batch_size=200)
    held = sum(one.held_out for one in moves)
    return {"unit": unit.code, "candidates": found, "listed": len(moves) - held, "held_out": held}


def _move(row: FirstMoveList, one: Somebody, place: int, score: float, today: _Day) -> FirstMove:
    """Return the entry of one customer; whoever was drawn not long ago stays what they were drawn for.

    Nobody on whose supply a life hangs, and nobody with whom a call was agreed upon, is left to the draw.
    """
    before = today.lately.listed.get(one.who)
    drawn = before is None and not one.life and not one.agreed
    lot = seal.index("first_move", f"{one.who}|{today.day.isoformat()}")
    held = drawn and is_held_out(lot, today.figures.share)
    first = one.cases[0] if one.cases else None
    return FirstMove(
        list=row,
        place=place,
        score=score,
        who_index=one.who,
        phone_index="" if one.account else (first.phone_index if first else ""),
        customer=one.account.customer if one.account else None,
        account=one.account,
        case=first,
        held_out=held,
        drawn=drawn,
        episode_on=before or today.day,
        reasons=[_plain(reason) for reason in one.reasons],
        due_at=today.candidate(one).due,
        state=first_move.HELD if held else first_move.OPEN,
    )


def _plain(reason: Reason) -> dict[str, Any]:
    plain = asdict(reason)
    return plain | {"due": reason.due.isoformat() if reason.due else None, "facts": dict(reason.facts)}


def _drawn(day: date) -> str:
    """Return who was drawn for what on a day, to be sealed into the event: nobody changes it unseen."""
    rows = FirstMove.objects.filter(list__day=day).order_by("who_index").values_list("who_index", "held_out")
    return "\n".join(f"{who} {int(held)}" for who, held in rows)
