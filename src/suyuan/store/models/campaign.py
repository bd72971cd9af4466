"""Campaigns: what several improvements are to achieve together, and against what it is measured."""

from django.db import models

from suyuan.domain.campaign import Span
from suyuan.domain.privacy import Privacy

from .org import Unit


class Campaign(models.Model):
    """One goal of one unit for some days, and how many complaints there were before."""

    privacy = Privacy(
        "register",
        internal=(
            "goal unit categories baseline_from baseline starts_on ends_on opened_by opened_at "
            "reached conclusion closed_by closed_at"
        ),
    )

    goal = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    categories = models.JSONField(default=list)
    """Which complaints count: of these categories and those below them; every one where none is named."""
    baseline_from = models.DateField()
    baseline = models.PositiveIntegerField()
    """How many complaints there were from that day to the start, counted when the campaign was opened."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    reached = models.BooleanField(null=True)
    conclusion = models.TextField(blank=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"campaign {self.pk}"

    @property
    def span(self) -> Span:
        """Return its days and those of its baseline."""
        return Span(self.baseline_from, self.starts_on, self.ends_on)
