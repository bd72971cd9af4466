"""The satisfaction card of a case: its code is never stored, only the code's keyed digest."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class Card(models.Model):
    """One card, of one episode of a case."""

    privacy = Privacy(
        "case", internal="case episode digest issued_at issued_by rating taken_at taken_by answered"
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="cards")
    episode = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=60)
    rating = models.CharField(max_length=14, blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=60, blank=True)
    """Who typed a paper card in; empty where the customer rated on the public page."""
    answered = models.CharField(max_length=14, blank=True, default="", db_default="")
    """What the customer said on the telephone in the same episode; empty as long as nobody asked."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("case", "episode"), name="one_card_an_episode"),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"
