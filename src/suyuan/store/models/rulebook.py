"""What somebody proposed for the rulebook, what was approved of it, and who has read a document."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .org import Person


class RuleDraft(models.Model):
    """One entry somebody proposes. Approved ones lie over the files in the order of ``landed``."""

    privacy = Privacy(
        "rulebook",
        internal=(
            "kind mark entry why source_file source_name author made_at state submitted_at "
            "decided_by decided_at reason landed"
        ),
    )

    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=200)
    entry = models.JSONField()
    why = models.CharField(max_length=400, blank=True)
    source_file = models.CharField(max_length=64, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    landed = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("mark",), condition=models.Q(state="approved"), name="rule_in_force_once"
            ),
        ]
        indexes = [
            models.Index(fields=("state", "landed"), name="rule_draft_state"),
            models.Index(fields=("mark", "landed"), name="rule_draft_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.state}"


class RuleFile(models.Model):
    """A file of the rulebook: a document, or the source of a confirmation. It lies in the evidence locker."""

    privacy = Privacy(
        "rulebook", internal="sha256 name media_type size added_by added_at", sealed="sealed_key"
    )

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    """Masked: people write telephone numbers into file names."""
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sealed_key = models.BinaryField()
    """The key of the bytes, wrapped by the key ring."""
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class RuleReading(models.Model):
    """Somebody has read one version of a controlled document."""

    privacy = Privacy("rulebook", internal="number version person at")

    number = models.CharField(max_length=120)
    version = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rule_readings")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("number", "version", "person"), name="rule_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.version}"
