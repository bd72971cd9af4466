"""The monthly comparison of units, as it was made: once a month, and what it named stays named."""

from django.db import models

from suyuan.domain.privacy import Privacy


class MonthlyComparison(models.Model):
    """How the lowest units stood in a month that was over, by the figures of that day."""

    privacy = Privacy("register", internal="month made_at by_customers terms spread rows")

    month = models.CharField(max_length=7, unique=True)
    """``2026-10``."""
    made_at = models.DateTimeField()
    """Nothing known later is in it."""
    by_customers = models.BooleanField()
    """Whether units are compared by customers, else by orders."""
    terms = models.JSONField()
    """The figure it went by."""
    spread = models.JSONField()
    """By measure, how much counts varied beyond chance in the months before."""
    rows = models.JSONField()
    """One each unit, the worst first: ``store/queries/comparisons.py`` says what is in them."""

    def __str__(self) -> str:
        return f"comparison {self.month}"
