"""A customer's urges, each with its contact, and what a supervision order holds beside its case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Contact


class Urge(models.Model):
    """One time a customer urged a case: counted, and linked to the contact it came by."""

    privacy = Privacy("case", internal="case seq at by contact rungs")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="urged")
    seq = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    contact = models.OneToOneField(Contact, null=True, on_delete=models.PROTECT, related_name="urge")
    """None where the house itself urges a case it owes itself."""
    rungs = models.JSONField(default=list)
    """The rungs of the ladder it reached."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=("case", "seq"), name="urge_counted_once")]

    def __str__(self) -> str:
        return f"urge {self.seq} of {self.case_id}"


class Supervision(models.Model):
    """What a supervision order holds beside its case: what opened it, who issued it, at how many urges."""

    privacy = Privacy("case", internal="case opened_by issued_by urges acknowledged_by")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="supervision")
    opened_by = models.CharField(max_length=8)
    """``urges`` or ``person``."""
    issued_by = models.CharField(max_length=60)
    urges = models.PositiveSmallIntegerField(default=0)
    """How often the case it is about was urged when it was opened, and while it has been open."""
    acknowledged_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"supervision {self.case_id}"
