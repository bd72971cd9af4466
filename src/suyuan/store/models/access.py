"""Who is inside: the keys of programs."""

from django.db import models

from suyuan.domain.privacy import Privacy

from .org import Person, Unit


class ApiKey(models.Model):
    """A key that lets a program act as a person. Its secret is shown once; only a digest of it stays."""

    privacy = Privacy(
        "session",
        internal="owner name prefix scopes unit made_at made_by expires_at last_used_on revoked_at",
        personal="digest",
    )

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.prefix
