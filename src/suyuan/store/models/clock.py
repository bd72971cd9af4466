"""Clocks, their ledgers and the rungs that have fired."""

from typing import Any

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Clock(models.Model):
    """One limit running, or once running, on a case, with the terms it started under."""

    privacy = Privacy(
        "case",
        internal=(
            "case limit family kind binding amount unit count certainty episode started_at "
            "due_at provisional stopped_at state next_rung_at limit_from"
        ),
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    limit = models.CharField(max_length=60)
    family = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    binding = models.BooleanField(default=False)
    amount = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=14)
    count = models.CharField(max_length=10)
    certainty = models.CharField(max_length=10)
    episode = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    next_rung_at = models.DateTimeField(null=True)
    limit_from = models.DateField(null=True)
    """First day of the limit's edition it runs under; None where a file gave the due, or long ago."""

    class Meta:
        indexes = [
            models.Index(
                fields=("next_rung_at",), name="clock_sweep", condition=models.Q(next_rung_at__isnull=False)
            ),
            models.Index(
                fields=("limit",), name="clock_running", condition=models.Q(state__in=("running", "paused"))
            ),
            models.Index(fields=("due_at",), name="clock_guessed", condition=models.Q(provisional=True)),
            models.Index(
                fields=("limit",),
                name="clock_discipline",
                condition=models.Q(limit__startswith="discipline.verify"),
            ),
            models.Index(
                fields=("limit", "due_at"), name="clock_regulator", condition=models.Q(kind="regulator")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.limit} of {self.case_id}"


class ClockEntry(models.Model):
    """One line of a clock's ledger after its start: append-only."""

    privacy = Privacy(
        "case",
        internal="clock kind at reason evidence due_before due_after",
    )

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    reason = models.CharField(max_length=60, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Rung(models.Model):
    """A warning that has fired: unique, so that it fires once."""

    privacy = Privacy(
        "case",
        internal="clock rung fired_at",
    )

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="rungs", db_index=False)
    rung = models.CharField(max_length=20)
    fired_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("clock", "rung"), name="rung_fires_once"),
        ]

    def __str__(self) -> str:
        return self.rung


class ClockFault(models.Model):
    """A clock that cannot be swept, and why; it is out of the sweep until a person lets it be tried again."""

    privacy = Privacy("work", internal="clock at fault")

    clock = models.OneToOneField(Clock, on_delete=models.CASCADE, related_name="set_aside")
    at = models.DateTimeField()
    fault: Any = models.JSONField()

    def __str__(self) -> str:
        return f"clock {self.clock_id}"
