"""A home of its own for a measurement, and the line it prints."""

import atexit
import json
import os
import platform
import resource
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path


def fresh(left: str = "") -> Path:
    """Make an empty home that goes with this process, or take one to keep, bring it up to date, return it."""
    path = Path(left or tempfile.mkdtemp(prefix="suyuan-bench-"))
    path.mkdir(parents=True, exist_ok=True)
    if not left:
        _goes_with_us(path)
    os.environ["SUYUAN_HOME"] = str(path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suyuan.config.settings")
    from suyuan.cli.ready import ready

    ready()
    return path


def _goes_with_us(path: Path) -> None:
    """Remove a home when this process ends, asked to or not; its children's end leaves it."""
    mine = os.getpid()
    atexit.register(lambda: os.getpid() == mine and shutil.rmtree(path, ignore_errors=True))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def line(what: str, **figures: object) -> None:
    """Print one JSON line."""
    from django.db import connection

    shown = {
        "bench": what,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": connection.vendor,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **figures,
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "child_peak_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }
    sys.stdout.write(json.dumps(shown) + "\n")


def people() -> dict[str, object]:
    """Make a small company with one person a role, and return their viewers by role."""
    from suyuan.actions import demo, org
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.queries import viewer

    now = datetime.now(UTC)
    rows = [{"code": "01", "name": "公司", "parent": ""}]
    rows += [{"code": f"01{n:02d}", "name": f"{n}供电所", "parent": "01"} for n in range(1, 21)]
    org.load_units(rows=rows, actor=SYSTEM, now=now)
    demo.people_at_root(password="", now=now)
    names = ("agent", "lead", "office", "marketing", "station", "leader")
    return {name: viewer.named(name) for name in names}
