"""Every parser against thousands of damaged inputs: how many were tried, how many failed, in what time."""

import argparse
import json
import re
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent / "tests" / "fuzz"


class Count:
    """Counts what each test tried and prints one line for it."""

    def __init__(self) -> None:
        self.failed = self.tests = self.examples = 0
        self.last: pytest.TestReport | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print what one test came to; hypothesis leaves its figures on the report of the teardown."""
        if report.when == "call":
            self.last = report
        if report.when != "teardown" or self.last is None:
            return
        told = getattr(report, "_hypothesis_stats", "")
        examples = sum(int(count) for count in re.findall(r"(\d+) (?:passing|failing|invalid) ", told))
        self.tests, self.examples = self.tests + 1, self.examples + examples
        self.failed += self.last.failed
        name = report.nodeid.rpartition("::")[2]
        line = {"test": name, "examples": examples, "failed": self.last.failed}
        print(json.dumps(line | {"seconds": round(self.last.duration, 1)}), flush=True)


def main() -> int:
    """Run the fuzz tests with the examples of a soak; return how many failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="", help="run the tests whose names hold this word alone")
    chosen = options.parse_args().only
    count, began = Count(), time.perf_counter()
    pytest.main(
        ["-q", "--no-header", "--hypothesis-profile=soak", "-n0", "-k", chosen, str(TESTS)], plugins=[count]
    )
    total = {"bench": "soak_fuzz", "tests": count.tests, "examples": count.examples, "failed": count.failed}
    print(json.dumps(total | {"seconds": round(time.perf_counter() - began)}))
    return count.failed


if __name__ == "__main__":
    sys.exit(main())
