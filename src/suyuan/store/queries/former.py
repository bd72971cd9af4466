"""What was last written with a verb on a case: where the form begins when the same is written again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.fields import Field, Type
from suyuan.domain.signatures import WRITTEN_AGAIN
from suyuan.store.models import Case, Event

from . import inquiry, texts


@dataclass(frozen=True, slots=True)
class Former:
    """What a form held when it was last handed in, as it is typed; texts masked as on the case's page."""

    at: datetime
    by: str
    values: Mapping[str, str]


def of(case: Case, verbs: Collection[str]) -> dict[str, Former]:
    """Return what was last handed in with those of the verbs whose forms begin with it."""
    asked = WRITTEN_AGAIN & set(verbs)
    if not asked:
        return {}
    last: dict[str, Event] = {}
    for event in Event.objects.filter(stream=f"case:{case.number}", verb__in=asked).order_by("seq"):
        last[event.verb] = event
    refs = {
        value["note"] for one in last.values() for value in _form(one).values() if isinstance(value, dict)
    }
    notes = case.notes.filter(ref__in=refs).values_list("ref", "masked") if refs else ()
    draw = texts.drawn(case)
    said = {ref: draw(masked) for ref, masked in notes}
    return {verb: Former(one.at, one.actor, _typed(one, said)) for verb, one in last.items()}


def _form(event: Event) -> Mapping[str, object]:
    found: Mapping[str, object] = event.detail.get("form") or {}
    return found


def _typed(event: Event, said: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name, value in _form(event).items():
        text = said.get(value["note"], "") if isinstance(value, dict) else _as_typed(value)
        if text:
            values[name] = text
    return values


def _as_typed(value: object) -> str:
    """Return a value of an event as somebody types it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return str(value)


def begins(former: Former, asked: Iterable[Field]) -> dict[str, str]:
    """Return the values a form begins with; a moment never: what is done again is done at its own time."""
    wanted = {field.name for field in asked if field.type is not Type.MOMENT}
    return {name: value for name, value in former.values.items() if name in wanted}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found of an item before the reply or the unit changed: to be confirmed, or found anew."""

    item: int
    at: datetime
    by: str
    values: Mapping[str, str]


def proposals(found: inquiry.Inquiry) -> list[Proposal]:
    """Return the findings that fell though what the item asks for is the same; one never judged has none."""
    return [
        Proposal(
            item.seq,
            item.decided_at,
            item.decided_by,
            {name: value for name in ("finding", "clause", "evidence") if (value := getattr(item, name))},
        )
        for item in found.items
        if item.finding and not found.stands(item)
    ]
