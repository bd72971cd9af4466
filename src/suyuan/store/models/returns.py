"""Returns: what a regulator, the city line or the press was told of a case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case
from .clock import Clock


class RegulatorReturn(models.Model):
    """One return that was filed: of which kind, when it was due, on which day, under which receipt number."""

    privacy = Privacy(
        "case", internal="case clock kind channel due_at filed_on receipt_number days filed_by filed_at"
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="returns_filed")
    clock = models.ForeignKey(Clock, null=True, on_delete=models.PROTECT, related_name="returns")
    """By which clock it was due: a case that was opened again has another, and is told of again."""
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True)
    """When it was due; of an extension, until when it was put off."""
    filed_on = models.DateField()
    receipt_number = models.CharField(max_length=200)
    days = models.PositiveSmallIntegerField(default=0)
    """By how many days an extension put the close off."""
    filed_by = models.CharField(max_length=60)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("clock", "kind"), name="return_filed_once")]
        indexes = [models.Index(fields=("filed_at",), name="return_filed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.receipt_number}"
