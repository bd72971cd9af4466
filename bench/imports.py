"""How long a large 95598 order file takes: full validation, database, search index, lake."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from . import home, orders


def main() -> None:
    """Write a file, import it, bring the lake up to date."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    folder = home.fresh()
    path = folder / "orders.csv"
    orders.write(path, rows)

    measure(path, rows)


def measure(path: Path, rows: int) -> None:
    """Import a file into the present home, bring the lake up to date, print the line."""
    from suyuan.actions import imports
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store import lake

    started = time.perf_counter()
    summary = imports.run(path=path, layout="office_95598", actor=SYSTEM, now=datetime.now(UTC))
    imported = time.perf_counter() - started
    started = time.perf_counter()
    lake.refresh()
    exported = time.perf_counter() - started
    home.line(
        "import",
        rows=rows,
        accepted=summary.accepted,
        quarantined=summary.quarantined,
        database_seconds=round(imported, 1),
        lake_seconds=round(exported, 1),
        total_seconds=round(imported + exported, 1),
        rows_per_second=round(rows / (imported + exported)),
    )


if __name__ == "__main__":
    main()
