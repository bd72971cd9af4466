"""How many overdue rungs a second the sweep fires, each exactly once."""

import argparse
import time
from datetime import UTC, datetime, timedelta

from . import home, overdue


def main() -> None:
    """Import open orders long overdue, then sweep until nothing is left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20_000)
    count = parser.parse_args().orders
    folder = home.fresh()

    from suyuan.actions import sweep
    from suyuan.store.models import Rung

    clocks = len(overdue.make(folder, count))
    now = datetime.now(UTC)
    started = time.perf_counter()
    fired = 0
    while done := sweep.sweep(now=now + timedelta(seconds=1)):
        fired += done
    seconds = time.perf_counter() - started
    assert fired == Rung.objects.count()
    home.line(
        "sweep",
        overdue_clocks=clocks,
        rungs=fired,
        seconds=round(seconds, 2),
        rungs_per_second=round(fired / seconds),
        clocks_per_second=round(clocks / seconds),
    )


if __name__ == "__main__":
    main()
