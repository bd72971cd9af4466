"""The ledger of rewards and penalties 奖惩台账: what an entry rests on, who signs it, how it balances.

Every signed entry is booked twice, as in any set of books: what a unit or person is debited, the assessment
account is credited, and the other way round. The side of units and people is what the ledger says; the side
of the assessment account is what was proposed, as the chained events have it. The balance is nothing but
zero where nobody changed a row beside the product.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .discipline import is_of
from .fields import UNIT, Field, Type
from .procedure import Actor
from .rulebook import Rulebook
from .rulebook.tariff import PREFIX, Counted, Ground, Kind, Tariff, amount_wrong
from .rulebook.tariff import tariff as _tariff
from .vocabulary import Role

PROPOSERS = frozenset({Role.OFFICE, Role.AUDIT, Role.MARKETING, Role.OPERATIONS})
SIGNERS = frozenset({Role.OFFICE, Role.AUDIT, Role.LEADER})
NAMED_TO = frozenset({Role.OFFICE, Role.AUDIT, Role.LEADER})
"""Who sees entries that speak of one person, beside that person."""

PROPOSED, SIGNED, REFUSED = "proposed", "signed", "refused"
STATES = (PROPOSED, SIGNED, REFUSED)

GROUND = Field("ledger_ground", Type.CHOICE, choices=tuple(Ground))
CASE = Field("ledger_case", Type.CASE, required=False)
PERIOD = Field("ledger_period", Type.TEXT, required=False)
PERSON = Field("ledger_person", Type.TEXT, required=False)
POST = Field("ledger_post", Type.TEXT, required=False)
KIND = Field("ledger_kind", Type.CHOICE, required=False, choices=tuple(Kind))
AMOUNT = Field("ledger_amount", Type.DECIMAL, required=False)
COUNTED = Field("counted_in", Type.CHOICE, required=False, choices=tuple(Counted))
WORDS = Field("ledger_words", Type.LONGTEXT, required=False)
FORM = (GROUND, CASE, PERIOD, UNIT.optional, POST, PERSON, KIND, AMOUNT, COUNTED, WORDS)
DECISION = Field("ledger_decision", Type.CHOICE, choices=(SIGNED, REFUSED))
DECIDE_FORM = (DECISION, WORDS)
REVERSE_FORM = (Field("ledger_words", Type.LONGTEXT),)


def tariff(book: Rulebook, ground: Ground, on: date) -> Tariff | None:
    """Return the tariff of a ground on a day, None where none is in force."""
    found = book.figure(PREFIX + ground, on)
    return None if found is None else _tariff(found)


def amount_problem(amount: Decimal) -> str:
    """Return the code of what is wrong with an amount somebody typed, empty where nothing is."""
    return "not_an_amount" if amount_wrong(amount) or amount != round(amount, 2) else ""


def refusal_to_propose(actor: Actor, unit_path: str, about: str) -> str | None:
    """Return why somebody may not propose an entry about a unit or one of its people, or None."""
    if not actor.over_case(unit_path) & PROPOSERS:
        return "not_your_role"
    return "own_entry" if about and about == actor.username else None


def refusal_to_sign(actor: Actor, unit_path: str, about: str, proposed_by: str) -> str | None:
    """Return why somebody may not be the second person of an entry, or None."""
    if not actor.over_case(unit_path) & SIGNERS:
        return "not_your_role"
    if actor.username == proposed_by:
        return "signs_own_proposal"
    return "own_entry" if actor.username == about or is_of(unit_path, actor.home) else None


@dataclass(frozen=True, slots=True)
class Line:
    """What one signed entry books; a counter-entry takes back what another one booked."""

    kind: Kind
    amount: Decimal
    counter: bool = False

    @property
    def debits_party(self) -> bool:
        """Tell whether the unit or person is debited."""
        return (self.kind is Kind.PENALTY) is not self.counter


@dataclass(frozen=True, slots=True)
class Books:
    """Both sides of the books over some entries, counted in one thing."""

    debits: Decimal
    credits: Decimal
    penalties: Decimal
    """What units and people were debited, what was taken back left out again."""
    rewards: Decimal

    @property
    def balance(self) -> Decimal:
        """Return debits less credits: nothing but zero where the ledger says what was proposed."""
        return self.debits - self.credits

    @property
    def net(self) -> Decimal:
        """Return rewards less penalties."""
        return self.rewards - self.penalties


def books(ledger: Iterable[Line], proposed: Iterable[Line]) -> Books:
    """Return the books: units and people by the ledger's rows, the assessment account by the proposals."""
    rows, events = list(ledger), list(proposed)
    return Books(
        debits=_sum(rows, debited=True) + _sum(events, debited=False),
        credits=_sum(rows, debited=False) + _sum(events, debited=True),
        penalties=_net(rows, Kind.PENALTY),
        rewards=_net(rows, Kind.REWARD),
    )


def _sum(lines: Iterable[Line], *, debited: bool) -> Decimal:
    return sum((one.amount for one in lines if one.debits_party is debited), Decimal(0))


def _net(lines: Iterable[Line], kind: Kind) -> Decimal:
    return sum((-one.amount if one.counter else one.amount for one in lines if one.kind is kind), Decimal(0))
