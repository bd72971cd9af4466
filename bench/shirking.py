"""How long the page of shirking takes over many cases that changed hands, and the export before it."""

import argparse
import os
import time

from . import home, imports, orders, pages

BOUNCED = 10
"""One case of so many is returned and given to another station."""
START = 1_760_000_000
STEP = 20
"""Seconds between the cases."""
NUMBER = "'B' || n"
WAS = (
    '"clocks": [{"did": "stop", "limit": "complaint.dispatch", "at": "2025-10-09T08:00:00+00:00"}], '
    '"form": {"unit": "01", "specialty": "marketing", "note": "note:1"}'
)


def main() -> None:
    """Make cases that were handed over, bring the lake up to date, then look."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--home", default="", help="a home to keep, and to take again")
    given = parser.parse_args()
    os.environ["SUYUAN_DEMO"] = "1"
    folder = home.fresh(given.home)
    from suyuan.store import lake
    from suyuan.store.models import Case

    if not Case.objects.exists():
        home.people()
        path = folder / "orders.csv"
        orders.write(path, 20, units=20, open_share=0.0)
        imports.measure(path, 20)
        _hand_over(given.cases)
    started = time.perf_counter()
    lake.refresh()
    home.line("lake", cases=given.cases, seconds=round(time.perf_counter() - started, 1))
    for who in ("office", "lead"):
        client = pages.signed_in(who)
        for name, query in (("pairs", "period=all"), ("orders", "period=all&giver=01&taker=0105")):
            page = pages.Page(f"shirking_{name}_{who}", f"/shirking/?{query}", who)
            home.line("page", cases=given.cases, page=page.name, **pages.timed(client, page))


def _hand_over(count: int) -> None:
    """Copy a case many times, each given to one of twenty stations, accepted or returned and given on."""
    from django.db import connection

    station, other = (f"'01' || substr('0' || ((n + {n}) % 20 + 1), -2)" for n in (0, 7))
    back = f"n % {BOUNCED} = 0"
    ends = (
        ("dispatch", "'01'", station, "1", 0),
        ("return", station, "'01'", back, 7_200),
        ("dispatch", "'01'", other, back, 9_000),
        ("accept", "''", f"CASE WHEN {back} THEN {other} ELSE {station} END", "n % 50 <> 1", 20_000),
    )
    numbers = (
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
    )
    with connection.cursor() as cursor:
        cursor.execute(numbers + _cases(station))
        for seq, end in enumerate(ends, start=1):
            cursor.execute(numbers + _events(seq, *end))
        cursor.execute("UPDATE store_case SET changed_event = (SELECT MAX(id) FROM store_event)")


def _cases(station: str) -> str:
    """Return what copies the oldest case, each copy of another number, moment and unit."""
    from suyuan.store.models import Case

    at = f"datetime({START} + n * {STEP}, 'unixepoch')"
    own = {"id": "1000000 + n", "number": NUMBER, "accepted_at": at, "dispatched_at": at, "origin": "'live'"}
    own |= dict.fromkeys(("phone_index", "account_index", "name_index", "register_ref"), "''")
    own["unit_id"] = f"(SELECT id FROM store_unit WHERE code = {station})"
    names = [field.column for field in Case._meta.concrete_fields]
    values = ", ".join(own.get(name, f'c."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    pattern = Case.objects.order_by("pk")[0].pk
    copies = f"SELECT {values} FROM store_case c, numbers WHERE c.id = {pattern}"
    return f"INSERT INTO store_case ({columns}) {copies}"


def _events(seq: int, verb: str, was: str, to: str, where: str, later: int) -> str:
    """Return what writes one event of each case that passes a condition."""
    at = f"datetime({START} + n * {STEP} + {later} + n % 997 * 60, 'unixepoch')"
    objects = f"""'[["unit", "' || {to} || '"]]'"""
    detail = f"""'{{"was": {{"unit": "' || {was} || '"}}, {WAS}}}'"""
    return (
        "INSERT INTO store_event (stream, seq, at, actor, verb, objects, detail, digest) SELECT "
        f"'case:' || {NUMBER}, {seq}, {at}, 'office', '{verb}', {objects}, {detail}, '' "
        f"FROM numbers WHERE {where}"
    )


if __name__ == "__main__":
    main()
