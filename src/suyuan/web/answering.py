"""Who answers for a case, as its page says it: the three parts and the customer's one face."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.rulebook.duties import Letter
from suyuan.store import rules
from suyuan.store.queries import duties, parts

from .names import Named, named
from .templatetags.ui import joined, lang


@dataclass(frozen=True, slots=True)
class Holder:
    """One of those who answer for a case, in words."""

    title: str
    duty: str
    unit: str
    people: list[Named]
    more: int
    owes: list[str]


def panel(case, handler: Named | None, now: datetime) -> dict[str, object]:
    """Return what a page says of who has a case in hand, who answers for it and who owes what now."""
    return {"handler": handler, "holders": holders(case), "step": step(case, now)}


def step(case, now: datetime) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the step a case waits for, in words, with the posts by what they owe there."""
    found = duties.of_case(case, now) if case.is_open else None
    if found is None:
        return None
    verb, duty = found
    said = [
        (rules.label("duty", letter.value, lang()), posts_in_words(posts))
        for letter, posts in duty.posts.items()
        if posts and letter is not Letter.C
    ]
    return rules.label("verb", verb, lang()), said


def posts_in_words(posts: Iterable[str]) -> str:
    """Return posts as one line."""
    return joined(rules.label("post", post, lang()) for post in posts)


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
            more=one.more,
            owes=[rules.label("verb", verb, lang()) for verb in one.owes],
        )
        for one in found
    ]


def _unit(case, one: parts.Holder) -> str:
    """Return the place of a part: of the specialty its name, of the others their unit."""
    if one.part is parts.Part.SPECIALTY and case.specialty:
        return rules.label("specialty", case.specialty, lang())
    return one.unit.name if one.unit else ""
