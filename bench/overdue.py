"""Clocks long overdue, for what sweeps them."""

from datetime import UTC, datetime
from pathlib import Path

from . import orders


def make(folder: Path, count: int) -> set[int]:
    """Import open orders of long ago and return their clocks, none of whose rungs has been fired.

    The import leaves rungs of the past alone; here every clock is put back to its start, as if its order had
    been open in this home all along.
    """
    from django.db.models import F

    from suyuan.actions import imports
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.models import Clock

    path = folder / "orders.csv"
    orders.write(path, count, open_orders=True)
    imports.run(path=path, layout="office_95598", actor=SYSTEM, now=datetime.now(UTC))
    running = Clock.objects.filter(state="running")
    running.update(next_rung_at=F("started_at"))
    return set(running.values_list("pk", flat=True))
