"""Samples of closed cases, and what the audit desk found in them."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case
from .org import Unit


class AuditSample(models.Model):
    """One draw: what was asked for, how many cases there were to draw from, who drew and when."""

    privacy = Privacy("audit", internal="period unit seed n population drawn_by drawn_at")

    period = models.CharField(max_length=10)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=40)
    n = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    drawn_by = models.CharField(max_length=60)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sample {self.pk}"


class SampledCase(models.Model):
    """One case of a sample, and what was found when it was looked at."""

    privacy = Privacy(
        "audit",
        internal=(
            "sample case place part signs verdict reason remedy checked_by checked_at settled_by settled_at"
        ),
    )

    sample = models.ForeignKey(AuditSample, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="samples")
    place = models.PositiveIntegerField()
    part = models.CharField(max_length=8)
    signs = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    remedy = models.CharField(max_length=12, blank=True)
    checked_by = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    """Who of the audit desk agreed that an objection was met."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("sample", "case"), name="sampled_once")]

    def __str__(self) -> str:
        return f"{self.sample_id}:{self.case_id}"
