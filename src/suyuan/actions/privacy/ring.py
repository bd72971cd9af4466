"""Keys: a new one seals from now on, the old values follow in batches, an old key goes when it opens nothing.

Nothing stops meanwhile: every key of the ring opens what it sealed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import bulk, chain, keyring, rules, seal, sealed
from suyuan.store.models import Event, Resealing

from . import _progress as progress

STREAM = "register:seal_keys"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the ring and what it has sealed."""

    number: int
    newest: bool
    since: datetime | None
    """When it was made; None for the first, which came with the home."""
    values: int


def listed() -> list[Key]:
    """Return the keys of the ring with how many values each has sealed, oldest first."""
    counts: dict[int, int] = {}
    for column in sealed.columns():
        for number, count in sealed.by_key(column).items():
            counts[number] = counts.get(number, 0) + count
    numbers = keyring.numbers()
    made = {
        event.detail["key"]: event.at for event in Event.objects.filter(stream=STREAM, verb="seal_key_rotate")
    }
    return [Key(n, n == numbers[-1], made.get(n), counts.get(n, 0)) for n in numbers]


@transaction.atomic
def rotate(*, actor: Actor, now: datetime) -> int:
    """Make a new key, which seals from now on, and return its number."""
    bulk.one_at_a_time("keys")
    number = keyring.add()
    _write(actor, now, "seal_key_rotate", key=number)
    return number


@transaction.atomic
def reseal(*, actor: Actor, now: datetime, most: int = BATCH) -> int:
    """Seal a batch of values again with the newest key and return how many; 0 when all are.

    Each column remembers how far it got, so that a crash costs one batch.
    """
    numbers = keyring.numbers()
    newest = numbers[-1]
    if len(numbers) == 1:
        return 0
    for column in sealed.columns():
        at = progress.locked(str(column), newest)
        if not at.done and (count := _batch(column, at, most)):
            _write(actor, now, "seal_key_reseal", key=newest, column=at.column, values=count)
            return count
    return 0


def _batch(column: sealed.Column, at: Resealing, most: int) -> int:
    """Seal the next rows of a column again; after its end it is looked over once more."""
    rows = sealed.others(column, at.key_number, at.last_id, most)
    if not rows and at.last_id:
        rows = sealed.others(column, at.key_number, 0, most)
    bulk.set_many(column.table, column.name, "bytea", [(seal.again(value), pk) for pk, value in rows])
    at.done, at.last_id = not rows, rows[-1][0] if rows else 0
    at.save()
    return len(rows)


@transaction.atomic
def retire(*, number: int, actor: Actor, now: datetime) -> None:
    """Destroy an old key that has sealed nothing any more: no old copy of the database can be read then.

    Refused while a value is sealed with it, and until the newest key has sealed for a while: another
    process may still be writing what it sealed a moment ago.
    """
    bulk.one_at_a_time("keys")
    key = next((each for each in listed() if each.number == number), None)
    if key is None:
        raise BadInput("unknown_seal_key", key=number)
    if key.newest:
        raise Refused("newest_key", key=number)
    if key.values:
        raise Refused("key_in_use", key=number, values=key.values)
    since = listed()[-1].since
    rest = timedelta(hours=rules.figure("privacy.key_rest", "hours"))
    if since is None or now < since + rest:
        raise Refused("key_too_fresh", key=number, hours=rest // timedelta(hours=1))
    _write(actor, now, "seal_key_retire", key=number)
    transaction.on_commit(lambda: keyring.destroy(number))


def _write(actor: Actor, now: datetime, verb: str, **detail: object) -> None:
    chain.append(stream=STREAM, at=now, actor=actor.username, verb=verb, detail=detail)
