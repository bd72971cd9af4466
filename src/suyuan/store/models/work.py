"""Work that must happen, as rows: imports to finish; and what a person saved."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .leased import Leased
from .org import Person, Unit


class ImportRun(Leased):
    """One file being imported: how far it got, so that it can go on after a crash."""

    privacy = Privacy(
        "work",
        internal=(
            "name path sha256 layout rows_done read accepted duplicate quarantined "
            "quarantine_file reasons notes problem by started_at finished_at seconds " + Leased.COLUMNS
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
    reasons = models.JSONField(default=dict, db_default={})
    """How many of the rows kept out break each rule."""
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
    """A list a person looks at often: its page, and the filters as a query string.

    One that is shared is seen by whoever works at or below ``shared``. A forgotten one waits to be restored.
    """

    privacy = Privacy("person", internal="owner name query page place shared forgotten_at")

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    page = models.CharField(max_length=40, default="queue", db_default="queue")
    """The name of the list's address."""
    place = models.PositiveSmallIntegerField(default=0, db_default=0)
    shared = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "page", "name"),
                name="view_named_once",
                condition=models.Q(forgotten_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Schedule(Leased):
    """Something to do again and again, at the ticks of a cron expression in the utility's zone."""

    privacy = Privacy(
        "work",
        internal="code title kind cron parameters paused tick_at ran_for ran_at outcome " + Leased.COLUMNS,
    )

    code = models.CharField(max_length=60, unique=True)
    title = models.JSONField(default=dict)
    kind = models.CharField(max_length=20)
    cron = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    paused = models.BooleanField(default=False)
    tick_at = models.DateTimeField()
    """The tick that is carried out next."""
    ran_for = models.DateTimeField(null=True)
    """The last tick that was carried out."""
    ran_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta(Leased.Meta):
        pass

    def __str__(self) -> str:
        return self.code


class Publication(Leased):
    """A document rendered from what is stored, with everything that is needed to render it again.

    A private one is a list of cases somebody takes out: theirs alone, kept for a while, never the same twice.
    ``sealed`` holds the words it was searched by until it is made; then it is wiped.
    """

    privacy = Privacy(
        "work",
        internal=(
            "document period unit parameters language by as_of queued_at finished_at name sha256 size "
            "code_version edition input_digest private rows rows_done kept_until " + Leased.COLUMNS
        ),
        sealed="sealed",
    )

    document = models.CharField(max_length=40)
    period = models.CharField(max_length=12)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="publications")
    """The unit it is about, with those below it; none is the whole company."""
    parameters = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    by = models.CharField(max_length=60)
    as_of = models.DateTimeField()
    """The moment its figures are drawn for."""
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    code_version = models.CharField(max_length=40, blank=True)
    edition = models.CharField(max_length=64, blank=True)
    input_digest = models.CharField(max_length=64, blank=True)
    private = models.BooleanField(default=False, db_default=False)
    rows = models.PositiveIntegerField(default=0, db_default=0)
    rows_done = models.PositiveIntegerField(default=0, db_default=0)
    kept_until = models.DateTimeField(null=True)
    """When a private file goes."""
    sealed = models.BinaryField(null=True)

    class Meta(Leased.Meta):
        indexes = [
            *Leased.Meta.indexes,
            models.Index(fields=("queued_at",), name="publication_queued"),
            models.Index(
                fields=("kept_until",), name="publication_kept", condition=models.Q(kept_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.period}"
