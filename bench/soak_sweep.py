"""Do workers that are killed at random, and a database that restarts, fire every rung exactly once?

Several processes run ``suyuan work`` over clocks that are overdue. Now and then one of them is ended with
SIGKILL and another started; where asked for and the server is ours, PostgreSQL is restarted under them. At
the end every clock has fired the rungs it had reached, each once, in the table, in the events and in the
messages, and every chain verifies.
"""

import argparse
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from . import home, overdue

PATIENCE = 600.0
"""Seconds after which workers that do not finish have failed."""


def main() -> None:
    """Make overdue clocks, sweep them under fire, and hold the outcome to the rules."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=84_000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--restarts", type=int, default=0, help="Of PostgreSQL, under scripts/postgres.py.")
    parser.add_argument("--batch", type=int, default=2_000)
    parser.add_argument("--pause", type=float, default=1.0, help="Seconds between two kills, at the most.")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = home.fresh()
    _batches(asked.batch)
    try:
        began = datetime.now(UTC)
        clocks = overdue.make(folder, asked.orders)
        started = time.perf_counter()
        killed, codes = _under_fire(asked)
        seconds = time.perf_counter() - started
        rungs = _check(clocks, began)
    finally:
        shutil.rmtree(folder)
    figures = {"overdue_clocks": len(clocks), "rungs": rungs, "killed": killed, "restarts": asked.restarts}
    home.line("soak_sweep", **figures, workers=asked.workers, ended=codes, seconds=round(seconds, 1))


def _batches(size: int) -> None:
    """Sweep so many clocks a batch, and read all that a worker needs before there are any."""
    from suyuan.actions import sweep
    from suyuan.jobs import loop

    assert loop.tasks()
    sweep.BATCH = size


def _under_fire(asked: argparse.Namespace) -> tuple[int, list[int]]:
    """Sweep until nothing is due; return how many workers were killed and how the last ones ended."""
    chance = Random(asked.seed)  # noqa: S311 the same kills every time
    workers = [_worker() for _ in range(asked.workers)]
    killed = restarted = 0
    until = time.monotonic() + PATIENCE
    while _left() or killed < asked.kills or restarted < asked.restarts:
        time.sleep(chance.uniform(0.02, asked.pause))
        if time.monotonic() > until:
            raise SystemExit("the workers did not finish")
        if killed < asked.kills:
            workers.append(_end(workers.pop(chance.randrange(len(workers)))))
            killed += 1
        elif restarted < asked.restarts:
            _restart()
            restarted += 1
    return killed, [_ended(worker, signal.SIGTERM) for worker in workers]


def _worker() -> int:
    """Start a worker as a copy of this process, which has read everything already; return its id."""
    from django.db import connections

    connections.close_all()
    ours = signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # one that has not begun leaves at once
    worker = os.fork()
    if worker:
        signal.signal(signal.SIGTERM, ours)
        return worker
    from suyuan.cli.main import main as suyuan

    try:
        suyuan(["work"])
        os._exit(0)
    except SystemExit as end:
        os._exit(int(end.code or 0))
    finally:
        os._exit(70)


def _end(worker: int) -> int:
    """Kill a worker, and start another in its place."""
    _ended(worker, signal.SIGKILL)
    return _worker()


def _ended(worker: int, how: signal.Signals) -> int:
    os.kill(worker, how)
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


def _left() -> int:
    """Return how many clocks are due; a database that was just restarted is asked again."""
    from django.db import OperationalError, connection

    from suyuan.actions import sweep

    for _ in range(20):
        try:
            return len(sweep.due(now=datetime.now(UTC), limit=1))
        except OperationalError:
            connection.close()
            time.sleep(0.5)
    raise SystemExit("the database did not come back")


def _restart() -> None:
    from django.db import connection

    from scripts import postgres

    connection.close()
    postgres.restart()


def _check(clocks: set[int], began: datetime) -> int:
    """Raise AssertionError unless every rung was fired exactly once; return how many there are."""
    from suyuan.store import chain
    from suyuan.store.models import Clock, ClockFault, Message, Rung

    fired = Counter(Rung.objects.values_list("clock_id", "rung"))
    told = Counter(_told())
    missing = [
        (clock.pk, rung)
        for clock in Clock.objects.filter(pk__in=clocks)
        for rung in _reached(clock, began)
        if (clock.pk, rung) not in fired
    ]
    sent = Message.objects.filter(template="rung", channel="in_app").values_list("key", flat=True)
    asked = {f"rung:{clock}:{rung}:station" for clock, rung in fired}
    asked |= {f"rung:{clock}:{rung}:office" for clock, rung in fired if not rung.startswith("warn")}
    assert clocks
    assert missing == []
    assert not ClockFault.objects.exists()
    assert set(fired.values()) == {1}
    assert sorted(sent) == sorted(asked)
    assert sum(told.values()) == len(fired)
    chain.verify()
    chain.verify_cases()
    return len(fired)


def _told() -> Iterator[tuple[str, str, str]]:
    from suyuan.store.models import Event

    for stream, detail in Event.objects.filter(verb="rung").values_list("stream", "detail").iterator():
        for limit, rung in detail["rungs"]:
            yield stream, limit, rung


def _reached(clock, began: datetime) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the rungs a clock had reached when the workers began, by the rule itself."""
    from suyuan.domain import clock as rule
    from suyuan.store import rules

    book = rules.rulebook()
    terms = book.figures["clock.ladder"][-1].terms
    limit = book.limits[clock.limit][-1] if clock.limit in book.limits else None
    warn, after = (limit.warn, limit.after) if limit else (terms["warn"], terms["after_hours"])
    ladder = rule.rungs(clock.started_at, clock.due_at, warn, [timedelta(hours=hours) for hours in after])
    return [rung.code for rung in ladder if rung.at <= began]


if __name__ == "__main__":
    main()
