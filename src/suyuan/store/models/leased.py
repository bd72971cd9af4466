"""Rows that say what must happen: claimed by one worker at a time, under a lease that runs out."""

from typing import Any

from django.db import models


class Leased(models.Model):
    """The columns of a row that workers claim; ``store.leases`` alone moves them.

    ``state`` is queued, running, aside (not tried again until a person says so), or an end of the row's
    own: done, failed, sent. ``next_at`` is when a worker is to look at it next: when it is ready, or when
    the lease it is under runs out; None where nothing more is to happen.
    """

    COLUMNS = "state next_at attempts lapses holder fault"

    state = models.CharField(max_length=12, default="queued")
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    lapses = models.PositiveSmallIntegerField(default=0, db_default=0)
    """Attempts whose worker was not heard of again."""
    holder = models.CharField(max_length=80, blank=True, default="", db_default="")
    fault: Any = models.JSONField(null=True)
    """Why the last attempt failed, as ``code`` and ``facts``."""

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=("next_at",), name="%(class)s_next", condition=models.Q(next_at__isnull=False)
            ),
        ]
