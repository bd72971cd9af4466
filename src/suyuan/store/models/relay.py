"""What the remote workstation passed on, and what came back."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note, moment


class Relay(models.Model):
    """One message of the workstation about a case: to whom, by whom and when, and the answer."""

    privacy = Privacy(
        "case",
        internal="case seq to message sent_by sent_at came_back answered_by answered_at",
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relayed")
    seq = models.PositiveSmallIntegerField()
    to = models.CharField(max_length=30)
    """A code of the rulebook's list of those the workstation passes things on to."""
    message = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    came_back = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = moment()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("case", "seq"), name="relay_once")]
        indexes = [
            models.Index(
                fields=("sent_at",), name="relay_waiting", condition=models.Q(answered_at__isnull=True)
            ),
            models.Index(fields=("-sent_at",), name="relay_newest"),
        ]

    def __str__(self) -> str:
        return f"relay {self.seq}"
