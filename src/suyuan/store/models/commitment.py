"""What was promised to a customer, by which day, and whether it was kept."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note, moment


class Commitment(models.Model):
    """One promise on a case: what, by whom, by which day; kept, broken, or moved to another day."""

    privacy = Privacy(
        "case", internal="case seq what made_by made_at promised_on state why closed_by closed_at"
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promised")
    seq = models.PositiveSmallIntegerField()
    what = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    promised_on = models.DateField()
    state = models.CharField(max_length=8)
    """``open``, ``kept``, ``broken`` or ``moved``; one still open after its day is broken all the same."""
    why = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    """Why it was moved, or what is said of how it was kept."""
    closed_by = models.CharField(max_length=60, blank=True)
    closed_at = moment()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("case", "seq"), name="commitment_once")]
        indexes = [
            models.Index(fields=("promised_on",), name="commitment_open", condition=models.Q(state="open")),
            models.Index(fields=("-promised_on",), name="commitment_newest"),
        ]

    def __str__(self) -> str:
        return f"commitment {self.seq}"
