"""Very many cases, with their words, contacts, events and messages, made by the database itself in a moment.

Lists are judged by what they read, and a list over three rows reads nothing. Every row is a copy of one that
a real verb wrote, with another moment, unit, state and the like.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection

from suyuan.store.models import Case, Contact, Event, Message, Unit
from tests.factories import case_at, unit

CASES = 30_000
FIRST = 1_000_000
"""The id of the first of them, less one."""
START = datetime(2025, 1, 1, tzinfo=UTC)
"""When the first of them came in; another came every ten minutes."""
STEP = timedelta(minutes=10)
UNITS = 20
RARE, FEW, OFTEN = 3_000, 100, 5
"""One case of so many is merged; is of quality, or open; speaks of an outage."""


def build() -> None:
    """Make the crowd in the company of the factories, in its twenty stations 0201 to 0220."""
    root = unit("01")
    for n in range(1, UNITS + 1):
        Unit.objects.create(code=f"02{n:02}", name=f"{n}号供电所", parent=root, path=f"/01/02{n:02}/")
    first = Unit.objects.get(code="0201").pk
    case = case_at("archived")
    _copies(
        Case,
        case.pk,
        id=f"{FIRST} + n",
        number="'N' || n",
        accepted_at=_moment("n * 600"),
        unit_id=f"{first} + n % {UNITS}",
        state=f"CASE WHEN n % {RARE} = 0 THEN 'merged' WHEN n % {FEW} = 0 THEN 'handling'"
        " ELSE 'archived' END",
        is_open=f"(n % {FEW} = 0 AND n % {RARE} <> 0)",
        business_type="CASE WHEN n % 50 = 0 THEN 'report' WHEN n % 4 = 0 THEN 'repair' ELSE 'consult' END",
        category=f"CASE WHEN n % {FEW} = 3 THEN 'quality.voltage' ELSE '' END",
        finding="CASE WHEN n % 20 = 1 THEN 'verified' ELSE '' END",
        satisfaction="CASE WHEN n % 400 = 1 THEN 'dissatisfied' ELSE 'satisfied' END",
        next_due_at=_moment("n * 600 + 86400"),
        phone_index="'p' || n",
        account_index="'a' || n",
        name_index="''",
        register_ref="''",
    )
    _copies(Contact, case.contacts.get().pk, id=f"{FIRST} + n", case_id=f"{FIRST} + n")
    event = Event.objects.filter(stream=f"case:{case.number}").order_by("pk").first()
    _copies(Event, event.pk, id=f"{FIRST} + n", stream="'case:N' || n")
    message = Message.objects.order_by("pk").first()
    _copies(Message, message.pk, id=f"{FIRST} + n", key="'k' || n")
    _words()
    Case.objects.filter(pk=case.pk).update(restricted=True)  # the lists are the crowd's alone
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def _copies(model: type, pk: int, **changed: str) -> None:
    """Copy one row many times; ``changed`` says in SQL, with n, what is not the same in each."""
    columns = [field.column for field in model._meta.concrete_fields]
    assert set(changed) <= set(columns)
    table = model._meta.db_table
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    _run(f"INSERT INTO {table} ({named}) SELECT {values} FROM {table} t, numbers WHERE t.id = {pk}")


def _words() -> None:
    spoken = f"CASE WHEN n % {OFTEN} = 0 THEN '停电' WHEN n % {FEW} = 7 THEN '噪声' ELSE '电费' END"
    if connection.vendor == "sqlite":
        _run(f"INSERT INTO store_search(rowid, body) SELECT {FIRST} + n, '客户 ' || {spoken} FROM numbers")
    else:
        terms = f"array_to_tsvector(ARRAY['客户', {spoken}])"
        _run(f"INSERT INTO store_search(case_id, body) SELECT {FIRST} + n, {terms} FROM numbers")


def _run(insert: str) -> None:
    numbers = (
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {CASES}) "
    )
    with connection.cursor() as cursor:
        cursor.execute(numbers + insert)


def _moment(seconds: str) -> str:
    if connection.vendor == "sqlite":
        return f"datetime('{START:%Y-%m-%d %H:%M:%S}', '+' || ({seconds}) || ' seconds')"
    return f"timestamptz '{START.isoformat()}' + ({seconds}) * interval '1 second'"
