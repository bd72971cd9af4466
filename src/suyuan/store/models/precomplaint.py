"""What a pre-complaint case holds beside its case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class PreComplaint(models.Model):
    """What it was promoted from, how likely a complaint is, what came of it; texts are notes of the case."""

    privacy = Privacy("case", internal="case kind ref key signs risk follow_on outcome complaint")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="precomplaint")
    kind = models.CharField(max_length=10)
    ref = models.CharField(max_length=200)
    key = models.CharField(max_length=220, db_index=True)
    """What tells it from others: of one key at most one is open."""
    signs = models.JSONField()
    """How often each sign of discontent was there when it was opened."""
    risk = models.CharField(max_length=10)
    follow_on = models.DateField(null=True)
    """The day on which somebody turns to the customer again."""
    outcome = models.CharField(max_length=12, blank=True)
    complaint = models.CharField(max_length=80, blank=True)
    """The number of the complaint it became."""

    def __str__(self) -> str:
        return f"precomplaint {self.case_id}"
