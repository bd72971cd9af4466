"""Signals that were kept, what mutes them, and what a warning holds beside its case."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note
from .org import Unit


class Mute(models.Model):
    """What keeps some signals from opening warnings until a day: of a detector, an object, a unit."""

    privacy = Privacy(
        "register", internal="detector object unit reason note muted_by since until ended_at ended_by"
    )

    detector = models.CharField(max_length=60, blank=True)
    """Empty: of whatever detector."""
    object = models.CharField(max_length=200, blank=True)
    """Empty: of whatever object."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """Of signals of this unit and those below it."""
    reason = models.CharField(max_length=40)
    note = models.TextField()
    muted_by = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateField()
    """The last day it holds."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=("until",), name="mute_until")]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class WarningCase(models.Model):
    """What a warning holds beside its case: the signals it is about point at it."""

    privacy = Privacy(
        "case", internal="case detector owner_role opened_by proof verdict replied_at promised_on"
    )

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="warning")
    detector = models.CharField(max_length=60)
    """Of the signal that opened it."""
    owner_role = models.CharField(max_length=20)
    opened_by = models.CharField(max_length=60)
    proof = models.JSONField(null=True)
    """How its signals stood when its closing was proposed last."""
    verdict = models.CharField(max_length=40, blank=True)
    """Why it was a false alarm; empty where nobody said it was one."""
    replied_at = models.DateTimeField(null=True)
    """When a unit that was named first said what it found, in this episode."""
    promised_on = models.DateField(null=True)
    """By which day it said that it will be put right."""

    class Meta:
        indexes = [models.Index(fields=("detector",), name="warning_detector")]

    def __str__(self) -> str:
        return f"warning {self.case_id}"


class WarningAct(models.Model):
    """One thing that was done about a warning: a step of its playbook, or a measure of somebody's own."""

    privacy = Privacy("case", internal="warning seq step by at evidence note")

    warning = models.ForeignKey(WarningCase, on_delete=models.PROTECT, related_name="acts")
    seq = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(null=True)
    """The step of the playbook, from 1; none for a measure of one's own."""
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    evidence = models.CharField(max_length=200, blank=True)
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("warning", "seq"), name="warning_act_once")]

    def __str__(self) -> str:
        return f"act {self.seq} of {self.warning_id}"


class KeptSignal(models.Model):
    """A signal as it was last found: one row from when it began to stand out until it was over."""

    privacy = Privacy(
        "case",
        internal=(
            "key detector object about level said spread recidivism since first_seen last_seen looked_at "
            "seen missed observed expected why facts cases unit category state over_at history warning "
            "stood_level stood_observed came_true_at"
        ),
    )

    key = models.CharField(max_length=300)
    """Detector and object: of one key at most one is not over."""
    detector = models.CharField(max_length=60)
    object = models.CharField(max_length=200)
    about = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    """The case it is about, where it is about one: who may not see that does not see the signal."""
    level = models.CharField(max_length=10)
    """As it was graded."""
    said = models.CharField(max_length=10)
    """As the detector said."""
    spread = models.FloatField(default=1.0)
    recidivism = models.FloatField(default=1.0)
    since = models.DateTimeField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    looked_at = models.DateTimeField()
    """The last look that counts: it was found, or was not so long after the one before (``warning.over``)."""
    seen = models.PositiveIntegerField(default=1)
    missed = models.PositiveSmallIntegerField(default=0)
    """For how many looks in a row it was not found."""
    observed = models.FloatField()
    expected = models.FloatField()
    why = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    cases = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=6)
    over_at = models.DateTimeField(null=True)
    history = models.JSONField(default=list)
    """What became of it, oldest first: when, what, the level and what was observed then."""
    warning = models.ForeignKey(WarningCase, null=True, on_delete=models.PROTECT, related_name="signals")
    stood_level = models.CharField(max_length=10, blank=True)
    stood_observed = models.FloatField(null=True)
    """How it stood when its warning was closed."""
    came_true_at = models.DateTimeField(null=True)
    """When what it warned of was first seen to have happened; its end is no proof then."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key",), condition=~models.Q(state="over"), name="signal_once")
        ]
        indexes = [
            models.Index(fields=("detector", "state"), name="signal_detector"),
            models.Index(fields=("unit", "state"), name="signal_unit"),
            models.Index(fields=("state", "level"), name="signal_state"),
        ]

    def __str__(self) -> str:
        return f"signal {self.pk} {self.state}"
