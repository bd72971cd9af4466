"""What an appeal, a review of a claim and a record of staff protection hold beside their case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, moment


class Appeal(models.Model):
    """An appeal against what a case counts as, and both decisions; its texts are notes of the case."""

    privacy = Privacy(
        "case",
        internal=(
            "case ground evidence was first_upheld first_by first_at final_upheld final_by final_at late"
        ),
    )

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="appeal")
    ground = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200)
    """What it lists as proof."""
    was = models.CharField(max_length=12, blank=True)
    """What the case was assessed as before the appeal succeeded."""
    first_upheld = models.BooleanField(null=True)
    first_by = models.CharField(max_length=60, blank=True)
    first_at = moment()
    final_upheld = models.BooleanField(null=True)
    final_by = models.CharField(max_length=60, blank=True)
    final_at = moment()
    late = models.BooleanField(default=False)
    """Whether the final decision was asked for after its window, while nobody had confirmed the window."""

    def __str__(self) -> str:
        return f"appeal {self.case_id}"


class AppealSeal(models.Model):
    """One of the three seals of an appeal: of which level, the day it bears, and its scan."""

    privacy = Privacy("case", internal="appeal level sealed_on scan put_by put_at")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="seals")
    level = models.CharField(max_length=12)
    sealed_on = models.DateField()
    scan = models.CharField(max_length=200)
    put_by = models.CharField(max_length=60)
    put_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("appeal", "level"), name="appeal_sealed_once")]

    def __str__(self) -> str:
        return f"{self.level} seal of appeal {self.appeal_id}"


class ClaimReview(models.Model):
    """Whether a claim is malicious: what two people found, each alone, and until when it holds."""

    privacy = Privacy(
        "case", internal="case sign first_by first_at decided_by decided_at upheld until lifted_at"
    )

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim_review")
    sign = models.CharField(max_length=20)
    first_by = models.CharField(max_length=60, blank=True)
    """Who found it malicious first; a second person decides."""
    first_at = moment()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = moment()
    upheld = models.BooleanField(null=True)
    until = moment()
    """From this moment on it holds no more."""
    lifted_at = moment()

    def __str__(self) -> str:
        return f"claim review {self.case_id}"


class Protection(models.Model):
    """A record of staff protection: the person it is about stands on its case as whom it is entrusted to."""

    privacy = Privacy("case", internal="case incident care due_on")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="protection")
    incident = models.CharField(max_length=20)
    """What the last incident was."""
    care = models.CharField(max_length=20, blank=True)
    """What was asked for or arranged last."""
    due_on = models.DateField(null=True)
    """By when somebody is to ask how it went."""

    def __str__(self) -> str:
        return f"protection {self.case_id}"
