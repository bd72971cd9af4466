"""Assessment 经济责任考核: what limits that ran out and ratings of a period come to, proposed in one go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from suyuan.analytics import period as periods
from suyuan.domain import ledger as rule
from suyuan.domain.errors import Refused
from suyuan.domain.fields import Field
from suyuan.domain.ledger import PROPOSED, SIGNERS
from suyuan.domain.rulebook.tariff import ECONOMIC, Ground, Kind
from suyuan.store import rules
from suyuan.store.models import Case, LedgerEntry, Unit
from suyuan.store.queries import ledger as queries
from suyuan.store.queries import vetoes
from suyuan.store.queries.viewer import Viewer

from ._concerned import Concerned
from ._forms import clean
from ._ledger_terms import begin, detail_of, terms, wrote
from ._tell import Notice, tell

PERIOD = Field(rule.PERIOD.name, rule.PERIOD.type)
GROUND = Field(rule.GROUND.name, rule.GROUND.type, required=False, choices=ECONOMIC)
FORM = (PERIOD, GROUND)
TO_SIGN = "ledger_period_to_sign"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed of a period, by ground; and the cases left out because one may not propose them."""

    period: str
    by_ground: Mapping[Ground, int]
    left_out: int
    untariffed: tuple[Ground, ...]
    """The grounds that no confirmed tariff speaks of: nothing is proposed by them."""


@transaction.atomic
def propose_period(*, viewer: Viewer, form: Mapping[str, object], now: datetime) -> Proposed:
    """Propose at once what the cases of a period show and no entry holds; a second person signs each.

    Asked for again it proposes what has come in since, and nothing twice.
    """
    begin(now)
    given = clean(FORM, form, now)
    span = queries.whole(periods.parse(str(given[PERIOD.name])))
    asked = (Ground(str(given[GROUND.name])),) if given.get(GROUND.name) else ECONOMIC
    made: dict[Ground, int] = {}
    untariffed: list[Ground] = []
    left_out, units = 0, dict[int, tuple[Unit, int]]()
    for ground in asked:
        try:
            said = terms(ground, {}, now)
        except Refused:
            untariffed.append(ground)
            continue
        found = list(queries.to_enter(viewer, ground, span, now))
        rewards, today = said["kind"] == Kind.REWARD, rules.local_day(now)
        mine = [
            case
            for case in found
            if not _refused(viewer, queries.concerned(case))
            and not (rewards and vetoes.standing(queries.concerned(case), "", today, today))
        ]
        left_out += len(found) - len(mine)
        made[ground] = len(_entered(mine, ground, said, viewer, now))
        for case in mine:
            unit = queries.concerned(case)
            units[unit.pk] = unit, units.get(unit.pk, (unit, 0))[1] + 1
    if untariffed and not made:
        raise Refused("tariff_unconfirmed", figure=f"ledger.{untariffed[0]}")
    _tell(units.values(), span.label, viewer, now)
    return Proposed(span.label, made, left_out, tuple(untariffed))


def _refused(viewer: Viewer, unit: Unit) -> str | None:
    return rule.refusal_to_propose(viewer.actor, unit.path, "")


def _entered(
    cases: Iterable[Case], ground: Ground, said: Mapping[str, object], viewer: Viewer, now: datetime
) -> list[LedgerEntry]:
    """Write one entry a case, all at once, and of each what it booked."""
    rows = []
    for case in cases:
        unit = queries.concerned(case)
        about = Concerned(unit, None, "", case, periods.ALL)
        rows.append(
            LedgerEntry(
                unit=unit,
                ground=ground.value,
                case=case,
                mark=about.mark(ground, ""),
                state=PROPOSED,
                proposed_by=viewer.actor.username,
                proposed_at=now,
                **said,
            )
        )
    made = LedgerEntry.objects.bulk_create(rows, batch_size=500)
    for entry in made:
        wrote(entry, "propose_entry", viewer.actor.username, now, detail_of(entry))
    return made


def _tell(units: Iterable[tuple[Unit, int]], period: str, viewer: Viewer, now: datetime) -> None:
    """Tell those who may sign, once for each unit and never of a case."""
    notices = [
        Notice(
            key=f"ledger:{period}:{now:%Y%m%d%H%M%S%f}:{role}@{unit.code}",
            template=TO_SIGN,
            recipient=f"{role}@{unit.code}",
            unit_id=unit.pk,
            case_number="",
            facts={"period": period, "unit": unit.name, "n": str(n), "by": viewer.actor.username},
        )
        for unit, n in units
        for role in sorted(SIGNERS)
    ]
    tell(notices, now)
