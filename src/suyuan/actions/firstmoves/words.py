"""A first move in words: why to call, and the sentence to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from suyuan.analytics import firstcalls
from suyuan.store import rules
from suyuan.store.queries import warnings

from ..detecting.sentences import told, worded
from ._signals import COMMITMENT


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the card of an entry."""

    why: tuple[str, ...]
    """The chain of reasons, the weightiest last."""
    say: str


def words(reasons: list[Mapping[str, Any]], on: date, lang: str) -> Words:
    """Return the reasons of an entry of a day and what to say for the first of them, in ``zh`` or ``en``."""
    first = reasons[0]
    facts = _facts(first["facts"])
    why = [] if "accepted" not in facts else [_told("accepted", facts, lang)]
    if first["facts"].get("times", 1) > 1:
        why.append(_told("times", facts, lang))
    if "urges" in facts:
        why.append(_told("urges", facts, lang))
    titles = (title for one in reversed(reasons) if (title := _title(one, lang)))
    return Words(tuple(dict.fromkeys((*why, *titles))), _say(first, facts, on, lang))


def promise(reasons: list[Mapping[str, Any]], lang: str) -> str:
    """Return the promise at stake that breaks first, in words; empty where none is."""
    found = [one for one in reasons if one["promise"]]
    first = min(found, key=lambda one: (one["due"] is None, one["due"] or ""), default=None)
    if first is None:
        return ""
    named = first["promise"]
    kind = "move_promise" if named == COMMITMENT else "detector" if named == first["detector"] else "limit"
    return rules.label(kind, named, lang)


def _told(code: str, facts: Mapping[str, str], lang: str) -> str:
    return rules.label("move_fact", code, lang).format_map(facts)


def _facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts of a reason as they are filled into its sentences."""
    told = {name: str(value) for name, value in facts.items()}
    for name in ("accepted", "due", "on"):
        if name in told:
            told[name] = _local(told[name])
    if "accepted" in told:
        told["accepted"] = told["accepted"][:10]
    return told


def _local(moment: str) -> str:
    if len(moment) <= len("2026-03-04"):
        return moment
    at = datetime.fromisoformat(moment).astimezone(rules.rulebook().calendar.zone)
    return f"{at:%Y-%m-%d %H:%M}"


def _title(reason: Mapping[str, Any], lang: str) -> str:
    code = reason["code"]
    if reason["source"] == "order":
        return "" if code == "repeat" else str(firstcalls.said_of(code)["title"][lang])
    if reason["source"] == "signal":
        return worded(code, reason["facts"], lang)
    facts = {name: str(value) for name, value in reason["facts"].items()}
    return rules.label("move_reason", code, lang).format_map(facts)


def _say(reason: Mapping[str, Any], facts: Mapping[str, str], on: date, lang: str) -> str:
    code = reason["code"]
    if reason["source"] == "order":
        return str(firstcalls.said_of(code)["say"][lang]).format_map(facts)
    if reason["source"] == "signal":
        if said := _of_playbook(reason, on, lang):
            return said
        why = worded(code, reason["facts"], lang)
        return rules.label("move_say", "signal", lang).format(why=why)
    return rules.label("move_say", code, lang).format_map(facts)


def _of_playbook(reason: Mapping[str, Any], on: date, lang: str) -> str:
    """Return what the playbook of a detector, else of a category that fits it, has a customer told."""
    found = warnings.books(reason["detector"], reason["category"], on)
    return told(getattr(found[0].say, lang), reason["facts"], lang) if found else ""
