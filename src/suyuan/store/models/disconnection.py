"""What a disconnection for arrears holds beside its case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Disconnection(models.Model):
    """Of which class of customer, what is owed, what was given when; whose account it is, the case says."""

    privacy = Privacy(
        "case",
        internal="case payer arrears_since amount notice_way noticed_at copied reminded_at cut_at paid_on",
    )

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="disconnection")
    payer = models.CharField(max_length=10)
    arrears_since = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    """In yuan."""
    notice_way = models.CharField(max_length=30, blank=True)
    noticed_at = models.DateTimeField(null=True)
    copied = models.BooleanField(default=False)
    """Whether the administration has a copy of the notice."""
    reminded_at = models.DateTimeField(null=True)
    cut_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    """Of one that was withdrawn: the day of the payment."""

    def __str__(self) -> str:
        return f"disconnection {self.case_id}"
