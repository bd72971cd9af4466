"""The investigation of a case: its items, its sheets, what is missing before it may leave."""

from dataclasses import dataclass, field

from suyuan.domain import signatures
from suyuan.domain.rulebook.sheets import Asked
from suyuan.domain.signatures import ANALYSIS, About
from suyuan.domain.vocabulary import FOUND_TRUE, State
from suyuan.store import rules
from suyuan.store.models import Case, Item

INVESTIGATED = frozenset({"complaint", "report"})
"""The procedures whose items are judged one by one, on an investigation."""
ANSWERED_ON_SHEETS = frozenset({"application"})
"""Those in which nothing is judged, but some matters are answered on a sheet alone."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How far the investigation of a case is."""

    items: list[Item] = field(default_factory=list)
    about: About = field(default_factory=lambda: About("", "", 0, ()))
    sheets: frozenset[str] = frozenset()
    asked: Asked = field(default_factory=Asked)
    analysis: str = ""
    """Whether the specialty's analysis is required or advised; empty where it is not asked for."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the required sheets that do not stand."""
        return tuple(verb for verb in self.asked.required if verb not in self.sheets)

    @property
    def unanalysed(self) -> bool:
        """Return whether a required analysis does not stand."""
        return self.analysis == "required" and ANALYSIS not in self.sheets

    def stands(self, item: Item) -> bool:
        """Return whether the finding on an item was given on what there is now."""
        return bool(item.finding) and item.signed == signatures.finding(item.seq, self.about)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Return the numbers of the items without a finding that stands."""
        return tuple(str(item.seq) for item in self.items if not self.stands(item))


def of(case: Case) -> Inquiry:
    """Return how far the investigation of a case is; of one that is not investigated, what it owes alone."""
    judged = case.procedure in INVESTIGATED
    if not judged and case.procedure not in ANSWERED_ON_SHEETS:
        return Inquiry()
    asked = _asked(case)
    if not judged and not asked.required and not asked.advised:
        return Inquiry()
    items = items_of(case)
    about = about_of(case, items)
    standing = signatures.standing(case.sheets, about)
    if not judged:
        return Inquiry(about=about, sheets=standing, asked=asked)
    return Inquiry(items, about, standing, asked.without(ANALYSIS), _analysis(case, asked))


def _asked(case: Case) -> Asked:
    """Return the sheets the rulebook asks for in a case, by the day it was accepted."""
    book = rules.rulebook()
    facts = {
        name: str(getattr(case, name)) for name in ("business_type", "site", "channel", "category", "level")
    }
    on = case.accepted_at.astimezone(book.calendar.zone).date()
    return book.sheets_for(case.procedure, facts, on)


def _analysis(case: Case, asked: Asked) -> str:
    """Return whether an analysis is asked for: after the review, of what was true."""
    if case.state not in (State.CALLBACK, State.ARCHIVED) or case.finding not in FOUND_TRUE:
        return ""
    return "required" if ANALYSIS in asked.required else "advised" if ANALYSIS in asked.advised else ""


def items_of(case: Case) -> list[Item]:
    """Return the items of a case; one nobody took apart has one, which is what the contact says."""
    taken_apart = case.pk and case.state != State.RECEIVED
    found = list(case.items.order_by("seq")) if taken_apart else []
    return found or [Item(case=case, seq=1)]


def matters(case: Case, seq: int = 0) -> list[str]:
    """Return the categories the items of a case are about, each once; or that of one item."""
    found = (item for item in items_of(case) if seq in (0, item.seq))
    return list(dict.fromkeys(item.category or case.category for item in found))


def about_of(case: Case, items: list[Item]) -> About:
    """Return what is signed about."""
    asked = [(item.seq, item.category, item.statement_id or 0) for item in items]
    return About(case.category, case.unit.code, case.revision, asked)
