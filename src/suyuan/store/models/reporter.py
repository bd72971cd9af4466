"""The code of a reporter who is kept secret: never stored itself, only its keyed digest."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .case import Case


class ReporterCode(models.Model):
    """With what the reporter of one case asks what became of it; a later one takes its place."""

    privacy = Privacy("case", internal="case digest given_at given_by seen statements")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter_code")
    digest = models.CharField(max_length=32, unique=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=60)
    seen = models.CharField(max_length=64, blank=True)
    """The reference of the answer that was last shown for it."""
    statements = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"reporter code {self.pk}"
