"""A rectification order and the sheet that goes round with it."""

from typing import Any

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Rectification(models.Model):
    """What a rectification order holds beside its case; its texts are notes of the case."""

    privacy = Privacy("case", internal="case due_on digest nodes round")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rectification")
    due_on = models.DateField()
    digest = models.CharField(max_length=32, blank=True)
    """Keyed digest of what is signed: problems, measures, unit and due date."""
    nodes: Any = models.JSONField(default=list)
    """The nodes as they were laid down when it last went round."""
    round = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"rectification {self.case_id}"


class Signature(models.Model):
    """One line of the sheet: who signed, rejected or delegated where; a line that counts no more says why."""

    privacy = Privacy(
        "case",
        internal="case round node place act by on_behalf_of to digest at ended ended_at",
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    node = models.CharField(max_length=40)
    place = models.CharField(max_length=80)
    act = models.CharField(max_length=10)
    by = models.CharField(max_length=60)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    to = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    ended = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("case", "node", "place"),
                name="one_signature_a_place",
                condition=models.Q(ended="", act__in=("signed", "rejected")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.node}"


class Awaited(models.Model):
    """A signature somebody is waited for now: what lists ask, made anew at each turn of the sheet."""

    privacy = Privacy("case", internal="case node place role path person since")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="awaited")
    node = models.CharField(max_length=40)
    place = models.CharField(max_length=80)
    role = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=400, blank=True)
    """The unit a grant of the role has to be over; empty: any that reaches the case."""
    person = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("role", "case"), name="awaited_role"),
            models.Index(fields=("person", "case"), name="awaited_person", condition=~models.Q(person="")),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.place}"
