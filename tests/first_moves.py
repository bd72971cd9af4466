"""Customers with a reason to be called, and the lists made of them."""

from pathlib import Path

from suyuan.actions.firstmoves import _people, make
from suyuan.analytics.firstmoves.ranking import Reason
from suyuan.store import rules
from suyuan.store.models import Account, Case, FirstMove, FirstMoveList, Unit
from tests.customer_files import load, row
from tests.factories import NOW

TODAY = rules.local_day(NOW)


def number(at: int) -> str:
    """Return the account number of one of many customers."""
    return f"33000{at:08d}"


def customers(folder: Path, count: int) -> list[Account]:
    """Return accounts of as many customers, each with a telephone of its own."""
    rows = [
        row(
            户号=number(at),
            户名=f"客户{at}",
            表号=f"M{at:010d}",
            联系电话=f"139{at:08d}",
            用电地址=f"滨海市人民路{at}号",
        )
        for at in range(count)
    ]
    load(folder, *rows)
    return list(Account.objects.order_by("pk"))


def signal(account: Account, level: str = "important", **more) -> _people.Said:
    """Return a reason about an account."""
    facts = {"case": "1", "day": "2026-03-04", "days": 1}
    reason = Reason("promise_near", "signal", level, detector="commitment_breaking", facts=facts, **more)
    return _people.Said(reason, account=account.number_index)


def of_case(case: Case, level: str = "important", **more) -> _people.Said:
    """Return a reason about a case."""
    facts = {"accepted": case.accepted_at.isoformat(), "times": 1}
    return _people.Said(
        Reason("dissatisfied", "order", level, case=case.number, facts=facts, **more), case.number
    )


def made(said, day=TODAY, now=NOW) -> make.Made:
    """Return what lists some reasons make."""
    return make.store_lists(said=said, day=day, now=now)


def entry(case: Case, at: Unit, *, held_out: bool = False, taken_by: str = "") -> FirstMove:
    """Return an entry about a case, on the list of a desk of one day."""
    known = {"made_at": NOW, "candidates": 1, "share": 0.1, "days": 30}
    found, _ = FirstMoveList.objects.get_or_create(unit=at, day=TODAY, defaults=known)
    facts = {"accepted": case.accepted_at.isoformat(), "times": 1}
    reason = Reason("dissatisfied", "order", "important", case=case.number, facts=facts)
    return FirstMove.objects.create(
        list=found,
        place=found.moves.count() + 1,
        score=0.2,
        who_index=f"who{case.pk}",
        case=case,
        held_out=held_out,
        drawn=True,
        episode_on=TODAY,
        reasons=[make._plain(reason)],
        state="held" if held_out else "taken" if taken_by else "open",
        taken_by=taken_by,
    )
