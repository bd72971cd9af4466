"""Calls that nobody took, to be called back; and when each caller was last answered."""

from django.db import models
from django.db.models import Q

from suyuan.domain.privacy import Privacy

from .org import Unit


class MissedCall(models.Model):
    """One call that hung up before an agent answered, as the exchange wrote it down."""

    privacy = Privacy(
        "contact",
        internal="at waited queue unit state attempts outcome closed_at closed_by",
        personal="key_index number_index masked",
        sealed="sealed",
    )

    key_index = models.CharField(max_length=32, unique=True)
    """Of the exchange's own number of the call, or else of the caller, with the moment: it comes in once."""
    at = models.DateTimeField()
    number_index = models.CharField(max_length=32)
    """Equal to the index of the telephone of a case."""
    masked = models.CharField(max_length=40)
    sealed = models.BinaryField()
    waited = models.PositiveIntegerField(null=True)
    """Seconds."""
    queue = models.CharField(max_length=60, blank=True)
    """技能组, as the exchange calls it."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="missed_calls")
    state = models.CharField(max_length=14)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True)
    """Why nobody was reached when last called back."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("number_index", "at"), name="missed_call_number"),
            models.Index(fields=("at",), name="missed_call_open", condition=Q(state="open")),
            models.Index(fields=("state", "-at"), name="missed_call_state"),
        ]

    def __str__(self) -> str:
        return f"missed call {self.pk}"


class AnsweredCall(models.Model):
    """When a caller was last answered, by what the files say: whatever he hung up on before is settled.

    Kept so that files may come in any order; the number itself is not.
    """

    privacy = Privacy("work", internal="at unit", personal="number_index")

    number_index = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(db_index=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"answered call {self.pk}"
