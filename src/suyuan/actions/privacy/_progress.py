"""How far a column has come that is gone through in batches, row by row in the order of their ids."""

from suyuan.store.models import Resealing


def is_done(column: str, version: int) -> bool:
    """Return whether every row of a column has been gone through for this version of what is done to it."""
    return Resealing.objects.filter(column=column, key_number=version, done=True).exists()


def locked(column: str, version: int) -> Resealing:
    """Return how far a column has come, locked; from its beginning where the version is another."""
    at, _ = Resealing.objects.select_for_update().get_or_create(
        column=column, defaults={"key_number": version}
    )
    if at.key_number != version:
        at.key_number, at.last_id, at.done = version, 0, False
    return at
