"""How long a list of many cases keeps a request, how long the worker is at it, and in how much memory.

Run it twice on a home to keep: the first run imports the cases, and the memory of that would be counted in.
"""

import argparse
import resource
import time
from datetime import UTC, datetime
from io import BytesIO

from . import home, imports, orders


def main() -> None:
    """Ask for every case as the office does, let the worker make the list, and fetch it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--home", default="", help="a home to keep, and to take again")
    given = parser.parse_args()
    folder = home.fresh(given.home)
    from suyuan.store.models import Case

    if not Case.objects.exists():
        home.people()
        path = folder / "orders.csv"
        orders.write(path, given.cases, units=20, open_share=0.02)
        imports.measure(path, given.cases)
    _measure(given.cases)


def _measure(count: int) -> None:
    from django.test import Client

    from suyuan.jobs import publications
    from suyuan.store.models import Person, Publication

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Person.objects.get(username="office"))
    client.get("/queue/")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    asked = client.get("/queue/export/?scope=all")
    request = time.perf_counter() - started
    started, spent = time.perf_counter(), time.process_time()
    publications.next_one(datetime.now(UTC), "bench")
    worker, spent = time.perf_counter() - started, time.process_time() - spent
    started = time.perf_counter()
    fetched = BytesIO(b"".join(client.get(f"{asked['Location']}file/").streaming_content))
    row = Publication.objects.latest("pk")
    home.line(
        "list",
        cases=count,
        rows=row.rows,
        file=row.name,
        request_ms=round(request * 1000, 1),
        worker_s=round(worker, 2),
        worker_cpu_s=round(spent, 2),
        fetch_ms=round((time.perf_counter() - started) * 1000, 1),
        before_mib=round(before / 1024),
        mib=round(len(fetched.getvalue()) / 1024**2, 1),
    )


if __name__ == "__main__":
    main()
