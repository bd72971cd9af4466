"""One verb that somebody wants done on many cases, and what became of each."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .leased import Leased


class BulkRun(Leased):
    """One verb on the cases somebody ticked: how far it got, so that it can go on after a crash.

    ``sealed`` holds the form until the last case is done; then it is wiped.
    """

    privacy = Privacy(
        "work", internal="verb by asked_at finished_at undoes " + Leased.COLUMNS, sealed="sealed"
    )

    verb = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    """The run whose steps this one takes back, case by case."""

    class Meta(Leased.Meta):
        indexes = [
            *Leased.Meta.indexes,
            models.Index(fields=("by", "-asked_at"), name="bulk_run_by"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.by}"


class BulkCase(models.Model):
    """One case of a run: as it stood when it was ticked, and what became of it.

    ``outcome`` is empty while it waits, then applied, already or refused.
    """

    privacy = Privacy("work", internal="run place number mark outcome code facts state")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="cases")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=80)
    mark = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("run", "number"), name="bulk_case_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
