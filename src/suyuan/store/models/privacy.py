"""What protecting personal data has to remember."""

from django.db import models

from suyuan.domain.privacy import Privacy


class Resealing(models.Model):
    """How far one sealed column has been sealed again with the newest key."""

    privacy = Privacy(
        "work",
        internal="column key_number last_id done",
    )

    column = models.CharField(max_length=120, unique=True)
    key_number = models.PositiveSmallIntegerField()
    last_id = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.column} {self.key_number}"
