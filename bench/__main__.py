"""``python -m bench``: every measurement, one JSON line each; ``--soak`` for the long ones.

The long ones begin with the fuzz tests and the random walk over every table, which says what pytest says.
"""

import subprocess
import sys

SHORT = (
    ("bench.register",),
    ("bench.imports", "--rows", "100000"),
    ("bench.sweep",),
    ("bench.evidence",),
    ("bench.repeats",),
    ("bench.trace", "--city", "404", "--town", "11", "12", "13", "--third", "31"),
    ("bench.population", "--city", "404", "--town", "11"),
    ("bench.outbox",),
    ("bench.effects", "--worlds", "300"),
    ("bench.customers",),
    ("bench.pages", "--cases", "100000"),
    ("bench.shirking", "--cases", "100000"),
    ("bench.board", "--orders", "1000000"),
)
LONG = (
    ("bench.soak_fuzz",),
    ("pytest", "-q", "-n0", "--hypothesis-profile=soak", "tests/actions/test_walk_machine.py"),
    ("bench.soak_sweep",),
    ("bench.live",),
    ("bench.soak_outbox", "--rounds", "200"),
    ("bench.trace",),
    ("bench.risk", "--city", "502", "503"),
    ("bench.imports", "--rows", "1000000"),
    ("bench.pages", "--cases", "1000000"),
    ("bench.shirking", "--cases", "1000000"),
    ("bench.customers", "--rows", "1000000"),
    ("bench.board", "--orders", "10000000"),
)


def main() -> int:
    """Run each in a process of its own; return how many failed."""
    failed = 0
    for module, *arguments in LONG if "--soak" in sys.argv else SHORT:
        failed += subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
