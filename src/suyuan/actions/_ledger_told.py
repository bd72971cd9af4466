"""What the ledger tells: who has to sign an entry, whom it was signed against, whoever proposed it.

No message names the case an entry is about, nor says a word of it: whoever may see the case sees it on the
page. What is about one person is told that person, and never the unit.
"""

from datetime import datetime

from suyuan.domain.ledger import PROPOSED, SIGNED, SIGNERS
from suyuan.domain.notice import IN_APP
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant, LedgerEntry, Unit

from ._tell import Notice, tell

TO_SIGN, COUNTS, TAKEN_BACK, TURNED_DOWN = (
    "ledger_to_sign",
    "ledger_counts",
    "ledger_taken_back",
    "ledger_turned_down",
)
TEMPLATES = (TO_SIGN, COUNTS, TAKEN_BACK, TURNED_DOWN)


def tell_of(entry: LedgerEntry, event: int, now: datetime) -> None:
    """Tell of an entry that was proposed or decided, as it stands now."""
    template = _template(entry)
    facts = {
        "entry": str(entry.pk),
        "unit": entry.unit.name,
        "ground": entry.ground,
        "kind": entry.kind,
        "amount": f"{entry.amount.normalize():f}",
        "counted": entry.counted,
    }
    secret = entry.case is not None and entry.case.restricted
    notices = [
        Notice(
            key=f"ledger:{event}:{who}",
            template=template,
            recipient=who,
            unit_id=entry.unit_id,
            case_number="",
            facts=facts,
            carried_as=IN_APP if secret else "",  # what is about a restricted case leaves by no channel
        )
        for who in sorted(_recipients(entry))
    ]
    tell(notices, now)


def _template(entry: LedgerEntry) -> str:
    if entry.state == PROPOSED:
        return TO_SIGN
    if entry.state == SIGNED:
        return COUNTS if entry.reverses_id is None else TAKEN_BACK
    return TURNED_DOWN


def _recipients(entry: LedgerEntry) -> set[str]:
    """Return who is told: who may sign; then whoever proposed it, and whom it is about if it counts."""
    if entry.state == PROPOSED:
        return {f"{role}@{entry.unit.code}" for role in SIGNERS}
    told = {f"person:{entry.proposed_by}"} - {f"person:{entry.decided_by}"}
    return told | (_concerned(entry) if entry.state == SIGNED else set())


def _concerned(entry: LedgerEntry) -> set[str]:
    """Return the person an entry is about, else the roles held at the unit itself."""
    if entry.person:
        return {f"person:{entry.person}"}
    return {f"{role}@{entry.unit.code}" for role in _held_at(entry.unit) - {Role.ADMIN}}


def _held_at(unit: Unit) -> set[str]:
    return set(Grant.objects.filter(unit=unit).order_by().values_list("role", flat=True)) | {Role.STATION}
