"""Work that must happen, as rows: imports to finish; and what a person saved."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .leased import Leased
from .org import Person


class ImportRun(Leased):
    """One file being imported: how far it got, so that it can go on after a crash."""

    privacy = Privacy(
        "work",
        internal=(
            "name path sha256 layout rows_done read accepted duplicate quarantined "
            "quarantine_file notes problem by started_at finished_at seconds " + Leased.COLUMNS
        ),
    )

    name = models.CharField(max_length=200)
    path = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64)
    layout = models.CharField(max_length=60)
    rows_done = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    quarantine_file = models.CharField(max_length=400, blank=True)
    notes = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    class Meta(Leased.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class SavedView(models.Model):
    """A list a person looks at often: the filters as a query string."""

    privacy = Privacy(
        "person",
        internal="owner name query",
    )

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("owner", "name"), name="view_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
