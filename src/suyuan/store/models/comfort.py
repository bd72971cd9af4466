"""What a person wants the console to remember: columns, what was seen of which case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case
from .org import Person


class Preference(models.Model):
    """How one person likes the console, and up to which event they have seen every case."""

    privacy = Privacy("person", internal="person columns theme upto opens sms")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="preference")
    columns = models.JSONField(default=list)
    """Codes of the columns a list of cases shows; none are those of the house."""
    theme = models.CharField(max_length=10, blank=True, default="")
    """light, dark, or empty for what the machine says."""
    sms = models.BooleanField(default=False, db_default=False)
    """Whether messages come to the work phone too, by the channels that are text messages."""
    upto = models.BigIntegerField(default=0)
    opens = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """Which saved view a list opens with, by the list's address."""

    def __str__(self) -> str:
        return f"preference of {self.person_id}"


class Attention(models.Model):
    """What somebody last saw of a case, and when they had it open."""

    privacy = Privacy("session", internal="person case event at")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    event = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "case"), name="attention_once")]
        indexes = [models.Index(fields=("case", "at"), name="attention_case")]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.case_id}"
