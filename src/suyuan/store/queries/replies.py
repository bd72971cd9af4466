"""A reply as it was handed in, read for what it lacks and what is doubtful in it; masked as people see it."""

from collections.abc import Mapping

from suyuan.domain import masking, reply
from suyuan.domain.reply import Objection, Reading, Weight
from suyuan.store.models import Case

from . import texts as drawing

PARTS = ("cause", "measures", "reply")
"""The texts handed in with a finding: read together, none has to repeat another."""


def read(case: Case, texts: Mapping[str, str]) -> Reading:
    """Return the reading of what is handed in, held against what the customer said."""
    rules = reply.shipped()
    said = "\n".join(masking.mask(texts[name]) for name in PARTS if texts.get(name))
    return reply.read(said, rules.required_of(case.procedure, case.category), rules, _complaint(case))


def _complaint(case: Case) -> str:
    first = case.contacts.order_by("pk").values_list("masked", flat=True).first()
    return first or case.brief


def handed_in(case: Case) -> dict[str, str]:
    """Return what was last handed in, masked as it is drawn."""
    rows, draw = case.notes.filter(field__in=PARTS).order_by("pk"), drawing.drawn(case)
    return {field: draw(masked) for field, masked in rows.values_list("field", "masked")}


def lacking(found: Reading) -> list[str]:
    """Return the items without which a reply does not leave, by code."""
    return [one.about for one in found.objections if one.code == "missing" and one.weight is Weight.HIGH]


def advised(found: Reading) -> list[str]:
    """Return the items a reply had better say, by code: the reviewer is told that they are missing."""
    return [one.about for one in found.objections if one.code == "missing" and one.weight is not Weight.HIGH]


def gaps(found: Reading) -> dict[str, list[str]]:
    """Return all that is wrong with a reply at once, as the facts of a refusal; empty ones left out."""
    said = {"reply_item": lacking(found), "reply_item_too": advised(found), "doubts": marks(found)}
    return {name: codes for name, codes in said.items() if codes}


def doubtful(found: Reading) -> list[Objection]:
    """Return what a reviewer passes over only with a word on it."""
    return [one for one in found.objections if one.code != "missing" and one.weight is Weight.HIGH]


def marks(found: Reading) -> list[str]:
    """Return the codes of what is doubtful, each once."""
    return list(dict.fromkeys(one.code for one in doubtful(found)))
