"""How many overdue rungs a second the sweep fires, each exactly once."""

import argparse
import time
from datetime import UTC, datetime, timedelta

from . import home, orders


def main() -> None:
    """Import open orders long overdue, then sweep until nothing is left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20_000)
    count = parser.parse_args().orders
    folder = home.fresh()
    path = folder / "orders.csv"
    orders.write(path, count, open_orders=True)

    from suyuan.actions import imports, sweep
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.models import Clock, Rung

    now = datetime.now(UTC)
    imports.run(path=path, layout="office_95598", actor=SYSTEM, now=now)
    overdue = Clock.objects.filter(next_rung_at__lte=now).count()
    started = time.perf_counter()
    fired = 0
    while done := sweep.sweep(now=now + timedelta(seconds=1)):
        fired += done
    seconds = time.perf_counter() - started
    assert fired == Rung.objects.count()
    home.line(
        "sweep",
        overdue_clocks=overdue,
        rungs=fired,
        seconds=round(seconds, 2),
        rungs_per_second=round(fired / seconds),
        clocks_per_second=round(overdue / seconds),
    )


if __name__ == "__main__":
    main()
