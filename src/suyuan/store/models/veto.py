"""One-vote vetoes: of whom, why, and from which day to which."""

from django.db import models

from suyuan.domain.privacy import Privacy
from suyuan.domain.veto import Span

from .case import Case
from .org import Unit


class Veto(models.Model):
    """What a veto holds beside its case: it keeps a unit, or one of its people, from rewards."""

    privacy = Privacy("audit", internal="case unit person reason evidence begins_on until_on")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="veto")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="vetoes")
    person = models.CharField(max_length=60, blank=True)
    """The user name of whom it is about; empty for the unit, and then for everybody of it."""
    reason = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200)
    begins_on = models.DateField(null=True)
    """The day it was signed; none before."""
    until_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=("until_on",), name="veto_until")]

    def __str__(self) -> str:
        return f"veto {self.case_id}"

    @property
    def span(self) -> Span | None:
        """Return the days it stands, None before it was signed."""
        return None if self.begins_on is None else Span(self.begins_on, self.until_on)
