"""Node liability: the shares of a case, round by round, what units objected to, who has to be trained."""

from typing import Any

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note, moment
from .ledger import LedgerEntry
from .org import Unit


class Liability(models.Model):
    """What a liability holds beside its case: the case it is about, the cause, who signed the round."""

    privacy = Privacy("audit", internal="case about round cause skill signed_cause signed_by signed_at")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="liability")
    about = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="liabilities")
    """The complaint or report whose steps the shares are of."""
    round = models.PositiveSmallIntegerField(default=1)
    """Which round the newest shares are of; a former one stays as it was signed."""
    cause = models.CharField(max_length=12, blank=True)
    """Why it came to it, beside what was complained of: things, staff, delivery, a wish of one's own."""
    skill = models.CharField(max_length=20, blank=True)
    """What somebody lacked, where the cause is what staff did."""
    signed_cause = models.CharField(max_length=12, blank=True, default="", db_default="")
    """The cause as it was signed last: a new round is drafted beside it."""
    signed_by = models.CharField(max_length=60, blank=True)
    signed_at = moment()

    class Meta:
        indexes = [models.Index(fields=("signed_at",), name="liability_signed")]

    def __str__(self) -> str:
        return f"liability {self.case_id}"


class LiabilityShare(models.Model):
    """What part of a hundred is a node's, of which unit, perhaps of one person, on what evidence."""

    privacy = Privacy(
        "audit", internal="liability round seq node unit person percent evidence proposed signed_at"
    )

    liability = models.ForeignKey(Liability, on_delete=models.PROTECT, related_name="shares")
    round = models.PositiveSmallIntegerField()
    seq = models.PositiveSmallIntegerField()
    node = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="liable")
    person = models.CharField(max_length=60, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    evidence: Any = models.JSONField(default=list)
    """What shows it: digests of events, ids of a log, pieces of evidence."""
    proposed = models.BooleanField(default=False)
    """Whether the evidence proposed it so, or a person wrote it."""
    signed_at = moment()
    """When the round was signed; none while it is a draft, or where a later round took its place unsigned."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("liability", "round", "seq"), name="share_once"),
            models.UniqueConstraint(
                fields=("liability", "round", "node", "unit", "person"), name="share_of_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"share {self.seq} of {self.liability_id}"


class ShareObjection(models.Model):
    """What a unit says against its share, and what it was answered."""

    privacy = Privacy(
        "audit", internal="share reason note evidence by at upheld answer answered_by answered_at"
    )

    share = models.ForeignKey(LiabilityShare, on_delete=models.PROTECT, related_name="objections")
    reason = models.CharField(max_length=20)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    """Whether it was right; None as long as nobody answered."""
    answer = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = moment()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("share",), condition=models.Q(upheld=None), name="objection_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"objection to {self.share_id}"


class TrainingNeed(models.Model):
    """What a signed liability says somebody has to be trained in: of a unit, perhaps of one person."""

    privacy = Privacy("audit", internal="liability unit person node skill at")

    liability = models.ForeignKey(Liability, on_delete=models.PROTECT, related_name="trainings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="trainings")
    person = models.CharField(max_length=60, blank=True)
    node = models.CharField(max_length=60)
    skill = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("liability", "unit", "person", "node", "skill"), name="training_once"
            )
        ]

    def __str__(self) -> str:
        return f"training {self.skill}"


class Accountability(models.Model):
    """What a signed share of one person leads to: the penalty, and the entry of the ledger it proposed."""

    privacy = Privacy("audit", internal="case share person penalty entry")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="accountability")
    share = models.ForeignKey(LiabilityShare, on_delete=models.PROTECT, related_name="accountabilities")
    person = models.CharField(max_length=60)
    penalty = models.CharField(max_length=20, blank=True)
    entry = models.ForeignKey(LedgerEntry, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"accountability {self.case_id}"
