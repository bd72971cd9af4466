"""How many messages a second leave by an SMS gateway on loopback, claimed, handed over and settled."""

import argparse
import multiprocessing
import time
from datetime import datetime
from multiprocessing.synchronize import Barrier

from . import home, soak_outbox

BATCH = 500


def worker(holder: str, now: datetime, gate: Barrier) -> None:
    """Deliver until nothing is left, once everybody is ready."""
    from django.db import connection

    connection.ensure_connection()
    gate.wait()
    soak_outbox.worker(holder, now)


def main() -> None:
    """Queue messages, let some workers deliver them, and print the rate."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=4)
    given = parser.parse_args()
    home.fresh()
    from suyuan.gateways.carriers.fakes.sms import Gateway, Served
    from suyuan.store.models import Message

    crew = multiprocessing.get_context("forkserver")
    crew.set_forkserver_preload(["bench.preloaded"])
    with Served(gateway := Gateway()) as served:
        soak_outbox.channel(served.url, batch=BATCH)
        fill(given.messages)
        gate = crew.Barrier(given.workers + 1)
        now = soak_outbox.START + soak_outbox.APART
        crowd = [crew.Process(target=worker, args=(f"w{n}", now, gate)) for n in range(given.workers)]
        for one in crowd:
            one.start()
        gate.wait()
        started = time.perf_counter()
        for one in crowd:
            one.join()
        seconds = time.perf_counter() - started
    sent = Message.objects.filter(state="sent").count()
    assert (sent, len(gateway.texts), len(gateway.sent)) == (given.messages,) * 3
    home.line(
        "outbox",
        messages=sent,
        workers=given.workers,
        batch=BATCH,
        seconds=round(seconds, 2),
        messages_per_second=round(sent / seconds),
    )


def fill(count: int) -> None:
    """Queue messages at once, as an outage notice to everybody on a feeder would."""
    from django.db import transaction

    from suyuan.store import bulk, seal

    stamp = bulk.stamp()(soak_outbox.START)
    names = ("key", "channel", "template", "recipient", "address", "case_number", "urgent", "facts")
    address = seal.seal({"phone": "13900000000"})
    rest = ("sms", "test", "sealed:address", address, "", False, '{"title": "sms"}', stamp, "queued", stamp)
    with transaction.atomic():
        rows = ((f"b{n}", *rest) for n in range(count))
        bulk.insert("store_message", (*names, "queued_at", "state", "next_at"), rows)


if __name__ == "__main__":
    main()
