"""From the boxes of a form to the entry a file would hold, and back; one list of fields a kind."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field
from suyuan.domain.rulebook.checks import CONFIRMED
from suyuan.store import rules
from suyuan.store.queries.viewer import Viewer

from .. import forms
from ..templatetags.ui import lang
from . import codes, hints, played, said
from .kinds import CHOICE, CHOICES, FIELDS, LONG

BOTH = ("title", "text", "say", "begins")
"""Keys that hold a text in each language, each typed into a box of its own."""
WHY = Field("why", LONG)


def fields(kind: str) -> tuple[Field, ...]:
    """Return the fields the form of a kind asks for; an unknown kind raises."""
    if kind not in FIELDS:
        raise BadInput("unknown_value", field="kind", value=kind)
    return (*(how.field for how in FIELDS[kind]), WHY)


def boxes(viewer: Viewer, kind: str, entry: forms.Entry) -> list[forms.Box]:
    """Return the boxes of the form of a kind, their codes in words."""
    shelves = {how.field.name: how.words for how in FIELDS[kind] if how.field.type in (CHOICE, CHOICES)}
    return [
        replace(
            box,
            choices=[(code, codes.word(shelves[box.name], code)) for code, _ in box.choices]
            if shelves.get(box.name)
            else box.choices,
            hint=hints.hint(kind, box.name),
            phrases=[],
        )
        for box in forms.boxes(viewer, fields(kind), _with_documents(entry), kind)
    ]


def _with_documents(entry: forms.Entry) -> forms.Entry:
    """Return what goes into a form with the documents a clause may belong to."""
    documents = [(number, rules.label("document", number, lang())) for number in rules.rulebook().documents]
    return replace(entry, suggest={"clause_document": documents})


def entry(kind: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the entry of what was typed; raise BadInput naming the boxes that cannot be read."""
    found: dict[str, Any] = {}
    problems = {}
    for how in FIELDS[kind]:
        text = typed.get(how.field.name, "")
        if not text:
            if how.field.required:
                problems[how.field.name] = "required"
            elif how.field.type is CHOICES:  # nothing ticked is an answer too
                found[how.key] = how.reads("")
            continue
        try:
            found[how.key] = how.reads(text)
        except ValueError:
            problems[how.field.name] = "not_readable"
    if problems:
        raise BadInput("bad_form", fields=problems)
    for name in BOTH:
        if f"{name}_zh" in found:
            found[name] = {"zh": found.pop(f"{name}_zh"), "en": found.pop(f"{name}_en")}
    if kind in ("confirm", "revoke"):
        found[found.pop("of")] = found.pop("key")
    return found


def flat(kind: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry by the name of the field each is typed into."""
    known = dict(entry)
    for name in BOTH:
        if isinstance(both := known.get(name), Mapping):
            known[f"{name}_zh"], known[f"{name}_en"] = both["zh"], both["en"]
    if kind in ("confirm", "revoke"):
        of = next((name for name in CONFIRMED if name in known), "")
        known["of"], known["key"] = of, known.get(of, "")
    return {how.field.name: known[how.key] for how in FIELDS[kind] if how.key in known}


def typed(kind: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the boxes for an entry."""
    several = {how.field.name for how in FIELDS[kind] if how.field.type is CHOICES}
    values = flat(kind, entry)
    return {name: " ".join(value) if name in several else text(value) for name, value in values.items()}


def text(value: Any) -> str:
    """Return a value of an entry as it is typed."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if played.are_steps(value):
        return played.typed(value)
    if isinstance(value, list | tuple):
        return "、".join(text(one) for one in value)
    if isinstance(value, Mapping):
        lists = all(
            isinstance(one, list | tuple) and all(isinstance(x, str) for x in one) for one in value.values()
        )
        if lists and value:
            return "\n".join(f"{name}: {text(one)}" for name, one in value.items())
        return "\n".join(f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in value.items())
    return "" if value is None else str(value)


def problems(kind: str, wrong: BadInput) -> dict[str, str]:
    """Return where in the form an entry does not fit, in words."""
    full = str(wrong.facts.get("key", ""))
    names = {how.key: how.field.name for how in FIELDS[kind]} | {"title": "title_zh"}
    key = full.replace(".", "_") if full.partition(".")[0] in BOTH else full.partition(".")[0]
    return {names[key]: said.said(str(wrong.facts.get("problem", "")))} if key in names else {}
