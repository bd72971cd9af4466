"""Who else was brought in on a case, on its page: what was relayed, what support was asked for."""

from dataclasses import dataclass
from datetime import datetime

from suyuan.store.queries import desks, improvements, supports, texts
from suyuan.store.queries.viewer import Viewer

from . import ledger, liability
from .names import Named, named

SHORT = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One message the workstation passed on, and what came back."""

    seq: int
    to: str
    message: str
    who: Named
    at: datetime
    came_back: str
    answered_by: Named | None
    answered_at: datetime | None


def panel(viewer: Viewer, case) -> dict[str, object]:
    """Return what the page of a case shows of others who were brought in."""
    found, draw = desks.relays_of(case), texts.drawn(case)
    who = named(name for one in found for name in (one.sent_by, one.answered_by))
    return {
        "relayed": [
            Told(
                one.seq,
                one.to,
                draw(one.message.masked),
                who[one.sent_by],
                one.sent_at,
                draw(one.came_back.masked) if one.came_back else "",
                who.get(one.answered_by),
                one.answered_at,
            )
            for one in found
        ],
        "supported": supports.supports_of(viewer, case.number) if case.supports else [],
        "asked": supports.asked(case) if case.procedure == "support" else "",
        "improvement": improvements.of_case(case),
        "improvements": improvements.opened_from(viewer, case.number) if case.finding else [],
        "ledger": ledger.of_case(viewer, case),
        **liability.panel(viewer, case),
    }


def choices(case) -> dict[str, list[tuple[str, str]]]:
    """Return the messages of a case that wait for an answer, to choose from."""
    if case.procedure == "liability":
        return liability.choices(case)
    if not case.relays:
        return {}
    draw, waiting = texts.drawn(case), [one for one in desks.relays_of(case) if one.answered_at is None]
    return {"relay": [(str(one.seq), f"{one.seq}　{draw(one.message.masked)[:SHORT]}") for one in waiting]}


def to_rate(case) -> list[tuple[str, str]]:
    """Return the answered requests for support of a case that nobody rated: number and unit."""
    return desks.to_rate(case.number) if case.supports else []
