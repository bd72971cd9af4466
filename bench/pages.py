"""How long pages take over many cases, through the whole console in one process: p50 and p95."""

import argparse
import os
import statistics
import time

from . import home, imports, orders

ROUNDS = 30


def main() -> None:
    """Import orders, then ask for the queue, searches and case pages as a leader would."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--home", default="", help="a home an earlier run left")
    count, left = parser.parse_args().cases, parser.parse_args().home
    os.environ["SUYUAN_DEMO"] = "1"
    folder = home.fresh(left)
    from django.test import Client

    from suyuan.store.models import Case, Person

    if not left:
        home.people()
        path = folder / "orders.csv"
        orders.write(path, count, units=20, open_share=0.02)
        imports.measure(path, count)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        Person.objects.get(username="office"), backend="django.contrib.auth.backends.ModelBackend"
    )
    number = Case.objects.order_by("pk")[count // 2].number
    pages = {
        "queue": "/queue/",
        "all_newest": "/queue/?scope=all&order=accepted",
        "search_停电": "/queue/?scope=all&q=停电",
        "search_抄表": "/queue/?scope=all&q=抄表",
        "search_phone": "/queue/?scope=all&q=13900000001",
        "case": f"/case/{number}/",
    }
    for name, address in pages.items():
        home.line("page", cases=count, page=name, **_timed(client, address))


def _timed(client, address: str) -> dict[str, float]:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = client.get(address)
        spent.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return {
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(sorted(spent)[int(ROUNDS * 0.95)], 1),
    }


if __name__ == "__main__":
    main()
