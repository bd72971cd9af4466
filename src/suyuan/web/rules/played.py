"""The steps of a playbook: as they are typed, one a line, and as they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from suyuan.domain.rulebook.playbooks import WITHIN
from suyuan.store import rules

from .. import words
from ..templatetags.ui import lang

PARTS = 6
"""Parts of a line: action, action in English, owner, limit, check, check in English."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One step in the reader's language."""

    action: str
    owner: str
    within: str
    check: str


def steps(text: str) -> list[dict[str, Any]]:
    """Return the steps of a text, one a line of six parts set apart by |; raise ValueError for another."""
    return [_step(line) for line in text.splitlines() if line.strip()]


def _step(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    if len(parts) != PARTS:
        raise ValueError(line)
    action, action_en, owner, within, check, check_en = parts
    amount, unit, *kind = within.split()
    (named,) = kind or [WITHIN]
    limit = {"amount": int(amount), "unit": unit, "kind": named}
    return {
        "action": {"zh": action, "en": action_en},
        "owner": owner,
        "limit": limit,
        "check": {"zh": check, "en": check_en},
    }


def are_steps(value: Any) -> bool:
    """Tell whether a value of an entry is the steps of a playbook."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def typed(found: Iterable[Mapping[str, Any]]) -> str:
    """Return steps as they are typed."""
    return "\n".join(" | ".join(_parts(one)) for one in found)


def _parts(one: Mapping[str, Any]) -> list[str]:
    action, limit, check = one["action"], one["limit"], one["check"]
    within = f"{limit['amount']} {limit['unit']}"
    if (kind := limit.get("kind", WITHIN)) != WITHIN:
        within = f"{within} {kind}"
    return [action["zh"], action["en"], one["owner"], within, check["zh"], check["en"]]


def shown(found: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """Return the steps of an entry in the reader's language."""
    return [
        Shown(
            one["action"][lang()],
            rules.label("role", one["owner"], lang()),
            words.budget(**one["limit"]),
            one["check"][lang()],
        )
        for one in found
    ]


def said(found: Iterable[Mapping[str, Any]]) -> str:
    """Return steps in words, one a line."""
    lines = (
        f"{at}. {one.action} · {one.owner} · {one.within} · {one.check}"
        for at, one in enumerate(shown(found), 1)
    )
    return "\n".join(lines)


def beside(kind: str, newest: Any) -> list[tuple[str, str, str]]:
    """Return kind, key and title of what a playbook turns to, or of what turns to a template."""
    book = rules.rulebook()
    if kind == "playbook":
        found = [("emergency", book.emergencies[newest.emergency])] if newest.emergency else []
    elif kind == "emergency":
        found = [("playbook", one) for one in book.playbooks.values() if one.emergency == newest.code]
    else:
        return []
    return [(named, one.key, getattr(one.title, lang())) for named, one in found]
