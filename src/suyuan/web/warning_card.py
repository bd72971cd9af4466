"""What the page of a warning shows: its signals, its playbook as a checklist, what was done, its proof."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from suyuan.domain import fields
from suyuan.domain import warning as rule
from suyuan.store import rules
from suyuan.store.queries import cases, evidence, listing, recoveries, signal_accounts, warnings
from suyuan.store.queries.viewer import Viewer

from . import forms, prevention
from . import recoveries as recovery_words
from . import signal_words as words
from .names import named
from .templatetags.ui import lang, local

RECORDED = (fields.MEASURES.optional, fields.EVIDENCE.optional)
"""What may be said where a step of the playbook is ticked off."""


def choices(case) -> dict[str, forms.Choices]:  # type: ignore[no-untyped-def]
    """Return the steps of the playbook as the form of a warning offers them, nothing for other cases."""
    if case.procedure != rule.PROCEDURE:
        return {}
    one = warnings.of_case(case)
    found = prevention.steps(warnings.steps(warnings.books_of(one))) if one else []
    return {rule.PLAYBOOK_STEP.name: [(str(one["n"]), f"{one['n']}. {one['action']}") for one in found]}


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return what the page of a warning shows, nothing for other cases."""
    if (one := warnings.of_case(case)) is None:
        return {}
    mine, done = warnings.signals_of(one), warnings.acts(one)
    whose = signal_accounts.of(viewer, mine)
    who, names = named(each.by for each in done), _names(viewer, case, done)
    lines = [_act(each, who, names) for each in done]
    behind = _behind(viewer, mine)
    by_step = {each.step: line for each, line in zip(done, lines, strict=True) if each.step}
    files = [(each.sha256, each.name) for each in evidence.pieces(viewer, case)]
    books, facts = warnings.books_of(one), mine[0].facts if mine else {}
    checklist = [
        step | {"done": by_step.get(step["n"]), "boxes": _boxes(viewer, step["n"], files)}
        for step in prevention.steps(warnings.steps(books), case.taken_at, now)
    ]
    return {
        "warning": one,
        "warning_said": words.headline(mine[0]) if mine else "",
        "warning_signals": [_signal(each, whose) for each in mine],
        "warning_books": prevention.books(books, facts),
        "warning_emergency": prevention.emergency(books, facts),
        "warning_steps": checklist,
        "warning_left": sum(step["done"] is None for step in checklist),
        "warning_acts": [line for each, line in zip(done, lines, strict=True) if not each.step],
        "warning_proof": _proof(one.proof),
        "warning_verdict": _reason(one.verdict),
        "warning_none": _reason((one.proof or {}).get(rule.FALSE_ALARM, ""))
        if case.state == "deciding"
        else "",
        "warning_named": _named(case, one, mine, now),
        "warning_cases": behind,
        "warning_clocks": _clocks(behind, now),
    }


def _named(case, one, mine, now) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Return of which month a unit was named and what it replied, nothing for other warnings."""
    if case.business_type != rule.NAMED or not mine:
        return {}
    return {
        "month": mine[0].facts["month"],
        "replied": local(one.replied_at) if one.replied_at else "",
        "promised": one.promised_on.isoformat() if one.promised_on else "",
        "late": one.promised_on is not None and case.is_open and one.promised_on < rules.local_day(now),
    }


def _reason(code: str) -> str:
    return rules.label("reason.false_alarm", code, lang()) if code else ""


def _clocks(behind: Sequence[Any], now: datetime) -> list[dict[str, object]]:
    """Return the golden times of recovery that run in cases behind a warning, the first to end first."""
    found = recoveries.watches([case for case in behind if not case.restricted])
    waiting = [(number, one) for number, one in found.items() if one.acted is None]
    return [
        {"number": number, "due": one.due, "says": recovery_words.says(one, one.state(now), now)}
        for number, one in sorted(waiting, key=lambda pair: pair[1].due)
    ]


def _names(viewer: Viewer, case, done: Sequence[Any]) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Return what the files are called that were named as evidence, by their digest."""
    if not any(each.evidence for each in done):
        return {}
    return {one.sha256: one.name for one in evidence.pieces(viewer, case)}


def _boxes(viewer: Viewer, n: int, files: forms.Choices) -> list[forms.Box]:
    chosen = forms.Entry(choices={"evidence": files}) if files else forms.Entry()
    return forms.boxes(viewer, RECORDED, chosen, f"step{n}")


def _signal(row, whose) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "sentence": words.headline(row),
        "url": words.address(row),
        "about": words.about(row, whose) if row.object in whose else "",
        "case": whose[row.object].case if row.object in whose else "",
        "detector": words.detector(row.detector),
        "level": words.level(row.level),
        "state": words.state(row.state, came_true=row.came_true_at is not None),
        "observed": words.measured(row.observed, row.detector, row.facts),
        "expected": words.measured(row.expected, row.detector, row.facts),
        "last_seen": row.last_seen,
    }


def _act(one, who: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "at": local(one.at),
        "by": who.get(one.by, one.by),
        "evidence": [
            {"name": names.get(digest, digest[:12]), "at": f"e-{digest[:16]}"}
            for digest in rule.pieces(one.evidence)
        ],
        "said": one.note.masked if one.note else "",
    }


def _proof(proof: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return how each signal stood when it began and when the closing was proposed."""
    if not proof:
        return []
    return [
        {
            "detector": words.detector(one["detector"]),
            "state": words.state(one["state"], came_true=one.get("came_true", False)),
            "change": gettext("%(first)s → %(last)s（对照 %(expected)s）")
            % {
                "first": words.measured(one["first"], one["detector"]),
                "last": words.measured(one["observed"], one["detector"]),
                "expected": words.measured(one["expected"], one["detector"]),
            },
        }
        for one in proof["signals"]
    ]


def _behind(viewer: Viewer, mine) -> list[Any]:  # type: ignore[no-untyped-def]
    """Return the cases behind the signals of a warning that the viewer may see, the newest first."""
    numbers = {number for one in mine for number in one.cases}
    found = cases.reached_of(viewer, sorted(numbers)[: listing.DEEPEST]) if numbers else {}
    return sorted(found.values(), key=lambda case: case.accepted_at, reverse=True)
