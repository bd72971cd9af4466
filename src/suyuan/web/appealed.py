"""What the page of a case shows of appeals, of the review of its claim, and of staff protection."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.appeal import Claim, Condition
from suyuan.domain.procedure import knows
from suyuan.domain.procedures import _appeals, frozen
from suyuan.domain.protection import PROCEDURE as PROTECTION
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.queries import appeals, cases, protections, texts
from suyuan.store.queries.viewer import Viewer

from .names import Named, named
from .templatetags.ui import lang, local


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as it stands on the page."""

    title: str
    met: bool
    binding: bool
    said: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on an appeal."""

    final: bool
    upheld: bool
    who: Named
    at: datetime


def panel(viewer: Viewer, case, now: datetime) -> dict[str, object]:
    """Return what stands on the page of a case about appeals, its claim, or a colleague."""
    if case.procedure == PROTECTION:
        return _protection(case)
    own = {"appeal": _appeal, "claim_review": _claim}.get(case.procedure)
    return own(case, now) if own else _of_parent(viewer, case, now)


def _appeal(case, now: datetime) -> dict[str, object]:
    found, parent = appeals.of(case), cases.unscoped(case.parent_number)
    seals = appeals.seals_of([found])[found.pk]
    who = named([*(one.put_by for one in seals), found.first_by, found.final_by])
    told = (
        (False, found.first_upheld, found.first_by, found.first_at),
        (True, found.final_upheld, found.final_by, found.final_at),
    )
    made = [(final, upheld, by, at) for final, upheld, by, at in told if at is not None]
    return {
        "appeal": found,
        "appeal_texts": _texts(case, ("what_happened", "aim")),
        "conditions": lines(appeals.checked(parent, now, found)),
        "seals": [(one, who[one.put_by]) for one in seals],
        "decisions": [Decision(final, bool(upheld), who[by], at) for final, upheld, by, at in made],
    }


def _claim(case, now: datetime) -> dict[str, object]:
    found = appeals.claim_of(case)
    return {
        "claim": found,
        "claim_texts": _texts(case, ("what_happened",)),
        "claim_standing": appeals.standing(found, now).value,
        "reviewers": named([found.first_by, found.decided_by]),
    }


def _protection(case) -> dict[str, object]:
    return {
        "protection": protections.of(case),
        "protected": named([case.entrusted])[case.entrusted],
        "protection_texts": _texts(case, ("what_happened",)),
    }


def _texts(case, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the newest text of each field of a case, as it is drawn."""
    drawn = texts.drawn(case)
    kept = case.notes.filter(field__in=names).order_by("pk").values_list("field", "masked")
    found = {field: drawn(masked) for field, masked in kept}
    return [(name, found[name]) for name in names if name in found]


def _of_parent(viewer: Viewer, case, now: datetime) -> dict[str, object]:
    """Return the appeal on a case and how its claim stands; before there is an appeal, its conditions."""
    if not knows(frozen.pinned(case.procedure, case.version), _appeals.ASK_CLAIM):
        return {}
    claim = appeals.claim_on(case.number)
    standing = appeals.standing(claim, now)
    shown: dict[str, object] = {"claim_on": claim, "claim_standing": standing.value if claim else ""}
    if case.state != State.ARCHIVED:
        return shown if standing is not Claim.NONE else {}
    on = appeals.on(case.number)
    may = viewer.actor.over_case(case.unit.path) & set(_appeals.UNIT)
    checked = lines(appeals.checked(case, now)) if on is None and may and not case.restricted else []
    return shown | {"appeal_on": on, "conditions": checked}


def lines(found: Iterable[Condition]) -> list[Line]:
    """Return conditions in words: what each is, whether it is met, and what it was held against."""
    return [Line(_title(one), one.met, one.binding, _said(one)) for one in found]


def _title(one: Condition) -> str:
    return rules.label("appeal_condition", one.code, lang())


def _said(one: Condition) -> str:
    if one.code == "in_window" and one.said:
        return str(local(datetime.fromisoformat(one.said)))
    return rules.label("claim_standing", one.said, lang()) if one.code == "claim_in_force" else one.said
