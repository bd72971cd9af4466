"""Events, the anchors over them, and the rulebook editions that cases pin."""

from django.db import models

from suyuan.domain.privacy import Privacy

LOOKS = ("reveal", "portrait", "export", "personal_find", "person_export", "shred")
"""The verbs by which somebody met personal data in clear, or ended it."""


class Event(models.Model):
    """One thing that happened, chained to the one before it in its stream. Never changed, never deleted."""

    privacy = Privacy(
        "audit",
        internal="stream seq at actor verb objects_json detail digest",
    )

    stream = models.CharField(max_length=120)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)
    objects_json = models.JSONField(default=list, db_column="objects")
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("stream", "seq"), name="event_in_order"),
        ]
        indexes = [
            models.Index(fields=("-id",), name="event_look", condition=models.Q(verb__in=LOOKS)),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"


class Anchor(models.Model):
    """The digest over every stream's head on one day, chained to the day before."""

    privacy = Privacy(
        "audit",
        internal="on streams last_event digest",
    )

    on = models.DateField(unique=True)
    streams = models.PositiveBigIntegerField()
    last_event = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.on.isoformat()


class Edition(models.Model):
    """A rulebook as it was, so that a case can be judged by the one it pinned."""

    privacy = Privacy(
        "rulebook",
        internal="digest first_used_at content",
    )

    digest = models.CharField(max_length=64, unique=True)
    first_used_at = models.DateTimeField()
    content = models.JSONField()

    def __str__(self) -> str:
        return self.digest[:12]


class Counter(models.Model):
    """The last number given out under a name."""

    privacy = Privacy(
        "register",
        internal="name value",
    )

    name = models.CharField(max_length=40, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
