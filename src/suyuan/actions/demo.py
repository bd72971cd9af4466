"""Demo: the ten role cards over a home that has units and no people yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.trace_verdict import Verdict
from suyuan.domain.vocabulary import Role
from suyuan.simulate.quarter import Story
from suyuan.store import rules
from suyuan.store.models import Case, Person, Unit
from suyuan.store.queries import viewer

from . import (
    _demo_appeals,
    _demo_blame,
    _demo_judged,
    _demo_ladder,
    _demo_moves,
    _demo_numbers,
    _demo_quarter,
    _demo_themes,
    _demo_warnings,
    customer,
    org,
    repeat,
)
from ._demo_moves import Called
from ._demo_warnings import Staff, Worked

FLAGS = ("life_support", "elderly_alone", "disabled", "important_user", "outage_sensitive")


@transaction.atomic
def people_at_root(*, password: str, now: datetime) -> int:
    """Make one person a role, each reaching the whole company; return how many there are."""
    root = Unit.objects.filter(parent=None).first()
    if root is None:
        raise Refused("no_unit")
    rows = [
        {
            "username": role.value,
            "name": rules.label("role", role.value, "zh"),
            "unit": root.code,
            "roles": role.value,
            "over": root.code,
        }
        for role in Role
        if not Person.objects.filter(username=role.value).exists()
    ]
    return org.load_people(rows=rows, actor=SYSTEM, now=now, password=password)


@transaction.atomic
def flag_some(*, username: str, now: datetime) -> int:
    """Set one flag of each kind on customers of open cases, as if they had agreed today; return how many."""
    who = viewer.named(username)
    if who is None:
        raise Refused("no_demo_person", username=username)
    rows = Case.objects.filter(is_open=True, secrecy="", restricted=False, is_child=False).exclude(
        account_index=""
    )
    numbers = list(rows.order_by("-accepted_at").values_list("number", flat=True)[: len(FLAGS)])
    for number, code in zip(numbers, FLAGS, strict=False):
        form = {
            "special_flag": code,
            "consent_how": "recorded_call",
            "consent_scope": "service notice",
            "consent_on": rules.local_day(now).isoformat(),
        }
        customer.set_flag(number=number, actor=who.actor, now=now, form=form)
    return len(numbers)


def live_through(*, stories: Sequence[Story], now: datetime) -> dict[str, dict[str, str]]:
    """Do what people did in a quarter, each step at its moment; return what each story came to name."""
    return _demo_quarter.play(stories=stories, now=now)


def share_blame(*, now: datetime) -> list[str]:
    """Charge the front desks of some complaints and share out what they came from; return the liabilities."""
    return _demo_blame.show(now=now)


def judge_some(*, causes: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Verdict]:
    """Judge traces by what the simulated city knows of their complaints; return the verdicts."""
    return _demo_judged.show(causes=causes, now=now)


def appeal_some(*, now: datetime) -> list[str]:
    """Appeal against some complaints, have claims reviewed and a colleague seen to; return the cases."""
    return _demo_appeals.show(now=now)


def urge_some(*, now: datetime) -> list[str]:
    """Urge one case and supervise another; return the supervision orders."""
    return _demo_ladder.show(now=now)


def assess_some(*, now: datetime) -> str:
    """Open a technical assessment order about the first theme past its threshold; return its number."""
    return _demo_themes.show(now=now)


def work_warnings(*, staff: Staff, now: datetime) -> Worked:
    """Let simulated people work warnings as far as they do on a day; return what was done."""
    return _demo_warnings.work(staff=staff, now=now)


def warn_some(*, staff: Staff, now: datetime) -> list[str]:
    """Let detectors look on the last mornings and people work the warnings; return those that opened."""
    return _demo_warnings.mornings(staff=staff, now=now)


def call_first(*, seed: int, now: datetime) -> Called:
    """Make the lists of whom to call first and let simulated people call; return whom they spoke to."""
    return _demo_moves.call(seed=seed, now=now)


def begin_day(*, now: datetime) -> None:
    """Do what the worker does by itself at midnight: limits, repeated contacts, promises, filings.

    What is opened here on the new day has numbers far behind those that its file will bring.
    """
    _demo_quarter.look(now)
    repeat.alarm(now=now)
    _demo_numbers.count_from(now, _demo_numbers.BEHIND)
