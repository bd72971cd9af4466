"""One thing a customer asks for: a case has as many items as have to be answered each for itself."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case, Note, moment


class Item(models.Model):
    """An item of a case and what was found of it; a case nobody took apart has none, and counts as one."""

    privacy = Privacy(
        "case",
        internal=("case seq category statement finding clause evidence signed decided_by decided_at episode"),
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    seq = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=60, blank=True)
    statement = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    """What was asked for; none for the first item, which is what the contact says."""
    finding = models.CharField(max_length=12, blank=True)
    clause = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    signed = models.CharField(max_length=64, blank=True)
    """The mark of what the finding was given on: it stands as long as that is unchanged."""
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = moment()
    episode = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("case", "seq"), name="item_once")]

    def __str__(self) -> str:
        return f"item {self.seq}"
