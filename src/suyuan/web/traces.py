"""Complaints drawn back to their cause on the event log of this home, within the viewer's reach.

The log is the one that was taken over (actions/trace); without it nothing can be traced.
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext

from suyuan.actions import trace
from suyuan.analytics.trace import blocked
from suyuan.analytics.trace.rules import Blocking, matches
from suyuan.gateways import ocel
from suyuan.store import event_log
from suyuan.store.queries import cases, org, personal
from suyuan.store.queries.viewer import Viewer

from .templatetags.ui import joined, lang

MOST = 40
"""So many accounts with a run of symptoms are looked at for the front page."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A chain with the words a page shows."""

    number: str
    category: str
    chain: blocked.Chain
    sentence: str
    account: str
    names: dict[str, str]
    rule: Blocking


def numbers() -> tuple[str, ...]:
    """Return the complaints that the log can draw back, the latest first."""
    path = event_log.path()
    return _numbers(path, path.stat().st_mtime_ns) if path.exists() else ()


@functools.lru_cache(maxsize=2)
def _numbers(path: Path, changed: int) -> tuple[str, ...]:
    told: dict[str, datetime] = {}
    for rule in trace.rules():
        counts = ocel.objects_with(path, lambda name, rule=rule: matches(name, rule.symptom), rule.at_least)
        kinds = ocel.types_of(path, counts)
        accounts = [thing for thing in counts if matches(kinds.get(thing, ""), rule.places)]
        for account in sorted(accounts)[:MOST]:
            log = trace.near(path, account, 0, rule)
            for thing in log.neighbours(account):
                if matches(log.types.get(thing, ""), rule.complaints) and trace.drawn_back(
                    path, changed, thing
                ):
                    told[thing] = log.events(thing)[0].at
    return tuple(sorted(told, key=lambda number: told[number], reverse=True))


def in_reach(viewer: Viewer) -> list[str]:
    """Return the traced complaints the viewer may open."""
    known = numbers()
    seen = cases.seen(viewer, known) if known else set()
    return [number for number in known if number in seen]


def traced(viewer: Viewer, number: str) -> Traced | None:
    """Return a complaint in reach with its chain in words; None if the log shows no cause."""
    case = cases.get(viewer, number)
    found = trace.chain_of(number)
    if found is None:
        return None
    shown, rule = found
    names = {actor: _name(actor) for node in shown.nodes for actor in node.actors}
    sentence = rule.sentence[lang()].format(
        times=len(shown.symptom.events),
        order=f"{shown.stuck.type}{called(shown.stuck.thing)}",
        blocker=f"{shown.blocker.type}{called(shown.blocker.thing)}",
        last=shown.blocker.events[-1].activity,
        owner=joined(dict.fromkeys(names[actor] for actor in shown.owners if names[actor]))
        or gettext("责任单位（编码不在单位表里）"),
    )
    return Traced(number, case.category, shown, sentence, _account(viewer, case, shown), names, rule)


def _account(viewer: Viewer, case, shown: blocked.Chain) -> str:  # type: ignore[no-untyped-def]
    """Return the account as it may be shown: masked where it is the case's own, else what stands for it."""
    thing = shown.symptom.thing
    own = bool(case.account_index) and thing == event_log.meeting(case.account_index)
    return (personal.shown(viewer, case).get("account") if own else None) or called(thing)


def called(thing: str) -> str:
    """Return the number of an object, or a short sign where a reference stands for it."""
    return gettext("代号 %(sign)s") % {"sign": thing[1:7]} if event_log.is_reference(thing) else thing


def _name(actor: str) -> str:
    """Return the name of a unit; people stay unnamed, for the finding is about a step and not a person."""
    return org.unit(actor).name if org.exists(actor) else ""
