"""Versions: moving open cases to the newest version of their procedure, with an event each."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from suyuan.domain.procedure import Actor
from suyuan.domain.procedures import CURRENT, frozen
from suyuan.store import chain
from suyuan.store.models import Case


def migrate(*, actor: Actor, now: datetime, dry_run: bool) -> dict[str, list[dict[str, object]]]:
    """Return what moved, or would; a case in a state the new version lacks stays and is named."""
    pinned = (
        Case.objects.filter(is_open=True)
        .values_list("procedure", "version")
        .annotate(cases=Count("pk"))
        .order_by()
    )
    report = []
    for name, version, _ in pinned:
        newest = CURRENT[name]
        if version == newest.version:
            continue
        lost = {state.value for state in frozen.unmapped(frozen.pinned(name, version), newest)}
        rows = Case.objects.filter(is_open=True, procedure=name, version=version)
        stays = list(rows.filter(state__in=lost).values_list("number", flat=True)[:100])
        moving = rows.exclude(state__in=lost)
        count = moving.count()
        if not dry_run:
            for number in list(moving.values_list("number", flat=True)):
                _move(number, newest.version, actor, now)
        report.append(
            {
                "procedure": name,
                "from": version,
                "to": newest.version,
                "moved": count,
                "stays": len(stays),
                "stay_numbers": stays,
                "dry_run": dry_run,
            }
        )
    return {"procedures": report}


@transaction.atomic
def _move(number: str, version: int, actor: Actor, now: datetime) -> None:
    case = Case.objects.select_for_update().get(number=number)
    event = chain.append(
        stream=f"case:{number}",
        at=now,
        actor=actor.username,
        verb="migrate",
        objects=[("case", number)],
        detail={"procedure": case.procedure, "from_version": case.version, "to_version": version},
    )
    case.version, case.changed_event = version, event
    case.save(update_fields=["version", "changed_event"])
