"""Who answers for a case, as its page says it: the three parts and the customer's one face."""

from dataclasses import dataclass

from suyuan.store import rules
from suyuan.store.queries import parts

from .names import Named, named
from .templatetags.ui import lang


@dataclass(frozen=True, slots=True)
class Holder:
    """One of those who answer for a case, in words."""

    title: str
    duty: str
    unit: str
    people: list[Named]
    owes: list[str]


def panel(case, handler: Named | None) -> dict[str, object]:
    """Return what a page says of who has a case in hand and who answers for it."""
    return {"handler": handler, "holders": holders(case)}


def holders(case) -> list[Holder]:
    """Return who answers for a case and what is open to each now."""
    found = parts.of(case)
    called = named(name for one in found for name in one.people)
    return [
        Holder(
            title=rules.label("part", one.part.value, lang()),
            duty=rules.label("part_duty", one.part.value, lang()),
            unit=_unit(case, one),
            people=[called[name] for name in one.people],
            owes=[rules.label("verb", verb, lang()) for verb in one.owes],
        )
        for one in found
    ]


def _unit(case, one: parts.Holder) -> str:
    """Return the place of a part: of the specialty its name, of the others their unit."""
    if one.part is parts.Part.SPECIALTY and case.specialty:
        return rules.label("specialty", case.specialty, lang())
    return one.unit.name if one.unit else ""
