"""What a technical assessment order holds beside its case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Evaluation(models.Model):
    """What passed its threshold, the figures that showed it, what was found; texts are notes of the case."""

    privacy = Privacy(
        "case",
        internal="case subject kind level place key first last figures cases conclusion "
        "watch_from watch_until effect",
    )

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="evaluation")
    subject = models.CharField(max_length=10)
    kind = models.CharField(max_length=200)
    """The kind of contact; of a node, its step."""
    level = models.CharField(max_length=10)
    place = models.CharField(max_length=120, blank=True)
    """The feeder or transformer area; the whole unit of the case where none is named."""
    key = models.CharField(max_length=400, db_index=True)
    """What tells it from others: of one key at most one is open."""
    first = models.DateField()
    last = models.DateField()
    """The days that were looked at."""
    figures = models.JSONField()
    cases = models.JSONField()
    """The numbers of the contacts behind it, as they stood when it was opened."""
    conclusion = models.CharField(max_length=40, blank=True)
    watch_from = models.DateField(null=True)
    watch_until = models.DateField(null=True)
    """The last day its effect is watched; none before the measures are done."""
    effect = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"evaluation {self.case_id}"
