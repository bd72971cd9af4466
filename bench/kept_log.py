"""How long does it take to merge logs into the one that is kept, and to list the orders in it?

    python -m bench.kept_log --events 1000000

A table of meter changes, three steps a row, is taken over in a home of its own: 100,000 events into an empty
log, then up to ``--events``, then 1,000 more; then pages of the list of orders are asked for.
"""

import argparse
import os
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

HEADINGS = "换表工单编号,户号,旧表号,供电单位,班组,换表时间,发起时间,归档时间,承诺时限"
STEPS, FIRST, AGAIN = 3, 100_000, 1_000
BEGIN = datetime(2025, 1, 1, 8, tzinfo=UTC)
PAGES = 100


def table(path: Path, start: int, rows: int, seed: int) -> Path:
    """Write meter changes, the archiving of every tenth left out."""
    draw = random.Random(seed)  # noqa: S311 numbers to measure with
    with path.open("w", encoding="utf-8") as out:
        print(HEADINGS, file=out)
        for number in range(start, start + rows):
            at = BEGIN + timedelta(minutes=number)
            swapped, begun, done = (f"{at + timedelta(hours=h):%Y-%m-%d %H:%M:%S}" for h in (0, 9, 50))
            account, meter = 3_300_000_000_000 + draw.randrange(10**6), 4_400_000_000_000 + number
            unit, due = f"01{draw.randrange(40):02d}", f"{at + timedelta(days=5):%Y-%m-%d}"
            cells = (f"HB{number:07d}", account, meter, unit, f"{unit}T", swapped, begun,
                     done if number % 10 else "", due)  # fmt: skip
            print(*cells, sep=",", file=out)
    return path


def taken(path: Path) -> float:
    """Take a table over and return the seconds it took."""
    from suyuan.actions.trace import take_log
    from suyuan.domain.procedure import SYSTEM

    started = time.perf_counter()
    found = take_log(path=path, actor=SYSTEM, now=datetime.now(UTC))
    seconds = time.perf_counter() - started
    print(
        f"{found.new:>9,} new, {found.unchanged:,} as they were, {found.events:>9,} in all: {seconds:6.2f} s"
    )
    return seconds


def listed() -> None:
    """Print how long pages of the list of orders take."""
    from suyuan.gateways import kept_log
    from suyuan.gateways.kept_log import Wanted
    from suyuan.store import event_log

    log, spent = event_log.path(), []
    print(f"{log.stat().st_size / 1e6:,.0f} MB; {sum(n for _, n in kept_log.types(log)):,} orders")
    for at in range(PAGES):
        wanted = Wanted(
            "换表单" if at % 2 else "", f"01{at % 40:02d}" if at % 3 else "", ("", "open")[at % 5 > 2]
        )
        started = time.perf_counter()
        kept_log.orders(log, wanted, (at % 20) * 50, 51)
        spent.append(1_000 * (time.perf_counter() - started))
    print(
        f"a page of orders: p50 {quantiles(spent, n=20)[9]:.1f} ms, p95 {quantiles(spent, n=20)[18]:.1f} ms"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SUYUAN_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
        from suyuan.cli.ready import ready

        ready()
        place, rows = Path(folder), (FIRST // STEPS, given.events // STEPS)
        taken(table(place / "a.csv", 0, rows[0], 1))
        taken(table(place / "b.csv", 0, rows[1], 1))
        taken(table(place / "c.csv", rows[1], AGAIN // STEPS, 2))
        taken(place / "c.csv")
        listed()


if __name__ == "__main__":
    main()
