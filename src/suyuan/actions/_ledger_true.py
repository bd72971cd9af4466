"""Whether what an entry of the ledger rests on is true: when it is proposed, and again when it is signed."""

from collections.abc import Mapping
from datetime import datetime

from suyuan.analytics import period as periods
from suyuan.domain.errors import Refused
from suyuan.domain.rulebook.tariff import OF_CASE, Ground
from suyuan.store.models import Event, LedgerEntry
from suyuan.store.queries import cases, silence
from suyuan.store.queries import ledger as queries
from suyuan.store.queries.viewer import Viewer

SILENCE = "silence"
"""What the event of a proposal keeps of the signs that speak against a unit's silence, as they were."""
NAMED = 3
"""How many complaints a refusal names; how many there are it says too."""


def refuse_untrue(entry: LedgerEntry, now: datetime) -> None:
    """Refuse to propose what the case, or the unit's period, does not show."""
    ground = Ground(entry.ground)
    if ground is Ground.ZERO_COMPLAINTS:
        true = not queries.has_complaints(entry.unit, periods.parse(entry.period))
    else:
        true = ground not in OF_CASE or (entry.case is not None and queries.shows(entry.case, ground, now))
    if not true:
        raise Refused("ground_not_true", ground=ground.value)


def refuse_no_longer_true(viewer: Viewer, entry: LedgerEntry, now: datetime) -> None:
    """Refuse to sign what is not true any more; of a period without complaints, say what came in since."""
    if entry.ground != Ground.ZERO_COMPLAINTS:
        refuse_untrue(entry, now)
        return
    found = queries.complaints_of(entry.unit, periods.parse(entry.period))
    if found:
        named = [one.number for one in found if cases.may_see(viewer.actor, one)][:NAMED]
        raise Refused("complaints_since", unit=entry.unit.code, complaints=len(found), numbers=named)
    was = _kept(entry)
    if was is None:  # proposed before the signs were kept
        return
    more = {sign: n for sign, n in _doubts(entry).items() if n > was.get(sign, 0)}
    if more:
        raise Refused("doubts_since", unit=entry.unit.code, signs=list(more))


def kept_of(entry: LedgerEntry) -> dict[str, object]:
    """Return what the event of a proposal keeps of the unit's silence; nothing of another ground."""
    return {SILENCE: _doubts(entry)} if entry.ground == Ground.ZERO_COMPLAINTS else {}


def _doubts(entry: LedgerEntry) -> dict[str, int]:
    guard = silence.of([entry.unit], periods.parse(entry.period))
    return dict(guard[entry.unit.pk].doubts)


def _kept(entry: LedgerEntry) -> Mapping[str, int] | None:
    proposed = Event.objects.filter(stream=queries.STREAM, verb="propose_entry", detail__entry=entry.pk)
    detail = proposed.values_list("detail", flat=True).first()
    return detail.get(SILENCE) if detail else None
