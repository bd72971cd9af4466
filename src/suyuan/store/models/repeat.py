"""Events that many contacts spoke of, and the cases each is held to consist of."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class RepeatEvent(models.Model):
    """One event of which customers spoke so often that its office was told."""

    privacy = Privacy("case", internal="first contacts last_at told_at")

    first = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="repeated")
    contacts = models.PositiveIntegerField()
    """How many there were when it was last looked at, urges included."""
    last_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("-last_at",), name="repeat_last")]

    def __str__(self) -> str:
        return f"repeat {self.pk}"


class RepeatMember(models.Model):
    """One case of such an event, and why it is held to be one."""

    privacy = Privacy("case", internal="event case ways similarity")

    event = models.ForeignKey(RepeatEvent, on_delete=models.PROTECT, related_name="members")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="repeats")
    ways = models.JSONField(default=list)
    similarity = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"member {self.pk} of {self.event_id}"
