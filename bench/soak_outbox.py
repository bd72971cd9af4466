"""Workers killed -9 while they deliver, round after round: nothing is lost, nothing reaches anybody twice.

The gateway is the fake of ``suyuan.gateways.carriers``: a real server on loopback that honours the key.
Workers are forked from a process that has everything loaded, so that a round costs what delivering costs.
"""

import argparse
import multiprocessing
import random
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suyuan.gateways.carriers.fakes.sms import Gateway, Served

START = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
APART = timedelta(hours=1)
"""Between two rounds, by the workers' clock: the leases of the dead are over."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What the rounds did."""

    queued: int
    sent: int
    """Messages that the database says are sent."""
    delivered: int
    """Texts the gateway sent."""
    distinct: int
    """Keys the gateway sent something for."""
    handed: int
    """Messages handed to the gateway, again after a death included."""
    killed: int
    lapsed: int
    """Messages a killed worker had in hand."""


def worker(holder: str, now: datetime) -> None:
    """Deliver until there is nothing left, or until killed."""
    import django

    django.setup()
    from suyuan.jobs import deliver

    began = time.monotonic()
    while deliver.batches(now + timedelta(seconds=time.monotonic() - began), holder):
        pass


def rounds(count: int, served: "Served", *, each: int = 40, workers: int = 2) -> tuple[int, list[str]]:
    """Queue messages and kill the workers that deliver them, ``count`` times; then let one finish.

    Each round waits until something has been handed over, so that it is work in hand that is interrupted.

    Returns how many were killed, and the keys. The settings of the processes come from the environment.
    """
    dice = random.Random(7)  # noqa: S311 which worker dies when is no secret
    crew = multiprocessing.get_context("forkserver")
    crew.set_forkserver_preload(["suyuan.config.settings", "bench.preloaded"])
    keys, killed = [], 0
    channel(served.url)
    for turn in range(count):
        keys += _queue(turn, each)
        at = START + turn * APART
        crowd = [crew.Process(target=worker, args=(f"w{turn}.{n}", at)) for n in range(workers)]
        for one in crowd:
            one.start()
        _under_way(served.gateway)
        time.sleep(dice.uniform(0, 0.08))
        for one in crowd:
            killed += one.is_alive()
            one.kill()
            one.join()
    last = crew.Process(target=worker, args=("last", START + count * APART))
    last.start()
    last.join()
    assert last.exitcode == 0, last.exitcode
    return killed, keys


def _under_way(gateway: "Gateway") -> None:
    """Wait until a message has been handed over since this was called."""
    before, patience = gateway.handed, time.monotonic() + 30
    while gateway.handed == before:
        assert time.monotonic() < patience, "no worker handed anything over"
        time.sleep(0.002)


def channel(url: str, batch: int = 10) -> None:
    """Keep an SMS channel to a gateway without a rate."""
    from suyuan.actions.notice import channels
    from suyuan.domain.procedure import SYSTEM

    form = {"title": "sms", "enabled": "1", "language": "zh", "batch": str(batch), "ladder": "1 1 1 1 1"}
    form |= {"url": url, "secret": "fake"}
    channels.save(code="sms", carrier="sms_http", form=form, actor=SYSTEM, now=START)


def _queue(turn: int, each: int) -> list[str]:
    from django.db import transaction

    from suyuan.actions.notice.queue import Draft, queue
    from suyuan.domain.procedure import SYSTEM

    keys = [f"m{turn}.{n}" for n in range(each)]
    with transaction.atomic():
        for key in keys:
            address = {"phone": "13900000000"}
            draft = Draft(key, "sms", "test", address=address, facts={"title": "sms"})
            queue(draft=draft, actor=SYSTEM, now=START)
    return keys


def count(killed: int, keys: list[str], gateway: "Gateway") -> Toll:
    """Return what the database and the gateway say, and check that they agree on every key."""
    from suyuan.store import chain
    from suyuan.store.models import Attempt, Message

    messages = Message.objects.filter(channel="sms")
    assert set(gateway.sent) == set(keys), "a message was lost, or one nobody queued was sent"
    assert len(gateway.texts) == len(gateway.sent), "a message was sent twice"
    assert set(messages.values_list("state", flat=True)) == {"sent"}
    assert Attempt.objects.filter(taken=True).values("message").distinct().count() == len(keys)
    chain.verify(["outbox:sms"])
    return Toll(
        queued=len(keys),
        sent=messages.filter(state="sent").count(),
        delivered=len(gateway.texts),
        distinct=len(gateway.sent),
        handed=gateway.handed,
        killed=killed,
        lapsed=messages.filter(lapses__gt=0).count(),
    )


def main() -> None:
    """Kill for some rounds against a database of our own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    from . import home

    home.fresh()
    from suyuan.gateways.carriers.fakes.sms import Gateway, Served

    started = time.perf_counter()
    with Served(gateway := Gateway(slow=0.003)) as served:
        toll = count(*rounds(given.rounds, served), gateway)
    seconds = round(time.perf_counter() - started, 1)
    home.line("soak_outbox", rounds=given.rounds, seconds=seconds, **asdict(toll))


if __name__ == "__main__":
    main()
