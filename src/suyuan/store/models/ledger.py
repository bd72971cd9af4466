"""The ledger of rewards and penalties: one row an entry, never changed but by its second person."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case
from .org import Post, Unit

LIVE = models.Q(state__in=("proposed", "signed"), reversed_at=None)
"""What stands: refused and reversed entries may be made again."""


class LedgerEntry(models.Model):
    """One reward or penalty: of whom, for what, by which rule; proposed by one person, signed by another."""

    privacy = Privacy(
        "audit",
        internal=(
            "kind amount counted unit post person ground case period words rule basis certainty mark state "
            "proposed_by proposed_at decided_by decided_at answer reverses reversed_at"
        ),
    )

    kind = models.CharField(max_length=8)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    counted = models.CharField(max_length=8)
    """Points or yuan."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ledger")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=60, blank=True)
    """The user name of the one person it speaks of, where it is not the unit."""
    ground = models.CharField(max_length=20)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="ledger")
    period = models.CharField(max_length=10, blank=True)
    """What it speaks of where that is no case."""
    words = models.TextField(blank=True)
    """Why, masked before it is kept."""
    rule = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=300)
    certainty = models.CharField(max_length=10)
    mark = models.CharField(max_length=200)
    """What it is about: ground, case or period, and whom. Two that stand never share one."""
    state = models.CharField(max_length=8)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    """What the second person said, masked."""
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="counters")
    reversed_at = models.DateTimeField(null=True)
    """When a counter-entry that takes this one back was signed."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=("mark",), condition=LIVE, name="ledger_once")]
        indexes = [models.Index(fields=("decided_at",), name="ledger_decided")]

    def __str__(self) -> str:
        return f"entry {self.pk}"
