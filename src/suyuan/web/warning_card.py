"""What the page of a warning shows: its signals, its playbook as a checklist, what was done, its proof."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from suyuan.domain import fields
from suyuan.domain import warning as rule
from suyuan.store import rules
from suyuan.store.queries import cases, listing, warnings
from suyuan.store.queries.viewer import Viewer

from . import forms
from . import signal_words as words
from .names import named
from .templatetags.ui import lang, local
from .words import LENGTHS

RECORDED = (fields.MEASURES.optional, fields.EVIDENCE.optional)
"""What may be said where a step of the playbook is ticked off."""


def steps(category: str, on: datetime) -> list[dict[str, Any]]:
    """Return the steps of the playbook of a category in words."""
    book = warnings.playbook(category, rules.local_day(on))
    return [
        {
            "n": n,
            "action": getattr(one.action, lang()),
            "owner": rules.label("role", one.owner, lang()),
            "limit": LENGTHS[one.limit.unit] % {"n": one.limit.amount},
            "check": getattr(one.check, lang()),
        }
        for n, one in enumerate(book, start=1)
    ]


def choices(case) -> dict[str, forms.Choices]:  # type: ignore[no-untyped-def]
    """Return the steps of the playbook as the form of a warning offers them, nothing for other cases."""
    if case.procedure != rule.PROCEDURE:
        return {}
    found = steps(case.category, case.accepted_at)
    return {rule.PLAYBOOK_STEP.name: [(str(one["n"]), f"{one['n']}. {one['action']}") for one in found]}


def panel(viewer: Viewer, case) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of a warning shows, nothing for other cases."""
    if (one := warnings.of_case(case)) is None:
        return {}
    mine, done = warnings.signals_of(one), warnings.acts(one)
    who = named(each.by for each in done)
    lines = [_act(each, who) for each in done]
    by_step = {each.step: line for each, line in zip(done, lines, strict=True) if each.step}
    checklist = [
        step | {"done": by_step.get(step["n"]), "boxes": _boxes(viewer, step["n"])}
        for step in steps(case.category, case.accepted_at)
    ]
    return {
        "warning": one,
        "warning_signals": [_signal(each) for each in mine],
        "warning_steps": checklist,
        "warning_left": sum(step["done"] is None for step in checklist),
        "warning_acts": [line for each, line in zip(done, lines, strict=True) if not each.step],
        "warning_proof": _proof(one.proof),
        "warning_verdict": rules.label("reason.false_alarm", one.verdict, lang()) if one.verdict else "",
        "warning_cases": _behind(viewer, mine),
    }


def _boxes(viewer: Viewer, n: int) -> list[forms.Box]:
    return forms.boxes(viewer, RECORDED, forms.Entry(), f"step{n}")


def _signal(row) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "sentence": words.sentence(row),
        "url": words.address(row),
        "detector": words.detector(row.detector),
        "level": words.level(row.level),
        "state": words.state(row.state),
        "observed": words.number(row.observed),
        "expected": words.number(row.expected),
        "last_seen": row.last_seen,
    }


def _act(one, who: Mapping[str, object]) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "at": local(one.at),
        "by": who.get(one.by, one.by),
        "evidence": one.evidence,
        "said": one.note.masked if one.note else "",
    }


def _proof(proof: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return how each signal stood when it began and when the closing was proposed."""
    if not proof:
        return []
    return [
        {
            "detector": words.detector(one["detector"]),
            "state": words.state(one["state"]),
            "change": gettext("%(first)s → %(last)s（对照 %(expected)s）")
            % {
                "first": words.number(one["first"]),
                "last": words.number(one["observed"]),
                "expected": words.number(one["expected"]),
            },
        }
        for one in proof["signals"]
    ]


def _behind(viewer: Viewer, mine) -> list[object]:  # type: ignore[no-untyped-def]
    """Return the cases behind the signals of a warning that the viewer may see, the newest first."""
    numbers = {number for one in mine for number in one.cases}
    found = cases.reached_of(viewer, sorted(numbers)[: listing.DEEPEST]) if numbers else {}
    return sorted(found.values(), key=lambda case: case.accepted_at, reverse=True)
