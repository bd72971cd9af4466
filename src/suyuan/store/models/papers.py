"""An office's own paper templates; their bytes lie in the home under their digest."""

from django.db import models

from suyuan.domain.privacy import Privacy


class PaperTemplate(models.Model):
    """One template as it was handed in: proposed, then approved or rejected by a second person."""

    privacy = Privacy(
        "register",
        internal="kind version name sha256 state proposed_by proposed_at settled_by settled_at",
    )

    kind = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    settled_by = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("kind", "version"), name="paper_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"
