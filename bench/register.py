"""How many contacts a second go through the whole write path: rules, clocks, sealed text, chained event."""

import argparse
import time
from datetime import UTC, datetime

from . import home


def main() -> None:
    """Register contacts one transaction each, then through the import's batches."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=2_000)
    count = parser.parse_args().contacts
    home.fresh()
    who = home.people()["agent"]

    from suyuan.actions import intake
    from suyuan.actions.perform import perform

    now = datetime.now(UTC)
    said = [
        intake.Incoming(
            channel="95598",
            business_type="complaint",
            text=f"客户反映抄表员连续{n % 7}个月未抄表，要求核实处理并答复",
            account=f"33{n:011d}",
            phone=f"139{n:08d}",
        )
        for n in range(count)
    ]
    started = time.perf_counter()
    numbers = [intake.receive(incoming=each, actor=who.actor, now=now) for each in said]
    received = time.perf_counter() - started
    started = time.perf_counter()
    for number in numbers:
        perform(number=number, verb="register", actor=who.actor, now=now, form={"business_type": "complaint"})
    registered = time.perf_counter() - started
    take, again = statements(said[0], who.actor, now)
    home.line(
        "register",
        contacts=count,
        statements_to_receive=take,
        statements_to_register=again,
        receive_per_second=round(count / received),
        register_verb_per_second=round(count / registered),
        both_per_second=round(count / (received + registered)),
    )


def statements(said: object, actor: object, now: datetime) -> tuple[int, int]:
    """Return how many statements receiving a contact takes, and how many registering it."""
    from django.db import connection

    from suyuan.actions import intake
    from suyuan.actions.perform import perform

    asked: list[str] = []

    def counting(execute, sql, *rest):  # type: ignore[no-untyped-def]
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(counting):
        number = intake.receive(incoming=said, actor=actor, now=now)
        received = len(asked)
        perform(number=number, verb="register", actor=actor, now=now, form={"business_type": "complaint"})
    return received, len(asked) - received


if __name__ == "__main__":
    main()
