"""What protecting personal data has to remember."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Resealing(models.Model):
    """How far one sealed column has been sealed again with the newest key."""

    privacy = Privacy(
        "work",
        internal="column key_number last_id done",
    )

    column = models.CharField(max_length=120, unique=True)
    key_number = models.PositiveSmallIntegerField()
    last_id = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.column} {self.key_number}"


class LegalHold(models.Model):
    """A case of which nothing may be removed until somebody lets it go."""

    privacy = Privacy("audit", internal="case reason set_by set_at released_by released_at")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    released_by = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hold on {self.case_id}"


class Shredding(models.Model):
    """The way of a person's data out: exported by one, asked to be removed, removed by another.

    ``subject`` is the blind index of the person's number; it is emptied when it is done.
    """

    privacy = Privacy(
        "audit",
        internal="kind exported_at last_event asked_by asked_at carried_out_by done_at reached",
        personal="subject",
    )

    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=32, blank=True)
    exported_at = models.DateTimeField()
    last_event = models.BigIntegerField()
    """The newest event of the person's cases that the export showed."""
    asked_by = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True)
    carried_out_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)
    reached = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"shredding {self.pk}"
