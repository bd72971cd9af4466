"""A wording as it will be read: with sample values, in both languages, with the parts an SMS leaves in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from suyuan.domain.rulebook import messages
from suyuan.store import rules, wording

from ..templatetags.ui import lang
from . import said


@dataclass(frozen=True, slots=True)
class Preview:
    """A template in one language, filled in."""

    language: str
    subject: str
    text: str
    characters: int
    parts: int


@dataclass(frozen=True, slots=True)
class Previews:
    """A template in both languages, and the variables it may name."""

    variables: list[tuple[str, str]]
    shown: list[Preview]


def of_entry(kind: str, entry: Mapping[str, Any]) -> Previews | None:
    """Return how an entry of the rulebook will be read, None where it words no message."""
    if kind != "message":
        return None
    return _previews(str(entry["template"]), {"subject": entry["title"], "text": entry["text"]})


def with_wording(typed: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return what was typed, the boxes left empty filled with how the template is worded now."""
    if typed.get("template") not in messages.TEMPLATES:
        return dict(typed)
    worded = wording.pattern(typed["template"], now)
    now_in_force = {
        f"{box}_{language}": worded[part][language]
        for box, part in (("title", "subject"), ("message", "text"))
        for language in ("zh", "en")
    }
    return {**now_in_force, **{name: value for name, value in typed.items() if value}}


def of_typed(typed: Mapping[str, str]) -> tuple[Previews | None, dict[str, str]]:
    """Return how what was typed will be read, and what is wrong with it by box."""
    if typed.get("template") not in messages.TEMPLATES:
        return None, {}
    allowed = messages.samples(typed["template"])
    wrong = {
        box: said.said(problem)
        for box in ("message_zh", "message_en")
        if (problem := messages.problem(typed.get(box, ""), allowed))
    }
    both = {language: typed.get(f"message_{language}", "") for language in ("zh", "en")}
    content = {"subject": {language: typed.get(f"title_{language}", "") for language in both}, "text": both}
    if wrong:
        return Previews(_variables(typed["template"]), []), wrong
    return _previews(typed["template"], content), {}


def _variables(template: str) -> list[tuple[str, str]]:
    return [(name, rules.label("variable", name, lang())) for name in messages.samples(template)]


def _previews(template: str, content: wording.Content) -> Previews:
    facts = messages.samples(template)
    case, terms = facts.pop("case", ""), rules.rulebook().figures["sms.part"][-1].terms
    shown = []
    for language in ("zh", "en"):
        words = wording.words(template, facts, case, language, content)
        characters, parts = messages.segments(words.text, terms)
        shown.append(Preview(language, words.subject, words.text, characters, parts))
    return Previews(_variables(template), shown)
