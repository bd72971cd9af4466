"""Workers are killed, the database restarts under them, and every overdue rung fires exactly once.

A short run of what `make soak` does for long; it has a home and a database of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import on_postgres

ROOT = Path(__file__).parents[2]
SOAK = (
    *(sys.executable, "-m", "bench.soak_sweep", "--orders", "200", "--batch", "10"),
    *("--workers", "2", "--kills", "3", "--pause", "0.2"),
)


def run(*command):
    """Run a soak apart from this test's own database and return the line it prints."""
    apart = {name: value for name, value in os.environ.items() if name != "SUYUAN_DATABASE_URL"}
    done = subprocess.run(command, cwd=ROOT, env=apart, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout, f"the soak printed nothing: {done.stderr}"
    return json.loads(done.stdout.splitlines()[-1])


def test_workers_killed_at_random_fire_every_rung_once(tmp_path):
    soak = ("env", f"TMPDIR={tmp_path}", *SOAK)
    if on_postgres():
        said = run(sys.executable, "scripts/postgres.py", *soak, "--restarts", "1")
    else:
        said = run(*soak)

    assert (said["killed"], said["ended"], said["overdue_clocks"]) == (3, [0, 0], 253)
    assert (said["database"], said["restarts"]) == (("postgresql", 1) if on_postgres() else ("sqlite", 0))
    assert said["rungs"] == 5 * 253
    assert list(tmp_path.glob("suyuan-bench-*")) == []
