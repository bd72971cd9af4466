"""What people said of traces."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note
from .org import Unit


class TraceVerdict(models.Model):
    """What somebody said of the trace of a case; the last one counts, those before stay."""

    privacy = Privacy("case", internal="case verdict activity source node unit note judged_by judged_at")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="trace_verdicts")
    verdict = models.CharField(max_length=10)
    activity = models.CharField(max_length=200)
    """The step the trace named as its source when it was judged, as the log writes it."""
    source = models.CharField(max_length=40, blank=True)
    """The code of the unit it named."""
    node = models.CharField(max_length=40, blank=True)
    """The node that is the source instead, where the trace was corrected."""
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    judged_by = models.CharField(max_length=60)
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verdict} {self.case_id}"
