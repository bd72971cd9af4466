"""How fast and in how much memory is an XES log read, beside pm4py in the same run where it is given?

Each reading is a process of its own, so that its highest memory is its own. pm4py is no dependency: name the
Python of an environment that has it with ``--pm4py``; so with rustxes.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

LOG = "event_logs/bpi_challenge_2013_incidents.xes.gz"
_NAME = re.compile(rb'(<trace>\s*<string key="concept:name" value=")')
_OURS = """
from suyuan.gateways import eventlog
def read():
    return len(eventlog.read(Path(sys.argv[1])).at)
"""
_THEIRS = {
    "pm4py": """
import pm4py, pandas
def read():
    return len(pm4py.read_xes(sys.argv[1]))
""",
    "rustxes": """
import rustxes
def read():
    return rustxes.import_xes(sys.argv[1])[0].height
""",
}
_RUN = """
import json, resource, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
{}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started, spent = time.perf_counter(), time.process_time()
events = read()
told = dict(seconds=time.perf_counter() - started, processor=time.process_time() - spent, events=events,
            mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, before=before / 1024)
print(json.dumps(told))
"""


def repeated(path: Path, times: int, folder: Path) -> Path:
    """Write the log so many times over in one, its traces under other names each time."""
    with gzip.open(path) as stream:
        whole = stream.read()
    start, end = whole.index(b"<trace>"), whole.rindex(b"</trace>") + len(b"</trace>")
    out = folder / f"{times}.xes.gz"
    with gzip.open(out, "wb", compresslevel=6) as stream:
        stream.write(whole[:start])
        for number in range(times):
            stream.write(_NAME.sub(rb"\g<1>" + f"{number}-".encode(), whole[start:end]) + b"\n")
        stream.write(whole[end:])
    return out


def run(python: str, script: str, path: Path) -> dict[str, float]:
    """Return what one reading took."""
    done = subprocess.run(
        [python, "-c", _RUN.format(script), str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def said(name: str, runs: list[dict[str, float]]) -> None:
    """Print the middle of some readings, and the least."""
    middle = {key: median(each[key] for each in runs) for key in runs[0]}
    least = min(each["seconds"] for each in runs)
    print(
        f"{name:10} {middle['events']:>9,.0f} events  {middle['seconds']:6.2f} s (least {least:.2f}), "
        f"processor {middle['processor']:.2f} s, {middle['mib']:,.0f} MiB, {middle['before']:,.0f} before",
        flush=True,
    )


def main() -> None:
    """Read the log once and four times over, ours and theirs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=os.environ.get("SUYUAN_DATA", "."))
    asked.add_argument("--pm4py", help="a Python with pm4py, without rustxes, which it would read by")
    asked.add_argument("--rustxes", help="a Python with rustxes")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--times", type=int, nargs="*", default=[1, 4])
    given = asked.parse_args()
    path = Path(given.data) / LOG
    if not path.is_file():
        sys.exit(f"skipped: {path} is not there; SUYUAN_DATA says where the real files lie")
    with tempfile.TemporaryDirectory() as folder:
        for times in given.times:
            log = path if times == 1 else repeated(path, times, Path(folder))
            print(f"{times} × {path.name}, load {os.getloadavg()[0]:.1f}")
            said("suyuan", [run(sys.executable, _OURS, log) for _ in range(given.rounds)])
            for name, script in _THEIRS.items():
                python = getattr(given, name)
                if python:
                    said(name, [run(python, script, log) for _ in range((given.rounds + 1) // 2)])


if __name__ == "__main__":
    main()
